"""The layers of a network of ``keras.applications``, which come into being when someone looks at them.

A network is one `FunctionalObject`. Its layers and their calls are parts of it: their addresses are
counted from the network's own, and their contents follow from how it was made (`NetworkUse`), so nothing is
stored until a program changes one. A program that only uses the network's output never gets here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from shapelens.library.keras.layers.apply import apply_object
from shapelens.library.keras.layers.naming import snake_case
from shapelens.library.keras.models.blueprints import Blueprint, Row, blueprint
from shapelens.library.keras.signatures import bind_layer
from shapelens.library.machine import Machine
from shapelens.library.python.numbers import size_value
from shapelens.shapes.broadcast import Clash, broadcast
from shapelens.shapes.dims import Dim
from shapelens.shapes.shape import UNKNOWN_SPEC, SpecNest, TensorSpec
from shapelens.shapes.span import Span
from shapelens.values.failure import Failure, NotKnown, ShapeFailure
from shapelens.values.names import AutoName
from shapelens.values.objects import (
    FunctionalObject,
    HeapObject,
    InputSpec,
    LayerObject,
    LayerState,
    NetworkUse,
    NodeObject,
    SequentialObject,
)
from shapelens.values.value import (
    NONE,
    Address,
    Const,
    Lib,
    Ref,
    TensorValue,
    TupleValue,
    Unknown,
    Value,
    owner_of,
    part_address,
)

# Part 1 is the call of the last layer, so that a network's output is known without its table.
OUTPUT = 1
# Networks whose inner shapes are kept; a program has one or two.
MAX_KEPT = 32


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a row's layer gives: its input and output, weights, and what it accepts once built."""

    inputs: SpecNest
    outputs: TensorSpec
    params: int | None
    input_specs: tuple[InputSpec, ...] = ()
    inner: tuple[Outcome, ...] = ()


_kept: dict[tuple[str, str, str, Dim, TensorSpec], tuple[Outcome, ...]] = {}
# The same for networks that are called on other inputs than they were made for: the last one is that.
_called: dict[tuple[str, str, str, Dim, TensorSpec, TensorSpec], tuple[TensorSpec, ...]] = {}


def plan(use: NetworkUse) -> Blueprint:
    """The table of a network in use."""
    found = blueprint(use.network, use.variant, use.head)
    assert found is not None, "a network in use has a table"
    return found


def outcomes(m: Machine, use: NetworkUse, source: TensorSpec) -> tuple[Outcome, ...]:
    """The shapes of every row for an input like ``source``; row 0 is the input itself."""
    key = (use.network, use.variant, use.head, use.classes, source)
    known = _kept.get(key)
    if known is None:
        if len(_kept) >= MAX_KEPT:
            del _kept[next(iter(_kept))]
        known = _kept[key] = _run(m, plan(use), use.classes, source, None)
    return known


def outputs_on(m: Machine, use: NetworkUse, given: TensorSpec) -> tuple[TensorSpec, ...]:
    """The output of every row when the network, made for its own source, is called on ``given``."""
    built = outcomes(m, use, use.source.spec)
    if given == use.source.spec:
        return tuple(outcome.outputs for outcome in built)
    key = (use.network, use.variant, use.head, use.classes, use.source.spec, given)
    known = _called.get(key)
    if known is None:
        if len(_called) >= MAX_KEPT:
            del _called[next(iter(_called))]
        outcome = _run(m, plan(use), use.classes, given, built)
        known = _called[key] = tuple(row.outputs for row in outcome)
    return known


def layers_of_network(owner: Address, use: NetworkUse) -> tuple[Value, ...]:
    """The layers of the network at ``owner`` behind its input."""
    rows = plan(use).rows
    return tuple(Ref(_layer_at(owner, number)) for number, row in enumerate(rows, 1) if not row.is_operation)


def network_params(m: Machine, use: NetworkUse) -> int | None:
    """The number of weights of the whole network."""
    total = 0
    for outcome in outcomes(m, use, use.source.spec)[1:]:
        if outcome.params is None:
            return None
        total += outcome.params
    return total


def part(m: Machine, address: Address) -> HeapObject | None:
    """The layer or the call at the address of a part; `None` when there is no such part."""
    owned = owner_of(address)
    if owned is None:
        return None
    owner, serial = owned
    network = m.read(Ref(owner))
    if not isinstance(network, FunctionalObject) or network.network is None:
        return None
    use, made = network.network, network.state.made
    rows = plan(use).rows
    inner, rest = divmod(serial - 2, 2 * len(rows))
    number = len(rows) if serial == OUTPUT else rest // 2 + 1
    row = rows[number - 1]
    if serial != OUTPUT and inner:
        found = outcomes(m, use, use.source.spec)[number].inner[inner - 1]
        return _layer(m, use, row.inner[inner - 1], found, made)
    if serial == OUTPUT or rest % 2:
        return _node(m, owner, use, number, made)
    outcome = outcomes(m, use, use.source.spec)[number]
    if row.inner:
        return _sequential(m, owner, use, number, outcome, made)
    layer = _layer(m, use, row, outcome, made)
    called_on, output = _given(_tensors(m, owner, use, row)), tensor_of(m, owner, use, number)
    return replace(layer, state=replace(layer.state, input_value=called_on, output_value=output))


def tensor_of(m: Machine, owner: Address, use: NetworkUse, number: int) -> TensorValue:
    """The output of a row."""
    if number == 0:
        return use.source
    spec = outcomes(m, use, use.source.spec)[number].outputs
    address = part_address(owner, OUTPUT) if number == len(plan(use).rows) else _node_at(owner, number)
    return TensorValue(spec, "keras", node=address)


def row_of(use: NetworkUse, serial: int) -> int | None:
    """The row whose call is the part ``serial``; `None` when that is a layer."""
    count = len(plan(use).rows)
    if serial == OUTPUT:
        return count
    inner, rest = divmod(serial - 2, 2 * count)
    return rest // 2 + 1 if not inner and rest % 2 else None


def _layer_at(owner: Address, number: int) -> Address:
    return part_address(owner, 2 * number)


def _node_at(owner: Address, number: int) -> Address:
    return part_address(owner, 2 * number + 1)


def _inner_at(owner: Address, number: int, rows: int, inner: int) -> Address:
    return part_address(owner, 2 * number + inner * 2 * rows)


def _tensors(m: Machine, owner: Address, use: NetworkUse, row: Row) -> tuple[TensorValue, ...]:
    return tuple(tensor_of(m, owner, use, number) for number in row.inputs)


def _given(tensors: tuple[TensorValue, ...]) -> Value:
    return tensors[0] if len(tensors) == 1 else TupleValue(tensors)


def _node(m: Machine, owner: Address, use: NetworkUse, number: int, made: Span | None) -> NodeObject:
    row = plan(use).rows[number - 1]
    tensors = _tensors(m, owner, use, row)
    output = tensor_of(m, owner, use, number)
    if row.is_operation:
        # The other operand of an operation on one tensor is a number.
        operands: tuple[Value, ...] = tensors if len(tensors) == 2 else (*tensors, Const(1.0))
        return NodeObject(Lib(row.class_name), tensors, operands, (), output, made)
    return NodeObject(Ref(_layer_at(owner, number)), tensors, (_given(tensors),), (), output, made)


def _name(use: NetworkUse, row: Row) -> tuple[str | None, AutoName | None]:
    if isinstance(row.name, str):
        return row.name, None
    first = next((auto for auto in use.names if auto.kind == snake_case(row.class_name)), None)
    if first is None or first.ordinal is None:
        return None, first
    return None, replace(first, ordinal=first.ordinal + row.name)


def _layer(m: Machine, use: NetworkUse, row: Row, outcome: Outcome, made: Span | None) -> LayerObject:
    name, auto = _name(use, row)
    state = LayerState(
        name, auto, made, built=True, params=outcome.params,
        input_specs=outcome.input_specs, inputs=outcome.inputs, outputs=outcome.outputs,
    )  # fmt: skip
    return LayerObject(row.class_name, _config(row, outcome.inputs, use.classes, use.activation), state)


def _sequential(
    m: Machine, owner: Address, use: NetworkUse, number: int, outcome: Outcome, made: Span | None
) -> SequentialObject:
    row = plan(use).rows[number - 1]
    count = len(plan(use).rows)
    layers = tuple(Ref(_inner_at(owner, number, count, i)) for i in range(1, len(row.inner) + 1))
    name, auto = _name(use, row)
    source = outcome.inputs if isinstance(outcome.inputs, TensorSpec) else UNKNOWN_SPEC
    state = LayerState(name, auto, made, built=True, params=outcome.params, inputs=source, outputs=outcome.outputs)
    tensors = tuple(TensorValue(found.outputs, "keras") for found in outcome.inner)
    return SequentialObject(layers, TensorValue(source, "keras"), tensors, source, state)


def _run(
    m: Machine, network: Blueprint, classes: Dim, source: TensorSpec, built: tuple[Outcome, ...] | None
) -> tuple[Outcome, ...]:
    """``built``: what the network was made for, when it is called on something else now."""
    found = [Outcome(source, source, 0)]
    for number, row in enumerate(network.rows, 1):
        given = tuple(found[number].outputs for number in row.inputs)
        found.append(_outcome(m, row, given, classes, None if built is None else built[number].inputs))
    return tuple(found)


def _outcome(
    m: Machine, row: Row, given: tuple[TensorSpec, ...], classes: Dim, made_for: SpecNest | None = None
) -> Outcome:
    nest: SpecNest = given[0] if len(given) == 1 else given
    if row.is_operation:
        shape = given[0].shape if len(given) == 1 else broadcast(given[0].shape, given[1].shape)
        return Outcome(nest, UNKNOWN_SPEC if isinstance(shape, Clash) else TensorSpec(shape, given[0].dtype), 0)
    if row.inner:
        inner: list[Outcome] = []
        spec = given[0]
        for layer in row.inner:
            inner.append(_outcome(m, layer, (spec,), classes))
            spec = inner[-1].outputs
        counts = [outcome.params for outcome in inner]
        total = None if None in counts else sum(count for count in counts if count is not None)
        return Outcome(nest, spec, total, (), tuple(inner))
    layer_object = LayerObject(row.class_name, _config(row, made_for or nest, classes, Unknown("")))
    try:
        result = apply_object(m, layer_object, NONE, nest, {})
    except (ShapeFailure, NotKnown):
        # An image too small for the network: Keras would not have made it.
        return Outcome(nest, UNKNOWN_SPEC, None)
    outputs = result.outputs if isinstance(result.outputs, TensorSpec) else UNKNOWN_SPEC
    return Outcome(nest, outputs, result.params, result.input_specs)


def _config(row: Row, inputs: SpecNest, classes: Dim, activation: Value) -> tuple[tuple[str, Value], ...]:
    given = {name: _value(value, inputs, classes, activation) for name, value in row.arguments.items()}
    if isinstance(row.name, str):
        given["name"] = Const(row.name)
    bound = bind_layer(row.class_name, (), given)
    return tuple(given.items()) if isinstance(bound, Failure) else tuple(bound.items())


def _value(value: Any, inputs: SpecNest, classes: Dim, activation: Value) -> Value:
    if isinstance(value, list):
        if value[:1] == ["$correct"]:
            return _corrected(inputs, value[1])
        return TupleValue(tuple(_value(item, inputs, classes, activation) for item in value))
    if value == "$classes":
        return size_value(classes)
    return activation if value == "$activation" else Const(value)


def _corrected(inputs: SpecNest, half: int) -> Value:
    """The padding before a window of a strided convolution: one less in front of a map of even size.

    Of a map whose height it does not know Keras assumes that both sizes are even.
    """
    height, width = inputs.shape.dims[1:3] if isinstance(inputs, TensorSpec) and inputs.shape.rank == 4 else (None, 0)
    if height is None:
        width = None
    pads: list[Value] = []
    for size in (height, width):
        if size is not None and not isinstance(size, int):
            return Unknown("the padding depends on the size of the map")
        pads.append(TupleValue((Const(half - (1 if size is None else 1 - size % 2)), Const(half))))
    return TupleValue(tuple(pads))
