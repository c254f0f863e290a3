"""What is known of a size, or a shape, that is one of two."""

from __future__ import annotations

import pytest

from shapelens.shapes.dims import ANY, Dim, join, symbol
from shapelens.shapes.shape import Shape
from shapelens.shapes.shape import join as join_shapes


@pytest.mark.parametrize(
    ("a", "b", "both"),
    [
        (8, 8, 8),
        (None, None, None),
        (symbol("n"), symbol("n"), symbol("n")),
        (8, 9, ANY),
        # Keras refuses to make weights for None; for 8 it makes them.
        (8, None, ANY),
        (None, 8, ANY),
        (symbol("n"), None, ANY),
        (ANY, None, ANY),
    ],
)
def test_a_size_that_is_one_of_two(a: Dim, b: Dim, both: Dim) -> None:
    assert join(a, b) == both


def test_shapes_of_different_ranks_share_their_last_axes() -> None:
    assert join_shapes(Shape((None, 8, 3)), Shape((8, 3))) == Shape((8, 3), open=True)
    assert join_shapes(Shape((None, 5, 3)), Shape((None, None, 3))) == Shape((None, ANY, 3))
