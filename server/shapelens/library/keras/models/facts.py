"""What a model is, for the checks of the training boundary."""

from __future__ import annotations

from shapelens.library.keras.layers.apply import spec_nest
from shapelens.library.keras.layers.naming import name_of
from shapelens.library.keras.models.attributes import layers_of
from shapelens.library.keras.models.ends import ends
from shapelens.library.keras.models.inputs import LATE_INPUT
from shapelens.library.keras.models.layers import activation_of
from shapelens.library.keras.models.nests import tensors_in
from shapelens.library.keras.training.data import spec_leaves
from shapelens.library.keras.training.facts import ModelFacts, OutputLayer, Run
from shapelens.library.machine import Machine
from shapelens.shapes.shape import SpecNest, TensorSpec
from shapelens.shapes.span import Span
from shapelens.values.objects import (
    FunctionalObject,
    InstanceObject,
    LayerObject,
    LayerState,
    NodeObject,
    SequentialObject,
)
from shapelens.values.value import TRUE, BoundMethod, Ref, TensorValue, Value

# Models within models are looked into this deep.
_MAX_NESTED = 4
# Methods whose redefinition changes what `fit` does with data and targets.
OVERRIDABLE = ("train_step", "test_step", "predict_step", "compute_loss", "compute_metrics", "fit", "compile")


def model_facts(
    m: Machine,
    ref: Ref,
    obj: SequentialObject | FunctionalObject | InstanceObject,
    run: Run | None = None,
    *,
    of_outputs: bool = True,
) -> ModelFacts:
    """What the checks need to know of the model at ``ref``.

    ``of_outputs``: the layers of its outputs too, for which a network's table has to be read.
    """
    inputs, outputs = ends(obj, "input"), ends(obj, "output")
    kind = (
        "sequential"
        if isinstance(obj, SequentialObject)
        else "functional"
        if isinstance(obj, FunctionalObject) or (obj.model is not None and obj.model.outputs is not None)
        else "subclass"
    )
    declared = kind != "subclass"
    input_spec = spec_nest(m, inputs) if declared and inputs is not None else None
    output_spec = spec_nest(m, outputs) if declared and outputs is not None else None
    if isinstance(obj, SequentialObject) and (obj.lost is not None or output_spec is None):
        output_spec = None
    state = obj.layer or LayerState() if isinstance(obj, InstanceObject) else obj.state
    return ModelFacts(
        kind=kind,  # type: ignore[arg-type]
        inputs=input_spec,
        outputs=output_spec,
        input_names=_names(m, inputs) if declared else (),
        output_names=_names(m, outputs) if declared and of_outputs else (),
        name=state.name,
        compiled=None if obj.model is None else obj.model.compiled,
        run=None if isinstance(obj, SequentialObject) and obj.lost not in (None, LATE_INPUT) else run,
        output_layers=_output_layers(m, obj, outputs) if declared and of_outputs else (),
        input_place=_input_place(m, inputs),
        overrides=_overrides(m, ref) if isinstance(obj, InstanceObject) else frozenset(),
        stateful=_stateful(m, ref, _MAX_NESTED) if _is_fixed(input_spec) else None,
    )


def _is_fixed(inputs: SpecNest | None) -> bool:
    """Whether a model is made for batches of one size."""
    return inputs is not None and any(isinstance(spec.shape.axis(0), int) for spec in spec_leaves(inputs))


def _stateful(m: Machine, value: Value, depth: int) -> tuple[str, int] | None:
    """The first stateful RNN of a model, and the batch size that it was built for."""
    obj = m.read(value) if isinstance(value, Ref) else None
    if isinstance(obj, LayerObject):
        inner = obj.get("layer")
        told = m.read(inner) if isinstance(inner, Ref) else None
        rnn = told if isinstance(told, LayerObject) else obj
        inputs = obj.state.inputs
        size = inputs.shape.axis(0) if isinstance(inputs, TensorSpec) else None
        known = rnn.get("stateful") == TRUE and isinstance(size, int)
        return (rnn.class_name.rpartition(".")[2], size) if known and isinstance(size, int) else None
    if not isinstance(obj, SequentialObject | FunctionalObject) or not depth:
        return None
    found = (_stateful(m, layer, depth - 1) for layer in layers_of(m, value) or ())
    return next((stateful for stateful in found if stateful is not None), None)


def _overrides(m: Machine, ref: Ref) -> frozenset[str]:
    return frozenset(name for name in OVERRIDABLE if isinstance(m.attribute(ref, name), BoundMethod))


def _layer_of(m: Machine, tensor: TensorValue) -> Value | None:
    node = None if tensor.node is None else m.read(Ref(tensor.node))
    return node.layer if isinstance(node, NodeObject) else None


def _names(m: Machine, value: Value | None) -> tuple[str, ...]:
    """The layers' names where all are known."""
    names: list[str] = []
    for tensor in tensors_in(m, value) if value is not None else ():
        layer = _layer_of(m, tensor)
        obj = m.read(layer) if isinstance(layer, Ref) else None
        if not isinstance(obj, LayerObject | SequentialObject | FunctionalObject):
            return ()
        name = None if isinstance(obj, FunctionalObject) and obj.opaque_layers else name_of(m, obj.state)
        if name is None:
            return ()
        names.append(name)
    return tuple(names)


def _input_place(m: Machine, inputs: Value | None) -> Span | None:
    tensors = tensors_in(m, inputs) if inputs is not None else ()
    return tensors[0].origin if tensors else None


def _output_layers(
    m: Machine, obj: SequentialObject | FunctionalObject | InstanceObject, outputs: Value | None
) -> tuple[OutputLayer, ...]:
    if isinstance(obj, SequentialObject):
        layers: tuple[Value | None, ...] = obj.layers[-1:]
    else:
        layers = tuple(_layer_of(m, t) for t in tensors_in(m, outputs)) if outputs is not None else ()
    found = [_output_layer(m, layer) for layer in layers]
    return tuple(layer for layer in found if layer is not None) if None not in found else ()


def _output_layer(m: Machine, layer: Value | None) -> OutputLayer | None:
    obj = m.read(layer) if isinstance(layer, Ref) else None
    if isinstance(obj, SequentialObject) and obj.layers:
        return _output_layer(m, obj.layers[-1])
    if not isinstance(obj, LayerObject):
        return None
    return OutputLayer(obj.class_name, activation_of(obj), obj.state.made)
