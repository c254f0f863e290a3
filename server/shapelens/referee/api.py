"""What the rest of ShapeLens sees of the referee: whom to ask, and how it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from shapelens.shapes.question import NEWEST, Answer, Question, Versions

# Called on a thread of the referee's; it must return soon and must not wait for the referee.
OnAnswers = Callable[[Mapping[Question, Answer]], None]


class State(Enum):
    """Where the worker is in its life."""

    IDLE = "idle"  # nothing was asked that the memo did not know
    ABSENT = "absent"  # there is no Keras in that interpreter, or no interpreter
    STARTING = "starting"  # its libraries are being imported
    RUNNING = "running"
    ERRORED = "errored"  # it does not start; tried again later
    EXITED = "exited"  # it died; tried again later
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Status:
    """How the referee is, for the status item and ``shapelens doctor``.

    ``sentence`` says it in one line for a person, with the reason where something is wrong.
    ``pending`` counts the questions that wait for an answer. ``memo`` says where answers are kept, or
    why they are not.
    """

    state: State
    sentence: str
    interpreter: str = ""
    versions: Versions = NEWEST
    pending: int = 0
    memo: str = ""


class Referee(Protocol):
    """Answers questions about real Keras. All methods may be called from any thread."""

    def versions(self, seconds: float = 0.0) -> Versions:
        """The libraries of the interpreter, found without importing them.

        Waits at most ``seconds`` for them; `NEWEST` while (or where) they are not known.
        """
        ...

    def answers(self, questions: Iterable[Question]) -> dict[Question, Answer]:
        """What is known of these, at once and without the worker; others are left out."""
        ...

    def ask(self, questions: Iterable[Question]) -> None:
        """Have these answered; returns at once.

        Starts the worker when the memo does not suffice. Every question gets an answer, ``refused``
        if need be: `OnAnswers` is called with them, several at a time. A refusal whose reason passes (a
        worker that does not start) is forgotten by `answers` when it is worth asking again.
        """
        ...

    def wait(self, seconds: float) -> bool:
        """Wait until everything asked so far is answered and told; whether it is, after at most ``seconds``."""
        ...

    def status(self) -> Status:
        """How it is, at once."""
        ...

    def close(self) -> None:
        """End the worker. What is still pending is never answered; closing twice does no harm."""
        ...


class NoReferee:
    """The referee where none is wanted: it knows nothing, and refuses what it is asked."""

    def __init__(self, on_answers: OnAnswers | None = None, reason: str = "asking Keras is turned off") -> None:
        self._on_answers = on_answers
        self._reason = reason

    def versions(self, seconds: float = 0.0) -> Versions:
        """The newest."""
        return NEWEST

    def answers(self, questions: Iterable[Question]) -> dict[Question, Answer]:
        """Refusals."""
        return {question: Answer(refused=self._reason) for question in questions}

    def ask(self, questions: Iterable[Question]) -> None:
        """Refuse."""
        found = self.answers(questions)
        if found and self._on_answers is not None:
            self._on_answers(found)

    def wait(self, seconds: float) -> bool:
        """Nothing is ever pending."""
        return True

    def status(self) -> Status:
        """Absent, with the reason."""
        return Status(State.ABSENT, self._reason[:1].upper() + self._reason[1:])

    def close(self) -> None:
        """Nothing to end."""
