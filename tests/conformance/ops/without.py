"""Public names of Keras that no conformance case is drawn for, with the reason."""

from __future__ import annotations

from tests.conformance.ops.scoring import LOSSES

MODULES = (
    "keras.ops",
    "keras.ops.image",
    "keras.random",
    "keras.activations",
    "keras.initializers",
    "keras.losses",
    "keras.metrics",
)
_FOLLOWS = "calls the program's function; tested with programs"
_UNKNOWN = "makes a function of the program's function, which is not followed"
_NAMES = "looks a thing up by its name or configuration, and makes no tensor"

WITHOUT = {
    "keras.ops.associative_scan": _FOLLOWS,
    "keras.ops.cond": _FOLLOWS,
    "keras.ops.custom_gradient": _UNKNOWN,
    "keras.ops.fori_loop": _FOLLOWS,
    "keras.ops.jvp": _FOLLOWS,
    "keras.ops.map": _FOLLOWS,
    "keras.ops.scan": _FOLLOWS,
    "keras.ops.switch": _FOLLOWS,
    "keras.ops.vectorize": _UNKNOWN,
    "keras.ops.vectorized_map": _FOLLOWS,
    "keras.ops.while_loop": _FOLLOWS,
    "keras.random.SeedGenerator": "holds a seed, and gives no tensor of interest",
    **{
        f"keras.{module}.{name}": _NAMES
        for module in ("activations", "initializers", "losses", "metrics")
        for name in ("deserialize", "get", "serialize")
    },
    "keras.initializers.Initializer": "to be subclassed",
    "keras.initializers.STFT": "makes the kernels of a layer only",
    "keras.losses.Loss": "to be subclassed",
    "keras.losses.categorical_generalized_cross_entropy": "tested as the class of the same name",
    **{
        f"keras.metrics.{name}": "the same function as in keras.losses"
        for name in (*LOSSES, "sparse_categorical_crossentropy")
    },
    "keras.metrics.MeanMetricWrapper": "calls the program's function",
    "keras.metrics.Metric": "to be subclassed",
}
