"""What is first among values: ``min``, ``max``, ``sorted``, by a key or by themselves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from shapelens.library.arrays.alternatives import any_of
from shapelens.library.machine import Machine
from shapelens.library.python.numbers import number
from shapelens.library.python.sequences import count_of, some_item
from shapelens.library.registry import Arguments, function
from shapelens.values.failure import NotKnown
from shapelens.values.objects import ListObject
from shapelens.values.value import NONE, Const, Opaque, Ref, SizeValue, TupleValue, Value


@function("builtins.max", params="*values, key=None, default=None")
def _max(m: Machine, a: Arguments) -> Value:
    return _extreme(m, a, last=True)


@function("builtins.min", params="*values, key=None, default=None")
def _min(m: Machine, a: Arguments) -> Value:
    return _extreme(m, a, last=False)


def _extreme(m: Machine, a: Arguments, *, last: bool) -> Value:
    values = m.items(a.rest[0]) if len(a.rest) == 1 else a.rest
    if not values:
        raise NotKnown("the largest or smallest of unknown items")
    keys = _keys(m, values, a)
    if keys is not None:
        order = range(len(values))
        try:
            # The first of several that are alike, as Python has it.
            found = max(order, key=lambda i: keys[i]) if last else min(order, key=lambda i: keys[i])
        except TypeError:
            raise NotKnown("these items cannot be compared") from None
        plain = number(values[found])
        return values[found] if plain is None else Const(plain)
    if all(isinstance(v, Const | SizeValue | Opaque) for v in values) and "key" not in a.values:
        return Opaque("int")
    found_by_key = any_of(values) if "key" in a.values else None
    if found_by_key is None:
        raise NotKnown("the largest or smallest of unknown items")
    return found_by_key


@function("builtins.list.sort", params="self, *, key=None, reverse=False")
def _sort(m: Machine, a: Arguments) -> Value:
    ref = a.values["self"]
    obj = m.read(ref) if isinstance(ref, Ref) else None
    if not isinstance(ref, Ref) or not isinstance(obj, ListObject):
        raise NotKnown("the list is not known")
    if not obj.open and len(set(obj.items)) > 1:
        order = _order(m, obj.items, a)
        unknown = ListObject((), open=True, rest=any_of(obj.items), count=len(obj.items))
        m.write(ref, unknown if order is None else replace(obj, items=tuple(obj.items[i] for i in order)))
    return NONE


@function("builtins.sorted", params="iterable, *, key=None, reverse=False")
def _sorted(m: Machine, a: Arguments) -> Value:
    value = a.values["iterable"]
    items = m.items(value)
    if items is None:
        return m.alloc(ListObject((), open=True, rest=some_item(m, value), count=count_of(m, value)))
    order = _order(m, items, a)
    if order is not None:
        return m.alloc(ListObject(tuple(items[i] for i in order)))
    if len(set(items)) <= 1:
        return m.alloc(ListObject(items))
    # The order is not known, the items are.
    return m.alloc(ListObject((), open=True, rest=any_of(items), count=len(items)))


def _order(m: Machine, items: tuple[Value, ...], a: Arguments) -> list[int] | None:
    """The items' numbers, sorted; `None` where the order is not known."""
    keys = _keys(m, items, a)
    backwards = m.truth(a.values.get("reverse", Const(False)))
    if keys is None or backwards is None:
        return None
    try:
        return sorted(range(len(items)), key=lambda i: keys[i], reverse=backwards)
    except TypeError:
        raise NotKnown("these items cannot be sorted") from None


def _keys(m: Machine, items: tuple[Value, ...], a: Arguments) -> list[Any] | None:
    """What the items are compared by; `None` where it is not all known."""
    key = a.values.get("key", NONE)
    keys = [_plain(item if key == NONE else m.call(key, (item,), {})) for item in items]
    return None if None in keys else [known[0] for known in keys if known is not None]


def _plain(value: Value) -> tuple[Any] | None:
    """The Python value of a constant or a tuple of them, in a tuple; `None` where it is not known."""
    if isinstance(value, TupleValue):
        parts = [_plain(item) for item in value.items]
        return None if None in parts else (tuple(part[0] for part in parts if part is not None),)
    if isinstance(value, Const):
        return (value.value,)
    plain = number(value)
    return None if plain is None else (plain,)
