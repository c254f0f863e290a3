"""ShapeLens says of every fixture what the fixture expects, no more and no less; and its fixes help."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from tests.support.keras_run import KerasProcess, why_not
from tests.support.literate import Program, load_programs
from tests.support.shapelens_run import (
    Diagnostic,
    analyse,
    apply_fix,
    diagnose,
    moved_line,
    wrong_problems,
    wrong_shapes,
)

programs = pytest.mark.parametrize("program", load_programs(), ids=lambda program: program.id)


@cache
def diagnosed(program_id: str) -> list[Diagnostic]:
    program = next(program for program in load_programs() if program.id == program_id)
    return diagnose(program.text, program.id)


@programs
def test_problems(program: Program) -> None:
    found = wrong_problems(program, diagnosed(program.id))
    assert not found, "\n".join(found)


@programs
def test_shapes(program: Program) -> None:
    found = wrong_shapes(program, analyse(program).sites)
    assert not found, "\n".join(found)


@pytest.fixture(scope="module")
def keras() -> Iterator[KerasProcess]:
    process = KerasProcess()
    yield process
    process.close()


@pytest.mark.keras
@pytest.mark.skipif(bool(why_not()), reason=why_not() or "Keras is here")
@programs
def test_fixes_under_keras(program: Program, keras: KerasProcess) -> None:
    """Each fix that is offered makes the real run go past the place of its error."""
    found: list[str] = []
    before = keras.run(program.text)
    for diagnostic in diagnosed(program.id):
        for fix in diagnostic.fixes:
            after = keras.run(apply_fix(program.text, fix))
            place = f"{program.place(diagnostic.line)}: after {fix['title']!r}"
            if after.failure:
                found.append(f"{place} {after.failure}")
            line = moved_line(diagnostic.line, fix)
            still = [error for error in after.errors if error.covers(line)]
            found.extend(f"{place} real Keras still raises: {error}" for error in still)
            if diagnostic.severity == "error" and len(after.errors) >= len(before.errors):
                found.append(f"{place} there are as many errors as before: {after.errors[0]}")
            if diagnostic.severity == "warning" and len(after.errors) > len(before.errors):
                found.append(f"{place} real Keras raises: {after.errors[-1]}")
    assert not found, "\n".join(found)
