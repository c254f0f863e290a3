"""Runs programs under real Keras, and compares what happened with what a fixture expects."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .literate import ProblemExpectation, Program, Shape
from .targets import Span, find_target

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("keras", "tensorflow", "pandas", "sklearn")


def why_not() -> str:
    """Why this interpreter cannot run Keras, or nothing."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    return f"not installed: {', '.join(missing)}" if missing else ""


@dataclass(frozen=True)
class RaisedError:
    """An exception of the real run, at the innermost of the program's expressions."""

    line: int
    end_line: int
    type: str
    message: str
    caught: bool

    def covers(self, line: int) -> bool:
        """Whether the expression that raised stands on this line."""
        return self.line <= line <= self.end_line

    def __str__(self) -> str:
        # What happened stands at the end of a graph's long story of where it happened.
        message = self.message.partition("most recent call last")[2].rpartition("\n\n")[2] or self.message
        return f"{self.type}: {' '.join(message.split())[:400]}"


@dataclass(frozen=True)
class Run:
    """What a real run showed."""

    values: dict[Span, list[Shape]]
    names: dict[tuple[int, str], list[Shape]]
    layers: set[Span]
    errors: list[RaisedError]
    skipped: set[int]
    failure: str


class KerasProcess:
    """The process that runs programs, started when first asked."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._runs: dict[str, Run] = {}

    def run(self, text: str) -> Run:
        """The real run of a text; each text is run once."""
        if text not in self._runs:
            self._runs[text] = _read_run(self._ask({"text": text}))
        return self._runs[text]

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            assert self._process.stdin is not None
            self._process.stdin.close()
            self._process.wait(30)

    def _ask(self, question: dict[str, str]) -> dict[str, Any]:
        if self._process is None:
            self._process = start_keras("tests.support.keras_child")
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


def start_keras(module: str, python: str = sys.executable) -> subprocess.Popen[str]:
    """The module as a process that answers lines of JSON, once it has said that Keras is imported.

    It has the processor only, and one thread of it.
    """
    environment = {
        **os.environ,
        "CUDA_VISIBLE_DEVICES": "-1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_NUM_INTRAOP_THREADS": "1",
        "TF_NUM_INTEROP_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(ROOT),
        "KERAS_BACKEND": "tensorflow",
    }
    process = subprocess.Popen(
        [python, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    )
    assert process.stdout is not None
    if "keras" not in process.stdout.readline():
        raise RuntimeError("the process that runs Keras did not start")
    return process


def _read_run(answer: dict[str, Any]) -> Run:
    return Run(
        {tuple(span): shapes for span, shapes in answer.get("values", [])},
        {(line, name): shapes for line, name, shapes in answer.get("names", [])},
        {tuple(span) for span in answer.get("layers", [])},
        [RaisedError(**error) for error in answer.get("errors", [])],
        set(answer.get("skipped", [])),
        answer.get("failure", ""),
    )


def disagreements(program: Program, run: Run) -> list[str]:
    """Everything in which the fixture and the real run differ; nothing when the fixture tells the truth."""
    if run.failure:
        return [f"{program.place(1)}: {run.failure}"]
    found = [
        f"{program.place(problem.line)}: this statement never ran, an earlier error stopped it"
        for problem in program.problems
        if problem.line in run.skipped
    ]
    for error in run.errors:
        if not any(error.covers(expected.line) for expected in program.errors):
            found.append(f"{program.place(error.line)}: real Keras raises, and no error is expected: {error}")
    for expected in program.errors:
        found.extend(_unconfirmed(program, expected, run))
    found.extend(_wrong_shapes(program, run))
    return found


def _unconfirmed(program: Program, expected: ProblemExpectation, run: Run) -> list[str]:
    there = [error for error in run.errors if error.covers(expected.line)]
    if not there:
        return [f"{program.place(expected.line)}: an error is expected, and real Keras does not raise"]
    if expected.keras and not any(expected.keras in error.message for error in there):
        return [f"{program.place(expected.line)}: real Keras says otherwise: {there[0]}"]
    return []


def _wrong_shapes(program: Program, run: Run) -> list[str]:
    found: list[str] = []
    for expectation in program.shapes:
        seen, loose_batch = observed(program, run, expectation.line, expectation.name)
        if not seen:
            found.append(f"{program.place(expectation.line)}: the real run saw no shape here")
            continue
        wanted = expectation.alternatives
        wrong = [s for s in seen if not any(agrees(w, s, loose_batch) for w in wanted)]
        unused = [w for w in wanted if not any(agrees(w, s, loose_batch) for s in seen)]
        if wrong or unused:
            found.append(f"{program.place(expectation.line)}: the shape is really {' | '.join(map(show, seen))}")
    return found


def observed(program: Program, run: Run, line: int, name: str | None) -> tuple[list[Shape], bool]:
    """The shapes that the run saw at an expectation's place, and whether its `None` may stand for a number.

    It may inside a function or a loop, which runs several times, and for a layer, which is built once and
    called with batches: what is asserted there is what stays the same.
    """
    expectation = next(e for e in program.shapes if (e.line, e.name) == (line, name))
    target = find_target(program, expectation)
    if target.span is not None:
        seen = run.values.get(target.span, [])
        loose = target.repeated or target.span in run.layers
        if not seen and target.name is not None:
            seen = run.names.get((target.span[0], target.name), [])
        return seen, loose
    starts = [place for place in run.names if place[1] == target.name and place[0] <= line]
    return (run.names[max(starts)] if starts else []), target.repeated


def agrees(expected: Shape, seen: Shape, loose: bool) -> bool:
    """Whether a seen shape is the expected one; with `loose`, an expected None covers any number."""
    if len(expected) != len(seen):
        return False
    for want, have in zip(expected, seen, strict=True):
        if isinstance(want, list) or isinstance(have, list):
            if not (isinstance(want, list) and isinstance(have, list) and agrees(want, have, loose)):
                return False
        elif want != have and not (loose and want is None):
            return False
    return True


def show(shape: Shape) -> str:
    """A shape in the notation of the fixtures."""
    if any(isinstance(item, list) for item in shape):
        return "[" + ", ".join(show(item) for item in shape if isinstance(item, list)) + "]"
    return "(" + ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "") + ")"
