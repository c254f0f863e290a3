"""A child process in the user's interpreter: what it is started with, what it says, how it ends."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import queue
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from shapelens.referee.protocol import MAX_LINE, ProtocolError, Wire, decode_message, encode_message
from shapelens.referee.wire import versions_from_wire
from shapelens.shapes.question import Versions

logger = logging.getLogger("shapelens.referee")
WORKER = Path(__file__).parent / "worker" / "__main__.py"
PROBE = Path(__file__).parent / "worker" / "probe.py"
# The exit code of `worker/guard.py`.
EXIT_MEMORY = 77


class Gone(Exception):
    """The process cannot be started, has ended, or says what a worker would not; the message is a sentence."""


class TooMuch(Gone):
    """It ended itself, because a question took too much memory."""


class TimeUp(Exception):
    """It has not answered in time."""


def environment() -> dict[str, str]:
    """Ours, without what would let the user's own files be taken for the libraries.

    Of ``PYTHONPATH`` only folders of installed packages stay, as clusters name them.
    """
    found = dict(os.environ)
    entries = found.pop("PYTHONPATH", "").split(os.pathsep)
    kept = [entry for entry in entries if Path(entry).name in ("site-packages", "dist-packages")]
    if kept:
        found["PYTHONPATH"] = os.pathsep.join(kept)
    found["PYTHONSAFEPATH"] = "1"
    # Keras prints sets in some sentences: the same question shall have the same answer.
    found["PYTHONHASHSEED"] = "0"
    found.pop("PYTHONSTARTUP", None)
    return found


def probe_versions(argv: Sequence[str], seconds: float) -> Versions:
    """The versions of what the interpreter ``argv`` has installed; raises `Gone` when it is no Python."""
    try:
        done = subprocess.run(
            [*argv, str(PROBE)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            env=environment(),
            cwd=tempfile.gettempdir(),
            creationflags=_no_window(),
        )
        lines = done.stdout.splitlines()
        return versions_from_wire(json.loads(lines[-1]))
    except subprocess.TimeoutExpired:
        raise Gone(f"{argv[0]} did not say within {seconds:g} s which libraries it has") from None
    except OSError as error:
        raise Gone(f"{argv[0]} cannot be run: {error.strerror or error}") from None
    except (ValueError, IndexError):
        words = _last_words(done.stderr.decode("utf-8", "replace").splitlines())
        raise Gone(f"{argv[0]} is not a Python that can be asked{words}") from None


class Process:
    """A started worker. Its methods are for one thread, except `kill`."""

    def __init__(self, argv: Sequence[str]) -> None:
        self._interpreter = argv[0]
        try:
            self._child = subprocess.Popen(
                [*argv, str(WORKER)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment(),
                cwd=tempfile.gettempdir(),
                creationflags=_no_window(),
            )
        except OSError as error:
            raise Gone(f"{argv[0]} cannot be run: {error.strerror or error}") from None
        self._lines: queue.Queue[bytes | None] = queue.Queue()
        self._outbox: queue.Queue[bytes | None] = queue.Queue()
        self._words: deque[str] = deque(maxlen=30)
        self._errors_read = threading.Thread(target=self._read_errors, name="referee-stderr", daemon=True)
        self._errors_read.start()
        for target in (self._read, self._write):
            threading.Thread(target=target, name="referee-pipe", daemon=True).start()

    @property
    def pid(self) -> int:
        return self._child.pid

    def send(self, message: dict[str, Wire]) -> None:
        """Returns at once, though the worker may read nothing. Raises `ProtocolError` when this cannot be sent."""
        self._outbox.put(encode_message(message))

    def receive(self, seconds: float) -> dict[str, Wire]:
        """The next message. Raises `TimeUp`, or `Gone`."""
        try:
            line = self._lines.get(timeout=max(seconds, 0.0))
        except queue.Empty:
            raise TimeUp from None
        if line is None:
            raise self._ended()
        try:
            return decode_message(line)
        except ProtocolError as error:
            self.kill()
            raise Gone(f"{self._interpreter} is not a Python that can be asked: {error}") from None

    def kill(self) -> None:
        """End it; it has nothing to lose."""
        with contextlib.suppress(OSError):
            self._child.kill()
        # Whoever waits for a message learns it at once, though a grandchild may hold the pipe open.
        self._lines.put(None)
        self._outbox.put(None)

    def dispose(self) -> None:
        """End it, and wait until it is no more."""
        self.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(timeout=10)

    def _write(self) -> None:
        assert self._child.stdin is not None
        with contextlib.suppress(OSError, ValueError), self._child.stdin as pipe:
            while line := self._outbox.get():
                pipe.write(line)
                pipe.flush()

    def _read(self) -> None:
        assert self._child.stdout is not None
        with contextlib.suppress(OSError, ValueError), self._child.stdout as pipe:
            while line := pipe.readline(MAX_LINE + 1):
                self._lines.put(line)
        self._lines.put(None)

    def _read_errors(self) -> None:
        assert self._child.stderr is not None
        with contextlib.suppress(OSError, ValueError), self._child.stderr as pipe:
            for line in iter(lambda: pipe.readline(10_000), b""):
                text = line.decode("utf-8", "replace").rstrip()
                self._words.append(text)
                logger.debug("worker: %s", text)

    def _ended(self) -> Gone:
        try:
            code = self._child.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return Gone(f"{self._interpreter} closed its output")
        self._errors_read.join(timeout=1)
        if code == EXIT_MEMORY:
            return TooMuch("it takes too much memory")
        if code < 0:
            return Gone(f"the worker was ended by signal {-code}")
        return Gone(f"the worker ended with exit code {code}{_last_words(self._words)}")


def _last_words(lines: Sequence[str] | deque[str]) -> str:
    """What a process said last that looks like a reason."""
    said = [line.strip() for line in lines if line.strip()]
    reasons = [line for line in said if re.match(r"\w*(Error|Exception|error)\b", line)]
    return f": {(reasons or said)[-1][:200]}" if said else ""


def _no_window() -> int:
    """Windows opens a console for a child, otherwise."""
    return 0x08000000 if sys.platform == "win32" else 0


def until(deadline: float) -> float:
    """The seconds that are left."""
    return deadline - time.monotonic()
