"""Counting a model's weights."""

from __future__ import annotations

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
from shapelens.values.value import Ref, TensorValue, TupleValue, Value


def count_params(m: Machine, layer: Value) -> int | None:
    """The number of weights of a layer or model and all within; `None` when it is not known."""
    seen: set[Value] = set()
    return _count(m, layer, seen, 0)


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
    if not isinstance(value, Ref) or value in seen:
        return 0
    seen.add(value)
    obj = m.read(value)
    if isinstance(obj, LayerObject):
        return obj.state.params if obj.state.built else None
    if isinstance(obj, SequentialObject):
        return None if obj.lost or len(obj.outputs) != len(obj.layers) else _sum(m, obj.layers, seen, depth)
    if isinstance(obj, FunctionalObject):
        from shapelens.library.keras.models.graph import graph_layers

        if obj.opaque_layers:
            return obj.state.params
        return _sum(m, graph_layers(m, obj.outputs), seen, depth)
    if isinstance(obj, InstanceObject) and obj.layer is not None:
        if obj.model is not None and obj.model.outputs is not None:
            from shapelens.library.keras.models.graph import graph_layers

            return _sum(m, graph_layers(m, obj.model.outputs), seen, depth)
        return _sum(m, tuple(v for _, v in obj.attributes), seen, depth)
    if isinstance(obj, ListObject):
        return None if obj.open else _sum(m, obj.items, seen, depth)
    if isinstance(obj, DictObject):
        return _sum(m, tuple(v for _, v in obj.entries), seen, depth)
    return 0


def _sum(m: Machine, values: tuple[Value, ...], seen: set[Value], depth: int) -> int | None:
    total = 0
    for value in values:
        count = _count(m, value, seen, depth + 1)
        if count is None:
            return None
        total += count
    return total
