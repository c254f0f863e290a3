"""Analysis of a document, re-using what a previous revision found out."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias

from shapelens.engine.analysis import Analysis, ProblemAt, Range, SiteAt, SyntaxErrorAt, place_of
from shapelens.engine.same import same_content
from shapelens.engine.uncalled import RunUncalled, explore
from shapelens.interp.result import Cell, Content, UnitResult
from shapelens.shapes.shape import SpecNest
from shapelens.shapes.span import Span
from shapelens.text.document import Document
from shapelens.text.split import Layout, split
from shapelens.text.unit import Unit
from shapelens.values.facts import ProblemFact, Site

# Interprets one unit of module ``str`` in a state; the path is that of the file, if there is one.
Run: TypeAlias = Callable[
    [Unit, str, Mapping[Cell, Content], Mapping["int | str", Unit], "str | None"], UnitResult
]

MODULE = "__main__"

# Each statement has fuel of its own; these bound a file of many expensive ones.
MAX_STEPS = 20_000_000
MAX_SECONDS = 20.0

log = logging.getLogger(__name__)


def analyze(
    document: Document,
    previous: Analysis | None = None,
    *,
    path: str | None = None,
    run: Run | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    seconds: float = MAX_SECONDS,
) -> Analysis:
    """Everything that is known of ``document``.

    The outcome is that of a fresh analysis; ``previous`` only makes it faster: a statement is
    interpreted again if its text changed, or something that it reads has another content. When
    ``cancelled`` the analysis ends early (``stopped``) but serves as a ``previous`` one.
    """
    layout = split(document.text, previous.layout if previous else None)
    known = previous.results if previous else {}
    explore_with = uncalled_interpreter() if run is None else None
    run = run or interpreter()
    deadline = time.monotonic() + seconds
    state: dict[Cell, Content] = {}
    results: dict[int | str, tuple[Unit, UnitResult]] = {}
    steps = 0
    stopped = None
    for unit in layout.units:
        if cancelled():
            stopped = "it was cancelled"
        elif steps > MAX_STEPS or time.monotonic() > deadline:
            stopped = "the program is too expensive to follow"
        if stopped:
            break
        before = known.get(unit.uid)
        if before and before[0] is unit and _unchanged(before[1].reads, state):
            result: UnitResult | None = before[1]
        else:
            result = _run_fenced(run, unit, state, layout, path)
            if result is not None and before:
                result = _with_known_contents(result, before[1].writes)
        if result is None:
            continue
        results[unit.uid] = (unit, result)
        steps += result.spent
        for cell, content in result.writes.items():
            if content is None:
                state.pop(cell, None)
            else:
                state[cell] = content
    done = [results[unit.uid][1] for unit in layout.units if unit.uid in results]
    explored = dict(previous.explored) if previous else {}
    if explore_with is not None and not stopped:

        def follow(unit: Unit, entered: frozenset[tuple[int | str, int]]) -> UnitResult | None:
            if cancelled() or time.monotonic() > deadline:
                return None
            return explore_with(unit, MODULE, state, layout.by_uid, path, entered)

        explored = explore(layout, state, done, explored, follow, _unchanged)
        done += [item.result for item in explored.values()]
    if stopped:
        results = {**known, **results}
    return Analysis(
        document,
        layout,
        _sites([site for result in done for site in result.sites], layout),
        _problems([problem for result in done for problem in result.problems], layout),
        _syntax_errors(layout),
        state,
        stopped,
        results,
        explored,
    )


def interpreter() -> Run:
    """The interpreter of units; imported when it is needed, because it brings the whole library."""
    from shapelens.interp.run import run_unit

    return run_unit


def uncalled_interpreter() -> RunUncalled:
    """The interpreter of functions that nothing calls."""
    from shapelens.interp.run import run_uncalled

    return run_uncalled


def _run_fenced(
    run: Run, unit: Unit, state: Mapping[Cell, Content], layout: Layout, path: str | None
) -> UnitResult | None:
    """The unit's result; `None` after an internal error, which under tests is raised."""
    try:
        return run(unit, MODULE, state, layout.by_uid, path)
    except Exception:
        if os.environ.get("SHAPELENS_STRICT"):
            raise
        log.exception("internal error while interpreting %r", unit.text[:200])
        return None


def _unchanged(reads: Mapping[Cell, Content | None], state: Mapping[Cell, Content]) -> bool:
    return all(same_content(content, state.get(cell)) for cell, content in reads.items())


def _with_known_contents(result: UnitResult, known: Mapping[Cell, Content | None]) -> UnitResult:
    """``result`` with the very contents of before where they are equal.

    So what reads them is recognised as unchanged by identity, which costs nothing.
    """
    writes = {
        cell: known[cell] if cell in known and same_content(content, known[cell]) else content
        for cell, content in result.writes.items()
    }
    return replace(result, writes=writes)


def _sites(sites: list[Site], layout: Layout) -> tuple[SiteAt, ...]:
    found: dict[object, SiteAt] = {}
    for site in sites:
        place = place_of(site.span, layout)
        if place is not None:
            made = place_of(site.made, layout)
            key = (place, site.kind, site.name, site.layer, made, _frozen(site.input), _frozen(site.output))
            found.setdefault((*key, site.params, site.reason), SiteAt(place, site, made))
    return tuple(sorted(found.values(), key=lambda at: at.range))


def _problems(problems: list[ProblemFact], layout: Layout) -> tuple[ProblemAt, ...]:
    """Where a place fails in the same way at several calls, the first one tells it."""
    found: dict[object, ProblemAt] = {}
    for problem in problems:
        place = _place_here([problem.span, *reversed(problem.trail)], layout)
        if place is not None:
            found.setdefault((place, problem.failure.code), ProblemAt(place, problem))
    return tuple(sorted(found.values(), key=lambda at: at.range))


def _place_here(spans: list[Span], layout: Layout) -> Range | None:
    return next((place for span in spans if (place := place_of(span, layout)) is not None), None)


def _frozen(nest: SpecNest | None) -> object:
    if isinstance(nest, dict):
        return tuple((key, _frozen(item)) for key, item in nest.items())
    if isinstance(nest, tuple):
        return tuple(_frozen(item) for item in nest)
    return nest


def _syntax_errors(layout: Layout) -> tuple[SyntaxErrorAt, ...]:
    found = []
    for unit, start in zip(layout.units, layout.starts, strict=True):
        if unit.error is not None:
            message, offset = unit.error
            line_end = min(
                (end for end in (unit.text.find("\n", offset), unit.text.find("\r", offset)) if end >= 0),
                default=len(unit.text),
            )
            found.append(SyntaxErrorAt(Range(start + offset, start + max(line_end, offset)), message))
    return tuple(found)
