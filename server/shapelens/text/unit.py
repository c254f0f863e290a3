"""A unit: one top-level statement (or several on one line), the grain of incremental work."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from shapelens.text.comments import Comment, comments_of
from shapelens.text.lines import LineIndex, index_lines


@dataclass(frozen=True)
class Unit:
    """``text`` is what the statement occupies, parsed by itself.

    ``statements`` is what of it is healthy (see `heal`): all, when there is no ``error``.
    ``uid`` identifies it across revisions of the document: a unit whose text did not change keeps
    uid, tree and all; an edited one may keep its uid with another text.
    ``error``: message and character offset of a syntax error.
    """

    uid: int | str
    text: str
    statements: tuple[ast.stmt, ...] = field(compare=False)
    error: tuple[str, int] | None = None

    @cached_property
    def _lines(self) -> LineIndex:
        return index_lines(self.text)

    @cached_property
    def _plain_starts(self) -> tuple[int, ...] | None:
        """The line starts, when bytes are characters and every place of the tree is in the text.

        (A stand-in for a broken statement may reach beyond what the user typed.)
        """
        return self._lines.starts if self.error is None and self.text.isascii() else None

    @cached_property
    def shape_comments(self) -> Mapping[int, Comment]:
        """The comments that may state a shape, by their 1-based lines."""
        if "shape" not in self.text or "#" not in self.text:
            return {}
        return {line: comment for line, comment in comments_of(self.text).items() if "shape" in comment.text}

    def offset(self, line: int, byte_column: int) -> int:
        """The character offset in ``text`` of a place as ``ast`` counts it (1-based line, UTF-8 bytes)."""
        start, end = self._lines.bounds(min(line, len(self._lines.starts)) - 1)
        if self.text[start : start + byte_column].isascii():
            return min(start + byte_column, end)
        encoded = self.text[start:end].encode("utf-8", "surrogatepass")[:byte_column]
        return start + len(encoded.decode("utf-8", "replace"))

    def line_of(self, offset: int) -> int:
        """The 0-based line inside the unit of a character offset."""
        return self._lines.line_of(offset)

    def end_of_line(self, offset: int) -> int:
        """The end of the line, with its line end, that holds a character offset."""
        return self._lines.bounds(self.line_of(offset))[1]

    def range_of(self, node: ast.AST) -> tuple[int, int]:
        """The half-open character range of a node of this unit's tree."""
        try:
            line, column, end_line, end_column = (
                node.lineno,  # type: ignore[attr-defined]
                node.col_offset,  # type: ignore[attr-defined]
                node.end_lineno,  # type: ignore[attr-defined]
                node.end_col_offset,  # type: ignore[attr-defined]
            )
        except AttributeError:
            return 0, 0
        starts = self._plain_starts
        if starts is not None:
            return starts[line - 1] + column, starts[end_line - 1] + end_column
        return self.offset(line, column), self.offset(end_line, end_column)
