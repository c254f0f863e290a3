"""Reshape to another number of elements."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from shapelens.problems.arrays import tuple_text
from shapelens.problems.chain import argument, last_name
from shapelens.problems.context import Edit, Fix, FixContext
from shapelens.problems.kind import Kind
from shapelens.problems.words import operand
from shapelens.shapes.shape import Shape
from shapelens.values.facts import ProblemFact

# Only so many corrected targets are of use.
MOST_TARGETS = 3


def propose(problem: ProblemFact, context: FixContext) -> Iterator[Fix]:
    """The same target with one size left to be worked out (-1), or corrected."""
    place = _target_place(problem, context)
    total, target = _sizes(problem)
    if place is None or total is None or target is None:
        return
    start, end, bare = place
    for sizes in corrected(total, target)[:MOST_TARGETS]:
        text = ", ".join(map(str, sizes)) if bare else tuple_text(sizes)
        yield Fix(f"Reshape to {tuple_text(sizes)}", (Edit(start, end, text),))
    if _is_layer(problem) and len(target) > 1:
        yield Fix("Reshape to (-1,)", (Edit(start, end, "(-1,)"),))


def corrected(total: int, target: Sequence[int]) -> list[tuple[int, ...]]:
    """``target`` with one size replaced by -1, where the others divide ``total``; the leftmost first."""
    found: list[tuple[int, ...]] = []
    for axis in range(len(target)):
        others = 1
        for position, size in enumerate(target):
            others *= size if position != axis else 1
        if others > 0 and total % others == 0:
            found.append((*target[:axis], -1, *target[axis + 1 :]))
    return found


def _sizes(problem: ProblemFact) -> tuple[int | None, list[int] | None]:
    details = problem.failure.details
    total = details.get("elements", details.get("size"))
    target = details.get("target", problem.failure.expected)
    dims = target.dims if isinstance(target, Shape) else target
    if not isinstance(total, int) or not isinstance(dims, tuple):
        return None, None
    sizes = [size for size in dims if isinstance(size, int)]
    return total, sizes if len(sizes) == len(dims) and len(sizes) > 0 else None


def _is_layer(problem: ProblemFact) -> bool:
    return problem.failure.details.get("layer") == "Reshape"


def _target_place(problem: ProblemFact, context: FixContext) -> tuple[int, int, bool] | None:
    """Where the target shape is written; whether its sizes stand as separate arguments."""
    node = context.node(problem.span)
    if not isinstance(node, ast.Call):
        return None
    unit = problem.span.unit
    if _is_layer(problem):
        made = _reshape_layer(node)
        shape = argument(made, "target_shape", 0) if made is not None else None
        return None if shape is None else (*context.range_of(unit, shape), False)
    owner = operand(problem, "self")
    arguments = node.args if owner is not None else node.args[1:]
    shape = argument(node, "shape") or argument(node, "newshape")
    if shape is not None:
        return (*context.range_of(unit, shape), False)
    if not arguments:
        return None
    if owner is not None and not isinstance(arguments[0], ast.Tuple | ast.List) and len(arguments) > 1:
        return context.range_of(unit, arguments[0])[0], context.range_of(unit, arguments[-1])[1], True
    return (*context.range_of(unit, arguments[0]), False)


def _reshape_layer(node: ast.Call) -> ast.Call | None:
    for candidate in (node, node.func, *node.args):
        if isinstance(candidate, ast.Call) and last_name(candidate.func) == "Reshape":
            return candidate
    return None


KIND = Kind(
    "reshape-size",
    "Reshape to another number of elements",
    "error",
    "A reshape keeps every element, and the sizes do not multiply to the same number.",
    propose=propose,
)
