"""Asks Keras 2.15, which lives in an interpreter of its own: NumPy 1, Python 3.11 at most.

``SHAPELENS_KERAS2_PYTHON`` names that interpreter; ``make`` builds one in ``.build/keras2``.
"""

from __future__ import annotations

import atexit
import os
import pickle
import struct
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from shapelens.shapes.question import Versions
from tests.conformance.cases import Case, Outcome

ROOT = Path(__file__).parents[2]
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
    process = _process()
    assert process.stdin is not None
    assert process.stdout is not None
    request = pickle.dumps(list(cases), protocol=4)
    process.stdin.write(struct.pack("<I", len(request)) + request)
    process.stdin.flush()
    head = process.stdout.read(4)
    if len(head) < 4:
        raise RuntimeError("the interpreter of Keras 2.15 has ended; its standard error says why")
    outcomes: list[Outcome] = pickle.loads(process.stdout.read(struct.unpack("<I", head)[0]))
    return outcomes


@cache
def _process() -> subprocess.Popen[bytes]:
    """One process for all tests; it imports TensorFlow, which takes seconds."""
    python = interpreter()
    assert python is not None
    # Its own packages only, and of ours nothing but the tests' folder.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    process = subprocess.Popen(
        [python, "-m", "tests.conformance.real_keras2"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    atexit.register(_end, process)
    return process


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()
    process.wait(timeout=30)
