"""Quick fixes as plain data, and what is known of the document that they edit."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from shapelens.shapes.span import Span
from shapelens.text.unit import Unit


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the characters ``start`` to ``end`` (half-open, in the document) by ``new_text``."""

    start: int
    end: int
    new_text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that may solve a problem. Edits do not overlap."""

    title: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class FixContext:
    """The document of a problem.

    ``units`` and ``unit_start`` (the character offset of each unit's text in ``text``) have the
    document's units in order, keyed by `Unit.uid`. ``aliases`` maps canonical names to how this
    document spells them: ``{"numpy": "np", "keras.layers": "layers", "keras.layers.Dense": "Dense"}``.
    """

    text: str
    units: Mapping[int | str, Unit]
    unit_start: Mapping[int | str, int]
    aliases: Mapping[str, str] = field(default_factory=dict)

    def range_of(self, unit: int | str, node: ast.AST) -> tuple[int, int]:
        """The range in the document of a node of ``unit``'s tree."""
        start, end = self.units[unit].range_of(node)
        return self.unit_start[unit] + start, self.unit_start[unit] + end

    def source(self, unit: int | str, node: ast.AST) -> str:
        """The text of a node of ``unit``'s tree."""
        start, end = self.range_of(unit, node)
        return self.text[start:end]

    def path(self, span: Span | None) -> tuple[ast.AST, ...]:
        """The nodes that lead to the outermost expression at ``span``, a statement first.

        Empty when the span is not an expression of this document (another module's, or edited away).
        """
        if span is None or span.unit not in self.units:
            return ()
        unit = self.units[span.unit]
        for statement in unit.statements:
            found = _descend(unit, statement, (span.start, span.end))
            if found:
                return found
        return ()

    def node(self, span: Span | None) -> ast.expr | None:
        """The outermost expression at ``span``."""
        path = self.path(span)
        return path[-1] if path and isinstance(path[-1], ast.expr) else None

    def walk(self) -> Iterator[tuple[int | str, ast.AST]]:
        """Every node of the document with its unit, units in order."""
        for uid, unit in self.units.items():
            for statement in unit.statements:
                for node in ast.walk(statement):
                    yield uid, node


def _descend(unit: Unit, node: ast.AST, wanted: tuple[int, int]) -> tuple[ast.AST, ...]:
    if isinstance(node, ast.expr) and unit.range_of(node) == wanted:
        return (node,)
    for child in ast.iter_child_nodes(node):
        # Only nodes with a place can be skipped by it; `arguments`, `comprehension` and the like cannot.
        if hasattr(child, "lineno"):
            start, end = unit.range_of(child)
            if start > wanted[0] or end < wanted[1]:
                continue
        found = _descend(unit, child, wanted)
        if found:
            return (node, *found)
    return ()
