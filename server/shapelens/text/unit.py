"""A unit: one top-level statement (or several on one line), the grain of incremental work."""

from __future__ import annotations

import ast
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class Unit:
    """``text`` is what the statement occupies, parsed by itself; ``statements`` is empty when it is broken.

    ``uid`` identifies it across revisions of the document: a unit whose text did not change keeps
    uid, tree and all; an edited one may keep its uid with another text.
    ``error``: message and character offset of a syntax error.
    """

    uid: int | str
    text: str
    statements: tuple[ast.stmt, ...] = field(compare=False)
    error: tuple[str, int] | None = None

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        position = 0
        while position < len(self.text):
            character = self.text[position]
            position += 1
            if character == "\r" and self.text[position : position + 1] == "\n":
                position += 1
            if character in "\r\n":
                starts.append(position)
        return starts

    def offset(self, line: int, byte_column: int) -> int:
        """The character offset in ``text`` of a place as ``ast`` counts it (1-based line, UTF-8 bytes)."""
        start = self._line_starts[min(line - 1, len(self._line_starts) - 1)]
        head = self.text[start : start + byte_column]
        if head.isascii():
            return start + byte_column
        encoded = self.text[start:].encode("utf-8", "surrogatepass")[:byte_column]
        return start + len(encoded.decode("utf-8", "surrogatepass"))

    def line_of(self, offset: int) -> int:
        """The 0-based line inside the unit of a character offset."""
        return bisect_right(self._line_starts, offset) - 1

    def range_of(self, node: ast.AST) -> tuple[int, int]:
        """The half-open character range of a node of this unit's tree."""
        start = self.offset(getattr(node, "lineno", 1), getattr(node, "col_offset", 0))
        end_line = getattr(node, "end_lineno", None)
        if end_line is None:
            return start, start
        return start, self.offset(end_line, getattr(node, "end_col_offset", 0))
