"""Rearranging axes: expand, squeeze, transpose, swap, move.

Wordings from runs of NumPy 2.4, TensorFlow 2.21 and Keras 3.15.
"""

from __future__ import annotations

from collections.abc import Sequence

from shapelens.library.arrays.convert import Maybe, Unsure
from shapelens.library.arrays.dtypes import Dialect
from shapelens.library.arrays.failures import refusal
from shapelens.shapes.dims import Dim
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, of_rank
from shapelens.values.failure import ShapeFailure


def axis_refusal(axis: int, rank: int, found: Shape, dialect: Dialect, words: str | None = None) -> ShapeFailure:
    """An axis that the array does not have; ``words`` replace the usual sentence of the library ("": none)."""
    if words is None and dialect == "numpy":
        words = f"axis {axis} is out of bounds for array of dimension {rank}"
    elif words is None and dialect == "keras":
        words = f"axis {axis} is out of bounds for an array with dimension {rank}."
    return refusal(
        "axis-out-of-range",
        f"axis {axis} is out of range: {{subject}} has {len(found.dims)} axes, {found}",
        words or None,
        found=found,
        axis=axis,
        rank=rank,
    )


def normal_axis(axis: int, shape: Shape, dialect: Dialect, words: str | None = None) -> int:
    """``axis`` counted from the front of a shape of known rank."""
    rank = len(shape.dims)
    if not -rank <= axis < rank:
        raise axis_refusal(axis, rank, shape, dialect, words)
    return axis % rank


def expanded(shape: Shape, axes: Sequence[int] | Maybe | None, dialect: Dialect) -> Shape:
    """``expand_dims``: new axes of size 1 at ``axes`` of the result."""
    if isinstance(axes, Unsure) or axes is None:
        return UNKNOWN_SHAPE if shape.open else of_rank(len(shape.dims) + 1)
    if shape.open:
        if len(axes) > 1:
            return UNKNOWN_SHAPE
        if axes[0] >= 0:
            return shape if axes[0] == 0 else UNKNOWN_SHAPE
        cut = len(shape.dims) + axes[0] + 1
        return Shape((*shape.dims[:cut], 1, *shape.dims[cut:]), open=True) if cut >= 0 else UNKNOWN_SHAPE
    rank = len(shape.dims) + len(axes)
    for axis in axes:
        if not -rank <= axis < rank:
            words = f"Tried to expand dim index {axis} for tensor with {len(shape.dims)} dimensions."
            raise axis_refusal(axis, rank, shape, dialect, words if dialect == "tensorflow" else None)
    places = {axis % rank for axis in axes}
    if len(places) < len(axes):
        raise refusal("invalid-argument", "an axis is given twice", "repeated axis", subject="axis")
    old = iter(shape.dims)
    return Shape(tuple(1 if place in places else next(old) for place in range(rank)))


def squeezed(shape: Shape, axes: Sequence[int] | Maybe | None, dialect: Dialect) -> Shape:
    """``squeeze``: without axes of size 1."""
    if isinstance(axes, Unsure):
        return UNKNOWN_SHAPE
    if axes is None or not axes:
        return _squeezed_everywhere(shape, dynamic_may_go=dialect == "tensorflow")
    if shape.open:
        return UNKNOWN_SHAPE
    gone: set[int] = set()
    for axis in axes:
        words = None
        if dialect == "tensorflow":
            rank = len(shape.dims)
            words = f"Tried to squeeze dim index {axis} for tensor with {rank} dimensions."
        place = normal_axis(axis, shape, dialect, words)
        size = shape.dims[place]
        if isinstance(size, int) and size != 1:
            raise _squeeze_refusal(shape, axis, place, dialect)
        gone.add(place)
    return Shape(tuple(d for i, d in enumerate(shape.dims) if i not in gone))


def transposed(shape: Shape, perm: Sequence[int] | Maybe | None, dialect: Dialect) -> Shape:
    """``transpose``: the axes in reverse, or in the order ``perm``."""
    if isinstance(perm, Unsure) or shape.open:
        return of_rank(len(perm)) if shape.open and perm and not isinstance(perm, Unsure) else _loose(shape)
    rank = len(shape.dims)
    if perm is None:
        return Shape(shape.dims[::-1])
    places = [axis % rank if rank and -rank <= axis < rank else -1 for axis in perm]
    if sorted(places) != list(range(rank)):
        raise _transpose_refusal(shape, perm, dialect)
    return Shape(tuple(shape.dims[place] for place in places))


def swapped(shape: Shape, first: int | Maybe, second: int | Maybe, dialect: Dialect) -> Shape:
    """``swapaxes``."""
    if isinstance(first, Unsure) or isinstance(second, Unsure) or shape.open:
        return _loose(shape)
    a, b = normal_axis(first, shape, dialect), normal_axis(second, shape, dialect)
    sizes: list[Dim] = list(shape.dims)
    sizes[a], sizes[b] = sizes[b], sizes[a]
    return Shape(tuple(sizes))


def moved(
    shape: Shape, source: Sequence[int] | Maybe | None, target: Sequence[int] | Maybe | None, dialect: Dialect
) -> Shape:
    """``moveaxis``."""
    if source is None or target is None or isinstance(source, Unsure) or isinstance(target, Unsure) or shape.open:
        return _loose(shape)
    start = [normal_axis(axis, shape, dialect) for axis in source]
    end = [normal_axis(axis, shape, dialect) for axis in target]
    if len(start) != len(end):
        raise refusal(
            "invalid-argument",
            "source and destination have different numbers of axes",
            "`source` and `destination` arguments must have the same number of elements",
            subject="destination",
        )
    order = [axis for axis in range(len(shape.dims)) if axis not in start]
    for place, axis in sorted(zip(end, start, strict=True)):
        order.insert(place, axis)
    return Shape(tuple(shape.dims[axis] for axis in order))


def _loose(shape: Shape) -> Shape:
    return UNKNOWN_SHAPE if shape.open else of_rank(len(shape.dims))


def _squeezed_everywhere(shape: Shape, *, dynamic_may_go: bool) -> Shape:
    kept: list[Dim] = []
    for size in reversed(shape.dims):
        if not isinstance(size, int) and (size is not None or dynamic_may_go):
            # It may be 1: how many axes are left of here is not known.
            return Shape(tuple(reversed(kept)), open=True)
        if size != 1:
            kept.append(size)
    return Shape(tuple(reversed(kept)), shape.open)


def _squeeze_refusal(shape: Shape, axis: int, place: int, dialect: Dialect) -> ShapeFailure:
    size = shape.dims[place]
    words = {
        "numpy": "cannot select an axis to squeeze out which has size not equal to one",
        "tensorflow": f"Can not squeeze dim[{place}], expected a dimension of 1, got {size}",
        "keras": f"Cannot squeeze axis {axis}, because the dimension is not 1.",
    }[dialect]
    return refusal(
        "axis-out-of-range",
        f"axis {axis} of {{subject}} has {size} entries and cannot be squeezed away",
        words,
        found=shape,
        axis=axis,
    )


def _transpose_refusal(shape: Shape, perm: Sequence[int], dialect: Dialect) -> ShapeFailure:
    rank = len(shape.dims)
    words = None
    if len(perm) != rank:
        words = {
            "numpy": "axes don't match array",
            "tensorflow": (f"transpose expects a vector of size {rank}. But input(1) is a vector of size {len(perm)}"),
            "keras": (
                f"axis must be a list of the same length as the input shape, expected {rank}, but received {len(perm)}."
            ),
        }[dialect]
    return refusal(
        "axis-out-of-range",
        f"{tuple(perm)} is no order of the {rank} axes of {{subject}}, {shape}",
        words,
        found=shape,
        perm=tuple(perm),
    )
