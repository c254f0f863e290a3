"""Rules for everything of Keras that is no layer and no model against the real Keras 2.15."""

from __future__ import annotations

import os

import pytest

from shapelens.library.load import load_rules
from tests.conformance import keras2, report
from tests.conformance.ops.keras2 import MAKERS, put

pytestmark = [
    pytest.mark.keras,
    pytest.mark.skipif(
        keras2.interpreter() is None, reason="no interpreter with Keras 2.15 (SHAPELENS_KERAS2_PYTHON) is here"
    ),
]
load_rules()

CASES = int(os.environ.get("SHAPELENS_CONFORMANCE_CASES", "4"))
SEED = int(os.environ.get("SHAPELENS_CONFORMANCE_SEED", "0"))


@pytest.mark.parametrize("name", MAKERS)
def test_rule_and_keras2_agree(name: str) -> None:
    tally = put(name, CASES, SEED)
    module, _, short = name.rpartition(".")
    found = tally.disagreements
    report.record(
        2, module, short, cases=tally.cases, refused=tally.refused, unknown=tally.unknown, disagreements=found
    )
    assert not found, f"{len(found)} of {tally.cases} disagree:\n" + "\n".join(found[:20])
