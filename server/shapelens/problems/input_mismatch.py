"""Data do not fit the model's input."""

from __future__ import annotations

from collections.abc import Iterator

from shapelens.problems.arrays import expand_dims, fitting_order, reshape, same_count, transpose
from shapelens.problems.context import Fix, FixContext
from shapelens.problems.declared import correct_declared, sample
from shapelens.problems.kind import Kind
from shapelens.problems.words import subject_of
from shapelens.shapes.dims import product
from shapelens.shapes.shape import Shape
from shapelens.shapes.span import Span
from shapelens.values.facts import Operand, ProblemFact


def propose(problem: ProblemFact, context: FixContext) -> Iterator[Fix]:
    """Another shape of the data, or another declared shape."""
    expected, found = problem.failure.expected, problem.failure.found
    if expected is None or found is None or expected.open or found.open:
        return
    operand = subject_of(problem)
    if operand is not None:
        yield from _other_data(problem, context, operand, expected, found)
    place = problem.failure.details.get("input_place")
    if isinstance(place, Span) and len(found) > 1:
        yield from correct_declared(context, place, sample(found))


def _other_data(
    problem: ProblemFact, context: FixContext, operand: Operand, expected: Shape, found: Shape
) -> Iterator[Fix]:
    item = problem.failure.details.get("item")
    if len(found) == len(expected) - 1:
        for axis in range(1, len(expected)):
            rest = (*expected.dims[1:axis], *expected.dims[axis + 1 :])
            fits = all(want is None or want == size for want, size in zip(rest, found.dims[1:], strict=True))
            if fits and expected.dims[axis] in (1, None):
                yield from expand_dims(context, operand, -1 if axis == len(expected) - 1 else axis, item)
    if same_count(expected, found):
        yield from reshape(context, operand, (-1, *expected.dims[1:]), item)
    order = fitting_order(expected, found)
    if order is not None:
        yield from transpose(context, operand, order, item)
    wanted, total = product(expected.dims[1:]), found.size()
    if isinstance(wanted, int) and isinstance(total, int) and not same_count(expected, found):
        # Fewer, longer samples: what windows of a series are cut from.
        if wanted > 0 and total % wanted == 0 and len(found) != len(expected):
            yield from reshape(context, operand, (-1, *expected.dims[1:]), item)


KIND = Kind(
    "input-mismatch",
    "Data do not fit the model's input",
    "error",
    "The data given to a model have another shape than its declared input.",
    propose=propose,
)
