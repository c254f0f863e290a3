"""Quick fixes for the problems in a range."""

from __future__ import annotations

from dataclasses import dataclass

from shapelens.engine.analysis import Analysis, Range
from shapelens.engine.analyze import Interpreter
from shapelens.engine.fixes import verified_fixes
from shapelens.ide.diagnostics import Diagnostic, diagnostics
from shapelens.ide.stating import stating
from shapelens.problems.fixes import Fix


@dataclass(frozen=True, slots=True)
class Action:
    """A fix for a diagnostic; ``preferred``: the first of its diagnostic.

    Without a diagnostic it is an offer to say what cannot be known.
    """

    diagnostic: Diagnostic | None
    fix: Fix
    preferred: bool


def actions(
    analysis: Analysis, place: Range, *, path: str | None = None, interpreter: Interpreter | None = None
) -> list[Action]:
    """The fixes for what overlaps ``place``, each known to work, and what may be stated there."""
    found: list[Action] = []
    for diagnostic in diagnostics(analysis):
        overlaps = diagnostic.range.start <= place.end and place.start <= diagnostic.range.end
        if overlaps and diagnostic.problem is not None:
            fixes = verified_fixes(analysis, diagnostic.problem, path=path, interpreter=interpreter)
            found += [Action(diagnostic, fix, index == 0) for index, fix in enumerate(fixes)]
    offers = stating(analysis, place, path=path, interpreter=interpreter)
    return [*found, *(Action(None, fix, False) for fix in offers)]
