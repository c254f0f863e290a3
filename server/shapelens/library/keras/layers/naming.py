"""The names that Keras gives to layers."""

from __future__ import annotations

import re
from functools import cache

from shapelens.library.machine import Machine
from shapelens.values.names import AutoName
from shapelens.values.objects import LayerObject, LayerState
from shapelens.values.value import NONE, Const, Opaque, Value

# The one public name that differs from the name of its class, which Keras shows.
_CLASS_NAMES = {"GroupQueryAttention": "GroupedQueryAttention"}


def short_name(class_name: str) -> str:
    """The last part of a canonical name: ``keras.layers.Conv2D`` -> ``Conv2D``."""
    return class_name.rpartition(".")[2]


@cache
def snake_case(class_name: str) -> str:
    """The automatic name of a class's first layer: ``keras.layers.Conv2D`` -> ``conv2d``."""
    name = short_name(class_name)
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", _CLASS_NAMES.get(name, name))
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()


def layer_name(layer: LayerObject) -> str:
    """What Keras calls this layer in its messages: its ``name=``, or the automatic name."""
    given = layer.get("name")
    if isinstance(given, Const) and isinstance(given.value, str):
        return given.value
    return layer.state.name or snake_case(layer.class_name)


def name_for(m: Machine, given: Value | None, kind: str) -> tuple[str | None, AutoName | None]:
    """The name of a new layer or model: the argument ``name``, or the one that Keras makes up."""
    if given is None or given == NONE:
        return None, m.take_name(kind)
    if isinstance(given, Const) and isinstance(given.value, str):
        return given.value, None
    if not isinstance(given, Opaque) or given.type_name != "str":
        m.skip_name(kind)
    return None, None


def name_of(m: Machine, state: LayerState) -> str | None:
    """The name of a layer or model, where it is known."""
    return m.name_of(state.auto) if state.name is None and state.auto is not None else state.name
