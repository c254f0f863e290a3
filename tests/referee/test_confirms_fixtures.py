"""The errors that the rules find in the fixtures are confirmed by the installed Keras, in its own words."""

from __future__ import annotations

import re

import pytest

from shapelens.engine.analyze import analyze
from shapelens.engine.settle import settled
from shapelens.ide.diagnostics import Diagnostic, diagnostics
from shapelens.text.document import document
from tests.referee.conftest import Keras
from tests.support.literate import Program, load_programs

pytestmark = pytest.mark.keras
PROGRAMS = [program for program in load_programs() if program.errors]
# Programs with an error that is not put to it (docs/limits.md), and a pattern of what it says.
NOT_ASKED = {
    "arrays/more-names-than-axes": "names? stands? on the left",  # Python's own
    "arrays/an-axis-that-the-shape-does-not-have": "and none at 2",  # Python's own
    "arrays/fewer-columns-named-than-there-are": "columns are named",  # pandas
    "classes/a-layer-s-result-where-a-layer-is-wanted": "TimeDistributed",  # a function of the program's
}


def unnumbered(text: str) -> str:
    """Without the numbers of made-up names: a question knows the names of a model's layers, and no others."""
    return re.sub(r"(?<=[a-z])_\d+\b", "", text)


def errors(found: list[Diagnostic]) -> list[Diagnostic]:
    return [diagnostic for diagnostic in found if diagnostic.severity == "error"]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.id)
def test_the_errors_of_a_program(keras3: Keras, program: Program) -> None:
    text = document("file:///program.py", program.text)
    before = analyze(text, path="/program.py")
    after = settled(before, keras3.referee, path="/program.py", seconds=100)
    found = errors(diagnostics(after))
    assert [(error.range, error.code) for error in found] == [
        (error.range, error.code) for error in errors(diagnostics(before))
    ], "an error is withdrawn"
    unconfirmed = [error.message for error in found if not error.confirmed]
    excused = NOT_ASKED.get(program.id)
    assert all(excused is not None and re.search(excused, message) for message in unconfirmed), (
        f"not confirmed: {unconfirmed}"
    )
    assert bool(unconfirmed) is (excused is not None), "it is asked by now"
    spoken = unnumbered("\n".join(error.message for error in found))
    for expected in program.errors:
        assert unnumbered(expected.keras) in spoken


def test_there_are_programs_with_errors() -> None:
    assert len(PROGRAMS) > 50
