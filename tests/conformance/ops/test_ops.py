"""Rules for ``keras.ops``, ``keras.random`` and ``keras.activations`` against the real Keras.

``SHAPELENS_CONFORMANCE_CASES`` is the number of cases for each operation, ``SHAPELENS_CONFORMANCE_SEED`` what
they are drawn from.
"""

from __future__ import annotations

import os
from typing import Any

import numpy
import pytest

from shapelens.library.load import load_rules
from tests.conformance.ops.run import MAKERS, put

pytestmark = pytest.mark.keras
load_rules()

CASES = int(os.environ.get("SHAPELENS_CONFORMANCE_CASES", "3"))
SEED = int(os.environ.get("SHAPELENS_CONFORMANCE_SEED", "0"))
# Each case of these takes a second: loops that TensorFlow traces.
SLOW = ("keras.ops.ctc_loss", "keras.ops.image.elastic_transform", "keras.ops.nanmedian", "keras.ops.nanquantile")


@pytest.fixture(scope="module")
def namespace() -> dict[str, Any]:
    """The names that cases use."""
    tf = pytest.importorskip("tensorflow")
    keras = pytest.importorskip("keras")
    keras.config.disable_traceback_filtering()
    return {"np": numpy, "tf": tf, "keras": keras, "ops": keras.ops}


@pytest.mark.parametrize("name", MAKERS)
def test_rule_and_keras_agree(name: str, namespace: dict[str, Any]) -> None:
    tally = put(name, max(2, CASES // 10) if name in SLOW else CASES, SEED, namespace)
    found = tally.disagreements
    assert not found, f"{len(found)} of {tally.cases} disagree:\n" + "\n".join(found[:20])
