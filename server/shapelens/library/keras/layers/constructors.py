"""What Keras refuses when a layer is made. From runs of Keras 3.15.1."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from shapelens.library.keras.layers import checks, special_checks
from shapelens.library.keras.layers.checks import Check, Values, tuple_of, unsure
from shapelens.library.keras.layers.config import UNSURE, Config, plain
from shapelens.library.keras.layers.naming import short_name
from shapelens.library.keras.layers.wrapper_checks import check_wrapper
from shapelens.library.keras.signatures import canonical
from shapelens.library.machine import Machine
from shapelens.shapes.dims import SymDim
from shapelens.values.failure import Failure


def check_constructor(machine: Machine, class_name: str, config: Config) -> Failure | None:
    """The failure that Keras raises for these arguments (bound by `bind_layer`), or `None`."""
    name = short_name(canonical(class_name))
    values = {argument: plain(machine, value) for argument, value in config.items()}
    for check in _checks(name):
        wording = check(values)
        if wording is not None:
            return _failure(name, wording)
    wording = check_wrapper(machine, name, config)
    return None if wording is None else _failure(name, wording)


def _failure(name: str, wording: str) -> Failure:
    # What was given is part of the wording; an unknown part of it cannot be quoted.
    quotable = str(UNSURE) not in wording and "SymDim" not in wording
    keras = wording if quotable else None
    sentence = f"{name} cannot be made: {wording.rstrip('.')}" if quotable else f"{name} refuses its arguments"
    return Failure("invalid-argument", sentence, keras=keras, details={"layer": name})


@cache
def _checks(name: str) -> tuple[Check, ...]:
    family = _family(name)
    return (checks.base, *family) if name not in ("InputLayer",) else tuple(family)


def _family(name: str) -> Sequence[Check]:
    if name in _TABLE:
        return _TABLE[name]
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
        return (pool, _pool_strides(rank), checks.data_format)
    if name.startswith(("GlobalMax", "GlobalAverage")):
        return (checks.data_format,)
    if name.startswith("SpatialDropout"):
        return (checks.fraction("rate"), checks.data_format)
    if name.startswith(("ZeroPadding", "Cropping")) and rank > 1:
        argument = "padding" if name.startswith("Zero") else "cropping"
        return (checks.data_format, _margins(argument, rank))
    return ()


def _convolution(rank: int) -> Sequence[Check]:
    return (
        *_windows(rank),
        checks.padding(causal=rank == 1),
        *_formats_and_functions(),
        _filters("filters"),
        _groups,
        _stride_against_dilation("`strides > 1` not supported in conjunction with `dilation_rate > 1`", rank),
    )


def _transposed(rank: int) -> Sequence[Check]:
    return (
        *_windows(rank),
        checks.padding(),
        _output_padding_tuple(rank),
        *_formats_and_functions(),
        _filters("filters"),
        _output_padding(rank),
        _stride_against_dilation("`strides > 1` not supported in conjunction with `dilation_rate > 1`", rank),
    )


def _separable(rank: int, filters: str | None) -> Sequence[Check]:
    return (
        *_windows(rank),
        checks.padding(),
        *_formats_and_functions(),
        _filters("depth_multiplier"),
        *((_filters(filters),) if filters else ()),
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
        _stride_against_dilation(wording, rank),
        checks.activation(),
        checks.activation("recurrent_activation"),
    )


def _windows(rank: int) -> Sequence[Check]:
    return tuple(tuple_of(name, rank) for name in ("kernel_size", "strides", "dilation_rate"))


def _formats_and_functions() -> Sequence[Check]:
    return (checks.data_format, checks.activation(), *_regularizers("kernel", "bias"))


def _regularizers(*names: str) -> Sequence[Check]:
    return tuple(checks.regularizer(f"{name}_regularizer") for name in names)


def _filters(name: str) -> Check:
    wording = f"Invalid value for argument `{name}`. Expected a strictly positive value. Received {name}={{value}}."
    return checks.above_zero(name, wording, optional=True)


def _groups(values: Values) -> str | None:
    groups, filters = values.get("groups"), values.get("filters")
    if isinstance(groups, int) and groups <= 0:
        return f"The number of groups must be a positive integer. Received: groups={groups}."
    if isinstance(groups, int) and isinstance(filters, int) and filters % groups:
        return (
            "The number of filters must be evenly divisible by the number of groups. "
            f"Received: groups={groups}, filters={filters}."
        )
    return None


def _spread(value: object, rank: int) -> tuple[int, ...] | None:
    if isinstance(value, int):
        return (value,) * rank
    if isinstance(value, (tuple, list)) and not unsure(value) and all(isinstance(v, int) for v in value):
        return tuple(value)
    return None


def _stride_against_dilation(wording: str, rank: int) -> Check:
    def check(values: Values) -> str | None:
        strides, dilation = _spread(values.get("strides"), rank), _spread(values.get("dilation_rate"), rank)
        if strides and dilation and max(strides) > 1 and max(dilation) > 1:
            return f"{wording}. Received: strides={strides} and dilation_rate={dilation}"
        return None

    return check


def _output_padding_tuple(rank: int) -> Check:
    standardize = tuple_of("output_padding", rank, zero=True)

    def check(values: Values) -> str | None:
        return None if values.get("output_padding") is None else standardize(values)

    return check


def _output_padding(rank: int) -> Check:
    def check(values: Values) -> str | None:
        extra, strides = _spread(values.get("output_padding"), rank), _spread(values.get("strides"), rank)
        for axis, (more, stride) in enumerate(zip(extra or (), strides or (), strict=False)):
            if more >= stride:
                return (
                    "`output_padding` must be strictly less than `strides` for all dimensions. At dimension "
                    f"{axis}, `output_padding` is {more} but `strides` is {stride}. "
                    f"Received: output_padding={extra}, strides={strides}"
                )
        return None

    return check


def _pool_strides(rank: int) -> Check:
    standardize = tuple_of("strides", rank, zero=True)

    def check(values: Values) -> str | None:
        return None if values.get("strides") is None else standardize(values)

    return check


_SHAPES = {
    "padding": (
        "(symmetric_height_crop, symmetric_width_crop), or a tuple of 2 tuples of 2 ints "
        "((top_crop, bottom_crop), (left_crop, right_crop)). Received: padding=",
        "(symmetric_dim1_pad, symmetric_dim2_pad, symmetric_dim3_pad), or a tuple of 3 tuples of 2 ints "
        "((left_dim1_pad, right_dim1_pad), (left_dim2_pad, right_dim2_pad), (left_dim3_pad, right_dim2_pad))"
        ". Received: padding=",
    ),
    "cropping": (
        "(symmetric_height_crop, symmetric_width_crop), or a tuple of 2 tuples of 2 ints "
        "((top_crop, bottom_crop), (left_crop, right_crop)). Received: cropping=",
        "(symmetric_dim1_crop, symmetric_dim2_crop, symmetric_dim3_crop), or a tuple of 3 tuples of 2 ints "
        "((left_dim1_crop, right_dim1_crop), (left_dim2_crop, right_dim2_crop), "
        "(left_dim3_crop, right_dim2_crop)). Received: ",
    ),
}


def _margins(argument: str, rank: int) -> Check:
    """``padding`` and ``cropping``: an int, one for each axis, or a pair for each axis."""

    def check(values: Values) -> str | None:
        value = values.get(argument)
        if value is UNSURE or isinstance(value, SymDim):
            return None
        if isinstance(value, int):
            negative = argument == "cropping" and value < 0
            return f"`cropping` cannot be negative. Received: cropping={value}." if negative else None
        if not isinstance(value, (tuple, list, str, dict)):
            shapes = _SHAPES[argument][rank - 2]
            end = "." if argument == "cropping" or rank == 2 or argument == "padding" else ""
            return f"`{argument}` should be either an int, a tuple of {rank} ints {shapes}{value}{end}"
        if len(value) != rank:
            count, shown = ("two", f"{argument}={value}") if rank == 2 else ("3", f"{value}")
            return f"`{argument}` should have {count} elements. Received: {shown}."
        for item, ordinal in zip(value, ("1st", "2nd", "3rd"), strict=False):
            wording = checks.tuple_wording(item, 2, True, f"{ordinal} entry of {argument}")
            if wording is not None:
                return wording
        return None

    return check


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
