"""The stored dtypes are what the installed Keras gives."""

from __future__ import annotations

import json
import random

import pytest

from tests.conformance.ops import probe_dtypes

pytestmark = pytest.mark.keras


def test_a_sample_of_the_table_is_what_keras_gives() -> None:
    """The whole table takes minutes: a few operations, with one dtype of the second operand."""
    pytest.importorskip("keras")
    stored = json.loads(probe_dtypes.TARGET.read_text(encoding="utf-8"))
    one, _ = probe_dtypes.expressions()
    for name in random.Random(0).sample(sorted(one), 25):
        for make, codes in zip(probe_dtypes.makers(), stored["single"][name], strict=True):
            found = [probe_dtypes.letters(one[name], make, dtype) for dtype in probe_dtypes.LETTERS]
            assert found == (codes.split() if " " in codes else list(codes)), name


def test_every_expression_is_in_the_table() -> None:
    stored = json.loads(probe_dtypes.TARGET.read_text(encoding="utf-8"))
    one, two = probe_dtypes.expressions()
    assert set(stored["single"]) == set(one)
    assert set(stored["pair"]) == set(two)
