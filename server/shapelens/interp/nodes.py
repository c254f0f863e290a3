"""Nodes of the graph that operations on symbolic tensors make; those of layers are made by the library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from shapelens.values.objects import ListObject, NodeObject
from shapelens.values.value import Address, Lib, Ref, TensorValue, TupleValue, Value

if TYPE_CHECKING:
    from shapelens.interp.machine import Interpreter

# Symbolic calls of these take names, too: `x + y` is an `add`.
NAMED_OPERATIONS = ("keras.ops.", "keras.activations.", "tensorflow.nn.")
OPERATION_KINDS = {"keras.activations.relu": "re_lu", "tensorflow.nn.relu": "re_lu"}


def attach(
    m: Interpreter,
    result: Value,
    inputs: tuple[Value, ...],
    operation: Value,
    args: tuple[Value, ...] | None,
    kwargs: Mapping[str, Value] | None,
) -> Value:
    """As `Interpreter.attach`: one node for what one call gives, a tensor or a tuple or list of them."""
    listed = m.read(result) if isinstance(result, Ref) else None
    items = _items(result, listed)
    if not any(map(_is_new, items)):
        return result
    address = m.new_address()
    m.built += 1
    if isinstance(operation, Lib) and operation.name.startswith(NAMED_OPERATIONS):
        m.take_name(OPERATION_KINDS.get(operation.name, operation.name.rpartition(".")[2]))
    made = tuple(_made(m, item, address, index) for index, item in enumerate(items))
    symbolic = tuple(v for v in inputs if isinstance(v, TensorValue) and v.kind == "keras")
    outputs: Value = made[0] if isinstance(result, TensorValue) else TupleValue(made)
    given = inputs if args is None else args
    m.state.set(address, NodeObject(operation, symbolic, given, tuple((kwargs or {}).items()), outputs, m.site))
    if isinstance(result, TupleValue):
        return replace(result, items=made)
    if isinstance(result, Ref) and isinstance(listed, ListObject):
        m.write(result, replace(listed, items=made))
        return result
    return outputs


def _made(m: Interpreter, item: Value, address: Address, index: int) -> Value:
    if isinstance(item, TensorValue) and _is_new(item):
        return replace(item, node=address, index=index, origin=m.site)
    return item


def _items(result: Value, listed: object) -> tuple[Value, ...]:
    if isinstance(result, TensorValue):
        return (result,)
    if isinstance(result, TupleValue):
        return result.items
    return listed.items if isinstance(listed, ListObject) and not listed.open else ()


def _is_new(value: Value) -> bool:
    """Whether it is a symbolic tensor of which nobody knows yet how it came about."""
    return isinstance(value, TensorValue) and value.kind == "keras" and value.node is None
