"""Structures of tensors: from specifications to values and back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from shapelens.library.arrays.convert import items_of, no_size
from shapelens.library.machine import Machine
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import Shape, SpecNest, TensorSpec
from shapelens.shapes.span import Span
from shapelens.values.failure import Failure, ShapeFailure
from shapelens.values.objects import DictObject, ListObject
from shapelens.values.value import (
    NONE,
    Const,
    OneOf,
    Opaque,
    Ref,
    SizeValue,
    TensorKind,
    TensorValue,
    TupleValue,
    Value,
)


def tensors_in(m: Machine, value: Value, depth: int = 0) -> tuple[TensorValue, ...]:
    """Every tensor in a structure of tuples, lists and dicts."""
    if isinstance(value, TensorValue):
        return (value,)
    if depth > 4:
        return ()
    items: Iterable[Value] = ()
    if isinstance(value, TupleValue):
        items = value.items
    elif isinstance(value, OneOf):
        items = value.values
    elif isinstance(value, Ref):
        obj = m.read(value)
        if isinstance(obj, ListObject):
            items = obj.items
        elif isinstance(obj, DictObject):
            items = (entry for _, entry in obj.entries)
    return tuple(tensor for item in items for tensor in tensors_in(m, item, depth + 1))


def is_symbolic(tensors: Iterable[TensorValue]) -> bool:
    """Whether any is a ``KerasTensor``."""
    return any(tensor.kind == "keras" for tensor in tensors)


def outputs_of(m: Machine, outputs: SpecNest, value: Value | None, symbolic: bool, site: Span | None = None) -> Value:
    """A layer's outputs as values: symbolic or eager tensors made at ``site``; several are a tuple.

    ``value`` is what its ``call`` gave, if that is known: where there was ``None``, it stays.
    """
    if value is not None and not isinstance(value, TensorValue | TupleValue | Ref):
        return value
    made = to_tensors(m, outputs, "keras" if symbolic else "tensor")
    if value is not None:
        made = _with_nones(m, made, value)
    return made if site is None else map_tensors(m, made, lambda tensor: replace(tensor, origin=site))


def _with_nones(m: Machine, made: Value, value: Value) -> Value:
    if value == NONE:
        return NONE
    given = m.items(value) if isinstance(value, TupleValue | Ref) else None
    if not isinstance(made, TupleValue) or given is None or len(given) != len(made.items):
        return made
    return replace(made, items=tuple(_with_nones(m, part, item) for part, item in zip(made.items, given, strict=True)))


def to_tensors(m: Machine, nest: SpecNest, kind: TensorKind) -> Value:
    """New tensors of the given specifications."""
    if isinstance(nest, TensorSpec):
        return TensorValue(nest, kind)
    if isinstance(nest, dict):
        return m.alloc(DictObject(tuple((Const(k), to_tensors(m, v, kind)) for k, v in nest.items())))
    return TupleValue(tuple(to_tensors(m, child, kind) for child in nest))


def map_tensors(m: Machine, value: Value, function: object, depth: int = 0) -> Value:
    """The same structure with every tensor replaced by ``function`` of it."""
    assert callable(function)
    if isinstance(value, TensorValue):
        result: Value = function(value)
        return result
    if depth > 4:
        return value
    if isinstance(value, TupleValue):
        return TupleValue(tuple(map_tensors(m, v, function, depth + 1) for v in value.items), value.fields)
    if isinstance(value, Ref):
        obj = m.read(value)
        if isinstance(obj, ListObject) and any(isinstance(v, TensorValue | Ref | TupleValue) for v in obj.items):
            return m.alloc(
                ListObject(tuple(map_tensors(m, v, function, depth + 1) for v in obj.items), obj.open, obj.rest)
            )
        if isinstance(obj, DictObject):
            return m.alloc(
                DictObject(tuple((k, map_tensors(m, v, function, depth + 1)) for k, v in obj.entries), obj.open)
            )
    return value


def dim_of(value: Value) -> Dim:
    """A value as a dimension in a shape that the program writes."""
    if isinstance(value, Const):
        if value.value is None:
            return None
        if isinstance(value.value, int):
            return int(value.value)
    if isinstance(value, SizeValue):
        return value.dim
    if isinstance(value, TensorValue) and isinstance(value.data, int):
        return value.data
    return ANY


def shape_of(m: Machine, value: Value | None) -> Shape | None:
    """A shape that the program writes as a tuple, list or number; `None` for ``None`` or nothing."""
    if value is None or value == Const(None):
        return None
    if isinstance(value, Const | SizeValue | Opaque):
        return Shape((dim_of(value),))
    items = m.items(value)
    if items is None:
        return Shape((), open=True)
    return Shape(tuple(dim_of(item) for item in items))


def refuse_no_shape(m: Machine, value: Value | None, argument: str) -> None:
    """Keras takes no bare number for a shape (3.15.1: ``Input(16)``, ``input_shape=784``), nor a shape for a size."""
    for index, item in enumerate(items_of(m, value) or ()):
        wrong = no_size(m, item)
        if wrong is not None:
            sentence = f"item {index} of `{argument}` is {wrong}, and a shape is made of integers"
            raise ShapeFailure(Failure("invalid-argument", sentence, subject=argument))
    if isinstance(value, Const) and isinstance(value.value, int) and not isinstance(value.value, bool):
        size = value.value
        raise ShapeFailure(
            Failure(
                "invalid-argument",
                f"`{argument}` must be a tuple, but it is the number {size}: write ({size},)",
                keras=f"Cannot convert '{size}' to a shape.",
                subject=argument,
                details={"reason": "shape-is-a-number", "size": size},
            )
        )


def shape_value(nest: SpecNest, m: Machine) -> Value:
    """A shape as the program sees it: a tuple of sizes, in the structure of the tensors."""
    from shapelens.library.python.numbers import size_value

    if isinstance(nest, TensorSpec):
        if nest.shape.open:
            return Opaque("shape")
        return TupleValue(tuple(Const(None) if d is None else size_value(d) for d in nest.shape.dims))
    if isinstance(nest, dict):
        return m.alloc(DictObject(tuple((Const(k), shape_value(v, m)) for k, v in nest.items())))
    return m.alloc(ListObject(tuple(shape_value(child, m) for child in nest)))


def with_batch(shape: Shape, batch: Dim) -> Shape:
    """``shape`` with another first axis."""
    return shape if shape.open or not shape.dims else shape.replace(0, batch)
