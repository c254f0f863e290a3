"""``keras.ops``, ``keras.random``, ``keras.activations``, ``keras.initializers`` and the old ``keras.backend``.

Run against Keras 3.15 on TensorFlow 2.21.
"""

from shapelens.library.keras.ops import (
    backend,
    backend_products,
    backend_windows,
    control,
    creating,
    elementwise,
    images,
    joining,
    linear,
    losses,
    matrices,
    nn,
    normalizing,
    patterns,
    random,
    reducing,
    selecting,
    shaping,
    signals,
)

__all__ = [
    "backend",
    "backend_products",
    "backend_windows",
    "control",
    "creating",
    "elementwise",
    "images",
    "joining",
    "linear",
    "losses",
    "matrices",
    "nn",
    "normalizing",
    "patterns",
    "random",
    "reducing",
    "selecting",
    "shaping",
    "signals",
]
