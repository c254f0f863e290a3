"""NumPy's broadcasting, over sizes that may not be known."""

from __future__ import annotations

from dataclasses import dataclass

from shapelens.shapes.dims import ANY, Dim, same
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape


@dataclass(frozen=True, slots=True)
class Clash:
    """Two sizes that cannot be broadcast: ``axis`` counts from the end (-1 is the last)."""

    axis: int
    left: Dim
    right: Dim


def broadcast(left: Shape, right: Shape) -> Shape | Clash:
    """The shape of an elementwise result, or the last axis that cannot fit."""
    sizes: list[Dim] = []
    longest = max(len(left.dims), len(right.dims))
    for axis in range(-1, -longest - 1, -1):
        a = _size(left, axis)
        b = _size(right, axis)
        size = _broadcast_sizes(a, b)
        if isinstance(size, Clash):
            return Clash(axis, a, b)
        sizes.append(size)
    if left.open or right.open:
        known = min(len(side.dims) for side in (left, right) if side.open)
        closed = [side for side in (left, right) if not side.open]
        # Left of the known part of an open shape there may be any number of axes.
        keep = max([known, *(len(side.dims) for side in closed)]) if closed else known
        return Shape(tuple(reversed(sizes[:keep])), open=True) if sizes else UNKNOWN_SHAPE
    return Shape(tuple(reversed(sizes)))


def _size(side: Shape, axis: int) -> Dim:
    if -axis <= len(side.dims):
        return side.dims[axis]
    return ANY if side.open else 1


def _broadcast_sizes(a: Dim, b: Dim) -> Dim | Clash:
    if a == 1:
        return b
    if b == 1:
        return a
    if isinstance(a, int) and isinstance(b, int):
        return a if a == b else Clash(0, a, b)
    if same(a, b):
        return a
    # One is unknown: if the other is a known size above 1, the result has it for certain.
    if isinstance(a, int):
        return a
    if isinstance(b, int):
        return b
    return None if a is None and b is None else ANY
