"""Joining and cutting arrays: ``concatenate``, ``vstack``, ``split``, ``append`` ... (NumPy 2.4)."""

from __future__ import annotations

from collections.abc import Callable

from shapelens.library.arrays.axes import normal_axis
from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import (
    UNSURE,
    Unsure,
    as_dim,
    as_int,
    as_shape,
    as_spec,
    int_or,
    is_list,
    is_none,
    optional_int,
)
from shapelens.library.arrays.dtypes import promote
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.joining import (
    alike_parts,
    concatenate,
    concatenated,
    concatenated_alike,
    parts_of,
    pieces,
    stack,
)
from shapelens.library.arrays.reshaping import flattened
from shapelens.library.arrays.rules import array_rule, like, source_of
from shapelens.library.arrays.slicing import slice_length
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.dims import ANY, Dim, add, sub
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, of_rank
from shapelens.values.objects import ListObject
from shapelens.values.value import SliceValue, TupleValue, Value


@array_rule("numpy.concatenate", "numpy.concat", params="arrays, axis=0, out=None, *, dtype=None, casting=None")
def concatenate_rule(machine: Machine, args: Arguments) -> Value:
    """``np.concatenate``."""
    axis = 0 if args.get("axis") is None else optional_int(args, "axis")
    if isinstance(axis, Unsure):
        # It may be None, which flattens.
        return tensor(machine, UNKNOWN_SHAPE)
    return concatenate(machine, args.get("arrays"), axis, "numpy")


@array_rule("numpy.stack", params="arrays, axis=0, out=None, *, dtype=None, casting=None")
def stack_rule(machine: Machine, args: Arguments) -> Value:
    """``np.stack``."""
    return stack(machine, args.get("arrays"), int_or(args, "axis", 0), "numpy")


@array_rule("numpy.vstack", "numpy.row_stack", params="tup, *, dtype=None, casting=None")
def vstack(machine: Machine, args: Arguments) -> Value:
    """``np.vstack``: vectors become rows."""
    return _stacked(machine, args, _as_rows, lambda rank: 0)


@array_rule("numpy.hstack", params="tup, *, dtype=None, casting=None")
def hstack(machine: Machine, args: Arguments) -> Value:
    """``np.hstack``: along the second axis, vectors along their only one."""
    return _stacked(machine, args, _as_vector, lambda rank: 0 if rank == 1 else 1)


@array_rule("numpy.dstack", params="tup")
def dstack(machine: Machine, args: Arguments) -> Value:
    """``np.dstack``: along the third axis."""
    return _stacked(machine, args, _as_volume, lambda rank: 2)


@array_rule("numpy.column_stack", params="tup")
def column_stack(machine: Machine, args: Arguments) -> Value:
    """``np.column_stack``: vectors become columns."""
    return _stacked(machine, args, _as_columns, lambda rank: 1)


@array_rule("numpy.append", params="arr, values, axis=None")
def append(machine: Machine, args: Arguments) -> Value:
    """``np.append``: flattens unless an axis is given."""
    pair = TupleValue(tuple(args.values[name] for name in ("arr", "values")))
    axis = optional_int(args, "axis")
    return tensor(machine, UNKNOWN_SHAPE) if isinstance(axis, Unsure) else concatenate(machine, pair, axis, "numpy")


@array_rule("numpy.split", params="ary, indices_or_sections, axis=0")
def split(machine: Machine, args: Arguments) -> Value:
    """``np.split``: equal parts, or parts that end at given places."""
    return _split(machine, args, int_or(args, "axis", 0), equal=True)


@array_rule("numpy.array_split", params="ary, indices_or_sections, axis=0")
def array_split(machine: Machine, args: Arguments) -> Value:
    """``np.array_split``: parts of nearly equal size."""
    return _split(machine, args, int_or(args, "axis", 0), equal=False)


@array_rule("numpy.vsplit", params="ary, indices_or_sections")
def vsplit(machine: Machine, args: Arguments) -> Value:
    """``np.vsplit``."""
    return _split(machine, args, 0, equal=True)


@array_rule("numpy.hsplit", params="ary, indices_or_sections")
def hsplit(machine: Machine, args: Arguments) -> Value:
    """``np.hsplit``: along the second axis, vectors along their only one."""
    rank = source_of(machine, args, "ary", "numpy").spec.shape.rank
    return _split(machine, args, UNSURE if rank is None else 0 if rank == 1 else 1, equal=True)


@array_rule("numpy.dsplit", params="ary, indices_or_sections")
def dsplit(machine: Machine, args: Arguments) -> Value:
    """``np.dsplit``: along the third axis."""
    return _split(machine, args, 2, equal=True)


@array_rule("numpy.delete", params="arr, obj, axis=None")
def delete(machine: Machine, args: Arguments) -> Value:
    """``np.delete``: one entry fewer, or as many as there are indices (repetitions count once)."""
    source, chosen = source_of(machine, args, "arr", "numpy"), args.get("obj")

    def left(size: Dim) -> Dim:
        if isinstance(chosen, SliceValue):
            bounds = [None if is_none(bound) else as_dim(bound) for bound in (chosen.start, chosen.stop, chosen.step)]
            return sub(size, slice_length(size, *bounds)) if isinstance(size, int) else ANY
        places = _places(machine, chosen)
        if places is None or (not isinstance(size, int) and any(place < 0 for place in places)):
            return ANY
        if isinstance(size, int):
            outside = [place for place in places if not -size <= place < size]
            if outside:
                raise refusal(
                    "axis-out-of-range",
                    f"there is no entry {outside[0]} to delete among {size}",
                    f"index {outside[0]} is out of bounds for axis",
                    found=source.spec.shape,
                    index=outside[0],
                )
            places = {place % size for place in places}
        return sub(size, len(places))

    return _resized(machine, args, left, source.spec.dtype)


def _places(machine: Machine, value: Value | None) -> set[int] | None:
    """The indices that are given, if all are known."""
    if value is None:
        return None
    single = as_int(value) if not is_list(machine, value) else None
    if single is not None:
        return {single}
    found = as_shape(machine, value)
    known = [place for place in found.dims if isinstance(place, int)]
    sure = is_list(machine, value) and not found.open and len(known) == len(found.dims)
    return set(known) if sure else None


@array_rule("numpy.insert", params="arr, obj, values, axis=None")
def insert(machine: Machine, args: Arguments) -> Value:
    """``np.insert``: an entry for each place, or at one place as many as there are values."""
    source, place = source_of(machine, args, "arr", "numpy"), args.get("obj")
    values = None if args.get("values") is None else as_spec(args.values["values"], machine)
    rank = 1 if is_none(args.get("axis")) else source.spec.shape.rank
    count: Dim = ANY
    if place is not None and is_list(machine, place):
        places = as_shape(machine, place)
        listed = not places.open and all(isinstance(size, int) for size in places.dims)
        count = len(places.dims) if listed and len(places.dims) > 1 else ANY
    elif place is not None and as_int(place) is not None and values is not None and rank is not None:
        shape = values.spec.shape
        if not shape.open:
            count = 1 if len(shape.dims) < rank else shape.dims[0]
    return _resized(machine, args, lambda size: add(size, count), source.spec.dtype)


def _resized(machine: Machine, args: Arguments, change: Callable[[Dim], Dim], dtype: str | None) -> Value:
    source = source_of(machine, args, "arr", "numpy")
    axis = optional_int(args, "axis")
    shape = source.spec.shape
    if axis is None:
        flat = flattened(shape)
        return tensor(machine, flat.replace(0, change(flat.dims[0])), dtype)
    if isinstance(axis, Unsure) or shape.open:
        return tensor(machine, UNKNOWN_SHAPE, dtype)
    place = normal_axis(axis, shape, "numpy")
    return tensor(machine, shape.replace(place, change(shape.dims[place])), dtype)


def _stacked(
    machine: Machine, args: Arguments, prepare: Callable[[Shape], Shape], axis_of: Callable[[int], int]
) -> Value:
    parts = parts_of(machine, args.get("tup"), "numpy")
    if parts is None:
        alike = alike_parts(machine, args.get("tup"), "numpy")
        if alike is None or alike[0].spec.shape.open:
            return tensor(machine, UNKNOWN_SHAPE)
        row = prepare(alike[0].spec.shape)
        shape = concatenated_alike(row, alike[1], axis_of(len(row)), "numpy")
        return tensor(machine, shape, alike[0].spec.dtype, "keras" if alike[0].kind == "keras" else "numpy")
    shapes = [prepare(part.spec.shape) for part in parts]
    rank = next((shape.rank for shape in shapes if shape.rank is not None), None)
    axis = UNSURE if rank is None else axis_of(rank)
    dtype = promote([part.spec.dtype for part in parts], "numpy")
    kind = "keras" if any(part.kind == "keras" for part in parts) else "numpy"
    return tensor(machine, concatenated(shapes, axis, "numpy"), dtype, "keras" if kind == "keras" else "numpy")


def _as_rows(shape: Shape) -> Shape:
    if shape.open or len(shape.dims) > 1:
        return shape
    return Shape((1, *(shape.dims or (1,))))


def _as_vector(shape: Shape) -> Shape:
    return Shape((1,)) if shape.rank == 0 else shape


def _as_columns(shape: Shape) -> Shape:
    if shape.open or len(shape.dims) > 1:
        return shape
    return Shape((*(shape.dims or (1,)), 1))


def _as_volume(shape: Shape) -> Shape:
    if shape.open or len(shape.dims) > 2:
        return shape
    return Shape((1, *(shape.dims or (1,)), 1)) if len(shape.dims) < 2 else Shape((*shape.dims, 1))


def _split(machine: Machine, args: Arguments, axis: int | Unsure, *, equal: bool) -> Value:
    source = source_of(machine, args, "ary", "numpy")
    where = args.get("indices_or_sections")
    count = as_int(where)
    shape = source.spec.shape
    if isinstance(axis, Unsure) or shape.open or where is None:
        part = like(machine, source, UNKNOWN_SHAPE if shape.open else of_rank(len(shape.dims)), "numpy")
        if count is not None:
            return machine.alloc(ListObject((part,) * count))
        return machine.alloc(ListObject((), open=True, rest=part))
    place = normal_axis(axis, shape, "numpy", "")
    size = shape.dims[place]
    if count is None:
        ends = as_shape(machine, where)
        if ends.open or not is_list(machine, where):
            rest = pieces(machine, source, place, [ANY], "numpy")[0]
            return machine.alloc(ListObject((), open=True, rest=rest))
        bounds: list[Dim] = [0, *ends.dims, None]
        sizes = [slice_length(size, bounds[i], bounds[i + 1], 1) for i in range(len(bounds) - 1)]
        return machine.alloc(ListObject(tuple(pieces(machine, source, place, sizes, "numpy"))))
    if count <= 0:
        raise refusal(
            "invalid-argument",
            f"an array cannot be split into {count} parts",
            "number sections must be larger than 0." if not equal else None,
            subject="indices_or_sections",
        )
    if not isinstance(size, int):
        parts: list[Dim] = [ANY] * count
    elif size % count and equal:
        raise refusal(
            "invalid-argument",
            f"axis {place} of {{subject}} has {size} entries, which cannot be split into {count} equal parts",
            "array split does not result in an equal division",
            found=shape,
            axis=place,
        )
    else:
        parts = [size // count + (index < size % count) for index in range(count)]
    return machine.alloc(ListObject(tuple(pieces(machine, source, place, parts, "numpy"))))
