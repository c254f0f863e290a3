"""A scan for what decides where statements begin: strings, comments, brackets and line ends."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator

_TOKEN = re.compile(
    r"""
      \#[^\r\n]*
    | \"\"\"[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*(?:\"\"\"|\Z)
    | '''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*(?:'''|\Z)
    | "[^"\\\r\n]*(?:\\(?:\r\n|.)[^"\\\r\n]*)*"?
    | '[^'\\\r\n]*(?:\\(?:\r\n|.)[^'\\\r\n]*)*'?
    | \\(?:\r\n|\r|\n)
    | [()\[\]{}]
    """,
    re.VERBOSE | re.DOTALL,
)
_OPENERS = {")": "(", "]": "[", "}": "{"}
_LINE_START = re.compile(r"\A|(?:\r\n?|\n)(?!\Z)")
# How many times a whole text may be scanned for brackets that never close.
_SCANS = 8


def closed_at(text: str, start: int, candidates: Iterable[int], end: int) -> int | None:
    """The first of the ascending offsets ``candidates`` that is outside of brackets and strings.

    ``text[start:]`` must begin a statement. It is ``end`` when no candidate is outside but all is
    closed there, and `None` when brackets do not close.
    """
    remaining = iter(candidates)
    candidate = next(remaining, end)
    stack: list[str] = []
    joined = -1  # where a line starts that a backslash joins to the one before
    for token in _TOKEN.finditer(text, start, end):
        while candidate <= token.start():
            if not stack and candidate != joined:
                return candidate
            candidate = next(remaining, end)
        character = text[token.start()]
        if character in "([{":
            stack.append(character)
        elif character in ")]}":
            if not stack or stack.pop() != _OPENERS[character]:
                return None
        elif character == "\\":
            joined = token.end()
        while candidate < token.end():
            candidate = next(remaining, end)
    if stack:
        return None
    return next(remaining, end) if candidate == joined else candidate


def statement_lines(text: str, skip: Callable[[int], int | None] = lambda start: None) -> Iterator[int]:
    """The starts of the lines outside of brackets and strings, blank ones and comments too.

    ``skip(start)`` may say up to where a line that begins there is no Python: its brackets and
    quotes do not count. Of a statement whose brackets never close each line is given.
    """
    starts = [match.end() for match in _LINE_START.finditer(text)]
    budget = _SCANS * len(text) + 1000
    index = 0
    while index < len(starts):
        begin = starts[index]
        yield begin
        reach = skip(begin)
        if reach is None:
            later = (starts[i] for i in range(index + 1, len(starts)))
            reach = closed_at(text, begin, later, len(text)) if budget > 0 else None
            if reach is None:
                budget -= len(text) - begin
        index = index + 1 if reach is None else max(bisect_left(starts, reach), index + 1)


def outside_strings(text: str, change: Callable[[str], str]) -> str:
    """``text`` with ``change`` applied to what lies between its strings and comments."""
    parts, end = [], 0
    for token in _TOKEN.finditer(text):
        if token.group()[0] in "#\"'":
            parts += [change(text[end : token.start()]), token.group()]
            end = token.end()
    return "".join([*parts, change(text[end:])])


def in_triple_quotes(text: str) -> list[tuple[int, int]]:
    """The ranges of the strings of several lines."""
    spans = (token.span() for token in _TOKEN.finditer(text) if token.group()[:3] in ('"""', "'''"))
    return list(spans)


def blank(text: str) -> str:
    """As many spaces, on the same lines."""
    return _INK.sub(" ", text)


_INK = re.compile(r"[^\r\n]")
