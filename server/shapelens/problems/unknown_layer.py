"""A model has no such layer."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from shapelens.problems.context import Edit, Fix, FixContext
from shapelens.problems.kind import Kind
from shapelens.values.facts import ProblemFact


def propose(problem: ProblemFact, context: FixContext) -> Iterator[Fix]:
    """The names that are most like the one that is asked for."""
    node = context.node(problem.span)
    names = problem.failure.details.get("names")
    if not isinstance(node, ast.Call) or not isinstance(names, tuple):
        return
    given = next((k.value for k in node.keywords if k.arg == "name"), node.args[0] if node.args else None)
    if not isinstance(given, ast.Constant) or not isinstance(given.value, str):
        return
    start, end = context.range_of(problem.span.unit, given)
    for name in names:
        yield Fix(f"Take the layer '{name}'", (Edit(start, end, f'"{name}"'),))


KIND = Kind(
    "unknown-layer",
    "A model has no such layer",
    "error",
    "`get_layer` is asked for a name or an index that the model does not have.",
    propose=propose,
)
