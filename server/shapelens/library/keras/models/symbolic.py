"""Symbolic tensors: those that nothing computes, and the nodes that the others come from."""

from __future__ import annotations

from dataclasses import replace

from shapelens.library.machine import Machine
from shapelens.shapes.shape import TensorSpec
from shapelens.shapes.span import Span
from shapelens.values.objects import INPUT_LAYER, LayerObject, LayerState, NodeObject
from shapelens.values.value import Ref, TensorValue, TupleValue, Value


def with_node(m: Machine, value: Value, node: NodeObject) -> Value:
    """Symbolic outputs that know the node they come from."""
    if isinstance(value, TensorValue):
        outputs: tuple[Value, ...] = (value,)
    elif isinstance(value, TupleValue):
        outputs = value.items
    else:
        return value
    ref = m.alloc(node)
    made: list[Value] = []
    for index, output in enumerate(outputs):
        if isinstance(output, TensorValue):
            made.append(replace(output, kind="keras", node=ref.address, index=index, origin=node.site))
        else:
            made.append(output)
    whole: Value = made[0] if isinstance(value, TensorValue) else TupleValue(tuple(made))
    m.write(ref, replace(node, outputs=whole))
    return whole


def symbolic_input(
    m: Machine, spec: TensorSpec, name: str | None, site: Span, kind: str = "input_layer"
) -> TensorValue:
    """A new symbolic tensor that nothing computes; without a ``name``, its layer's is made up of ``kind``."""
    auto = m.take_name(kind) if name is None else None
    return input_layer(m, LayerObject(INPUT_LAYER, (), LayerState(name, auto, site)), spec, site)[1]


def input_layer(
    m: Machine, layer: LayerObject, spec: TensorSpec, site: Span, tensor: TensorValue | None = None
) -> tuple[Ref, TensorValue]:
    """An input layer, and the symbolic tensor that it stands for: a new one, if it is not given one."""
    state = replace(layer.state, built=True, params=0, inputs=spec, outputs=spec)
    ref = m.alloc(replace(layer, state=state))
    made: Value = tensor or TensorValue(spec, "keras")
    if tensor is None:
        made = with_node(m, made, NodeObject(ref, (), (), (), made, site))
    assert isinstance(made, TensorValue)
    m.write(ref, replace(layer, state=replace(state, input_value=made, output_value=made)))
    return ref, made
