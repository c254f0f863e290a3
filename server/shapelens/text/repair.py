"""Statements that Python 3 does not take although everybody knows what they mean.

Typographic quotes and spaces, Python 2, tabs mixed with spaces. Nothing moves: a repaired text is
as long as the original, and of expanded tabs the columns are counted back.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from shapelens.text.lines import lines_of
from shapelens.text.parse import parse, parses
from shapelens.text.scan import outside_strings

_TYPOGRAPHIC = {
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\uff02", '"'),
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\uff07\u00b4", "'"),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
    **dict.fromkeys("\u00a0\u2002\u2003\u2009\u200a\u200b\u202f\u3000", " "),
    "\uff08": "(",
    "\uff09": ")",
    "\uff0c": ",",
    "\uff1a": ":",
    "\uff1d": "=",
    "\uff3b": "[",
    "\uff3d": "]",
}
_TABLE = str.maketrans(_TYPOGRAPHIC)

_PRINT = re.compile(
    r"(?P<before>(?:\A|(?<=[\r\n]))[ \t]*|[:;][ \t]*)(?P<word>(?:print|exec)[ \t]+(?=[\w\"'{~`])|print(?=[\"'{`]))"
)
_EXCEPT = re.compile(
    r"(?P<kept>(?:\A|(?<=[\r\n]))[ \t]*except[ \t]+(?:[\w.]+|\([^)\r\n]*\)))(?P<name>[ \t]*,[ \t]*\w+[ \t]*)(?=:)"
)
_RAISE = re.compile(r"(?P<kept>(?:\A|(?<=[\r\n]))[ \t]*raise[ \t]+[\w.]+)(?P<rest>[ \t]*,[^\r\n]*)")
_INDENT = re.compile(r"(?:\A|(?<=[\r\n]))[ \t]*\t[ \t]*")


def repaired(content: str, indent: str) -> str:
    """``content``, which does not parse, as it would be written in Python 3; the same length."""
    for text in _candidates(content):
        if text != content and parses(text, indent):
            return text
    return _python3(outside_strings(content, lambda code: code.translate(_TABLE)))


def parse_with_tabs(text: str, indent: str) -> list[ast.stmt]:
    """The statements of a text, also where its indentation mixes tabs with spaces; none where that is not all.

    A tab goes to the next multiple of 8, as for Python 2, or else of 4, as in many an editor. The
    places of the statements are those in ``text``.
    """
    if parses(text, indent):
        return parse(text, indent)
    widths = [width for width in (8, 4) if "\t" in text and parses(_expanded(text, width), _expanded(indent, width))]
    if not widths:
        return []
    expanded = _expanded(text, widths[0])
    growth = [len(new) - len(old) for old, new in zip(lines_of(text), lines_of(expanded), strict=True)]
    statements = parse(expanded, _expanded(indent, widths[0]))
    for statement in statements:
        for node in ast.walk(statement):
            if hasattr(node, "lineno"):
                node.col_offset -= growth[node.lineno - 1]  # type: ignore[attr-defined]
                node.end_col_offset -= growth[node.end_lineno - 1]  # type: ignore[attr-defined]
    return statements


def _candidates(content: str) -> Iterator[str]:
    quoted = [content]
    if not content.isascii():
        quoted = [outside_strings(content, lambda code: code.translate(_TABLE)), content.translate(_TABLE)]
    for text in quoted:
        yield text
        yield _python3(text)


def _python3(text: str) -> str:
    text = _PRINT.sub(lambda m: m["before"] + "0;".ljust(len(m["word"])), text)
    text = _EXCEPT.sub(lambda m: m["kept"] + " " * len(m["name"]), text)
    return _RAISE.sub(lambda m: m["kept"] + " " * len(m["rest"]), text)


def _expanded(text: str, width: int) -> str:
    return _INDENT.sub(lambda match: match.group().expandtabs(width), text)
