"""Programs with parts missing, as they are while someone writes them: an answer, soon, and no crash."""

from __future__ import annotations

import random
import time

import pytest

from shapelens.engine.analyze import analyze
from shapelens.ide.diagnostics import diagnostics
from shapelens.ide.hints import hints
from shapelens.ide.hover import hover
from shapelens.text.document import document
from tests.support.literate import Program, load_programs

PROGRAMS = load_programs()
# Of one analysis; a fixture takes a twentieth of it on a machine with nothing else to do.
MOST_SECONDS = 10.0


def mutilated(text: str, chance: random.Random) -> str:
    kind = chance.randrange(4)
    lines = text.splitlines(keepends=True)
    if kind == 0:
        return text[: chance.randrange(len(text))]
    if kind == 1:
        return text[chance.randrange(len(text)) :]
    if kind == 2:
        return "".join(line for line in lines if chance.random() > 0.2)
    start = chance.randrange(len(text))
    return text[:start] + text[start + chance.randrange(1, 30) :]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.id)
def test_what_is_left_of_a_program_is_analysed(program: Program) -> None:
    chance = random.Random(program.id)
    for _ in range(6):
        text = mutilated(program.text, chance)
        start = time.monotonic()
        analysis = analyze(document("file:///p.py", text))
        assert time.monotonic() - start < MOST_SECONDS, text
        assert analysis.stopped is None
        for place in [item.range for item in diagnostics(analysis)]:
            assert 0 <= place.start <= place.end <= len(text)
        assert all(0 <= hint.offset <= len(text) for hint in hints(analysis))
        for _ in range(5):
            hover(analysis, chance.randrange(len(text) + 1))
