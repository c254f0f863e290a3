"""``collections``: counters and named tuples."""

from __future__ import annotations

from dataclasses import replace

from shapelens.library.arrays.convert import as_dim
from shapelens.library.machine import Machine
from shapelens.library.python.numbers import number
from shapelens.library.registry import Arguments, function
from shapelens.shapes.dims import ANY
from shapelens.values.failure import NotKnown
from shapelens.values.objects import DictObject, InstanceObject, ListObject
from shapelens.values.value import NONE, Const, Lib, Opaque, PartialValue, Ref, TupleValue, Unknown, Value


@function("collections.Counter", params="iterable=None, /, **counts")
def counter(m: Machine, a: Arguments) -> Value:
    """A dict of numbers."""
    given = a.get("iterable")
    items = () if given is None else m.items(given)
    mapping = m.read(given) if isinstance(given, Ref) else None
    if isinstance(mapping, DictObject) or items is None or not all(isinstance(item, Const) for item in items):
        return m.alloc(DictObject((), open=True))
    counts: dict[Value, Value] = {key: Const(items.count(key)) for key in dict.fromkeys(items)}
    counts.update((Const(name), value) for name, value in a.extra.items())
    return m.alloc(DictObject(tuple(counts.items()), factory=Lib("builtins.int")))


@function("builtins.dict.most_common", params="self, n=None")
def most_common(m: Machine, a: Arguments) -> Value:
    """Pairs of what was counted and how often."""
    counted = m.read(a.values["self"]) if isinstance(a.values["self"], Ref) else None
    size = as_dim(a.values["n"]) if a.get("n") is not None else ANY
    if isinstance(counted, DictObject) and not counted.open:
        numbers = {key: number(value) for key, value in counted.entries}
        if not any(value is None for value in numbers.values()) and (size is ANY or isinstance(size, int)):
            ranked = sorted(counted.entries, key=lambda entry: numbers[entry[0]], reverse=True)
            return m.alloc(ListObject(tuple(map(TupleValue, ranked[: size if isinstance(size, int) else None]))))
    count = ANY if size is None else size
    pair = TupleValue((Unknown("what was counted is not followed"), Opaque("int")))
    return m.alloc(ListObject((), open=True, rest=pair, count=count))


@function("collections.namedtuple", params="typename, field_names, *, rename=False, defaults=None, module=None")
def namedtuple(m: Machine, a: Arguments) -> Value:
    """A class of tuples: it is called as a function that knows the names and the defaults."""
    fields = a.values["field_names"]
    if isinstance(fields, Const) and isinstance(fields.value, str):
        fields = TupleValue(tuple(map(Const, fields.value.replace(",", " ").split())))
    names = m.items(fields)
    defaults = m.items(a.values["defaults"]) if a.get("defaults") is not None else ()
    if names is None or defaults is None or not all(isinstance(name, Const) for name in names):
        raise NotKnown("the fields' names are not known")
    return PartialValue(Lib("collections.namedtuple.make"), (TupleValue(names), TupleValue(defaults)))


@function("collections.namedtuple.make", params="names, defaults, /, *args, **kwargs")
def make(m: Machine, a: Arguments) -> Value:
    """One tuple."""
    names, defaults = a.values["names"], a.values["defaults"]
    assert isinstance(names, TupleValue)
    assert isinstance(defaults, TupleValue)
    fields = tuple(str(name.value) for name in names.items if isinstance(name, Const))
    last = fields[len(fields) - len(defaults.items) :] if defaults.items else ()
    values = {**dict(zip(last, defaults.items, strict=False)), **dict(zip(fields, a.rest, strict=False)), **a.extra}
    if set(values) != set(fields):
        raise NotKnown("the arguments do not fit the named tuple")
    return TupleValue(tuple(values[name] for name in fields), fields)


@function("builtins.tuple._replace", params="self, **changes")
def replaced(m: Machine, a: Arguments) -> Value:
    """``named._replace(width=3)``."""
    whole = a.values["self"]
    if not isinstance(whole, TupleValue) or not set(a.extra) <= set(whole.fields):
        raise NotKnown("this is no named tuple with these fields")
    pairs = zip(whole.fields, whole.items, strict=True)
    return TupleValue(tuple(a.extra.get(name, value) for name, value in pairs), whole.fields)


@function("collections.namedtuple._replace", params="self, **changes")
def replaced_object(m: Machine, a: Arguments) -> Value:
    """``named._replace(width=3)`` of an object whose class is derived from a named tuple."""
    whole = a.values["self"]
    obj = m.read(whole) if isinstance(whole, Ref) else None
    if not isinstance(obj, InstanceObject):
        raise NotKnown("this is no named tuple")
    attributes = {**dict(obj.attributes), **a.extra}
    return m.alloc(replace(obj, attributes=tuple(attributes.items())))


@function("builtins.tuple._asdict", params="self")
def as_dict(m: Machine, a: Arguments) -> Value:
    """``named._asdict()``."""
    whole = a.values["self"]
    if not isinstance(whole, TupleValue) or not whole.fields:
        raise NotKnown("this is no named tuple")
    names = map(Const, whole.fields)
    return m.alloc(DictObject(tuple(zip(names, whole.items, strict=True))))


@function("collections.defaultdict", params="default_factory=None, /, *mapping, **entries")
def defaultdict(m: Machine, a: Arguments) -> Value:
    """A dict that makes what is missing."""
    factory = a.get("default_factory")
    return m.alloc(DictObject((), bool(a.rest or a.extra), None if factory == NONE else factory))
