"""Shapes that a program states: whom they speak of, what they make known, and what contradicts them."""

from __future__ import annotations

import pytest

from shapelens.cli.api import analyze_text, check_text
from shapelens.ide.words import nest_text
from shapelens.values.value import TensorValue
from tests.support.interpreting import interpret

IMPORTS = """\
from typing import Annotated
import numpy as np
import tensorflow as tf
import loader
from jaxtyping import Float, Float32
"""


def shapes(program: str) -> dict[str, str]:
    """The shape of each variable, as it is shown at its last assignment."""
    analysis = analyze_text(IMPORTS + program, "program.py")
    assert not analysis.syntax_errors
    return {
        at.site.name: nest_text(at.site.output)
        for at in analysis.sites
        if at.site.kind == "variable" and at.site.name and at.site.output is not None
    }


def contradictions(program: str) -> list[tuple[int, str]]:
    lines = IMPORTS.count("\n")
    found = check_text(IMPORTS + program, "program.py")["diagnostics"]
    assert isinstance(found, list)
    return [(item["line"] - lines, item["code"]) for item in found]  # type: ignore[operator,index,call-overload]


@pytest.mark.parametrize(
    ("program", "known"),
    [
        ("x = loader.load()  # shape: (n, 28)\n", {"x": "(n, 28)"}),
        ("x = loader.load()  # shape: x (n, 28)\n", {"x": "(n, 28)"}),
        ("x = loader.load(\n    'a'\n)  # shape: (n, 28)\n", {"x": "(n, 28)"}),
        ("x, y = loader.load()  # shape: x (60, 4), y (60,)\n", {"x": "(60, 4)", "y": "(60,)"}),
        ("x, (y, z) = loader.load()  # shape: (60, 4), (60,), (3,)\n", {"x": "(60, 4)", "y": "(60,)", "z": "(3,)"}),
        ("x, y = loader.load()  # shape: y (60,)\n", {"y": "(60,)"}),
        ("x, y = loader.load()  # shape: (60,)\n", {}),
        ("for x in loader.batches():  # shape: (32, 10)\n    y = x[0]\n", {"x": "(32, 10)", "y": "(10,)"}),
        ("with loader.opened() as x:  # shape: (32, 10)\n    y = x.T\n", {"x": "(32, 10)", "y": "(10, 32)"}),
        ("x = 3; y = loader.load()  # shape: (4,)\n", {"y": "(4,)"}),
        ("if loader.ready:  # shape: x (3,)\n    x = loader.load()\n", {}),
        ("for i in range(2):  # shape: x (3,)\n    x = loader.load()\n", {}),
        ("def f():\n    return loader.load()  # shape: (7, 2)\nx = f()\n", {"x": "(7, 2)"}),
        ("def f(x,  # shape: (n, 3)\n      y):\n    z = x[0]\nf(loader.a, 3)\n", {"x": "(n, 3)", "z": "(3,)"}),
        ("def f(x, y):  # shape: y (n, 3)\n    z = y[0]\nf(2, loader.a)\n", {"y": "(n, 3)", "z": "(3,)"}),
    ],
)  # fmt: skip
def test_comments_make_unknown_values_known(program: str, known: dict[str, str]) -> None:
    assert shapes(program) == known


@pytest.mark.parametrize(
    ("program", "known"),
    [
        ("x: Float[np.ndarray, 'n 3'] = loader.load()\n", {"x": "(n, 3)"}),
        ("x: 'Float[np.ndarray, \"n 3\"]' = loader.load()\n", {"x": "(n, 3)"}),
        ("x: Annotated[np.ndarray, (None, 3)] = loader.load()\n", {"x": "(?, 3)"}),
        ("W = 5\nx: Annotated[tf.Tensor, ('n', W, ...)] = loader.load()\n", {"x": "?"}),
        ("W = 5\nx: Annotated[tf.Tensor, ('n', W)] = loader.load()\n", {"x": "(n, 5)"}),
        ("x: Annotated[np.ndarray, 'an image', '(n, 3)'] = loader.load()\n", {"x": "(n, 3)"}),
        ("x: Annotated[np.ndarray, 'RGB image'] = loader.load()\n", {}),
        ("x: Annotated[loader.Thing, (3, 4)] = loader.load()\n", {}),
        ("Image = Float32[np.ndarray, 'h w 3']\ndef f(x: Image):\n    y = x[0]\nf(loader.a)\n",
         {"x": "(h, w, 3)", "y": "(w, 3)"}),
        ("def f(x: Float[np.ndarray, 'n 3'], y: Float[np.ndarray, 'n']):\n    pass\nf(loader.a, np.zeros(7))\n",
         {"x": "(7, 3)", "y": "(7,)"}),
        ("def f(x: Float[np.ndarray, 'n 3']) -> Float[np.ndarray, 'n 2']:\n    return loader.g(x)\n"
         "y = f(np.zeros((8, 3)))\n", {"x": "(8, 3)", "y": "(8, 2)"}),
        ("def never(x: Float[np.ndarray, 'n 3']):\n    y = x.T\n", {"x": "(n, 3)", "y": "(3, n)"}),
    ],
)  # fmt: skip
def test_annotations_make_unknown_values_known(program: str, known: dict[str, str]) -> None:
    assert shapes(program) == known


def test_the_names_of_an_annotation_mean_another_size_at_each_call() -> None:
    program = (
        "def f(x: Float[np.ndarray, 'n 3']) -> Float[np.ndarray, 'n']:\n    return loader.g(x)\n"
        "a = f(loader.a)\nb = f(loader.b)\nc = a[:-1] + b\n"
    )
    assert contradictions(program) == []


@pytest.mark.parametrize(
    ("program", "lines"),
    [
        ("x = np.zeros((3, 4))  # shape: (n, 5)\n", [1]),
        ("x = np.zeros((3, 4))  # shape: (3, 4, 1)\n", [1]),
        ("x = np.zeros((3, 4))  # shape: (n, m)\n", []),
        ("x = [[1, 2], [3, 4]]  # shape: (2, 3)\n", [1]),
        ("np.zeros((3, 4)).T  # shape: (3, 4)\n", [1]),
        ("def f():\n    return np.zeros(3)  # shape: (4,)\nf()\n", [2]),
        ("x: Float[np.ndarray, '3 4'] = np.zeros((3, 5))\n", [1]),
        ("def f(\n    x: Float[np.ndarray, 'n 4'],\n):\n    pass\nf(np.zeros((3, 5)))\n", [2]),
        ("def f(x: Float[np.ndarray, 'n'], y: Float[np.ndarray, 'n']):\n    pass\nf(np.zeros(3), np.zeros(4))\n", [1]),
        ("def f() -> Float[np.ndarray, '3']:\n    return np.zeros(4)\nf()\n", [1]),
    ],
)  # fmt: skip
def test_what_is_known_to_be_otherwise_is_a_warning_at_the_statement(program: str, lines: list[int]) -> None:
    assert contradictions(program) == [(line, "stated-shape-mismatch") for line in lines]


def test_what_is_known_stays_when_it_is_contradicted() -> None:
    assert shapes("x = np.zeros((3, 4))  # shape: (n, 5)\n") == {"x": "(3, 4)"}


def test_of_several_possibilities_only_those_remain_that_are_as_stated() -> None:
    program = "x = np.zeros((3, 4)) if loader.a else np.zeros((3, 4, 1))  # shape: (3, 4)\n"
    assert shapes(program) == {"x": "(3, 4)"}


def test_a_stated_shape_is_judged_by_what_follows() -> None:
    program = "x = loader.load()  # shape: (n, 28)\ny = x @ np.zeros((29, 3))\n"
    assert contradictions(program) == [(2, "matmul-mismatch")]


def test_where_a_stated_shape_comes_from_is_told() -> None:
    analysis = analyze_text(IMPORTS + "x = loader.load()  # shape: (n, 28)\n", "program.py")
    value = analysis.state[("__main__", "x")]
    assert isinstance(value, TensorValue)
    assert value.answered_by == "the comment"
    place = analysis.range_of(value.origin)
    assert place is not None
    assert analysis.document.text[slice(*place)] == "# shape: (n, 28)"


def test_an_edit_of_the_comment_behind_a_function_reaches_its_callers() -> None:
    before = IMPORTS + "def f():\n    return loader.load()  # shape: (7, 2)\n\nx = f()\n"
    after = before.replace("(7, 2)", "(8, 2)")
    from shapelens.engine.analyze import analyze
    from shapelens.text.document import document

    analysis = analyze_text(before, "program.py")
    changed = analyze(document(analysis.document.uri, after, 1), analysis, path="program.py")
    assert [nest_text(at.site.output) for at in changed.sites if at.site.name == "x" and at.site.output] == ["(8, 2)"]


@pytest.mark.parametrize("comment", ["# shape: (é, 3)", "# shape: ï (n, 3)", "# shape: (n,\x0c3)", "# shape: (n, 3)\r"])
def test_odd_comments_do_no_harm(comment: str) -> None:
    analyze_text(IMPORTS + f"é = loader.load()  {comment}\ny = 3\n", "program.py")


SYMBOLIC = "from keras import Input, layers\n"


@pytest.mark.parametrize(
    "program",
    [
        "x = layers.Conv2D(4, 3)(Input((8, 8, 1)))  # shape: (6, 6, 4)\n",
        "x = layers.Conv2D(4, 3)(Input(loader.shape))  # shape: (6, 6, 4)\ny = layers.Conv2D(2, 3)(x)\n",
        "x = loader.features  # shape: (6, 6, 4)\ny = layers.Conv2D(2, 3)(x)\n",
        "x = loader.features  # shape: (6, 4)\ny = layers.LSTM(2)(x)\n",
    ],
)
def test_a_comment_on_a_symbolic_tensor_may_leave_out_the_batch_axis(program: str) -> None:
    assert interpret(IMPORTS + SYMBOLIC + program).problems == ()


def test_a_comment_on_one_sample_still_contradicts() -> None:
    (problem,) = interpret(
        IMPORTS + SYMBOLIC + "x = layers.Conv2D(4, 3)(Input((8, 8, 1)))  # shape: (5, 5, 4)\n"
    ).problems
    assert problem.failure.code == "stated-shape-mismatch"
