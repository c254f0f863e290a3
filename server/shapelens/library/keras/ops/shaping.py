"""``keras.ops``: changing shapes, joining, cutting, choosing (Keras 3.15)."""

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
    is_none,
    items_of,
    kind_of,
    operand,
    optional_int,
)
from shapelens.library.arrays.dtypes import promote
from shapelens.library.arrays.elementwise import dtype_like
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.index import subscript
from shapelens.library.arrays.joining import concatenate, concatenated, parts_of, pieces, stack
from shapelens.library.arrays.repeating import padded, tiled
from shapelens.library.arrays.reshaping import flattened, reshaped
from shapelens.library.arrays.rules import like, source_of
from shapelens.library.keras.ops.rules import keras_rule
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.library.tensorflow.selecting import sliced
from shapelens.shapes.broadcast import Clash, broadcast
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, of_rank
from shapelens.values.failure import NotKnown
from shapelens.values.objects import ListObject
from shapelens.values.value import Const, TupleValue, Value


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
    if source.kind == "keras" or rank is None:
        # Keras 3.15 gives a symbolic tensor of ``rank`` entries.
        raise NotKnown("ops.ndim of a symbolic tensor is symbolic")
    return Const(rank)


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
    target = as_shape(machine, args.get("newshape"))
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
    shape = on_axes.expanded(source.spec.shape, axes_of(machine, args.get("axis")), "keras")
    return like(machine, source, shape, "keras")


@keras_rule("squeeze", params="x, axis=None")
@keras_rule("keras.KerasTensor.squeeze", params="x, axis=None")
def squeeze(machine: Machine, args: Arguments) -> Value:
    """``ops.squeeze``."""
    source = source_of(machine, args, "x", "keras")
    shape = on_axes.squeezed(source.spec.shape, axes_of(machine, args.get("axis")), "keras")
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


@keras_rule("concatenate", params="xs, axis=0")
def concatenate_rule(machine: Machine, args: Arguments) -> Value:
    """``ops.concatenate``."""
    return concatenate(machine, args.get("xs"), int_or(args, "axis", 0), "keras")


@keras_rule("stack", params="x, axis=0")
def stack_rule(machine: Machine, args: Arguments) -> Value:
    """``ops.stack``."""
    return stack(machine, args.get("x"), int_or(args, "axis", 0), "keras")


@keras_rule("vstack", params="xs")
def vstack(machine: Machine, args: Arguments) -> Value:
    """``ops.vstack``: along the first axis."""
    return _along(machine, args, 0)


@keras_rule("hstack", params="xs")
def hstack(machine: Machine, args: Arguments) -> Value:
    """``ops.hstack``: along the second axis, vectors along their only one."""
    return _along(machine, args, 1)


@keras_rule("append", params="x1, x2, axis=None")
def append(machine: Machine, args: Arguments) -> Value:
    """``ops.append``: flattens unless an axis is given."""
    axis = optional_int(args, "axis")
    if isinstance(axis, Unsure):
        return tensor(machine, UNKNOWN_SHAPE, None, "tensor")
    pair = TupleValue((args.values["x1"], args.values["x2"]))
    return concatenate(machine, pair, axis, "keras")


@keras_rule("split", params="x, indices_or_sections, axis=0")
def split(machine: Machine, args: Arguments) -> Value:
    """``ops.split``: equal parts, or parts that end at given places."""
    source = source_of(machine, args, "x", "keras")
    axis, shape = int_or(args, "axis", 0), source.spec.shape
    where = args.get("indices_or_sections")
    count = as_int(where)
    if isinstance(axis, Unsure) or shape.open or (count is None and as_shape(machine, where).open):
        part = like(machine, source, UNKNOWN_SHAPE if shape.open else of_rank(len(shape.dims)), "keras")
        return machine.alloc(ListObject((part,) * count) if count else ListObject((), open=True, rest=part))
    place = on_axes.normal_axis(axis, shape, "keras")
    length = shape.dims[place]
    if count is None:
        if items_of(machine, where) is None:
            rest = pieces(machine, source, place, [ANY], "keras")[0]
            return machine.alloc(ListObject((), open=True, rest=rest))
        ends: list[Dim] = [0, *as_shape(machine, where).dims, length]
        parts = [_between(ends[i], ends[i + 1], length) for i in range(len(ends) - 1)]
    elif isinstance(length, int):
        if count <= 0 or length % count:
            raise refusal(
                "invalid-argument",
                f"axis {place} of {{subject}} has {length} entries, no multiple of {count} equal parts",
                "`x` size on given `axis` must be divisible by `indices_or_sections` when "
                f"`indices_or_sections` is an int. But received {length} and {count}.",
                found=shape,
                axis=place,
            )
        parts = [length // count] * count
    else:
        parts = [None if length is None else ANY] * count
    return machine.alloc(ListObject(tuple(pieces(machine, source, place, parts, "keras"))))


@keras_rule("tile", params="x, repeats")
def tile(machine: Machine, args: Arguments) -> Value:
    """``ops.tile``."""
    source = source_of(machine, args, "x", "keras")
    return like(machine, source, tiled(source.spec.shape, as_shape(machine, args.get("repeats"))), "keras")


@keras_rule("pad", params="x, pad_width, mode='constant', constant_values=None")
def pad(machine: Machine, args: Arguments) -> Value:
    """``ops.pad``."""
    source = source_of(machine, args, "x", "keras")
    return like(machine, source, padded(machine, source.spec.shape, args.get("pad_width")), "keras", keep_labels=False)


@keras_rule("where", params="condition, x1=None, x2=None")
def where(machine: Machine, args: Arguments) -> Value:
    """``ops.where``."""
    first, second = args.get("x1"), args.get("x2")
    condition = source_of(machine, args, "condition", "keras")
    if first is None or second is None or is_none(first):
        raise NotKnown("how many places there are depends on the contents")
    a, b = operand(machine, first, "keras"), operand(machine, second, "keras")
    shape = condition.spec.shape
    for part in (a, b):
        met = broadcast(shape, part.spec.shape)
        if isinstance(met, Clash):
            return tensor(machine, UNKNOWN_SHAPE, None, kind_of([condition, a, b], "keras"))
        shape = met
    dtype = promote((dtype_like(first, a), dtype_like(second, b)), "keras")
    return tensor(machine, shape, dtype, kind_of([condition, a, b], "keras"))


@keras_rule("take", params="x, indices, axis=None")
def take(machine: Machine, args: Arguments) -> Value:
    """``ops.take``: the axis is replaced by the index's axes."""
    source, index = source_of(machine, args, "x", "keras"), source_of(machine, args, "indices", "keras")
    axis, shape = optional_int(args, "axis"), source.spec.shape
    kind = kind_of([source, index], "keras")
    if axis is None:
        return tensor(machine, index.spec.shape, source.spec.dtype, kind)
    if isinstance(axis, Unsure) or shape.open or index.spec.shape.open:
        return tensor(machine, UNKNOWN_SHAPE, source.spec.dtype, kind)
    place = on_axes.normal_axis(axis, shape, "keras")
    sizes = (*shape.dims[:place], *index.spec.shape.dims, *shape.dims[place + 1 :])
    return tensor(machine, Shape(sizes), source.spec.dtype, kind)


@keras_rule("take_along_axis", params="x, indices, axis=None")
def take_along_axis(machine: Machine, args: Arguments) -> Value:
    """``ops.take_along_axis``: as the index along the axis, broadcast elsewhere."""
    source, index = source_of(machine, args, "x", "keras"), source_of(machine, args, "indices", "keras")
    axis, shape, wanted = optional_int(args, "axis"), source.spec.shape, index.spec.shape
    kind = kind_of([source, index], "keras")
    if not isinstance(axis, int) or shape.open or wanted.open or len(shape.dims) != len(wanted.dims):
        return tensor(machine, UNKNOWN_SHAPE, source.spec.dtype, kind)
    place = on_axes.normal_axis(axis, shape, "keras")
    met = broadcast(shape.replace(place, 1), wanted.replace(place, 1))
    left = UNKNOWN_SHAPE if isinstance(met, Clash) else met.replace(place, wanted.dims[place])
    return tensor(machine, left, source.spec.dtype, kind)


@keras_rule("slice", params="inputs, start_indices, shape")
def slice_rule(machine: Machine, args: Arguments) -> Value:
    """``ops.slice``: a part of a given shape."""
    source = source_of(machine, args, "inputs", "keras")
    size, start = as_shape(machine, args.get("shape")), as_shape(machine, args.get("start_indices"))
    return tensor(machine, sliced(source.spec.shape, start, size), source.spec.dtype, kind_of([source], "keras"))


@keras_rule("slice_update", "scatter_update", params="inputs, *args, **kwargs")
def slice_update(machine: Machine, args: Arguments) -> Value:
    """The same shape."""
    source = source_of(machine, args, "inputs", "keras")
    return tensor(machine, source.spec.shape, source.spec.dtype, kind_of([source], "keras"))


@keras_rule("get_item", params="x, key")
def get_item(machine: Machine, args: Arguments) -> Value:
    """``ops.get_item(x, key)``."""
    return subscript(args.values["x"], args.values["key"], machine)


@keras_rule("diag", "diagonal", "unique", "nonzero", "searchsorted", "digitize", params="x, *args, **kwargs")
@keras_rule("rearrange", "unfold", "fold", "extract_sequences", "stft", "rfft", "irfft", params="x, *args, **kwargs")
def unfollowed(machine: Machine, args: Arguments) -> Value:
    """Not followed."""
    source = source_of(machine, args, "x", "keras")
    return tensor(machine, UNKNOWN_SHAPE, None, kind_of([source], "keras"))


def _along(machine: Machine, args: Arguments, axis: int) -> Value:
    parts = parts_of(machine, args.get("xs"), "keras")
    if parts is None:
        return tensor(machine, UNKNOWN_SHAPE, None, "tensor")
    rank = next((part.spec.shape.rank for part in parts if part.spec.shape.rank is not None), None)
    shapes = [part.spec.shape for part in parts]
    if rank is None:
        return tensor(machine, UNKNOWN_SHAPE, None, kind_of(parts, "keras"))
    if axis == 0 and rank < 2:
        shapes = [shape if shape.open else Shape((1, *(shape.dims or (1,)))) for shape in shapes]
    if axis == 1 and rank == 0:
        shapes = [shape if shape.open else Shape((1,)) for shape in shapes]
    place = 0 if axis == 1 and rank < 2 else axis
    dtype = promote([part.spec.dtype for part in parts], "keras")
    return tensor(machine, concatenated(shapes, place, "keras"), dtype, kind_of(parts, "keras"))


def _between(start: Dim, end: Dim, length: Dim) -> Dim:
    if not isinstance(start, int) or not isinstance(end, int):
        return None if end is None or start is None else ANY
    top = length if isinstance(length, int) else end
    return max(0, min(end, top) - min(start, top))
