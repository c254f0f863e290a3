"""What programs ask of layers and models: ``output``, ``output_shape``, ``layers``, ``units`` ..."""

from __future__ import annotations

from shapelens.library.keras.layers.apply import spec_nest
from shapelens.library.keras.models.counting import count_params
from shapelens.library.keras.models.graph import graph_layers
from shapelens.library.keras.models.inherited import inner_layer
from shapelens.library.keras.models.nests import shape_value, tensors_in
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.values.objects import (
    FunctionalObject,
    HeapObject,
    InstanceObject,
    LayerObject,
    LayerState,
    ListObject,
    SequentialObject,
)
from shapelens.values.value import (
    NONE,
    TRUE,
    Const,
    LibMethod,
    Opaque,
    Ref,
    Unknown,
    Value,
)

MODEL = SequentialObject | FunctionalObject


def attribute(m: Machine, ref: Ref, obj: HeapObject, name: str) -> Value | None:
    """``ref.name`` for a layer or model; `None` when it is a method or not known."""
    if not isinstance(obj, LayerObject | SequentialObject | FunctionalObject | InstanceObject):
        return None
    if isinstance(obj, InstanceObject) and obj.layer is None:
        return None
    if name in ("output", "outputs", "input", "inputs"):
        return _end(m, obj, name)
    if name in ("output_shape", "input_shape"):
        nest = _end(m, obj, name.removesuffix("_shape"))
        specs = None if nest is None or isinstance(nest, Unknown) else spec_nest(m, nest)
        return Unknown("the model's shape is not known here") if specs is None else shape_value(specs, m)
    if name == "layers":
        layers = layers_of(m, ref)
        return m.alloc(ListObject((), open=True)) if layers is None else m.alloc(ListObject(layers))
    state = _state(obj)
    if name == "name":
        return Opaque("str") if state.name is None else Const(state.name)
    if name == "built":
        return TRUE if state.built or not isinstance(obj, LayerObject) else Opaque("bool")
    if isinstance(obj, LayerObject):
        given = obj.get(name)
        # What was left out may be made when the layer is built (`Normalization().mean`).
        return None if given == NONE else given
    inner = inner_layer(obj) if isinstance(obj, InstanceObject) else None
    if inner is not None:
        found = m.attribute(inner, name)
        return None if isinstance(found, Unknown | LibMethod) else found
    return None


def _state(obj: LayerObject | SequentialObject | FunctionalObject | InstanceObject) -> LayerState:
    if isinstance(obj, InstanceObject):
        return obj.layer or LayerState()
    return obj.state


def _end(m: Machine, obj: HeapObject, name: str) -> Value | None:
    """The symbolic input or output; ``inputs`` and ``outputs`` as lists."""
    value = ends(obj, "output" if name.startswith("output") else "input")
    if value is None:
        return Unknown("the layer was not called yet")
    if name.endswith("s"):
        tensors = tensors_in(m, value)
        return m.alloc(ListObject(tensors))
    return value


def ends(obj: HeapObject, name: str) -> Value | None:
    """The symbolic ``input`` or ``output`` of a layer or model, where it has one."""
    if isinstance(obj, SequentialObject):
        if obj.inputs is None or obj.lost is not None:
            return None
        if name == "input":
            return obj.inputs
        return obj.outputs[-1] if len(obj.outputs) == len(obj.layers) and obj.outputs else None
    if isinstance(obj, FunctionalObject):
        return obj.inputs if name == "input" else obj.outputs
    if isinstance(obj, InstanceObject) and obj.model is not None and obj.model.outputs is not None:
        return obj.model.inputs if name == "input" else obj.model.outputs
    if isinstance(obj, LayerObject | InstanceObject):
        state = _state(obj)
        return state.input_value if name == "input" else state.output_value
    return None


def layers_of(m: Machine, ref: Value) -> tuple[Value, ...] | None:
    """The layers of a model, as ``model.layers`` has them."""
    obj = m.read(ref) if isinstance(ref, Ref) else None
    if isinstance(obj, SequentialObject):
        return None if obj.lost else obj.layers
    if isinstance(obj, FunctionalObject):
        return None if obj.opaque_layers else graph_layers(m, obj.outputs)
    if isinstance(obj, InstanceObject):
        if obj.model is not None and obj.model.outputs is not None:
            return graph_layers(m, obj.model.outputs)
        found = []
        for _, value in obj.attributes:
            target = m.read(value) if isinstance(value, Ref) else None
            if isinstance(target, LayerObject | SequentialObject | FunctionalObject) or (
                isinstance(target, InstanceObject) and target.layer is not None
            ):
                found.append(value)
        return tuple(found)
    return None


@function("keras.Model.get_layer", params="self, name=None, index=None")
def get_layer(m: Machine, a: Arguments) -> Value:
    """``model.get_layer("block5_conv3")``."""
    layers = layers_of(m, a.values["self"])
    if layers is None:
        return Unknown("the model's layers are not known")
    index = a.get("index")
    if isinstance(index, Const) and isinstance(index.value, int) and -len(layers) <= index.value < len(layers):
        return layers[index.value]
    wanted = a.get("name")
    if isinstance(wanted, Const):
        for layer in layers:
            obj = m.read(layer) if isinstance(layer, Ref) else None
            if isinstance(obj, LayerObject | SequentialObject | FunctionalObject | InstanceObject):
                if _state(obj).name == wanted.value:
                    return layer
    return Unknown("no layer is known by this name: Keras numbers the names that it makes up itself")


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
