"""Rules for everything of Keras that is no layer and no model against the real Keras 3.

``SHAPELENS_CONFORMANCE_CASES`` is the number of cases for each operation, ``SHAPELENS_CONFORMANCE_SEED`` what
they are drawn from.
"""

from __future__ import annotations

import importlib
import inspect
import os
from typing import Any

import numpy
import pytest

from shapelens.library.load import load_rules
from tests.conformance import report
from tests.conformance.ops.run import MAKERS, put
from tests.conformance.ops.without import MODULES, WITHOUT

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
    return {"np": numpy, "tf": tf, "keras": keras, "ops": keras.ops, "K": tf.keras.backend}


@pytest.mark.parametrize("name", MAKERS)
def test_rule_and_keras_agree(name: str, namespace: dict[str, Any]) -> None:
    tally = put(name, max(2, CASES // 10) if name in SLOW else CASES, SEED, namespace)
    module, _, short = name.rpartition(".")
    found = tally.disagreements
    report.record(
        3, module, short, cases=tally.cases, refused=tally.refused, unknown=tally.unknown, disagreements=found
    )
    assert not found, f"{len(found)} of {tally.cases} disagree:\n" + "\n".join(found[:20])
    assert tally.unknown <= tally.cases * 0.2


@pytest.mark.parametrize("module", MODULES)
def test_every_public_name_has_cases_or_a_reason(module: str, namespace: dict[str, Any]) -> None:
    names = public_names(module)
    without = {short: reason for short in names if (reason := WITHOUT.get(f"{module}.{short}"))}
    report.public(3, module, names, version=f"Keras {namespace['keras'].__version__}", without=without)
    cases = {short for short in names if f"{module}.{short}" in MAKERS}
    assert set(names) - cases == set(without)


def public_names(module: str) -> list[str]:
    """What a module of the installed Keras offers, aliases of the same thing once."""
    found: dict[int, str] = {}
    for name, thing in sorted(vars(importlib.import_module(module)).items()):
        if not name.startswith("_") and not inspect.ismodule(thing):
            kept = found.setdefault(id(thing), name)
            # Classes come before their other names in lower case.
            if f"{module}.{kept}" not in MAKERS and f"{module}.{name}" in MAKERS:
                found[id(thing)] = name
    return sorted(found.values())
