"""Softmax over a single unit."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from shapelens.problems.chain import argument, layer_at
from shapelens.problems.context import Edit, Fix, FixContext
from shapelens.problems.kind import Kind
from shapelens.values.facts import ProblemFact


def propose(problem: ProblemFact, context: FixContext) -> Iterator[Fix]:
    """``sigmoid`` in place of ``softmax``."""
    layer = layer_at(context, problem.span)
    if layer is None:
        return
    node = argument(layer.made, "activation", 0 if layer.class_name == "Activation" else 1)
    if isinstance(node, ast.Constant) and node.value == "softmax":
        start, end = context.range_of(layer.unit, node)
        quote = context.text[end - 1]
        yield Fix("Use a sigmoid", (Edit(start, end, f"{quote}sigmoid{quote}"),))


KIND = Kind(
    "softmax-one-unit",
    "Softmax over a single unit",
    "warning",
    "A softmax over one unit is always 1: the model cannot learn.",
    propose=propose,
)
