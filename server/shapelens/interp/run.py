"""Interpreting one unit against a state."""

from __future__ import annotations

import ast
import logging
import os
from collections.abc import Callable, Mapping, Set

from shapelens.interp import naming, uncalled
from shapelens.interp.control import OutOfFuel, ProgramRaised
from shapelens.interp.machine import Interpreter
from shapelens.interp.result import Cell, Content, UnitResult
from shapelens.library.load import load_rules
from shapelens.shapes.question import Question
from shapelens.text.unit import Unit
from shapelens.values.value import Address, FunctionValue, OneOf, TupleValue, Unknown

log = logging.getLogger(__name__)
load_rules()


def run_unit(
    unit: Unit,
    module: str,
    state: Mapping[Cell, Content],
    units: Mapping[int | str, Unit],
    path: str | None = None,
) -> UnitResult:
    """Interpret ``unit`` of ``module`` in ``state``.

    ``units`` are those that functions in ``state`` were defined in (all before this one).
    ``path`` is the document's file, if it has one: the user's own modules are looked for beside it.
    Never raises, except for our own defects under tests.
    """
    return _run(Interpreter(unit, module, path, state, units), unit, _run_statements, _kept)


def run_uncalled(
    unit: Unit,
    module: str,
    state: Mapping[Cell, Content],
    units: Mapping[int | str, Unit],
    path: str | None,
    entered: Set[tuple[int | str, int]],
) -> UnitResult:
    """Follow the functions and classes of ``unit`` that the program never calls, with unknown arguments.

    ``state`` is the one at the end of the program, ``entered`` are the functions that were followed.
    It writes nothing but the modules that it was the first to need.
    """

    def explore(m: Interpreter, unit: Unit) -> None:
        # Its own objects are others than those that the unit made when it ran, which are still there.
        m.make_for(f"{unit.uid} uncalled")
        m.exploring = True
        # When it will be called, other layers may have been made.
        naming.lose(m)
        uncalled.explore(m, unit, entered)

    return _run(Interpreter(unit, module, path, state, units), unit, explore, lambda m: m.state.loaded)


def _run_statements(m: Interpreter, unit: Unit) -> None:
    for statement in unit.statements:
        m.last = m.state
        try:
            m.execute((statement,))
        except ProgramRaised:
            pass
        if m.store is None:
            # The program ends here; what follows is analysed all the same.
            m.store = m.last


def _run(
    m: Interpreter,
    unit: Unit,
    follow: Callable[[Interpreter, Unit], None],
    written: Callable[[Interpreter], dict[Cell, Content | None]],
) -> UnitResult:
    try:
        follow(m, unit)
    except (OutOfFuel, RecursionError):
        m.store = m.last
        naming.lose(m)
        _forget_assigned(m, unit, "this statement takes too long to follow")
    except Exception:
        if os.environ.get("SHAPELENS_STRICT"):
            raise
        log.exception("interpreting a statement failed")
        m.store = m.last
        naming.lose(m)
        _forget_assigned(m, unit, "ShapeLens failed here; see its log")
    return UnitResult(
        reads=m.reads,
        writes=written(m),
        loaded=m.state.loaded,
        sites=tuple(m.sites.values()),
        problems=tuple(m.problems.values()),
        spent=m.spent + m.spent_on_modules,
        entered=frozenset(m.entered),
        imports=m.imports,
        raised=m.raised,
    )


def _forget_assigned(m: Interpreter, unit: Unit, reason: str) -> None:
    for statement in unit.statements:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                m.state.set((m.frames[0].module, node.id), Unknown(reason))


def _kept(m: Interpreter) -> dict[Cell, Content | None]:
    """What the unit wrote, without variables of calls that no function value can reach any more."""
    overlay = {**m.state.loaded, **m.state.overlay}
    scopes: set[Address] = set()
    for content in overlay.values():
        _captured_scopes(content, scopes)
    return {
        cell: content
        for cell, content in overlay.items()
        if isinstance(cell, Address | Question)
        or isinstance(cell[0], str)
        or cell[0] in scopes
        # A variable of a call in another unit, which a closure of then has kept until now.
        or cell[0].unit not in m.made
    }


def _captured_scopes(content: object, found: set[Address]) -> None:
    if isinstance(content, FunctionValue):
        found.update(content.scopes)
    elif isinstance(content, TupleValue):
        for item in content.items:
            _captured_scopes(item, found)
    elif isinstance(content, OneOf):
        for item in content.values:
            _captured_scopes(item, found)
    else:
        for name in getattr(content, "__dataclass_fields__", ()):
            value = getattr(content, name)
            if isinstance(value, tuple):
                for item in value:
                    _captured_in(item, found)
            elif hasattr(value, "__dataclass_fields__"):
                _captured_scopes(value, found)


def _captured_in(item: object, found: set[Address]) -> None:
    if isinstance(item, tuple):
        for inner in item:
            _captured_in(inner, found)
    elif hasattr(item, "__dataclass_fields__"):
        _captured_scopes(item, found)
