"""Cutting a document into units, and keeping them from revision to revision."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, partial
from itertools import count

from shapelens.text.blocks import blocks
from shapelens.text.heal import heal
from shapelens.text.parse import PARSE_ERRORS, bulk_parsing, parse
from shapelens.text.repair import parse_with_tabs, repaired
from shapelens.text.rough import plain
from shapelens.text.unit import Unit

# Comparing every old statement with every new one is worth it up to this many pairs.
_MAX_PAIRS = 250_000

_uids = count(1)
_TRAILING_LINE = re.compile(r"[ \t\f]*(?:#[^'\"\r\n]*)?")


@dataclass(frozen=True)
class Layout:
    """The units of one revision in order, and the offset in its text where each starts."""

    units: tuple[Unit, ...] = ()
    starts: tuple[int, ...] = ()

    @cached_property
    def by_uid(self) -> Mapping[int | str, Unit]:
        """The units by their identity."""
        return {unit.uid: unit for unit in self.units}

    @cached_property
    def start_by_uid(self) -> Mapping[int | str, int]:
        """The offset of each unit by its identity."""
        return {unit.uid: start for unit, start in zip(self.units, self.starts, strict=True)}

    def unit_at(self, offset: int) -> Unit | None:
        """The unit that holds, or most closely precedes, a character offset."""
        index = bisect_right(self.starts, offset) - 1
        return self.units[index] if index >= 0 else None


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    text: str
    statements: tuple[ast.stmt, ...]
    error: tuple[str, int] | None


def split(text: str, previous: Layout | None = None, cells: Sequence[int] = ()) -> Layout:
    """The units of ``text``; of a notebook, ``cells`` are where its cells start.

    Where the unit lies and what it contains depends on ``text`` and ``cells`` alone. With the
    ``previous`` layout, a statement whose text did not change keeps its `Unit`, also where it was
    moved, and one that was edited keeps its uid.
    """
    old = previous.units if previous is not None else ()
    with bulk_parsing():
        pieces = _pieces(text, cells, {unit.text: unit for unit in old})
        matched = _match([unit.text for unit in old], [piece.text for piece in pieces])
        units = []
        for index, piece in enumerate(pieces):
            before = old[matched[index]] if index in matched else None
            if before is not None and before.text == piece.text:
                units.append(before)
            else:
                uid = before.uid if before is not None else next(_uids)
                units.append(Unit(uid, piece.text, piece.statements, piece.error))
        return Layout(tuple(units), tuple(piece.start for piece in pieces))


def _pieces(text: str, cells: Sequence[int], known: Mapping[str, Unit]) -> list[_Piece]:
    parsed: dict[str, tuple[ast.stmt, ...]] = {
        unit.text: unit.statements for unit in known.values() if unit.error is None
    }
    failed: dict[str, BaseException] = {}

    def parse_once(block: str, indent: str) -> bool:
        block = _trim(block)
        if block in parsed:
            return True
        try:
            parsed[block] = tuple(parse(block, indent))
        except PARSE_ERRORS as error:
            failed[block] = error
            return False
        return True

    pieces = []
    text, sections = plain(text, cells)
    for section in sections:
        part = text[section.start : section.end]
        for block in blocks(part, section.indent, partial(parse_once, indent=section.indent)):
            content = _trim(part[block.start : block.end])
            start = section.start + block.start
            if block.healthy:
                pieces.append(_Piece(start, content, parsed[content], None))
                continue
            unit = known.get(content)
            if unit is None:
                salvaged, statements = _salvage(content, section.indent)
                pieces.append(
                    _Piece(start, salvaged, statements, _syntax_error(failed[content], content, section.indent))
                )
            else:
                pieces.append(_Piece(start, unit.text, unit.statements, unit.error))
    return pieces


def _trim(block: str) -> str:
    """Without the blank lines and comments behind the statement: they are nobody's.

    A line with a quotation mark might be the end of a string.
    """
    end = len(block)
    while True:
        line = max(block.rfind("\n", 0, end), block.rfind("\r", 0, end)) + 1
        if line == 0 or not _TRAILING_LINE.fullmatch(block, line, end):
            return block[:end].rstrip(" \t\f\r\n")
        end = line - 1


def _syntax_error(error: BaseException, content: str, indent: str) -> tuple[str, int]:
    """The message of the parser, and the character that it is about."""
    if isinstance(error, SyntaxError):
        lineno = (error.lineno or 1) - bool(indent)
        line = Unit(0, content, ()).offset(max(lineno, 1), 0)
        return error.msg or "cannot be parsed", min(line + max((error.offset or 1) - 1, 0), len(content))
    return "is nested too deeply" if isinstance(error, RecursionError | MemoryError) else str(error), 0


def _salvage(content: str, indent: str) -> tuple[str, tuple[ast.stmt, ...]]:
    """What a broken statement is taken for, and what of it is healthy."""
    fixed = repaired(content, indent)
    try:
        whole = parse_with_tabs(fixed, indent) if fixed != content or "\t" in content else []
        statements = tuple(whole or parse(heal(fixed, indent), indent))
    except PARSE_ERRORS:
        statements = ()
    if all(isinstance(statement, ast.Pass) for statement in statements):
        statements = ()
    return fixed, statements


def _match(old: list[str], new: list[str]) -> dict[int, int]:
    """Which new text corresponds to which old one: the equal ones in order, those that moved, those in the same gap."""
    limit = min(len(old), len(new))
    head = 0
    while head < limit and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < limit - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    old_end, new_end = len(old) - tail, len(new) - tail
    anchors: list[tuple[int, int, int]] = [(0, 0, head)]
    if 0 < (old_end - head) * (new_end - head) <= _MAX_PAIRS:
        matcher = SequenceMatcher(None, old[head:old_end], new[head:new_end], autojunk=False)
        anchors += [(head + m.a, head + m.b, m.size) for m in matcher.get_matching_blocks() if m.size]
    anchors.append((old_end, new_end, tail))
    matched: dict[int, int] = {}
    for old_start, new_start, size in anchors:
        matched.update(zip(range(new_start, new_start + size), range(old_start, old_start + size), strict=True))
    _match_moved(old, new, matched)
    taken = set(matched.values())
    old_gap = new_gap = 0
    for old_start, new_start, size in anchors:
        edited = zip(
            (index for index in range(new_gap, new_start) if index not in matched),
            (index for index in range(old_gap, old_start) if index not in taken),
            strict=False,
        )
        matched.update(list(edited))
        old_gap, new_gap = old_start + size, new_start + size
    return matched


def _match_moved(old: list[str], new: list[str], matched: dict[int, int]) -> None:
    """Add those that are the same but stand elsewhere."""
    taken = set(matched.values())
    left: dict[str, list[int]] = {}
    for index in reversed(range(len(old))):
        if index not in taken:
            left.setdefault(old[index], []).append(index)
    for index, text in enumerate(new):
        if index not in matched and left.get(text):
            matched[index] = left[text].pop()
