"""``keras.Model(inputs, outputs)``: a graph of nodes, run again for other inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from shapelens.library.keras.layers.apply import spec_nest
from shapelens.library.keras.layers.naming import name_for
from shapelens.library.keras.models.connected import check_graph
from shapelens.library.keras.models.facts import model_facts
from shapelens.library.keras.models.graph import Replay
from shapelens.library.keras.models.nests import (
    is_symbolic,
    map_tensors,
    outputs_of,
    tensors_in,
    to_tensors,
    with_batch,
)
from shapelens.library.keras.models.pretrained import outputs_for
from shapelens.library.keras.models.symbolic import with_node
from shapelens.library.keras.training.adapt import clashing_axis
from shapelens.library.keras.training.boundary import check_training_call
from shapelens.library.keras.training.data import spec_leaves
from shapelens.library.keras.training.facts import Run
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.shapes.shape import SpecNest, TensorSpec
from shapelens.values.facts import Site
from shapelens.values.failure import NotKnown, ShapeFailure
from shapelens.values.objects import (
    FunctionalObject,
    InstanceObject,
    LayerState,
    NodeObject,
    SequentialObject,
)
from shapelens.values.value import (
    Address,
    Ref,
    TensorValue,
    Unknown,
    Value,
)


@function("keras.Model", params="inputs=None, outputs=None, name=None, trainable=True, **kwargs")
def make_model(m: Machine, a: Arguments) -> Value:
    """``keras.Model(inputs=..., outputs=...)``."""
    inputs = a.get("inputs") or a.extra.get("input")
    outputs = a.get("outputs") or a.extra.get("output")
    if inputs is None or outputs is None:
        return Unknown("a model without inputs and outputs")
    label, auto = name_for(m, a.get("name"), "functional")
    check_graph(m, inputs, outputs)
    from shapelens.library.keras.models.counting import graph_params

    # Its layers are built and stay what they are, so that they need be counted only once.
    state = LayerState(label, auto, m.site, params=graph_params(m, inputs, outputs))
    return m.alloc(FunctionalObject(inputs, outputs, state))


def unpacked(outputs: SpecNest) -> SpecNest:
    """What a model whose outputs are a list of one gives for real data: the tensor alone (Keras 3.15.1)."""
    return outputs[0] if isinstance(outputs, tuple) and len(outputs) == 1 else outputs


def call_functional(
    m: Machine, ref: Ref, obj: FunctionalObject, args: tuple[Value, ...], kwargs: Mapping[str, Value]
) -> Value:
    """``model(x)``."""
    first = args[0] if args else kwargs.get("inputs", Unknown("the model is called without inputs"))

    def ran(data: Value) -> Value:
        with loosely_checked(m, first):
            return run(m, obj, data)

    value = ran(fit_inputs(m, ref, obj, first, lambda nest: specs_of(m, ran(to_tensors(m, nest, "tensor")))))
    nest = spec_nest(m, first)
    inputs = tensors_in(m, first)
    symbolic = is_symbolic(inputs)
    outputs = spec_nest(m, value)
    result = value
    if outputs is not None and not isinstance(value, Unknown):
        if not symbolic:
            outputs = unpacked(outputs)
        result = outputs_of(m, outputs, None, symbolic, m.site)
        if symbolic:
            result = with_node(m, result, NodeObject(ref, inputs, args, tuple(kwargs.items()), result, m.site))
    from shapelens.library.keras.models.counting import count_params

    label = "Functional" if obj.class_name == "keras.Model" else obj.class_name.rpartition(".")[2]
    m.note_site(
        Site(
            m.site, "layer", obj.state.name, label, nest,
            outputs if not isinstance(value, Unknown) else None, count_params(m, ref),
            made=obj.state.made, value=result,
        )
    )  # fmt: skip
    return result


def fit_inputs(
    m: Machine,
    ref: Ref,
    obj: SequentialObject | FunctionalObject | InstanceObject,
    data: Value,
    run_with: Run | None = None,
) -> Value:
    """``data`` as the model takes it (a missing last axis added, ...); raises where Keras refuses it."""
    facts = model_facts(m, ref, obj, run_with, of_outputs=False)
    given = tensors_in(m, data)
    if is_symbolic(given):
        if facts.kind == "sequential":
            # Given data, Sequential compares ranks only; given symbolic tensors, sizes too (Keras 3.15.1).
            facts = replace(facts, kind="functional", name=facts.title)
        if m.versions.family == 3 and facts.inputs is not None:
            _refuse_to_guess(spec_leaves(facts.inputs), given)
    outcome = check_training_call(m, "call", facts, {"x": data})
    return data if outcome.inputs is None else _as_values(m, outcome.inputs, data)


def _refuse_to_guess(declared: list[TensorSpec], given: tuple[TensorValue, ...]) -> None:
    """Keras 3 compares the sizes of symbolic tensors, and takes any rank as it is: run, 3.15.1."""
    for want, tensor in zip(declared, given, strict=False):
        shape = tensor.spec.shape
        same_rank = want.shape.open or shape.open or len(want.shape) == len(shape)
        if not same_rank and clashing_axis(want.shape, shape) is None:
            raise NotKnown("a model was called on a symbolic tensor of another rank, of which Keras does not complain")


# What a layer checks when it is called, and not when it only computes a shape.
CHECKED_IN_CALLS = ("rank-mismatch", "channel-mismatch", "input-mismatch", "missing-batch-axis")


@contextmanager
def loosely_checked(m: Machine, data: Value) -> Iterator[None]:
    """Run a model on symbolic ``data`` as Keras 3 does: it calls no layer, but asks each for its output's shape.

    Run (3.15.1): a model made for (28, 28, 1) gives a shape for a symbolic (28, 28, 3), whatever is inside.
    """
    try:
        yield
    except ShapeFailure as refused:
        symbolic = m.versions.family == 3 and is_symbolic(tensors_in(m, data))
        if not symbolic or refused.failure.code not in CHECKED_IN_CALLS:
            raise
        raise NotKnown("a layer of the model would refuse this, but Keras does not ask it") from None


def specs_of(m: Machine, value: Value) -> SpecNest:
    """The specifications of a model's output; raises `NotKnown` where it is not known."""
    found = None if isinstance(value, Unknown) else spec_nest(m, value)
    if found is None:
        raise NotKnown(value.reason if isinstance(value, Unknown) else "the model's output is not known")
    return found


def _as_values(m: Machine, nest: SpecNest, data: Value) -> Value:
    if isinstance(nest, TensorSpec) and isinstance(data, TensorValue):
        return data if data.spec == nest else replace(data, spec=nest, data=None)
    kind = "keras" if is_symbolic(tensors_in(m, data)) else "tensor"
    return to_tensors(m, nest, kind)  # type: ignore[arg-type]


def run(m: Machine, obj: FunctionalObject, data: Value) -> Value:
    """The model's outputs for ``data``, which fit its inputs."""
    declared = tensors_in(m, obj.inputs)
    given = tensors_in(m, data)
    if spec_nest(m, data) is None or len(given) != len(declared):
        return obj.outputs
    batch = next((t.spec.shape.dims[0] for t in given if t.spec.shape.dims and not t.spec.shape.open), None)
    if obj.opaque_layers or (obj.network is not None and obj.network.source == declared[0]):
        known = outputs_for(m, obj, given[0].spec.shape) if len(given) == 1 else None
        return known or map_tensors(m, obj.outputs, lambda t: _batched(t, batch))
    if all(_same_but_batch(a, b) for a, b in zip(declared, given, strict=True)):
        return map_tensors(m, obj.outputs, lambda t: _batched(t, batch))
    mapping: dict[tuple[Address | None, int], TensorValue] = {
        (d.node, d.index): g for d, g in zip(declared, given, strict=True) if d.node is not None
    }
    with m.quiet():
        replayed = Replay(m, mapping)
        return map_tensors(m, obj.outputs, replayed.tensor)


def _same_but_batch(declared: TensorValue, given: TensorValue) -> bool:
    a, b = declared.spec.shape, given.spec.shape
    return not a.open and not b.open and a.dims[1:] == b.dims[1:]


def _batched(tensor: TensorValue, batch: object) -> TensorValue:
    shape = tensor.spec.shape
    if shape.open or not shape.dims or shape.dims[0] is not None:
        return tensor
    return replace(tensor, spec=replace(tensor.spec, shape=with_batch(shape, batch)))  # type: ignore[arg-type]


@function("keras.Model.__init__", "keras.Sequential.__init__", params="self, *args, **kwargs")
def init_model(m: Machine, a: Arguments) -> Value:
    """``super().__init__(...)`` in a model class: with inputs and outputs it is a functional model."""
    from shapelens.library.keras.models.subclass import init_instance

    return init_instance(m, a)
