"""Cards that explain the place under the cursor."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass

from shapelens.engine.analysis import NO_VALUES, Analysis, Range, SiteAt
from shapelens.engine.analyze import MODULE
from shapelens.engine.lost import lost_at
from shapelens.engine.supposed import supposed_import
from shapelens.ide import cards
from shapelens.ide.models import layer_row, model_table
from shapelens.ide.syntax import FUNCTIONS, Located, path_to
from shapelens.values.value import Unknown, Value


@dataclass(frozen=True, slots=True)
class Hover:
    """Markdown about a range of the document."""

    range: Range
    markdown: str


def hover(analysis: Analysis, offset: int) -> Hover | None:
    """The card for the place at ``offset``: a layer, its call, a model, a tensor; `None` elsewhere.

    On a call that the installed library refuses, the card has its own words.
    """
    path = path_to(analysis.layout, offset)
    if not path:
        return None
    call = _called_here(path)
    found = _hover(path, call, analysis)
    refusals = [text for place in _calls_here(path, call) for text in cards.refusals(analysis, place)]
    if call is None or not refusals:
        return found
    parts = refusals if found is None else [found.markdown, *refusals]
    return Hover(call.range if found is None else found.range, "\n\n".join(parts))


def _hover(path: Sequence[Located], call: Located | None, analysis: Analysis) -> Hover | None:
    named = _model_made_here(path, call, analysis)
    if named:
        return named
    sites = _sites_of_layer(analysis, call.range) if call else []
    if call and sites:
        return Hover(call.range, cards.layer_card(sites, analysis, call.range))
    target = path[-1]
    exact = _different([at for at in analysis.sites if _is_at(at, target)])
    if exact and not isinstance(target.node, ast.Call):
        return Hover(target.range, cards.site_card(exact, analysis, target.range))
    if isinstance(target.node, ast.Name | ast.Attribute):
        text = analysis.document.text[slice(*target.range)]
        card = _made_by_assignment(path, analysis) or _of_variable(text, path, analysis)
        return Hover(target.range, card) if card else None
    return None


def _model_made_here(path: Sequence[Located], call: Located | None, analysis: Analysis) -> Hover | None:
    """The model that is assigned a name here, on the name or on the constructor."""
    assigned = next((located for located in path if isinstance(located.node, ast.Assign)), None)
    if assigned is None or not isinstance(assigned.node, ast.Assign):
        return None
    for target in assigned.node.targets:
        here = target is path[-1].node or (call is not None and assigned.node.value is call.node)
        if here and isinstance(target, ast.Name):
            value = _global_after(target.id, path[-1], analysis)
            table = model_table(value, analysis.state) if value is not None else None
            if table is not None:
                place = path[-1].range if call is None else call.range
                return Hover(place, cards.model_card(target.id, table))
    return None


def _called_here(path: Sequence[Located]) -> Located | None:
    """The call whose callee is under the cursor: that of ``Conv2D`` in ``layers.Conv2D(8, 3)(x)``.

    On a parenthesis or comma it is the call that these belong to.
    """
    node = path[-1].node
    if isinstance(node, ast.Call):
        return path[-1]
    if isinstance(node, ast.Name | ast.Attribute) and len(path) > 1:
        parent = path[-2].node
        if isinstance(parent, ast.Call) and parent.func is node:
            return path[-2]
    return None


def _calls_here(path: Sequence[Located], call: Located | None) -> list[Range]:
    """The call, and the one that calls what it makes: ``layers.Dense(3)(x)``."""
    if call is None:
        return []
    around = [
        located.range for located in path if isinstance(located.node, ast.Call) and located.node.func is call.node
    ]
    return [call.range, *around]


def _sites_of_layer(analysis: Analysis, place: Range) -> list[SiteAt]:
    """What a layer does that is called, or made, by the call expression at ``place``."""
    layers = [at for at in analysis.sites if at.site.kind == "layer"]
    return _different([at for at in layers if at.range == place] or [at for at in layers if at.made == place])


def _is_at(at: SiteAt, target: Located) -> bool:
    if isinstance(target.node, ast.arg):  # the site of a parameter is its name, without the annotation
        return at.range.start == target.range.start
    return at.range == target.range


def _made_by_assignment(path: Sequence[Located], analysis: Analysis) -> str | None:
    """On the name that a layer is assigned to: the layer."""
    if len(path) < 2 or not isinstance(path[-2].node, ast.Assign):
        return None
    statement = path[-2]
    sites = [at for at in analysis.sites if at.made and at.made.end == statement.range.end]
    found = _different([at for at in sites if at.site.kind == "layer" and at.range != at.made])
    return cards.layer_card(found, analysis, found[0].made or statement.range) if found else None


def _of_variable(text: str, path: Sequence[Located], analysis: Analysis) -> str | None:
    """A variable where it is used."""
    scope = _scope(path)
    if scope is None or not _is_local(text, scope.node):
        value = _global_before(text, path[-1], analysis)
        if value is not None:
            return _of_value(text, value, analysis, path[-1].range)
    sites = [
        at
        for at in analysis.sites
        if at.site.name == text
        and at.site.kind in ("variable", "dataset")
        and _same_scope(_scope(path_to(analysis.layout, at.range.start)), scope)
    ]
    before = [at for at in sites if at.range.start <= path[-1].range.start]
    nearest = before[-1] if before else sites[0] if sites else None
    if nearest is None:
        meant = None if scope is not None and _is_local(text, scope.node) else supposed_import(analysis, text)
        return None if meant is None else cards.supposed_card(text, meant)
    here = _different([at for at in sites if at.range == nearest.range])
    return cards.site_card(here, analysis, nearest.range)


def _global_before(name: str, target: Located, analysis: Analysis) -> Value | None:
    """The value of a global variable where it is used, as the last statement before it wrote it."""
    stored = isinstance(target.node, ast.Name) and isinstance(target.node.ctx, ast.Store)
    return _global(name, target, analysis, 0 if stored else -1)


def _global_after(name: str, target: Located, analysis: Analysis) -> Value | None:
    """The value of a global variable after the statement of ``target``."""
    return _global(name, target, analysis, 0)


def _global(name: str, target: Located, analysis: Analysis, step: int) -> Value | None:
    cell = (MODULE, name)
    unit = analysis.layout.unit_at(target.range.start)
    if unit is None:
        return None
    for index in range(analysis.layout.units.index(unit) + step, -1, -1):
        known = analysis.memo.units.get(analysis.layout.units[index].uid)
        if known and cell in known[1].writes:
            content = known[1].writes[cell]
            return None if content is None or isinstance(content, NO_VALUES) else content
    content = analysis.state.get(cell)
    return None if content is None or isinstance(content, NO_VALUES) else content


def _of_value(name: str, value: Value, analysis: Analysis, place: Range) -> str | None:
    table = model_table(value, analysis.state)
    if table is not None:
        return cards.model_card(name, table)
    row = layer_row(value, analysis.state)
    if row is not None:
        return cards.row_card(name, row)
    lost = lost_at(name, value.reason, place.start, analysis) if isinstance(value, Unknown) else None
    # Where the assignment under the cursor is the place itself, nothing need be told.
    told = lost is not None and not lost.start <= place.start < lost.end
    return cards.value_card(name, value, analysis, lost if told else None)


def plain_text(markdown: str) -> str:
    """A card for clients that show text as it is: without the targets of its links."""
    return re.sub(r"\[([^\]\n]*)\]\([^)\n]*\)", r"\1", markdown)


def _scope(path: Sequence[Located]) -> Located | None:
    """The innermost function around a place."""
    return next((located for located in reversed(path) if isinstance(located.node, FUNCTIONS)), None)


def _same_scope(a: Located | None, b: Located | None) -> bool:
    return (a.node if a else None) is (b.node if b else None)


def _is_local(name: str, function: ast.AST) -> bool:
    """Whether a function assigns ``name`` or has it as a parameter."""
    return any(
        (isinstance(node, ast.arg) and node.arg == name)
        or (isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store))
        for node in ast.walk(function)
    )


def _different(sites: Sequence[SiteAt]) -> list[SiteAt]:
    """Without sites that read the same."""
    found: list[SiteAt] = []
    for at in sites:
        if all((at.site.input, at.site.output) != (other.site.input, other.site.output) for other in found):
            found.append(at)
    return found
