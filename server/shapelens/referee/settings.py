"""The times and sizes of the referee, which tests make small."""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """Seconds, bytes and counts. ``memo`` is the file of the memo, `None` for none."""

    # A network drive can take a minute to import TensorFlow from.
    start: float = 180.0
    # The first sign of life comes before anything is imported.
    alive: float = 30.0
    probe: float = 20.0
    # One question. The slowest application takes a few seconds to build.
    answer: float = 30.0
    # What got no answer in that time is asked again after this: the machine may have been busy.
    again: float = 900.0
    # Without a question for so long, the worker's memory is given back.
    idle: float = 900.0
    # The worker is replaced when it has grown by so much, or answered so many.
    growth: int = 500_000_000
    questions: int = 20_000
    # After failures in a row: the waits before the next start.
    waits: tuple[float, ...] = (0.0, 1.0, 4.0, 15.0, 60.0, 300.0)
    # Pending questions wait as long for a restart; longer, and they are refused.
    patience: float = 5.0
    # An interpreter without Keras is looked at again, for someone may install it.
    absent: float = 60.0
    # While more are to come, answers are told so long after the first of them.
    tell: float = 0.5
    memo: Path | None = field(default_factory=lambda: cache_folder() / "answers.sqlite3")


def cache_folder() -> Path:
    """Where this platform keeps what can be made again; ``SHAPELENS_CACHE`` names another folder."""
    named = os.environ.get("SHAPELENS_CACHE")
    if named:
        return Path(named)
    try:
        home = Path.home()
    except RuntimeError:
        return Path(tempfile.gettempdir()) / "shapelens"
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return (Path(local) if local else home / "AppData" / "Local") / "shapelens" / "Cache"
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "shapelens"
    cache = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(cache) if os.path.isabs(cache) else home / ".cache") / "shapelens"
