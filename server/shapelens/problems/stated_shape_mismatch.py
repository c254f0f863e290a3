"""A stated shape that is not the real one."""

from __future__ import annotations

from collections.abc import Iterator

from shapelens.problems.context import Edit, Fix, FixContext
from shapelens.problems.kind import Kind
from shapelens.shapes.stated import comment_shapes
from shapelens.values.facts import ProblemFact


def propose(problem: ProblemFact, context: FixContext) -> Iterator[Fix]:
    """Write the real shape into a comment that has one shape and no more."""
    found, stated = problem.failure.found, problem.failure.expected
    start = context.unit_start.get(problem.span.unit)
    if found is None or stated is None or start is None:
        return
    place = (start + problem.span.start, start + problem.span.end)
    comment = context.text[slice(*place)]
    shapes = comment_shapes(comment)
    opening = comment.find("(")
    if len(shapes) == 1 and shapes[0].shape == stated and opening >= 0:
        yield Fix(f"Write {found}", (Edit(place[0] + opening, place[1], str(found)),))


KIND = Kind(
    "stated-shape-mismatch",
    "A stated shape that is not the real one",
    "warning",
    "A comment (`# shape: ...`) or an annotation states another shape than the value has.",
    propose=propose,
)
