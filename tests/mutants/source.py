"""A program's text with its syntax tree, and edits of the text that keep every other line where it is."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

_EXPECTATION = re.compile(r"#\s*(shape|expected|error|warning|keras):")


@dataclass(frozen=True)
class Edit:
    """The characters from `start` to `end` become `new`."""

    start: int
    end: int
    new: str


@dataclass(frozen=True)
class Source:
    """One program, and what operators ask about it."""

    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The program's tree."""
        return ast.parse(self.text)

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """The node around each node."""
        return {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    @cached_property
    def _starts(self) -> list[int]:
        # As Python counts lines: a form feed ends none.
        starts = [0]
        for line in self.text.split("\n"):
            starts.append(starts[-1] + len(line) + 1)
        return starts

    def _offset(self, line: int, column: int) -> int:
        start = self._starts[line - 1]
        text = self.text[start : self._starts[line] - 1]
        return start + len(text.encode()[:column].decode())

    def start(self, node: ast.expr | ast.stmt | ast.keyword) -> int:
        """Where the node's text begins."""
        return self._offset(node.lineno, node.col_offset)

    def end(self, node: ast.expr | ast.stmt | ast.keyword) -> int:
        """Where the node's text ends."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._offset(node.end_lineno, node.end_col_offset)

    def of(self, node: ast.expr | ast.stmt | ast.keyword) -> str:
        """The node's text."""
        return self.text[self.start(node) : self.end(node)]

    def replaced(self, node: ast.expr | ast.stmt | ast.keyword, new: str) -> Edit:
        """Another text in the node's place; the lines after it stay where they are."""
        fewer = self.of(node).count("\n") - new.count("\n")
        if fewer > 0 and isinstance(node, ast.stmt):
            new += "\n" * fewer
        elif fewer > 0:
            new = f"({new}" + "\n" * fewer + ")"
        return Edit(self.start(node), self.end(node), new)

    def without_item(self, item: ast.expr | ast.keyword, items: list[ast.expr] | list[ast.expr | ast.keyword]) -> Edit:
        """A list, tuple or call without one of its items; line breaks stay."""
        place = items.index(item)
        if place + 1 < len(items):
            start, end = self.start(item), self.start(items[place + 1])
        else:
            start, end = (self.end(items[place - 1]) if place else self.start(item)), self.end(item)
        return Edit(start, end, "\n" * self.text[start:end].count("\n"))

    def calls(self, names: Iterable[str] | None = None) -> Iterator[ast.Call]:
        """The calls of functions, methods or classes with these last names, in order of place."""
        wanted = None if names is None else frozenset(names)
        calls = [node for node in ast.walk(self.tree) if isinstance(node, ast.Call)]
        for call in sorted(calls, key=lambda node: (self.start(node), self.end(node))):
            if wanted is None or last_name(call.func) in wanted:
                yield call

    def statement(self, node: ast.AST) -> ast.stmt:
        """The innermost statement that holds the node."""
        while not isinstance(node, ast.stmt):
            node = self.parents[node]
        return node

    def line(self, edit: Edit) -> int:
        """The line where an edit begins."""
        return self.text.count("\n", 0, edit.start) + 1

    def apply(self, edits: tuple[Edit, ...]) -> str:
        """The text after the edits, which do not overlap."""
        text = self.text
        for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
            text = text[: edit.start] + edit.new + text[edit.end :]
        return text


def last_name(function: ast.expr) -> str:
    """`Dense` of `keras.layers.Dense`."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def items_of(call: ast.Call) -> list[ast.expr | ast.keyword]:
    """A call's arguments in order of place."""
    return sorted([*call.args, *call.keywords], key=lambda item: (item.lineno, item.col_offset))


def argument(call: ast.Call, place: int, name: str) -> ast.expr | None:
    """The argument at a place or of a name."""
    if place < len(call.args) and not any(isinstance(arg, ast.Starred) for arg in call.args[: place + 1]):
        return call.args[place]
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def whole_number(node: ast.AST | None) -> int | None:
    """The number that is written there, if it is a whole one."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = whole_number(node.operand)
        return None if inner is None else -inner
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return node.value
    return None


def without_expectations(text: str) -> str:
    """A fixture's text without the comments that say what is expected, or what is given; lines stay.

    A mistake makes a shape that the program states itself (`# shape:`) a lie.
    """
    lines = text.split("\n")
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and (found := _EXPECTATION.search(token.string)):
            line, column = token.start
            lines[line - 1] = lines[line - 1][: column + found.start()].rstrip()
    return "\n".join(lines)
