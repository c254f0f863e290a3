"""Trying out whether the installed Keras can be asked, for ``shapelens doctor``."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass

from shapelens.referee.api import Referee, State, Status
from shapelens.shapes.question import Answer, Call, Constant, Name, Question, Tensor
from shapelens.shapes.shape import TensorSpec


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found: ``trouble`` is what is broken, in a sentence each; ``seconds`` to the first answer.

    ``starts``: whether the worker answered; `None` where there is no Keras to start.
    """

    status: Status
    starts: bool | None
    seconds: float | None
    memo_bytes: int | None
    trouble: tuple[str, ...]


def examine(referee: Referee, seconds: float = 120.0, clock: Callable[[], float] = time.monotonic) -> Examination:
    """Ask a question that no memo knows."""
    started = clock()
    versions = referee.versions(seconds)
    if not versions.keras:
        status = referee.status()
        # An interpreter that does not even say its own version is none.
        broken = status.state in (State.ERRORED, State.EXITED) or not versions.python
        trouble = (status.sentence,) if broken else ()
        return Examination(status, None, None, _size(status.memo), trouble)
    units = time.time_ns() % 1_000_000 + 2
    question = _dense(units)
    referee.ask((question,))
    referee.wait(max(seconds - (clock() - started), 0))
    took = clock() - started
    answer = referee.answers((question,)).get(question)
    status = referee.status()
    wrong = _wrong(answer, units, seconds)
    return Examination(
        status, wrong is None, took if wrong is None else None, _size(status.memo), () if wrong is None else (wrong,)
    )


def _dense(units: int) -> Question:
    return Question(Call(Call(Name("keras.layers.Dense"), (Constant(units),)), (Tensor((None, 3), "float32"),)))


def _wrong(answer: Answer | None, units: int, seconds: float) -> str | None:
    if answer is None:
        return f"Keras did not answer within {seconds:.0f} seconds"
    said = answer.refused or answer.error
    if said is not None:
        return f"Keras did not answer: {said}"
    if not isinstance(answer.outputs, TensorSpec) or answer.outputs.shape.dims != (None, units):
        return f"Keras gave a wrong answer: a Dense({units}) has the output {answer.outputs}"
    return None


def _size(memo: str) -> int | None:
    try:
        return os.path.getsize(memo)
    except (OSError, ValueError):
        return None
