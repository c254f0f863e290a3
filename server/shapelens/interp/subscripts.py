"""``value[index]``: loading, storing and deleting items."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from shapelens.interp import enums
from shapelens.interp.convert import one_of_each
from shapelens.interp.joins import join_values, one_of
from shapelens.interp.truth import is_class_like, is_no_constant
from shapelens.library import consult, registry
from shapelens.library.arrays.convert import as_dim, is_none
from shapelens.library.arrays.index import subscript
from shapelens.library.arrays.slicing import slice_length
from shapelens.library.keras import models
from shapelens.values.failure import Failure, NotKnown, ShapeFailure
from shapelens.values.objects import ClassObject, DictObject, ListObject
from shapelens.values.value import (
    Const,
    DatasetValue,
    Lib,
    LibObject,
    OneOf,
    Opaque,
    Ref,
    SliceValue,
    TensorValue,
    TupleValue,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from shapelens.interp.machine import Interpreter


# Annotations that may state a shape beside the type of an array.
STATING = ("jaxtyping.", "typing.Annotated", "typing_extensions.Annotated")
GETITEM = Lib("operator.getitem")
# A longer expression would bury the sentence.
LONGEST = 40


def evaluate_index(m: Interpreter, node: ast.expr) -> Value:
    """The value of what stands in the brackets: only there is ``...`` an index. Elsewhere code is left out."""
    if isinstance(node, ast.Constant) and node.value is Ellipsis:
        return Const(Ellipsis)
    if isinstance(node, ast.Tuple) and any(isinstance(item, ast.Constant | ast.Tuple) for item in node.elts):
        if not any(isinstance(item, ast.Starred) for item in node.elts):
            return TupleValue(tuple(evaluate_index(m, item) for item in node.elts))
    return m.evaluate(node)


def load(m: Interpreter, node: ast.Subscript, value: Value, index: Value) -> Value:
    """``value[index]``."""
    if isinstance(value, TensorValue) or (isinstance(value, Lib) and value.name.startswith("numpy.")):
        # A `np.c_[...]` is a call in all but its brackets.
        try:
            with m.at(node, ((node.value, "self", value),)):
                try:
                    return m.attach(subscript(value, index, m), (value,), GETITEM, (value, index))
                except ShapeFailure as failure:
                    reply = consult.confirm(m, GETITEM, (value, index), {}, failure.failure)
                kind = value.kind if isinstance(value, TensorValue) else "numpy"
                return m.attach(consult.value_of(m, reply, kind), (value,), GETITEM, (value, index))
        except ShapeFailure as failure:
            return m.failed_at(node, failure.failure, ((node.value, "self", value),))
        except NotKnown as reason:
            return Unknown(reason.reason)
    if isinstance(value, OneOf):
        return m.each(value, lambda v: load(m, node, v, index))
    if isinstance(index, OneOf):
        return m.each(index, lambda i: load(m, node, value, i))
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Lib) and value.name.startswith(STATING) and isinstance(index, TupleValue) and index.items:
        return LibObject(value.name, (("of", index.items[0]), ("metadata", TupleValue(index.items[1:]))))
    if isinstance(value, Lib) and (value.name.startswith(("typing.", "builtins.")) or is_class_like(value)):
        # `List[int]`, `dict[str, int]`.
        return value
    if isinstance(value, TupleValue):
        if isinstance(index, Const) and type(index.value) is int:
            outside = _outside(m, node, len(value.items), index.value)
            if outside is not None:
                return m.failed_at(node, outside, ())
        return _item_of(m, value.items, index, lambda items: TupleValue(items))
    if isinstance(value, Const) and isinstance(value.value, str):
        return _item_of(m, tuple(map(Const, value.value)), index, _joined) if len(value.value) < 4096 else Opaque("str")
    if isinstance(value, Ref):
        obj = m.read(value)
        if isinstance(obj, ListObject):
            if obj.open:
                return _open_item(m, obj, index)
            return _item_of(m, obj.items, index, lambda items: m.alloc(ListObject(items)))
        if isinstance(obj, DictObject):
            found = obj.get(index)
            if found is not None:
                if index in obj.perhaps and obj.factory is not None:
                    return join_values(found, m.call(obj.factory, (), {}))
                return found
            if obj.factory is not None and not obj.open and isinstance(index, Const | TupleValue):
                made = m.call(obj.factory, (), {})
                m.write(value, obj.with_entry(index, made))
                return made
            if obj.factory is not None:
                # Something is there now, under a key that is not known.
                m.write(value, replace(obj, open=True))
            return _any_entry(m, obj) if isinstance(index, Unknown | Opaque) else Unknown("the key is not known here")
        if isinstance(obj, ClassObject) and enums.is_enum(m, value):
            return enums.by_name(m, value, index) or Unknown("which member this is is not known")
        return m.call_method(value, "__getitem__", (index,))
    if isinstance(value, DatasetValue):
        return value.element
    return Unknown("what is indexed here is not known")


def _outside(m: Interpreter, node: ast.Subscript, count: int, index: int) -> Failure | None:
    """``image.shape[2]`` of an image of two axes."""
    if -count <= index < count:
        return None
    text = m.source(node.value)
    given = f"`{text}`" if len(text) <= LONGEST and "\n" not in text else "this tuple"
    items = "1 item" if count == 1 else f"{count} items"
    return Failure("axis-out-of-range", f"{given} has {items}, and none at {index}", keras="tuple index out of range")


def _joined(items: tuple[Value, ...]) -> Value:
    return Const("".join(str(item.value) for item in items if isinstance(item, Const)))


def _open_item(m: Interpreter, obj: ListObject, index: Value) -> Value:
    if isinstance(index, SliceValue):
        return m.alloc(_open_slice(obj, index))
    return Unknown("the list's items are not known") if obj.rest is None else one_of_each(m, obj.rest)


def _open_slice(obj: ListObject, index: SliceValue) -> ListObject:
    """A part of a list of which not every item is known: which items are in it is not known either."""
    rest = None if obj.rest is None else _any((*obj.items, obj.rest))
    bounds = [None if is_none(part) else as_dim(part) for part in (index.start, index.stop, index.step)]
    return replace(obj, items=(), rest=rest, count=slice_length(obj.count, *bounds))


def _item_of(m: Interpreter, items: tuple[Value, ...], index: Value, build: object) -> Value:
    assert callable(build)
    if isinstance(index, TensorValue) and index.spec.shape.rank == 0 and isinstance(index.data, int):
        index = Const(index.data)
    if isinstance(index, Const) and isinstance(index.value, int):
        if -len(items) <= index.value < len(items):
            return items[index.value]
        return Unknown("the index is out of range")
    if isinstance(index, SliceValue):
        bounds = _bounds(index)
        if bounds is not None:
            if bounds.step == 0:
                return Unknown("the slice's step is zero")
            result: Value = build(items[bounds])
            return result
        return m.alloc(ListObject((), open=True, rest=_any(items)))
    found = _any(items)
    return Unknown("the index is not known") if found is None else found


def _any(items: tuple[Value, ...]) -> Value | None:
    if not items or len(items) > 64:
        return None
    joined = items[0]
    for item in items[1:]:
        joined = join_values(joined, item)
    return joined


def store(m: Interpreter, value: Value, index: Value, item: Value) -> None:
    """``value[index] = item``."""
    if isinstance(value, OneOf):
        models.lend(m, item)
        for alternative in value.values:
            havoc(m, alternative)
        return
    if isinstance(value, Lib) and f"{value.name}.__setitem__" in registry.FUNCTIONS:
        m.call_method(value, "__setitem__", (index, item))
        return
    if not isinstance(value, Ref):
        models.lend(m, item)
        return
    obj = m.read(value)
    if isinstance(obj, DictObject):
        unsure = isinstance(index, Lib) and not is_no_constant(index)
        if unsure or isinstance(index, Unknown | Opaque | OneOf):
            either = tuple((key, join_values(old, item)) for key, old in obj.entries)
            m.write(value, replace(obj, entries=either, open=True))
            return
        m.write(value, obj.with_entry(index, item))
    elif isinstance(obj, ListObject):
        if isinstance(index, Const) and isinstance(index.value, int) and not obj.open:
            if -len(obj.items) <= index.value < len(obj.items):
                items = list(obj.items)
                items[index.value] = item
                m.write(value, replace(obj, items=tuple(items)))
            return
        if isinstance(index, SliceValue) and not obj.open and _put_into(m, value, obj, index, item):
            return
        havoc(m, value)
    else:
        m.call_method(value, "__setitem__", (index, item))


def _put_into(m: Interpreter, ref: Ref, obj: ListObject, index: SliceValue, item: Value) -> bool:
    """``items[1:3] = others``, where all of it is known."""
    others = m.items(item)
    bounds = _bounds(index)
    if others is None or bounds is None:
        return False
    items = list(obj.items)
    try:
        items[bounds] = others
    except ValueError:
        return False
    m.write(ref, replace(obj, items=tuple(items)))
    return True


def _bounds(index: SliceValue) -> slice | None:
    """The slice, where its bounds are known."""
    parts = (index.start, index.stop, index.step)
    if not all(isinstance(p, Const) and (p.value is None or isinstance(p.value, int)) for p in parts):
        return None
    return slice(*(p.value for p in parts if isinstance(p, Const)))


def delete(m: Interpreter, value: Value, index: Value) -> None:
    """``del value[index]``."""
    if not isinstance(value, Ref):
        return
    obj = m.read(value)
    if isinstance(obj, DictObject):
        m.write(value, obj.without(index))
    elif isinstance(obj, ListObject):
        if isinstance(index, Const) and isinstance(index.value, int) and not obj.open:
            items = list(obj.items)
            if -len(items) <= index.value < len(items):
                del items[index.value]
            m.write(value, replace(obj, items=tuple(items)))
        else:
            havoc(m, value)
    else:
        m.call_method(value, "__delitem__", (index,))


def _any_entry(m: Interpreter, obj: DictObject) -> Value:
    """What is found under a key that is not known: lists and dicts among it may be changed through it."""
    inner = [item for _, item in obj.entries if isinstance(item, Ref)]
    mutable = [item for item in inner if isinstance(m.read(item), ListObject | DictObject)]
    if mutable and not obj.open and len(mutable) == len(obj.entries):
        one = one_of(tuple(mutable))
        if not isinstance(one, Unknown):
            return one
    for item in mutable:
        havoc(m, item)
    return Unknown("the key is not known here")


def havoc(m: Interpreter, value: Value) -> None:
    """Forget the contents of a list or dict: something that is not followed may change it."""
    models.lend(m, value)
    if not isinstance(value, Ref):
        return
    obj = m.read(value)
    if isinstance(obj, ListObject):
        m.write(value, ListObject((), open=True, type_name=obj.type_name))
    elif isinstance(obj, DictObject):
        m.write(value, DictObject(tuple((k, Unknown("it may have been changed")) for k, _ in obj.entries), True))
