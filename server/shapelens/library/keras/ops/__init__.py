"""``keras.ops`` (run against Keras 3.15 on TensorFlow 2.21)."""

from shapelens.library.keras.ops import backend, math, nn, shaping

__all__ = ["backend", "math", "nn", "shaping"]
