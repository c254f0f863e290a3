"""``keras.ops`` that make tensors (Keras 3.15)."""

from __future__ import annotations

from shapelens.library.arrays.axes import normal_axis
from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import (
    Unsure,
    as_dim,
    as_int,
    flag,
    int_or,
    is_none,
    kind_of,
    operand,
    shape_argument,
)
from shapelens.library.arrays.creating import filled, identity, range_of
from shapelens.library.arrays.dtypes import dtype_given, is_float, is_integer, promote, scalar_type
from shapelens.library.arrays.elementwise import broadcast_shapes, dtype_like
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.rules import source_of
from shapelens.library.keras.ops.rules import keras_rule, keras_rules, made
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.broadcast import Clash, broadcast
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, of_rank
from shapelens.values.failure import NotKnown
from shapelens.values.objects import ListObject
from shapelens.values.value import Const, TupleValue, Value


@keras_rule("zeros", "ones", "empty", params="shape, dtype=None")
def zeros(machine: Machine, args: Arguments) -> Value:
    """A new tensor of a given shape."""
    return filled(machine, shape_argument(machine, args.get("shape")), dtype_given(args, "float32", "keras"), "keras")


@keras_rule("full", params="shape, fill_value, dtype=None")
def full(machine: Machine, args: Arguments) -> Value:
    """``ops.full``."""
    return filled(machine, shape_argument(machine, args.get("shape")), dtype_given(args, "float32", "keras"), "keras")


@keras_rule("arange", params="start, stop=None, step=None, dtype=None")
def arange(machine: Machine, args: Arguments) -> Value:
    """``ops.arange``: numbers of a given dtype must be of its kind."""
    bounds = [args.get(name) for name in ("start", "stop", "step")]
    floats = any(value is not None and scalar_type(value) is float for value in bounds)
    if floats and is_integer(dtype_given(args, None, "keras")):
        raise refusal("invalid-argument", "floats cannot bound a range of integers", None, subject="dtype")
    return range_of(machine, args, "keras")


@keras_rules("linspace", params="start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0")
@keras_rules("logspace", params="start, stop, num=50, endpoint=True, base=10, dtype=None, axis=0")
@keras_rules("geomspace", params="start, stop, num=50, endpoint=True, dtype=None, axis=0")
def spaced(name: str, machine: Machine, args: Arguments) -> Value:
    """``num`` numbers from start to stop, along a new axis."""
    a, b = operand(machine, args.get("start"), "keras"), operand(machine, args.get("stop"), "keras")
    ends = broadcast_shapes(a, b, "keras")
    count: Dim = 50 if args.get("num") is None else as_dim(args.values["num"])
    axis = int_or(args, "axis", 0)
    shape = UNKNOWN_SHAPE
    if not isinstance(axis, Unsure) and not ends.open:
        rank = len(ends.dims) + 1
        place = normal_axis(axis, Shape((1,) * rank), "keras")
        shape = Shape((*ends.dims[:place], count, *ends.dims[place:]))
    likes = [dtype_like(args.get("start"), a), dtype_like(args.get("stop"), b), float]
    dtype = dtype_given(args, promote(likes, "keras"), "keras")
    found = tensor(machine, shape, dtype if is_float(dtype) else None, kind_of([a, b], "keras"))
    if name.endswith(".geomspace") and found.kind != "keras" and isinstance(broadcast(shape, ends), Clash):
        # TensorFlow multiplies the result by the signs of the ends.
        raise refusal("broadcast-mismatch", f"steps between ends of shape {ends} go along axis 0", None, subject="axis")
    step = flag(args, "retstep", False)
    if step is False:
        return found
    if found.kind == "keras" and step is True:
        raise refusal(
            "invalid-argument",
            "a symbolic call gives no step",
            None,
            subject="retstep",
        )
    if isinstance(step, Unsure):
        raise NotKnown("whether the step is given too is not known")
    return TupleValue((found, tensor(machine, ends, found.spec.dtype, "tensor")))


@keras_rule("tri", params="N, M=None, k=0, dtype=None")
def tri(machine: Machine, args: Arguments) -> Value:
    """A triangular matrix."""
    dtype = dtype_given(args, "float32", "keras")
    return filled(machine, identity(args.get("N"), args.get("M")), dtype, "keras")


@keras_rule("eye", params="N, M=None, k=0, dtype=None")
def eye(machine: Machine, args: Arguments) -> Value:
    """Ones on a diagonal; beside the main one of a matrix that is not square, Keras 3.15 makes it too large."""
    dtype, offset = dtype_given(args, "float32", "keras"), int_or(args, "k", 0)
    shape = identity(args.get("N"), args.get("M"))
    rows, columns = shape.dims
    if offset == 0:
        return filled(machine, shape, dtype, "keras")
    if isinstance(offset, Unsure) or not isinstance(rows, int) or not isinstance(columns, int):
        return filled(machine, of_rank(2), dtype, "keras")
    return filled(machine, eye_shape(rows, columns, offset), dtype, "keras")


def eye_shape(rows: int, columns: int, offset: int) -> Shape:
    """What ``eye(rows, columns, offset)`` gives beside the main diagonal under TensorFlow."""
    length = min(columns - offset, rows + offset)
    if length < 0:
        wanted = Shape((rows, columns))
        raise refusal("negative-dimension", f"a matrix of shape {wanted} has no diagonal {offset}", None, found=wanted)
    height = length + max(-offset, 0) + max(rows - columns + offset, 0)
    width = length + max(offset, 0) + max(columns - rows - offset, 0)
    return Shape((height, width))


@keras_rule("identity", params="n, dtype=None")
def identity_rule(machine: Machine, args: Arguments) -> Value:
    """An identity matrix."""
    return filled(machine, identity(args.get("n"), None), dtype_given(args, "float32", "keras"), "keras")


@keras_rule("bartlett", "blackman", "hamming", "hanning", params="x")
@keras_rule("kaiser", params="x, beta")
def window(machine: Machine, args: Arguments) -> Value:
    """A window of as many places as the number ``x`` says."""
    count = args.get("x")
    return tensor(machine, Shape((ANY if count is None else as_dim(count),)), "float32", "tensor")


@keras_rule("one_hot", params="x, num_classes, axis=-1, dtype=None, sparse=False")
def one_hot(machine: Machine, args: Arguments) -> Value:
    """``ops.one_hot``: a new axis of classes, -1 or one before the last."""
    source = source_of(machine, args, "x", "keras")
    shape = _with_classes(source.spec.shape, args, symbolic=source.kind == "keras")
    return tensor(machine, shape, dtype_given(args, "float32", "keras"), kind_of([source], "keras"))


@keras_rule("multi_hot", params="inputs, num_classes=None, axis=-1, dtype=None, sparse=False, **kwargs")
def multi_hot(machine: Machine, args: Arguments) -> Value:
    """``ops.multi_hot``: one-hot along the last axis, then the largest over the second."""
    source = source_of(machine, args, "inputs", "keras")
    wide = _with_classes(source.spec.shape, args, symbolic=source.kind == "keras")
    if wide.open:
        shape = UNKNOWN_SHAPE
    else:
        shape = Shape(wide.dims[-1:]) if len(wide.dims) == 2 else Shape((*wide.dims[:1], *wide.dims[2:]))
    # A symbolic call has the dtype of the classes' numbers.
    symbolic = source.kind == "keras" or source.spec.dtype is None
    default = source.spec.dtype if symbolic else dtype_given(args, "float32", "keras")
    return tensor(machine, shape, default, kind_of([source], "keras"))


@keras_rule("meshgrid", params="*x, indexing='xy'")
def meshgrid(machine: Machine, args: Arguments) -> Value:
    """``ops.meshgrid``: one grid for each vector."""
    parts = [operand(machine, value, "keras") for value in args.rest]
    sizes: list[Dim] = [part.spec.shape.size() for part in parts]
    indexing, kind = args.get("indexing"), kind_of(parts, "keras")
    crossed = indexing is None or indexing == Const("xy")
    if len(sizes) == 1 and crossed and kind == "keras":
        raise refusal("invalid-argument", "one symbolic tensor makes no grid", "list index out of range")
    if len(sizes) > 1 and crossed:
        sizes[0], sizes[1] = sizes[1], sizes[0]
    elif not crossed and indexing != Const("ij"):
        sizes = [ANY] * len(sizes)
    # A symbolic call gives every grid the last one's dtype, or float32.
    last = parts[-1].spec.dtype if parts and crossed else "float32"
    dtypes = [last if kind == "keras" else part.spec.dtype for part in parts]
    return _list(machine, [tensor(machine, Shape(tuple(sizes)), dtype, kind) for dtype in dtypes])


@keras_rule("vander", params="x, N=None, increasing=False")
def vander(machine: Machine, args: Arguments) -> Value:
    """Powers of a vector's entries."""
    source = source_of(machine, args, "x", "keras")
    shape, count = source.spec.shape, args.get("N")
    if shape.open or not shape.dims:
        return made(machine, "vander", UNKNOWN_SHAPE, source)
    powers = shape.dims[0] if is_none(count) or count is None else as_dim(count)
    return made(machine, "vander", Shape((*shape.dims, powers)), source)


def _with_classes(shape: Shape, args: Arguments, *, symbolic: bool) -> Shape:
    classes = args.get("num_classes")
    depth = ANY if classes is None or is_none(classes) else as_dim(classes)
    axis = -1 if args.get("axis") is None else as_int(args.get("axis"))
    if axis is None or shape.open:
        return Shape((depth,), open=True) if axis == -1 else UNKNOWN_SHAPE
    rank = len(shape.dims)
    if axis == -1:
        return Shape((*shape.dims, depth))
    if axis < -1 or axis > rank or (symbolic and axis == rank):
        words = f"axis must be -1 or between [0, {rank}), but received {axis}."
        raise refusal(
            "axis-out-of-range", f"axis {axis} is no place for a new axis of classes in {shape}", words, found=shape
        )
    return Shape((*shape.dims[:axis], depth, *shape.dims[axis:]))


def _list(machine: Machine, items: list[Value]) -> Value:
    return machine.alloc(ListObject(tuple(items)))
