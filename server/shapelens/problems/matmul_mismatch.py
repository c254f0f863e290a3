"""Inner sizes of a product differ."""

from __future__ import annotations

from collections.abc import Iterator

from shapelens.problems.arrays import transpose
from shapelens.problems.context import Fix, FixContext
from shapelens.problems.kind import Kind
from shapelens.problems.words import operand
from shapelens.values.facts import ProblemFact
from shapelens.values.value import TensorValue


def propose(problem: ProblemFact, context: FixContext) -> Iterator[Fix]:
    """The transpose of one matrix where that makes the inner sizes equal."""
    owner = operand(problem, "self")
    left = owner or operand(problem, "left", "0")
    right = operand(problem, "0") if owner is not None else operand(problem, "right", "1")
    if left is None or right is None:
        return
    a, b = left.value, right.value
    if not isinstance(a, TensorValue) or not isinstance(b, TensorValue):
        return
    one, other = a.spec.shape, b.spec.shape
    if not one.known or not other.known or len(one) != 2 or len(other) != 2:
        return
    if one.dims[1] == other.dims[1]:
        yield from transpose(context, right, None)
    if one.dims[0] == other.dims[0]:
        yield from transpose(context, left, None)


KIND = Kind(
    "matmul-mismatch",
    "Inner sizes of a product differ",
    "error",
    "A matrix product, dot or einsum got operands whose contracted axes differ.",
    propose=propose,
)
