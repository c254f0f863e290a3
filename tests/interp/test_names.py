"""The names that Keras makes up: when they are known, and what an edit makes of them."""

from __future__ import annotations

from shapelens.engine.analysis import Analysis, State
from shapelens.engine.analyze import Interpreter, Units, analyze, default_interpreter
from shapelens.interp.result import UnitResult
from shapelens.text.document import document
from shapelens.text.unit import Unit
from shapelens.values.value import Const, Opaque, Value
from tests.support.interpreting import interpret

IMPORTS = "import keras\nfrom keras import layers\n"


def _name(program: str, variable: str = "name") -> Value:
    return interpret(IMPORTS + program).value(variable)


def test_a_branch_that_may_make_a_layer_makes_later_names_uncertain() -> None:
    program = (
        "if keras.unknown():\n    layers.Dense(2)\nname = layers.Dense(3).name\nother = layers.Conv2D(3, 3).name\n"
    )
    assert _name(program) == Opaque("str")
    assert _name(program, "other") == Const("conv2d")


def test_branches_that_make_as_many_layers_keep_names_certain() -> None:
    program = (
        "if keras.unknown():\n    a = layers.Dense(2)\nelse:\n    a = layers.Dense(4)\nname = layers.Dense(3).name\n"
    )
    assert _name(program) == Const("dense_1")


def test_a_loop_of_unknown_length_makes_names_uncertain() -> None:
    assert _name("for _ in keras.unknown():\n    layers.Dense(2)\nname = layers.Dense(3).name\n") == Opaque("str")


def test_a_module_that_is_not_found_may_make_layers() -> None:
    assert _name("import segmentation_zoo\nname = layers.Dense(3).name\n") == Opaque("str")
    assert _name("import matplotlib.pyplot as plt, os, tqdm\nplt.show()\nname = layers.Dense(3).name\n") == Const(
        "dense"
    )


def test_clear_session_makes_names_certain_again() -> None:
    program = "import segmentation_zoo\nkeras.utils.clear_session()\nname = layers.Dense(3).name\n"
    assert _name(program) == Const("dense")
    assert _name("def f():\n    layers.Dense(1)\n    keras.backend.clear_session()\n    return layers.Dense(1).name\n"
                 "layers.Dense(2)\nname = f()\n") == Const("dense")  # fmt: skip


def test_a_given_name_takes_no_number() -> None:
    assert _name("layers.Dense(3, name='a')\nlayers.Dense(3, name=None)\nname = layers.Dense(3).name\n") == Const(
        "dense_1"
    )


def test_functions_that_are_not_called_do_not_know_names() -> None:
    text = f"{IMPORTS}layers.Dense(1)\ndef f():\n    name = layers.Dense(2).name\n    return keras.Input((3,))\n"
    assert analyze(document("file:///a.py", text)).problems == ()


def test_a_layer_above_renames_the_ones_below_for_those_who_ask() -> None:
    units: list[str] = []
    real = default_interpreter()

    def run_unit(unit: Unit, module: str, state: State, by_uid: Units, path: str | None) -> UnitResult:
        units.append(unit.text)
        return real.run_unit(unit, module, state, by_uid, path)

    counting = Interpreter(run_unit, real.run_uncalled)
    text = f"{IMPORTS}a = layers.Dense(2)\nb = layers.Dense(3)\nc = layers.Dense(4)\nname = c.name\n"
    first = analyze(document("file:///a.py", text), interpreter=counting)
    assert _value(first, "name") == Const("dense_2")
    units.clear()
    more = text.replace("b = ", "new = layers.Dense(9)\nb = ")
    second = analyze(document("file:///a.py", more), first, interpreter=counting)
    assert _value(second, "name") == Const("dense_3")
    assert units == ["new = layers.Dense(9)", "name = c.name"]


def _value(analysis: Analysis, name: str) -> object:
    return analysis.state["__main__", name]


def test_each_keras_heeds_its_own_attribute_for_a_name() -> None:
    # Run with Keras 3.15.1 and 2.15.0: the other one changes nothing.
    for package, heeded in (("keras", "name"), ("tf_keras", "_name")):
        for attribute in ("name", "_name"):
            program = f"from {package} import layers\nlayer = layers.Dense(2, name='a')\nlayer.{attribute} = 'z'\n"
            name = interpret(program + "name = layer.name\n").value("name")
            assert name == Const("z" if attribute == heeded else "a")
