"""Counting a model's weights."""

from __future__ import annotations

from shapelens.library.keras.models import parts
from shapelens.library.keras.models.graph import is_whole, leads_back, map_graph
from shapelens.library.keras.models.nests import tensors_in
from shapelens.library.machine import Machine
from shapelens.shapes.dims import product
from shapelens.values.objects import (
    DictObject,
    FunctionalObject,
    InstanceObject,
    LayerObject,
    ListObject,
    SequentialObject,
)
from shapelens.values.value import NONE, OneOf, Ref, TensorValue, TupleValue, Unknown, Value, owner_of


def count_params(m: Machine, layer: Value) -> int | None:
    """The number of weights of a layer or model and all within; `None` when it is not known."""
    seen: set[Value] = set()
    return _count(m, layer, seen, 0)


def graph_params(m: Machine, inputs: Value, outputs: Value) -> int | None:
    """The number of weights of what lies between a model's inputs and outputs."""
    return _count_graph(m, inputs, outputs, set(), 0)


def _count(m: Machine, value: Value, seen: set[Value], depth: int) -> int | None:
    if depth > 24:
        return None
    if isinstance(value, TensorValue):
        if value.kind != "variable":
            return 0
        size = product(value.spec.shape.dims) if not value.spec.shape.open else None
        return size if isinstance(size, int) else None
    if isinstance(value, TupleValue):
        return _sum(m, value.items, seen, depth)
    if isinstance(value, Unknown | OneOf):
        # It may be a layer.
        return None
    if not isinstance(value, Ref) or value in seen:
        return 0
    owned = owner_of(value.address)
    if owned is not None and Ref(owned[0]) in seen:
        # A part of a network that was counted as a whole.
        return 0
    seen.add(value)
    obj = m.read(value)
    if isinstance(obj, LayerObject) and obj.class_name == "keras.layers.Wrapper" and not obj.state.built:
        # What a class of the program's has of it: it holds a layer, and has no weights of its own.
        return _count(m, obj.get("layer") or NONE, seen, depth + 1)
    if isinstance(obj, LayerObject):
        return obj.state.params if obj.state.built else None
    if isinstance(obj, SequentialObject):
        return None if obj.lost or len(obj.outputs) != len(obj.layers) else _sum(m, obj.layers, seen, depth)
    if isinstance(obj, FunctionalObject):
        if depth == 0 and obj.state.params is not None:
            return obj.state.params
        if obj.network is not None:
            known = parts.network_params(m, obj.network) if obj.state.params is None else obj.state.params
            # What comes before its first layer belongs to it as well.
            before = _count_graph(m, obj.inputs, obj.network.source, seen, depth)
            return None if known is None or before is None else known + before
        if obj.opaque_layers:
            return obj.state.params
        return _count_graph(m, obj.inputs, obj.outputs, seen, depth)
    if isinstance(obj, InstanceObject) and obj.layer is not None:
        if obj.model is not None and obj.model.outputs is not None:
            return _count_graph(m, obj.model.inputs, obj.model.outputs, seen, depth)
        return _sum(m, tuple(v for _, v in obj.attributes), seen, depth)
    if isinstance(obj, ListObject):
        return None if obj.open else _sum(m, obj.items, seen, depth)
    if isinstance(obj, DictObject):
        return _sum(m, tuple(v for _, v in obj.entries), seen, depth)
    return 0


def _count_graph(m: Machine, inputs: Value | None, outputs: Value, seen: set[Value], depth: int) -> int | None:
    given = () if inputs is None else tensors_in(m, inputs)
    graph = map_graph(m, given, tensors_in(m, outputs), whole="outputs")
    if not graph.complete or not leads_back(m, outputs) or not (inputs is None or is_whole(m, inputs)):
        return None
    layers = [operation for operation in graph.operations if isinstance(operation, Ref)]
    # Whole networks first: their layers may be met one by one as well.
    layers.sort(key=lambda ref: owner_of(ref.address) is not None)
    return _sum(m, tuple(layers), seen, depth)


def _sum(m: Machine, values: tuple[Value, ...], seen: set[Value], depth: int) -> int | None:
    total = 0
    for value in values:
        count = _count(m, value, seen, depth + 1)
        if count is None:
            return None
        total += count
    return total
