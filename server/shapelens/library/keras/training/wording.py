"""Shapes as Keras and TensorFlow print them, and as a sentence of ours names them."""

from __future__ import annotations

from shapelens.shapes.dims import Dim, same
from shapelens.shapes.shape import Shape


def static(shape: Shape, batch: int | None) -> Shape:
    """``shape`` as it is traced: ``batch`` on the first axis, sizes that are not known as `None`."""
    dims = tuple(d if isinstance(d, int) else None for d in shape.dims)
    return Shape((batch, *dims[1:]), shape.open) if dims and not shape.open else Shape(dims, shape.open)


def tf_shape(shape: Shape) -> str:
    """TensorFlow's way: ``[?,10]``."""
    return "[" + ",".join("?" if d is None else str(d) for d in shape.dims) + "]"


def first_difference(expected: Shape, found: Shape) -> int | None:
    """The first axis after the batch whose sizes differ for certain, if the ranks are equal."""
    if expected.open or found.open or len(expected) != len(found):
        return None
    for axis in range(1, len(expected)):
        if differs(expected.dims[axis], found.dims[axis]):
            return axis
    return None


def differs(a: Dim, b: Dim) -> bool:
    """Whether two sizes are different for certain."""
    return same(a, b) is False


def axis_name(axis: int, rank: int) -> str:
    """``axis 1`` or ``the last axis``."""
    return "the last axis" if axis == rank - 1 else f"axis {axis}"
