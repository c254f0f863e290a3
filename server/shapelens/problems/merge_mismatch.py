"""Inputs of a merging layer differ."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from shapelens.problems.chain import last_name
from shapelens.problems.concat_mismatch import fitting_axes
from shapelens.problems.context import Edit, Fix, FixContext
from shapelens.problems.kind import Kind
from shapelens.problems.spelling import spelled
from shapelens.shapes.shape import Shape
from shapelens.values.facts import ProblemFact

_FUNCTIONS = ("add", "subtract", "multiply", "average", "maximum", "minimum")


def propose(problem: ProblemFact, context: FixContext) -> Iterator[Fix]:
    """`Concatenate`, where the inputs differ on one axis only."""
    shapes = problem.failure.details.get("shapes")
    node = context.node(problem.span)
    if not isinstance(shapes, list | tuple) or not isinstance(node, ast.Call):
        return
    axes = fitting_axes([shape for shape in shapes if isinstance(shape, Shape)])
    if not axes:
        return
    axis, unit = axes[0], problem.span.unit
    if isinstance(node.func, ast.Call):
        how = spelled(context, "keras.layers.Concatenate")
        start, end = context.range_of(unit, node.func)
        edit = Edit(start, end, f"{how.text}(axis={axis})")
        yield Fix("Concatenate the inputs", (*how.edits, edit))
    elif last_name(node.func) in _FUNCTIONS and len(node.args) == 1:
        how = spelled(context, "keras.layers.concatenate")
        start, end = context.range_of(unit, node.func)
        _, last = context.range_of(unit, node.args[0])
        yield Fix(
            "Concatenate the inputs", (*how.edits, Edit(start, end, how.text), Edit(last, last, f", axis={axis}"))
        )


KIND = Kind(
    "merge-mismatch",
    "Inputs of a merging layer differ",
    "error",
    "Add, Multiply, Dot and the like got inputs that do not fit each other.",
    propose=propose,
)
