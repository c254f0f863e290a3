"""The texts of Python files, as the editor has them or else as they are on disk."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from shapelens.text.reading import SourceError, read_source

# A longer module is not worth a keystroke.
MAX_BYTES = 2_000_000


@dataclass(frozen=True)
class Source:
    """The text of a file; ``digest`` says what it contains."""

    text: str = field(repr=False)

    @cached_property
    def digest(self) -> str:
        """The same for the same text."""
        return hashlib.sha1(self.text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()[:12]


# Written on the thread that hears of edits, read where programs are analysed.
_edited: dict[str, Source] = {}
_generation = 0


def edit(path: str, text: str) -> None:
    """An editor has this file open, with this text."""
    _edited[_key(path)] = Source(text)


def close(path: str) -> None:
    """The editor has closed the file: what is on disk counts again."""
    _edited.pop(_key(path), None)


def disk_changed() -> None:
    """Files came, went or were written: what was found out about folders holds no more."""
    global _generation
    _generation += 1


def generation() -> int:
    """Another number after each `disk_changed`: a part of the key of whatever remembers folders."""
    return _generation


def source(path: str) -> Source | None:
    """The text of a file; `None` when it is no file, too large, or not in its encoding."""
    edited = _edited.get(_key(path)) if _edited else None
    if edited is not None:
        return edited
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return None if status.st_size > MAX_BYTES else _read(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=256)
def _read(path: str, modified: int, size: int) -> Source | None:
    del modified, size  # part of the key only
    try:
        return Source(read_source(Path(path)))
    except SourceError:
        return None


def _key(path: str) -> str:
    return os.path.normcase(os.path.abspath(path))
