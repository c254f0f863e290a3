"""Data that a class of the program's own gives batch by batch: ``keras.utils.PyDataset`` (``Sequence``)."""

from __future__ import annotations

from shapelens.library.machine import Machine
from shapelens.values.objects import ClassObject, InstanceObject, ListObject
from shapelens.values.value import BoundMethod, Const, DatasetValue, Lib, Ref, TupleValue, Value

_BASE = "keras.utils.Sequence"
_MAX_BASES = 16


def as_dataset(machine: Machine, value: Value) -> Value:
    """A `PyDataset` of the program's as a dataset of what ``__getitem__(0)`` gives; anything else as it is.

    Keras 3.15.1 asks for every batch, in some order; one that is a list is taken like a tuple.
    """
    obj = machine.read(value) if isinstance(value, Ref) else None
    if not isinstance(obj, InstanceObject) or not _inherits(machine, obj.cls, _MAX_BASES):
        return value
    getitem = machine.attribute(value, "__getitem__")
    if not isinstance(getitem, BoundMethod):
        return value
    item = machine.call(getitem, (Const(0),), {})
    listed = machine.read(item) if isinstance(item, Ref) else None
    if isinstance(listed, ListObject) and not listed.open:
        item = TupleValue(listed.items)
    return DatasetValue(item, batched=1, kind="sequence", origin=obj.origin)


def _inherits(machine: Machine, cls: Value, depth: int) -> bool:
    if isinstance(cls, Lib):
        return cls.name == _BASE
    obj = machine.read(cls) if isinstance(cls, Ref) and depth else None
    return isinstance(obj, ClassObject) and any(_inherits(machine, base, depth - 1) for base in obj.bases)
