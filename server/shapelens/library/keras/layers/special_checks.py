"""Checks of arguments that only one layer, or a few, have. From runs of Keras 3.15.1."""

from __future__ import annotations

from shapelens.library.keras.layers import checks
from shapelens.library.keras.layers.checks import Check, Values, below, not_int, unsure
from shapelens.library.keras.layers.config import UNSURE
from shapelens.shapes.dims import SymDim


def reshape(values: Values) -> str | None:
    target = values.get("target_shape")
    if target is UNSURE or isinstance(target, str):
        return None
    if not isinstance(target, (tuple, list)):
        return None if isinstance(target, SymDim) else f"'{type(target).__name__}' object is not iterable"
    shown = tuple(target)
    if any(below(size, -1) for size in target):
        return (
            "Each dimension in `target_shape` must be a non-negative integer, or `-1` for a single unknown "
            f"dimension. Received: target_shape={shown}."
        )
    if sum(1 for size in target if isinstance(size, int) and size == -1) > 1:
        return f"There must be at most one unknown dimension (-1) in `target_shape`. Received: target_shape={shown}."
    return None


def permute(values: Values) -> str | None:
    order = values.get("dims")
    if unsure(order) or isinstance(order, (str, dict)):
        return None
    if not isinstance(order, (tuple, list)):
        return f"'{type(order).__name__}' object is not iterable"
    if all(isinstance(axis, int) for axis in order) and sorted(order) != list(range(1, len(order) + 1)):
        return (
            "Invalid permutation argument `dims` for Permute Layer. The set of indices in `dims` must be "
            f"consecutive and start from 1. Received dims={order}"
        )
    return None


def whole(name: str) -> Check:
    """``n`` of RepeatVector and ``size`` of UpSampling1D: a TypeError or a ValueError of the same kind."""

    def check(values: Values) -> str | None:
        value = values.get(name)
        if not_int(value, allow_bool=False):
            return f"Expected an integer value for `{name}`, got {type(value)}."
        if below(value, 1):
            return f"Argument `{name}` should be a positive integer. Received: {name}={value}"
        return None

    return check


def noise_shape(values: Values) -> str | None:
    shape = values.get("noise_shape")
    start = "Invalid value received for argument `noise_shape`. Expected "
    if shape is None or shape is UNSURE or isinstance(shape, (SymDim, dict)):
        return None
    if isinstance(shape, str):
        return f"{start}a tuple or list of integers. Received: noise_shape={shape}"
    if not isinstance(shape, (tuple, list)):
        return f"{start}an iterable of integers (e.g., a tuple or list). Received: noise_shape={shape}"
    for index, size in enumerate(shape):
        if size is None or unsure(size):
            continue
        if not isinstance(size, int):
            kind = type(size).__name__
            what = "all elements to be integers or None. Received element at index"
            return f"{start}{what} {index}: {size} (type: {kind})"
        if size <= 0:
            return (
                f"{start}all dimensions to be positive integers or None. "
                f"Received negative or zero value at index {index}: {size}"
            )
    return None


def not_negative(name: str, wording: str, none_allowed: bool = False) -> Check:
    def check(values: Values) -> str | None:
        value = values.get(name)
        if value is None:
            return None if none_allowed else wording.format(value=value)
        return wording.format(value=value) if below(value, 0) else None

    return check


def leaky(values: Values) -> str | None:
    value = values.get("alpha", values.get("negative_slope"))
    if value is None or below(value, 0):
        return (
            "The negative_slope value of a Leaky ReLU layer cannot be None or negative value. "
            f"Expected a float. Received: negative_slope={value}"
        )
    return None


def int_or_list(name: str, wording: str) -> Check:
    def check(values: Values) -> str | None:
        value = values.get(name)
        fits = unsure(value) or isinstance(value, (int, tuple, list))
        return None if fits else wording.format(value=value, repr=repr(value))

    return check


def batch_axis(values: Values) -> str | None:
    axis = values.get("axis")
    if isinstance(axis, (tuple, list, dict)):
        kind = type(axis).__name__
        return f"int() argument must be a string, a bytes-like object or a real number, not '{kind}'"
    if axis is None:
        return "int() argument must be a string, a bytes-like object or a real number, not 'NoneType'"
    if isinstance(axis, str) and not axis.strip().lstrip("+-").isdigit():
        return f"invalid literal for int() with base 10: {axis!r}"
    return None


def group_count(values: Values) -> str | None:
    groups = values.get("groups")
    if not_int(groups) or (isinstance(groups, int) and groups <= 0 and groups != -1):
        return (
            "Received an invalid value for argument `groups`, expected a positive integer (or `-1` for "
            f"instance normalization). Received: groups={groups}"
        )
    return None


def dot_axes(values: Values) -> str | None:
    axes = values.get("axes")
    if axes is UNSURE or isinstance(axes, (int, SymDim)):
        return None
    if not isinstance(axes, (tuple, list)):
        return f"Invalid type for argument `axes`: it should be a list or an int. Received: axes={axes}"
    if len(axes) != 2:
        return f"Invalid format for argument `axes`: it should contain two elements. Received: axes={axes}"
    if any(map(not_int, axes)):
        return f"Invalid format for argument `axes`: list elements should be integers. Received: axes={axes}"
    return None


def input_shape(values: Values) -> str | None:
    shape = values.get("shape") if values.get("shape") is not None else values.get("input_shape")
    batch_shape = values.get("batch_shape")
    if batch_shape is None:
        batch_shape = values.get("batch_input_shape")
    if shape is not None and batch_shape is not None:
        return "You cannot pass both `shape` and `batch_shape` at the same time."
    if values.get("batch_size") is not None and batch_shape is not None:
        return "You cannot pass both `batch_size` and `batch_shape` at the same time."
    if shape is None and batch_shape is None:
        given = any(values.get(name) is not None for name in ("tensor", "input_tensor"))
        return None if given else "You must pass a `shape` argument."
    return checks.shape_wording(shape if shape is not None else batch_shape)


def adaptive(rank: int) -> Check:
    def check(values: Values) -> str | None:
        size = values.get("output_size")
        if size is UNSURE or isinstance(size, (int, SymDim)):
            return None
        if isinstance(size, (tuple, list)) and len(size) == rank:
            return None
        shown = {2: "(height, width) tuple", 3: "(depth, height, width) tuple"}.get(rank)
        if shown is None:
            if isinstance(size, (tuple, list)):
                return f"For 1D input, `output_size` tuple must have length 1. Received: {size}"
            shown = "tuple of 1 integer"
        return f"`output_size` must be an integer or {shown}. Received: {size} of type {type(size)}"

    return check


def strict_format(values: Values) -> str | None:
    value = values.get("data_format")
    if not value or unsure(value) or value in checks.FORMATS:
        return None
    return f"Invalid data_format: {value}. Expected 'channels_first' or 'channels_last'."


def value_dim(values: Values) -> str | None:
    """MultiHeadAttention's optional ``value_dim``."""
    value = values.get("value_dim")
    if value is None or not (not_int(value) or below(value, 1)):
        return None
    return (
        "Received an invalid value for argument `value_dim`, expected a positive integer or `None`. "
        f"Received: value_dim={value}"
    )


def state_size(values: Values) -> str | None:
    """The cells of SimpleRNN and GRU have one state; Keras finds a float when it asks for its size."""
    if isinstance(values.get("units"), float):
        return "state_size must be an integer, or a list/tuple of integers (one for each state tensor)."
    return None


def query_heads(values: Values) -> str | None:
    """GroupQueryAttention shares heads evenly."""
    heads, shared = values.get("num_query_heads"), values.get("num_key_value_heads")
    if isinstance(heads, int) and isinstance(shared, int) and shared and heads % shared:
        return "`num_query_heads` must be divisible by `num_key_value_heads`."
    return None


def mean_and_variance(values: Values) -> str | None:
    """Normalization takes both or neither."""
    mean, variance = values.get("mean"), values.get("variance")
    if unsure(mean) or unsure(variance) or (mean is None) == (variance is None):
        return None
    return (
        "When setting values directly, both `mean` and `variance` must be set. "
        f"Received: mean={mean} and variance={variance}"
    )


def num_tokens(values: Values) -> str | None:
    """CategoryEncoding's number of categories."""
    count = values.get("num_tokens")
    if count is None:
        return (
            "num_tokens must be set to use this layer. If the number of tokens is not known beforehand, use "
            "the IntegerLookup layer instead."
        )
    return f"`num_tokens` must be >= 1. Received: num_tokens={count}." if below(count, 1) else None


def bins(values: Values) -> str | None:
    """Discretization takes a number of bins or their boundaries."""
    count, boundaries = values.get("num_bins"), values.get("bin_boundaries")
    if unsure(count) or unsure(boundaries):
        return None
    if below(count, 0):
        return f"`num_bins` must be greater than or equal to 0. Received: `num_bins={count}`"
    if count is not None and boundaries is not None:
        return (
            "Both `num_bins` and `bin_boundaries` should not be set. Received: "
            f"`num_bins={count}` and `bin_boundaries={boundaries}`"
        )
    if count is None and boundaries is None:
        return "You need to set either `num_bins` or `bin_boundaries`."
    return None


def hash_bins(values: Values) -> str | None:
    """Hashing's number of bins."""
    count = values.get("num_bins")
    if count is None or below(count, 1):
        what = "The `num_bins` for `Hashing` cannot be `None` or non-positive values."
        return f"{what} Received: num_bins={count}."
    return None


def sequence_length(values: Values) -> str | None:
    """TextVectorization pads only sequences of indices."""
    mode, length = values.get("output_mode"), values.get("output_sequence_length")
    if unsure(mode) or unsure(length) or mode == "int" or length is None:
        return None
    return (
        "`output_sequence_length` must not be set if `output_mode` is not 'int'. "
        f"Received output_sequence_length={length}."
    )


def output_mode(layer: str, *allowed: str) -> Check:
    """``output_mode`` of the layers that encode categories."""
    wording = (
        f"Unknown value for `output_mode` argument of {layer}. Allowed values are: {allowed}. "
        "Received: output_mode={value}"
    )
    return checks.one_of("output_mode", allowed, wording)


def stretch_factor(values: Values) -> str | None:
    """``factor`` of RandomHeight and RandomWidth: a number, or two bounds above -1."""
    factor = values.get("factor")
    if unsure(factor):
        return None
    if isinstance(factor, (tuple, list)):
        bounds = list(factor)
    elif isinstance(factor, (int, float)):
        bounds = [-factor, factor]
    else:
        return f"bad operand type for unary -: '{type(factor).__name__}'"
    if len(bounds) < 2 or not all(isinstance(bound, (int, float)) for bound in bounds[:2]):
        return None
    if bounds[1] < bounds[0]:
        return f"`factor` argument cannot have an upper bound lesser than the lower bound. Received: factor={factor}"
    if bounds[0] < -1.0 or bounds[1] < -1.0:
        return f"`factor` argument must have values larger than -1. Received: factor={factor}"
    return None


def stretch_factor_of_width(values: Values) -> str | None:
    """As `stretch_factor`, in the words of RandomWidth."""
    wording = stretch_factor(values)
    return None if wording is None else wording.replace("bound lesser than", "bound less than")


def theta(values: Values) -> str | None:
    """``theta`` of ThresholdedReLU."""
    value = values.get("theta")
    if value is None:
        return f"Theta of a Thresholded ReLU layer cannot be None, expecting a float. Received: {value}"
    if below(value, 0):
        return f"The theta value of a Thresholded ReLU layer should be >=0. Received: {value}"
    return checks.comparison(value, "<")
