"""Asks Keras 2.15, which lives in an interpreter of its own: NumPy 1, Python 3.11 at most.

``SHAPELENS_KERAS2_PYTHON`` names that interpreter; ``make`` builds one in ``.build/keras2``.
"""

from __future__ import annotations

import atexit
import os
import pickle
import struct
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from shapelens.shapes.question import Versions
from tests.conformance.cases import Case, Evaluated, Expression, Outcome
from tests.conformance.training.models import Training

ROOT = Path(__file__).parents[2]
Answer = TypeVar("Answer", Outcome, Evaluated)
ENDED = "the interpreter ended"
VERSIONS = Versions(python="3.11", keras="2.15.0", tensorflow="2.15.1", numpy="1.26.4")


def interpreter() -> str | None:
    """The Python that has Keras 2.15, if there is one."""
    named = os.environ.get("SHAPELENS_KERAS2_PYTHON")
    if named:
        return named
    built = ROOT / ".build" / "keras2" / "bin" / "python"
    return str(built) if built.exists() else None


def run(cases: Sequence[Case]) -> list[Outcome]:
    """What Keras 2.15 does with each of ``cases``."""
    return _put(cases, Outcome(ENDED, "call"))


def evaluate(expressions: Sequence[Expression]) -> list[Evaluated]:
    """What Keras 2.15 makes of each of ``expressions``."""
    return _put(expressions, Evaluated(ENDED))


def refusals(trainings: Sequence[Training]) -> list[Evaluated]:
    """The errors of Keras 2.15 over each of ``trainings``."""
    return _put(trainings, Evaluated(ENDED))


def _put(questions: Sequence[object], ended: Answer) -> list[Answer]:
    """The answers; ``ended`` for a question that takes the interpreter along, as some do to TensorFlow."""
    answers = _answers(questions)
    if answers is not None:
        return answers
    found = []
    for question in questions:
        alone = _answers([question])
        found.append(ended if alone is None else alone[0])
    return found


def _answers(questions: Sequence[object]) -> list[Any] | None:
    """One request's reply; None when the interpreter ended over it."""
    process = _process()
    assert process.stdin is not None
    assert process.stdout is not None
    request = pickle.dumps(list(questions), protocol=4)
    process.stdin.write(struct.pack("<I", len(request)) + request)
    process.stdin.flush()
    head = process.stdout.read(4)
    if len(head) < 4:
        process.wait()
        _process.cache_clear()
        return None
    answers: list[Any] = pickle.loads(process.stdout.read(struct.unpack("<I", head)[0]))
    return answers


@cache
def _process() -> subprocess.Popen[bytes]:
    """One process for all tests; it imports TensorFlow, which takes seconds."""
    python = interpreter()
    assert python is not None
    # Its own packages only, and of ours nothing but the tests' folder.
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    # Some functions write files.
    folder = tempfile.TemporaryDirectory()
    process = subprocess.Popen(
        [python, "-m", "tests.conformance.real_keras2"],
        cwd=folder.name,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    atexit.register(_end, process, folder)
    return process


def _end(process: subprocess.Popen[bytes], folder: tempfile.TemporaryDirectory[str]) -> None:
    if process.stdin is not None:
        process.stdin.close()
    process.wait(timeout=30)
    folder.cleanup()
