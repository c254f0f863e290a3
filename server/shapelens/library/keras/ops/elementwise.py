"""``keras.ops`` and ``keras.activations`` that go element by element (Keras 3.15)."""

from __future__ import annotations

from dataclasses import replace

from shapelens.library.arrays.axes import normal_axis
from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import as_int, kind_of, operand
from shapelens.library.arrays.creating import folded
from shapelens.library.arrays.dtypes import dtype_given, dtype_of, is_float
from shapelens.library.arrays.elementwise import UFUNCS, broadcast_shapes, combine, dtype_like
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.rules import source_of
from shapelens.library.keras.ops.activations_keras2 import activation, check_softmax, is_of_keras2
from shapelens.library.keras.ops.result_dtypes import result_dtype
from shapelens.library.keras.ops.rules import keras_rule, keras_rules, made, made_like
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.library.tensorflow.creation import converted
from shapelens.shapes.dims import Dim, same
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.failure import NotKnown
from shapelens.values.value import Const, Opaque, TensorValue, Value

_ONE = (
    "abs", "absolute", "angle", "arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctanh", "bitwise_invert",
    "bitwise_not", "cbrt", "ceil", "conj", "conjugate", "copy", "cos", "cosh", "deg2rad", "erf", "erfc", "erfinv",
    "exp", "exp2", "expm1", "fabs", "floor", "hard_sigmoid", "hard_silu", "hard_swish", "hard_tanh", "i0", "imag",
    "isfinite", "isinf", "isnan", "isneginf", "isposinf", "isreal", "log", "log10", "log1p", "log2", "log_sigmoid",
    "logical_not", "negative", "rad2deg", "real", "reciprocal", "relu", "relu6", "rsqrt", "selu", "sigmoid", "sign",
    "signbit", "silu", "sin", "sinc", "sinh", "softplus", "softsign", "sparse_plus", "sparse_sigmoid", "sqrt",
    "square", "swish", "tan", "tanh", "tanh_shrink", "trunc",
)  # fmt: skip
_ACTIVATIONS = (
    "exponential", "hard_sigmoid", "hard_silu", "hard_swish", "hard_tanh", "linear", "log_sigmoid", "mish", "relu6",
    "selu", "sigmoid", "silu", "softplus", "softsign", "sparse_plus", "sparse_sigmoid", "swish", "tanh",
    "tanh_shrink",
)  # fmt: skip
# Two operands -> the operator or ufunc by which small constants are computed, if any.
_TWO = {
    "add": "+", "subtract": "-", "multiply": "*", "divide": "/", "true_divide": "/", "floor_divide": "//",
    "mod": "%", "power": "**", "maximum": "maximum", "minimum": "minimum",
    **dict.fromkeys((
        "arctan2", "divide_no_nan", "equal", "fmax", "fmin", "fmod", "gcd", "greater", "greater_equal", "heaviside",
        "hypot", "lcm", "ldexp", "less", "less_equal", "logaddexp", "logaddexp2", "logical_and", "logical_or",
        "logical_xor", "nextafter", "not_equal",
    )),
}  # fmt: skip
_COMPUTED_FIRST = (".soft_shrink", ".sparse_plus")
_BITS = (
    "bitwise_and", "bitwise_left_shift", "bitwise_or", "bitwise_right_shift", "bitwise_xor", "left_shift",
    "right_shift",
)  # fmt: skip


@keras_rules(*_ONE, params="x")
@keras_rules(*(f"keras.activations.{name}" for name in _ACTIVATIONS), params="x")
@keras_rules("celu", "elu", "keras.activations.celu", "keras.activations.elu", params="x, alpha=1.0")
@keras_rules("gelu", params="x, approximate=True")
@keras_rules("keras.activations.gelu", params="x, approximate=False")
@keras_rules("hard_shrink", "soft_shrink", params="x, threshold=0.5")
@keras_rules("keras.activations.hard_shrink", "keras.activations.soft_shrink", params="x, threshold=0.5")
@keras_rules("leaky_relu", "keras.activations.leaky_relu", params="x, negative_slope=0.2")
@keras_rules("keras.activations.relu", params="x, negative_slope=0.0, max_value=None, threshold=0.0")
@keras_rules("squareplus", "keras.activations.squareplus", params="x, b=4")
@keras_rules("threshold", "keras.activations.threshold", params="x, threshold, default_value")
@keras_rules("nan_to_num", params="x, nan=0.0, posinf=None, neginf=None")
@keras_rules("round", params="x, decimals=0")
def one(name: str, machine: Machine, args: Arguments) -> Value:
    """An operation on each element."""
    source = source_of(machine, args, "x", "keras")
    if is_of_keras2(machine, name):
        return activation(machine, name, source)
    if source.kind == "numpy" and name.endswith(_COMPUTED_FIRST) and not is_float(source.spec.dtype):
        # NumPy computes before TensorFlow looks at the dtype.
        return tensor(machine, source.spec.shape, None, "tensor")
    return made(machine, name, source.spec.shape, source)


@keras_rule("stop_gradient", params="variable")
def stop_gradient(machine: Machine, args: Arguments) -> Value:
    """The same tensor."""
    source = source_of(machine, args, "variable", "keras")
    return made(machine, "stop_gradient", source.spec.shape, source)


@keras_rules(*_TWO, params="x1, x2")
def two(name: str, machine: Machine, args: Arguments) -> Value:
    """An operation on two tensors that are broadcast."""
    return _combined(machine, name, args.get("x1"), args.get("x2"), _TWO[name.rpartition(".")[2]])


@keras_rules(*_BITS, params="x, y")
def bits(name: str, machine: Machine, args: Arguments) -> Value:
    """An operation on the bits of two tensors; a symbolic call has the shape of the first."""
    left, right = args.get("x"), args.get("y")
    a, b = operand(machine, left, "keras"), operand(machine, right, "keras")
    if kind_of([a, b], "keras") == "keras":
        likes = [dtype_like(left, a), dtype_like(right, b)]
        return made_like(machine, name, a.spec.shape, (a, b), likes)
    return _combined(machine, name, left, right, None)


@keras_rules("isclose", params="x1, x2, rtol=1e-05, atol=1e-08, equal_nan=False")
def isclose(name: str, machine: Machine, args: Arguments) -> Value:
    """Comparisons with a tolerance."""
    return _combined(machine, name, args.get("x1"), args.get("x2"), None)


def _combined(machine: Machine, name: str, left: Value | None, right: Value | None, op: str | None) -> Value:
    a, b = operand(machine, left, "keras"), operand(machine, right, "keras")
    likes = [dtype_like(left, a), dtype_like(right, b)]
    if name == "keras.ops.add" and kind_of([a, b], "keras") != "keras":
        biased = _with_bias(a.spec.shape, b.spec.shape)
        if biased is not None:
            return made_like(machine, name, biased, (a, b), likes)
    if op is None or (op not in UFUNCS and (a.data is None or b.data is None)):
        return made_like(machine, name, broadcast_shapes(a, b, "keras"), (a, b), likes)
    found = combine(machine, op, left, right, "keras")
    if not isinstance(found, TensorValue):
        return found
    dtype = result_dtype(name, likes, symbolic=found.kind == "keras")
    return replace(found, spec=replace(found.spec, dtype=dtype))


def _with_bias(inputs: Shape, bias: Shape) -> Shape | None:
    """What ``ops.add`` gives for tensors of which the second looks like a bias; `None` where it does not.

    TensorFlow's `bias_add` does it then (Keras 3.15.1): along the last axis, or else along axis 1, and whatever
    the other axes of the second are. Symbolic tensors are broadcast.
    """
    if not inputs.open and len(inputs.dims) < 2:
        return None
    sizes = [size for size in bias.dims if size != 1]
    if not bias.open and all(isinstance(size, int) for size in sizes) and len(sizes) != 1:
        return None
    if not inputs.open and not bias.open and 0 < len(bias.dims) <= len(inputs.dims):
        if same(inputs.dims[-1], bias.dims[-1]):
            # On the last axis it is broadcast all the same.
            return None
    if inputs.open or bias.open or len(sizes) != 1 or not isinstance(sizes[0], int):
        return _sure(inputs, bias, sizes)
    ends = [same(inputs.dims[axis], sizes[0]) for axis in (-1, 1)]
    if True in ends:
        return inputs
    if None in ends:
        raise NotKnown("whether this is added along axis 1 depends on sizes that are not known")
    return None


def _sure(inputs: Shape, bias: Shape, sizes: list[Dim]) -> Shape | None:
    """Of shapes that are known in part: what is so in any case."""
    vector = len(bias.dims) == 1 and not bias.open
    if vector and inputs.dims and same(inputs.dims[-1], sizes[0]):
        return inputs
    if vector and not inputs.open and len(inputs.dims) == 2:
        return None
    raise NotKnown("whether this is added along axis 1 depends on shapes that are not known")


@keras_rules("allclose", params="x1, x2, rtol=1e-05, atol=1e-08, equal_nan=False")
def allclose(name: str, machine: Machine, args: Arguments) -> Value:
    """Whether all are close: a scalar."""
    a, b = source_of(machine, args, "x1", "keras"), source_of(machine, args, "x2", "keras")
    if kind_of([a, b], "keras") != "keras":
        broadcast_shapes(a, b, "keras")
    return made(machine, name, Shape(()), a, b)


@keras_rule("clip", params="x, x_min, x_max")
def clip(machine: Machine, args: Arguments) -> Value:
    """``ops.clip``."""
    parts = [source_of(machine, args, key, "keras") for key in ("x", "x_min", "x_max")]
    likes = [dtype_like(args.get(key), part) for key, part in zip(("x", "x_min", "x_max"), parts, strict=True)]
    kind = kind_of(parts, "keras")
    lower, upper = (result_dtype("keras.ops.clip", [likes[0], limit], symbolic=kind == "keras") for limit in likes[1:])
    dtype = lower if lower == upper else None
    plain = all(part.spec.shape.rank == 0 for part in parts[1:])
    return tensor(machine, parts[0].spec.shape if plain else UNKNOWN_SHAPE, dtype, kind)


@keras_rules("softmax", "log_softmax", "sparsemax", params="x, axis=-1")
@keras_rules(*(f"keras.activations.{name}" for name in ("softmax", "log_softmax", "sparsemax")), params="x, axis=-1")
@keras_rules("normalize", params="x, axis=-1, order=2, epsilon=None")
def along(name: str, machine: Machine, args: Arguments) -> Value:
    """The same shape, from sums along an axis."""
    source = source_of(machine, args, "x", "keras")
    if is_of_keras2(machine, name):
        check_softmax(source, -1 if args.get("axis") is None else as_int(args.get("axis")))
        return activation(machine, name, source)
    found = made(machine, name, source.spec.shape, source)
    axis = -1 if args.get("axis") is None else as_int(args.get("axis"))
    if axis is not None and not source.spec.shape.open:
        normal_axis(axis, source.spec.shape, "keras")
    return found


@keras_rules("glu", "keras.activations.glu", params="x, axis=-1")
def glu(name: str, machine: Machine, args: Arguments) -> Value:
    """``ops.glu``: half as long along the axis."""
    source = source_of(machine, args, "x", "keras")
    shape = source.spec.shape
    axis = -1 if args.get("axis") is None else as_int(args.get("axis"))
    if axis is None or shape.open:
        return made(machine, name, UNKNOWN_SHAPE, source)
    place = normal_axis(axis, shape, "keras", "list index out of range")
    size = shape.dims[place]
    if isinstance(size, int) and size % 2:
        raise refusal(
            "invalid-argument",
            f"axis {axis} of {{subject}} has {size} entries, which cannot be halved",
            f"axis size must be divisible by 2. Received: x.shape={shape} with axis={axis}",
            found=shape,
            axis=axis,
        )
    half = size // 2 if isinstance(size, int) else size
    return made(machine, name, shape.replace(place, half), source)


@keras_rule("cast", "saturate_cast", "keras.backend.cast", params="x, dtype")
def cast(machine: Machine, args: Arguments) -> Value:
    """Another dtype; small contents are converted too."""
    source = source_of(machine, args, "x", "keras")
    dtype = dtype_of(args.get("dtype"), "keras")
    kind = kind_of([source], "keras")
    return folded(replace(source, kind=kind, node=None, index=0, origin=machine.site), dtype)


@keras_rules("zeros_like", "ones_like", "empty_like", params="x, dtype=None")
@keras_rules("full_like", params="x, fill_value, dtype=None")
def like(name: str, machine: Machine, args: Arguments) -> Value:
    """A new tensor like another."""
    source = source_of(machine, args, "x", "keras")
    found = made(machine, name, source.spec.shape, source)
    return replace(found, spec=replace(found.spec, dtype=dtype_given(args, found.spec.dtype, "keras")))


@keras_rule("view_as_real", params="x")
def view_as_real(machine: Machine, args: Arguments) -> Value:
    """A new last axis of real and imaginary parts."""
    source = source_of(machine, args, "x", "keras")
    shape = source.spec.shape
    return made(machine, "view_as_real", Shape((*shape.dims, 2), shape.open), source)


@keras_rule("view_as_complex", params="x")
def view_as_complex(machine: Machine, args: Arguments) -> Value:
    """Without the last axis, which has real and imaginary parts."""
    source = source_of(machine, args, "x", "keras")
    shape = source.spec.shape
    if source.kind != "keras" and (shape.rank == 0 or (shape.dims and same(shape.dims[-1], 2) is False)):
        raise refusal(
            "invalid-argument",
            f"the last axis of {{subject}}, {shape}, must have 2 entries, a real and an imaginary part",
            None,
            found=shape,
            axis=-1,
        )
    left = UNKNOWN_SHAPE if shape.open and not shape.dims else Shape(shape.dims[:-1], shape.open)
    return made(machine, "view_as_complex", left, source)


@keras_rule("array", params="x, dtype=None")
@keras_rule("convert_to_tensor", params="x, dtype=None, sparse=None, ragged=None")
def convert(machine: Machine, args: Arguments) -> Value:
    """A tensor of what is given."""
    return converted(machine, args.get("x"), args.get("dtype"), "keras")


@keras_rule("convert_to_numpy", params="x")
def convert_to_numpy(machine: Machine, args: Arguments) -> Value:
    """An array; a symbolic tensor has no contents to convert."""
    source = source_of(machine, args, "x", "keras")
    if source.kind == "keras":
        raise refusal(
            "invalid-argument",
            "{subject} is symbolic: it has no values that could be converted to an array",
            "A KerasTensor is symbolic: it's a placeholder for a shape an a dtype. It doesn't have any actual "
            "numerical value. You cannot convert it to a NumPy array.",
            found=source.spec.shape,
        )
    return TensorValue(source.spec, "numpy", source.data, labels=source.labels, origin=machine.site)


@keras_rule("is_tensor", params="x")
def is_tensor(machine: Machine, args: Arguments) -> Value:
    """Whether it is a tensor with contents, which neither arrays nor symbolic tensors are."""
    value = args.get("x")
    if isinstance(value, TensorValue):
        return Const(value.kind in ("tensor", "variable"))
    return Opaque("bool")


@keras_rule("view", params="x, dtype=None")
def view(machine: Machine, args: Arguments) -> Value:
    """The same bytes as another dtype."""
    source = source_of(machine, args, "x", "keras")
    dtype = dtype_given(args, source.spec.dtype, "keras")
    wide = {"int32", "uint32", "float32"}
    alike = dtype == source.spec.dtype or {dtype, source.spec.dtype} <= wide
    kind = kind_of([source], "keras")
    return tensor(machine, source.spec.shape if alike else UNKNOWN_SHAPE, dtype, kind)
