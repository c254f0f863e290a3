"""A scan for what decides where statements begin: strings, comments, brackets and line ends."""

from __future__ import annotations

import re
from collections.abc import Iterable

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
