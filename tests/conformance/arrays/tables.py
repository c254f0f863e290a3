"""Tables of cases: files of expressions, one a line, that are put to rules and libraries as they stand."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent / "tables"


def lines(name: str) -> list[str]:
    """The cases of a table."""
    return [line for line in (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines() if line.strip()]


def named(library: str) -> list[str]:
    """The names of a library's tables, without the library."""
    return sorted(path.stem.removeprefix(f"{library}_") for path in FOLDER.glob(f"{library}_*.txt"))
