"""Immutable documents: text with a version, addressed by offsets or by an editor's positions."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

from shapelens.text.lines import LineIndex, index_lines, reindex_lines

# What an editor counts columns in; "utf-32" units are characters.
PositionEncoding: TypeAlias = Literal["utf-8", "utf-16", "utf-32"]


class Position(NamedTuple):
    """A 0-based line and a 0-based column in units of some encoding."""

    line: int
    column: int


class Part(NamedTuple):
    """A cell in the program of its notebook: where it starts, the index of the cell among all, its own text."""

    start: int
    cell: int
    document: Document


@dataclass(frozen=True, slots=True)
class Document:
    """One revision of a text. Make one with `document` or `apply_change`.

    ``cells``: what it is made of, if it is the program of a notebook (see `notebook`).
    """

    uri: str
    text: str
    lines: LineIndex = field(repr=False, compare=False)
    version: int = 0
    cells: tuple[Part, ...] = field(default=(), compare=False)

    def position(self, offset: int, encoding: PositionEncoding = "utf-32") -> Position:
        """The position of a character offset (clamped to the text)."""
        offset = min(max(offset, 0), len(self.text))
        line = self.lines.line_of(offset)
        return Position(line, _units(self.text[self.lines.starts[line] : offset], encoding))

    def offset(self, line: int, column: int, encoding: PositionEncoding = "utf-32") -> int:
        """The character offset of a position.

        What is beyond the end of a line means its end, what is beyond the text means the text's
        end, and a place inside a character means its start: editors do send such positions.
        """
        if line < 0:
            return 0
        if line >= len(self.lines.starts):
            return len(self.text)
        start, end = self.lines.bounds(line)
        content = self.text[start:end].rstrip("\r\n")
        return start + _characters(content, max(column, 0), encoding)

    @property
    def cell_starts(self) -> tuple[int, ...]:
        """Where its cells start; nothing in a script."""
        return tuple(part.start for part in self.cells)

    def part_at(self, offset: int) -> Part:
        """The cell that holds a character offset; the document itself, as one part, if it is a script."""
        index = bisect_right(self.cells, offset, key=lambda part: part.start) - 1
        return self.cells[max(index, 0)] if self.cells else Part(0, 0, self)

    def part_of(self, uri: str) -> Part | None:
        """The cell with this URI; the document itself, as one part, if it is a script of this URI."""
        if not self.cells and uri == self.uri:
            return Part(0, 0, self)
        return next((part for part in self.cells if part.document.uri == uri), None)


def document(uri: str, text: str, version: int = 0) -> Document:
    """A new document."""
    return Document(uri, text, index_lines(text), version)


def apply_change(
    old: Document, start: tuple[int, int], end: tuple[int, int], new_text: str, encoding: PositionEncoding
) -> Document:
    """The document after an editor replaced a range; its version is that of ``old``. Never raises."""
    first, last = sorted((old.offset(*start, encoding), old.offset(*end, encoding)))
    return replace_range(old, first, last, new_text)


def replace_range(old: Document, start: int, end: int, new_text: str) -> Document:
    """The document with the characters ``start:end`` replaced (and cells moved, with the texts that they had)."""
    text = old.text[:start] + new_text + old.text[end:]
    growth = len(text) - len(old.text)
    # What is inserted where a cell starts belongs to this cell, not to the one before.
    cells = tuple(
        part if part.start <= start else part._replace(start=part.start + growth)
        for part in old.cells
        if not start < part.start < end
    )
    return Document(old.uri, text, reindex_lines(old.lines, start, end, text), old.version, cells)


def _units(text: str, encoding: PositionEncoding) -> int:
    if encoding == "utf-32" or text.isascii():
        return len(text)
    if encoding == "utf-8":
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text) + sum(character > "\uffff" for character in text)


def _characters(content: str, column: int, encoding: PositionEncoding) -> int:
    if encoding == "utf-32" or content.isascii():
        return min(column, len(content))
    for index, character in enumerate(content):
        column -= _units(character, encoding)
        if column < 0:
            return index
    return len(content)
