"""Rules for everything of Keras that is no layer and no model against the real Keras 2.15."""

from __future__ import annotations

import os

import pytest

from shapelens.library.load import load_rules
from tests.conformance import keras2, report
from tests.conformance.cases import Expression
from tests.conformance.ops.keras2 import MAKERS, put
from tests.conformance.ops.without import WITHOUT, WITHOUT_KERAS2

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


@pytest.mark.parametrize("module", ["keras.backend", "keras.activations", "keras.losses", "keras.metrics"])
def test_every_public_name_has_cases_or_a_reason(module: str) -> None:
    names = _public(module)
    reasons = {**WITHOUT, **WITHOUT_KERAS2}
    cases = {short for short in names if f"{module}.{short}" in MAKERS}
    without = {short: reason for short in names if (reason := reasons.get(f"{module}.{short}")) and short not in cases}
    report.public(2, module, names, version="Keras 2.15.0", without=without)
    assert set(names) - cases == set(without)


def _public(module: str) -> list[str]:
    """What a module offers, aliases of the same thing once: under the name that has cases, or a reason, if one has."""
    listed = f"[(name, id(getattr({module}, name))) for name in dir({module}) if not name.startswith('_')]"
    answer = keras2.evaluate([Expression(listed, {})])[0]
    assert isinstance(answer.value, tuple), answer.error
    found: dict[object, str] = {}
    for name, place in answer.value:
        kept = found.setdefault(place, name)
        if _rank(f"{module}.{name}") > _rank(f"{module}.{kept}"):
            found[place] = name
    return sorted(found.values())


def _rank(name: str) -> int:
    return 2 if name in MAKERS else int(name in WITHOUT or name in WITHOUT_KERAS2)
