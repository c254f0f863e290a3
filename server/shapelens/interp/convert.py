"""Seeing values as iterables and as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from shapelens.interp.classes import find_in_class
from shapelens.interp.enums import members_of
from shapelens.library.arrays.convert import as_spec
from shapelens.library.arrays.index import OBJECT
from shapelens.library.python.sequences import EACH
from shapelens.library.tensorflow.elements import iterated
from shapelens.shapes.dims import ANY, Dim, counter, counters, renumbered
from shapelens.shapes.shape import Shape, TensorSpec
from shapelens.values.objects import ClassObject, DictObject, InstanceObject, ListObject
from shapelens.values.value import (
    BoundMethod,
    Const,
    DatasetValue,
    FunctionValue,
    OneOf,
    Opaque,
    Ref,
    SizeValue,
    TensorValue,
    TupleValue,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from shapelens.interp.machine import Interpreter

# Rows of an array that a loop may walk one by one, when their contents are not known.
MAX_ROWS = 32


def known_items(m: Interpreter, value: Value) -> tuple[Value, ...] | None:
    """Every item of an iterable, or `None` when they are not all known."""
    if isinstance(value, TupleValue):
        return value.items
    if isinstance(value, Const) and isinstance(value.value, str):
        return tuple(Const(character) for character in value.value[:10_000])
    if isinstance(value, Ref):
        obj = m.read(value)
        if isinstance(obj, ListObject):
            return None if obj.open else obj.items
        if isinstance(obj, DictObject):
            return None if obj.open else tuple(key for key, _ in obj.entries)
        if isinstance(obj, InstanceObject):
            # Python looks it up in the class, and so past `__getattr__`.
            walk = find_in_class(m, obj.cls, "__iter__")
            walked = m.call(BoundMethod(value, walk), (), {}) if isinstance(walk, FunctionValue) else None
            return None if walked is None or walked == value else known_items(m, walked)
        if isinstance(obj, ClassObject):
            return members_of(m, value)
    if isinstance(value, TensorValue):
        length = value.spec.shape.axis(0) if not value.spec.shape.open else ANY
        few = isinstance(length, int) and (length <= MAX_ROWS or value.data is not None)
        if few and isinstance(length, int) and value.spec.shape.rank:
            return tuple(row(value, index) for index in range(length))
    return None


def row(value: TensorValue, index: int | None) -> Value:
    """``value[index]``; ``index`` is `None` for any row."""
    shape = value.spec.shape
    inner = Shape(shape.dims[1:], shape.open) if shape.dims and not shape.open else Shape((), True)
    if inner.rank == 0 and value.spec.dtype == "object":
        return Unknown(OBJECT)
    data = None
    if index is not None and isinstance(value.data, tuple) and index < len(value.data):
        data = value.data[index]
        if inner.rank == 0 and isinstance(data, int | float | bool | str):
            return (
                Const(data)
                if value.kind == "numpy"
                else TensorValue(TensorSpec(inner, value.spec.dtype), value.kind, data)
            )
    kind = "tensor" if value.kind == "variable" else value.kind
    return TensorValue(TensorSpec(inner, value.spec.dtype), kind, data, labels=value.labels, origin=value.origin)


def any_item(m: Interpreter, value: Value) -> Value:
    """What each item of an iterable is, when they are not followed one by one (see `one_of_each`)."""
    from shapelens.interp.joins import join_values

    items = known_items(m, value)
    if items is not None:
        if not items:
            return Unknown("the sequence is empty")
        return some_number(m, items)
    if isinstance(value, DatasetValue):
        return iterated(m, value)
    if isinstance(value, TensorValue):
        return row(value, None)
    if isinstance(value, Ref):
        obj = m.read(value)
        if isinstance(obj, ListObject):
            candidates = [*obj.items, *([] if obj.rest is None else [obj.rest])]
            if candidates:
                joined = candidates[0]
                for item in candidates[1:]:
                    joined = join_values(joined, item, widen=True)
                return joined
    if isinstance(value, OneOf):
        joined = any_item(m, value.values[0])
        for alternative in value.values[1:]:
            joined = join_values(joined, any_item(m, alternative), widen=True)
        return joined
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Ref):
        iterator = m.call_method(value, "__iter__", ())
        if iterator != value and not isinstance(iterator, Unknown):
            return any_item(m, iterator)
        return m.call_method(value, "__getitem__", (Opaque("int"),))
    return Unknown("what it iterates over is not known")


def one_of_each(m: Interpreter, value: Value) -> Value:
    """One item of those that ``value`` stands for: its counters are told apart from those of another."""
    return _renumbered(value, m.new_address().number)


def _renumbered(value: Value, number: int) -> Value:
    if isinstance(value, SizeValue) and EACH in counters(value.dim):
        return dim_value(renumbered(value.dim, EACH, number))
    if isinstance(value, TupleValue):
        return TupleValue(tuple(_renumbered(item, number) for item in value.items), value.fields)
    return value


def of_any_count(value: Value, since: int) -> Value:
    """``value`` without the counters numbered ``since`` or later: sizes that differ from item to item."""

    def settled(dim: Dim) -> Dim:
        return ANY if any(number >= since for number in counters(dim)) else dim

    if isinstance(value, SizeValue):
        return dim_value(settled(value.dim))
    if isinstance(value, TensorValue):
        shape = value.spec.shape
        dims = tuple(map(settled, shape.dims))
        return value if dims == shape.dims else replace(value, spec=replace(value.spec, shape=Shape(dims, shape.open)))
    if isinstance(value, TupleValue):
        return TupleValue(tuple(of_any_count(item, since) for item in value.items), value.fields)
    return value


def some_number(m: Interpreter, items: Sequence[Value]) -> Value:
    """What stands for each of ``items`` in turn; of whole numbers their range is kept."""
    numbers = [item.value for item in items if isinstance(item, Const) and type(item.value) is int]
    if len(numbers) == len(items) > 1:
        return SizeValue(counter(EACH, min(numbers), max(numbers)))
    if all(isinstance(item, TupleValue) for item in items):
        columns = list(zip(*(item.items for item in items if isinstance(item, TupleValue)), strict=False))
        if columns and all(isinstance(item, TupleValue) and len(item.items) == len(columns) for item in items):
            return TupleValue(tuple(some_number(m, column) for column in columns))
    return m.joined(items)


def as_tensor(m: Interpreter, value: Value) -> TensorValue | None:
    """``value`` as an array: numbers and nested sequences convert, as ``np.asarray`` does."""
    if isinstance(value, TensorValue):
        return value
    if isinstance(value, OneOf):
        tensors = [v for v in (as_tensor(m, alternative) for alternative in value.values) if v is not None]
        if not tensors:
            return None
        from shapelens.interp.joins import join_values

        joined: Value = tensors[0]
        for tensor in tensors[1:]:
            joined = join_values(joined, tensor)
        return joined if isinstance(joined, TensorValue) else None
    return as_spec(value, m)


def dim_value(dim: Dim) -> Value:
    """A size as the program sees it in ``x.shape``."""
    if isinstance(dim, int):
        return Const(dim)
    if dim is None:
        return Const(None)
    return SizeValue(dim) if dim.terms else Opaque("int")
