"""A model is asked for the tensors of a call that never was."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from shapelens.problems.context import Edit, Fix, FixContext
from shapelens.problems.kind import Kind
from shapelens.values.facts import ProblemFact


def propose(problem: ProblemFact, context: FixContext) -> Iterator[Fix]:
    """The model's own tensors."""
    node = context.node(problem.span)
    name = problem.failure.details.get("attribute")
    if not isinstance(node, ast.Attribute) or not isinstance(name, str):
        return
    _, end = context.range_of(problem.span.unit, node)
    yield Fix(f"Take `{name}s[0]`, the model's own tensor", (Edit(end, end, "s[0]"),))


KIND = Kind(
    "never-called",
    "A model has no `input` or `output` before it is called",
    "error",
    "In Keras 3 a `Sequential` has `input` and `output` only once it was called on a symbolic tensor.",
    propose=propose,
)
