"""Validation data in Keras 2.15: ShapeLens shows an error where, and only where, a real ``fit`` raises."""

from __future__ import annotations

import json
import subprocess

import pytest

from shapelens.cli.api import check_text
from shapelens.cli.asking import Asking
from tests.referee.conftest import keras_2_python

pytestmark = pytest.mark.keras

GIVEN = ["(x,)", "x", "x[:1, :1]", "[x]", "tf.zeros((8, 3))", "[x, y]", "np.zeros(1)", "(x, y)", "(x, y[:7])", "None"]
PROGRAM = """\
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers
x, y = np.zeros((8, 3)), np.zeros((8, 1))
model = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
model.compile("sgd", "mse")
model.fit(x, y, validation_data={}, verbose=0)
"""
RUN = """\
import json, os, sys
os.environ.update(CUDA_VISIBLE_DEVICES="-1", TF_CPP_MIN_LOG_LEVEL="3")
answers, sys.stdout = sys.stdout, sys.stderr
raised = []
for program in json.load(sys.stdin):
    try:
        exec(program, {})
    except Exception as error:
        raised.append(str(error))
    else:
        raised.append("")
json.dump(raised, answers)
"""


@pytest.fixture(scope="module")
def raised() -> dict[str, str]:
    """What a real fit with these says."""
    programs = json.dumps([PROGRAM.format(given) for given in GIVEN])
    done = subprocess.run([keras_2_python(), "-c", RUN], input=programs, capture_output=True, text=True, check=True)
    return dict(zip(GIVEN, json.loads(done.stdout), strict=True))


@pytest.mark.parametrize("given", GIVEN)
def test_an_error_where_a_fit_raises(raised: dict[str, str], given: str) -> None:
    found = check_text(PROGRAM.format(given), "program.py", Asking(python=None, family=2))["diagnostics"]
    assert isinstance(found, list)
    errors = [item for item in found if item["severity"] == "error"]  # type: ignore[index,call-overload]
    assert bool(errors) is bool(raised[given]), f"Keras: {raised[given]!r}\nShapeLens: {errors}"
