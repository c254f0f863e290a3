"""Analysis of a document, re-using what a previous revision found out."""

from __future__ import annotations

import ast
import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeAlias

from shapelens.engine.analysis import Analysis, Memo
from shapelens.engine.facts import problems_at, sites_at, syntax_errors_at
from shapelens.engine.installed import NOBODY, Cells, Installed
from shapelens.engine.same import same_content
from shapelens.interp.result import REFEREE, VERSIONS, Cell, Content, UnitResult, apply_writes
from shapelens.text.document import Document
from shapelens.text.split import Layout, split
from shapelens.text.unit import Unit
from shapelens.values.facts import Site

Units: TypeAlias = Mapping["int | str", Unit]
Entered: TypeAlias = Set[tuple["int | str", int]]


@dataclass(frozen=True, slots=True)
class Interpreter:
    """What interprets a unit of a module in a state; the ``str | None`` is the document's file.

    ``run_uncalled`` follows the functions of a unit that the program never calls.
    """

    run_unit: Callable[[Unit, str, Mapping[Cell, Content], Units, str | None], UnitResult]
    run_uncalled: Callable[[Unit, str, Mapping[Cell, Content], Units, str | None, Entered], UnitResult] | None = None


MODULE = "__main__"
CANCELLED = "it was cancelled"

# Each statement has fuel of its own; these bound a file of many expensive ones.
MAX_STEPS = 20_000_000
MAX_SECONDS = 20.0
# For all functions that the program does not call: as much as one statement has, which is less than a second.
# The function that goes beyond it is followed to its end, what is left then is not followed.
MAX_UNCALLED_STEPS = 80_000
# The rest is asked when these are answered.
MAX_QUESTIONS = 500

log = logging.getLogger(__name__)


def analyze(
    document: Document,
    previous: Analysis | None = None,
    *,
    path: str | None = None,
    interpreter: Interpreter | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    seconds: float = MAX_SECONDS,
    installed: Installed = NOBODY,
) -> Analysis:
    """Everything that is known of ``document``.

    The outcome is that of a fresh analysis; ``previous`` only makes it faster: a statement is
    interpreted again if its text changed, or something that it reads has another content. When
    ``cancelled`` the analysis ends early (``stopped``) but serves as a ``previous`` one. ``installed`` is
    what can be asked; what it does not know yet is listed in ``questions``.
    ``seconds`` are the thread's own: whether the machine is busy, or slept meanwhile, decides nothing.
    """
    layout = split(document.text, previous.layout if previous else None, document.cell_starts)
    known = previous.memo if previous else Memo()
    deadline = time.thread_time() + seconds
    walk = _Walk(layout, path, interpreter or default_interpreter(), cancelled, deadline, Cells(installed))
    _run_units(walk, known)
    _run_uncalled(walk, known)
    called = [result for _, result in walk.memo.units.values()]
    supposed = [result for _, result in walk.memo.uncalled.values()]
    results = [*called, *supposed]
    memo = walk.memo
    if walk.stopped:
        memo = Memo({**known.units, **memo.units}, {**known.uncalled, **memo.uncalled})
    return Analysis(
        document,
        layout,
        sites_at(_reached_first(called, supposed), layout),
        problems_at((problem for result in results for problem in result.problems), layout),
        syntax_errors_at(layout),
        walk.state,
        walk.stopped,
        memo,
        installed,
        tuple(walk.state.open)[:MAX_QUESTIONS],
        any(REFEREE in reads for reads in walk.reads()),
        any(VERSIONS in reads for reads in walk.reads()),
    )


def _reached_first(called: Sequence[UnitResult], supposed: Sequence[UnitResult]) -> list[Site]:
    """The sites that the program runs through; those that it would run through only where it never gets to.

    What it runs through, it runs through with its own arguments: what is supposed of the same place (behind
    an error that ends the program, or in a function that it does not call) would say something else.
    """
    sites: list[Site] = []
    behind: list[Site] = []
    raised = False
    for result in called:
        for site in result.sites:
            (behind if raised or site.supposed else sites).append(site)
        raised = raised or result.raised
    for further in (behind, [site for result in supposed for site in result.sites]):
        reached = {site.span for site in sites}
        sites.extend(site for site in further if site.span not in reached)
    return sites


def default_interpreter() -> Interpreter:
    """ShapeLens's own; imported when it is needed, because it brings the whole library."""
    from shapelens.interp.run import run_uncalled, run_unit

    return Interpreter(run_unit, run_uncalled)


@dataclass(slots=True)
class _Walk:
    """One walk through the units of a document."""

    layout: Layout
    path: str | None
    interpreter: Interpreter
    cancelled: Callable[[], bool]
    deadline: float
    state: Cells
    memo: Memo = field(default_factory=Memo)
    steps: int = 0
    stopped: str | None = None

    def reads(self) -> Iterator[Mapping[Cell, Content | None]]:
        """What each unit looked at."""
        return (result.reads for _, result in (*self.memo.units.values(), *self.memo.uncalled.values()))

    def goes_on(self) -> bool:
        """Whether there is reason, and fuel, to look at another unit."""
        if self.stopped is None and self.cancelled():
            self.stopped = CANCELLED
        elif self.stopped is None and (self.steps > MAX_STEPS or time.thread_time() > self.deadline):
            self.stopped = "the program is too expensive to follow"
        return self.stopped is None


def _run_units(walk: _Walk, known: Memo) -> None:
    for unit in walk.layout.units:
        if not walk.goes_on():
            return
        before = known.units.get(unit.uid)
        if before and before[0] is unit and _unchanged(before[1], walk.state):
            result: UnitResult | None = before[1]
        else:
            arguments = (unit, MODULE, walk.state, walk.layout.by_uid, walk.path)
            result = _fenced(partial(walk.interpreter.run_unit, *arguments), unit)
            if result is not None and before:
                result = _with_known_contents(result, before[1].writes)
        if result is None:
            continue
        walk.memo.units[unit.uid] = (unit, result)
        walk.steps += result.spent
        apply_writes(walk.state, unit.uid, result.writes)


def _run_uncalled(walk: _Walk, known: Memo) -> None:
    """Follow what no statement entered, in the state at the end of the program."""
    run = walk.interpreter.run_uncalled
    if run is None:
        return
    budget = walk.steps + MAX_UNCALLED_STEPS
    entered: dict[int | str, set[tuple[int | str, int]]] = {}
    for _, done in walk.memo.units.values():
        for function in done.entered:
            entered.setdefault(function[0], set()).add(function)
    for unit in walk.layout.units:
        if not any(isinstance(statement, _DEFINITIONS) for statement in unit.statements):
            continue
        if not walk.goes_on() or walk.steps > budget:
            return
        own = frozenset(entered.get(unit.uid, ()))
        before = known.uncalled.get((unit.uid, own))
        if before and before[0] is unit and _unchanged(before[1], walk.state):
            result: UnitResult | None = before[1]
        else:
            arguments = (unit, MODULE, walk.state, walk.layout.by_uid, walk.path, own)
            result = _fenced(partial(run, *arguments), unit)
        if result is None:
            continue
        walk.memo.uncalled[unit.uid, own] = (unit, result)
        walk.steps += result.spent
        # The modules that it needed.
        apply_writes(walk.state, unit.uid, result.writes)


_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _fenced(run: Callable[[], UnitResult], unit: Unit) -> UnitResult | None:
    """The result; `None` after an internal error, which under tests is raised."""
    try:
        return run()
    except Exception:
        if os.environ.get("SHAPELENS_STRICT"):
            raise
        log.exception("internal error while interpreting %r", unit.text[:200])
        return None


def _unchanged(before: UnitResult, state: Cells) -> bool:
    same = all(same_content(content, state.get(cell)) for cell, content in before.reads.items())
    return same and before.imports_hold()


def _with_known_contents(result: UnitResult, known: Mapping[Cell, Content | None]) -> UnitResult:
    """``result`` with the very contents of before where they are the same.

    So what reads them is recognised as unchanged by identity, which costs nothing.
    """
    writes = {
        cell: known[cell] if cell in known and same_content(content, known[cell]) else content
        for cell, content in result.writes.items()
    }
    return replace(result, writes=writes)
