"""Shapes cannot be broadcast."""

from __future__ import annotations

from collections.abc import Iterator

from shapelens.problems.arrays import expand_dims, transpose
from shapelens.problems.context import Fix, FixContext
from shapelens.problems.kind import Kind
from shapelens.problems.words import operand
from shapelens.shapes.broadcast import Clash, broadcast
from shapelens.shapes.shape import Shape
from shapelens.values.facts import Operand, ProblemFact
from shapelens.values.value import TensorValue


def propose(problem: ProblemFact, context: FixContext) -> Iterator[Fix]:
    """An axis of size 1 where it makes the shapes fit, or a transpose."""
    left, right = operand(problem, "left", "0"), operand(problem, "right", "1")
    a, b = _shape(left), _shape(right)
    # Where a size is not known, nothing says that the change helps.
    if left is None or right is None or a is None or b is None or not a.known or not b.known:
        return
    for changed, shape, other in ((right, b, a), (left, a, b)):
        for axis in range(len(shape), -1, -1):
            wider = Shape((*shape.dims[:axis], 1, *shape.dims[axis:]))
            # Growing the result by an axis is not what an elementwise operation is for.
            if len(wider) <= len(other) and not isinstance(broadcast(wider, other), Clash):
                yield from expand_dims(context, changed, -1 if axis == len(shape) else axis)
        if len(shape) == 2 and shape.dims[::-1] == other.dims:
            yield from transpose(context, changed, None)


def _shape(found: Operand | None) -> Shape | None:
    if found is None or not isinstance(found.value, TensorValue) or found.value.spec.shape.open:
        return None
    return found.value.spec.shape


KIND = Kind(
    "broadcast-mismatch",
    "Shapes cannot be broadcast",
    "error",
    "An elementwise operation got shapes that broadcasting cannot join.",
    propose=propose,
)
