"""Keras 3 on another back end, without TensorFlow: ``SHAPELENS_JAX_PYTHON`` names an interpreter that has it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from shapelens.referee.worker import libraries
from shapelens.shapes.question import Answer, Call, Question
from shapelens.shapes.shape import Shape, TensorSpec
from tests.referee.asking import array, call, layer, tensor
from tests.referee.conftest import Keras, _started

PYTHON = os.environ.get("SHAPELENS_JAX_PYTHON", "")
ROW = tensor(None, 4)


@pytest.fixture(scope="module")
def keras_on_jax() -> Iterator[Keras]:
    """Keras 3 on JAX."""
    if not PYTHON:
        pytest.skip("SHAPELENS_JAX_PYTHON names no interpreter")
    yield from _started(3, PYTHON)


def sizes(answer: Answer) -> tuple[object, ...]:
    assert isinstance(answer.outputs, TensorSpec), answer
    assert isinstance(answer.outputs.shape, Shape)
    return answer.outputs.shape.dims


@pytest.mark.keras
def test_shapes_and_errors_without_tensorflow(keras_on_jax: Keras) -> None:
    answer = keras_on_jax.answer
    assert not keras_on_jax.referee.versions(60).tensorflow
    assert sizes(answer(call(layer("Dense", 3), ROW))) == (None, 3)
    assert sizes(answer(call(layer("Dense", 3), array(2, 4)))) == (2, 3)
    assert sizes(answer(call("keras.applications.MobileNetV2", weights=None))) == (None, 1000)
    assert sizes(answer(call("operator.add", tensor(2, 4, how="tensor"), 1.0))) == (2, 4)
    assert sizes(answer(call("keras.ops.arange", 3, 10, 2))) == (4,)
    for wrong in (
        call(layer("LSTM", 3), ROW),
        call(layer("LSTM", 3), array(2, 4)),
        call(layer("Add"), [ROW, tensor(None, 5)]),
        call("operator.add", tensor(2, 4, how="tensor"), tensor(2, 5, how="tensor")),
        call(call("keras.losses.CategoricalCrossentropy"), tensor(2, how="tensor"), tensor(2, 5, how="tensor")),
    ):
        assert answer(wrong).error
        assert answer(wrong).version.startswith("Keras 3")


@pytest.mark.keras
def test_what_needs_tensorflow_is_refused(keras_on_jax: Keras) -> None:
    fit = call("keras.Model.fit", model=call("keras.Sequential", [layer("Dense", 3)]), arguments={"x": array(2, 4)})
    for asked in (fit, call("tensorflow.zeros", (2, 3))):
        assert isinstance(asked, Call)
        assert keras_on_jax.answer_to(Question(asked)).refused == "TensorFlow is not installed"


def test_a_back_end_is_chosen_that_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def chosen(*installed: str, configured: str = "") -> str | None:
        monkeypatch.setattr(libraries.importlib.util, "find_spec", lambda name: name if name in installed else None)
        monkeypatch.setattr(os, "environ", {"KERAS_BACKEND": configured})
        libraries.prepare_environment()
        return os.environ.get("KERAS_BACKEND")

    assert chosen("tensorflow", "jax", configured="jax") == "tensorflow"
    assert chosen("jax") == "jax"
    assert chosen("torch") == "torch"
    assert chosen("jax", "torch", configured="torch") == "torch"
