"""How Keras brings targets and outputs to the same rank, and what broadcasting then makes of them."""

from __future__ import annotations

from shapelens.library.keras.training.batches import Batches
from shapelens.shapes.broadcast import Clash, broadcast
from shapelens.shapes.dims import Dim, same
from shapelens.shapes.shape import Shape


def same_rank(target: Shape, output: Shape, *, expand_rank_1: bool = True) -> tuple[Shape, Shape] | None:
    """Keras's ``squeeze_or_expand_to_same_rank``: ranks that differ by one, where the longer ends in 1.

    `None` when it cannot be told what it does.
    """
    if target.open or output.open:
        return None
    if len(target) == len(output) + 1:
        return _drop_last(target, output, expand_rank_1)
    if len(output) == len(target) + 1:
        adjusted = _drop_last(output, target, expand_rank_1)
        return None if adjusted is None else (adjusted[1], adjusted[0])
    return target, output


def _drop_last(longer: Shape, shorter: Shape, expand_rank_1: bool) -> tuple[Shape, Shape] | None:
    last = longer.dims[-1]
    if last == 1:
        if len(shorter) == 1 and expand_rank_1:
            return longer, Shape((*shorter.dims, 1))
        return Shape(longer.dims[:-1]), shorter
    # A dynamic axis (`None`) is not 1 while Keras traces; a size that only we do not know may be.
    return (longer, shorter) if isinstance(last, int) or last is None else None


def with_batch(shape: Shape, size: Dim) -> Shape:
    """``shape`` with another first axis."""
    return Shape((size, *shape.dims[1:])) if shape.dims else shape


def clash(left: Shape, right: Shape, batches: Batches) -> Clash | None:
    """Why an elementwise operation raises for one of the batches that occur for certain."""
    if batches.whole:
        result = broadcast(left, right)
        return result if isinstance(result, Clash) else None
    for size in batches.choices:
        result = broadcast(with_batch(left, size), with_batch(right, size))
        if isinstance(result, Clash):
            return result
    return None


def equal(left: Shape, right: Shape) -> bool | None:
    """Whether two shapes with the same batch axis are equal; `None` when it cannot be told."""
    if left.open or right.open:
        return None
    if len(left) != len(right):
        return False
    answers = [same(a, b) for a, b in zip(left.dims[1:], right.dims[1:], strict=True)]
    if False in answers:
        return False
    return True if all(answers) else None
