"""The real thing: a referee for each Keras that is there, started once."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from shapelens.referee.live import LiveReferee
from shapelens.referee.settings import Settings
from shapelens.shapes.question import Answer, Call, Question

ROOT = Path(__file__).parents[2]


def keras_2_python() -> str:
    """The interpreter with Keras 2.15; skips the test where there is none."""
    named = os.environ.get("SHAPELENS_KERAS2_PYTHON")
    folder = ROOT / ".build" / "keras2"
    python = Path(named) if named else folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        pytest.skip(f"no Keras 2.15 in {python}")
    return str(python)


@dataclass
class Keras:
    """A running referee and its interpreter."""

    family: int
    python: str
    referee: LiveReferee
    told: dict[Question, Answer]

    def answer(self, call: Call, *before: Call) -> Answer:
        """What it says to a call, however long that takes."""
        return self.answer_to(Question(call, before))

    def answer_to(self, asked: Question) -> Answer:
        """What it says to a question.

        Keras 2.15 hangs once in some hundred calls of ``evaluate``: such a question is asked again.
        """
        for _ in range(3):
            self.told.pop(asked, None)
            self.referee.ask([asked])
            assert self.referee.wait(300), self.referee.status()
            if not (self.told[asked].refused or "").startswith("no answer within"):
                break
        return self.told[asked]


def _started(family: int, python: str) -> Iterator[Keras]:
    told: dict[Question, Answer] = {}
    referee = LiveReferee([python], told.update, Settings(memo=None, answer=60.0, again=0.0))
    try:
        yield Keras(family, python, referee, told)
    finally:
        referee.close()


@pytest.fixture(scope="session")
def keras3() -> Iterator[Keras]:
    """Keras 3, in the interpreter that runs the tests."""
    pytest.importorskip("keras")
    yield from _started(3, sys.executable)


@pytest.fixture(scope="session")
def keras2() -> Iterator[Keras]:
    """Keras 2.15."""
    yield from _started(2, keras_2_python())


@pytest.fixture(params=["keras3", "keras2"])
def keras(request: pytest.FixtureRequest) -> Keras:
    """One after the other."""
    found: Keras = request.getfixturevalue(request.param)
    return found
