"""Keeping what is healthy of a statement that does not parse.

A half-typed statement costs that statement only: inside a broken ``def``, ``class`` or ``for`` the
broken lines are replaced by a stand-in, and the healthy ones stay where they are.
"""

from __future__ import annotations

import re
from itertools import pairwise

from shapelens.text.blocks import blocks
from shapelens.text.parse import parses
from shapelens.text.scan import closed_at

# Stands for the value of an expression that does not parse: a name that no program defines.
BROKEN = "__broken__"

_MAX_DEPTH = 20
_CLAUSE = r"(?:else|elif|except|finally)\b"
_DEFINITION = re.compile(r"\s*(?:@|(?:async\s+)?(?:def|class)\b)")
_ALWAYS_RUNS = re.compile(r"\s*(?:async\s+)?(?:try|with)\b")
_STAND_INS = (
    (re.compile(r"\s*(?:async\s+)?(?:def|class)\s+(\w+)"), "{} = " + BROKEN),
    (re.compile(r"\s*(return)\b"), "{} " + BROKEN),
    (re.compile(r"\s*([\w\s.,*()\[\]'\":]+?)\s*(?:[-+*/%@&|^]|//|\*\*|<<|>>)?=(?!=)"), "{} = " + BROKEN),
    (re.compile(r"\s*([\w.]+)\s*\("), "{}(" + BROKEN + ")"),
)


def heal(text: str, indent: str = "", depth: int = 0) -> str:
    """A text that parses, with the same lines as ``text`` and its healthy parts at their places."""
    clauses = [_split_clause(clause, indent) for clause in _clauses(text, indent)]
    if depth >= _MAX_DEPTH or not any(body for _, body in clauses):
        return _stand_in(text, indent)
    healed = [(header, _heal_body(body, depth)) for header, body in clauses]
    whole = "".join(header + body for header, body in healed)
    if parses(whole, indent):
        return whole
    if not _DEFINITION.match(text):
        loose = "".join(_loose_header(header, indent) + body if body else _line_ends(header) for header, body in healed)
        if parses(loose, indent):
            return loose
    return _stand_in(text, indent)


def _clauses(text: str, indent: str) -> list[str]:
    cuts = [0, *(m.start(1) for m in re.finditer(rf"[\r\n]({re.escape(indent)}{_CLAUSE})", text)), len(text)]
    return [text[start:end] for start, end in pairwise(cuts)]


def _split_clause(text: str, indent: str) -> tuple[str, str]:
    """A clause's header and its body; an empty body when there is none."""
    deeper = re.compile(rf"[\r\n]({re.escape(indent)}[ \t]+[^ \t\f\r\n#])")
    lines = [match.start(1) for match in deeper.finditer(text)]
    start = closed_at(text, 0, lines, len(text))
    if start is None:  # a bracket of the header never closes: let it end with its line
        start = lines[0] if lines else len(text)
    return text[:start], text[start:]


def _heal_body(body: str, depth: int) -> str:
    if not body:
        return ""
    indent = body[: len(body) - len(body.lstrip(" \t"))]
    healed = [
        body[block.start : block.end] if block.healthy else heal(body[block.start : block.end], indent, depth + 1)
        for block in blocks(body, indent, lambda text: parses(text, indent))
    ]
    return "".join(healed)


def _loose_header(header: str, indent: str) -> str:
    """A header that lets the body stand alone: no ``try`` without ``except``, no broken condition."""
    condition = "True" if _ALWAYS_RUNS.match(header) else BROKEN
    return f"{indent}if {condition}:" + _line_ends(header)


def _stand_in(text: str, indent: str) -> str:
    first_line = re.split(r"[\r\n]", text, maxsplit=1)[0]
    for pattern, template in _STAND_INS:
        match = pattern.match(first_line)
        if match:
            statement = indent + template.format(match.group(1))
            if parses(statement, indent):
                return statement + _line_ends(text)
    return f"{indent}pass" + _line_ends(text)


def _line_ends(text: str) -> str:
    return re.sub(r"[^\r\n]", "", text)
