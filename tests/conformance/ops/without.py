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
    "keras.ops.custom_gradient": _FOLLOWS,
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

_STATE = "reads or changes the state of the process, and makes no tensor of interest"
_INNER = "what layers are made of; programs call the layers"
# Of Keras 2.15, beside those above.
WITHOUT_KERAS2 = {
    **{
        f"keras.backend.{name}": _STATE
        for name in (
            "backend", "batch_set_value", "clear_session", "epsilon", "floatx", "get_uid", "image_data_format",
            "learning_phase", "learning_phase_scope", "manual_variable_initialization", "name_scope", "reset_uids",
            "set_epsilon", "set_floatx", "set_image_data_format", "set_learning_phase", "set_value", "print_tensor",
            "experimental", "moving_average_update", "update", "update_add", "update_sub", "batch_get_value",
            "get_value", "eval", "function", "gradients", "is_keras_tensor", "is_sparse", "dtype", "count_params",
        )
    },
    **{f"keras.backend.{name}": _FOLLOWS for name in ("foldl", "foldr", "map_fn", "rnn")},
    **{
        f"keras.backend.{name}": _INNER
        for name in (
            "binary_focal_crossentropy", "categorical_focal_crossentropy", "conv2d_transpose", "conv3d",
            "ctc_batch_cost", "ctc_decode", "ctc_label_dense_to_sparse", "depthwise_conv2d", "in_test_phase",
            "in_train_phase", "in_top_k", "local_conv1d", "local_conv2d", "normalize_batch_in_training", "pool3d",
            "placeholder", "resize_volumes", "separable_conv2d", "spatial_3d_padding", "sparse_to_dense", "to_dense",
            "random_bernoulli", "random_binomial", "random_normal_variable", "random_uniform_variable", "eye",
            "cast_to_floatx",
        )
    },
    **{f"keras.{module}.{name}": _NAMES for module in ("activations",) for name in ("deserialize", "get", "serialize")},
    "keras.losses.Reduction": "names the ways to reduce",
    "keras.metrics.MeanRelativeError": "is made with an array of its own",
    "keras.metrics.MeanTensor": "takes the shape of the first tensor that it is given",
    "keras.metrics.experimental": "a module",
}  # fmt: skip
