"""Repeating and padding: ``tile``, ``repeat``, ``pad``."""

from __future__ import annotations

from shapelens.library.arrays.axes import normal_axis
from shapelens.library.arrays.convert import Maybe, Unsure, as_int, as_shape, items_of
from shapelens.library.arrays.dtypes import Dialect
from shapelens.library.arrays.failures import refusal
from shapelens.library.machine import Machine
from shapelens.shapes.dims import ANY, Dim, add, mul
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, of_rank
from shapelens.values.value import TensorValue, Value


def tiled(shape: Shape, times: Shape) -> Shape:
    """``tile``: each axis ``times`` as long; missing axes count as 1."""
    if times.open or shape.open:
        return UNKNOWN_SHAPE
    rank = max(len(shape.dims), len(times.dims))
    sizes = (1,) * (rank - len(shape.dims)) + shape.dims
    counts = (1,) * (rank - len(times.dims)) + times.dims
    return Shape(tuple(map(mul, sizes, counts)))


def repeated(machine: Machine, shape: Shape, counts: Value | None, axis: int | Maybe | None, dialect: Dialect) -> Shape:
    """``repeat`` along one axis, or of the flattened array."""
    if axis is None:
        return Shape((_repeat_size(machine, shape.size(), counts),))
    if isinstance(axis, Unsure) or shape.open:
        return UNKNOWN_SHAPE
    place = normal_axis(axis, shape, dialect)
    return shape.replace(place, _repeat_size(machine, shape.dims[place], counts))


def padding_of(machine: Machine, value: Value | None, rank: int) -> list[Dim] | None:
    """What a ``pad_width`` adds to each axis: ``n``, ``(before, after)``, or a pair for each axis."""
    if value is None:
        return None
    single = as_int(value)
    items = items_of(machine, value)
    if items is None and isinstance(value, TensorValue) and isinstance(value.data, tuple):
        pairs = [row for row in value.data if isinstance(row, tuple) and len(row) == 2]
        sums: list[Dim] = [a + b for a, b in pairs if isinstance(a, int) and isinstance(b, int)]
        return _one_for_each(sums, rank) if len(sums) == len(value.data) else None
    if items is None:
        return [2 * single] * rank if single is not None else None
    rows = [items_of(machine, item) for item in items]
    if all(row is None for row in rows):
        flat = as_shape(machine, value)
        if len(flat.dims) not in (1, 2) or flat.open:
            return None
        return [add(flat.dims[0], flat.dims[-1])] * rank
    widths: list[Dim] = []
    for item in items:
        pair = as_shape(machine, item)
        if pair.open or len(pair.dims) not in (1, 2):
            return None
        widths.append(add(pair.dims[0], pair.dims[-1]))
    if len(widths) == 1:
        return widths * rank
    return _one_for_each(widths, rank)


def _one_for_each(widths: list[Dim], rank: int) -> list[Dim]:
    if len(widths) != rank:
        raise refusal(
            "axis-out-of-range",
            f"padding for {len(widths)} axes, but {{subject}} has {rank}",
            None,
            axis=len(widths),
            rank=rank,
        )
    return widths


def padded(machine: Machine, shape: Shape, width: Value | None) -> Shape:
    """``pad``: longer axes."""
    if shape.open:
        return UNKNOWN_SHAPE
    added = padding_of(machine, width, len(shape.dims))
    return of_rank(len(shape.dims)) if added is None else Shape(tuple(map(add, shape.dims, added)))


def _repeat_size(machine: Machine, size: Dim, counts: Value | None) -> Dim:
    single = as_int(counts)
    if single is not None:
        return mul(size, single)
    if counts is None:
        return ANY
    each = as_shape(machine, counts)
    if each.open or not all(isinstance(count, int) for count in each.dims):
        return ANY
    total = sum(count for count in each.dims if isinstance(count, int))
    if len(each.dims) == 1:
        return mul(size, total)
    if isinstance(size, int) and size != len(each.dims):
        raise refusal(
            "broadcast-mismatch",
            f"{len(each.dims)} repeat counts for an axis of {size} entries",
            f"operands could not be broadcast together with shape ({size},) ({len(each.dims)},)",
            subject=1,
        )
    return total
