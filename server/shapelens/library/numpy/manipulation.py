"""Changing the shape of arrays: ``reshape``, ``expand_dims``, ``transpose``, ``tile`` ... (NumPy 2.4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy

from shapelens.library.arrays import axes as on_axes
from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import (
    UNSURE,
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
    shape_argument,
    sizes_or_shape,
)
from shapelens.library.arrays.creating import folded
from shapelens.library.arrays.dtypes import dtype_of, scalar_type
from shapelens.library.arrays.elementwise import broadcast_all
from shapelens.library.arrays.failures import comma_text, refusal
from shapelens.library.arrays.repeating import padded, repeated, tiled
from shapelens.library.arrays.reshaping import flattened, reshaped
from shapelens.library.arrays.rules import array_rule, like, source_of
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.broadcast import Clash, broadcast
from shapelens.shapes.dims import ANY
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, of_rank
from shapelens.values.failure import NotKnown, ShapeFailure
from shapelens.values.value import NONE, TupleValue, Value


@array_rule("numpy.reshape", params="a, shape=None, order='C', *, newshape=None, copy=None")
def reshape(machine: Machine, args: Arguments) -> Value:
    """``np.reshape(a, shape)``."""
    given = args.get("shape") or args.get("newshape")
    return _reshaped(machine, args, shape_argument(machine, given))


@array_rule("numpy.ndarray.reshape", params="a, *shape, order='C', copy=None")
def reshape_method(machine: Machine, args: Arguments) -> Value:
    """``a.reshape(2, 3)``, ``a.reshape((2, 3))``."""
    return _reshaped(machine, args, sizes_or_shape(machine, args.rest))


@array_rule("numpy.ndarray.resize", params="a, *shape, refcheck=True")
def resize_method(machine: Machine, args: Arguments) -> Value:
    """In place: gives ``None``."""
    return NONE


@array_rule("numpy.resize", params="a, new_shape")
def resize(machine: Machine, args: Arguments) -> Value:
    """``np.resize``: repeats or cuts as needed."""
    source = source_of(machine, args, "a", "numpy")
    return tensor(machine, as_shape(machine, args.get("new_shape")), source.spec.dtype)


@array_rule("numpy.ravel", "numpy.ndarray.ravel", "numpy.ndarray.flatten", params="a, order='C'")
def ravel(machine: Machine, args: Arguments) -> Value:
    """All elements in one axis."""
    source = source_of(machine, args, "a", "numpy")
    return like(machine, source, flattened(source.spec.shape), "numpy", fold=numpy.ravel)


@array_rule("numpy.expand_dims", params="a, axis")
def expand_dims(machine: Machine, args: Arguments) -> Value:
    """``np.expand_dims``."""
    source = source_of(machine, args, "a", "numpy")
    axes = axes_of(machine, args.get("axis"))
    shape = on_axes.expanded(source.spec.shape, axes, "numpy")
    if isinstance(axes, Unsure) and scalar_type(args.values["axis"]) is not int:
        # There may be several.
        given, rank = items_of(machine, args.get("axis")), source.spec.shape.rank
        shape = UNKNOWN_SHAPE if given is None or rank is None else of_rank(rank + len(given))
    fold = None if axes is None or isinstance(axes, Unsure) else lambda x: numpy.expand_dims(x, axes)
    return like(machine, source, shape, "numpy", fold=fold)


@array_rule("numpy.squeeze", "numpy.ndarray.squeeze", params="a, axis=None")
def squeeze(machine: Machine, args: Arguments) -> Value:
    """``np.squeeze``."""
    source = source_of(machine, args, "a", "numpy")
    axes = axes_of(machine, args.get("axis"))
    shape = on_axes.squeezed(source.spec.shape, axes, "numpy")
    return like(machine, source, shape, "numpy", fold=_to(shape))


def _register_at_least(name: str, least: int) -> None:
    def rule(machine: Machine, args: Arguments) -> Value:
        parts = tuple(_at_least(machine, value, least) for value in args.rest)
        return parts[0] if len(parts) == 1 else TupleValue(parts)

    array_rule(f"numpy.{name}", params="*arys")(rule)


def _at_least(machine: Machine, value: Value, least: int) -> Value:
    source = operand(machine, value)
    shape = source.spec.shape
    if not shape.open and len(shape.dims) < least:
        missing = least - len(shape.dims)
        # Of three axes, the missing ones lie around a vector and behind a matrix.
        behind = 1 if least == 3 and shape.dims else 0
        shape = Shape((1,) * (missing - behind) + shape.dims + (1,) * behind)
    if shape.open and least == 3 and len(shape.dims) < 3:
        shape = UNKNOWN_SHAPE
    return like(machine, source, shape, "numpy")


for _name, _least in (("atleast_1d", 1), ("atleast_2d", 2), ("atleast_3d", 3)):
    _register_at_least(_name, _least)


@array_rule("numpy.broadcast_arrays", params="*args, subok=False")
def broadcast_arrays(machine: Machine, args: Arguments) -> Value:
    """Every array in the shape that all broadcast to."""
    parts = [operand(machine, value) for value in args.rest]
    try:
        shape = broadcast_all([part.spec.shape for part in parts])
    except ShapeFailure as failure:
        # NumPy has other words here.
        raise ShapeFailure(replace(failure.failure, keras=None)) from None
    return TupleValue(tuple(tensor(machine, shape, part.spec.dtype) for part in parts))


@array_rule("numpy.unstack", params="x, /, *, axis=0")
def unstack(machine: Machine, args: Arguments) -> Value:
    """An array for each entry of an axis."""
    source, axis = source_of(machine, args, "x", "numpy"), int_or(args, "axis", 0)
    shape = source.spec.shape
    if shape.open or isinstance(axis, Unsure):
        raise NotKnown("it is not known how many arrays this gives")
    place = on_axes.normal_axis(axis, shape, "numpy")
    count = shape.dims[place]
    if not isinstance(count, int) or count > 4096:
        raise NotKnown("it is not known how many arrays this gives")
    row = tensor(machine, Shape((*shape.dims[:place], *shape.dims[place + 1 :])), source.spec.dtype)
    return TupleValue((row,) * count)


@array_rule("numpy.transpose", "numpy.permute_dims", params="a, axes=None")
def transpose(machine: Machine, args: Arguments) -> Value:
    """``np.transpose(a, axes)``."""
    return _transposed(machine, args, args.get("axes"))


@array_rule("numpy.ndarray.transpose", params="a, *axes")
def transpose_method(machine: Machine, args: Arguments) -> Value:
    """``a.transpose(1, 0)``, ``a.transpose((1, 0))``, ``a.transpose()``."""
    order = args.rest[0] if len(args.rest) == 1 else TupleValue(args.rest) if args.rest else None
    return _transposed(machine, args, order)


@array_rule("numpy.swapaxes", "numpy.ndarray.swapaxes", params="a, axis1, axis2")
def swapaxes(machine: Machine, args: Arguments) -> Value:
    """``np.swapaxes``."""
    source = source_of(machine, args, "a", "numpy")
    first, second = int_or(args, "axis1", 0), int_or(args, "axis2", 0)
    return like(machine, source, on_axes.swapped(source.spec.shape, first, second, "numpy"), "numpy")


@array_rule("numpy.moveaxis", params="a, source, destination")
def moveaxis(machine: Machine, args: Arguments) -> Value:
    """``np.moveaxis``."""
    array = source_of(machine, args, "a", "numpy")
    start, end = axes_of(machine, args.get("source")), axes_of(machine, args.get("destination"))
    return like(machine, array, on_axes.moved(array.spec.shape, start, end, "numpy"), "numpy")


@array_rule("numpy.rollaxis", params="a, axis, start=0")
def rollaxis(machine: Machine, args: Arguments) -> Value:
    """``np.rollaxis``."""
    array = source_of(machine, args, "a", "numpy")
    axis, start = int_or(args, "axis", 0), int_or(args, "start", 0)
    shape = array.spec.shape
    if isinstance(axis, Unsure) or isinstance(start, Unsure) or shape.open:
        return like(machine, array, on_axes.moved(shape, UNSURE, UNSURE, "numpy"), "numpy")
    place = on_axes.normal_axis(axis, shape, "numpy")
    end = start + len(shape.dims) if start < 0 else start
    return like(machine, array, on_axes.moved(shape, (place,), (end - (place < end),), "numpy"), "numpy")


@array_rule("numpy.tile", params="A, reps")
def tile(machine: Machine, args: Arguments) -> Value:
    """``np.tile``."""
    source = source_of(machine, args, "A", "numpy")
    times = as_shape(machine, args.get("reps"))
    counts = [int(str(count)) for count in times.dims] if times.known else None
    fold = None if counts is None else lambda x: numpy.tile(x, counts)
    return like(machine, source, tiled(source.spec.shape, times), "numpy", fold=fold)


@array_rule("numpy.repeat", "numpy.ndarray.repeat", params="a, repeats, axis=None")
def repeat(machine: Machine, args: Arguments) -> Value:
    """``np.repeat``."""
    source = source_of(machine, args, "a", "numpy")
    shape = repeated(machine, source.spec.shape, args.get("repeats"), optional_int(args, "axis"), "numpy")
    count, axis = as_int(args.get("repeats")), optional_int(args, "axis")
    fold = None if count is None or isinstance(axis, Unsure) else lambda x: numpy.repeat(x, count, axis)
    return like(machine, source, shape, "numpy", fold=fold, keep_labels=count is not None)


@array_rule("numpy.pad", params="array, pad_width, mode='constant', **kwargs")
def pad(machine: Machine, args: Arguments) -> Value:
    """``np.pad``."""
    source = source_of(machine, args, "array", "numpy")
    shape = padded(machine, source.spec.shape, args.get("pad_width"))
    return like(machine, source, shape, "numpy", keep_labels=False)


@array_rule("numpy.flip", params="m, axis=None", renamed={"m": "a"})
def flip(machine: Machine, args: Arguments) -> Value:
    """Turned round along axes."""
    source, axes = source_of(machine, args, "a", "numpy"), axes_of(machine, args.get("axis"))
    if not isinstance(axes, Unsure) and axes is not None and not source.spec.shape.open:
        for axis in axes:
            on_axes.normal_axis(axis, source.spec.shape, "numpy")
    fold = None if isinstance(axes, Unsure) else lambda x: numpy.flip(x, axes)
    return like(machine, source, source.spec.shape, "numpy", fold=fold)


@array_rule("numpy.roll", params="a, shift, axis=None")
@array_rule("numpy.fliplr", "numpy.flipud", params="m", renamed={"m": "a"})
def same_shape(machine: Machine, args: Arguments) -> Value:
    """Rearranges the elements within the same shape."""
    source = source_of(machine, args, "a", "numpy")
    return like(machine, source, source.spec.shape, "numpy")


@array_rule("numpy.rot90", params="m, k=1, axes=None", renamed={"m": "a"})
def rot90(machine: Machine, args: Arguments) -> Value:
    """``np.rot90``: for one turn of the first two axes."""
    source = source_of(machine, args, "a", "numpy")
    shape, turns = source.spec.shape, 1 if args.get("k") is None else as_int(args.get("k"))
    if shape.open or turns is None or len(shape.dims) < 2 or args.get("axes") is not None:
        return like(machine, source, UNKNOWN_SHAPE if shape.open else of_rank(len(shape.dims)), "numpy")
    first, second, *others = shape.dims
    turned = (second, first) if turns % 2 else (first, second)
    return like(machine, source, Shape((*turned, *others)), "numpy")


@array_rule("numpy.broadcast_to", params="array, shape, subok=False")
def broadcast_to(machine: Machine, args: Arguments) -> Value:
    """``np.broadcast_to``."""
    source = source_of(machine, args, "array", "numpy")
    target = as_shape(machine, args.get("shape"))
    met = broadcast(source.spec.shape, target)
    longer = not source.spec.shape.open and not target.open and len(source.spec.shape.dims) > len(target.dims)
    if isinstance(met, Clash) or longer:
        words = None
        if source.spec.shape.known and target.known and not longer:
            words = (
                "operands could not be broadcast together with remapped shapes [original->remapped]: "
                f"{comma_text(source.spec.shape.dims)}"
            )
        raise refusal(
            "broadcast-mismatch",
            f"{{subject}} of shape {source.spec.shape} cannot be broadcast to {target}",
            words,
            expected=target,
            found=source.spec.shape,
        )
    return tensor(machine, target, source.spec.dtype, kind_of([source], "numpy"))


@array_rule("numpy.broadcast_shapes", params="*args")
def broadcast_shapes(machine: Machine, args: Arguments) -> Value:
    """``np.broadcast_shapes``."""
    result = Shape(())
    for value in args.rest:
        met = broadcast(result, as_shape(machine, value))
        if isinstance(met, Clash):
            return tensor(machine, Shape((ANY,)))
        result = met
    return machine.attribute(tensor(machine, result), "shape")


@array_rule("numpy.ndarray.astype", params="a, dtype, order='K', casting='unsafe', subok=True, copy=True")
@array_rule("numpy.astype", params="a, dtype, /, *, copy=True, device=None")
def astype(machine: Machine, args: Arguments) -> Value:
    """``a.astype(dtype)``."""
    source = source_of(machine, args, "a", "numpy")
    return folded(source, dtype_of(args.get("dtype")))


@array_rule("numpy.ndarray.view", params="a, *args, **kwargs")
def view(machine: Machine, args: Arguments) -> Value:
    """``a.view(dtype)``: the last axis may change."""
    source = source_of(machine, args, "a", "numpy")
    rank = source.spec.shape.rank
    same = not args.rest and not args.extra
    return tensor(machine, source.spec.shape if same else UNKNOWN_SHAPE if rank is None else of_rank(rank))


@array_rule(
    "numpy.ndarray.sort",
    "numpy.ndarray.fill",
    "numpy.ndarray.tofile",
    "numpy.ndarray.setflags",
    "numpy.ndarray.put",
    "numpy.ndarray.partition",
    "numpy.ndarray.itemset",
    params="a, *args, **kwargs",
)
def in_place(machine: Machine, args: Arguments) -> Value:
    """Works in place: gives ``None``."""
    return NONE


def _reshaped(machine: Machine, args: Arguments, target: Shape) -> Value:
    source = source_of(machine, args, "a", "numpy")
    shape = reshaped(source.spec.shape, target, "numpy")
    return like(machine, source, shape, "numpy", fold=_to(shape) if is_none(args.get("order")) else None)


def _to(shape: Shape) -> Callable[[Any], Any] | None:
    """What gives contents this shape; `None` where a size of it is not known."""
    sizes = [size for size in shape.dims if isinstance(size, int)]
    return (lambda x: x.reshape(sizes)) if shape.known else None


def _transposed(machine: Machine, args: Arguments, order: Value | None) -> Value:
    source = source_of(machine, args, "a", "numpy")
    axes = axes_of(machine, order)
    shape = on_axes.transposed(source.spec.shape, axes, "numpy")
    fold = None if isinstance(axes, Unsure) else lambda x: numpy.transpose(x, axes)
    return like(machine, source, shape, "numpy", fold=fold)
