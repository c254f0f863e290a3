"""Judges what ShapeLens says of a mutant by what real Keras did with it."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from tests.support.keras_child import _changed, _names

from .truth import Raised, Truth

Lines = tuple[int, int]
Verdict = Literal["line", "chain", "cause", "missed"]
# What speaks of Python's own rules rather than of shapes.
NOT_SHAPES = frozenset(
    {
        "NameError", "UnboundLocalError", "ImportError", "ModuleNotFoundError", "AttributeError", "AssertionError",
        "ZeroDivisionError", "RecursionError", "NotImplementedError", "MemoryError", "ResourceExhaustedError",
        "FileNotFoundError", "OSError", "SyntaxError", "StopIteration", "KeyboardInterrupt", "OverflowError",
        "InternalError", "SystemExit",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Said:
    """An error of ShapeLens."""

    lines: Lines
    code: str
    message: str

    def __str__(self) -> str:
        return f"line {self.lines[0]} [{self.code}] {self.message}"


@dataclass(frozen=True)
class Judgement:
    """`verdict` is None for a mutant that runs; `false` are errors where nothing is wrong."""

    verdict: Verdict | None
    false: tuple[Said, ...]


def speaks_of_shapes(error: Raised) -> bool:
    """Whether an exception is one that ShapeLens is there for."""
    if error.type == "IndexError" and not error.library and error.message == "list index out of range":
        # A list of Python's, not an array.
        return False
    return error.type not in NOT_SHAPES


def judge(text: str, truth: Truth, said: Iterable[Said]) -> Judgement:
    """Compare. An error is right at the line that raised, at a call that led there, or at what that depends on."""
    said = list(said)
    places = {
        lines: error
        for error in (*truth.errors, *truth.caught)
        for lines in (*error.chain, *((error.statement,) if not error.chain else ()))
    }
    causes = {error: cause_lines(text, error) for error in truth.errors}
    never = lines_never_run(text, truth)
    false = tuple(
        item
        for item in said
        if not _within(item.lines, never)
        and not any(_meet(item.lines, lines) for lines in places)
        and not any(_within(item.lines, lines) for lines in causes.values())
    )
    if not truth.errors:
        return Judgement(None, false)
    first = truth.errors[0]
    verdict: Verdict = "missed"
    if any(_within(item.lines, causes[first]) for item in said):
        verdict = "cause"
    if any(_meet(item.lines, lines) for item in said for lines in first.chain):
        verdict = "chain"
    if any(_meet(item.lines, lines) for item in said for lines in first.chain[-1:]):
        verdict = "line"
    return Judgement(verdict, false)


def lines_never_run(text: str, truth: Truth) -> frozenset[int]:
    """The lines of which a run tells nothing: what was left out, and functions that nobody called."""
    lines = set(truth.skipped)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and node.lineno not in truth.entered:
            lines.update(range(node.body[0].lineno, (node.end_lineno or node.lineno) + 1))
    return frozenset(lines)


def cause_lines(text: str, error: Raised) -> frozenset[int]:
    """The lines of the statements that make what the failing statement uses."""
    needed: set[str] = set()
    lines: set[int] = set()
    for statement in reversed(ast.parse(text).body):
        if statement.lineno > error.statement[0]:
            continue
        bound, used = _names(statement)
        if statement.lineno == error.statement[0] or bound & needed or _changed(statement) & needed:
            needed |= used | _inner_names(statement)
            if not isinstance(statement, ast.Import | ast.ImportFrom):
                lines.update(range(statement.lineno, (statement.end_lineno or statement.lineno) + 1))
    return frozenset(lines)


def _inner_names(statement: ast.stmt) -> set[str]:
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def _meet(one: Lines, other: Lines) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _within(lines: Lines, wanted: frozenset[int]) -> bool:
    return any(line in wanted for line in range(lines[0], lines[1] + 1))
