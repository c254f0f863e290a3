"""Finding the place of a document that an offset points at."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from shapelens.engine.analysis import Range
from shapelens.text.split import Layout
from shapelens.text.unit import Unit

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(frozen=True, slots=True)
class Located:
    """A syntax node, with its range in the document."""

    node: ast.AST
    range: Range


def path_to(layout: Layout, offset: int) -> list[Located]:
    """The nodes around ``offset``, outermost first; the end of a node counts as inside."""
    unit = layout.unit_at(offset)
    if unit is None:
        return []
    start = layout.start_by_uid[unit.uid]
    path: list[Located] = []
    nodes: list[ast.AST] = list(unit.statements)
    while nodes:
        found = _holding(nodes, unit, start, offset)
        if found is None:
            break
        path.append(found)
        nodes = _placed_children(found.node)
    return path


def range_in(layout: Layout, unit: Unit, node: ast.AST) -> Range:
    """The range in the document of a node of ``unit``."""
    return _range(unit, layout.start_by_uid[unit.uid], node)


def _holding(nodes: list[ast.AST], unit: Unit, start: int, offset: int) -> Located | None:
    """The node that holds ``offset``; of two that touch there, the one that begins there."""
    holding = None
    for node in nodes:
        place = _range(unit, start, node)
        if place.start <= offset <= place.end:
            holding = Located(node, place)
    return holding


def _placed_children(node: ast.AST) -> list[ast.AST]:
    """Children that have a place; for one that has none (``arguments`` and the like) its own."""
    placed: list[ast.AST] = []
    for child in ast.iter_child_nodes(node):
        placed += [child] if hasattr(child, "lineno") else _placed_children(child)
    return placed


def _range(unit: Unit, start: int, node: ast.AST) -> Range:
    first, last = unit.range_of(node)
    return Range(start + first, start + last)
