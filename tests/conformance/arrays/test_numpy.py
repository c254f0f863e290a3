"""NumPy's rules against NumPy."""

from __future__ import annotations

import random

import numpy
import pytest

import shapelens.library.numpy
from tests.conformance.arrays import numpy_cases
from tests.support.array_cases import check

assert shapelens.library.numpy
NAMESPACE = {"np": numpy}


def test_table() -> None:
    check((line for line in numpy_cases.TABLE.splitlines() if line.strip()), NAMESPACE)


@pytest.mark.parametrize("family", sorted(numpy_cases.FAMILIES))
def test_random(family: str) -> None:
    check(numpy_cases.FAMILIES[family](random.Random(family)), NAMESPACE)
