"""Changing the shape of tensors: ``tf.reshape``, ``tf.concat``, ``tf.tile`` ... (TensorFlow 2.21)."""

from __future__ import annotations

import numpy

from shapelens.library.arrays import axes as on_axes
from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import (
    UNSURE,
    Unsure,
    as_int,
    as_shape,
    as_spec,
    axes_of,
    int_or,
    is_list,
    is_none,
    kind_of,
    optional_int,
    shape_argument,
    text_of,
)
from shapelens.library.arrays.creating import folded
from shapelens.library.arrays.dtypes import dtype_of
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.joining import concatenate, pieces, stack
from shapelens.library.arrays.repeating import padded, repeated, tiled
from shapelens.library.arrays.reshaping import reshaped
from shapelens.library.arrays.rules import array_rule, like, source_of
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, of_rank
from shapelens.values.objects import ListObject
from shapelens.values.value import TensorValue, Value


@array_rule("tensorflow.reshape", params="tensor, shape, name=None")
def reshape(machine: Machine, args: Arguments) -> Value:
    """``tf.reshape``."""
    source = source_of(machine, args, "tensor", "tensorflow")
    shape = reshaped(source.spec.shape, shape_argument(machine, args.get("shape")), "tensorflow")
    return like(machine, source, shape, "tensorflow", fold=lambda x: x.reshape([int(str(d)) for d in shape.dims]))


@array_rule("tensorflow.expand_dims", params="input, axis, name=None")
def expand_dims(machine: Machine, args: Arguments) -> Value:
    """``tf.expand_dims``."""
    source = source_of(machine, args, "input", "tensorflow")
    axis = as_int(args.get("axis"))
    shape = on_axes.expanded(source.spec.shape, UNSURE if axis is None else (axis,), "tensorflow")
    fold = None if axis is None else lambda x: numpy.expand_dims(x, axis)
    return like(machine, source, shape, "tensorflow", fold=fold)


@array_rule("tensorflow.squeeze", params="input, axis=None, name=None")
def squeeze(machine: Machine, args: Arguments) -> Value:
    """``tf.squeeze``."""
    source = source_of(machine, args, "input", "tensorflow")
    shape = on_axes.squeezed(source.spec.shape, axes_of(machine, args.get("axis")), "tensorflow")
    return like(machine, source, shape, "tensorflow")


@array_rule("tensorflow.transpose", params="a, perm=None, conjugate=False, name='transpose'")
def transpose(machine: Machine, args: Arguments) -> Value:
    """``tf.transpose``."""
    source = source_of(machine, args, "a", "tensorflow")
    shape = on_axes.transposed(source.spec.shape, axes_of(machine, args.get("perm")), "tensorflow")
    return like(machine, source, shape, "tensorflow")


@array_rule("tensorflow.linalg.matrix_transpose", params="a, name=None, conjugate=False")
def matrix_transpose(machine: Machine, args: Arguments) -> Value:
    """The last two axes swapped."""
    source = source_of(machine, args, "a", "tensorflow")
    return like(machine, source, on_axes.swapped(source.spec.shape, -1, -2, "tensorflow"), "tensorflow")


@array_rule("tensorflow.concat", params="values, axis, name='concat'")
def concat(machine: Machine, args: Arguments) -> Value:
    """``tf.concat``. One array, alone or in a list, comes out as it is, whatever the axis (TensorFlow 2.21)."""
    values = args.get("values")
    items = (values,) if isinstance(values, TensorValue) else machine.items(values) if values is not None else None
    alone = machine.tensor(items[0]) if items is not None and len(items) == 1 else None
    if alone is not None:
        return like(machine, alone, alone.spec.shape, "tensorflow")
    axis = as_int(args.get("axis"))
    return concatenate(machine, values, UNSURE if axis is None else axis, "tensorflow")


@array_rule("tensorflow.stack", params="values, axis=0, name='stack'")
def stack_rule(machine: Machine, args: Arguments) -> Value:
    """``tf.stack``."""
    return stack(machine, args.get("values"), int_or(args, "axis", 0), "tensorflow")


@array_rule("tensorflow.unstack", params="value, num=None, axis=0, name='unstack'")
def unstack(machine: Machine, args: Arguments) -> Value:
    """A tensor for each entry of an axis."""
    source = source_of(machine, args, "value", "tensorflow")
    axis, shape = int_or(args, "axis", 0), source.spec.shape
    if isinstance(axis, Unsure) or shape.open:
        return machine.alloc(ListObject((), open=True, rest=like(machine, source, UNKNOWN_SHAPE, "tensorflow")))
    place = on_axes.normal_axis(axis, shape, "tensorflow")
    size = shape.dims[place]
    row = like(
        machine,
        source,
        Shape((*shape.dims[:place], *shape.dims[place + 1 :])),
        "tensorflow",
        keep_labels=False,
    )
    given = as_int(args.get("num"))
    if isinstance(size, int) and given is not None and given != size:
        raise refusal(
            "invalid-argument",
            f"axis {place} of {{subject}} has {size} entries, not {given}",
            None,
            found=shape,
            axis=place,
        )
    if size is None and is_none(args.get("num")) and source.kind != "keras":
        raise refusal(
            "undefined-dimension",
            f"it is not known how many tensors axis {place} of {{subject}}, {shape}, gives",
            f"Cannot infer argument `num` from shape {shape}",
            found=shape,
            axis=place,
        )
    count = size if isinstance(size, int) else given
    if count is None or count > 4096:
        return machine.alloc(ListObject((), open=True, rest=row))
    return machine.alloc(ListObject((row,) * count))


@array_rule("tensorflow.split", params="value, num_or_size_splits, axis=0, num=None, name='split'")
def split(machine: Machine, args: Arguments) -> Value:
    """``tf.split``: equal parts, or parts of given sizes."""
    source = source_of(machine, args, "value", "tensorflow")
    axis, shape = int_or(args, "axis", 0), source.spec.shape
    wanted = args.get("num_or_size_splits")
    count = as_int(wanted)
    if isinstance(axis, Unsure) or shape.open or wanted is None:
        part = like(machine, source, UNKNOWN_SHAPE if shape.open else of_rank(len(shape.dims)), "tensorflow")
        if count is not None and 0 < count <= 4096:
            return machine.alloc(ListObject((part,) * count))
        return machine.alloc(ListObject((), open=True, rest=part))
    place = on_axes.normal_axis(axis, shape, "tensorflow")
    size = shape.dims[place]
    if count is not None:
        return machine.alloc(ListObject(tuple(_equal_parts(machine, args, place, size, count))))
    sizes = as_shape(machine, wanted)
    if sizes.open or not is_list(machine, wanted):
        rest = pieces(machine, source, place, [ANY], "tensorflow")[0]
        return machine.alloc(ListObject((), open=True, rest=rest))
    return machine.alloc(ListObject(tuple(pieces(machine, source, place, _sizes(size, sizes), "tensorflow"))))


@array_rule("tensorflow.tile", params="input, multiples, name=None")
def tile(machine: Machine, args: Arguments) -> Value:
    """``tf.tile``: a count for each axis."""
    source = source_of(machine, args, "input", "tensorflow")
    times = as_shape(machine, args.get("multiples"))
    shape = source.spec.shape
    if not times.open and not shape.open and len(times.dims) != len(shape.dims):
        raise refusal(
            "rank-mismatch",
            f"{len(times.dims)} counts to repeat {{subject}}, which has {len(shape.dims)} axes",
            f"Expected multiples argument to be a vector of length {len(shape.dims)} but got length {len(times.dims)}",
            found=shape,
        )
    if times.open and not shape.open:
        return like(machine, source, of_rank(len(shape.dims)), "tensorflow")
    return like(machine, source, tiled(shape, times), "tensorflow")


@array_rule("tensorflow.repeat", params="input, repeats, axis=None, name=None")
def repeat(machine: Machine, args: Arguments) -> Value:
    """``tf.repeat``."""
    source = source_of(machine, args, "input", "tensorflow")
    shape = repeated(machine, source.spec.shape, args.get("repeats"), optional_int(args, "axis"), "tensorflow")
    return like(machine, source, shape, "tensorflow", keep_labels=False)


@array_rule("tensorflow.pad", params="tensor, paddings, mode='CONSTANT', constant_values=0, name=None")
def pad(machine: Machine, args: Arguments) -> Value:
    """``tf.pad``: a pair for each axis."""
    source = source_of(machine, args, "tensor", "tensorflow")
    widths = args.get("paddings")
    if widths is not None and not hasattr(widths, "spec"):
        widths = as_spec(widths, machine, "tensorflow") if _all_known(machine, widths) else widths
    return like(machine, source, padded(machine, source.spec.shape, widths), "tensorflow", keep_labels=False)


@array_rule("tensorflow.reverse", params="tensor, axis, name=None")
@array_rule("tensorflow.roll", params="input, shift, axis, name=None", renamed={"input": "tensor"})
@array_rule(
    "tensorflow.sort",
    params="values, axis=-1, direction='ASCENDING', name=None",
    renamed={"values": "tensor"},
)
@array_rule(
    "tensorflow.stop_gradient",
    "tensorflow.identity",
    params="input, name=None",
    renamed={"input": "tensor"},
)
@array_rule("tensorflow.debugging.check_numerics", params="tensor, message=None, name=None")
def same_shape(machine: Machine, args: Arguments) -> Value:
    """The same shape."""
    source = source_of(machine, args, "tensor", "tensorflow")
    return like(machine, source, source.spec.shape, "tensorflow")


@array_rule("tensorflow.cast", params="x, dtype, name=None")
@array_rule("tensorflow.saturate_cast", params="value, dtype, name=None", renamed={"value": "x"})
@array_rule("tensorflow.dtypes.cast", params="x, dtype, name=None")
def cast(machine: Machine, args: Arguments) -> Value:
    """``tf.cast``: another dtype."""
    source = source_of(machine, args, "x", "tensorflow")
    made = tensor(
        machine,
        source.spec.shape,
        source.spec.dtype,
        kind_of([source], "tensorflow"),
        source.data,
        source.labels,
    )
    return folded(made, dtype_of(args.get("dtype"), "tensorflow"))


@array_rule("tensorflow.reverse_sequence", params="input, seq_lengths, seq_axis=None, batch_axis=None, name=None")
def reverse_sequence(machine: Machine, args: Arguments) -> Value:
    """The same shape; there is a length for each entry of the batch axis."""
    source, lengths = (
        source_of(machine, args, "input", "tensorflow"),
        source_of(machine, args, "seq_lengths", "tensorflow"),
    )
    shape, axis = source.spec.shape, 0 if is_none(args.get("batch_axis")) else as_int(args.get("batch_axis"))
    if (
        axis is not None
        and not shape.open
        and -len(shape.dims) <= axis < len(shape.dims)
        and lengths.spec.shape.rank == 1
    ):
        count = lengths.spec.shape.dims[0]
        shape = shape.replace(axis, count) if isinstance(count, int) and shape.dims[axis] is None else shape
    return like(machine, source, shape, "tensorflow", keep_labels=False)


@array_rule("tensorflow.meshgrid", params="*args, indexing='xy', name=None")
def meshgrid(machine: Machine, args: Arguments) -> Value:
    """``tf.meshgrid``: one grid for each vector."""
    parts = [as_spec(value, machine, "tensorflow") for value in args.rest]
    sizes: list[Dim] = [ANY if part is None else part.spec.shape.size() for part in parts]
    indexing = text_of(args, "indexing", "xy")
    if isinstance(indexing, Unsure):
        sizes = [ANY] * len(sizes)
    elif indexing == "xy" and len(sizes) > 1:
        sizes[0], sizes[1] = sizes[1], sizes[0]
    grids = [tensor(machine, Shape(tuple(sizes)), part.spec.dtype if part else None, "tensor") for part in parts]
    return machine.alloc(ListObject(tuple(grids)))


def _equal_parts(machine: Machine, args: Arguments, place: int, size: Dim, count: int) -> list[Value]:
    source = source_of(machine, args, "value", "tensorflow")
    if count <= 0 or count > 4096:
        return []
    if not isinstance(size, int):
        return pieces(machine, source, place, [None if size is None else ANY] * count, "tensorflow")
    if size % count:
        raise refusal(
            "invalid-argument",
            f"axis {place} of {{subject}} has {size} entries, which cannot be split into {count} equal parts",
            "Number of ways to split should evenly divide the split dimension, "
            f"but got split_dim {place} (size = {size}) and num_split {count}",
            found=source.spec.shape,
            axis=place,
        )
    return pieces(machine, source, place, [size // count] * count, "tensorflow")


def _sizes(size: Dim, wanted: Shape) -> list[Dim]:
    sizes = list(wanted.dims)
    known = [part for part in sizes if isinstance(part, int)]
    if len(known) < len(sizes) or not isinstance(size, int):
        return [ANY if part == -1 else part for part in sizes]
    total = sum(part for part in known if part >= 0)
    if -1 in known:
        return [size - total if part == -1 else part for part in sizes]
    if total != size:
        raise refusal(
            "invalid-argument",
            f"the parts have {total} entries together, but the axis of {{subject}} has {size}",
            None,
            axis=0,
        )
    return sizes


def _all_known(machine: Machine, value: Value) -> bool:
    found = as_spec(value, machine, "tensorflow")
    return found is not None and found.data is not None
