"""What ``fit`` gives back: ``keras.callbacks.History`` (Keras 3.15.1)."""

from __future__ import annotations

from shapelens.library.machine import Machine
from shapelens.library.registry import attribute
from shapelens.values.objects import DictObject, ListObject
from shapelens.values.value import Opaque, Value


@attribute("keras.callbacks.History.history")
def history(m: Machine, value: Value) -> Value:
    """Numbers for each epoch, by names that depend on the metrics."""
    return m.alloc(DictObject((), open=True))


@attribute("keras.callbacks.History.epoch")
def epochs(m: Machine, value: Value) -> Value:
    """The numbers of the epochs."""
    return m.alloc(ListObject((), open=True, rest=Opaque("int")))
