"""Shapes cannot be concatenated."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from shapelens.problems.chain import argument, last_name, set_keyword
from shapelens.problems.context import Edit, Fix, FixContext
from shapelens.problems.kind import Kind
from shapelens.shapes.shape import Shape
from shapelens.values.facts import ProblemFact


def propose(problem: ProblemFact, context: FixContext) -> Iterator[Fix]:
    """Another axis, where every other size agrees."""
    node = context.node(problem.span)
    # The two that differ stand for the rest; every change is tried before it is offered.
    shapes = problem.failure.details.get("shapes", (problem.failure.expected, problem.failure.found))
    if not isinstance(shapes, list | tuple) or not isinstance(node, ast.Call):
        return
    known = [shape for shape in shapes if isinstance(shape, Shape)]
    if len(known) != len(shapes):
        return
    call = node.func if isinstance(node.func, ast.Call) else node
    for axis in fitting_axes(known):
        yield Fix(f"Concatenate along axis {axis}", (_axis_edit(problem, context, call, axis),))


def fitting_axes(shapes: Sequence[Shape]) -> list[int]:
    """Axes along which the shapes can be joined; the last first, as -1."""
    if not shapes or any(shape.open or len(shape) != len(shapes[0]) for shape in shapes):
        return []
    rank = len(shapes[0])
    found = [
        axis
        for axis in range(rank - 1, -1, -1)
        if all(shape.dims[other] == shapes[0].dims[other] for shape in shapes for other in range(rank) if other != axis)
    ]
    return [-1 if axis == rank - 1 else axis for axis in found]


def _axis_edit(problem: ProblemFact, context: FixContext, call: ast.Call, axis: int) -> Edit:
    """`np.concatenate` and `tf.concat` take the axis second, the layer takes it first."""
    node = argument(call, "axis", 0 if last_name(call.func) == "Concatenate" else 1)
    if node is None:
        return set_keyword(context, problem.span.unit, call, "axis", str(axis))
    start, end = context.range_of(problem.span.unit, node)
    return Edit(start, end, str(axis))


KIND = Kind(
    "concat-mismatch",
    "Shapes cannot be concatenated",
    "error",
    "Concatenating needs equal sizes on every axis but one.",
    propose=propose,
)
