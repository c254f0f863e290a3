"""``keras.ops``: changing shapes (Keras 3.15)."""

from __future__ import annotations

from shapelens.library.arrays import axes as on_axes
from shapelens.library.arrays.attributes import dim_value
from shapelens.library.arrays.constants import DYNAMIC, size_entry, tensor
from shapelens.library.arrays.convert import (
    Unsure,
    as_int,
    as_shape,
    axes_of,
    int_or,
    items_of,
    kind_of,
    optional_int,
    shape_argument,
    text_of,
)
from shapelens.library.arrays.creating import diagonal_matrix
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.repeating import padded, repeated, tiled
from shapelens.library.arrays.reshaping import flattened, reshaped
from shapelens.library.arrays.rules import like, source_of
from shapelens.library.keras.ops.creating import eye_shape
from shapelens.library.keras.ops.rules import keras_rule, keras_rules, made
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.broadcast import Clash, broadcast
from shapelens.shapes.dims import ANY, Dim, add, same
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, of_rank
from shapelens.values.failure import NotKnown
from shapelens.values.value import Const, Opaque, TupleValue, Value


@keras_rule("shape", params="x")
def shape_rule(machine: Machine, args: Arguments) -> Value:
    """``ops.shape(x)``: a tuple, whose dynamic sizes are scalars of the graph."""
    source = source_of(machine, args, "x", "keras")
    if source.spec.shape.open:
        raise NotKnown("the number of axes is not known")
    dynamic = tensor(machine, Shape(()), "int32", "tensor", DYNAMIC)
    return TupleValue(tuple(dynamic if size is None else dim_value(size) for size in source.spec.shape.dims))


@keras_rule("ndim", params="x")
def ndim(machine: Machine, args: Arguments) -> Value:
    """``ops.ndim(x)``."""
    source = source_of(machine, args, "x", "keras")
    rank = source.spec.shape.rank
    if rank is None:
        raise NotKnown("the number of axes is not known")
    if source.kind == "keras":
        # Keras 3.15 gives a symbolic tensor of ``rank`` entries.
        return tensor(machine, Shape((rank,)), "float32", "keras")
    return tensor(machine, Shape(()), "int32", "tensor", rank)


@keras_rule("size", params="x")
def size(machine: Machine, args: Arguments) -> Value:
    """``ops.size(x)``."""
    source = source_of(machine, args, "x", "keras")
    data = size_entry(source.spec.shape.size())
    return tensor(machine, Shape(()), "int32", kind_of([source], "keras"), data)


@keras_rule("reshape", params="x, newshape")
def reshape(machine: Machine, args: Arguments) -> Value:
    """``ops.reshape``."""
    source = source_of(machine, args, "x", "keras")
    target = shape_argument(machine, args.get("newshape"))
    shape = reshaped(source.spec.shape, target, "keras")
    return like(machine, source, shape, "keras", fold=lambda x: x.reshape([int(str(d)) for d in shape.dims]))


@keras_rule("ravel", params="x")
def ravel(machine: Machine, args: Arguments) -> Value:
    """``ops.ravel``."""
    source = source_of(machine, args, "x", "keras")
    return like(machine, source, flattened(source.spec.shape), "keras")


@keras_rule("expand_dims", params="x, axis")
def expand_dims(machine: Machine, args: Arguments) -> Value:
    """``ops.expand_dims``."""
    source = source_of(machine, args, "x", "keras")
    axes, several = axes_of(machine, args.get("axis")), items_of(machine, args.get("axis"))
    if isinstance(axes, Unsure) and several is not None and not source.spec.shape.open:
        return like(machine, source, of_rank(len(source.spec.shape.dims) + len(several)), "keras")
    shape = on_axes.expanded(source.spec.shape, axes, "keras")
    return like(machine, source, shape, "keras")


@keras_rule("squeeze", params="x, axis=None")
@keras_rule("keras.KerasTensor.squeeze", params="x, axis=None")
def squeeze(machine: Machine, args: Arguments) -> Value:
    """``ops.squeeze``."""
    source = source_of(machine, args, "x", "keras")
    axes = axes_of(machine, args.get("axis"))
    if axes and not isinstance(axes, Unsure) and not source.spec.shape.open:
        for axis in axes:
            on_axes.normal_axis(axis, source.spec.shape, "keras", "list index out of range")
    shape = on_axes.squeezed(source.spec.shape, axes, "keras")
    if source.kind == "keras" and axes and not isinstance(axes, Unsure) and not source.spec.shape.open:
        for axis in axes:
            if source.spec.shape.dims[axis] is None:
                raise refusal(
                    "axis-out-of-range",
                    f"axis {axis} of {{subject}}, {source.spec.shape}, is not known to have one entry",
                    f"Cannot squeeze axis {axis}, because the dimension is not 1.",
                    found=source.spec.shape,
                    axis=axis,
                )
    return like(machine, source, shape, "keras")


@keras_rule("transpose", params="x, axes=None")
def transpose(machine: Machine, args: Arguments) -> Value:
    """``ops.transpose``."""
    source = source_of(machine, args, "x", "keras")
    shape = on_axes.transposed(source.spec.shape, axes_of(machine, args.get("axes")), "keras")
    return like(machine, source, shape, "keras")


@keras_rule("swapaxes", params="x, axis1, axis2")
def swapaxes(machine: Machine, args: Arguments) -> Value:
    """``ops.swapaxes``."""
    source = source_of(machine, args, "x", "keras")
    first, second = int_or(args, "axis1", 0), int_or(args, "axis2", 0)
    return like(machine, source, on_axes.swapped(source.spec.shape, first, second, "keras"), "keras")


@keras_rule("moveaxis", params="x, source, destination")
def moveaxis(machine: Machine, args: Arguments) -> Value:
    """``ops.moveaxis``."""
    array = source_of(machine, args, "x", "keras")
    start, end = axes_of(machine, args.get("source")), axes_of(machine, args.get("destination"))
    return like(machine, array, on_axes.moved(array.spec.shape, start, end, "keras"), "keras")


@keras_rule("tile", params="x, repeats")
def tile(machine: Machine, args: Arguments) -> Value:
    """``ops.tile``."""
    source = source_of(machine, args, "x", "keras")
    return like(machine, source, tiled(source.spec.shape, as_shape(machine, args.get("repeats"))), "keras")


@keras_rule("pad", params="x, pad_width, mode='constant', constant_values=None")
def pad(machine: Machine, args: Arguments) -> Value:
    """``ops.pad``."""
    source = source_of(machine, args, "x", "keras")
    shape, width, mode = source.spec.shape, args.get("pad_width"), text_of(args, "mode", "constant")
    if source.kind != "keras" and not shape.open:
        if mode not in ("constant", "reflect", "symmetric") and not isinstance(mode, Unsure):
            raise refusal("invalid-argument", f"TensorFlow cannot pad in the mode {mode!r}", None, subject="mode")
        rows = items_of(machine, width)
        count = 1 if as_int(width) is not None else None if rows is None else len(rows)
        if rows is not None and rows and items_of(machine, rows[0]) is None and as_int(rows[0]) is not None:
            # TensorFlow takes one pair for each axis, and nothing shorter.
            count = 1
        if count is not None and not shape.open and count != len(shape.dims):
            raise refusal(
                "axis-out-of-range",
                f"padding for {count} axes, but {{subject}} has {len(shape.dims)}",
                None,
                axis=count,
                rank=len(shape.dims),
            )
    return like(machine, source, padded(machine, shape, width), "keras", keep_labels=False)


@keras_rules("flip", params="x, axis=None")
@keras_rules("roll", params="x, shift, axis=None")
def turned(name: str, machine: Machine, args: Arguments) -> Value:
    """The same shape; the axes must be there."""
    source = source_of(machine, args, "x", "keras")
    axes, shape = axes_of(machine, args.get("axis")), source.spec.shape
    if axes is not None and not isinstance(axes, Unsure) and not shape.open:
        for axis in axes:
            on_axes.normal_axis(axis, shape, "keras")
    return made(machine, name, shape, source)


@keras_rules("fliplr", "flipud", params="x")
@keras_rules("tril", "triu", params="x, k=0")
def same_shape(name: str, machine: Machine, args: Arguments) -> Value:
    """The same shape; a symbolic ``flipud`` and an eager ``tril`` are stricter about axes than the others."""
    source = source_of(machine, args, "x", "keras")
    shape, short = source.spec.shape, name.rpartition(".")[2]
    symbolic = source.kind == "keras"
    wanted = {"fliplr": 2, "flipud": 1 if symbolic else 0}.get(short, 0 if symbolic else 2)
    if short == "fliplr" and not symbolic and shape.rank == 0:
        wanted = 0
    if not shape.open and len(shape.dims) < wanted:
        words = f"`{short}` requires input with {wanted} or more dimensions. Received: x.shape={shape}"
        raise refusal("rank-mismatch", f"{{subject}} needs {wanted} axes, not {shape}", words, found=shape)
    return made(machine, name, shape, source)


@keras_rule("rot90", params="array, k=1, axes=(0, 1)")
def rot90(machine: Machine, args: Arguments) -> Value:
    """``ops.rot90``: a symbolic call changes the axes whatever ``k``."""
    source = source_of(machine, args, "array", "keras")
    shape, times = source.spec.shape, int_or(args, "k", 1)
    axes = (0, 1) if args.get("axes") is None else axes_of(machine, args.get("axes"))
    if shape.open or axes is None or isinstance(axes, Unsure) or isinstance(times, Unsure):
        return made(machine, "rot90", UNKNOWN_SHAPE if shape.open else of_rank(len(shape.dims)), source)
    if len(shape.dims) < 2:
        words = f"Input array must have at least 2 dimensions. Received: array.shape={list(shape.dims)}"
        raise refusal("rank-mismatch", f"{{subject}} must have two axes, not {shape}", words, found=shape)
    if len(axes) != 2 or axes[0] == axes[1]:
        words = f"Invalid axes: {axes}. Axes must be a tuple of two different dimensions."
        raise refusal("invalid-argument", f"`axes` must be two different axes, not {axes}", words, subject="axes")
    if source.kind != "keras" and times % 2 == 0:
        return made(machine, "rot90", shape, source)
    words = "list index out of range"
    for axis in axes:
        on_axes.normal_axis(axis, shape, "keras", words)
    return made(machine, "rot90", on_axes.swapped(shape, axes[0], axes[1], "keras"), source)


@keras_rule("repeat", params="x, repeats, axis=None")
def repeat(machine: Machine, args: Arguments) -> Value:
    """``ops.repeat``: a symbolic call leaves a dynamic size as it is."""
    source = source_of(machine, args, "x", "keras")
    axis, shape = optional_int(args, "axis"), source.spec.shape
    if isinstance(axis, int) and not shape.open:
        on_axes.normal_axis(axis, shape, "keras", "list index out of range")
    shape = repeated(machine, shape, args.get("repeats"), axis, "keras")
    return made(machine, "repeat", shape, source)


@keras_rule("broadcast_to", params="x, shape")
def broadcast_to(machine: Machine, args: Arguments) -> Value:
    """``ops.broadcast_to``."""
    source, target = source_of(machine, args, "x", "keras"), shape_argument(machine, args.get("shape"))
    shape = source.spec.shape
    met = broadcast(shape, target)
    longer = not shape.open and not target.open and len(shape.dims) > len(target.dims)
    if isinstance(met, Clash) or (longer and source.kind != "keras"):
        raise refusal(
            "broadcast-mismatch",
            f"{{subject}} of shape {shape} cannot be broadcast to {target}",
            None,
            expected=target,
            found=shape,
        )
    if source.kind != "keras" and not target.open:
        for old, new in zip(shape.dims[::-1], target.dims[::-1], strict=False):
            if old != 1 and same(old, new) is False:
                raise refusal(
                    "broadcast-mismatch", f"{{subject}} of shape {shape} cannot become {target}", None, found=shape
                )
    return made(machine, "broadcast_to", target, source)


@keras_rules("diagonal", "trace", params="x, offset=0, axis1=0, axis2=1")
def diagonal(name: str, machine: Machine, args: Arguments) -> Value:
    """The diagonal of two axes, as a new last axis, or its sum."""
    source = source_of(machine, args, "x", "keras")
    shape, offset = source.spec.shape, int_or(args, "offset", 0)
    first, second = int_or(args, "axis1", 0), int_or(args, "axis2", 1)
    if shape.open or isinstance(first, Unsure) or isinstance(second, Unsure):
        return made(machine, name, UNKNOWN_SHAPE, source)
    if len(shape.dims) < 2:
        raise refusal("rank-mismatch", f"{{subject}} must have two axes, not {shape}", None, found=shape)
    places = [on_axes.normal_axis(axis, shape, "keras", None) for axis in (first, second)]
    if places[0] == places[1]:
        raise refusal("invalid-argument", "the two axes must be different", None, subject="axis2")
    rest = tuple(size for place, size in enumerate(shape.dims) if place not in places)
    if name.endswith("trace"):
        rows, columns = (shape.dims[place] for place in places)
        if source.kind != "keras" and offset and isinstance(offset, int) and isinstance(rows, int):
            # TensorFlow multiplies with `eye`, whose shape is not always the matrix's.
            beside = eye_shape(rows, columns, offset) if isinstance(columns, int) else UNKNOWN_SHAPE
            if isinstance(broadcast(Shape((rows, columns)), beside), Clash):
                raise refusal("broadcast-mismatch", f"no diagonal {offset} of {shape} is summed", None, found=shape)
        return made(machine, name, Shape(rest), source)
    pair = Shape(tuple(shape.dims[place] for place in places))
    if source.kind != "keras":
        _check_offset(pair, offset)
    length = diagonal_matrix(pair, None if isinstance(offset, Unsure) else offset).dims
    if None in pair.dims:
        length = (None,)
    return made(machine, name, Shape((*rest, *length)), source)


@keras_rule("diag", params="x, k=0")
def diag(machine: Machine, args: Arguments) -> Value:
    """A matrix of a vector, or the diagonal of a matrix."""
    source = source_of(machine, args, "x", "keras")
    shape, offset = source.spec.shape, int_or(args, "k", 0)
    if shape.rank not in (None, 1, 2):
        words = f"`x` must be 1-D or 2-D, but received shape {shape}."
        raise refusal("rank-mismatch", f"{{subject}} must be a vector or a matrix, not {shape}", words, found=shape)
    if source.kind != "keras" and shape.rank == 2:
        _check_offset(shape, offset)
    left = diagonal_matrix(shape, None if isinstance(offset, Unsure) else offset)
    if None in shape.dims and not shape.open:
        left = Shape((None,) * (3 - len(shape.dims)))
    return made(machine, "diag", left, source)


def _check_offset(matrix: Shape, offset: int | Unsure) -> None:
    rows, columns = matrix.dims
    outside = isinstance(offset, int) and (
        (isinstance(columns, int) and offset >= max(1, columns)) or (isinstance(rows, int) and -offset >= max(1, rows))
    )
    if outside:
        raise refusal("axis-out-of-range", f"{matrix} has no diagonal {offset}", None, subject=1, found=matrix)


@keras_rule("diagflat", params="x, k=0")
def diagflat(machine: Machine, args: Arguments) -> Value:
    """A matrix whose diagonal are all entries."""
    source = source_of(machine, args, "x", "keras")
    offset = int_or(args, "k", 0)
    side: Dim = ANY if isinstance(offset, Unsure) else add(source.spec.shape.size(), abs(offset))
    return made(machine, "diagflat", Shape((side, side)), source)


@keras_rule("dtype", params="x")
def dtype_rule(machine: Machine, args: Arguments) -> Value:
    """``ops.dtype(x)``: a string."""
    found = source_of(machine, args, "x", "keras").spec.dtype
    return Opaque("str") if found is None else Const(found)
