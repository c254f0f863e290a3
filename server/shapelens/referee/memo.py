"""What Keras answered before, in a file that all servers of this user share."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from shapelens.referee.process import WORKER
from shapelens.referee.protocol import ProtocolError
from shapelens.referee.wire import answer_from_wire, answer_to_wire, question_to_wire
from shapelens.shapes.question import Answer, Question, Versions

logger = logging.getLogger("shapelens.referee")
Result = TypeVar("Result")

# In the file's header: it is ours, and this is how its table looks.
APPLICATION = 0x53484C4E
LAYOUT = 1
MAX_ANSWERS = 50_000
# Counting is cheap, but not so cheap that every write should do it.
WRITES_BETWEEN_COUNTS = 200

SCHEMA = "CREATE TABLE answers (number INTEGER PRIMARY KEY, key BLOB UNIQUE NOT NULL, answer TEXT NOT NULL)"


class Memo:
    """Never raises: what goes wrong with the file is in `problem`, and the answers are then asked for again."""

    def __init__(self, path: Path, limit: int = MAX_ANSWERS) -> None:
        self._path = path
        self._limit = limit
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._writes = 0
        self.problem: str | None = None
        with self._lock:
            self._open()

    @property
    def where(self) -> str:
        """The file, or why there is none."""
        return f"{self._path}: {self.problem}" if self.problem else str(self._path)

    def get(self, keys: Mapping[Question, bytes]) -> dict[Question, Answer]:
        """The answers that are kept for these keys."""

        def read(connection: sqlite3.Connection) -> dict[Question, Answer]:
            found: dict[Question, Answer] = {}
            for question, key in keys.items():
                row = connection.execute("SELECT answer FROM answers WHERE key = ?", (key,)).fetchone()
                if row:
                    with contextlib.suppress(ValueError):  # a damaged row is asked for again
                        found[question] = answer_from_wire(json.loads(row[0]))
            return found

        with self._lock:
            return self._do(read) or {}

    def put(self, answers: Iterable[tuple[bytes, Answer]]) -> None:
        """Keep these; the oldest make room."""
        rows = [(key, json.dumps(answer_to_wire(answer), separators=(",", ":"))) for key, answer in answers]

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT OR REPLACE INTO answers (key, answer) VALUES (?, ?)", rows)
            self._writes += len(rows)
            if self._writes >= min(WRITES_BETWEEN_COUNTS, self._limit):
                self._writes = 0
                _make_room(connection, self._limit)
            connection.execute("COMMIT")

        with self._lock:
            self._do(write)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._shut()

    def _do(self, action: Callable[[sqlite3.Connection], Result]) -> Result | None:
        """What the action gives; `None` where the file fails."""
        connection = self._connection
        if connection is None:
            return None
        try:
            result = action(connection)
        except sqlite3.OperationalError as error:
            # It is locked, or the disk is full: another time it may work.
            self._note(str(error))
            with contextlib.suppress(sqlite3.Error):
                connection.rollback()
            return None
        except sqlite3.DatabaseError as error:
            self._set_aside(str(error))
            return None
        self.problem = None
        return result

    def _open(self) -> None:
        for attempt in range(2):
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._connection = self._connect()
                return
            except sqlite3.OperationalError as error:
                self._shut()
                self._note(str(error))
                return
            except (sqlite3.DatabaseError, _Foreign) as error:
                if attempt:
                    self._note(str(error))
                    return
                self._shut()
                if not self._move(str(error)):
                    return
            except OSError as error:
                self._note(error.strerror or str(error))
                return

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=2.0, isolation_level=None, check_same_thread=False)
        self._connection = connection
        # In one transaction, so that another server never sees half of it.
        connection.execute("BEGIN IMMEDIATE")
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (layout,) = connection.execute("PRAGMA user_version").fetchone()
        (tables,) = connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
        if (application, layout) != (APPLICATION, LAYOUT):
            if tables:
                raise _Foreign("it is not a memo of this version")
            connection.execute(f"PRAGMA application_id = {APPLICATION}")
            connection.execute(f"PRAGMA user_version = {LAYOUT}")
            connection.execute(SCHEMA)
        connection.execute("SELECT number, key, answer FROM answers LIMIT 1").fetchone()
        connection.execute("COMMIT")
        with contextlib.suppress(sqlite3.OperationalError):  # others use it just now; it works without
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        return connection

    def _set_aside(self, reason: str) -> None:
        self._shut()
        if self._move(reason):
            self._open()

    def _move(self, reason: str) -> bool:
        """The file gets another name, beside the old one, and whoever wants can look at it."""
        logger.warning("the memo %s is set aside: %s", self._path, reason)
        try:
            os.replace(self._path, self._path.with_name(self._path.name + ".aside"))
            for ending in ("-wal", "-shm"):
                self._path.with_name(self._path.name + ending).unlink(missing_ok=True)
        except OSError as error:
            self._note(f"{reason}; it cannot be set aside: {error.strerror or error}")
            return False
        return True

    def _shut(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _note(self, problem: str) -> None:
        if problem != self.problem:
            logger.warning("the memo %s: %s", self._path, problem)
        self.problem = problem


def _make_room(connection: sqlite3.Connection, limit: int) -> None:
    (count,) = connection.execute("SELECT COUNT(*) FROM answers").fetchone()
    if count > limit:
        oldest = "SELECT number FROM answers ORDER BY number LIMIT ?"
        connection.execute(f"DELETE FROM answers WHERE number IN ({oldest})", (count - limit * 9 // 10,))


class _Foreign(Exception):
    """The file is a database of someone else's."""


class Keys:
    """The keys under which the answers of one interpreter are kept."""

    def __init__(self, versions: Versions) -> None:
        self._start = hashlib.sha256(repr((versions, _worker_digest(), _keras_settings())).encode())

    def key(self, question: Question) -> bytes | None:
        """The key of this question; `None` for one that cannot be sent anyway."""
        try:
            text = json.dumps(question_to_wire(question), separators=(",", ":"))
        except (ProtocolError, RecursionError):
            return None
        digest = self._start.copy()
        digest.update(text.encode())
        return digest.digest()


def _worker_digest() -> str:
    """Changes whenever a file of the worker does: what it says may then be different."""
    digest = hashlib.sha256()
    for path in (*sorted(WORKER.parent.glob("*.py")), WORKER.parents[1] / "protocol.py"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _keras_settings() -> str:
    """What else decides on an answer: Keras's own configuration file and variables."""
    home = os.environ.get("KERAS_HOME") or os.path.join(os.path.expanduser("~"), ".keras")
    try:
        text = Path(home, "keras.json").read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = ""
    return text + repr([os.environ.get(name) for name in ("KERAS_BACKEND", "KERAS_FLOATX", "TF_USE_LEGACY_KERAS")])
