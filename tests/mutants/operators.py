"""The mistakes: each operator finds the places of a program where one typical mistake can be made.

An operator is registered under its name and yields edits, one tuple for each mutant. It knows programs by
their syntax alone, so some of what it makes is no mistake at all: what a mutant does, a real run tells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

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
