"""TensorFlow's and Keras's array rules against TensorFlow and Keras."""

from __future__ import annotations

import random
from typing import Any

import numpy
import pytest

from shapelens.library.load import load_rules
from shapelens.library.tensorflow.elementwise_table import ELEMENTWISE
from tests.conformance.arrays import keras_cases, probe_elementwise, tensorflow_cases
from tests.support.array_cases import check

pytestmark = pytest.mark.keras
load_rules()


@pytest.fixture(scope="module")
def namespace() -> dict[str, Any]:
    """The names that cases use."""
    tf = pytest.importorskip("tensorflow")
    keras = pytest.importorskip("keras")
    keras.config.disable_traceback_filtering()
    return {
        "np": numpy,
        "tf": tf,
        "D": tf.data.Dataset,
        "keras": keras,
        "ops": keras.ops,
        "K": tf.keras.backend,
    }


@pytest.mark.parametrize("table", ["TABLE", "DATASETS"])
def test_tensorflow(table: str, namespace: dict[str, Any]) -> None:
    check((line for line in getattr(tensorflow_cases, table).splitlines() if line.strip()), namespace)


def test_keras_table(namespace: dict[str, Any]) -> None:
    check((line for line in keras_cases.TABLE.splitlines() if line.strip()), namespace)


@pytest.mark.parametrize("family", sorted(keras_cases.FAMILIES))
def test_keras_random(family: str, namespace: dict[str, Any]) -> None:
    check(keras_cases.FAMILIES[family](random.Random(family)), namespace)


def test_elementwise_functions_are_those_that_the_libraries_have(namespace: dict[str, Any]) -> None:
    assert probe_elementwise.table() == ELEMENTWISE
