"""What is told of the places behind an error that ends the program."""

from __future__ import annotations

from shapelens.engine.analyze import analyze
from shapelens.text.document import document

PROGRAM = """
import numpy as np

def double(x):
    y = np.concatenate([x, x])
    return y

a = double(np.zeros(3))
b = double(np.zeros((2, 2)))
np.zeros(3) + np.zeros(4)
c = double(np.zeros(7))
d = np.ones(5)
"""


def shapes_of(text: str, name: str) -> list[str]:
    analysis = analyze(document("file:///a.py", text))
    return [str(at.site.output.shape) for at in analysis.sites if at.site.name == name]  # type: ignore[union-attr]


def test_what_the_program_reached_is_told_and_not_what_it_never_reaches() -> None:
    assert shapes_of(PROGRAM, "y") == ["(6,)", "(4, 2)"]


def test_what_only_comes_later_is_told_all_the_same() -> None:
    assert shapes_of(PROGRAM, "c") == ["(14,)"]
    assert shapes_of(PROGRAM, "d") == ["(5,)"]


def test_an_error_that_is_caught_ends_nothing() -> None:
    caught = PROGRAM.replace(
        "np.zeros(3) + np.zeros(4)", "try:\n    np.zeros(3) + np.zeros(4)\nexcept ValueError:\n    pass"
    )
    assert shapes_of(caught, "y") == ["(6,)", "(4, 2)", "(14,)"]


def test_what_follows_in_the_same_statement_is_not_reached_either() -> None:
    text = PROGRAM.replace("np.zeros(3) + np.zeros(4)", "e = [double(np.zeros(9)), np.zeros(3) + np.zeros(4)]")
    assert shapes_of(text, "y") == ["(6,)", "(4, 2)", "(18,)"]
