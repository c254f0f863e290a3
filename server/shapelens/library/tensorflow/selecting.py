"""Choosing elements: ``tf.gather``, ``tf.where``, ``tf.boolean_mask``, ``tf.slice`` ... (TensorFlow 2.21)."""

from __future__ import annotations

from shapelens.library.arrays.axes import normal_axis
from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import (
    Unsure,
    as_int,
    as_shape,
    is_none,
    kind_of,
    operand,
    optional_int,
)
from shapelens.library.arrays.dtypes import promote
from shapelens.library.arrays.elementwise import dtype_like
from shapelens.library.arrays.rules import array_rule, source_of
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.broadcast import Clash, broadcast
from shapelens.shapes.dims import ANY, Dim, sub
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, of_rank
from shapelens.values.value import TupleValue, Value


@array_rule("tensorflow.where", params="condition, x=None, y=None, name=None")
def where(machine: Machine, args: Arguments) -> Value:
    """``tf.where``: a choice of two, or the places where the condition holds."""
    condition = source_of(machine, args, "condition", "tensorflow")
    first, second = args.get("x"), args.get("y")
    if first is None or second is None or is_none(first):
        rank = condition.spec.shape.rank
        return tensor(machine, Shape((ANY, ANY if rank is None else rank)), "int64", "tensor")
    a, b = operand(machine, first, "tensorflow"), operand(machine, second, "tensorflow")
    shape = Shape(())
    for part in (condition, a, b):
        met = broadcast(shape, part.spec.shape)
        if isinstance(met, Clash):
            shape = UNKNOWN_SHAPE
            break
        shape = met
    dtype = promote((dtype_like(first, a), dtype_like(second, b)), "tensorflow")
    return tensor(machine, shape, dtype, kind_of([condition, a, b], "tensorflow"))


@array_rule("tensorflow.gather", params="params, indices, validate_indices=None, axis=None, batch_dims=0, name=None")
def gather(machine: Machine, args: Arguments) -> Value:
    """``tf.gather``: the axis is replaced by the index's axes."""
    source, index = (
        source_of(machine, args, "params", "tensorflow"),
        source_of(machine, args, "indices", "tensorflow"),
    )
    batch = 0 if args.get("batch_dims") is None else as_int(args.get("batch_dims"))
    axis = (batch if batch else 0) if is_none(args.get("axis")) else as_int(args.get("axis"))
    kind = kind_of([source], "tensorflow")
    shape, places = source.spec.shape, index.spec.shape
    if axis is None or batch is None or batch < 0 or shape.open or places.open or len(places.dims) < batch:
        return tensor(machine, UNKNOWN_SHAPE, source.spec.dtype, kind)
    place = normal_axis(axis, shape, "tensorflow")
    sizes = (*shape.dims[:place], *places.dims[batch:], *shape.dims[place + 1 :])
    return tensor(machine, Shape(sizes), source.spec.dtype, kind)


@array_rule("tensorflow.gather_nd", params="params, indices, batch_dims=0, name=None")
def gather_nd(machine: Machine, args: Arguments) -> Value:
    """``tf.gather_nd``: the index's last axis counts the axes that it chooses."""
    source, index = (
        source_of(machine, args, "params", "tensorflow"),
        source_of(machine, args, "indices", "tensorflow"),
    )
    shape, places = source.spec.shape, index.spec.shape
    depth = places.dims[-1] if places.rank else None
    if shape.open or not isinstance(depth, int) or depth > len(shape.dims) or "batch_dims" in args.values:
        return tensor(machine, UNKNOWN_SHAPE, source.spec.dtype, kind_of([source], "tensorflow"))
    return tensor(
        machine,
        Shape((*places.dims[:-1], *shape.dims[depth:])),
        source.spec.dtype,
        kind_of([source], "tensorflow"),
    )


@array_rule("tensorflow.boolean_mask", params="tensor, mask, axis=None, name='boolean_mask'")
def boolean_mask(machine: Machine, args: Arguments) -> Value:
    """``tf.boolean_mask``: how many is not known."""
    source, mask = (
        source_of(machine, args, "tensor", "tensorflow"),
        source_of(machine, args, "mask", "tensorflow"),
    )
    shape, rank = source.spec.shape, mask.spec.shape.rank
    if rank is None or shape.open or not is_none(args.get("axis")):
        return tensor(machine, UNKNOWN_SHAPE, source.spec.dtype, "tensor")
    return tensor(machine, Shape((ANY, *shape.dims[rank:])), source.spec.dtype, kind_of([source], "tensorflow"))


@array_rule("tensorflow.slice", params="input_, begin, size, name=None")
def slice_rule(machine: Machine, args: Arguments) -> Value:
    """``tf.slice``: -1 stands for what is left."""
    source = source_of(machine, args, "input_", "tensorflow")
    begin, size = as_shape(machine, args.get("begin")), as_shape(machine, args.get("size"))
    return tensor(machine, sliced(source.spec.shape, begin, size), source.spec.dtype, kind_of([source], "tensorflow"))


def sliced(shape: Shape, begin: Shape, size: Shape) -> Shape:
    """The shape of ``tf.slice``."""
    if size.open or shape.open:
        return UNKNOWN_SHAPE if size.open and shape.open else of_rank(len(shape.dims) if size.open else len(size.dims))
    if len(size.dims) != len(shape.dims):
        return of_rank(len(size.dims))
    sizes: list[Dim] = []
    for axis, length in enumerate(size.dims):
        start = ANY if begin.open or len(begin.dims) != len(size.dims) else begin.dims[axis]
        sizes.append(sub(shape.dims[axis], start) if length == -1 else length)
    return Shape(tuple(sizes))


@array_rule("tensorflow.strided_slice", params="input_, *args, **kwargs")
def strided_slice(machine: Machine, args: Arguments) -> Value:
    """Not followed."""
    source = source_of(machine, args, "input_", "tensorflow")
    return tensor(machine, UNKNOWN_SHAPE, source.spec.dtype, kind_of([source], "tensorflow"))


@array_rule("tensorflow.unique", params="x, out_idx=None, name=None")
def unique(machine: Machine, args: Arguments) -> Value:
    """Distinct values, and where each element is among them."""
    source = source_of(machine, args, "x", "tensorflow")
    values = tensor(machine, of_rank(1), source.spec.dtype, "tensor")
    return TupleValue((values, tensor(machine, source.spec.shape, "int32", "tensor")), ("y", "idx"))


@array_rule("tensorflow.sequence_mask", params="lengths, maxlen=None, dtype=None, name=None")
def sequence_mask(machine: Machine, args: Arguments) -> Value:
    """A mask for each length."""
    source = source_of(machine, args, "lengths", "tensorflow")
    longest = optional_int(args, "maxlen")
    shape = source.spec.shape
    size: Dim = longest if isinstance(longest, int) else ANY
    left = UNKNOWN_SHAPE if shape.open else Shape((*shape.dims, size))
    return tensor(machine, left, "bool" if args.get("dtype") is None else None, kind_of([source], "tensorflow"))


@array_rule(
    "tensorflow.tensor_scatter_nd_update",
    "tensorflow.tensor_scatter_nd_add",
    params="tensor, *args, **kwargs",
)
def scatter_into(machine: Machine, args: Arguments) -> Value:
    """The same shape."""
    source = source_of(machine, args, "tensor", "tensorflow")
    return tensor(machine, source.spec.shape, source.spec.dtype, kind_of([source], "tensorflow"))


@array_rule("tensorflow.scatter_nd", params="indices, updates, shape, name=None")
def scatter_nd(machine: Machine, args: Arguments) -> Value:
    """A new tensor of a given shape."""
    source = source_of(machine, args, "updates", "tensorflow")
    return tensor(machine, as_shape(machine, args.get("shape")), source.spec.dtype, kind_of([source], "tensorflow"))


@array_rule(
    "tensorflow.math.segment_sum", "tensorflow.math.segment_mean", "tensorflow.math.segment_max",
    params="data, segment_ids, name=None",
)  # fmt: skip
@array_rule(
    "tensorflow.math.unsorted_segment_sum",
    "tensorflow.math.unsorted_segment_mean",
    "tensorflow.math.unsorted_segment_max",
    params="data, segment_ids, num_segments, name=None",
)
def segments(machine: Machine, args: Arguments) -> Value:
    """A row for each segment."""
    source = source_of(machine, args, "data", "tensorflow")
    ids = source_of(machine, args, "segment_ids", "tensorflow").spec.shape
    count = optional_int(args, "num_segments")
    shape = source.spec.shape
    if ids.rank != 1 or not shape.rank:
        return tensor(machine, UNKNOWN_SHAPE, source.spec.dtype, "tensor")
    size: Dim = count if isinstance(count, int) and not isinstance(count, Unsure) else ANY
    return tensor(machine, Shape((size, *shape.dims[1:])), source.spec.dtype, kind_of([source], "tensorflow"))
