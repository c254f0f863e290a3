"""Problems as diagnostics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from shapelens.engine.analysis import Analysis, ProblemAt, Range
from shapelens.ide.story import story
from shapelens.problems import render

Severity: TypeAlias = Literal["error", "warning", "information", "hint"]


@dataclass(frozen=True, slots=True)
class Related:
    """A place of the document that helps to understand a diagnostic."""

    range: Range
    message: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """The first line of ``message`` stands alone. ``problem`` is what quick fixes are made for.

    What follows that line is what the library raises; ``confirmed``: it begins with the installed version
    that said so.
    """

    range: Range
    code: str
    severity: Severity
    message: str
    related: tuple[Related, ...] = ()
    problem: ProblemAt | None = None
    confirmed: bool = False


def diagnostics(analysis: Analysis, *, warnings: bool = True) -> list[Diagnostic]:
    """The problems of a document, in order of place."""
    found = [_diagnostic(at, analysis) for at in analysis.problems]
    return [diagnostic for diagnostic in found if warnings or diagnostic.severity == "error"]


def _diagnostic(at: ProblemAt, analysis: Analysis) -> Diagnostic:
    related = []
    for place in render.related(at.problem):
        where = analysis.range_of(place.span)
        if where is not None:
            related.append(Related(where, place.message))
    taken = {at.range, *(place.range for place in related)}
    related += [Related(told.range, told.message) for told in story(at, analysis) if told.range not in taken]
    return Diagnostic(
        at.range,
        at.problem.failure.code,
        render.severity(at.problem),
        render.message(at.problem),
        tuple(related),
        at,
        bool(at.problem.failure.confirmed),
    )
