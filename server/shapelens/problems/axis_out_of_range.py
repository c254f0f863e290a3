"""No such axis."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from shapelens.problems.chain import argument
from shapelens.problems.context import Edit, Fix, FixContext
from shapelens.problems.kind import Kind
from shapelens.values.facts import ProblemFact


def propose(problem: ProblemFact, context: FixContext) -> Iterator[Fix]:
    """The last axis, which is what most axis numbers mean."""
    node = context.node(problem.span)
    call = node.func if isinstance(node, ast.Call) and isinstance(node.func, ast.Call) else node
    if not isinstance(call, ast.Call):
        return
    axis = argument(call, "axis")
    if axis is None:
        last = call.args[-1] if len(call.args) > 1 else None
        axis = last if isinstance(last, ast.Constant | ast.UnaryOp) else None
    if axis is not None:
        start, end = context.range_of(problem.span.unit, axis)
        if context.text[start:end] != "-1":
            yield Fix("Use the last axis: -1", (Edit(start, end, "-1"),))


KIND = Kind(
    "axis-out-of-range",
    "No such axis",
    "error",
    "An axis number or an index is outside the tensor.",
    propose=propose,
)
