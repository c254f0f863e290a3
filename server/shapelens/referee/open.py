"""How to get a referee."""

from __future__ import annotations

from collections.abc import Sequence

from shapelens.referee.api import OnAnswers, Referee
from shapelens.referee.live import LiveReferee
from shapelens.referee.settings import Settings


def open_referee(argv: Sequence[str], on_answers: OnAnswers, settings: Settings | None = None) -> Referee:
    """The referee that asks the Keras of the interpreter ``argv`` (``["/usr/bin/python3"]``).

    Nothing is started yet, except for a short look at which libraries it has.
    """
    return LiveReferee(argv, on_answers, settings)
