"""What Keras refuses when a layer is made. From runs of Keras 3.15.1; Keras 2 has a table of its own."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from shapelens.library.keras.layers import checks, special_checks
from shapelens.library.keras.layers.checks import Check, tuple_of
from shapelens.library.keras.layers.config import UNSURE, Config, plain
from shapelens.library.keras.layers.image_checks import IMAGE_CHECKS
from shapelens.library.keras.layers.keras2.constructors import checks_of_keras2
from shapelens.library.keras.layers.naming import short_name
from shapelens.library.keras.layers.window_checks import (
    filters,
    groups,
    margins,
    output_padding,
    output_padding_tuple,
    pool_strides,
    stride_against_dilation,
    windows,
)
from shapelens.library.keras.layers.wrapper_checks import check_wrapper
from shapelens.library.keras.registered import REGISTERED
from shapelens.library.keras.signatures import Family, canonical
from shapelens.library.machine import Machine
from shapelens.values.failure import Failure


def check_constructor(machine: Machine, class_name: str, config: Config) -> Failure | None:
    """The failure that Keras raises for these arguments (bound by `bind_layer`), or `None`."""
    name = short_name(canonical(class_name))
    family = machine.versions.family
    values = {argument: plain(machine, value) for argument, value in config.items()}
    if machine.setting(REGISTERED) is not None:
        values[checks.ANY_NAME] = True
    # These look at what they wrap before anything else.
    wording = check_wrapper(machine, name, config) if name in ("SpectralNormalization", "Wrapper") else None
    if wording is not None:
        return _failure(name, wording, family)
    for check in _checks(name) if family == 3 else checks_of_keras2(name):
        wording = check(values)
        if wording is not None:
            return _failure(name, wording, family)
    wording = check_wrapper(machine, name, config)
    return None if wording is None else _failure(name, wording, family)


def _failure(name: str, wording: str, family: Family) -> Failure:
    # What was given is part of the wording; an unknown part of it cannot be quoted.
    quotable = str(UNSURE) not in wording and "SymDim" not in wording
    # Keras 2 refuses in other words.
    keras = wording if quotable and family == 3 else None
    sentence = f"{name} cannot be made: {wording.rstrip('.')}" if quotable else f"{name} refuses its arguments"
    return Failure("invalid-argument", sentence, keras=keras, details={"layer": name})


@cache
def _checks(name: str) -> tuple[Check, ...]:
    family = _family(name)
    return (checks.base, *family) if name not in ("InputLayer",) else tuple(family)


def _family(name: str) -> Sequence[Check]:
    if name in _TABLE:
        return _TABLE[name]
    if name in IMAGE_CHECKS:
        return IMAGE_CHECKS[name]
    rank = int(name[-2]) if name[-1:] == "D" else int(name[4]) if name.endswith("DTranspose") else 0
    if name.startswith("ConvLSTM"):
        return _conv_lstm(rank)
    if name.endswith("Transpose"):
        return _transposed(rank)
    if name.startswith("Conv"):
        return _convolution(rank)
    if name.startswith(("DepthwiseConv", "SeparableConv")):
        return _separable(rank, "filters" if name.startswith("Separable") else None)
    if name.startswith(("MaxPooling", "AveragePooling")):
        pool = tuple_of("pool_size", rank)
        return (pool, pool_strides(rank), checks.data_format)
    if name.startswith(("GlobalMax", "GlobalAverage")):
        return (checks.data_format,)
    if name.startswith("SpatialDropout"):
        return (checks.fraction("rate"), checks.data_format)
    if name.startswith(("ZeroPadding", "Cropping")) and rank > 1:
        argument = "padding" if name.startswith("Zero") else "cropping"
        return (checks.data_format, margins(argument, rank))
    return ()


def _convolution(rank: int) -> Sequence[Check]:
    return (
        *windows(rank),
        checks.padding(causal=rank == 1),
        *_formats_and_functions(),
        filters("filters"),
        groups,
        stride_against_dilation("`strides > 1` not supported in conjunction with `dilation_rate > 1`", rank),
    )


def _transposed(rank: int) -> Sequence[Check]:
    return (
        *windows(rank),
        checks.padding(),
        output_padding_tuple(rank),
        *_formats_and_functions(),
        filters("filters"),
        output_padding(rank),
        stride_against_dilation("`strides > 1` not supported in conjunction with `dilation_rate > 1`", rank),
    )


def _separable(rank: int, filters_name: str | None) -> Sequence[Check]:
    return (
        *windows(rank),
        checks.padding(),
        *_formats_and_functions(),
        filters("depth_multiplier"),
        *((filters(filters_name),) if filters_name else ()),
    )


def _conv_lstm(rank: int) -> Sequence[Check]:
    wording = (
        "Specifying `strides > 1` is not compatible with `dilation_rate > 1`. Please provide `strides=1` or "
        "`dilation_rate=1`"
    )
    return (
        tuple_of("kernel_size", rank),
        tuple_of("strides", rank, zero=True),
        checks.padding(),
        checks.data_format,
        tuple_of("dilation_rate", rank),
        stride_against_dilation(wording, rank),
        checks.activation(),
        checks.activation("recurrent_activation"),
    )


def _formats_and_functions() -> Sequence[Check]:
    return (checks.data_format, checks.activation(), *_regularizers("kernel", "bias"))


def _regularizers(*names: str) -> Sequence[Check]:
    return tuple(checks.regularizer(f"{name}_regularizer") for name in names)


_UNITS_DENSE = "Received an invalid value for `units`, expected a positive integer. Received: units={value}"
_UNITS_RNN = "Received an invalid value for argument `units`, expected a positive integer, got {value}."
_EMBEDDING = "`{name}` must be a positive integer. Received: {name}={{value}} (of type {{type}})."
_HEADS = "Received an invalid value for argument `{name}`, expected a positive integer. Received: {name}={{value}}"


def _embedding_size(name: str) -> Check:
    return checks.positive(name, _EMBEDDING.format(name=name), allow_bool=False)


_WHOLE_UNITS: tuple[Check, ...] = (special_checks.state_size,)
_ENCODINGS = ("int", "one_hot", "multi_hot", "count", "tf_idf")
_RNN: tuple[Check, ...] = (
    checks.above_zero("units", _UNITS_RNN),
    checks.activation(),
    checks.activation("recurrent_activation"),
    *_regularizers("kernel", "recurrent", "bias"),
)
_RELU = "{name} of a ReLU layer cannot be {what}. Received: {name}={{value}}"
_AXIS_TYPE = "Expected an int or a list/tuple of ints for the argument 'axis', but received: {repr}"
_UNIT_AXIS = "Invalid value for `axis` argument: expected an int or a list/tuple of ints. Received: axis={value}"

_TABLE: dict[str, Sequence[Check]] = {
    "Dense": (
        checks.positive("units", _UNITS_DENSE),
        checks.activation(),
        *_regularizers("kernel", "bias", "activity"),
    ),
    "EinsumDense": (checks.activation(),),
    "Embedding": (_embedding_size("input_dim"), _embedding_size("output_dim"), *_regularizers("embeddings")),
    "ReversibleEmbedding": (_embedding_size("input_dim"), _embedding_size("output_dim")),
    "Activation": (checks.activation(),),
    "Flatten": (checks.data_format,),
    "Reshape": (special_checks.reshape,),
    "Permute": (special_checks.permute,),
    "RepeatVector": (special_checks.whole("n"),),
    "UpSampling1D": (special_checks.whole("size"),),
    "UpSampling2D": (checks.data_format, tuple_of("size", 2)),
    "UpSampling3D": (checks.data_format, tuple_of("size", 3)),
    "ZeroPadding1D": (checks.data_format, tuple_of("padding", 2, zero=True)),
    "Cropping1D": (tuple_of("cropping", 2, zero=True),),
    "Dropout": (checks.fraction("rate"), special_checks.noise_shape),
    "AlphaDropout": (checks.fraction("rate"),),
    "GaussianDropout": (checks.fraction("rate"),),
    "GaussianNoise": (checks.fraction("stddev"),),
    "ReLU": (
        special_checks.not_negative(
            "max_value", _RELU.format(name="max_value", what="a negative value"), none_allowed=True
        ),
        special_checks.not_negative(
            "negative_slope", _RELU.format(name="negative_slope", what="None or a negative value")
        ),
        special_checks.not_negative("threshold", _RELU.format(name="threshold", what="None or a negative value")),
    ),
    "LeakyReLU": (special_checks.leaky,),
    "ThresholdedReLU": (special_checks.theta,),
    "RandomHeight": (special_checks.stretch_factor,),
    "RandomWidth": (special_checks.stretch_factor_of_width,),
    "BatchNormalization": (special_checks.batch_axis,),
    "LayerNormalization": (special_checks.int_or_list("axis", _AXIS_TYPE),),
    "GroupNormalization": (special_checks.group_count,),
    "UnitNormalization": (special_checks.int_or_list("axis", _UNIT_AXIS),),
    "Dot": (special_checks.dot_axes,),
    "SimpleRNN": (*_RNN, *_WHOLE_UNITS),
    "SimpleRNNCell": _RNN,
    "GRU": (*_RNN, *_WHOLE_UNITS),
    "GRUCell": _RNN,
    "LSTM": _RNN,
    "LSTMCell": _RNN,
    "MultiHeadAttention": (
        checks.positive("num_heads", _HEADS.format(name="num_heads")),
        checks.positive("key_dim", _HEADS.format(name="key_dim")),
        special_checks.value_dim,
    ),
    "GroupQueryAttention": (special_checks.query_heads,),
    "Normalization": (special_checks.mean_and_variance,),
    "CategoryEncoding": (
        checks.one_of(
            "output_mode", ("count", "one_hot", "multi_hot", "binary"), "Unknown arg for output_mode: {value}"
        ),
        special_checks.num_tokens,
    ),
    "Discretization": (
        special_checks.output_mode("Discretization", "int", "one_hot", "multi_hot", "count"),
        special_checks.bins,
    ),
    "Hashing": (special_checks.hash_bins,),
    "HashedCrossing": (special_checks.output_mode("HashedCrossing", "int", "one_hot"),),
    "StringLookup": (special_checks.output_mode("StringLookup", *_ENCODINGS),),
    "IntegerLookup": (special_checks.output_mode("IntegerLookup", *_ENCODINGS),),
    "TextVectorization": (
        checks.one_of(
            "output_mode",
            (*_ENCODINGS, "binary", "tf-idf"),
            "Unknown value for `output_mode` argument of TextVectorization. "
            f"Allowed values are: {_ENCODINGS}. Received: output_mode={{value}}",
        ),
        special_checks.sequence_length,
    ),
    "InputLayer": (special_checks.input_shape,),
    "Input": (special_checks.input_shape,),
    "Attention": (
        checks.one_of(
            "score_mode",
            ("dot", "concat"),
            "Invalid value for argument score_mode. Expected one of {{'dot', 'concat'}}. Received: score_mode={value}",
        ),
    ),
    "Bidirectional": (
        checks.one_of(
            "merge_mode",
            ("sum", "mul", "ave", "concat", None),
            "Invalid merge mode. Received: {value}. Merge mode should be one of "
            '{{"sum", "mul", "ave", "concat", None}}',
        ),
    ),
    "SpectralNormalization": (
        checks.above_zero(
            "power_iterations",
            "`power_iterations` should be greater than zero. Received: `power_iterations={value}`",
        ),
    ),
    **{
        f"Adaptive{kind}Pooling{rank}D": (special_checks.adaptive(rank), special_checks.strict_format)
        for kind in ("Max", "Average")
        for rank in (1, 2, 3)
    },
}
