"""Every layer rule against the real Keras 2.15: the same shapes, dtypes, weights, and errors or none.

Its messages are other ones, and are compared only where the rule quotes them.
"""

from __future__ import annotations

import subprocess

import pytest

from shapelens.library.registry import KERAS2_LAYERS
from shapelens.shapes.question import NEWEST
from tests.conformance import corners, keras2, report, suite
from tests.conformance.generate_signatures import TARGETS

NAMES = sorted(suite.generators(2))
# Some cases make graphs of loops, which takes Keras 2.15 a tenth of a second each.
SLOW = {"Bidirectional", "GRU", "LSTM", "RNN", "SimpleRNN", "TimeDistributed"}

pytestmark = [
    pytest.mark.keras,
    pytest.mark.skipif(
        keras2.interpreter() is None, reason="no interpreter with Keras 2.15 (SHAPELENS_KERAS2_PYTHON) is here"
    ),
]


@pytest.mark.parametrize("name", NAMES)
def test_rule_agrees_with_keras2(name: str) -> None:
    cases = suite.cases_of(name, 2, count=suite.CASES // 2 if name in SLOW else suite.CASES)
    tally = suite.compare(cases, keras2.run(cases), keras2.VERSIONS)
    report.record(
        2,
        "keras.layers",
        name,
        cases=tally.cases,
        refused=tally.refused,
        unknown=tally.unknown,
        disagreements=tally.disagreements,
    )
    assert not tally.disagreements, "\n".join(tally.disagreements)


def test_every_public_layer_has_cases_or_a_reason() -> None:
    names = suite.layers(2)
    without = {name: reason for name, reason in suite.WITHOUT_CASES.items() if name in names}
    report.public(2, "keras.layers", names, version="Keras 2.15.0", without=without)
    assert set(names) - set(NAMES) == set(without)


def test_every_rule_for_keras2_has_cases() -> None:
    assert not {name.rpartition(".")[2] for name in KERAS2_LAYERS} - set(NAMES)


def test_signatures_are_those_of_keras2() -> None:
    python = keras2.interpreter()
    assert python is not None
    run = subprocess.run(
        [python, "tests/conformance/generate_signatures.py", "-"], cwd=keras2.ROOT, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    assert TARGETS[2].read_text(encoding="utf-8") == run.stdout


def test_the_two_families_are_told_apart() -> None:
    """A sample of what differs: were the families mixed up, this would fail."""
    cases = [case for name in NAMES for case in corners.of(name, 2)]
    assert len(suite.compare(cases, keras2.run(cases), NEWEST).disagreements) > 5
