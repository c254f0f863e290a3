"""Every mutant of a program."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from . import data_operators, layer_operators, training_operators  # noqa: F401 - they register operators
from .operators import OPERATORS, Edits
from .source import Source


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
