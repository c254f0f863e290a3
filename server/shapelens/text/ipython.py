"""IPython's own lines made into Python of the same length: magics, shell commands, questions for help.

What IPython does with them is in its ``inputtransformer2`` and in the documentation of its magics.
"""

from __future__ import annotations

import ast
import re
from functools import lru_cache

from shapelens.text.lines import lines_of
from shapelens.text.parse import PARSE_ERRORS, parse, parses
from shapelens.text.scan import blank, statement_lines

# Cell magics that run their cell in the notebook's own names; `%%timeit` keeps its names to itself.
_FOLLOWED = ("time", "capture", "prun")
# Cell magics whose cell is not run as Python, or by another process. Any other may set any name.
_FOREIGN = frozenset(
    [
        "!",
        "HTML",
        "R",
        "SVG",
        "bash",
        "bigquery",
        "cmd",
        "cython",
        "file",
        "html",
        "javascript",
        "js",
        "latex",
        "markdown",
        "perl",
        "pypy",
        "python",
        "python2",
        "python3",
        "ruby",
        "script",
        "sh",
        "sql",
        "svg",
        "sx",
        "system",
        "writefile",
    ]
)

# Quick to search, because it is done at every keystroke: each begins with a character of its own.
_SUSPICIOUS = (
    re.compile(r"\s*[%!?,;/]").match,
    re.compile(r"[\r\n][ \t\f]*[%!?,;/]").search,
    re.compile(r"\?[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|\Z)").search,
    re.compile(r"=[ \t]*[!%](?!=)").search,
)
_CELL_MAGIC = re.compile(r"\s*?(?P<line>%%(?P<name>[\w!]+)[^\r\n]*)(?:[\r\n]+|\Z)")
_TIMED = re.compile(r"%(?P<name>time|timeit)\b(?P<options>(?:[ \t]+-\w+(?:[ \t]*\d+)?)*)[ \t]+(?=\S)")
_ESCAPE = re.compile(r"[ \t\f]*(?P<escape>[%!?,;/])")
_QUESTION = re.compile(r"[ \t\f]*[^\s#'\"?][^#'\"\r\n?]*\?\??[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|\Z)")
_ASSIGNED = re.compile(r"[ \t\f]*[A-Za-z_][\w.,* \t\[\]'\"]*=[ \t]*(?P<escape>[!%])")
_CONTINUED = re.compile(r"[^\r\n]*?(?:\\(?:\r\n?|\n)[^\r\n]*?)*(?=[\r\n]|\Z)")


@lru_cache(maxsize=1024)
def cell_as_python(text: str) -> str:
    """A notebook's cell; blank when its magic says that it is in another language."""
    magic = _CELL_MAGIC.match(text)
    if magic is None:
        return as_python(text)
    header, body, name = blank(text[: magic.end()]), text[magic.end() :], magic["name"]
    if name in _FOLLOWED:
        return header + cell_as_python(body)
    if name in _FOREIGN:
        return header + blank(body)
    body = cell_as_python(body)
    if name == "timeit" and not _names_bound(body):
        return header + body
    return header + (blank(body) if name == "timeit" else _uncertain(body))


def as_python(text: str) -> str:
    """``text`` with its IPython lines replaced; what is Python stays as it is."""
    if not any(found(text) for found in _SUSPICIOUS):
        return text
    replaced: dict[int, str] = {}

    def skip(start: int) -> int | None:
        found = _replacement(text, start)
        if found is None:
            return None
        replaced[start] = found
        return start + len(found)

    for _ in statement_lines(text, skip):
        pass
    parts, end = [], 0
    for start, replacement in replaced.items():
        parts += [text[end:start], replacement]
        end = start + len(replacement)
    return "".join([*parts, text[end:]])


def _replacement(text: str, start: int) -> str | None:
    """What stands for the line at ``start`` if it is IPython's, or up to the command in it."""
    match = _ESCAPE.match(text, start)
    if match is not None:
        begin = match.start("escape")
        timed = _TIMED.match(text, begin)
        if timed is not None and (timed["name"] == "time" or _is_expression(text, timed.end())):
            return text[start:begin] + "0;".ljust(timed.end() - begin)
        command = _end(text, begin)
        return text[start:begin] + _nothing(text[begin:command], indented=begin > start)
    match = _ASSIGNED.match(text, start)
    if match is not None:
        begin = match.start("escape")
        timed = _TIMED.match(text, begin)
        if timed is not None and timed["name"] == "time":
            return text[start:begin] + " " * (timed.end() - begin)
        return text[start:begin] + _something(text[begin : _end(text, begin)])
    match = _QUESTION.match(text, start)
    if match is not None:
        indent = re.match(r"[ \t\f]*", match.group())
        begin = indent.end() if indent else 0
        return match.group()[:begin] + _nothing(match.group()[begin:], indented=begin > 0)
    return None


def _end(text: str, begin: int) -> int:
    match = _CONTINUED.match(text, begin)
    return match.end() if match else len(text)


def _nothing(command: str, *, indented: bool) -> str:
    """A statement without effect, because an indented line may be all that its block has."""
    return "0" + blank(command[1:]) if indented else blank(command)


def _something(command: str) -> str:
    """A name that no program defines: what comes out of a command is not known."""
    first = re.split(r"[\r\n]", command, maxsplit=1)[0]
    return "_" * len(first) + blank(command[len(first) :])


def _is_expression(text: str, start: int) -> bool:
    try:
        ast.parse(text[start : _end(text, start)], mode="eval")
    except PARSE_ERRORS:
        return False
    return True


def _names_bound(body: str) -> list[str]:
    """The names that the statements of a text bind, outside of functions and classes."""
    try:
        return [name for statement in parse(body) for name in _bound_by(statement)]
    except PARSE_ERRORS:
        return ["?"]


def _bound_by(node: ast.AST) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Lambda):
        return []
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return [node.id]
    return [name for child in ast.iter_child_nodes(node) for name in _bound_by(child)]


def _uncertain(body: str) -> str:
    """A cell that an unknown magic may or may not run: its imports hold, its other names are not known."""
    if not parses(body):
        return blank(body)
    lines = lines_of(body)
    result = [blank(line) for line in lines]
    for statement in parse(body):
        first, last = statement.lineno - 1, statement.end_lineno or statement.lineno
        if isinstance(statement, ast.Import | ast.ImportFrom):
            result[first:last] = lines[first:last]
            continue
        names = list(dict.fromkeys(_bound_by(statement)))
        width = len(lines[first].rstrip("\r\n"))
        text = "".join(f"{name}=" for name in names) + "__"
        if names and len(text) <= width and not result[first].strip():
            result[first] = text.ljust(width) + lines[first][width:]
    return "".join(result)
