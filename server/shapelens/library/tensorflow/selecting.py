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
from shapelens.library.arrays.dtypes import dtype_given, dtype_of, promote
from shapelens.library.arrays.elementwise import dtype_like
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.rules import array_rule, source_of
from shapelens.library.arrays.slicing import slice_length
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.broadcast import Clash, broadcast
from shapelens.shapes.dims import ANY, Dim, same, sub
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


@array_rule("tensorflow.gather_nd", params="params, indices, batch_dims=0, name=None, bad_indices_policy=''")
def gather_nd(machine: Machine, args: Arguments) -> Value:
    """``tf.gather_nd``: the index's last axis counts the axes that it chooses."""
    source, index = (
        source_of(machine, args, "params", "tensorflow"),
        source_of(machine, args, "indices", "tensorflow"),
    )
    batch = 0 if args.get("batch_dims") is None else as_int(args.get("batch_dims"))
    shape = gathered_nd(source.spec.shape, index.spec.shape, batch)
    return tensor(machine, shape, source.spec.dtype, kind_of([source], "tensorflow"))


def gathered_nd(shape: Shape, places: Shape, batch: int | None) -> Shape:
    """The shape of ``tf.gather_nd``."""
    depth = places.dims[-1] if places.rank else None
    if shape.open or not isinstance(depth, int) or batch is None or batch < 0:
        return UNKNOWN_SHAPE
    if depth + batch > len(shape.dims):
        raise refusal(
            "axis-out-of-range",
            f"each index has {depth} entries, but {{subject}} of shape {shape} has {len(shape.dims) - batch} axes "
            "to choose from",
            None,
            found=shape,
            expected=places,
        )
    return Shape((*places.dims[:-1], *shape.dims[batch + depth :]))


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
    if not shape.open and not size.open and len(size.dims) != len(shape.dims):
        raise refusal(
            "rank-mismatch",
            f"{len(size.dims)} sizes to cut from {{subject}}, which has {len(shape.dims)} axes",
            None,
            found=shape,
            expected=size,
        )
    if size.open or shape.open:
        return UNKNOWN_SHAPE if size.open and shape.open else of_rank(len(shape.dims) if size.open else len(size.dims))
    sizes: list[Dim] = []
    for axis, length in enumerate(size.dims):
        start = ANY if begin.open or len(begin.dims) != len(size.dims) else begin.dims[axis]
        whole = shape.dims[axis]
        if isinstance(length, int) and length >= 0 and isinstance(start, int) and isinstance(whole, int):
            if start + length > whole:
                raise refusal(
                    "axis-out-of-range",
                    f"{length} entries from place {start} on: axis {axis} of {{subject}} has only {whole}",
                    None,
                    found=shape,
                    axis=axis,
                )
        sizes.append(sub(whole, start) if length == -1 else length)
    return Shape(tuple(sizes))


@array_rule(
    "tensorflow.strided_slice",
    params="input_, begin, end, strides=None, begin_mask=0, end_mask=0, ellipsis_mask=0, new_axis_mask=0, "
    "shrink_axis_mask=0, var=None, name=None",
)
def strided_slice(machine: Machine, args: Arguments) -> Value:
    """Slices of the first axes; with masks it is not followed."""
    source = source_of(machine, args, "input_", "tensorflow")
    begin, end = as_shape(machine, args.get("begin")), as_shape(machine, args.get("end"))
    steps = as_shape(machine, args.get("strides"))
    if is_none(args.get("strides")):
        steps = Shape((1,) * len(begin.dims), begin.open)
    shape, count = source.spec.shape, len(begin.dims)
    plain = not any("mask" in name for name in args.values)
    left = UNKNOWN_SHAPE
    if plain and begin.known and end.known and steps.known and not shape.open and count <= len(shape.dims):
        cut = zip(shape.dims, begin.dims, end.dims, steps.dims, strict=False)
        left = Shape((*(slice_length(*bounds) for bounds in cut), *shape.dims[count:]))
    return tensor(machine, left, source.spec.dtype, kind_of([source], "tensorflow"))


@array_rule("tensorflow.unique", params="x, out_idx=None, name=None")
def unique(machine: Machine, args: Arguments) -> Value:
    """Distinct values, and where each element is among them."""
    source = source_of(machine, args, "x", "tensorflow")
    dtype = "int32" if args.get("out_idx") is None else dtype_of(args.get("out_idx"), "tensorflow")
    values = tensor(machine, of_rank(1), source.spec.dtype, "tensor")
    return TupleValue((values, tensor(machine, source.spec.shape, dtype, "tensor")), ("y", "idx"))


@array_rule("tensorflow.sequence_mask", params="lengths, maxlen=None, dtype=None, name=None")
def sequence_mask(machine: Machine, args: Arguments) -> Value:
    """A mask for each length."""
    source = source_of(machine, args, "lengths", "tensorflow")
    longest = optional_int(args, "maxlen")
    shape = source.spec.shape
    size: Dim = longest if isinstance(longest, int) else ANY
    left = UNKNOWN_SHAPE if shape.open else Shape((*shape.dims, size))
    return tensor(machine, left, dtype_given(args, "bool", "tensorflow"), kind_of([source], "tensorflow"))


@array_rule(
    "tensorflow.tensor_scatter_nd_update",
    params="tensor, indices, updates, name=None",
)
@array_rule(
    "tensorflow.tensor_scatter_nd_add",
    "tensorflow.tensor_scatter_nd_sub",
    "tensorflow.tensor_scatter_nd_min",
    "tensorflow.tensor_scatter_nd_max",
    params="tensor, indices, updates, name=None, bad_indices_policy=''",
)
def scatter_into(machine: Machine, args: Arguments) -> Value:
    """The same shape; the updates must fit the places."""
    source = source_of(machine, args, "tensor", "tensorflow")
    _check_updates(machine, args, source.spec.shape)
    return tensor(machine, source.spec.shape, source.spec.dtype, kind_of([source], "tensorflow"))


def _check_updates(machine: Machine, args: Arguments, whole: Shape) -> None:
    places = source_of(machine, args, "indices", "tensorflow").spec.shape
    updates = source_of(machine, args, "updates", "tensorflow").spec.shape
    depth = places.dims[-1] if places.rank else None
    if whole.open or updates.open or not isinstance(depth, int) or depth > len(whole.dims):
        return
    wanted = Shape((*places.dims[:-1], *whole.dims[depth:]))
    if not updates.dims:
        # A scalar is taken for every place.
        return
    if len(wanted.dims) != len(updates.dims) or any(
        same(a, b) is False for a, b in zip(wanted.dims, updates.dims, strict=True)
    ):
        raise refusal(
            "broadcast-mismatch",
            f"updates of shape {updates} do not fit: the chosen places have the shape {wanted}",
            None,
            subject="updates",
            expected=wanted,
            found=updates,
        )


@array_rule("tensorflow.scatter_nd", params="indices, updates, shape, bad_indices_policy='', name=None")
def scatter_nd(machine: Machine, args: Arguments) -> Value:
    """A new tensor of a given shape, in which the updates must fit."""
    source, whole = source_of(machine, args, "updates", "tensorflow"), as_shape(machine, args.get("shape"))
    _check_updates(machine, args, whole)
    return tensor(machine, whole, source.spec.dtype, kind_of([source], "tensorflow"))


@array_rule(
    "tensorflow.math.segment_sum", "tensorflow.math.segment_mean", "tensorflow.math.segment_max",
    "tensorflow.math.segment_min", "tensorflow.math.segment_prod",
    params="data, segment_ids, name=None",
)  # fmt: skip
@array_rule(
    "tensorflow.math.unsorted_segment_sum",
    "tensorflow.math.unsorted_segment_mean",
    "tensorflow.math.unsorted_segment_max",
    "tensorflow.math.unsorted_segment_min",
    "tensorflow.math.unsorted_segment_prod",
    "tensorflow.math.unsorted_segment_sqrt_n",
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
