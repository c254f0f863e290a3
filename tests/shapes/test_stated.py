"""What comments and annotations state, and what becomes of it beside what is known."""

from __future__ import annotations

import pytest

from shapelens.shapes.dims import ANY, floordiv, mul, sub, symbol
from shapelens.shapes.shape import Shape, shape
from shapelens.shapes.stated import Stated, comment_shapes, jaxtyping_shape, met, tuple_shape

N = symbol("n")


@pytest.mark.parametrize(
    ("comment", "stated"),
    [
        ("# shape: (n, 28, 28, 1)", [Stated(None, shape(N, 28, 28, 1))]),
        ("#shape : [3]", [Stated(None, shape(3))]),
        ("# shape: (28)", [Stated(None, shape(28))]),
        ("# shape: ()", [Stated(None, shape())]),
        ("# shape: (..., None, -1, ?, _)", [Stated(None, Shape((ANY,) * 4, open=True))]),
        ("# shape: (2 * n, n - 1, n // 2)", [Stated(None, shape(mul(N, 2), sub(N, 1), floordiv(N, 2)))]),
        ("# shape: x (60, 4), y: (60,), z=(n,)", [
            Stated("x", shape(60, 4)), Stated("y", shape(60)), Stated("z", shape(N)),
        ]),
        ("# shape: self.w (4, (n + 1) // 2)", [Stated("self.w", tuple_shape("(4, (n + 1) // 2)", symbol) or shape())]),
    ],
)  # fmt: skip
def test_comments_that_state_shapes(comment: str, stated: list[Stated]) -> None:
    assert list(comment_shapes(comment)) == stated


@pytest.mark.parametrize(
    "comment",
    [
        "# the shape: (3, 4)", "# shape: n", "# shape: (3, 4) -> (4, 3)", "# shape: (3, 4) for now", "# shape:",
        "# shape: (3, 4", "# shape: (3, 4),", "# shapes: (3, 4)", "# shape: (3, 'x')", "# shape: (f(3), 4)",
        "# shape: (True, 4)", "# shape: (1.5, 2)", "# shape: (3, 4)(5)", "# shape: (-2,)", "# shape: " + "(" * 5000,
        "# shape: (" + "9" * 5000 + ",)",
    ],
)  # fmt: skip
def test_comments_that_do_not(comment: str) -> None:
    assert comment_shapes(comment) == ()


# What `isinstance(np.zeros(shape), Shaped[np.ndarray, text])` gave under jaxtyping 0.3.11.
ACCEPTED = [
    ("", ()), ("3", (3,)), ("n 3", (2, 3)), ("... 3", (3,)), ("... 3", (4, 2, 3)), ("*b 3", (4, 2, 3)),
    ("3 ...", (3,)), ("2 ... 4", (2, 5, 6, 4)), ("_ 3", (2, 3)), ("#n 3", (1, 3)), ("n=2 3", (2, 3)),
    ("...", ()), ("1+1 3", (2, 3)), ("*#b 4", (2, 5, 6, 4)), ("#3", (1,)), ("#3", (3,)), ("n n", (3, 3)),
]  # fmt: skip
REFUSED = [
    ("", (3,)), ("3", (2, 3)), ("n 3", (2, 4)), ("... 3", ()), ("*b 3", (2, 4)), ("2 ... 4", (3,)),
    ("_ 3", (3,)), ("n=2 3", (1, 3)), ("1+1 3", (4, 3)), ("*#b 4", (2, 3)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "real"), ACCEPTED)
def test_nothing_that_jaxtyping_accepts_is_a_contradiction(text: str, real: tuple[int, ...]) -> None:
    stated = jaxtyping_shape(text, symbol)
    assert stated is not None
    assert met(Shape(real), stated) == Shape(real)


@pytest.mark.parametrize(("text", "real"), REFUSED)
def test_ranks_and_sizes_that_jaxtyping_refuses_are_contradictions(text: str, real: tuple[int, ...]) -> None:
    stated = jaxtyping_shape(text, symbol)
    assert stated is not None
    assert met(Shape(real), stated) is None


@pytest.mark.parametrize("text", ["n m!", "in", "3.5", "f(3)"])
def test_strings_that_are_no_shapes(text: str) -> None:
    assert jaxtyping_shape(text, symbol) is None


def test_what_is_stated_completes_what_is_known() -> None:
    rows = symbol("rows of a.csv")
    assert met(shape(rows, ANY, 3), shape(N, 28, 3)) == shape(rows, 28, 3)
    assert met(shape(rows), shape(60)) == shape(60)
    assert met(Shape((3,), open=True), shape(N, 28, 3)) == shape(N, 28, 3)
    assert met(shape(ANY, 28, 3), Shape((3,), open=True)) == shape(ANY, 28, 3)
    assert met(Shape((ANY, 3), open=True), Shape((4, 28, ANY), open=True)) == Shape((4, 28, 3), open=True)


def test_an_axis_that_keras_leaves_open_stays_open() -> None:
    assert met(shape(None, 28), shape(32, 28)) == shape(None, 28)


def test_a_shape_that_is_too_short_for_what_is_stated_contradicts_it() -> None:
    assert met(shape(3), Shape((28, 3), open=True)) is None
    assert met(Shape((28, 3), open=True), shape(3)) is None
