"""What programs ask of layers and models: ``output``, ``output_shape``, ``layers``, ``units`` ..."""

from __future__ import annotations

from dataclasses import replace

from shapelens.library.keras.layers.apply import spec_nest
from shapelens.library.keras.layers.naming import name_of
from shapelens.library.keras.models.counting import count_params
from shapelens.library.keras.models.ends import end_attribute, ends, state_of
from shapelens.library.keras.models.graph import graph_layers, is_whole
from shapelens.library.keras.models.inherited import inner_layer
from shapelens.library.keras.models.nests import shape_value, tensors_in
from shapelens.library.keras.models.parts import layers_of_network
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.values.objects import (
    DictObject,
    FunctionalObject,
    HeapObject,
    InstanceObject,
    LayerObject,
    ListObject,
    SequentialObject,
)
from shapelens.values.value import (
    NONE,
    TRUE,
    Const,
    Lib,
    LibMethod,
    OneOf,
    Opaque,
    Ref,
    TupleValue,
    Unknown,
    Value,
)

MODEL = SequentialObject | FunctionalObject
WEIGHT_LISTS = ("weights", "variables")


def attribute(m: Machine, ref: Ref, obj: HeapObject, name: str) -> Value | None:
    """``ref.name`` for a layer or model; `None` when it is a method or not known."""
    if not isinstance(obj, LayerObject | SequentialObject | FunctionalObject | InstanceObject):
        return None
    if isinstance(obj, InstanceObject) and obj.layer is None:
        return None
    if name in ("output", "outputs", "input", "inputs"):
        return _end(m, ref, obj, name)
    if name in ("output_shape", "input_shape"):
        nest = ends(obj, name.removesuffix("_shape"))
        specs = None if nest is None or isinstance(nest, Unknown) else spec_nest(m, nest)
        return Unknown("the model's shape is not known here") if specs is None else shape_value(specs, m)
    if name == "layers":
        layers = layers_of(m, ref)
        return m.alloc(ListObject((), open=True)) if layers is None else m.alloc(ListObject(layers))
    if name in WEIGHT_LISTS:
        from shapelens.library.keras.models.weights import weight_list

        return weight_list(m, ref, "variable")
    state = state_of(obj)
    if name == "name":
        known = name_of(m, state)
        return Opaque("str") if known is None else Const(known)
    if name in ("compute_dtype", "variable_dtype"):
        dtype = obj.get("dtype") if isinstance(obj, LayerObject) else NONE
        return Const("float32") if dtype is None and isinstance(obj, LayerObject) else Opaque("str")
    if name == "built":
        return TRUE if state.built or not isinstance(obj, LayerObject) else Opaque("bool")
    if isinstance(obj, LayerObject):
        return _of_layer(m, ref, obj, name)
    inner = inner_layer(obj) if isinstance(obj, InstanceObject) else None
    if inner is not None:
        found = m.attribute(inner, name)
        return None if isinstance(found, Unknown | LibMethod) else found
    return None


def _of_layer(m: Machine, ref: Ref, obj: LayerObject, name: str) -> Value | None:
    if name == "__class__":
        return Lib(obj.class_name)
    given = obj.get(name)
    # What was left out may be made when the layer is built (`Normalization().mean`).
    if given is not None and given != NONE:
        return given
    from shapelens.library.keras.models.weights import weight_attribute

    return weight_attribute(m, ref, obj, name)


# Set where a layer was given another name that is not known: then no name is missing for certain.
RENAMED = "a layer was renamed"


def set_attribute(m: Machine, ref: Ref, name: str, value: Value) -> None:
    """``layer.name = "encoder"``; nothing else that is assigned decides a shape (Keras 3.15.1).

    Keras 2.15 refuses that, and heeds ``_name``, which Keras 3 does not.
    """
    obj = m.read(ref)
    heeded = "name" if m.versions.family == 3 else "_name"
    if name != heeded or not isinstance(obj, LayerObject | SequentialObject | FunctionalObject):
        return
    if isinstance(value, Const) and isinstance(value.value, str):
        m.write(ref, replace(obj, state=replace(obj.state, name=value.value, auto=None)))
    else:
        m.write(ref, replace(obj, state=replace(obj.state, name=None, auto=None)))


def renamed(m: Machine) -> None:
    """Some layer, it is not known which, has another name now."""
    m.set_setting(RENAMED, TRUE)


def _end(m: Machine, ref: Ref, obj: HeapObject, name: str) -> Value | None:
    """The symbolic input or output; ``inputs`` and ``outputs`` as lists."""
    if not name.endswith("s"):
        value = end_attribute(m, ref, obj, name)
        return Unknown("the layer was not called yet") if value is None else value
    value = ends(obj, name.removesuffix("s"))
    if value is None:
        return Unknown("the model is not built yet")
    # Of a structure that is known in part it is not known how many there are.
    return m.alloc(ListObject(tensors_in(m, value)) if is_whole(m, value) else ListObject((), open=True))


def layers_of(m: Machine, ref: Value) -> tuple[Value, ...] | None:
    """The layers of a model, as ``model.layers`` has them."""
    obj = m.read(ref) if isinstance(ref, Ref) else None
    if isinstance(obj, SequentialObject):
        return None if obj.lost else obj.layers
    if isinstance(obj, FunctionalObject):
        if obj.network is not None and obj.network.source == obj.inputs:
            assert isinstance(ref, Ref)
            inside = layers_of_network(ref.address, obj.network)
            before = graph_layers(m, obj.inputs, obj.inputs)
            return None if before is None else (*before, *inside)
        return None if obj.opaque_layers else graph_layers(m, obj.inputs, obj.outputs)
    if isinstance(obj, InstanceObject):
        if obj.model is not None and obj.model.outputs is not None:
            return graph_layers(m, obj.model.inputs or NONE, obj.model.outputs)
        found = [_tracked(m, value) for _, value in obj.attributes]
        known = [layers for layers in found if layers is not None]
        return tuple(dict.fromkeys(layer for layers in known for layer in layers)) if len(known) == len(found) else None
    return None


def _tracked(m: Machine, value: Value) -> list[Value] | None:
    """The layers that Keras finds in an attribute: a layer, or layers in a list, tuple or dict
    (Keras 3.15.1); `None` where there may be others."""
    if isinstance(value, Unknown | OneOf):
        return None
    target = m.read(value) if isinstance(value, Ref) else None
    if isinstance(target, LayerObject | SequentialObject | FunctionalObject) or (
        isinstance(target, InstanceObject) and target.layer is not None
    ):
        return [value]
    items: tuple[Value, ...] = value.items if isinstance(value, TupleValue) else ()
    if isinstance(target, ListObject | DictObject):
        items = target.items if isinstance(target, ListObject) else tuple(item for _, item in target.entries)
        if target.open:
            return None
    parts = [_tracked(m, item) for item in items]
    known = [layers for layers in parts if layers is not None]
    return [layer for layers in known for layer in layers] if len(known) == len(parts) else None


@function("keras.layers.Layer.count_params", params="self")
def count(m: Machine, a: Arguments) -> Value:
    """``layer.count_params()``."""
    total = count_params(m, a.values["self"])
    return Opaque("int") if total is None else Const(total)


@function(
    "keras.Model.summary",
    "keras.Model.save",
    "keras.Model.save_weights",
    "keras.Model.load_weights",
    "keras.Model.export",
    "keras.Model.reset_states",
    params="self, *args, **kwargs",
)
def no_shapes(m: Machine, a: Arguments) -> Value:
    """Methods without effect on shapes."""
    return NONE
