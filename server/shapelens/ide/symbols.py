"""The outline of a document: functions, classes, models and tensors with their shapes."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from shapelens.engine.analysis import Analysis, Content, Range, SiteAt
from shapelens.engine.analyze import MODULE
from shapelens.ide.models import layer_row, model_table
from shapelens.ide.syntax import range_in
from shapelens.ide.words import nest_text
from shapelens.text.unit import Unit
from shapelens.values.value import Ref

SymbolKind: TypeAlias = Literal["class", "function", "method", "variable", "model"]


@dataclass(frozen=True, slots=True)
class Symbol:
    """An entry of the outline; ``selection`` is its name."""

    name: str
    kind: SymbolKind
    detail: str
    range: Range
    selection: Range
    children: tuple[Symbol, ...] = ()


def symbols(analysis: Analysis) -> list[Symbol]:
    """The outline, in order of place."""
    by_range: dict[Range, SiteAt] = {}
    for at in analysis.sites:
        if at.site.kind in ("variable", "dataset"):
            by_range.setdefault(at.range, at)
    found = []
    for unit in analysis.layout.units:
        for statement in unit.statements:
            found += _symbols_of(statement, unit, analysis, by_range)
    return found


def _symbols_of(
    node: ast.stmt, unit: Unit, analysis: Analysis, by_range: dict[Range, SiteAt], in_class: bool = False
) -> list[Symbol]:
    place = range_in(analysis.layout, unit, node)
    if isinstance(node, ast.ClassDef):
        children = [s for item in node.body for s in _symbols_of(item, unit, analysis, by_range, True)]
        return [Symbol(node.name, "class", "", place, _name_range(node.name, place, analysis), tuple(children))]
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        kind: SymbolKind = "method" if in_class else "function"
        return [Symbol(node.name, kind, "", place, _name_range(node.name, place, analysis))]
    if not isinstance(node, ast.Assign) or in_class:
        return []
    found = []
    for target in node.targets:
        for name in target.elts if isinstance(target, ast.Tuple | ast.List) else [target]:
            if isinstance(name, ast.Name):
                found += _variable(name, place, range_in(analysis.layout, unit, name), analysis, unit, by_range)
    return found


def _variable(
    name: ast.Name,
    place: Range,
    selection: Range,
    analysis: Analysis,
    unit: Unit,
    by_range: dict[Range, SiteAt],
) -> list[Symbol]:
    at = by_range.get(selection)
    if at is not None:
        detail = "" if at.site.output is None else nest_text(at.site.output, dtypes=True)
        return [Symbol(name.id, "variable", detail, place, selection)]
    known = analysis.memo.units.get(unit.uid)
    content: Content | None = known[1].writes.get((MODULE, name.id)) if known else None
    if not isinstance(content, Ref):
        return []
    table = model_table(content, analysis.state)
    if table is not None:
        detail = table.class_name + ("" if table.outputs is None else f" {nest_text(table.outputs)}")
        return [Symbol(name.id, "model", detail, place, selection)]
    row = layer_row(content, analysis.state)
    if row is None:
        return []
    detail = row.class_name + ("" if row.output is None else f" {nest_text(row.output)}")
    return [Symbol(name.id, "model", detail, place, selection)]


def _name_range(name: str, place: Range, analysis: Analysis) -> Range:
    """Where a ``def`` or ``class`` says its name."""
    header = re.compile(rf"(?:def|class)\s+({re.escape(name)})\b")
    match = header.search(analysis.document.text, place.start, place.end)
    return Range(*match.span(1)) if match else place
