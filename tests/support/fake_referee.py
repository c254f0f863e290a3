"""A referee for tests: it answers from a table or a function, when the test says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from shapelens.referee.api import OnAnswers, State, Status
from shapelens.shapes.question import NEWEST, Answer, Question, Versions

UNKNOWN = Answer(refused="the fake does not know")


@dataclass
class FakeReferee:
    """Knows at once what is in ``known``; what is asked gets its answer from ``later`` at `deliver`."""

    known: dict[Question, Answer] = field(default_factory=dict)
    later: Mapping[Question, Answer] | Callable[[Question], Answer] = field(default_factory=dict)
    on_answers: OnAnswers = lambda answers: None
    libraries: Versions = NEWEST
    state: State = State.RUNNING
    asked: list[Question] = field(default_factory=list)
    pending: list[Question] = field(default_factory=list)
    closed: bool = False

    def versions(self, seconds: float = 0.0) -> Versions:
        return self.libraries

    def answers(self, questions: Iterable[Question]) -> dict[Question, Answer]:
        return {question: self.known[question] for question in questions if question in self.known}

    def ask(self, questions: Iterable[Question]) -> None:
        for question in questions:
            self.asked.append(question)
            if question not in self.known and question not in self.pending:
                self.pending.append(question)

    def deliver(self) -> dict[Question, Answer]:
        """Answer what was asked, as the worker does after a while."""
        found = {question: self._answer(question) for question in self.pending}
        self.pending.clear()
        self.known.update(found)
        if found:
            self.on_answers(found)
        return found

    def wait(self, seconds: float) -> bool:
        self.deliver()
        return True

    def status(self) -> Status:
        return Status(self.state, f"fake: {self.state.value}", "fake", self.libraries, len(self.pending))

    def close(self) -> None:
        self.closed = True

    def _answer(self, question: Question) -> Answer:
        return self.later(question) if callable(self.later) else self.later.get(question, UNKNOWN)
