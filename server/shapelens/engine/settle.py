"""Analyses for a caller that can wait: with the answers to what they ask."""

from __future__ import annotations

import time

from shapelens.engine.analysis import Analysis
from shapelens.engine.analyze import Interpreter, analyze
from shapelens.engine.installed import Family, installed_by
from shapelens.referee.api import Referee

# The answer to one question may raise the next; a program that goes on like this is left at some point.
MAX_ROUNDS = 200


def settled(
    analysis: Analysis,
    referee: Referee,
    *,
    family: Family | None = None,
    path: str | None = None,
    interpreter: Interpreter | None = None,
    seconds: float,
) -> Analysis:
    """``analysis`` after all that it asks is answered, or as far as that goes in this time."""
    deadline = time.monotonic() + seconds
    installed = installed_by(referee, family, seconds)
    asked: tuple[object, ...] = ()
    for _ in range(MAX_ROUNDS):
        analysis = analyze(analysis.document, analysis, path=path, interpreter=interpreter, installed=installed)
        remaining = deadline - time.monotonic()
        if not analysis.questions or analysis.questions == asked or remaining <= 0:
            break
        asked = analysis.questions
        referee.ask(analysis.questions)
        referee.wait(remaining)
    return analysis
