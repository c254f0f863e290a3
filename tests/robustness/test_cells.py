"""Programs cut into the cells of a notebook: the same findings, and no crash wherever the cuts are."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from shapelens.engine.analysis import Analysis
from shapelens.engine.analyze import analyze
from shapelens.ide.diagnostics import diagnostics
from shapelens.ide.hints import hints
from shapelens.ide.hover import hover
from shapelens.text import document, split
from shapelens.text.notebook import Cell, Notebook
from tests.support.literate import Program, load_programs

PROGRAMS = random.Random(7).sample(load_programs(), 12)
EXTRAS = ["", "# %% note", "!pip install keras", "%%bash\nx = (", "help?", "%matplotlib inline\n"]


def notebook(pieces: list[str], chance: random.Random) -> Notebook:
    """Cells of these texts, with some between them that do nothing."""
    cells = []
    for piece in pieces:
        if chance.random() < 0.5:
            cells.append(chance.choice(EXTRAS))
        cells.append(piece)
    return Notebook("file:///a.ipynb", 1, tuple(Cell(document(f"#{i}", text)) for i, text in enumerate(cells)))


def findings(analysis: Analysis) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """What was found, each with the text of its place."""
    text = analysis.document.text
    sites = [(text[slice(*at.range)], at.site.kind, at.site.layer, repr(at.site.output)) for at in analysis.sites]
    return sites, [(text[slice(*at.range)], at.problem.failure.code) for at in analysis.problems]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.id)
def test_cuts_between_statements_change_nothing(program: Program) -> None:
    text = program.text
    chance = random.Random(text)
    cuts = [0, *(start for start in split(text).starts[1:] if chance.random() < 0.4), len(text)]
    pieces = [text[start:end].rstrip("\n") for start, end in pairwise(cuts)]
    book = notebook(pieces, chance)
    assert findings(analyze(book.program)) == findings(analyze(document("file:///a.py", text)))


@pytest.mark.parametrize("program", PROGRAMS[:4], ids=lambda program: program.id)
def test_cuts_anywhere_are_answered(program: Program) -> None:
    text = program.text
    chance = random.Random(text)
    cuts = sorted({0, len(text), *(chance.randrange(len(text)) for _ in range(8))})
    book = notebook([text[start:end] for start, end in pairwise(cuts)], chance)
    analysis = analyze(book.program)
    for found in diagnostics(analysis):
        assert 0 <= found.range.start <= found.range.end <= len(book.program.text)
    hints(analysis)
    for offset in range(0, len(book.program.text), 97):
        hover(analysis, offset)
