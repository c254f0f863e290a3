"""Different numbers of samples."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from shapelens.problems.context import Edit, Fix, FixContext
from shapelens.problems.kind import Kind
from shapelens.problems.words import operand
from shapelens.values.facts import ProblemFact


def propose(problem: ProblemFact, context: FixContext) -> Iterator[Fix]:
    """Undo an index or slice of one side, or do the same to the other."""
    sides = [operand(problem, "x", "0"), operand(problem, "y", "1")]
    nodes = [context.node(side.span) if side is not None else None for side in sides]
    for side, node, other in zip(sides, nodes, nodes[::-1], strict=True):
        if side is None or not isinstance(node, ast.Subscript):
            continue
        unit = side.span.unit
        _, end = context.range_of(unit, node)
        _, keep = context.range_of(unit, node.value)
        if isinstance(node.slice, ast.Slice) and other is not None and not isinstance(other, ast.Subscript):
            index = context.text[keep:end]
            _, place = context.range_of(unit, other)
            yield Fix(f"Slice both: {index}", (Edit(place, place, index),))
        yield Fix(f"Use all of {context.source(unit, node.value)}", (Edit(keep, end, ""),))


KIND = Kind(
    "sample-count",
    "Different numbers of samples",
    "error",
    "Inputs, targets and weights do not have the same number of samples.",
    propose=propose,
)
