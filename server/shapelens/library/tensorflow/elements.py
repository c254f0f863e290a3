"""The structure of a dataset's elements: tuples, dicts and tensors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import as_shape, as_spec, is_none
from shapelens.library.arrays.dtypes import dtype_of
from shapelens.library.machine import Machine
from shapelens.library.tensorflow.creation import converted
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, TensorSpec
from shapelens.values.objects import DictObject
from shapelens.values.value import DatasetValue, LibObject, Ref, TensorValue, TupleValue, Unknown, Value


def iterated(machine: Machine, dataset: DatasetValue) -> Value:
    """What iterating over the dataset eagerly gives: the batch axis has its real size where it is known."""
    size: Dim = ANY if dataset.batch_size is None else dataset.batch_size

    def real(part: TensorValue) -> Value:
        shape = part.spec.shape
        if shape.open or None not in shape.dims:
            return part
        dims = tuple(ANY if d is None else d for d in shape.dims[1:])
        first = size if shape.dims[0] is None else shape.dims[0]
        return replace(part, spec=TensorSpec(Shape((first, *dims)), part.spec.dtype))

    return mapped(machine, dataset.element, real)


def mapped(machine: Machine, value: Value, change: Callable[[TensorValue], Value]) -> Value:
    """``value`` with each tensor of the structure changed."""
    if isinstance(value, TensorValue):
        return change(value)
    if isinstance(value, TupleValue):
        return TupleValue(tuple(mapped(machine, item, change) for item in value.items), value.fields)
    if isinstance(value, Ref):
        obj = machine.read(value)
        if isinstance(obj, DictObject):
            entries = tuple((key, mapped(machine, item, change)) for key, item in obj.entries)
            return machine.alloc(DictObject(entries, obj.open))
    return value if isinstance(value, DatasetValue) else Unknown("the structure of an element is not known")


def as_element(machine: Machine, value: Value) -> Value:
    """``value`` as ``tf.data`` structures it: tuples and dicts nest, everything else is a tensor."""
    if isinstance(value, TupleValue):
        return TupleValue(tuple(as_element(machine, item) for item in value.items), value.fields)
    if isinstance(value, DatasetValue | Unknown):
        return value
    if isinstance(value, Ref):
        obj = machine.read(value)
        if isinstance(obj, DictObject):
            entries = tuple((key, as_element(machine, item)) for key, item in obj.entries)
            return machine.alloc(DictObject(entries, obj.open))
    found = as_spec(value, machine, "tensorflow")
    if found is None:
        return Unknown("this part of an element is not known")
    return replace(converted(machine, found, None), kind="tensor", data=None)


def from_signature(machine: Machine, value: Value) -> Value:
    """An element as an ``output_signature`` describes it."""
    if isinstance(value, LibObject) and value.class_name == "tensorflow.TensorSpec":
        shape = as_shape(machine, value.get("shape"))
        dtype = value.get("dtype")
        named = "float32" if dtype is None else dtype_of(dtype, "tensorflow")
        return tensor(machine, UNKNOWN_SHAPE if is_none(value.get("shape")) else shape, named, "tensor")
    if isinstance(value, TupleValue):
        return TupleValue(tuple(from_signature(machine, item) for item in value.items))
    if isinstance(value, Ref):
        obj = machine.read(value)
        if isinstance(obj, DictObject):
            entries = tuple((key, from_signature(machine, item)) for key, item in obj.entries)
            return machine.alloc(DictObject(entries, obj.open))
    return Unknown("this part of the signature is not followed")


def from_types(machine: Machine, types: Value | None, shapes: Value | None) -> Value:
    """An element as ``output_types`` and ``output_shapes`` describe it."""
    if isinstance(types, TupleValue):
        inner = shapes.items if isinstance(shapes, TupleValue) else (None,) * len(types.items)
        if len(inner) != len(types.items):
            return Unknown("the structure of an element is not known")
        return TupleValue(tuple(map(lambda t, s: from_types(machine, t, s), types.items, inner)))
    dtype = dtype_of(types, "tensorflow")
    if dtype is None:
        return Unknown("the structure of an element is not known")
    shape = UNKNOWN_SHAPE if is_none(shapes) else as_shape(machine, shapes)
    return tensor(machine, shape, dtype, "tensor")
