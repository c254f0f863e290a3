"""Cutting a text into statements of one indentation, whether or not they parse."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from shapelens.text.scan import closed_at

# How many times the whole text may be scanned for closing brackets, all broken statements together.
_SCANS = 8
_DECORATOR = re.compile(r"[ \t\f]*@")


@dataclass(frozen=True, slots=True)
class Block:
    """The half-open range of a statement in the text, and whether it parses by itself."""

    start: int
    end: int
    healthy: bool


def blocks(text: str, indent: str, parses: Callable[[str], bool]) -> Iterator[Block]:
    """Cut ``text`` where a line starts with exactly ``indent`` and goes on with a statement.

    Every such line begins a block; only where a block does not parse alone it is tried up to where
    its brackets and strings close. So a bracket that never closes costs its own lines, not the rest.
    What parses by itself is complete: no statement's beginning is one too, save those that
    ``else`` and its like continue, which begin no block.
    """
    starts = [match.start(1) for match in _first_characters(indent).finditer(text)]
    budget = _SCANS * len(text) + 1000
    index = 0
    while index < len(starts):
        begin = starts[index]
        following = index + 1
        end = starts[following] if following < len(starts) else len(text)
        healthy = parses(text[begin:end])
        if not healthy and budget > 0 and following < len(starts):
            limit = min(len(text), begin + budget)
            reach = _reach(text, starts, index, limit)
            budget -= (reach or limit) - begin
            if reach is not None and reach > end and parses(text[begin:reach]):
                end, healthy = reach, True
                following = bisect_left(starts, reach, following)
        yield Block(begin, end, healthy)
        index = following


def _reach(text: str, starts: list[int], index: int, limit: int) -> int | None:
    """Where the statement that begins at ``starts[index]`` ends by its brackets and strings."""
    while True:
        later = (starts[i] for i in range(index + 1, len(starts)))
        reach = closed_at(text, starts[index], later, limit)
        if reach is None or reach >= limit or not _DECORATOR.match(text, starts[index]):
            return reach
        index = bisect_left(starts, reach)  # a decorator belongs to what follows


@cache
def _first_characters(indent: str) -> re.Pattern[str]:
    # A form feed sets Python's column back to zero.
    before = re.escape(indent) if indent else r"(?:[ \t\f]*\f)?"
    return re.compile(rf"(?:\A\ufeff?|[\r\n])({before}(?!(?:else|elif|except|finally)\b)[^ \t\f\r\n#)\]}}])")
