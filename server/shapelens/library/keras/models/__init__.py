"""Layers and models as objects of a program: making, calling, and asking them."""

from __future__ import annotations

from collections.abc import Mapping

from shapelens.library.keras.models import attributes, ends, functional, inputs, layers, parts, sequential, subclass
from shapelens.library.keras.signatures import known
from shapelens.library.machine import Machine
from shapelens.library.registry import mro
from shapelens.values.objects import (
    FunctionalObject,
    HeapObject,
    InstanceObject,
    LayerObject,
    SequentialObject,
)
from shapelens.values.value import Ref, Unknown, Value

attribute = attributes.attribute
construct = layers.construct
part = parts.part
lend = ends.lend
set_attribute = attributes.set_attribute
renamed = attributes.renamed
__all__ = [
    "attribute",
    "call",
    "construct",
    "inputs",
    "is_layer_class",
    "is_model_class",
    "lend",
    "part",
    "renamed",
    "set_attribute",
]


def is_layer_class(name: str) -> bool:
    """Whether the library class ``name`` is a layer (models are)."""
    return "keras.layers.Layer" in mro(name) or (name.startswith("keras.layers.") and known(name))


def is_model_class(name: str) -> bool:
    """Whether the library class ``name`` is a model."""
    return "keras.Model" in mro(name)


def call(m: Machine, ref: Ref, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Value:
    """Call the layer or model at ``ref``."""
    obj: HeapObject = m.read(ref)
    if isinstance(obj, LayerObject):
        return layers.call_layer(m, ref, obj, args, kwargs)
    if isinstance(obj, SequentialObject):
        return sequential.call_sequential(m, ref, obj, args, kwargs)
    if isinstance(obj, FunctionalObject):
        return functional.call_functional(m, ref, obj, args, kwargs)
    if isinstance(obj, InstanceObject):
        return subclass.call_instance(m, ref, obj, args, kwargs)
    return Unknown("this object is not known to be callable")
