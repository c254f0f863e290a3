"""Real programs, edited at random: the incremental outcome is that of a fresh analysis."""

from __future__ import annotations

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shapelens.engine.analyze import analyze
from shapelens.text import document
from support.literate import load_programs
from support.plain import plain

PROGRAMS = [program.text for program in load_programs()]
LINES = ["x = (", "model = None", "import numpy as np", "if True:", "%matplotlib inline", "print(1", "y = x"]


def edited(text: str, kind: str, where: int, number: int) -> str:
    """``text`` after one edit as people make them."""
    lines = text.split("\n")
    index = where % len(lines)
    if kind == "delete":
        del lines[index]
    elif kind == "double":
        lines.insert(index, lines[index])
    elif kind == "swap":
        lines[index - 1], lines[index] = lines[index], lines[index - 1]
    elif kind == "number":
        lines[index] = re.sub(r"\d+", str(number), lines[index], count=1)
    elif kind == "comment":
        lines[index] = "# " + lines[index]
    elif kind == "cut":
        lines[index] = lines[index][: len(lines[index]) // 2]
    elif kind == "rename":
        lines[index] = re.sub(r"\bx\b", "y", lines[index])
    else:
        lines.insert(index, LINES[number % len(LINES)])
    return "\n".join(lines)


KINDS = ["delete", "double", "swap", "number", "comment", "cut", "rename", "insert"]
EDITS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 200), st.integers(0, 40)), min_size=1, max_size=5)


@given(st.sampled_from(PROGRAMS), EDITS)
@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
def test_edits_of_real_programs_end_like_a_fresh_analysis(text: str, edits: list[tuple[str, int, int]]) -> None:
    analysis = analyze(document("u", text))
    for edit in edits:
        text = edited(text, *edit)
        analysis = analyze(document("u", text), analysis)
        fresh = analyze(document("u", text))
        assert not fresh.stopped
        assert plain(analysis) == plain(fresh)
