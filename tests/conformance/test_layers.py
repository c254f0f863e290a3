"""Every layer rule against the real Keras: the same shapes, dtypes, weights and errors.

``SHAPELENS_CONFORMANCE_SEED`` and ``SHAPELENS_CONFORMANCE_CASES`` (for each layer) make the long run.
"""

from __future__ import annotations

import os

import pytest

from shapelens.library.registry import LAYERS
from shapelens.values.failure import NotKnown
from tests.conformance import rules
from tests.conformance.cases import Case
from tests.conformance.compare import disagreement
from tests.conformance.generators import GENERATORS, generate

pytest.importorskip("keras", reason="the real Keras is not installed here")

from tests.conformance import real_keras

SEED = int(os.environ.get("SHAPELENS_CONFORMANCE_SEED", "0"))
CASES = int(os.environ.get("SHAPELENS_CONFORMANCE_CASES", "13"))
# Layers of which a rule may say little: what Keras does with a part of the cases is nonsense.
OFTEN_UNKNOWN = {"TimeDistributed", "GroupQueryAttention", "MelSpectrogram", "Resizing"}


def _by_layer() -> dict[str, list[Case]]:
    cases: dict[str, list[Case]] = {}
    for case in generate(SEED, CASES):
        cases.setdefault(case.name, []).append(case)
    return cases


@pytest.mark.keras
@pytest.mark.parametrize(
    ("name", "cases"), _by_layer().items(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_rule_agrees_with_keras(name: str, cases: list[Case]) -> None:
    disagreements: list[str] = []
    unknown = 0
    for case in cases:
        try:
            ours = rules.run(case)
        except NotKnown:
            unknown += 1
            continue
        found = disagreement(case, real_keras.run(case), ours)
        if found is not None:
            disagreements.append(found)
    assert not disagreements, "\n".join(disagreements)
    assert unknown <= len(cases) * (0.5 if name in OFTEN_UNKNOWN else 0.2)


def test_every_rule_has_cases() -> None:
    without = {name.rpartition(".")[2] for name in LAYERS} - set(GENERATORS) - {"Lambda"}
    assert not without
