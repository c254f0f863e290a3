"""A problem as an editor or a terminal shows it."""

from __future__ import annotations

from shapelens.problems.catalog import CATALOG
from shapelens.problems.kind import Severity
from shapelens.values.facts import ProblemFact
from shapelens.values.failure import Place


def severity(problem: ProblemFact) -> Severity:
    """How bad it is: an error raises, a warning runs but cannot be meant."""
    return CATALOG[problem.failure.code].severity


def message(problem: ProblemFact) -> str:
    """What is wrong. The first line stands alone; the library's own words follow on the next."""
    return CATALOG[problem.failure.code].message(problem)


def related(problem: ProblemFact) -> tuple[Place, ...]:
    """Places elsewhere that explain the problem, the most telling first."""
    return CATALOG[problem.failure.code].related(problem)
