"""The mistakes: each operator finds the places of a program where one typical mistake can be made.

An operator is registered under its name and yields edits, one tuple for each mutant. It knows programs by
their syntax alone, so some of what it makes is no mistake at all: what a mutant does, a real run tells.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .source import Edit, Source

Edits = tuple[Edit, ...]
Operator = Callable[[Source], Iterator[Edits]]
OPERATORS: dict[str, Operator] = {}


def operator(name: str) -> Callable[[Operator], Operator]:
    """Register an operator."""

    def register(function: Operator) -> Operator:
        assert name not in OPERATORS
        OPERATORS[name] = function
        return function

    return register


@dataclass(frozen=True)
class Mutant:
    """A program with one mistake."""

    program: str
    operator: str
    line: int
    text: str
    change: str


def mutants_of(program: str, text: str) -> Iterator[Mutant]:
    """Every mutant of a program, each text once."""
    from . import data_operators, layer_operators, training_operators  # noqa: F401 - they register operators

    source = Source(text)
    seen = {ast.dump(source.tree)}
    for name in sorted(OPERATORS):
        for edits in OPERATORS[name](source):
            mutated = source.apply(edits)
            try:
                shape = ast.dump(ast.parse(mutated))
            except SyntaxError:
                continue
            if shape not in seen:
                seen.add(shape)
                first = min(edits, key=lambda edit: edit.start)
                yield Mutant(program, name, source.line(first), mutated, _change(source, edits))


def _change(source: Source, edits: Edits) -> str:
    pieces = (f"{_short(source.text[e.start : e.end])} -> {_short(e.new) or 'nothing'}" for e in edits)
    return "; ".join(pieces)


def _short(text: str) -> str:
    return " ".join(text.split())[:60]
