"""Fixes are offered only if they help."""

from __future__ import annotations

from collections.abc import Sequence

from shapelens.engine.analysis import Analysis, ProblemAt
from shapelens.engine.analyze import Interpreter, analyze
from shapelens.engine.fixes import verified_fixes
from shapelens.problems.fixes import Edit, Fix
from shapelens.text import document
from support.stub_interpreter import Stub

TEXT = "a = 1\nb = a - 2\nc = a - 3\n"


def replacing(old: str, new: str) -> Fix:
    start = TEXT.index(old)
    return Fix(f"{old} -> {new}", (Edit(start, start + len(old), new),))


def offered(*fixes: Fix) -> list[str]:
    stub = Stub()
    analysis = analyze(document("u", TEXT), interpreter=Interpreter(stub))
    assert len(analysis.problems) == 2

    def proposals(problem: ProblemAt, analysis: Analysis) -> Sequence[Fix]:
        return fixes

    kept = verified_fixes(analysis, analysis.problems[0], interpreter=Interpreter(stub), proposals=proposals)
    return [fix.title for fix in kept]


def test_a_fix_that_solves_the_problem_is_offered() -> None:
    assert offered(replacing("- 2", "- 1")) == ["- 2 -> - 1"]
    assert offered(replacing("a = 1", "# longer\na = 2")) == ["a = 1 -> # longer\na = 2"]
    assert offered(replacing("a = 1", "a = 9")) == ["a = 1 -> a = 9"]


def test_a_fix_that_leaves_the_problem_or_makes_one_is_not() -> None:
    assert not offered(replacing("- 2", "- 4"))
    assert not offered(replacing("b = a - 2\n", "b = a\nx = 1 - 2\n"))
    assert not offered(replacing("- 2", "- (2"))
    assert not offered(replacing("a = 1", "#\na = 1"))


def test_only_a_few_are_offered() -> None:
    assert len(offered(*[replacing("- 2", f"- 1 + {i}") for i in range(20)])) == 4
