"""Quick fixes for a problem. The engine tries each on a copy and offers only those that help."""

from __future__ import annotations

from shapelens.problems.catalog import CATALOG
from shapelens.problems.context import Edit, Fix, FixContext
from shapelens.values.facts import ProblemFact

__all__ = ["Edit", "Fix", "FixContext", "propose"]


def propose(problem: ProblemFact, context: FixContext) -> list[Fix]:
    """Changes that may solve ``problem``, best first, each different from the others."""
    fixes: list[Fix] = []
    for fix in CATALOG[problem.failure.code].propose(problem, context):
        if all(fix.edits != other.edits for other in fixes):
            fixes.append(fix)
    return fixes
