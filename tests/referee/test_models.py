"""Operators, methods and models of several steps are answered as they are when they are run."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from shapelens.referee.wire import question_to_wire
from shapelens.shapes.question import Call, Constant, Given, Name, Question, Slice, Term
from tests.referee.asking import array, call, layer, tensor
from tests.referee.conftest import Keras
from tests.referee.test_real import EAGER, agree, eager

pytestmark = pytest.mark.keras

ALL = Slice(Constant(None), Constant(None), Constant(None))
VARIABLE = tensor(10, how="variable")
OPERATORS: dict[str, Call] = {
    "sum of arrays": call("operator.add", array(3, 4), array(1, 4)),
    "sum of other arrays": call("operator.add", array(3, 4), array(3, 5)),
    "sum of tensors": call("operator.add", eager(2, 4), eager(2, 5)),
    "sum of symbolic tensors": call("operator.add", tensor(None, 4), tensor(None, 5)),
    "sum with a number": call("operator.add", eager(3, 4), 2.0),
    "an array after a symbolic tensor": call("operator.sub", tensor(None, 4), array(4)),
    "an array before a symbolic tensor": call("operator.sub", array(4), tensor(None, 4)),
    "product of matrices": call("operator.matmul", array(3, 4), array(4, 5)),
    "product of other matrices": call("operator.matmul", array(3, 4), array(5, 4)),
    "in place": call("operator.iadd", array(3, 4), array(3, 1)),
    "in place, growing": call("operator.iadd", array(3, 1), array(3, 4)),
    "comparison": call("operator.lt", eager(3, 4), eager(4)),
    "item": call("operator.getitem", array(3, 4), 1),
    "item that is not there": call("operator.getitem", array(3, 4), (0, 4)),
    "too many items": call("operator.getitem", array(3, 4), (0, 1, 2)),
    "item of a tensor": call("operator.getitem", eager(3, 4), (0, 4)),
    "rows of a symbolic tensor": call("operator.getitem", tensor(None, 4, 5), (ALL, -1)),
    "item of a symbolic tensor": call("operator.getitem", tensor(None, 4, 5), (ALL, 4)),
    "ellipsis and new axis": call("operator.getitem", eager(3, 4), (Constant(...), None, ALL)),
    "put in place of an item": call("operator.setitem", array(3, 4), 1, array(4)),
    "put in place of another item": call("operator.setitem", array(3, 4), 1, array(5)),
    "put where no item is": call("operator.setitem", array(3, 4), (0, 4), 1.0),
    "put into one of many others": call("operator.setitem", array(60000, 28, 28), 5, array(28, 27)),
    "others added to many": call("operator.iadd", array(60000, 28, 28), array(27)),
    "reshape": call("numpy.ndarray.reshape", array(3, 4), 2, -1),
    "reshape to another count": call("numpy.ndarray.reshape", array(3, 4), (5, -1)),
    "reshape of many to another count": call("numpy.ndarray.reshape", array(60000, 28, 28), (-1, 785)),
    "function of NumPy on a symbolic tensor": call("numpy.expand_dims", tensor(None, 4), 0),
    "dot": call("numpy.ndarray.dot", array(3, 4), array(3, 4)),
    "transpose": call("numpy.ndarray.T", array(3, 4)),
    "assign": call("tensorflow.Variable.assign", VARIABLE, eager(10)),
    "assign another shape": call("tensorflow.Variable.assign", VARIABLE, eager(64)),
    "two unknown sizes": call("tensorflow.reshape", eager(3, 4), (-1, -1)),
    "windows": call("numpy.lib.stride_tricks.sliding_window_view", array(20, 3), 5, axis=0),
    "windows that are too long": call("numpy.lib.stride_tricks.sliding_window_view", array(20, 3), 30, axis=0),
}
DENSE = layer("Dense", 3, name="head")
STEPS: tuple[Term, ...] = (
    call("keras.Input", batch_shape=(None, 4), name="row"),
    layer("Dense", 6, name="body"),
    Call(Given(1), (Given(0),)),
    DENSE,
    Call(Given(3), (Given(2),)),
    call("keras.layers.LSTM", 3, return_state=True),
    call("keras.Input", batch_shape=(None, 5, 2)),
    Call(Given(5), (Given(6),)),
    call("operator.getitem", Given(7), 1),
    call("keras.Model", Given(0), Given(4)),
    call("keras.Model", [Given(0), Given(6)], {"a": Given(4), "b": Given(8)}),
    call("keras.Sequential", [call("keras.Input", batch_shape=(None, 4)), Given(1), Given(3)]),
)
NETWORK: tuple[Term, ...] = (
    call("keras.applications.MobileNetV2", weights=None, input_shape=(32, 32, 3), classes=5),
    call("keras.Model.get_layer", Given(0), index=3),
    call("keras.layers.Layer.output", Given(1)),
    call("keras.Model.input", Given(0)),
    call("keras.Input", (4,)),
)
ROWS = array(7, 4)
MODELS: dict[str, Call] = {
    "model": call(Given(9), ROWS),
    "model on other rows": call(Given(9), array(7, 5)),
    "model on symbolic rows": call(Given(9), tensor(None, 4)),
    "model on other symbolic rows": call(Given(9), tensor(None, 5)),
    "model of two inputs": call(Given(10), [ROWS, array(7, 5, 2)]),
    "model of two other inputs": call(Given(10), [ROWS, array(7, 5, 3)]),
    "sequential": call(Given(11), ROWS),
    "sequential on other rows": call(Given(11), array(7, 5)),
    "connected": call("keras.Model", Given(0), [Given(2), Given(4)]),
    "disconnected": call("keras.Model", Given(6), Given(4)),
    "layer by name": call("keras.layers.Layer.count_params", call("keras.Model.get_layer", Given(9), "head")),
    "no such layer": call("keras.Model.get_layer", Given(9), "heads"),
    "no such index": call("keras.Model.get_layer", Given(9), index=7),
    "weights": call("keras.layers.Layer.set_weights", Given(3), [array(6, 3), array(3)]),
    "weights without a bias": call("keras.layers.Layer.set_weights", Given(3), [array(6, 3)]),
    "weights of another layer": call("keras.layers.Layer.set_weights", Given(3), [array(6, 4), array(4)]),
    "weights of a model": call("keras.layers.Layer.set_weights", Given(9), [array(4, 6), array(6), array(6, 3)]),
    "a layer that is none": call("keras.Sequential.add", call("keras.Sequential"), Name("keras.layers.Dense")),
    "a tensor for a layer": call("keras.Sequential", [array(3, 4)]),
    "one more layer": call("keras.Sequential.add", Given(11), layer("Conv2D", 3, 3)),
    "compiled": call("keras.Model.compile", Given(9), loss="mse", optimizer="adam"),
    "compiled with what is no loss": call("keras.Model.compile", Given(9), optimizer="adamant"),
}
NETWORKS: dict[str, Call] = {
    "network": call(Given(0), array(2, 32, 32, 3)),
    "network on symbolic grey images": call(Given(0), tensor(2, 32, 32, 1)),
    "network on grey images": call(Given(0), array(2, 32, 32, 1)),
    "part of a network": call("keras.Model", Given(3), Given(2)),
    "part of another network": call("keras.Model", Given(4), Given(2)),
}
ASKED = {
    **{name: Question(asked, (), NETWORK) for name, asked in NETWORKS.items()},
    **{name: Question(asked) for name, asked in OPERATORS.items()},
    **{name: Question(asked, (), STEPS) for name, asked in MODELS.items()},
}


@pytest.fixture(scope="session")
def run() -> dict[str, dict[str, Any]]:
    """What was run, by interpreter."""
    return {}


@pytest.mark.parametrize("name", ASKED)
def test_as_when_it_is_run(keras: Keras, run: dict[str, dict[str, Any]], name: str) -> None:
    if keras.python not in run:
        given = json.dumps([question_to_wire(asked) for asked in ASKED.values()])
        done = subprocess.run([keras.python, str(EAGER)], input=given, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        run[keras.python] = dict(zip(ASKED, json.loads(done.stdout), strict=True))
    answer, really = keras.answer_to(ASKED[name]), run[keras.python][name]
    if answer.outputs is None:
        assert answer.refused is None
        assert (answer.error is None) == ("error" not in really), f"it gives {really}, not {answer}"
    else:
        agree(answer, really)


def test_what_only_arrays_raise_is_said_to_be(keras: Keras) -> None:
    in_a_graph = keras.answer(OPERATORS["two unknown sizes"])
    assert in_a_graph.error_type == "InvalidArgumentError on arrays"
    many = keras.answer(OPERATORS["reshape of many to another count"])
    assert many.error_type == "ValueError on arrays"
    assert keras.answer(OPERATORS["item of a tensor"]).error_type in ("InvalidArgumentError", "ValueError")


def test_who_answers_for_an_operator(keras: Keras) -> None:
    kinds = {"Keras": tensor(None, 4), "TensorFlow": eager(3, 4), "NumPy": array(3, 4)}
    assert [keras.answer(call("operator.add", kind, 1)).version.split()[0] for kind in kinds.values()] == list(kinds)


def test_python_s_own_data_are_not_computed(keras: Keras) -> None:
    for name, *operands in (("mul", "a", 10**9), ("pow", 10**9, 10**9), ("getitem", [1], 0)):
        asked = call(f"operator.{name}", *operands)
        assert keras.answer(asked).refused == "no operand is a tensor"


def test_methods_that_an_object_does_not_have(keras: Keras) -> None:
    for asked in (
        call("numpy.ndarray.no_such", array(3)),
        call("numpy.ndarray.reshape", layer("Dense", 3), (3,)),
        call("keras.Model.get_layer", array(3), "a"),
    ):
        assert "is no method of this object" in (keras.answer(asked).refused or "")


def test_steps_that_fail_prove_nothing(keras: Keras) -> None:
    broken = (call("keras.Input", batch_shape=(None, 4)), call(layer("Conv2D", 3, 2), Given(0)))
    asked = Question(call("keras.Model", Given(0), Given(1)), (), broken)
    assert (keras.answer_to(asked).refused or "").startswith("an earlier step fails")
    for step in (1, 7):
        steps = (call("keras.Input", (4,)), call("keras.Input", Given(step)))
        ahead = Question(call("keras.Model", Given(0), Given(1)), (), steps)
        assert keras.answer_to(ahead).refused == "it needs a step that is not made yet"


def test_a_large_model_costs_nothing(keras: Keras) -> None:
    steps: list[Term] = [call("keras.Input", batch_shape=(None, 10**5))]
    for number in range(200):
        steps += [layer("Dense", 10**5), Call(Given(len(steps)), (Given(len(steps) - 1),))]
        assert len(steps) == 2 * number + 3
    steps.append(call("keras.Model", Given(0), Given(len(steps) - 1)))
    answer = keras.answer_to(Question(call(Given(len(steps) - 1), tensor(None, 10**5)), (), tuple(steps)))
    assert answer.params == 200 * (10**10 + 10**5)
