"""One program in one forked child of a process that has everything imported. Runs under Python 3.9, too."""

from __future__ import annotations

import json
import os
import select
import signal
import tempfile
from collections.abc import Callable
from typing import Any


def answer_in_child(
    text: str, run_program: Callable[[str], dict[str, Any]], *, seconds: float, memory: int | None = None
) -> dict[str, Any]:
    """What ``run_program`` says of the text in a child with a folder of its own, or a ``failure``.

    A child that says nothing for ``seconds`` is killed; its data may grow to ``memory`` bytes.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _be_child(text, run_program, writing, memory)
    os.close(writing)
    said = b""
    late = False
    while True:
        ready, _, _ = select.select([reading], [], [], seconds)
        piece = os.read(reading, 1 << 16) if ready else b""
        if not piece:
            late = not ready
            break
        said += piece
    os.close(reading)
    if late:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if late or not said:
        return {"failure": f"no answer in {seconds:.0f} s" if late else f"the run died: status {status}"}
    answer: dict[str, Any] = json.loads(said)
    return answer


def _be_child(text: str, run_program: Callable[[str], dict[str, Any]], writing: int, memory: int | None) -> None:
    if memory is not None:
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    quiet = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(quiet, descriptor)
    try:
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            try:
                answer = run_program(text)
            except BaseException as error:
                answer = {"failure": f"the harness failed: {error!r}"}
            os.chdir("/")
        with os.fdopen(writing, "w") as pipe:
            json.dump(answer, pipe)
    finally:
        os._exit(0)
