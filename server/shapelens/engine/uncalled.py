"""Functions and classes that nothing in the document calls: looked at last, by themselves."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from typing import TypeAlias

from shapelens.interp.result import Cell, Content, UnitResult
from shapelens.text.split import Layout
from shapelens.text.unit import Unit

Entered: TypeAlias = "Set[tuple[int | str, int]]"
RunUncalled: TypeAlias = Callable[
    [Unit, str, Mapping[Cell, Content], Mapping["int | str", Unit], "str | None", Entered], UnitResult
]

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True, slots=True)
class Explored:
    """What following the uncalled functions of ``unit`` found, given which of them were called."""

    unit: Unit
    entered: frozenset[tuple[int | str, int]]
    result: UnitResult


def explore(
    layout: Layout,
    state: Mapping[Cell, Content],
    results: list[UnitResult],
    known: Mapping[int | str, Explored],
    run: Callable[[Unit, frozenset[tuple[int | str, int]]], UnitResult | None],
    unchanged: Callable[[Mapping[Cell, Content | None], Mapping[Cell, Content]], bool],
) -> dict[int | str, Explored]:
    """Follow what the units define and none of ``results`` entered; ``known`` is re-used where it can be."""
    entered = frozenset().union(*(result.entered for result in results))
    found: dict[int | str, Explored] = {}
    for unit in layout.units:
        if not any(isinstance(statement, DEFINITIONS) for statement in unit.statements):
            continue
        here = frozenset(place for place in entered if place[0] == unit.uid)
        before = known.get(unit.uid)
        if (
            before is not None
            and before.unit is unit
            and before.entered == here
            and unchanged(before.result.reads, state)
        ):
            found[unit.uid] = before
            continue
        result = run(unit, here)
        if result is not None:
            found[unit.uid] = Explored(unit, here, result)
    return found
