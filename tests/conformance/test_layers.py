"""Every layer rule against the real Keras 3: the same shapes, dtypes, weights and errors.

``SHAPELENS_CONFORMANCE_SEED`` and ``SHAPELENS_CONFORMANCE_CASES`` (for each layer) make the long run.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from shapelens.library.registry import LAYERS
from tests.conformance import report, suite

pytest.importorskip("keras", reason="the real Keras is not installed here")

from tests.conformance import real_keras

# Layers of which a rule may say little: what Keras does with a part of the cases is nonsense.
OFTEN_UNKNOWN = {"TimeDistributed", "GroupQueryAttention", "MelSpectrogram", "Resizing"}
NAMES = sorted(suite.generators(3))


@pytest.mark.keras
@pytest.mark.parametrize("name", NAMES)
def test_rule_agrees_with_keras(name: str) -> None:
    cases = suite.cases_of(name, 3)
    tally = suite.compare(cases, [real_keras.run(case) for case in cases])
    report.record(
        3,
        "keras.layers",
        name,
        cases=tally.cases,
        refused=tally.refused,
        unknown=tally.unknown,
        disagreements=tally.disagreements,
    )
    assert not tally.disagreements, "\n".join(tally.disagreements)
    assert tally.unknown <= tally.cases * (0.5 if name in OFTEN_UNKNOWN else 0.2)


@pytest.mark.keras
@pytest.mark.parametrize("name", NAMES)
def test_a_disagreement_would_be_found_in_its_smallest_form(name: str) -> None:
    """The same comparison, but Hypothesis draws what the generator decides, and shrinks what disagrees."""
    generate = suite.generators(3)[name]

    @seed(suite.SEED)
    @settings(
        max_examples=max(3, suite.CASES // 4),
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.randoms(use_true_random=False))
    def agrees(random: object) -> None:
        case = generate(random)  # type: ignore[arg-type]
        tally = suite.compare([case], [real_keras.run(case)])
        assert not tally.disagreements, "\n".join(tally.disagreements)

    agrees()


@pytest.mark.keras
def test_every_public_layer_has_cases_or_a_reason() -> None:
    names = suite.layers(3)
    without = {name: reason for name, reason in suite.WITHOUT_CASES.items() if name in names}
    report.public(3, "keras.layers", names, version=real_keras.VERSION, without=without)
    assert set(names) - set(NAMES) == set(without)


def test_every_rule_has_cases() -> None:
    # Those that networks of `keras.applications` bring along are compared with the networks.
    public = {name.rpartition(".")[2] for name in LAYERS if name.startswith("keras.layers.")}
    without = public - set(NAMES) - {"Lambda"}
    assert not without
