"""Incremental analysis: what runs again, and that the outcome is that of a fresh one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shapelens.engine.analysis import Analysis
from shapelens.engine.analyze import Interpreter, analyze
from shapelens.text import document, replace_range
from support.plain import plain
from support.stub_interpreter import Stub

PROGRAM = """\
a = 2
b = a + 3

def f(x):
    return x - a

c = f(b)
items = [a, c]
items.append(b)
d = items[0]
e = f(1)
"""


def analyzed(text: str, previous: Analysis | None = None) -> tuple[Analysis, list[str]]:
    stub = Stub()
    analysis = analyze(document("u", text), previous, interpreter=Interpreter(stub))
    return analysis, stub.ran


def test_sites_and_problems_have_places() -> None:
    analysis, _ = analyzed(PROGRAM)
    text = PROGRAM
    assert [text[slice(*at.range)] for at in analysis.sites] == ["a", "b", "c", "items", "d", "e"]
    (problem,) = analysis.problems
    assert text[slice(*problem.range)] == "x - a"
    place = analysis.range_of(problem.problem.trail[0])
    assert place is not None
    assert text[slice(*place)] == "f(1)"


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        ("# nothing", "# something else", []),
        ("a = 2", "a = 1 + 1", ["a = 1 + 1"]),
        (
            "b = a + 3",
            "b = a + 4",
            ["b = a + 4", "c = f(b)", "items = [a, c]", "items.append(b)", "d = items[0]"],
        ),
        ("e = f(1)", "e = f(7)\ng = e", ["e = f(7)", "g = e"]),
        ("items.append(b)", "items.append(a)", ["items.append(a)", "d = items[0]"]),
    ],
)
def test_only_what_changed_and_its_readers_run_again(old: str, new: str, again: list[str]) -> None:
    before, _ = analyzed(PROGRAM + "# nothing\n")
    after, ran = analyzed((PROGRAM + "# nothing\n").replace(old, new), before)
    assert ran == again
    assert plain(after) == plain(analyzed((PROGRAM + "# nothing\n").replace(old, new))[0])


def test_a_reason_that_users_see_is_up_to_date() -> None:
    before, _ = analyzed("x = p\ny = x")
    after, _ = analyzed("x = q\ny = x", before)
    assert [at.site.reason for at in after.sites] == ["q is not defined"] * 2


INSERTIONS = ["", "\n", "1", "a", " + 1", "- 5", "9", "(", ")", '"""', "    ", "é", "x = 3\n", "%magic\n"]
STATEMENTS = ["b = f(a)", "del a", "items.append(4)", "items = [1]", "def f(x):\n    return a + x"]
EDITS = st.tuples(
    st.integers(0, 200),
    st.integers(0, 12),
    st.sampled_from(INSERTIONS) | st.sampled_from(STATEMENTS).map("\n{}\n".format),
)


@given(st.lists(EDITS, max_size=8))
def test_any_sequence_of_edits_ends_like_a_fresh_analysis(edits: list[tuple[int, int, str]]) -> None:
    doc = document("u", PROGRAM)
    analysis = analyze(doc, interpreter=Interpreter(Stub()))
    for start, length, inserted in edits:
        start = min(start, len(doc.text))
        doc = replace_range(doc, start, min(start + length, len(doc.text)), inserted)
        analysis = analyze(doc, analysis, interpreter=Interpreter(Stub()))
        assert plain(analysis) == plain(analyze(doc, interpreter=Interpreter(Stub())))


def test_a_cancelled_analysis_serves_the_next_one() -> None:
    left = iter([False, False, True])
    stub = Stub()
    doc = document("u", "a = 1\nb = a\nc = b")
    partial = analyze(doc, interpreter=Interpreter(stub), cancelled=lambda: next(left))
    assert partial.stopped
    assert stub.ran == ["a = 1", "b = a"]
    _, ran = analyzed("a = 1\nb = a\nc = b", partial)
    assert ran == ["c = b"]


def test_an_internal_error_costs_its_statement(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("SHAPELENS_STRICT")
    analysis, _ = analyzed("a = 1\ncrash = 2\nb = a")
    assert [at.site.name for at in analysis.sites] == ["a", "b"]
    assert "internal error" in caplog.text
    assert "as asked" in caplog.text


def test_time_is_bounded() -> None:
    analysis = analyze(document("u", "a = 1\nb = 2"), interpreter=Interpreter(Stub()), seconds=-1)
    assert analysis.stopped
    assert not analysis.sites


def test_syntax_errors_have_places() -> None:
    analysis, _ = analyzed("a = 1\n\nb = (2 3\nc = 4")
    (error,) = analysis.syntax_errors
    assert analysis.document.text[slice(*error.range)].startswith("(2 3")
    assert [at.site.name for at in analysis.sites] == ["a", "b", "c"]
