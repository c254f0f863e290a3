"""Programs in the docstrings of a Python file: what stands after ``>>>``, and fenced blocks."""

from __future__ import annotations

import ast
import doctest
import re
from collections.abc import Iterator

_FENCE = re.compile(r"^```(?:python)?[ \t]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_PARSER = doctest.DocTestParser()


def programs(path: str) -> Iterator[str]:
    """The examples of each docstring as one program, then its fenced blocks as one each."""
    with open(path, encoding="utf-8") as file:
        tree = ast.parse(file.read())
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module):
            yield from _programs_in(ast.get_docstring(node) or "")


def _programs_in(docstring: str) -> Iterator[str]:
    fenced = [match.group(1) for match in _FENCE.finditer(docstring)]
    rest = _FENCE.sub("", docstring)
    for text in (rest, *fenced):
        session = "".join(example.source for example in _examples(text))
        if session:
            yield session
        elif text is not rest:
            yield text


def _examples(text: str) -> list[doctest.Example]:
    try:
        return _PARSER.get_examples(text)
    except ValueError:  # prompts that are not followed by a blank: no session
        return []
