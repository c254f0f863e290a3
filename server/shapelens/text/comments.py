"""Comments and where they are."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment from its ``#`` on: its 1-based line, its column in characters, and its text."""

    line: int
    column: int
    text: str


def comments_of(text: str) -> Mapping[int, Comment]:
    """The comments of a piece of Python by their lines, as far as it can be read."""
    found: dict[int, Comment] = {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(text, newline="").readline):
            if token.type == tokenize.COMMENT:
                found[token.start[0]] = Comment(*token.start, token.string)
    except (tokenize.TokenError, SyntaxError):
        pass
    return found
