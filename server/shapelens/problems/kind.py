"""What every problem code has: words, a severity, related places and quick fixes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from shapelens.problems import words
from shapelens.problems.context import Fix, FixContext
from shapelens.values.facts import ProblemFact
from shapelens.values.failure import Code, Place

Severity: TypeAlias = Literal["error", "warning"]


def no_fixes(problem: ProblemFact, context: FixContext) -> Iterable[Fix]:
    """For problems that only the author can solve."""
    return ()


@dataclass(frozen=True, slots=True)
class Kind:
    """A problem code. ``summary`` is one line for lists; the page has the rest."""

    code: Code
    title: str
    severity: Severity
    summary: str
    message: Callable[[ProblemFact], str] = words.message
    related: Callable[[ProblemFact], tuple[Place, ...]] = words.related
    propose: Callable[[ProblemFact, FixContext], Iterable[Fix]] = no_fixes
