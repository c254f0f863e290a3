"""``model.get_layer``: one layer of a model, by name or by index (Keras 3.15.1)."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import NoReturn

from shapelens.library.keras.layers.naming import name_of
from shapelens.library.keras.models.attributes import RENAMED, layers_of
from shapelens.library.keras.models.ends import state_of
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.values.failure import Failure, ShapeFailure
from shapelens.values.names import AutoName
from shapelens.values.objects import FunctionalObject, InstanceObject, LayerObject, SequentialObject
from shapelens.values.value import NONE, Const, Ref, Unknown, Value

# Names that are listed in a sentence.
MAX_LISTED = 6


@function("keras.Model.get_layer", params="self, name=None, index=None")
def get_layer(m: Machine, a: Arguments) -> Value:
    """``model.get_layer("block5_conv3")``."""
    name, index = a.values.get("name", NONE), a.values.get("index", NONE)
    if not isinstance(name, Const) or not isinstance(index, Const):
        return Unknown("which layer is asked for is not known")
    if (name == NONE) == (index == NONE):
        _refuse_both(name, index)
    layers = layers_of(m, a.values["self"])
    if layers is None:
        return Unknown("the model's layers are not known")
    return _by_index(layers, index) if name == NONE else _by_name(m, layers, name)


def _text(value: Const) -> str:
    return value.value if isinstance(value.value, str) else repr(value.value)


def _refuse_both(name: Const, index: Const) -> NoReturn:
    neither = name == NONE
    raise ShapeFailure(
        Failure(
            "unknown-layer",
            "get_layer needs the name or the index of a layer"
            if neither
            else "get_layer takes the name or the index of a layer, not both",
            keras="Provide either a layer name or layer index at `get_layer`."
            if neither
            else f"Provide only a layer name or a layer index. Received: index={_text(index)}, name={_text(name)}.",
        )
    )


def _may_be(auto: AutoName, wanted: Const) -> bool:
    """Whether a made-up name that is not known may be the one that is wanted."""
    return isinstance(wanted.value, str) and re.fullmatch(rf"{auto.kind}(_\d+)?", wanted.value) is not None


def _by_index(layers: tuple[Value, ...], index: Const) -> Value:
    if not isinstance(index.value, int):
        return Unknown("the index is no number")
    if -len(layers) <= index.value < len(layers):
        return layers[index.value]
    count = len(layers)
    below = index.value < 0
    raise ShapeFailure(
        Failure(
            "unknown-layer",
            f"there is no layer {index.value}: the model has {count} layers, 0 to {count - 1}",
            keras="list index out of range"
            if below
            else f"Was asked to retrieve layer at index {index.value} but model only has {count} layers.",
            subject="index",
        )
    )


def _by_name(m: Machine, layers: tuple[Value, ...], wanted: Const) -> Value:
    names: list[str] = []
    complete = True
    for layer in layers:
        obj = m.read(layer) if isinstance(layer, Ref) else None
        if not isinstance(obj, LayerObject | SequentialObject | FunctionalObject | InstanceObject):
            return Unknown("one of the model's layers is not known")
        state = state_of(obj)
        name = name_of(m, state)
        if name is not None:
            if name == wanted.value:
                return layer
            names.append(name)
        elif state.auto is None or _may_be(state.auto, wanted):
            return Unknown("the names that Keras makes up are not all known here")
        else:
            complete = False
    if not complete and any(isinstance(m.read(layer), InstanceObject) for layer in layers if isinstance(layer, Ref)):
        # A program that looks at the names before it asks would not be followed.
        return Unknown("the names that Keras makes up are not all known here")
    if m.setting(RENAMED) is not None:
        return Unknown("a layer was given another name that is not known")
    close = get_close_matches(str(wanted.value), names, MAX_LISTED, 0.6) or names[-MAX_LISTED:]
    listed = ", ".join(f"'{name}'" for name in close)
    raise ShapeFailure(
        Failure(
            "unknown-layer",
            f"the model has no layer named {wanted.value!r}" + (f"; it has {listed}" if listed else ""),
            keras=f"No such layer: {_text(wanted)}. Existing layers are: {names}." if complete else None,
            subject="name",
            details={"names": tuple(close)},
        )
    )
