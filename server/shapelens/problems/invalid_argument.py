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
        yield from _layer_itself(problem, context)


def _layer_itself(problem: ProblemFact, context: FixContext) -> Iterator[Fix]:
    """``Reshape((8, 8, 1))`` where ``Reshape((8, 8, 1))(x)`` stands among the layers."""
    node, unit = context.node(problem.span), problem.span.unit
    listed = node.args[0] if isinstance(node, ast.Call) and len(node.args) == 1 else None
    items = listed.elts if isinstance(listed, ast.List | ast.Tuple) else [node, listed]
    for item in items:
        if isinstance(item, ast.Call) and isinstance(item.func, ast.Call):
            _, end = context.range_of(unit, item)
            _, keep = context.range_of(unit, item.func)
            yield Fix("Give the layer itself", (Edit(keep, end, ""),))
            return


KIND = Kind(
    "invalid-argument",
    "An argument that cannot work",
    "error",
    "An argument's value makes the call raise, whatever the input.",
    propose=propose,
)
