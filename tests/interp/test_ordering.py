"""``min``, ``max`` and ``sorted`` are what Python makes of known values, also by a key; else nothing is claimed."""

from __future__ import annotations

import pytest

from tests.support.interpreting import NotPlain, interpret

KNOWN = [
    "min(enumerate((224, 224, 3)), key=lambda pair: pair[1])",
    "max(3, 1, 2, key=lambda v: -v)",
    "max([(1, 'b'), (1, 'a')])",
    "min(('bb', 'a', 'cc'), key=len)",
    "max(['aa', 'b', 'cc'], key=len)",
    "sorted((3, None, 1), key=lambda v: 0 if v is None else v)",
    "sorted([('b', 2), ('a', 1)], key=lambda p: p[0], reverse=True)",
    "sorted([2, 1, 2], reverse=True)",
    "sorted({'c': 1, 'a': 2})",
    "[i for i, n in sorted(enumerate([5, 3, 5]), key=lambda p: p[1])]",
    "max(2.5, 2)",
    "min([True, False])",
]


@pytest.mark.parametrize("expression", KNOWN)
def test_known_values(expression: str) -> None:
    assert interpret(f"x = {expression}\n").plain("x") == eval(expression)


@pytest.mark.parametrize(
    "expression", ["min([1, 'a'])", "sorted([1, 'a'])", "max([])", "min(unheard_of)", "sorted([1, unheard_of])"]
)
def test_values_that_are_not_known_or_not_comparable(expression: str) -> None:
    with pytest.raises(NotPlain):
        interpret(f"x = {expression}\n").plain("x")


def test_one_of_known_items_by_an_unknown_key_is_like_each_of_them() -> None:
    outcome = interpret(
        "import numpy as np\nx = max([np.zeros((2, 3)), np.ones((2, 3))], key=unheard_of)\ny = x.shape\n"
    )
    assert outcome.plain("y") == (2, 3)
