"""Models from files, from configurations, and copies of models (Keras 3.15.1)."""

from __future__ import annotations

from shapelens.library.keras.models.cloning import Cloning
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.values.failure import NotKnown
from shapelens.values.objects import FunctionalObject, InstanceObject, LayerObject, SequentialObject
from shapelens.values.value import NONE, LibObject, Ref, Value

CONFIG = "keras.ModelConfig"


@function(
    "keras.models.load_model",
    "keras.saving.load_model",
    "keras.models.model_from_json",
    params="*args, **kwargs",
)
def load_model(m: Machine, a: Arguments) -> Value:
    """A model that is not in the program's text."""
    m.lose_names()
    raise NotKnown("the model is read from a file")


@function("keras.utils.clear_session", "keras.backend.clear_session", params="*args, **kwargs")
def clear_session(m: Machine, a: Arguments) -> Value:
    """Keras forgets the names that it made up."""
    m.begin_names()
    return NONE


@function(
    "keras.models.clone_model",
    params="model, input_tensors=None, clone_function=None, call_function=None, recursive=False, **kwargs",
)
def clone_model(m: Machine, a: Arguments) -> Value:
    """New layers of the same names with weights of their own, not compiled; perhaps on another input."""
    source = a.values["model"]
    obj = m.read(source) if isinstance(source, Ref) else None
    if not isinstance(source, Ref) or not isinstance(obj, SequentialObject | FunctionalObject):
        raise NotKnown("the copied model is not known")
    if a.values.get("call_function", NONE) != NONE:
        raise NotKnown("how the copied layers are called is not known")
    making = a.values.get("clone_function", NONE)
    return Cloning(m, None if making == NONE else making).model(source, a.values.get("input_tensors", NONE))


@function("keras.layers.Layer.get_config", params="self")
def get_config(m: Machine, a: Arguments) -> Value:
    """``layer.get_config()``: good for ``from_config`` alone."""
    return LibObject(CONFIG, (("\0of", a.values["self"]),), m.site)


@function("keras.layers.serialize", params="layer")
def serialize(m: Machine, a: Arguments) -> Value:
    """``keras.layers.serialize(layer)``: good for ``deserialize`` alone."""
    if not isinstance(a.values["layer"], Ref):
        raise NotKnown("what is serialized is no layer in sight")
    return LibObject(CONFIG, (("\0of", a.values["layer"]),), m.site)


@function(
    "keras.layers.Layer.from_config",
    "keras.models.model_from_config",
    "keras.layers.deserialize",
    params="config, custom_objects=None",
)
def from_config(m: Machine, a: Arguments) -> Value:
    """A new layer or model like the one whose configuration it is.

    Only where the configuration is got in the same call: in a variable of its own it may have been changed.
    """
    config = a.values["config"]
    if isinstance(config, LibObject) and config.origin is not None and not config.origin.inside(m.site):
        raise NotKnown("the configuration may have been changed")
    source = config.get("\0of") if isinstance(config, LibObject) and config.class_name == CONFIG else None
    obj = m.read(source) if isinstance(source, Ref) else None
    if not isinstance(source, Ref) or isinstance(obj, InstanceObject):
        raise NotKnown("the configuration is not known")
    if isinstance(obj, LayerObject):
        return Cloning(m, None).layer(source)
    return Cloning(m, None).model(source, NONE)
