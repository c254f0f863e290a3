"""What `fit` and its kin check of data, targets and weights: the rules against the real Keras of both families."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from random import Random
from typing import Literal

import pytest

from shapelens.shapes.question import NEWEST
from shapelens.values.failure import NotKnown
from tests.conformance import keras2, report, suite
from tests.conformance.training.draw import DRAWN
from tests.conformance.training.models import Training, refusal
from tests.training.support import Net, judge

pytestmark = [pytest.mark.keras, pytest.mark.filterwarnings("ignore")]
# Each case traces a graph: a part of the cases of other operations is enough.
COUNT = max(6, int(os.environ.get("SHAPELENS_CONFORMANCE_CASES", "18")) // 3)


@pytest.mark.parametrize("kind", DRAWN)
def test_rules_agree_with_keras(kind: str) -> None:
    pytest.importorskip("keras", reason="the real Keras is not installed here")
    cases = _cases(kind)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        real = [refusal(case) for case in cases]
    _compare(3, kind, cases, real)


@pytest.mark.skipif(
    keras2.interpreter() is None, reason="no interpreter with Keras 2.15 (SHAPELENS_KERAS2_PYTHON) is here"
)
@pytest.mark.parametrize("kind", DRAWN)
def test_rules_agree_with_keras2(kind: str) -> None:
    cases = _cases(kind)
    _compare(2, kind, cases, [answer.error for answer in keras2.refusals(cases)])


def _cases(kind: str) -> list[Training]:
    random = Random(f"{suite.SEED}/{kind}")
    return [DRAWN[kind](random) for _ in range(COUNT)]


def _compare(family: Literal[2, 3], kind: str, cases: Sequence[Training], real: Sequence[str | None]) -> None:
    found = [problem for case, error in zip(cases, real, strict=True) if (problem := disagreement(family, case, error))]
    report.record(
        family,
        "keras.Model",
        kind,
        cases=len(cases),
        refused=sum(error is not None for error in real),
        disagreements=found,
    )
    assert not found, "\n".join(found)


def disagreement(family: Literal[2, 3], case: Training, error: str | None) -> str | None:
    """Why rules and Keras do not agree on ``case``: both refuse it, or neither."""
    net = Net(case.net.declared, case.net.layers, case.net.kind, case.net.activation)
    versions = keras2.VERSIONS if family == 2 else NEWEST
    try:
        verdict = judge(net.facts(None), case.method, case.arguments, case.compiled, versions)  # type: ignore[arg-type]
    except NotKnown:
        return None
    if (error is None) == (verdict.error is None):
        return None
    return f"{case}\n  Keras: {error}\n  rules: {verdict.error}"
