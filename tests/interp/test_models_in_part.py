"""Models of which not every layer is known: nothing is said of the layers that they do not have."""

from __future__ import annotations

import pytest

from shapelens.values.objects import LayerObject
from shapelens.values.value import Opaque, Ref, TensorValue
from tests.support.interpreting import interpret

IMPORTS = "import keras\nimport loader\nfrom keras import layers\n"
INPUTS = "x = keras.Input((8,))\ny = layers.Dense(3, name='head')(x)\n"

PARTLY_KNOWN = [
    "model = keras.Model(loader.a, loader.b)\n",
    "model = keras.Model(x, [y, loader.b])\n",
    "model = keras.Model([x, loader.a], y)\n",
    "model = keras.Model(x, layers.Add()([y, loader.block(x)]))\n",
    "model = keras.Model(x, loader.block(y))\n",
    "class Net(keras.Model):\n    def __init__(self):\n        super().__init__()\n        self.a = loader.block()\n"
    "model = Net()\n",
    "class Net(keras.Model):\n    def __init__(self):\n        super().__init__()\n"
    "        self.a = {'b': layers.Dense(2), 'c': loader.block()}\nmodel = Net()\n",
]


@pytest.mark.parametrize("program", PARTLY_KNOWN)
def test_a_layer_that_is_not_seen_may_be_there(program: str) -> None:
    outcome = interpret(IMPORTS + INPUTS + program + "model.get_layer('elsewhere')\ncount = model.count_params()\n")
    assert outcome.problems == ()
    assert outcome.value("count") == Opaque("int")


def test_an_input_that_is_not_seen_may_be_the_one_that_is_needed() -> None:
    program = "z = keras.Input((8,))\nmodel = keras.Model([x, loader.a], layers.Add()([y, layers.Dense(3)(z)]))\n"
    assert interpret(IMPORTS + INPUTS + program).problems == ()


def test_layers_in_lists_tuples_and_dicts_are_a_models_layers() -> None:
    # As Keras 3.15.1 tracks them.
    program = (
        "class Net(keras.Model):\n    def __init__(self):\n        super().__init__()\n"
        "        self.d = {'a': layers.Dense(2), 'b': [layers.Dense(3)]}\n        self.t = (layers.Dense(4),)\n"
        "        self.e = layers.Dense(5)\nfound = Net().layers\nunits = [layer.units for layer in found]\n"
    )
    outcome = interpret(IMPORTS + program)
    assert outcome.plain("units") == [2, 3, 4, 5]
    first = outcome.state[outcome.value("found").address].items[0]  # type: ignore[union-attr]
    assert isinstance(first, Ref)
    assert isinstance(outcome.state[first.address], LayerObject)


def test_a_model_that_a_loop_calls_is_known_behind_it() -> None:
    program = (
        "model = keras.Model(x, y)\nfor batch in loader.batches():\n    model(batch)\n"
        "    model(keras.ops.zeros((2, 8)))\n"
        "after = model(keras.ops.zeros((3, 8)))\n"
    )
    outcome = interpret(IMPORTS + INPUTS + program)
    value = outcome.value("after")
    assert isinstance(value, TensorValue)
    assert value.spec.shape.dims == (3, 3)


def test_how_many_inputs_there_are_is_not_known_of_a_list_that_is_known_in_part() -> None:
    program = (
        "model = keras.Model([x, loader.a], y)\nfirst, second = model.inputs\nother = keras.Model(model.inputs, y)\n"
    )
    program += "third = keras.Model(loader.inputs(), y)\nfourth = keras.Model(third.inputs, y)\na, b = third.inputs\n"
    assert interpret(IMPORTS + INPUTS + program).problems == ()


def test_a_try_around_one_symbolic_call_of_known_shape_does_not_fail() -> None:
    program = (
        "import keras\nfrom keras import layers\n"
        "def wide(x):\n    try:\n        return layers.Lambda(lambda t: keras.ops.tile(t, [1, 2]), name='wide')(x)\n"
        "    except Exception:\n        return layers.Dense(5)(x)\n"
        "def tall(x):\n    try:\n        y = layers.Dense(6, name='tall')(x)\n"
        "    except Exception:\n        y = layers.Dense(7)(x)\n    return y\n"
        "x = keras.Input((8,))\nmodel = keras.Model(x, tall(wide(x)))\n"
        "names = [layer.name for layer in model.layers]\nlast = model.output_shape\n"
    )
    outcome = interpret(program)
    assert outcome.plain("last") == (None, 6)
    assert outcome.plain("names") == ["input_layer", "wide", "tall"]


def test_a_try_around_what_may_fail_may_go_to_its_handler() -> None:
    program = (
        "import keras\nfrom keras import layers\nimport loader\nx = keras.Input((8,))\n"
        "try:\n    loader.check()\n    y = layers.Dense(6)(x)\nexcept Exception:\n    y = layers.Dense(7)(x)\n"
    )
    value = interpret(program).value("y")
    assert isinstance(value, TensorValue)
    assert not isinstance(value.spec.shape.dims[-1], int)


def test_to_look_for_a_layer_in_a_try_is_no_mistake() -> None:
    program = (
        "model = keras.Model(x, layers.Dense(2, name='d2')(layers.Dense(4, name='d0')(x)))\nwidths = []\n"
        "for i in range(4):\n    try:\n        layer = model.get_layer(f'd{i}')\n        widths.append(layer.units)\n"
        "    except ValueError:\n        print('none', i)\n"
    )
    outcome = interpret(IMPORTS + INPUTS + program)
    assert outcome.problems == ()
    without = interpret(IMPORTS + INPUTS + program + "model.get_layer('d3')\n")
    assert [problem.failure.code for problem in without.problems] == ["unknown-layer"]
