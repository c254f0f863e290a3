"""What a model is made of, for tables and cards."""

from __future__ import annotations

from dataclasses import dataclass, replace

from shapelens.engine.analysis import State
from shapelens.shapes.shape import SpecNest
from shapelens.values.objects import (
    DictObject,
    FunctionalObject,
    InstanceObject,
    LayerObject,
    LayerState,
    ListObject,
    NodeObject,
    SequentialObject,
)
from shapelens.values.value import Address, Lib, Ref, TensorValue, TupleValue, Value, owner_of

# Nobody reads a longer table, and a pathological program may have any number.
MAX_ROWS = 200


@dataclass(frozen=True, slots=True)
class Row:
    """A layer of a model: its name, class, output and number of weights (`None`: not known)."""

    name: str | None
    class_name: str
    output: SpecNest | None
    params: int | None


@dataclass(frozen=True, slots=True)
class ModelTable:
    """A model: its own name and class, its layers in order, what goes in and comes out.

    ``lost`` says why layers may be missing.
    """

    name: str | None
    class_name: str
    rows: tuple[Row, ...]
    inputs: SpecNest | None
    outputs: SpecNest | None
    params: int | None
    lost: str | None = None


def model_table(value: Value, state: State) -> ModelTable | None:
    """The layers of the model that ``value`` is; `None` when it is no model."""
    obj = state.get(value.address) if isinstance(value, Ref) else None
    if isinstance(obj, SequentialObject):
        rows = _rows(obj.layers, state)
        outputs = _spec(obj.outputs[-1]) if obj.outputs else obj.state.outputs
        inputs = _spec(obj.inputs) if obj.inputs is not None else obj.state.inputs or obj.declared
        return _table("Sequential", obj.state, rows, inputs, outputs, obj.lost)
    if isinstance(obj, FunctionalObject):
        inside = obj.opaque_layers or obj.network is not None
        rows = () if inside else _graph_rows(obj.outputs, state)
        lost = "its inner layers are not shown" if inside else None
        name = obj.class_name.rpartition(".")[2]
        return _table(name, obj.state, rows, _spec(obj.inputs), _spec(obj.outputs), lost)
    if isinstance(obj, InstanceObject) and obj.model is not None:
        layers = [item for _, attribute in obj.attributes for item in _layers_in(attribute, state)]
        layer = obj.layer or LayerState()
        return _table(_class_name(obj, state), layer, _rows(tuple(layers), state), layer.inputs, layer.outputs)
    return None


def layer_row(value: Value, state: State) -> Row | None:
    """One layer or model as a row; `None` when ``value`` is neither."""
    obj = state.get(value.address) if isinstance(value, Ref) else None
    if isinstance(obj, LayerObject):
        return Row(obj.state.name, obj.class_name.rpartition(".")[2], obj.state.outputs, obj.state.params)
    if isinstance(obj, InstanceObject) and obj.layer is not None and obj.model is None:
        return Row(obj.layer.name, _class_name(obj, state), obj.layer.outputs, obj.layer.params)
    table = model_table(value, state)
    return Row(table.name, table.class_name, table.outputs, table.params) if table else None


def _table(
    class_name: str,
    layer: LayerState,
    rows: tuple[Row, ...],
    inputs: SpecNest | None,
    outputs: SpecNest | None,
    lost: str | None = None,
) -> ModelTable:
    params = layer.params
    if params is None and rows and not lost:
        counts = [row.params for row in rows]
        params = sum(count for count in counts if count is not None) if None not in counts else None
    return ModelTable(layer.name, class_name, rows[:MAX_ROWS], inputs, outputs, params, lost)


def _rows(layers: tuple[Value, ...], state: State) -> tuple[Row, ...]:
    """One row for each layer; a shared layer counts once."""
    unique = dict.fromkeys(layers)
    return tuple(row for layer in unique if (row := layer_row(layer, state)) is not None)


def _graph_rows(outputs: Value, state: State) -> tuple[Row, ...]:
    """The layers that lead to ``outputs``, inputs first."""
    layers: dict[Value, Value] = {}
    seen: set[Address] = set()
    pending: list[tuple[Address, bool]] = [(address, False) for address in reversed(_nodes(outputs))]
    while pending:
        address, done = pending.pop()
        node = _node(address, state)
        if node is None:
            continue
        if done:
            layers.setdefault(node.layer, node.outputs)
        elif address not in seen:
            seen.add(address)
            pending.append((address, True))
            pending += [(a, False) for value in reversed(node.inputs) for a in reversed(_nodes(value))]
    rows = []
    for layer, output in layers.items():
        row = layer_row(layer, state)
        if row is not None:
            rows.append(replace(row, output=_spec(output) or row.output))
        elif isinstance(layer, Lib):
            rows.append(Row(None, layer.name.rpartition(".")[2], _spec(output), 0))
    return tuple(rows)


def _node(address: Address, state: State) -> NodeObject | None:
    """The call at ``address``; within a network of `keras.applications`, one that stands for the whole."""
    node = state.get(address)
    owned = owner_of(address)
    if owned is not None and not isinstance(node, NodeObject):
        network = state.get(owned[0])
        if isinstance(network, FunctionalObject) and network.network is not None:
            return NodeObject(Ref(owned[0]), (network.network.source,), (), (), network.outputs)
    return node if isinstance(node, NodeObject) else None


def _nodes(value: Value) -> list[Address]:
    if isinstance(value, TensorValue):
        return [] if value.node is None else [value.node]
    if isinstance(value, TupleValue):
        return [address for item in value.items for address in _nodes(item)]
    return []


def _layers_in(value: Value, state: State, depth: int = 0) -> list[Value]:
    """``value`` when it is a layer, or the layers in a list or dict."""
    if not isinstance(value, Ref) or depth > 4:
        return []
    obj = state.get(value.address)
    if isinstance(obj, ListObject):
        return [layer for item in obj.items for layer in _layers_in(item, state, depth + 1)]
    if isinstance(obj, DictObject):
        return [layer for _, item in obj.entries for layer in _layers_in(item, state, depth + 1)]
    return [value] if isinstance(obj, LayerObject | SequentialObject | FunctionalObject | InstanceObject) else []


def _spec(value: Value | None) -> SpecNest | None:
    if isinstance(value, TensorValue):
        return value.spec
    if isinstance(value, TupleValue):
        items = [_spec(item) for item in value.items]
        return None if None in items else tuple(item for item in items if item is not None)
    return None


def _class_name(obj: InstanceObject, state: State) -> str:
    cls = state.get(obj.cls.address)
    name = getattr(cls, "name", None)
    return name if isinstance(name, str) else "Model"
