"""Where lines start. Only ``\\n``, ``\\r\\n`` and ``\\r`` end a line, as in Python and in LSP."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

_LINE_END = re.compile(r"\r\n?|\n")
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+\Z")


@dataclass(frozen=True, slots=True)
class LineIndex:
    """``starts`` are the offsets of the lines' first characters; ``length`` is that of the text."""

    starts: tuple[int, ...]
    length: int

    def line_of(self, offset: int) -> int:
        """The 0-based line that holds a character offset."""
        return bisect_right(self.starts, offset) - 1

    def bounds(self, line: int) -> tuple[int, int]:
        """The range of a line, its line end included."""
        end = self.starts[line + 1] if line + 1 < len(self.starts) else self.length
        return self.starts[line], end


def lines_of(text: str) -> list[str]:
    """The lines of a text, each with its line end."""
    return _LINE.findall(text)


def index_lines(text: str) -> LineIndex:
    """The index of a whole text."""
    return LineIndex((0, *(match.end() for match in _LINE_END.finditer(text))), len(text))


def reindex_lines(old: LineIndex, start: int, end: int, text: str) -> LineIndex:
    """The index of ``text``, which came about by replacing ``start:end`` of the text of ``old``.

    Only the lines around the edit are searched, because this is done at each keystroke.
    """
    growth = len(text) - old.length
    # The character before the edit may be a "\r" that now has, or no longer has, a "\n" behind it.
    first = old.line_of(max(start - 1, 0))
    # Line starts behind `end` are sure: the line end before them is not touched.
    last = bisect_right(old.starts, end)
    region_start = old.starts[first]
    region_end = old.starts[last] + growth if last < len(old.starts) else len(text)
    found = [match.end() for match in _LINE_END.finditer(text, region_start, region_end)]
    if last < len(old.starts) and found and found[-1] == region_end:
        found.pop()
    moved = [offset + growth for offset in old.starts[last:]]
    return LineIndex((*old.starts[: first + 1], *found, *moved), len(text))
