"""Custom training loops: ``tf.GradientTape``, optimizers, metric objects, ``fit``'s history (TensorFlow 2.21)."""

from __future__ import annotations

from dataclasses import replace

from shapelens.library.arrays.convert import as_spec
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, attribute, function
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, TensorSpec
from shapelens.values.failure import NotKnown
from shapelens.values.objects import DictObject, ListObject
from shapelens.values.value import NONE, Opaque, Ref, TensorValue, TupleValue, Unknown, Value

_TAPE = "tensorflow.GradientTape"


@function(f"{_TAPE}.gradient", params="self, target, sources, output_gradients=None, unconnected_gradients='none'")
def gradient(m: Machine, a: Arguments) -> Value:
    """A tensor of each source's shape, in the structure of the sources."""
    return _like(m, a.values["sources"])


def _like(m: Machine, source: Value) -> Value:
    if isinstance(source, TensorValue):
        return TensorValue(source.spec, "tensor", origin=m.site)
    if isinstance(source, TupleValue):
        return TupleValue(tuple(_like(m, item) for item in source.items), source.fields)
    obj = m.read(source) if isinstance(source, Ref) else None
    if isinstance(obj, ListObject):
        rest = None if obj.rest is None else _like(m, obj.rest)
        return m.alloc(replace(obj, items=tuple(_like(m, item) for item in obj.items), rest=rest))
    if isinstance(obj, DictObject):
        return m.alloc(DictObject(tuple((key, _like(m, item)) for key, item in obj.entries), obj.open))
    return source if isinstance(source, Unknown) else Unknown("what is differentiated by is not known")


@function(f"{_TAPE}.jacobian", params="self, target, sources, *args, **kwargs")
def jacobian(m: Machine, a: Arguments) -> Value:
    """The target's axes, then the source's."""
    return _product(m, a, "sources", 0)


@function(f"{_TAPE}.batch_jacobian", params="self, target, source, *args, **kwargs")
def batch_jacobian(m: Machine, a: Arguments) -> Value:
    """The target's axes, then the source's without the first, which both have."""
    return _product(m, a, "source", 1)


def _product(m: Machine, a: Arguments, name: str, skipped: int) -> Value:
    source, target = as_spec(a.values[name], m, "tensorflow"), as_spec(a.values["target"], m, "tensorflow")
    if source is None or target is None:
        raise NotKnown("what is differentiated is not known")
    closed = not (source.spec.shape.open or target.spec.shape.open)
    shape = Shape((*target.spec.shape.dims, *source.spec.shape.dims[skipped:])) if closed else UNKNOWN_SHAPE
    return TensorValue(TensorSpec(shape, target.spec.dtype), "tensor", origin=m.site)


@function(f"{_TAPE}.watch", f"{_TAPE}.reset", f"{_TAPE}.__exit__", params="self, *args")
def nothing(m: Machine, a: Arguments) -> Value:
    """Gives ``None``."""
    return NONE


@attribute("keras.callbacks.History.history")
def history(m: Machine, value: Value) -> Value:
    """Numbers for each epoch, by names that depend on the metrics."""
    return m.alloc(DictObject((), open=True))


@attribute("keras.callbacks.History.epoch")
def epochs(m: Machine, value: Value) -> Value:
    """The numbers of the epochs."""
    return m.alloc(ListObject((), open=True, rest=Opaque("int")))
