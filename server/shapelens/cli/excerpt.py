"""A diagnostic for the terminal: what, where, the source line with carets, notes and fixes."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TextIO

from shapelens.engine.analysis import Range
from shapelens.engine.fixes import Fix
from shapelens.ide.diagnostics import Diagnostic
from shapelens.text.document import Document, Part

_COLOURS = {
    "error": "1;31",
    "warning": "1;33",
    "information": "1;36",
    "hint": "1;36",
    "quiet": "2",
    "fix": "32",
}
_WIDEST_LINE = 160


@dataclass(frozen=True, slots=True)
class Style:
    """Whether to colour."""

    colours: bool

    @staticmethod
    def of(stream: TextIO) -> Style:
        """Colours on a terminal only, and never where the user does not want them."""
        return Style(stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb")

    def paint(self, kind: str, text: str) -> str:
        """``text`` in the colour of ``kind``."""
        return f"\x1b[{_COLOURS[kind]}m{text}\x1b[0m" if self.colours else text


def describe(diagnostic: Diagnostic, fixes: Sequence[Fix], document: Document, path: str, style: Style) -> str:
    """A diagnostic in several lines, without a line end at the end."""
    part = document.part_at(diagnostic.range.start)
    start = part.document.position(diagnostic.range.start - part.start)
    title, *more = [line for line in diagnostic.message.splitlines() if line.strip()] or [""]
    margin = " " * len(str(start.line + 1))
    bar = style.paint("quiet", "|")
    severity = style.paint(diagnostic.severity, f"{diagnostic.severity}[{diagnostic.code}]")
    number = style.paint("quiet", str(start.line + 1))
    file = f"{path}:cell {part.cell}" if document.cells else path
    first, last = diagnostic.range
    line, carets = excerpt(part.document, Range(first - part.start, last - part.start))
    lines = [
        f"{file}:{start.line + 1}:{start.column + 1}: {severity}: {title}",
        f"{margin} {bar}",
        f"{number} {bar} {line}",
        f"{margin} {bar} {style.paint(diagnostic.severity, carets)}",
    ]
    raises = "" if diagnostic.confirmed else "raises: "
    lines += [f"{margin} = {raises}{text}" if i == 0 else f"{margin}   {text}" for i, text in enumerate(more)]
    for related in diagnostic.related:
        lines.append(f"{margin} = {_line_of(related.range.start, part, document)}: {related.message}")
    lines += [f"{margin} = {style.paint('fix', f'fix: {fix.title}')}" for fix in fixes]
    return "\n".join(lines)


def _line_of(offset: int, here: Part, document: Document) -> str:
    part = document.part_at(offset)
    line = part.document.position(offset - part.start).line + 1
    return f"line {line}" if part == here else f"cell {part.cell}, line {line}"


def excerpt(document: Document, place: Range) -> tuple[str, str]:
    """The first line of a place, and carets to stand under it."""
    index = document.lines.line_of(place.start)
    start, end = document.lines.bounds(index)
    content = document.text[start:end].rstrip("\r\n")
    first = place.start - start
    last = max(min(place.end - start, len(content)), first + 1)
    cut = max(0, first - 40) if len(content) > _WIDEST_LINE else 0
    shown = content[cut : cut + _WIDEST_LINE]
    before, marked = shown[: first - cut], shown[first - cut : last - cut]
    return _printable(shown), " " * _width(_printable(before)) + "^" * max(_width(_printable(marked)), 1)


def _printable(text: str) -> str:
    """Without characters that would move the cursor."""
    text = text.replace("\t", "    ")
    return "".join("\ufffd" if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in text)


def _width(text: str) -> int:
    """How many columns a terminal needs."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
