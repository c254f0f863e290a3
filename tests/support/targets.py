"""Which expression a `# shape:` comment speaks of, by the program's syntax alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from .literate import FixtureError, Program, ShapeExpectation

# 1-based line and column (in characters), end exclusive: as in the JSON contract.
Span = tuple[int, int, int, int]


@dataclass(frozen=True)
class Target:
    """The expression and, where a statement binds a single name, that name."""

    span: Span | None
    name: str | None
    repeated: bool  # in a function or a loop


class Places:
    """Turns the nodes of one text into spans."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()

    def span(self, node: ast.expr | ast.stmt) -> Span:
        """The node's span. `ast` counts UTF-8 bytes, the contract counts characters."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return (
            node.lineno,
            self._column(node.lineno, node.col_offset),
            node.end_lineno,
            self._column(node.end_lineno, node.end_col_offset),
        )

    def _column(self, line: int, offset: int) -> int:
        return len(self._lines[line - 1].encode()[:offset].decode(errors="ignore")) + 1


def find_target(program: Program, expectation: ShapeExpectation) -> Target:
    """What the expectation speaks of.

    - with a name: that variable, as the statement on this line leaves it;
    - a statement that begins on the line: its value; for `model.add(layer)` the layer;
    - otherwise the outermost call that begins on the line (a layer in a list of layers);
    - otherwise the value of the statement that ends on the line.
    """
    places = Places(program.text)
    statement, inside = _statement_at(ast.parse(program.text), expectation.line)
    if statement is None:
        raise FixtureError(f"{program.place(expectation.line)}: a shape for a line without a statement")
    if expectation.name is not None:
        return Target(None, expectation.name, inside)
    if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
        return Target(None, statement.target.id, inside)
    call = _outermost_call(statement, expectation.line)
    if expectation.line == statement.lineno or call is None:
        value = _value(statement)
        if value is None or expectation.line not in (statement.lineno, statement.end_lineno):
            raise FixtureError(f"{program.place(expectation.line)}: a shape for a line that has no value")
        return Target(places.span(value), _bound_name(statement), inside)
    return Target(places.span(call), None, inside)


def _statement_at(tree: ast.Module, line: int) -> tuple[ast.stmt | None, bool]:
    """The innermost simple statement on the line, and whether it is inside a function or a loop."""
    found: tuple[ast.stmt | None, bool] = (None, False)

    def walk(body: list[ast.stmt], inside: bool) -> None:
        nonlocal found
        for statement in body:
            if not statement.lineno <= line <= (statement.end_lineno or statement.lineno):
                continue
            repeats = isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.For | ast.While)
            blocks = list(_blocks(statement))
            if not blocks or (isinstance(statement, ast.For | ast.With) and line == statement.lineno):
                found = (statement, inside)
            for block in blocks:
                walk(block, inside or repeats)

    walk(tree.body, False)
    return found


def _blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    for field in ("body", "orelse", "finalbody"):
        block = getattr(statement, field, None)
        if isinstance(block, list):
            yield block
    for handler in getattr(statement, "handlers", []):
        yield handler.body


def _value(statement: ast.stmt) -> ast.expr | None:
    value = getattr(statement, "value", None)
    if not isinstance(value, ast.expr):
        return None
    if (
        isinstance(statement, ast.Expr)
        and isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and value.func.attr == "add"
        and len(value.args) == 1
    ):
        return value.args[0]
    return value


def _bound_name(statement: ast.stmt) -> str | None:
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    names = [target.id for target in targets if isinstance(target, ast.Name)]
    return names[0] if len(names) == 1 and len(targets) == 1 else None


def _outermost_call(statement: ast.stmt, line: int) -> ast.Call | None:
    calls = [node for node in ast.walk(statement) if isinstance(node, ast.Call) and node.lineno == line]
    return max(calls, key=lambda call: (call.end_lineno, call.end_col_offset), default=None)
