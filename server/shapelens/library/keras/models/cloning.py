"""Copying layers and models: the same configuration, weights of their own (Keras 3.15.1)."""

from __future__ import annotations

from dataclasses import replace

from shapelens.library.keras.models.counting import graph_params
from shapelens.library.keras.models.graph import Replay
from shapelens.library.keras.models.nests import map_tensors, tensors_in
from shapelens.library.keras.models.parts import OUTPUT
from shapelens.library.keras.models.sequential import fill
from shapelens.library.keras.models.symbolic import symbolic_input
from shapelens.library.machine import Machine
from shapelens.values.failure import NotKnown
from shapelens.values.objects import (
    FunctionalObject,
    LayerObject,
    LayerState,
    ListObject,
    ModelState,
    NodeObject,
    SequentialObject,
)
from shapelens.values.value import NONE, Address, Lib, Ref, TensorValue, TupleValue, Unknown, Value, part_address


class Cloning:
    """One copy: every layer is copied once. ``making`` is the program's own ``clone_function``."""

    def __init__(self, m: Machine, making: Value | None) -> None:
        self._machine = m
        self._making = making
        self._made: dict[Ref, Value] = {}

    def layer(self, source: Ref) -> Value:
        """The copy of a layer or of a model that is a layer of another."""
        if source not in self._made:
            self._made[source] = self._layer(source)
        return self._made[source]

    def model(self, source: Ref, inputs: Value) -> Value:
        """The copy of a model, on ``inputs`` (or ``None``: inputs like its own)."""
        m = self._machine
        obj = m.read(source)
        if isinstance(obj, SequentialObject):
            return self._sequential(obj, inputs)
        if not isinstance(obj, FunctionalObject):
            raise NotKnown("the copied model is not known")
        if obj.opaque_layers:
            return m.alloc(replace(obj, model=ModelState()))
        if obj.network is not None and inputs == NONE and self._making is None and obj.network.source == obj.inputs:
            return self._network(obj)
        return self._functional(obj, inputs)

    def _layer(self, source: Ref) -> Value:
        m = self._machine
        obj = m.read(source)
        if isinstance(obj, SequentialObject | FunctionalObject):
            return self.model(source, NONE)
        if not isinstance(obj, LayerObject):
            # A class of the user's is copied by its own `get_config`.
            return source
        if self._making is not None:
            return m.call(self._making, (source,), {})
        config = tuple((name, self._argument(value)) for name, value in obj.config)
        return m.alloc(LayerObject(obj.class_name, config, LayerState(obj.state.name, obj.state.auto, obj.state.made)))

    def _argument(self, value: Value) -> Value:
        """A layer within a wrapper is copied with it."""
        target = self._machine.read(value) if isinstance(value, Ref) else None
        return self.layer(value) if isinstance(value, Ref) and isinstance(target, LayerObject) else value

    def _network(self, obj: FunctionalObject) -> Value:
        m = self._machine
        assert obj.network is not None
        source = self._input(obj.network.source)
        ref = m.alloc(replace(obj, inputs=source, model=ModelState(), network=replace(obj.network, source=source)))
        assert isinstance(obj.outputs, TensorValue)
        outputs = replace(obj.outputs, node=part_address(ref.address, OUTPUT))
        made = m.read(ref)
        assert isinstance(made, FunctionalObject)
        m.write(ref, replace(made, outputs=outputs))
        return ref

    def _functional(self, obj: FunctionalObject, inputs: Value) -> Value:
        m = self._machine
        declared = tensors_in(m, obj.inputs)
        given = tensors_in(m, inputs) if inputs != NONE else tuple(self._input(tensor) for tensor in declared)
        if len(given) != len(declared) or any(tensor.kind != "keras" for tensor in given):
            raise NotKnown("the inputs of the copy are not known")
        known = {(old.node, old.index): new for old, new in zip(declared, given, strict=True)}
        with m.quiet():
            outputs = map_tensors(m, obj.outputs, _Again(m, known, self).tensor)
        if isinstance(outputs, Unknown):
            raise NotKnown(outputs.reason)
        heads: Value = given[0] if isinstance(obj.inputs, TensorValue) else TupleValue(given)
        state = replace(obj.state, made=m.site, params=graph_params(m, heads, outputs))
        return m.alloc(FunctionalObject(heads, outputs, state))

    def _sequential(self, obj: SequentialObject, inputs: Value) -> Value:
        m = self._machine
        state = LayerState(obj.state.name, obj.state.auto, m.site)
        first: list[Value] = []
        if obj.inputs is not None:
            given = tensors_in(m, inputs) if inputs != NONE else ()
            tensors = tensors_in(m, obj.inputs)
            first = [given[0] if given else self._input(tensors[0])] if tensors else []
        ref = m.alloc(SequentialObject(state=state, lost=obj.lost))
        with m.quiet():
            fill(m, ref, m.alloc(ListObject((*first, *(self._inner(layer) for layer in obj.layers)))))
        if first:
            m.take_name("functional")
        return ref

    def _inner(self, layer: Value) -> Value:
        return self.layer(layer) if isinstance(layer, Ref) else layer

    def _input(self, tensor: TensorValue) -> TensorValue:
        """An input layer like that of ``tensor``; Keras names it after the tensor, so its name is not known."""
        m = self._machine
        with m.quiet():
            return symbolic_input(m, tensor.spec, None, m.site, "keras_tensor")


class _Again(Replay):
    """A graph run again with copies of its layers."""

    def __init__(self, m: Machine, known: dict[tuple[Address | None, int], TensorValue], cloning: Cloning) -> None:
        super().__init__(m, known)
        self._cloning = cloning

    def _in_network(self, node: Address) -> Value | None:
        return None

    def _called(self, node: NodeObject) -> Value:
        layer = node.layer
        return self._cloning.layer(layer) if isinstance(layer, Ref) else layer if isinstance(layer, Lib) else NONE
