"""What ShapeLens tells of the model that a program builds, layer by layer, in the terms of `real.py`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from shapelens.cli.asking import Asking
from shapelens.engine.analysis import Analysis
from shapelens.engine.analyze import MODULE, analyze
from shapelens.ide.diagnostics import diagnostics
from shapelens.interp.machine import Interpreter
from shapelens.library.keras.layers.naming import name_of
from shapelens.library.keras.models.attributes import layers_of, state_of
from shapelens.library.keras.models.counting import count_params
from shapelens.shapes.shape import Shape
from shapelens.text.document import document
from shapelens.text.unit import Unit
from shapelens.values.objects import (
    DictObject,
    FunctionalObject,
    InstanceObject,
    LayerObject,
    ListObject,
    NodeObject,
    SequentialObject,
)
from shapelens.values.value import Const, Ref, TensorValue, TupleValue, Unknown, Value

from .packages import Family

# The shapes of one call, flattened: `None` is a shape that is not known, `NOT_TOLD` a size.
NOT_TOLD = -1
Sizes: TypeAlias = "tuple[int | None, ...] | None"
Shapes: TypeAlias = "tuple[Sizes, ...]"
PATIENCE = 600.0
LAYERS = LayerObject | SequentialObject | FunctionalObject | InstanceObject


@dataclass(frozen=True, slots=True)
class Layer:
    """``name`` has the names of the models around it before a slash; ``shapes`` has what each call gives."""

    name: str | None
    class_name: str
    shapes: tuple[Shapes, ...]
    params: int | None


@dataclass(frozen=True, slots=True)
class Told:
    """``layers`` is `None` where it is no model whose layers are known: then ``reason`` may say why."""

    layers: tuple[Layer, ...] | None
    outputs: Shapes | None
    params: int | None
    reason: str
    errors: tuple[str, ...]
    seconds: float


def told_of(code: str, path: str, family: Family) -> Told:
    """ShapeLens's view of the variable ``model`` at the end of the program that is the file ``path``."""
    started = time.process_time()
    installed = Asking(python=None, family=family).installed()
    analysis = analyze(document(f"file://{path}", code), path=path, installed=installed, seconds=PATIENCE)
    seconds = time.process_time() - started
    errors = tuple(f"[{d.code}] {d.message}" for d in diagnostics(analysis) if d.severity == "error")
    value = analysis.state.get((MODULE, "model"))
    m = _machine(analysis)
    obj = m.read(value) if isinstance(value, Ref) else None
    if not isinstance(obj, LAYERS):
        reason = value.reason if isinstance(value, Unknown) else f"it is {type(obj or value).__name__}"
        return Told(None, None, None, reason, errors, seconds)
    assert isinstance(value, Ref)
    layers = layers_of(m, value)
    found = tuple(_layers(m, value, "", set()))
    outputs = _ends(obj)
    reason = "" if layers is not None else "its layers are not known"
    shapes = None if outputs is None else tuple(_shapes(m, outputs))
    return Told(found, shapes, count_params(m, value), reason, errors, seconds)


def _machine(analysis: Analysis) -> Interpreter:
    unit = Unit(0, "", ())
    return Interpreter(unit, MODULE, None, analysis.state, analysis.layout.by_uid)


def _ends(obj: object) -> Value | None:
    if isinstance(obj, SequentialObject):
        return obj.outputs[-1] if obj.outputs else None
    if isinstance(obj, FunctionalObject):
        return obj.outputs
    if isinstance(obj, InstanceObject) and obj.model is not None:
        return obj.model.outputs
    return None


def _layers(m: Interpreter, ref: Ref, prefix: str, seen: set[Ref]) -> Iterator[Layer]:
    if ref in seen:
        return
    seen.add(ref)
    calls = _calls(m, m.read(ref))
    # Where some layer is not known, those that lead to the outputs are, as in the table of a hover card.
    known = layers_of(m, ref)
    for layer in reversed(calls) if known is None else known:
        obj = m.read(layer) if isinstance(layer, Ref) else None
        if not isinstance(layer, Ref) or not isinstance(obj, LAYERS):
            continue
        name = name_of(m, state_of(obj))
        yield Layer(
            None if name is None else prefix + name,
            "?" if known is None else _class_name(m, obj),
            tuple(tuple(_shapes(m, outputs)) for outputs in calls.get(layer, ())),
            count_params(m, layer),
        )
        if _is_model(obj):
            yield from _layers(m, layer, f"{prefix}{name}/", seen)


def _is_model(obj: object) -> bool:
    return isinstance(obj, SequentialObject | FunctionalObject) or (
        isinstance(obj, InstanceObject) and obj.model is not None
    )


def _calls(m: Interpreter, model: object) -> dict[Value, list[Value]]:
    """What comes out of each call of each layer in the graph of a model."""
    calls: dict[Value, list[Value]] = {}
    if isinstance(model, SequentialObject):
        for layer, output in zip(model.layers, model.outputs, strict=False):
            calls.setdefault(layer, []).append(output)
        return calls
    pending = [] if (outputs := _ends(model)) is None else _tensors(m, outputs)
    inputs = (
        model.inputs if isinstance(model, FunctionalObject) else getattr(getattr(model, "model", None), "inputs", None)
    )
    ends = {(tensor.node, tensor.index) for tensor in ([] if inputs is None else _tensors(m, inputs))}
    for tensor in [] if inputs is None else _tensors(m, inputs):
        node = m.read(Ref(tensor.node)) if tensor.node is not None else None
        if isinstance(node, NodeObject) and not node.inputs:
            calls.setdefault(node.layer, []).append(node.outputs)
    met = {node for node, _ in ends}
    while pending:
        tensor = pending.pop()
        if tensor.node is None or tensor.node in met:
            continue
        met.add(tensor.node)
        node = m.read(Ref(tensor.node))
        if isinstance(node, NodeObject):
            calls.setdefault(node.layer, []).append(node.outputs)
            pending += [above for value in node.inputs for above in _tensors(m, value)]
    return calls


def _tensors(m: Interpreter, value: Value) -> list[TensorValue]:
    if isinstance(value, TensorValue):
        return [value]
    return [tensor for item in _items(m, value) or () for tensor in _tensors(m, item)]


def _items(m: Interpreter, value: Value) -> list[Value] | None:
    """What is in a structure, dicts in the order of their keys; `None` for what is none."""
    if isinstance(value, TupleValue):
        return list(value.items)
    obj = m.read(value) if isinstance(value, Ref) else None
    if isinstance(obj, ListObject):
        return list(obj.items)
    if isinstance(obj, DictObject):
        entries = [(key.value, item) for key, item in obj.entries if isinstance(key, Const)]
        return [item for _, item in sorted(entries, key=lambda entry: str(entry[0]))]
    return None


def _shapes(m: Interpreter, value: Value) -> Iterator[Sizes]:
    if isinstance(value, TensorValue):
        yield _sizes(value.spec.shape)
        return
    items = _items(m, value)
    if items is None:
        yield None
    for item in items or ():
        yield from _shapes(m, item)


def _sizes(shape: Shape) -> Sizes:
    if shape.open:
        return None
    return tuple(size if size is None or isinstance(size, int) else NOT_TOLD for size in shape.dims)


def _class_name(m: Interpreter, obj: object) -> str:
    if isinstance(obj, LayerObject):
        return obj.class_name.rpartition(".")[2]
    if isinstance(obj, InstanceObject):
        return str(getattr(m.read(obj.cls), "name", "?"))
    return "Sequential" if isinstance(obj, SequentialObject) else "Functional"
