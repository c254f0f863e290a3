"""Models from files and copies of models (Keras 3.15.1)."""

from __future__ import annotations

from dataclasses import replace

from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.values.failure import NotKnown
from shapelens.values.objects import FunctionalObject, ModelState, SequentialObject
from shapelens.values.value import Ref, Value


@function(
    "keras.models.load_model",
    "keras.saving.load_model",
    "keras.models.model_from_json",
    "keras.models.model_from_config",
    params="*args, **kwargs",
)
def load_model(m: Machine, a: Arguments) -> Value:
    """A model that is not in the program's text."""
    raise NotKnown("the model is read from a file")


@function("keras.models.clone_model", params="model, *args, **kwargs")
def clone_model(m: Machine, a: Arguments) -> Value:
    """The same layers again, not compiled."""
    source = a.values["model"]
    obj = m.read(source) if isinstance(source, Ref) else None
    if not isinstance(obj, SequentialObject | FunctionalObject) or len(a.values) + len(a.rest) + len(a.extra) > 1:
        raise NotKnown("the copied model is not known")
    return m.alloc(replace(obj, model=ModelState()))
