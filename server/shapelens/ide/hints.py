"""Shapes shown in the line itself, while one types."""

from __future__ import annotations

import ast
from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Literal, TypeAlias

from shapelens.engine.analysis import Analysis, Range, SiteAt
from shapelens.ide.syntax import path_to, range_in
from shapelens.ide.words import nest_text
from shapelens.shapes.shape import SpecNest, TensorSpec

HintKind: TypeAlias = Literal["layers", "tensors"]

_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Hint:
    """A label that stands before the character at ``offset``."""

    offset: int
    label: str
    kind: HintKind


def hints(analysis: Analysis, place: Range | None = None, *, layers: bool = True, tensors: bool = True) -> list[Hint]:
    """The hints in a range (or everywhere): at the end of layer calls, and behind names of tensors."""
    groups: dict[tuple[HintKind, Range], list[SiteAt]] = {}
    for at in analysis.sites:
        kind: HintKind | None = _kind(at)
        wanted = layers if kind == "layers" else tensors
        if kind and wanted and (place is None or place.start <= at.range.end <= place.end):
            groups.setdefault((kind, at.range), []).append(at)
    layer_calls = {at.range for at in analysis.sites if layers and at.site.kind == "layer"}
    found = []
    for (kind, where), sites in groups.items():
        label = _label(sites)
        if label is None:
            continue
        if kind == "tensors":
            if _names_a_layer_call(where, analysis, layer_calls):
                continue
            label = f": {label}"
        found.append(Hint(where.end, label, kind))
    return sorted(found, key=lambda hint: hint.offset)


def _kind(at: SiteAt) -> HintKind | None:
    if at.site.kind == "layer":
        return "layers"
    return "tensors" if at.site.kind in ("variable", "dataset") else None


def _label(sites: Sequence[SiteAt]) -> str | None:
    """One shape, or the first two that a place has; `None` when there is nothing to say."""
    outputs = [at.site.output for at in sites]
    texts = list(dict.fromkeys(nest_text(nest) for nest in outputs if nest is not None and _is_telling(nest)))
    if not texts:
        return None
    label = " | ".join(texts[:2]) + (" | ..." if len(texts) > 2 else "")
    return label if len(label) <= _LONGEST else label[: _LONGEST - 3] + "..."


def _is_telling(nest: SpecNest) -> bool:
    if isinstance(nest, TensorSpec):
        return not nest.shape.open or bool(nest.shape.dims)
    items = nest.values() if isinstance(nest, dict) else nest
    return any(map(_is_telling, items))


def _names_a_layer_call(name: Range, analysis: Analysis, layer_calls: Set[Range]) -> bool:
    """Whether the name is assigned a layer's call, whose own hint says the same."""
    path = path_to(analysis.layout, name.start)
    unit = analysis.layout.unit_at(name.start)
    if unit is None or len(path) < 2:
        return False
    statement = path[-2].node
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return False
    return range_in(analysis.layout, unit, statement.value) in layer_calls
