"""The loss broadcasts targets against outputs."""

from __future__ import annotations

from collections.abc import Iterator

from shapelens.problems.arrays import called, expand_dims
from shapelens.problems.context import Fix, FixContext
from shapelens.problems.kind import Kind
from shapelens.problems.target_mismatch import head_fixes
from shapelens.problems.words import operand
from shapelens.shapes.shape import Shape
from shapelens.values.facts import Operand, ProblemFact


def propose(problem: ProblemFact, context: FixContext) -> Iterator[Fix]:
    """As for targets that do not fit; in a direct call of a loss, the axis that one side lacks."""
    expected, found = problem.failure.expected, problem.failure.found
    if expected is None or found is None or expected.open or found.open:
        return
    yield from head_fixes(problem, context, expected, found)
    if "direct" in problem.failure.details:
        true = operand(problem, "y_true", "0")
        predicted = operand(problem, "y_pred", "1")
        yield from _same_axes(context, true, predicted, found, expected)


def _same_axes(
    context: FixContext, true: Operand | None, predicted: Operand | None, target: Shape, output: Shape
) -> Iterator[Fix]:
    for shorter, longer, one, other in ((true, predicted, target, output), (predicted, true, output, target)):
        if len(one) == len(other) - 1 and other.axis(-1) == 1:
            if shorter is not None:
                yield from expand_dims(context, shorter, -1)
            if longer is not None:
                yield from called(context, longer, "squeeze", ", axis=-1", "Drop the last axis with {function}")


KIND = Kind(
    "loss-broadcast",
    "The loss broadcasts targets against outputs",
    "warning",
    "Targets and output differ, and broadcasting hides it: the loss compares values of different places.",
    propose=propose,
)
