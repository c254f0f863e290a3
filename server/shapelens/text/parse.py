"""Python's own parser, made to answer for any text."""

from __future__ import annotations

import ast
import gc
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

# Characters that stop the parser wherever they are, and stand-ins of the same width in UTF-8.
_UNPARSEABLE = re.compile("[\0\ufeff\ud800-\udfff]")
_STAND_INS = {"\0": " ", "\ufeff": "\ufffd"}

# What ``compile`` is known to raise: nesting too deep, digits beyond the limit, and plain errors.
PARSE_ERRORS = (SyntaxError, ValueError, MemoryError, RecursionError, OverflowError)


def parse(text: str, indent: str = "") -> list[ast.stmt]:
    """The statements of ``text``, which are indented by ``indent``; raises one of `PARSE_ERRORS`."""
    if indent:
        (block,) = parse("if 1:\n" + text)
        assert isinstance(block, ast.If)
        for statement in block.body:
            ast.increment_lineno(statement, -1)
        return block.body
    if _UNPARSEABLE.search(text):
        text = _UNPARSEABLE.sub(lambda match: _STAND_INS.get(match.group(), "\ufffd"), text)
    tree = compile(text, "<text>", "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    assert isinstance(tree, ast.Module)
    return tree.body


def parses(text: str, indent: str = "") -> bool:
    """Whether ``text``, whose statements are indented by ``indent``, is a suite of statements."""
    try:
        parse(text, indent)
    except PARSE_ERRORS:
        return False
    return True


@contextmanager
def bulk_parsing() -> Iterator[None]:
    """A context for many parses: no warnings on stderr (about escapes), no garbage collections.

    Trees are many objects and no cycles: collecting in between takes three quarters of the time.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        if enabled:
            gc.enable()
