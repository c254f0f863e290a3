"""Running the interpreter in tests, and turning what it knows back into Python values."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shapelens.interp.result import Cell, Content, apply_writes
from shapelens.interp.run import run_unit
from shapelens.shapes.question import Question
from shapelens.text.unit import Unit
from shapelens.values.facts import ProblemFact, Site
from shapelens.values.objects import DictObject, ListObject
from shapelens.values.value import Const, Ref, TupleValue, Value

MODULE = "__main__"


class NotPlain(Exception):
    """The value is not known, or is no plain Python data."""


@dataclass(frozen=True)
class Outcome:
    """What a program's statements, run one after the other, left behind."""

    state: Mapping[Cell, Content]
    sites: tuple[Site, ...]
    problems: tuple[ProblemFact, ...]
    questions: tuple[Question, ...] = ()

    def value(self, name: str) -> Value:
        """The abstract value of a global variable."""
        return self.state[(MODULE, name)]  # type: ignore[return-value]

    def plain(self, name: str) -> Any:
        """The Python value of a global variable; raises `NotPlain` when it is not known."""
        return self._plain(self.value(name))

    def _plain(self, value: Value) -> Any:
        if isinstance(value, Const):
            return value.value
        if isinstance(value, TupleValue):
            return tuple(self._plain(item) for item in value.items)
        if isinstance(value, Ref):
            obj = self.state[value.address]
            if isinstance(obj, ListObject) and not obj.open:
                items = [self._plain(item) for item in obj.items]
                return set(items) if obj.type_name == "set" else items
            if isinstance(obj, DictObject) and not obj.open:
                return {self._plain(key): self._plain(item) for key, item in obj.entries}
        raise NotPlain(value)


def interpret(source: str, path: str | None = None, known: Mapping[Cell, Content] | None = None) -> Outcome:
    """Interpret a program statement by statement, each in the state that those before it left.

    ``known`` is there before the first: what is installed, and the answers to questions.
    """
    state: dict[Cell, Content] = dict(known or {})
    units: dict[int | str, Unit] = {}
    sites: list[Site] = []
    problems: list[ProblemFact] = []
    questions: dict[Question, None] = {}
    for number, statement in enumerate(ast.parse(source).body):
        decorators = getattr(statement, "decorator_list", [])
        first = min([statement.lineno, *(d.lineno for d in decorators)])
        text = "\n".join(source.split("\n")[first - 1 : statement.end_lineno])
        unit = Unit(number, text, tuple(ast.parse(text).body))
        units[number] = unit
        result = run_unit(unit, MODULE, dict(state), units, path)
        apply_writes(state, number, result.writes)
        questions.update((cell, None) for cell in result.reads if isinstance(cell, Question))
        sites.extend(result.sites)
        problems.extend(result.problems)
    return Outcome(state, tuple(sites), tuple(problems), tuple(questions))


def is_plain(value: object) -> bool:
    """Whether a value of a real run is plain data, which `Outcome.plain` can be compared with."""
    if isinstance(value, dict):
        return all(is_plain(k) and is_plain(v) for k, v in value.items())
    if isinstance(value, list | tuple | set):
        return all(map(is_plain, value))
    return value is None or isinstance(value, int | float | str | bool)


def programs_of(file: Path) -> dict[str, str]:
    """The programs in a file, by the names in their headings (``#### name``)."""
    parts = file.read_text(encoding="utf-8").split("#### ")[1:]
    return dict(part.split("\n", 1) for part in parts)  # type: ignore[misc]
