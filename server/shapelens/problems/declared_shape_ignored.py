"""A declared input shape that is ignored."""

from __future__ import annotations

from collections.abc import Iterator

from shapelens.problems.context import Fix, FixContext
from shapelens.problems.declared import correct_declared, sample
from shapelens.problems.kind import Kind
from shapelens.shapes.span import Span
from shapelens.values.facts import ProblemFact


def propose(problem: ProblemFact, context: FixContext) -> Iterator[Fix]:
    """Declare the shape that the data have."""
    found = problem.failure.found
    if found is None or found.open or len(found) < 2:
        return
    place = problem.failure.details.get("input_place")
    spans = [place] if isinstance(place, Span) else []
    spans += [problem.span, *(place.span for place in problem.failure.places)]
    for span in spans:
        fixes = list(correct_declared(context, span, sample(found)))
        if fixes:
            yield from fixes
            return


KIND = Kind(
    "declared-shape-ignored",
    "A declared input shape that is ignored",
    "warning",
    "A declared input shape has no effect, and the real input differs from it.",
    propose=propose,
)
