"""What Keras 2 refuses when a layer is made. From runs of Keras 2.15.0.

Its own wordings are not kept: the checks say what is wrong in the words of Keras 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from shapelens.library.keras.layers import checks, special_checks
from shapelens.library.keras.layers.checks import Check, Values, below, tuple_of, unsure
from shapelens.library.keras.layers.image_checks import value_range
from shapelens.library.keras.layers.window_checks import (
    filters,
    margins,
    output_padding,
    output_padding_tuple,
    pool_strides,
    stride_against_dilation,
    windows,
)

_RELU = "{name} of a ReLU layer cannot be {what}. Received: {name}={{value}}"
_EXCLUSIVE = "`strides > 1` not supported in conjunction with `dilation_rate > 1`"


@cache
def checks_of_keras2(name: str) -> tuple[Check, ...]:
    """The checks of a layer's constructor arguments, by the layer's short name."""
    return (_base, *(_TABLE[name] if name in _TABLE else _family(name)))


def _family(name: str) -> Sequence[Check]:
    rank = int(name[-2]) if name[-1:] == "D" else int(name[4]) if name.endswith("DTranspose") else 0
    if name.startswith("LocallyConnected"):
        return (
            tuple_of("kernel_size", rank),
            tuple_of("strides", rank, zero=True),
            checks.padding(causal=True),
            checks.data_format,
            _local_padding,
            *_functions("activation"),
        )
    if name.startswith("ConvLSTM"):
        return (*_convolution(rank, causal=True), *_functions("recurrent_activation"))
    if name.endswith("Transpose"):
        # Causal padding gets through for one axis, and fails in the call.
        return (*_convolution(rank, causal=rank == 1), output_padding_tuple(rank), output_padding(rank))
    if name.startswith(("Conv", "SeparableConv")):
        return (*_convolution(rank, causal=rank == 1), _groups)
    if name.startswith("DepthwiseConv"):
        return _convolution(rank)
    if name.startswith(("MaxPooling", "AveragePooling")):
        return (tuple_of("pool_size", rank), pool_strides(rank), checks.padding(causal=True), checks.data_format)
    if name.startswith(("GlobalMax", "GlobalAverage")):
        return (checks.data_format,)
    if name.startswith("SpatialDropout"):
        return (_rate, _exact_format)
    if name.startswith(("ZeroPadding", "Cropping")) and rank > 1:
        return (checks.data_format, _margins("padding" if name.startswith("Zero") else "cropping", rank))
    return ()


def _base(values: Values) -> str | None:
    """What every layer's base class checks: ``name`` and ``trainable``."""
    name = values.get("name")
    if not unsure(name) and name is not None and not isinstance(name, str):
        return f"Expected `name` argument to be a string, but got: {name}"
    trainable = values.get("trainable", True)
    if not unsure(trainable) and not isinstance(trainable, bool):
        return f"Expected `trainable` to be a boolean. Received: trainable={trainable}"
    return None


def _convolution(rank: int, causal: bool = False) -> Sequence[Check]:
    return (
        *windows(rank),
        checks.padding(causal),
        checks.data_format,
        filters("filters"),
        *_functions("activation"),
        *(_regularizer(f"{name}_regularizer") for name in ("kernel", "bias")),
        stride_against_dilation(_EXCLUSIVE, rank),
    )


def _functions(*names: str) -> Sequence[Check]:
    return tuple(checks.activation(name, family=2) for name in names)


def _regularizer(name: str) -> Check:
    """Any text gets through."""

    def check(values: Values) -> str | None:
        value = values.get(name)
        if isinstance(value, (bool, int, float, tuple, list)):
            return f"Could not interpret regularizer identifier: {value}"
        return None

    return check


def _groups(values: Values) -> str | None:
    """0 groups are taken for 1."""
    count, total = values.get("groups"), values.get("filters")
    if isinstance(count, int) and count and isinstance(total, int) and total % count:
        return (
            "The number of filters must be evenly divisible by the number of groups. "
            f"Received: groups={count}, filters={total}."
        )
    return None


def _rate(values: Values) -> str | None:
    """Only numbers are looked at."""
    rate = values.get("rate")
    if isinstance(rate, (int, float)) and not 0 <= rate <= 1:
        return f"Invalid value {rate} received for `rate`, expected a value between 0 and 1"
    return None


def _exact_format(values: Values) -> str | None:
    value = values.get("data_format")
    if value is None or unsure(value) or value in checks.FORMATS:
        return None
    return f"`data_format` must be one of {checks.FORMATS}. Received: data_format={value}"


def _margins(argument: str, rank: int) -> Check:
    """As in Keras 3, but one negative number for all sides gets through."""
    check = margins(argument, rank)
    return lambda values: None if isinstance(values.get(argument), int) else check(values)


def _whole_number(name: str, least: int, most_kinds: bool = True) -> Check:
    """What ``int`` takes, and not less than ``least``."""

    def check(values: Values) -> str | None:
        value = values.get(name)
        if unsure(value):
            return None
        if value is None or isinstance(value, (tuple, list, dict)):
            return f"int() argument must be a number, not {type(value).__name__!r}. Received: {name}={value}"
        if isinstance(value, str) and not value.strip().lstrip("+-").isdigit():
            return f"invalid literal for int() with base 10: {value!r}"
        if below(value, least):
            return f"`{name}` must be at least {least}. Received: {name}={value}"
        return None

    return check


def _not_none(name: str, layer: str) -> Check:
    def check(values: Values) -> str | None:
        return f"`{name}` of {layer} cannot be None" if name in values and values[name] is None else None

    return check


def _axis(allow_none: bool = False) -> Check:
    def check(values: Values) -> str | None:
        axis = values.get("axis")
        if unsure(axis) or isinstance(axis, (int, tuple, list)) or (allow_none and axis is None):
            return None
        return f"Expected an int or a list/tuple of ints for the argument 'axis', but received: {axis!r}"

    return check


def _modes(layer: str, *allowed: str) -> Check:
    wording = f"Unknown value for `output_mode` argument of {layer}. Allowed values are: {allowed}. Received: {{value}}"
    return checks.one_of("output_mode", allowed, wording)


def _repeat(values: Values) -> str | None:
    value = values.get("n")
    if unsure(value) or isinstance(value, int):
        return None
    return f"Expected an integer value for `n`, got {type(value)}."


def _iterable_shape(values: Values) -> str | None:
    value = values.get("target_shape")
    if unsure(value) or isinstance(value, (tuple, list, str, dict)):
        return None
    return f"{type(value).__name__!r} object is not iterable"


def _hash_bins(values: Values) -> str | None:
    count = values.get("num_bins")
    if count is None or below(count, 1):
        return f"`num_bins` cannot be `None` or non-positive values. Received: num_bins={count}."
    return None


def _bins(values: Values) -> str | None:
    count, boundaries = values.get("num_bins"), values.get("bin_boundaries")
    # Keras 3 wants one of the two.
    return None if count is None and boundaries is None else special_checks.bins(values)


def _local_padding(values: Values) -> str | None:
    """Only the sparse and dense implementations pad."""
    padding, implementation = values.get("padding"), values.get("implementation")
    if implementation == 1 and isinstance(padding, str) and padding.lower() != "valid":
        return f'Invalid border mode (only "valid" is supported if implementation is 1): {padding}'
    return None


def _whole_units(values: Values) -> str | None:
    units = values.get("units")
    return f"Dimension value must be integer, got value {units}" if isinstance(units, float) else None


def _fourier(values: Values) -> str | None:
    kernel, scale = values.get("kernel_initializer"), values.get("scale")
    if isinstance(kernel, str) and kernel.lower() not in ("gaussian", "laplacian"):
        return f"Unsupported `kernel_initializer`: {kernel} Expected one of: ['gaussian', 'laplacian']"
    if below(scale, 1e-300):
        return f"When provided, `scale` should be a positive float. Received: {scale}"
    return None


def _bounds(value: object, mirrored: bool = True) -> tuple[float, float] | str | None:
    """The two ends of a factor; a wording where it has none, `None` where they are not known."""
    if unsure(value):
        return None
    if isinstance(value, (tuple, list)):
        first = value[:2]
        numbers = [number for number in first if isinstance(number, (int, float))]
        return (numbers[0], numbers[1]) if len(numbers) == 2 else None
    if isinstance(value, (int, float)):
        return (-value if mirrored else value, value)
    return f"bad operand type for unary -: {type(value).__name__!r}"


def _turn(values: Values) -> str | None:
    ends = _bounds(values.get("factor"))
    if ends is None or isinstance(ends, str):
        return ends
    return "`factor` argument cannot have a negative value" if ends[1] < ends[0] else None


def _shift(name: str, zoom: bool = False) -> Check:
    """A factor from -1 to 1; a zoom may be one number below 0, and of its width nothing."""

    def check(values: Values) -> str | None:
        if zoom and name == "width_factor" and values.get(name) is None:
            return None
        ends = _bounds(values.get(name), mirrored=not zoom)
        if ends is None or isinstance(ends, str):
            return ends
        if ends[1] < ends[0] and not zoom:
            return f"`{name}` cannot have upper bound less than lower bound"
        if abs(ends[0]) > 1.0 or abs(ends[1]) > 1.0:
            return f"`{name}` argument must have values between [-1, 1]"
        return None

    return check


def _contrast(values: Values) -> str | None:
    ends = _bounds(values.get("factor"), mirrored=False)
    if ends is None or isinstance(ends, str):
        return ends
    if ends[0] < 0 or ends[1] < 0 or ends[0] > 1.0:
        return "`factor` argument cannot have negative values or values greater than 1."
    return None


def _signed(name: str) -> Check:
    """A number from -1 to 1, or two."""

    def check(values: Values) -> str | None:
        value = values.get(name)
        if unsure(value):
            return None
        numbers = value if isinstance(value, (tuple, list)) else (value,)
        if isinstance(value, (tuple, list)) and len(value) != 2:
            return f"The `{name}` argument should be a number (or a list of two numbers). Got {value}"
        if any(not isinstance(number, (int, float)) or not -1 <= number <= 1 for number in numbers):
            return f"The `{name}` argument should be in the range [-1.0, 1.0]. Got {value}"
        return None

    return check


_transforms: tuple[Check, ...] = (
    checks.one_of("fill_mode", ("reflect", "wrap", "constant", "nearest"), "Unknown `fill_mode` {value}"),
    checks.one_of("interpolation", ("nearest", "bilinear"), "Unknown `interpolation` {value}"),
)
_ENCODINGS = ("int", "one_hot", "multi_hot", "count", "tf_idf", "binary", "tf-idf")
_UNITS = "Received an invalid value for argument `units`, expected a positive integer, got {value}."
_RNN: tuple[Check, ...] = (
    checks.above_zero("units", _UNITS),
    *_functions("activation", "recurrent_activation"),
    *(_regularizer(f"{name}_regularizer") for name in ("kernel", "recurrent", "bias")),
)
_EMBEDDING = "Both `input_dim` and `output_dim` should be positive, Received {name}={{value}}"

_TABLE: dict[str, Sequence[Check]] = {
    "Dense": (
        _whole_number("units", 0),
        *_functions("activation"),
        *(_regularizer(f"{name}_regularizer") for name in ("kernel", "bias", "activity")),
    ),
    "EinsumDense": _functions("activation"),
    "Embedding": tuple(checks.above_zero(name, _EMBEDDING.format(name=name)) for name in ("input_dim", "output_dim")),
    "Activation": _functions("activation"),
    "Flatten": (checks.data_format,),
    "Reshape": (_iterable_shape,),
    "Permute": (special_checks.permute,),
    "RepeatVector": (_repeat,),
    "UpSampling1D": (_whole_number("size", -(10**9)),),
    "UpSampling2D": (checks.data_format, tuple_of("size", 2)),
    "UpSampling3D": (checks.data_format, tuple_of("size", 3)),
    "ZeroPadding1D": (tuple_of("padding", 2, zero=True),),
    "Cropping1D": (tuple_of("cropping", 2, zero=True),),
    "Dropout": (_rate,),
    "ReLU": (
        special_checks.not_negative(
            "max_value", _RELU.format(name="max_value", what="a negative value"), none_allowed=True
        ),
        special_checks.not_negative(
            "negative_slope", _RELU.format(name="negative_slope", what="None or a negative value")
        ),
        special_checks.not_negative("threshold", _RELU.format(name="threshold", what="None or a negative value")),
    ),
    "LeakyReLU": (_not_none("alpha", "LeakyReLU"),),
    "ELU": (_not_none("alpha", "ELU"),),
    "ThresholdedReLU": (special_checks.theta,),
    "BatchNormalization": (_axis(),),
    "SyncBatchNormalization": (_axis(),),
    "LayerNormalization": (_axis(),),
    "UnitNormalization": (_axis(),),
    "RandomFourierFeatures": (
        checks.above_zero("output_dim", "`output_dim` should be a positive integer. Received: {value}"),
        _fourier,
    ),
    "RandomBrightness": (_signed("factor"), value_range),
    "RandomContrast": (_contrast,),
    "RandomFlip": (
        checks.one_of("mode", ("horizontal", "vertical", "horizontal_and_vertical"), "unknown mode argument {value}"),
    ),
    "RandomRotation": (_turn, *_transforms),
    "RandomTranslation": (_shift("height_factor"), _shift("width_factor"), *_transforms),
    "RandomZoom": (_shift("height_factor", zoom=True), _shift("width_factor", zoom=True), *_transforms),
    "RandomHeight": (special_checks.stretch_factor,),
    "RandomWidth": (special_checks.stretch_factor,),
    "Dot": (special_checks.dot_axes,),
    "SimpleRNN": _RNN,
    "SimpleRNNCell": _RNN,
    "GRU": _RNN,
    "GRUCell": _RNN,
    "LSTM": (*_RNN, _whole_units),
    "LSTMCell": _RNN,
    "Normalization": (special_checks.mean_and_variance,),
    "CategoryEncoding": (
        _modes("CategoryEncoding", "count", "one_hot", "multi_hot", "binary"),
        special_checks.num_tokens,
    ),
    "Discretization": (
        _modes("Discretization", "int", "one_hot", "multi_hot", "count"),
        _bins,
    ),
    "Hashing": (_modes("Hashing", "int", "one_hot", "multi_hot", "count"), _hash_bins),
    "HashedCrossing": (_modes("HashedCrossing", "int", "one_hot"), _hash_bins),
    "StringLookup": (_modes("StringLookup", *_ENCODINGS),),
    "IntegerLookup": (_modes("IntegerLookup", *_ENCODINGS),),
    "TextVectorization": (_modes("TextVectorization", *_ENCODINGS), special_checks.sequence_length),
    "Attention": (
        checks.one_of("score_mode", ("dot", "concat"), "Received: score_mode={value}. Acceptable: 'dot', 'concat'"),
    ),
    "Bidirectional": (
        checks.one_of("merge_mode", ("sum", "mul", "ave", "concat", None), "Invalid merge mode: {value}"),
    ),
    "SpectralNormalization": (
        checks.above_zero("power_iterations", "`power_iterations` should be greater than zero, got {value}"),
    ),
}
