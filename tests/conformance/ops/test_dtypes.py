"""The stored dtypes are what the installed Keras gives."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conformance.ops import probe_dtypes

pytestmark = pytest.mark.keras
ROOT = Path(__file__).parents[3]


def test_a_sample_of_the_table_is_what_keras_gives() -> None:
    """The whole table takes minutes: a few operations, with one dtype of the second operand.

    In a process of its own: in one that had run hundreds of other tests, TensorFlow 2.21 aborted now and then in
    the midst of refusing a dtype (``less_equal`` of ``sparse_plus``).
    """
    pytest.importorskip("keras")
    stored = json.loads(probe_dtypes.TARGET.read_text(encoding="utf-8"))
    one, _ = probe_dtypes.expressions()
    names = random.Random(0).sample(sorted(one), 25)
    command = [sys.executable, "-m", probe_dtypes.__name__, *names]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    for name, found in zip(names, json.loads(done.stdout), strict=True):
        for codes, letters in zip(stored["single"][name], found, strict=True):
            assert letters == (codes.split() if " " in codes else list(codes)), name


def test_every_expression_is_in_the_table() -> None:
    stored = json.loads(probe_dtypes.TARGET.read_text(encoding="utf-8"))
    one, two = probe_dtypes.expressions()
    assert set(stored["single"]) == set(one)
    assert set(stored["pair"]) == set(two)
