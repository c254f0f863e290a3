"""A network of ``keras.applications`` as ShapeLens reads it from the text of the installed package."""

from __future__ import annotations

import ast
import inspect
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from shapelens.interp.machine import Interpreter
from shapelens.interp.result import Cell, Content, apply_writes
from shapelens.interp.run import run_unit
from shapelens.library.keras.layers.naming import name_of
from shapelens.library.keras.models.attributes import ends, layers_of, state_of
from shapelens.library.keras.models.counting import count_params
from shapelens.library.keras.models.pretrained import MODULES
from shapelens.shapes.shape import Shape
from shapelens.text.unit import Unit
from shapelens.values.objects import FunctionalObject, InstanceObject, LayerObject, SequentialObject
from shapelens.values.value import Ref, TensorValue

MODULE = "__main__"
HOMES = {name: home for home, names in MODULES.items() if home != "resnet50" for name in names} | {
    "MobileNetV3Large": "mobilenet_v3",
    "MobileNetV3Small": "mobilenet_v3",
}


@dataclass(frozen=True)
class Layer:
    """A layer of the network as far as it is known."""

    name: str | None
    output: Shape | None
    params: int | None


@dataclass(frozen=True)
class Network:
    """The network's layers in the order of ``model.layers``, and the number of all weights."""

    layers: tuple[Layer, ...]
    params: int | None


def layers_by_source(network: str, arguments: str, folder: Path) -> Network:
    """Interpret a copy of the module that defines ``network``, and a call of its function.

    A copy, because to ShapeLens names of the installed one are the library's: there the rules speak.
    """
    home = _copied(HOMES[network], folder)
    program = f"from {home} import {network}\nmodel = {network}({arguments})\n"
    path = str(folder / "program.py")
    state: dict[Cell, Content] = {}
    units: dict[int | str, Unit] = {}
    for number, statement in enumerate(ast.parse(program).body):
        text = ast.unparse(statement)
        unit = units[number] = Unit(number, text, tuple(ast.parse(text).body))
        result = run_unit(unit, MODULE, dict(state), units, path)
        assert result.problems == ()
        apply_writes(state, number, result.writes)
    empty = Unit("end", "", ())
    m = Interpreter(empty, MODULE, path, state, units)
    model = state[MODULE, "model"]
    assert isinstance(model, Ref), model
    layers = tuple(_layer(m, ref) for ref in layers_of(m, model) or ())
    return Network(layers, count_params(m, model))


def _copied(home: str, folder: Path) -> str:
    """Copy a module of Keras's applications, and those of its kind that it imports."""
    text = inspect.getsource(import_module(f"keras.src.applications.{home}"))
    for other in ("resnet",):
        line = f"from keras.src.applications import {other}\n"
        if line in text:
            text = text.replace(line, f"import {_copied(other, folder)} as {other}\n")
    name = f"copy_of_{home}"
    (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return name


def _layer(m: Interpreter, ref: object) -> Layer:
    obj = m.read(ref) if isinstance(ref, Ref) else None
    assert isinstance(obj, LayerObject | SequentialObject | FunctionalObject | InstanceObject)
    assert isinstance(ref, Ref)
    # A Sequential has an output of its own only in our books; in Keras it is that of its call.
    output = ends(obj, "output")
    shape = output.spec.shape if isinstance(output, TensorValue) else None
    return Layer(name_of(m, state_of(obj)), shape, count_params(m, ref))
