"""The valid programs that mistakes are made in: of each fixture and example what runs under real Keras."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.support.literate import load_programs

from .source import without_expectations
from .truth import RealKeras, Truth

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@dataclass(frozen=True)
class Base:
    """A program that runs to its end."""

    id: str
    text: str


def all_texts() -> list[Base]:
    """Every fixture and example as it stands, without the comments that say what is expected."""
    fixtures = [Base(program.id, without_expectations(program.text)) for program in load_programs()]
    examples = [Base(f"examples/{file.stem}", file.read_text("utf-8")) for file in sorted(EXAMPLES.glob("*.py"))]
    return [*fixtures, *examples]


def valid_programs(keras: RealKeras, programs: Iterable[Base] | None = None) -> list[Base]:
    """The programs that run; of the others what is left without the statements that cannot."""
    programs = all_texts() if programs is None else list(programs)
    truths = keras.run(program.text for program in programs)
    trimmed = [Base(program.id, without_failures(program.text, truths[program.text])) for program in programs]
    truths = keras.run(program.text for program in trimmed)
    return [program for program in trimmed if program.text and runs(truths[program.text])]


def runs(truth: Truth) -> bool:
    """Whether a program ran to its end without an error, caught ones included."""
    return not (truth.failure or truth.errors or truth.caught)


def without_failures(text: str, truth: Truth) -> str:
    """The top-level statements that neither raised nor depend on one that did."""
    if truth.failure:
        return ""
    starts = {error.statement[0] for error in truth.errors} | truth.skipped
    lines: list[str] = text.split("\n")
    for statement in reversed(ast.parse(text).body):
        if statement.lineno in starts:
            first = min([statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", []))])
            del lines[first - 1 : statement.end_lineno]
    return "\n".join(lines)
