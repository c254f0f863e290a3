"""``keras.ops``: choosing entries, and putting them in (Keras 3.15)."""

from __future__ import annotations

from shapelens.library.arrays import axes as on_axes
from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import (
    Unsure,
    as_shape,
    flag,
    int_or,
    is_none,
    items_of,
    kind_of,
    operand,
    optional_int,
)
from shapelens.library.arrays.elementwise import broadcast_shapes, dtype_like
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.index import subscript
from shapelens.library.arrays.rules import source_of
from shapelens.library.keras.ops.rules import keras_rule, keras_rules, made, made_like
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.library.tensorflow.selecting import sliced
from shapelens.shapes.broadcast import Clash, broadcast
from shapelens.shapes.dims import ANY, Dim, same, sub
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, TensorSpec
from shapelens.values.failure import NotKnown
from shapelens.values.objects import ListObject
from shapelens.values.value import TensorValue, TupleValue, Value


@keras_rule("where", params="condition, x1=None, x2=None")
def where(machine: Machine, args: Arguments) -> Value:
    """``ops.where``."""
    first, second = args.get("x1"), args.get("x2")
    condition = source_of(machine, args, "condition", "keras")
    if first is None or second is None or is_none(first):
        raise NotKnown("how many places there are depends on the contents")
    a, b = operand(machine, first, "keras"), operand(machine, second, "keras")
    shape = broadcast_shapes(condition, a, "keras")
    shape = broadcast_shapes(TensorValue(TensorSpec(shape), a.kind), b, "keras")
    likes = [dtype_like(first, a), dtype_like(second, b)]
    found = made_like(machine, "where", shape, (a, b), likes)
    return tensor(machine, shape, found.spec.dtype, kind_of([condition, a, b], "keras"))


@keras_rule("select", params="condlist, choicelist, default=0")
def select(machine: Machine, args: Arguments) -> Value:
    """``ops.select``: the shape of the choices."""
    items = items_of(machine, args.get("choicelist")) or ()
    parts = [operand(machine, item, "keras") for item in items]
    if not parts:
        raise NotKnown("the choices are not known")
    return made(machine, "select", parts[0].spec.shape, parts[0], operand(machine, args.get("default"), "keras"))


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
    if axis is None and not shape.open:
        shape, axis = Shape((shape.size(),)), 0
    if not isinstance(axis, int) or shape.open or wanted.open:
        return tensor(machine, UNKNOWN_SHAPE, source.spec.dtype, kind)
    if len(shape.dims) != len(wanted.dims):
        words = (
            "`x` and `indices` must have the same number of dimensions, but receive shape "
            f"{list(shape.dims)} and {list(wanted.dims)}."
        )
        raise refusal("rank-mismatch", f"{{subject}} is {shape}, the index {wanted}", words, found=shape)
    place = on_axes.normal_axis(axis, shape, "keras")
    met = broadcast(shape.replace(place, 1), wanted.replace(place, 1))
    if isinstance(met, Clash):
        raise refusal("broadcast-mismatch", f"an index of shape {wanted} does not fit {shape}", None, found=wanted)
    return tensor(machine, met.replace(place, wanted.dims[place]), source.spec.dtype, kind)


@keras_rule("slice", params="inputs, start_indices, shape")
def slice_rule(machine: Machine, args: Arguments) -> Value:
    """``ops.slice``: a part of a given shape; -1 takes what is left."""
    source = source_of(machine, args, "inputs", "keras")
    size, start = as_shape(machine, args.get("shape")), as_shape(machine, args.get("start_indices"))
    shape = source.spec.shape
    if not shape.open and not size.open and len(shape.dims) != len(size.dims):
        words = (
            "The number of dimensions in `inputs` must match the number of dimensions in `shape`. Received "
            f"inputs.shape={shape} and shape={size}"
        )
        raise refusal("rank-mismatch", f"a part of shape {size} of {{subject}}, {shape}", words, found=shape)
    if source.kind == "keras" and not shape.open and not size.open and not start.open:
        pairs = zip(shape.dims, start.dims, size.dims, strict=False)
        wanted = Shape(tuple(sub(whole, first) if part == -1 else part for whole, first, part in pairs))
    else:
        wanted = sliced(shape, start, size)
    return tensor(machine, wanted, source.spec.dtype, kind_of([source], "keras"))


@keras_rules("slice_update", params="inputs, start_indices, updates")
@keras_rules("scatter_update", params="inputs, indices, updates, reduction=None")
def updated(name: str, machine: Machine, args: Arguments) -> Value:
    """The same shape."""
    source, part = source_of(machine, args, "inputs", "keras"), source_of(machine, args, "updates", "keras")
    return made(machine, name, source.spec.shape, source, part)


@keras_rule("scatter", params="indices, values, shape")
def scatter(machine: Machine, args: Arguments) -> Value:
    """A tensor of the shape that is asked for."""
    index, values = source_of(machine, args, "indices", "keras"), source_of(machine, args, "values", "keras")
    return tensor(machine, as_shape(machine, args.get("shape")), values.spec.dtype, kind_of([index, values], "keras"))


@keras_rule("get_item", params="x, key")
def get_item(machine: Machine, args: Arguments) -> Value:
    """``ops.get_item(x, key)``."""
    return subscript(args.values["x"], args.values["key"], machine)


@keras_rule("unstack", params="x, num=None, axis=0")
def unstack(machine: Machine, args: Arguments) -> Value:
    """The parts along an axis, of known size."""
    source = source_of(machine, args, "x", "keras")
    shape, axis = source.spec.shape, int_or(args, "axis", 0)
    if isinstance(axis, Unsure) or shape.open:
        part = tensor(machine, UNKNOWN_SHAPE, source.spec.dtype, kind_of([source], "keras"))
        return machine.alloc(ListObject((), open=True, rest=part))
    place = on_axes.normal_axis(axis, shape, "keras")
    part = tensor(
        machine, Shape((*shape.dims[:place], *shape.dims[place + 1 :])), source.spec.dtype, kind_of([source], "keras")
    )
    given = optional_int(args, "num")
    count: Dim = shape.dims[place] if given is None else ANY if isinstance(given, Unsure) else given
    if count is None and source.kind == "keras":
        words = (
            f"Cannot infer argument `num` from shape {shape}. Either provide a tensor with a concrete shape in the "
            "`axis` dimension or explicitly pass the `num` argument."
        )
        raise refusal("undefined-dimension", f"axis {axis} of {{subject}}, {shape}, must be known", words, found=shape)
    if not isinstance(count, int):
        return machine.alloc(ListObject((), open=True, rest=part))
    return machine.alloc(ListObject((part,) * count))


@keras_rule("nonzero", params="x")
def nonzero(machine: Machine, args: Arguments) -> Value:
    """The places of what is not 0, for each axis."""
    source = source_of(machine, args, "x", "keras")
    rank = source.spec.shape.rank
    if rank is None:
        raise NotKnown("the number of axes is not known")
    if rank == 0 and source.kind != "keras":
        raise refusal("rank-mismatch", "a scalar has no places", None, found=source.spec.shape)
    size: Dim = None if source.kind == "keras" else ANY
    part = tensor(machine, Shape((size,)), "int32", kind_of([source], "keras"))
    return TupleValue((part,) * rank)


@keras_rule("unique", params="x, sorted=True, return_index=False, return_inverse=False, return_counts=False, "
            "axis=None, size=None, fill_value=None")  # fmt: skip
def unique(machine: Machine, args: Arguments) -> Value:
    """The different entries, as many as there are."""
    source = source_of(machine, args, "x", "keras")
    more = [flag(args, f"return_{name}", False) for name in ("index", "inverse", "counts")]
    axis, size = optional_int(args, "axis"), optional_int(args, "size")
    if any(wanted is not False for wanted in more) or axis is not None or size is not None:
        raise NotKnown("what else `unique` gives is not followed")
    count: Dim = None if source.kind == "keras" else ANY
    return made(machine, "unique", Shape((count,)), source)


@keras_rule("searchsorted", params="sorted_sequence, values, side='left'")
def searchsorted(machine: Machine, args: Arguments) -> Value:
    """The place of each value."""
    sequence, values = source_of(machine, args, "sorted_sequence", "keras"), source_of(machine, args, "values", "keras")
    if sequence.spec.shape.rank not in (None, 1):
        words = (
            "searchsorted only supports 1-D sorted sequences. Usekeras.ops.vectorized_map to extend to N-D sequences."
        )
        raise refusal("rank-mismatch", f"a vector is searched, not {sequence.spec.shape}", words)
    kind = kind_of([sequence, values], "keras")
    given = values.spec.shape
    if kind != "keras" and not given.open and (not given.dims or same(Shape(given.dims[:-1]).size(), 1) is False):
        raise refusal("rank-mismatch", f"a vector of values is needed, not {given}", None, subject=1)
    length = sequence.spec.shape.axis(0) if sequence.spec.shape.rank else ANY
    dtype = "int32" if isinstance(length, int) else "int64" if length is None and kind == "keras" else None
    return tensor(machine, values.spec.shape, dtype, kind)


@keras_rule("digitize", params="x, bins")
def digitize(machine: Machine, args: Arguments) -> Value:
    """The bin of each value."""
    source, bins = source_of(machine, args, "x", "keras"), source_of(machine, args, "bins", "keras")
    return tensor(machine, source.spec.shape, "int32", kind_of([source, bins], "keras"))


@keras_rule("isin", params="x1, x2, assume_unique=False, invert=False")
def isin(machine: Machine, args: Arguments) -> Value:
    """Whether each entry is among others."""
    source, others = source_of(machine, args, "x1", "keras"), source_of(machine, args, "x2", "keras")
    return made(machine, "isin", source.spec.shape, source, others)


@keras_rule("unravel_index", params="indices, shape")
def unravel_index(machine: Machine, args: Arguments) -> Value:
    """The place along each axis of a shape."""
    source, shape = source_of(machine, args, "indices", "keras"), as_shape(machine, args.get("shape"))
    if shape.open:
        raise NotKnown("the shape is not known")
    part = tensor(machine, source.spec.shape, source.spec.dtype, kind_of([source], "keras"))
    parts = (part,) * len(shape.dims)
    return machine.alloc(ListObject(parts)) if source.kind == "keras" else TupleValue(parts)
