"""The names that Keras gives to layers."""

from __future__ import annotations

import re
from functools import cache

from shapelens.values.objects import LayerObject
from shapelens.values.value import Const

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
