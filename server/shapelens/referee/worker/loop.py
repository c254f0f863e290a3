"""Reads questions, writes answers, one after the other."""

from __future__ import annotations

import gc
import os
import queue
import sys
import threading
from typing import Any, BinaryIO

from ..protocol import ProtocolError, Wire, decode_message, encode_message
from . import guard
from .ask import Asker
from .libraries import import_libraries, prepare_environment

# Garbage is collected between questions, not in them: it takes a third of the time otherwise.
QUESTIONS_BETWEEN_COLLECTIONS = 200


def main() -> None:
    """The life of a worker; it ends when its input does."""
    requests, answers = _take_pipes()
    guard.follow_parent()
    _write(answers, {"alive": True})
    prepare_environment()
    try:
        libraries = import_libraries()
        asker = Asker(libraries)
        guard.install()
    except BaseException as error:
        _write(answers, {"broken": f"{type(error).__name__}: {str(error)[:500]}"})
        raise
    guard.limit_memory()
    gc.collect()
    gc.freeze()
    gc.disable()
    _write(answers, {"ready": libraries.versions(), "memory": guard.memory()})
    _serve(asker, _lines(requests), answers)


def _serve(asker: Asker, lines: queue.Queue[bytes], answers: BinaryIO) -> None:
    count = 0
    while True:
        try:
            message = decode_message(lines.get())
        except ProtocolError as error:
            print(f"ignored: {error}", file=sys.stderr)
            continue
        answer, keep = asker.answer(message)
        count += 1
        if count % QUESTIONS_BETWEEN_COLLECTIONS == 0:
            gc.collect()
        reply = {"id": message.get("id"), "answer": answer, "keep": keep, "memory": guard.memory()}
        try:
            _write(answers, reply)
        except ProtocolError as error:
            _write(answers, {**reply, "answer": {"refused": f"the answer {error}"}})


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The protocol's own ends of stdin and stdout.

    Whatever else writes to stdout from now on, in Python or in C, writes to stderr; stdin is empty.
    """
    if sys.platform == "win32":
        import msvcrt

        for descriptor in (0, 1):
            msvcrt.setmode(descriptor, os.O_BINARY)  # type: ignore[attr-defined,unused-ignore]
    requests = os.fdopen(os.dup(0), "rb", buffering=0)
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return requests, answers


def _lines(requests: BinaryIO) -> queue.Queue[bytes]:
    """Reads ahead on a thread of its own, so that the end of the input ends a worker that is busy, too."""
    lines: queue.Queue[bytes] = queue.Queue()

    def read() -> None:
        with os.fdopen(os.dup(requests.fileno()), "rb") as buffered:
            for line in buffered:
                lines.put(line)
        os._exit(0)

    threading.Thread(target=read, name="requests", daemon=True).start()
    return lines


def _write(answers: BinaryIO, message: dict[str, Wire]) -> None:
    line: Any = memoryview(encode_message(message))
    try:
        while line:
            line = line[answers.write(line) or 0 :]
    except OSError:
        # Nobody is there to read it.
        os._exit(0)
