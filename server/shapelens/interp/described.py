"""Layers, models and symbolic tensors of the program, as the steps of a question that make them again.

Each layer and model is one step wherever it is used, and each symbolic tensor is what its node says: the call of a
layer, a model or an operation. A network of ``keras.applications`` is the call that made it, and its inner
tensors are asked of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from shapelens.interp.drafts import (
    Draft,
    NotPlainError,
    constructor,
    declared,
    keywords_of,
    library_name,
    name_keyword,
    nest_of,
    term_of,
    terms_of,
)
from shapelens.library.keras.models.attributes import layers_of
from shapelens.library.keras.models.inputs import LATE_INPUT
from shapelens.library.keras.models.nests import tensors_in
from shapelens.library.keras.models.parts import OUTPUT
from shapelens.shapes.question import Call, Constant, Given, Name, Term
from shapelens.shapes.question import Sequence as SequenceTerm
from shapelens.values.objects import INPUT_LAYER, FunctionalObject, LayerObject, NodeObject, SequentialObject
from shapelens.values.value import Address, Lib, Ref, TensorValue, TupleValue, Value, owner_of

if TYPE_CHECKING:
    from shapelens.interp.machine import Interpreter


def place(draft: Draft, ref: Ref) -> Given:
    """The step that makes a layer or a model. Raises `NotPlainError` where it cannot be told, as all of these.

    A layer is as it was made: what has built it is another step.
    """
    known = draft.placed.get(ref.address)
    if known is not None:
        return known
    linked, draft.linked = draft.linked, True
    try:
        made = draft.placed[ref.address] = draft.step(_made(draft, ref))
    finally:
        draft.linked = linked
    obj = draft.m.read(ref)
    entry = _entry(obj)
    if entry is not None and entry.node is not None:
        draft.placed[(entry.node, entry.index)] = draft.step(Call(Name("keras.layers.Layer.output"), (made,)))
    if (
        isinstance(obj, FunctionalObject)
        and obj.class_name != "keras.Model"
        and "input_tensor" not in dict(obj.arguments)
    ):
        for source in tensors_in(draft.m, obj.inputs):
            # The input that the network made for itself.
            if source.node is not None:
                draft.placed[(source.node, source.index)] = draft.step(Call(Name("keras.Model.input"), (made,)))
    return made


def built(draft: Draft, ref: Ref) -> Given:
    """As `place`, and where it is a layer that was called, one more step that calls it on what built it."""
    obj = draft.m.read(ref)
    made = place(draft, ref)
    if isinstance(obj, LayerObject) and obj.state.built and _network_of(draft, ref.address) is None:
        if obj.state.built_on is None:
            raise NotPlainError
        hows = set(draft.hows)
        draft.step(Call(made, (nest_of(draft, obj.state.built_on, "keras"),)))
        draft.hows = hows
    return made


def is_input(m: Interpreter, value: Value) -> bool:
    """Whether a symbolic tensor that ``keras.Input`` gave, or an input layer, is in a structure."""
    layers = [m.read(item) for item in m.items(value) or () if isinstance(item, Ref)]
    if any(isinstance(layer, LayerObject) and layer.class_name == INPUT_LAYER for layer in layers):
        return True
    for tensor in tensors_in(m, value):
        node = None if tensor.node is None else m.read(Ref(tensor.node))
        layer = m.read(node.layer) if isinstance(node, NodeObject) and isinstance(node.layer, Ref) else None
        if isinstance(layer, LayerObject) and layer.class_name == INPUT_LAYER:
            return True
    return False


def linked_tensor(draft: Draft, tensor: TensorValue) -> Given:
    """The step that makes a symbolic tensor."""
    order = list(_order(draft, tensor))
    # A network's own input is asked of the network, so that must be there first.
    for each in order:
        network = _network_at(draft, each)
        if network is not None:
            place(draft, network)
    for each in order:
        if each.node is None:
            raise NotPlainError
        if (each.node, each.index) not in draft.placed:
            _place_call(draft, each.node)
    if (tensor.node, tensor.index) not in draft.placed:
        raise NotPlainError
    return draft.placed[(tensor.node, tensor.index)]  # type: ignore[index]


def _sequential(draft: Draft, model: SequentialObject) -> Call:
    if model.lost not in (None, LATE_INPUT):
        raise NotPlainError
    if len(model.outputs) != (len(model.layers) if model.inputs is not None else 0):
        raise NotPlainError
    items: list[Term] = []
    if isinstance(model.inputs, TensorValue):
        items.append(declared(draft, model.inputs.spec))
    elif model.inputs is not None:
        raise NotPlainError
    for layer in model.layers:
        if not isinstance(layer, Ref):
            raise NotPlainError
        entry = _entry(draft.m.read(layer))
        if entry is not None:
            items.append(declared(draft, entry.spec))
        else:
            # With an input the model itself builds it.
            items.append(built(draft, layer) if model.inputs is None else place(draft, layer))
    return Call(Name("keras.Sequential"), (SequenceTerm(tuple(items)),), name_keyword(draft, model.state))


def _entry(obj: object) -> TensorValue | None:
    """The tensor of an input layer."""
    value = obj.state.output_value if isinstance(obj, LayerObject) and obj.class_name == INPUT_LAYER else None
    return value if isinstance(value, TensorValue) else None


def _network_at(draft: Draft, tensor: TensorValue) -> Ref | None:
    """The network that a tensor lies in, or that it is the output of."""
    if tensor.node is None:
        return None
    owner = _network_of(draft, tensor.node)
    if owner is not None:
        return Ref(owner)
    node = draft.m.read(Ref(tensor.node))
    called = node.layer if isinstance(node, NodeObject) else None
    obj = draft.m.read(called) if isinstance(called, Ref) else None
    return called if isinstance(called, Ref) and isinstance(obj, FunctionalObject) and obj.network is not None else None


def _network_of(draft: Draft, address: Address) -> Address | None:
    """The network that the thing at an address is a part of."""
    owned = owner_of(address)
    return None if owned is None else owned[0]


def _place_call(draft: Draft, address: Address) -> None:
    """The steps that make the outputs of the node at ``address``."""
    node = draft.m.read(Ref(address))
    if not isinstance(node, NodeObject):
        raise NotPlainError
    owned = owner_of(address)
    if owned is not None:
        network = place(draft, Ref(owned[0]))
        if owned[1] == OUTPUT:
            made = Call(Name("keras.Model.output"), (network,))
        elif isinstance(node.layer, Ref):
            made = Call(Name("keras.layers.Layer.output"), (place(draft, node.layer),))
        else:
            raise NotPlainError
        draft.placed[(address, 0)] = draft.step(made)
        return
    called = draft.m.read(node.layer) if isinstance(node.layer, Ref) else None
    if isinstance(called, LayerObject) and called.class_name == INPUT_LAYER and isinstance(node.outputs, TensorValue):
        named = name_keyword(draft, called.state)
        draft.placed[(address, 0)] = draft.step(declared(draft, node.outputs.spec, named))
        return
    _check_arguments(draft, node)
    function: Term = place(draft, node.layer) if isinstance(node.layer, Ref) else _operation(node.layer)
    whole = draft.step(Call(function, terms_of(draft, node.args), keywords_of(draft, node.kwargs)))
    if isinstance(node.outputs, TensorValue):
        draft.placed[(address, 0)] = whole
    elif isinstance(node.outputs, TupleValue):
        for index in range(len(node.outputs.items)):
            item = Call(Name("operator.getitem"), (whole, Constant(index)))
            draft.placed[(address, index)] = draft.step(item)


def _operation(called: Value) -> Term:
    if not isinstance(called, Lib):
        raise NotPlainError
    return library_name(called.name)


def _check_arguments(draft: Draft, node: NodeObject) -> None:
    """A list among the arguments may have changed since the call: then it is not known any more."""
    values = (*node.args, *(value for _, value in node.kwargs))
    now = [t for value in values for t in tensors_in(draft.m, value) if t.kind == "keras"]
    then = [t for t in node.inputs if isinstance(t, TensorValue) and t.kind == "keras"]
    if Counter((t.node, t.index) for t in now) != Counter((t.node, t.index) for t in then):
        raise NotPlainError


def _made(draft: Draft, ref: Ref) -> Term:
    obj = draft.m.read(ref)
    draft.sized = True
    network = _network_of(draft, ref.address)
    if network is not None:
        owner = Ref(network)
        layers = layers_of(draft.m, owner) or ()
        if ref not in layers:
            raise NotPlainError
        return Call(Name("keras.Model.get_layer"), (place(draft, owner),), (("index", Constant(layers.index(ref))),))
    entry = _entry(obj)
    if entry is not None:
        if draft.m.versions.family == 2 or (entry.node, entry.index) in draft.placed:
            # In Keras 2 it takes its shape by another name than `Input`; and one layer is not made twice.
            raise NotPlainError
        return replace(declared(draft, entry.spec), function=Name(INPUT_LAYER))
    if isinstance(obj, LayerObject):
        return constructor(draft, obj)
    if isinstance(obj, SequentialObject):
        return _sequential(draft, obj)
    if isinstance(obj, FunctionalObject) and obj.class_name == "keras.Model":
        # The outputs first: they know the networks whose inputs may be the model's own.
        outputs = term_of(draft, obj.outputs)
        return Call(Name("keras.Model"), (term_of(draft, obj.inputs), outputs), name_keyword(draft, obj.state))
    if isinstance(obj, FunctionalObject):
        return Call(library_name(obj.class_name), (), keywords_of(draft, obj.arguments))
    raise NotPlainError


def _order(draft: Draft, tensor: TensorValue) -> Iterator[TensorValue]:
    """The tensors that lead to this one, each after those that it is made of."""
    entered: set[tuple[Address | None, int]] = set()
    stack: list[tuple[TensorValue, bool]] = [(tensor, False)]
    while stack:
        current, ready = stack.pop()
        key = (current.node, current.index)
        if ready:
            yield current
        elif key not in entered:
            entered.add(key)
            stack.append((current, True))
            stack.extend((above, False) for above in _above(draft, current))


def _above(draft: Draft, tensor: TensorValue) -> tuple[TensorValue, ...]:
    if tensor.node is None or (tensor.node, tensor.index) in draft.placed:
        return ()
    owner = _network_of(draft, tensor.node)
    if owner is not None:
        network = draft.m.read(Ref(owner))
        assert isinstance(network, FunctionalObject)
        return tensors_in(draft.m, dict(network.arguments).get("input_tensor", Lib("")))
    node = draft.m.read(Ref(tensor.node))
    return tuple(t for t in node.inputs if isinstance(t, TensorValue)) if isinstance(node, NodeObject) else ()
