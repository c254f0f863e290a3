"""TensorFlow's functions by family, called eagerly and inside ``tf.function``, against TensorFlow.

``SHAPELENS_CONFORMANCE_SEED`` and ``SHAPELENS_CONFORMANCE_CASES`` (for each family) make the long run.
"""

from __future__ import annotations

import inspect
import os
import random
from typing import Any

import numpy
import pytest

from shapelens.library.load import load_rules
from shapelens.library.registry import FUNCTIONS
from tests.conformance.arrays import tables
from tests.conformance.arrays.tensorflow_families import FAMILIES
from tests.support.array_cases import check, traced

pytestmark = pytest.mark.keras
load_rules()

SEED = int(os.environ.get("SHAPELENS_CONFORMANCE_SEED", "0"))
CASES = int(os.environ.get("SHAPELENS_CONFORMANCE_CASES", "40"))


@pytest.fixture(scope="module")
def namespace() -> dict[str, Any]:
    """The names that cases use."""
    tf = pytest.importorskip("tensorflow")
    keras = pytest.importorskip("keras")
    keras.config.disable_traceback_filtering()
    return {"np": numpy, "tf": tf, "keras": keras}


@pytest.mark.parametrize("table", tables.named("tensorflow"))
def test_table(table: str, namespace: dict[str, Any]) -> None:
    cases = tables.lines(f"tensorflow_{table}")
    check(cases, namespace, SEED)
    if table != "symbolic":
        check(traced(cases, random.Random(f"{table} {SEED}")), namespace, SEED)


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_random(family: str, namespace: dict[str, Any]) -> None:
    chooser = random.Random(f"{family} {SEED}")
    cases = [FAMILIES[family](chooser) for _ in range(CASES)]
    check(cases, namespace, SEED)
    check(traced(cases, chooser), namespace, SEED)


def test_rules_take_the_arguments_that_the_functions_take(namespace: dict[str, Any]) -> None:
    roots = {"tensorflow": namespace["tf"], "numpy": numpy}
    wrong: list[str] = []
    for name, registered in sorted(FUNCTIONS.items()):
        real = _find(roots, name)
        if real is None or name.endswith("__"):
            continue
        mine = registered.signature.parameters.values()
        theirs = [p.name for p in real.parameters.values() if p.kind is p.POSITIONAL_OR_KEYWORD]
        if any(p.kind is p.VAR_POSITIONAL for p in [*mine, *real.parameters.values()]):
            # A rule that takes anything still has to know its leading parameters by name.
            leading = [p.name for p in mine if p.kind is p.POSITIONAL_OR_KEYWORD]
            if name.startswith("numpy.ndarray."):
                # The array itself is no keyword.
                leading = leading[1:]
            if theirs and leading != theirs[: len(leading)]:
                wrong.append(f"{name}: {leading}, really {theirs}")
            continue
        known = {p.name for p in mine}
        missing = [parameter for parameter in theirs if parameter not in known]
        if missing and not any(p.kind is p.VAR_KEYWORD for p in mine):
            wrong.append(f"{name}: without {missing}")
    assert not wrong, "\n".join(wrong)


def _find(roots: dict[str, Any], name: str) -> inspect.Signature | None:
    """The signature of the real function, where it has one."""
    parts = name.split(".")
    if parts[0] not in roots:
        return None
    if parts[:2] == ["tensorflow", "Dataset"]:
        parts[1:2] = ["data", "Dataset"]
    found: Any = roots[parts[0]]
    try:
        for part in parts[1:]:
            found = getattr(found, part)
        return inspect.signature(found)
    except (AttributeError, TypeError, ValueError):
        return None
