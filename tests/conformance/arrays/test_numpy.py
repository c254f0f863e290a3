"""NumPy's rules against NumPy.

``SHAPELENS_CONFORMANCE_SEED`` and ``SHAPELENS_CONFORMANCE_CASES`` (for each family) make the long run.
"""

from __future__ import annotations

import os
import random

import numpy
import pytest

import shapelens.library.numpy
from tests.conformance.arrays import numpy_cases, numpy_families, tables
from tests.support.array_cases import check

assert shapelens.library.numpy
NAMESPACE = {"np": numpy}
SEED = int(os.environ.get("SHAPELENS_CONFORMANCE_SEED", "0"))
CASES = int(os.environ.get("SHAPELENS_CONFORMANCE_CASES", "40"))


def test_table() -> None:
    check(tables.lines("numpy"), NAMESPACE)


@pytest.mark.parametrize("family", sorted(numpy_cases.FAMILIES))
def test_random(family: str) -> None:
    check(numpy_cases.FAMILIES[family](random.Random(family)), NAMESPACE)


@pytest.mark.parametrize("table", tables.named("numpy"))
def test_tables(table: str) -> None:
    check(tables.lines(f"numpy_{table}"), NAMESPACE, SEED)


@pytest.mark.parametrize("family", sorted(numpy_families.FAMILIES))
def test_families(family: str) -> None:
    chooser = random.Random(f"{family} {SEED}")
    check([numpy_families.FAMILIES[family](chooser) for _ in range(CASES)], NAMESPACE, SEED)
