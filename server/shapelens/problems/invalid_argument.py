"""An argument that cannot work."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from shapelens.problems.arrays import called
from shapelens.problems.context import Edit, Fix, FixContext
from shapelens.problems.kind import Kind
from shapelens.problems.words import subject_of
from shapelens.values.facts import ProblemFact


def propose(problem: ProblemFact, context: FixContext) -> Iterator[Fix]:
    """An array of the numbers; a layer in place of its result."""
    details = problem.failure.details
    if details.get("wants") == "array":
        operand = subject_of(problem)
        if operand is not None:
            yield from called(context, operand, "array", "", "Make an array with {function}", item=details.get("item"))
    elif details.get("reason") == "tensor-in-sequential":
        node = context.node(problem.span)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Call):
            _, end = context.range_of(problem.span.unit, node)
            _, keep = context.range_of(problem.span.unit, node.func)
            yield Fix("Give the layer itself", (Edit(keep, end, ""),))


KIND = Kind(
    "invalid-argument",
    "An argument that cannot work",
    "error",
    "An argument's value makes the call raise, whatever the input.",
    propose=propose,
)
