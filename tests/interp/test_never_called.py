"""``model.output`` of a Sequential that may, or may not, have been called on a symbolic tensor (Keras 3.15.1)."""

from __future__ import annotations

import pytest

from shapelens.values.value import TensorValue, Unknown
from tests.support.interpreting import interpret

PROGRAM = """\
import keras
import loader
from keras import layers

model = keras.Sequential([keras.Input((4,)), layers.Dense(2)])
{}
output = model.output
"""

PERHAPS = [
    "loader.look(model)",
    "loader.look([{'model': model}])",
    "loader.thing.model = model",
    "loader.models['a'] = model",
    "if loader.flag:\n    model(keras.Input((4,)))",
    "model(loader.data)",
    "model = keras.Sequential([layers.Dense(2)])\noutside = keras.Sequential([model])\noutside.fit(loader.data)",
    "outside = layers.TimeDistributed(model)\noutside(loader.data)",
    "class Camera:\n    def __init__(self, model):\n        self.model = model\nloader.look(Camera(model))",
    "class Camera:\n    def __init__(self, model):\n        self.model = model\nloader.look(Camera(model).model.call)",
    "model = model if loader.flag else keras.Model(model.inputs, model.outputs)",
]


@pytest.mark.parametrize("between", PERHAPS)
def test_what_may_have_called_it_leaves_it_unknown(between: str) -> None:
    outcome = interpret(PROGRAM.format(between))
    assert outcome.problems == ()
    assert isinstance(outcome.value("output"), Unknown)


NEVER = [
    "model.compile('sgd', 'mse')",
    "model.fit(loader.data, loader.labels)",
    "model.build((None, 4))",
    "model(keras.ops.zeros((3, 4)))",
    "other = keras.models.clone_model(model)",
    "if loader.flag:\n    model.summary()",
    "class Camera:\n    def __init__(self, model):\n        self.model = model\nCamera(model)",
]


@pytest.mark.parametrize("between", NEVER)
def test_data_and_building_are_no_such_call(between: str) -> None:
    (problem,) = interpret(PROGRAM.format(between)).problems
    assert problem.failure.code == "never-called"


def test_the_first_call_counts() -> None:
    outcome = interpret(PROGRAM.format("first = model(keras.Input((4,)))\nmodel(keras.Input((4,), batch_size=2))"))
    output, first = outcome.value("output"), outcome.value("first")
    assert isinstance(output, TensorValue)
    assert isinstance(first, TensorValue)
    assert output.node == first.node


def test_keras_2_has_it_from_the_start() -> None:
    program = "import tf_keras as keras\nfrom tf_keras import layers\n"
    program += "model = keras.Sequential([keras.Input((4,)), layers.Dense(2)])\noutput = model.output\n"
    outcome = interpret(program)
    assert outcome.problems == ()
    output = outcome.value("output")
    assert isinstance(output, TensorValue)
    assert str(output.spec.shape) == "(None, 2)"
