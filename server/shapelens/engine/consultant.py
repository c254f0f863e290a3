"""One referee for all documents of a session, and whom it tells when there is news."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeAlias

from shapelens.engine.installed import Installed, installed_by
from shapelens.referee.api import NoReferee, OnAnswers, Referee, State, Status
from shapelens.shapes.question import Answer, Question

__all__ = ["Consultant", "Opener", "Question", "Referee", "Status", "open_referee", "status_json"]

# How to get a referee for an interpreter.
Opener: TypeAlias = Callable[[Sequence[str], OnAnswers], Referee]

# For a look at what an interpreter has, off every thread that somebody waits for.
LOOK_SECONDS = 60.0

# What the rules know without any Keras.
RULES = "the rules of Keras 3.15 are used"

# The environment variable that turns asking off, for the server and the command line.
OFF = "SHAPELENS_NO_KERAS"

log = logging.getLogger(__name__)


class Consultant:
    """Asks the Keras of the interpreter that `use` names; none before. No method waits.

    ``news`` is called on a thread of its own with the questions that were answered, or with `None` when
    something else became known or was turned off.
    """

    def __init__(self, news: Callable[[Collection[Question] | None], None], opener: Opener | None = None) -> None:
        self._news = news
        self._opener = opener or open_referee
        self._lock = threading.Lock()
        self._argv: tuple[str, ...] | None = None
        self._referee: Referee = NoReferee()

    def use(self, argv: Sequence[str] | None) -> None:
        """Ask this interpreter from now on; `None`: nobody."""
        wanted = None if argv is None else tuple(argv)
        with self._lock:
            if wanted == self._argv:
                return
            self._argv, former = wanted, self._referee
            self._referee = NoReferee() if wanted is None else self._opened(wanted)
            referee = self._referee
        threading.Thread(target=self._change, args=(former, referee), name="shapelens-look", daemon=True).start()

    def installed(self) -> Installed:
        """What is known of the interpreter now."""
        return installed_by(self._referee)

    def ask(self, questions: Collection[Question]) -> None:
        """Have these answered. What was answered since they were written is news at once."""
        found = self._referee.answers(questions)
        self._referee.ask([question for question in questions if question not in found])
        if found:
            self._news(found.keys())

    def status(self) -> Status:
        """How the referee is."""
        return self._referee.status()

    def close(self) -> None:
        """End it."""
        self._referee.close()

    def _opened(self, argv: tuple[str, ...]) -> Referee:
        def answered(answers: Mapping[Question, Answer]) -> None:
            self._news(answers.keys())

        try:
            return self._opener(argv, answered)
        except Exception:
            log.exception("the installed Keras cannot be asked")
            return NoReferee(reason="the installed Keras cannot be asked; the log says why")

    def _change(self, former: Referee, referee: Referee) -> None:
        try:
            former.close()
            referee.versions(LOOK_SECONDS)
        except Exception:
            log.exception("what is installed cannot be told")
        if referee is self._referee:
            self._news(None)


def status_json(status: Status) -> dict[str, Any]:
    """A status as plain data, for editors and other programs."""
    broken = status.state in (State.ERRORED, State.EXITED)
    return {
        "state": status.state.value,
        "message": f"{status.sentence}; {RULES}" if status.state is State.ABSENT else status.sentence,
        "interpreter": status.interpreter,
        "python": status.versions.python,
        "keras": status.versions.keras,
        "tensorflow": status.versions.tensorflow,
        "numpy": status.versions.numpy,
        "pending": status.pending,
        "memo": status.memo,
        "busy": status.state is State.STARTING or (status.pending > 0 and not broken),
        "broken": broken,
    }


def open_referee(argv: Sequence[str], on_answers: OnAnswers) -> Referee:
    """The referee for an interpreter; one that knows nothing for an empty command, or where the user wants none."""
    if not argv or os.environ.get(OFF):
        return NoReferee(on_answers)
    # Imported when it is needed: most runs of the command line do without.
    from shapelens.referee.open import open_referee as open_worker

    return open_worker(argv, on_answers)
