"""Calling a layer: the one way in which every layer, wrapped or not, is given its inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace

from shapelens.library.keras.layers.inputs import check_inputs
from shapelens.library.keras.layers.keras2.dtypes import with_dtypes_of_keras2
from shapelens.library.keras.layers.naming import layer_name
from shapelens.library.keras.signatures import canonical
from shapelens.library.machine import Machine
from shapelens.library.registry import LayerCall, LayerResult, layer_rule
from shapelens.shapes.shape import UNKNOWN_SPEC, SpecNest, TensorSpec
from shapelens.values.failure import NotKnown, ShapeFailure
from shapelens.values.objects import (
    DictObject,
    FunctionalObject,
    InstanceObject,
    LayerObject,
    ListObject,
    SequentialObject,
)
from shapelens.values.value import Const, OneOf, Ref, TensorValue, TupleValue, Unknown, Value


def apply_layer(machine: Machine, layer: Value, inputs: SpecNest, arguments: Mapping[str, Value]) -> LayerResult:
    """What calling ``layer`` on ``inputs`` gives, as Keras 3.15.1 does, or 2.15.0 where the program has that.

    ``arguments`` are the call's other arguments by name. Raises `ShapeFailure` where Keras raises
    for certain and `NotKnown` where nothing can be said. Writes no state: the caller keeps
    ``params`` and ``input_specs`` of the result in the layer's state.
    """
    target = machine.read(layer) if isinstance(layer, Ref) else None
    if not isinstance(target, LayerObject):
        return _apply_other(machine, layer, inputs, arguments)
    return apply_object(machine, target, layer, inputs, arguments)


def apply_object(
    machine: Machine, target: LayerObject, layer: Value, inputs: SpecNest, arguments: Mapping[str, Value]
) -> LayerResult:
    """`apply_layer` for a library layer at hand; ``layer`` is the value that refers to it, if one does."""
    family = machine.versions.family
    rule = layer_rule(canonical(target.class_name), family)
    if rule is None:
        raise NotKnown(f"{target.class_name} has no rule")
    config = dict(target.config)
    filters = config.get("filters")
    if family == 2 and isinstance(filters, Const) and isinstance(filters.value, float):
        # Keras 2 takes a float for it, of which the whole part counts (run: 2.15.0).
        config["filters"] = Const(int(filters.value))
    state = target.state
    specs = state.input_specs
    if not specs and rule.accepts is not None:
        specs = tuple(rule.accepts(config))
    check_inputs(specs, inputs, target.class_name, layer_name(target), family)
    call = LayerCall(target.class_name, config, inputs, arguments, layer, built=state.built)
    try:
        result = rule.rule(machine, call)
        if family == 2:
            result = with_dtypes_of_keras2(call, result)
    except ShapeFailure as caught:
        # The rules quote Keras 3, and Keras 2 says nearly everything in other words.
        raise caught if family == 3 else ShapeFailure(replace(caught.failure, keras=None)) from None
    if state.built:
        params = state.params if state.params is not None else result.params
        return replace(result, params=params, input_specs=specs or result.input_specs)
    return result if result.input_specs else replace(result, input_specs=specs)


def spec_nest(machine: Machine, value: Value) -> SpecNest | None:
    """``value`` as a structure of tensor specifications, or `None` when it is no such thing for certain."""
    if isinstance(value, TensorValue):
        return value.spec
    if isinstance(value, OneOf):
        nests = [spec_nest(machine, alternative) for alternative in value.values]
        if all(nest == nests[0] for nest in nests):
            return nests[0]
        # Lists of tensors of which nobody knows how many.
        return machine.spec(value) if all(isinstance(nest, TensorSpec) for nest in nests) else None
    items: Sequence[Value] | None = None
    if isinstance(value, TupleValue):
        items = value.items
    elif isinstance(value, Ref):
        target = machine.read(value)
        if isinstance(target, ListObject) and not target.open:
            items = target.items
        elif isinstance(target, ListObject) and isinstance(target.rest, TensorValue) and target.rest.kind != "numpy":
            # So many tensors that nobody knows how many.
            return None
        elif isinstance(target, DictObject) and not target.open:
            entries: dict[str, SpecNest] = {}
            for key, entry in target.entries:
                spec = spec_nest(machine, entry)
                if spec is None or not isinstance(key, Const) or not isinstance(key.value, str):
                    return None
                entries[key.value] = spec
            return entries
    if items is not None:
        specs = [spec_nest(machine, item) for item in items]
        if any(isinstance(item, TensorValue) and item.kind != "numpy" for item in items):
            # Tensors in a list stay apart, whatever the others are.
            return tuple(UNKNOWN_SPEC if spec is None else spec for spec in specs)
        # A list of plain numbers is one array, not a structure of tensors.
        if all(spec is not None for spec in specs) and not all(map(_is_number, items)):
            return tuple(spec for spec in specs if spec is not None)
    return machine.spec(value)


def to_value(machine: Machine, nest: SpecNest) -> Value:
    """Symbolic tensors of the given specifications, in the same structure."""
    if isinstance(nest, TensorSpec):
        return TensorValue(nest, kind="keras")
    if isinstance(nest, dict):
        return machine.alloc(DictObject(tuple((Const(key), to_value(machine, nest[key])) for key in nest)))
    return machine.alloc(ListObject(tuple(to_value(machine, child) for child in nest)))


def _apply_other(machine: Machine, layer: Value, inputs: SpecNest, arguments: Mapping[str, Value]) -> LayerResult:
    if isinstance(layer, (Unknown, OneOf)):
        raise NotKnown("the layer itself is not known")
    # A model inside a wrapper has its shapes shown where it was made, not at the wrapper's call.
    inside = isinstance(layer, Ref) and isinstance(machine.read(layer), SequentialObject | FunctionalObject)
    with machine.quiet() if inside else nullcontext():
        output = machine.call(layer, [to_value(machine, inputs)], arguments)
    specs = spec_nest(machine, output)
    if specs is None:
        raise NotKnown(output.reason if isinstance(output, Unknown) else "the layer's output is not a tensor")
    return LayerResult(specs, params=_params_of(machine, layer), value=output)


def _params_of(machine: Machine, layer: Value) -> int | None:
    """The number of weights of a model or user's layer, once it was called."""
    target = machine.read(layer) if isinstance(layer, Ref) else None
    if isinstance(target, (SequentialObject, FunctionalObject)):
        return target.state.params
    if isinstance(target, InstanceObject) and target.layer is not None:
        return target.layer.params
    return None


def _is_number(value: Value) -> bool:
    return isinstance(value, Const) or (
        isinstance(value, TensorValue) and value.kind == "numpy" and not value.spec.shape.dims
    )
