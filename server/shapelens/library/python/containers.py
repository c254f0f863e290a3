"""Methods of lists, sets, deques, dicts and tuples."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from shapelens.library.arrays.alternatives import any_of
from shapelens.library.machine import Machine
from shapelens.library.python.merging import merged
from shapelens.library.registry import Arguments, function
from shapelens.shapes.dims import Dim, add
from shapelens.values.failure import NotKnown
from shapelens.values.objects import DictObject, ListObject
from shapelens.values.value import NONE, Const, Opaque, Ref, TupleValue, Unknown, Value

MAX_ITEMS = 4_096


def _list(m: Machine, a: Arguments) -> tuple[Ref, ListObject]:
    ref = a.values["self"]
    obj = m.read(ref) if isinstance(ref, Ref) else None
    if not isinstance(ref, Ref) or not isinstance(obj, ListObject):
        raise NotKnown("the list is not known")
    return ref, obj


def _any_of(obj: ListObject) -> Value | None:
    if obj.open:
        return obj.rest
    return any_of(obj.items) if obj.items else None


def _dict(m: Machine, a: Arguments) -> tuple[Ref, DictObject]:
    ref = a.values["self"]
    obj = m.read(ref) if isinstance(ref, Ref) else None
    if not isinstance(ref, Ref) or not isinstance(obj, DictObject):
        raise NotKnown("the dict is not known")
    return ref, obj


def _index(value: Value | None, default: int) -> int | None:
    if value is None:
        return default
    return value.value if isinstance(value, Const) and isinstance(value.value, int) else None


def _with(obj: ListObject, items: tuple[Value, ...]) -> ListObject:
    if len(items) > MAX_ITEMS:
        return replace(obj, items=(), open=True, rest=any_of(items), count=len(items))
    return replace(obj, items=items)


def _and_also(obj: ListObject, others: tuple[Value, ...], count: Dim) -> ListObject:
    """An open list with others like these, ``count`` of them."""
    rest = None if obj.rest is None else any_of((obj.rest, *others))
    return replace(obj, rest=rest, count=add(obj.count, count))


@function("builtins.list.append", params="self, item, /")
def _append(m: Machine, a: Arguments) -> Value:
    ref, obj = _list(m, a)
    item = a.values["item"]
    if obj.open:
        m.write(ref, _and_also(obj, (item,), 1))
    else:
        m.write(ref, _with(obj, (*obj.items, item)))
    return NONE


@function("builtins.set.add", params="self, item, /")
def _add(m: Machine, a: Arguments) -> Value:
    ref, obj = _list(m, a)
    if not obj.open and a.values["item"] not in obj.items:
        m.write(ref, _with(obj, (*obj.items, a.values["item"])))
    return NONE


@function("builtins.list.extend", "builtins.set.update", params="self, items, /")
def _extend(m: Machine, a: Arguments) -> Value:
    ref, obj = _list(m, a)
    items = m.items(a.values["items"])
    if items is None:
        m.write(ref, ListObject((), open=True, type_name=obj.type_name))
    elif obj.open:
        m.write(ref, _and_also(obj, items, len(items)))
    else:
        m.write(ref, _with(obj, obj.items + items))
    return NONE


@function("builtins.list.insert", params="self, index, item, /")
def _insert(m: Machine, a: Arguments) -> Value:
    ref, obj = _list(m, a)
    index = _index(a.values["index"], 0)
    if obj.open:
        m.write(ref, _and_also(obj, (a.values["item"],), 1))
    elif index is None:
        m.write(ref, ListObject((), open=True, count=len(obj.items) + 1))
    else:
        items = list(obj.items)
        items.insert(index, a.values["item"])
        m.write(ref, _with(obj, tuple(items)))
    return NONE


@function("builtins.list.pop", params="self, index=-1, /")
def _pop(m: Machine, a: Arguments) -> Value:
    ref, obj = _list(m, a)
    index = _index(a.get("index"), -1)
    if obj.open or index is None or not -len(obj.items) <= index < len(obj.items):
        m.write(ref, replace(obj, items=(), open=True, rest=_any_of(obj), count=add(obj.length, -1)))
        if obj.rest is not None:
            return obj.rest
        raise NotKnown("which item is taken out is not known")
    items = list(obj.items)
    taken = items.pop(index)
    m.write(ref, replace(obj, items=tuple(items)))
    return taken


@function("builtins.deque.popleft", params="self, /")
def _popleft(m: Machine, a: Arguments) -> Value:
    ref, obj = _list(m, a)
    if obj.open or not obj.items:
        raise NotKnown("which item is taken out is not known")
    m.write(ref, replace(obj, items=obj.items[1:]))
    return obj.items[0]


@function("builtins.list.remove", "builtins.set.remove", "builtins.set.discard", params="self, item, /")
def _remove(m: Machine, a: Arguments) -> Value:
    ref, obj = _list(m, a)
    if a.values["item"] in obj.items:
        items = list(obj.items)
        items.remove(a.values["item"])
        m.write(ref, replace(obj, items=tuple(items)))
    return NONE


@function("builtins.list.clear", params="self, /")
def _clear(m: Machine, a: Arguments) -> Value:
    ref, obj = _list(m, a)
    m.write(ref, ListObject((), type_name=obj.type_name))
    return NONE


@function("builtins.list.reverse", params="self, /")
def _reverse(m: Machine, a: Arguments) -> Value:
    ref, obj = _list(m, a)
    m.write(ref, replace(obj, items=tuple(reversed(obj.items))))
    return NONE


@function("random.shuffle", params="self, random=None")
def _shuffle(m: Machine, a: Arguments) -> Value:
    if not isinstance(a.values["self"], Ref):
        return NONE
    ref, obj = _list(m, a)
    if len(set(obj.items)) > 1:
        m.write(ref, ListObject((), open=True, rest=_any_of(obj), type_name=obj.type_name, count=len(obj.items)))
    return NONE


@function("builtins.list.copy", params="self, /")
def _copy(m: Machine, a: Arguments) -> Value:
    _, obj = _list(m, a)
    return m.alloc(obj)


@function("builtins.list.index", "builtins.tuple.index", params="self, item, start=0, stop=0, /")
def _index_of(m: Machine, a: Arguments) -> Value:
    items = m.items(a.values["self"])
    if items is not None and all(isinstance(v, Const) for v in items) and a.values["item"] in items:
        return Const(items.index(a.values["item"]))
    return Opaque("int")


@function("builtins.list.count", "builtins.tuple.count", params="self, item, /")
def _count(m: Machine, a: Arguments) -> Value:
    items = m.items(a.values["self"])
    if items is not None and all(isinstance(v, Const) for v in (*items, a.values["item"])):
        return Const(items.count(a.values["item"]))
    return Opaque("int")


@function("builtins.dict.get", params="self, key, default=None, /")
def _get(m: Machine, a: Arguments) -> Value:
    _, obj = _dict(m, a)
    found = obj.get(a.values["key"])
    if found is not None:
        return _or_default(a, obj, found)
    if obj.open or not isinstance(a.values["key"], Const | TupleValue):
        raise NotKnown("the key is not known here")
    return a.values.get("default", NONE)


def _or_default(a: Arguments, obj: DictObject, found: Value) -> Value:
    if a.values["key"] not in obj.perhaps:
        return found
    either = any_of((found, a.values.get("default", NONE)))
    return Unknown("the key may not be there") if either is None else either


@function("builtins.dict.setdefault", params="self, key, default=None, /")
def _setdefault(m: Machine, a: Arguments) -> Value:
    ref, obj = _dict(m, a)
    key = a.values["key"]
    value = _get(m, a)
    if obj.get(key) is None or key in obj.perhaps:
        m.write(ref, obj.with_entry(key, value))
    return value


@function("builtins.dict.pop", params="self, key, default=None, /")
def _dict_pop(m: Machine, a: Arguments) -> Value:
    ref, obj = _dict(m, a)
    found = obj.get(a.values["key"])
    if found is None:
        if obj.open or "default" not in a.values:
            raise NotKnown("the key is not known here")
        return a.values["default"]
    m.write(ref, obj.without(a.values["key"]))
    return _or_default(a, obj, found) if "default" in a.values else found


@function("builtins.dict.popitem", params="self")
def _dict_popitem(m: Machine, a: Arguments) -> Value:
    ref, obj = _dict(m, a)
    if obj.open or not obj.entries:
        raise NotKnown("which entry is the last is not known")
    m.write(ref, replace(obj, entries=obj.entries[:-1]))
    return TupleValue(obj.entries[-1])


@function("builtins.dict.update", params="self, other=(), /, **entries")
def _dict_update(m: Machine, a: Arguments) -> Value:
    ref, obj = _dict(m, a)
    if "other" in a.values:
        obj = merged(obj, _as_dict(m, a.values["other"]))
    m.write(ref, merged(obj, DictObject(tuple((Const(k), v) for k, v in a.extra.items()))))
    return NONE


def _as_dict(m: Machine, value: Value) -> DictObject | None:
    """What ``dict(value)`` would contain, if that is known."""
    obj = m.read(value) if isinstance(value, Ref) else None
    if isinstance(obj, DictObject):
        return obj
    pairs = [m.items(item) for item in m.items(value) or ()]
    known = [(pair[0], pair[1]) for pair in pairs if pair is not None and len(pair) == 2]
    if m.items(value) is None or len(known) < len(pairs) or any(isinstance(key, Unknown | Opaque) for key, _ in known):
        return None
    return DictObject(tuple(known))


@function("builtins.dict.fromkeys", params="iterable, value=None, /")
def _fromkeys(m: Machine, a: Arguments) -> Value:
    keys = m.items(a.values["iterable"])
    if keys is None:
        raise NotKnown("the keys are not known")
    return m.alloc(DictObject(tuple((key, a.values.get("value", NONE)) for key in dict.fromkeys(keys))))


def _view(name: str, pick: Any) -> None:
    @function(f"builtins.dict.{name}", params="self, /")
    def rule(m: Machine, a: Arguments) -> Value:
        _, obj = _dict(m, a)
        items = tuple(pick(e) for e in obj.entries)
        return m.alloc(ListObject((), open=True) if obj.open else ListObject(items))


_view("keys", lambda entry: entry[0])
_view("values", lambda entry: entry[1])
_view("items", lambda entry: TupleValue(entry))


@function("builtins.dict.copy", params="self, /")
def _dict_copy(m: Machine, a: Arguments) -> Value:
    _, obj = _dict(m, a)
    return m.alloc(obj)


@function("collections.OrderedDict", params="mapping=(), /, **entries")
def _ordered_dict(m: Machine, a: Arguments) -> Value:
    from shapelens.values.value import Lib

    args = (a.values["mapping"],) if "mapping" in a.values else ()
    return m.call(Lib("builtins.dict"), args, a.extra)
