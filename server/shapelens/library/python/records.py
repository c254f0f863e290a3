"""Functions of Python's module ``dataclasses`` on objects of the program's classes."""

from __future__ import annotations

from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.values.failure import NotKnown
from shapelens.values.objects import ClassObject, DictObject, InstanceObject, ListObject
from shapelens.values.value import Const, Ref, TupleValue, Value

DEPTH = 24


def _fields(m: Machine, value: Value) -> tuple[InstanceObject, dict[str, Value]]:
    obj = m.read(value) if isinstance(value, Ref) else None
    cls = m.read(obj.cls) if isinstance(obj, InstanceObject) else None
    if not isinstance(obj, InstanceObject) or not isinstance(cls, ClassObject) or not cls.keyword_fields or obj.open:
        raise NotKnown("this is no object of a dataclass in sight")
    attributes = dict(obj.attributes)
    if not set(cls.keyword_fields) <= set(attributes):
        raise NotKnown("a field of it is not known")
    return obj, {name: attributes[name] for name in cls.keyword_fields}


@function("dataclasses.replace", params="obj, /, **changes")
def replace(m: Machine, a: Arguments) -> Value:
    """Another object of the class, with other fields."""
    obj, fields = _fields(m, a.values["obj"])
    return m.call(obj.cls, (), {**fields, **a.extra})


@function("dataclasses.asdict", params="obj, *, dict_factory=None")
def asdict(m: Machine, a: Arguments) -> Value:
    """The fields as a dict, those of the objects in it likewise."""
    return _plain(m, a.values["obj"], 0)


@function("dataclasses.astuple", params="obj, *, tuple_factory=None")
def astuple(m: Machine, a: Arguments) -> Value:
    """The fields as a tuple."""
    return TupleValue(tuple(_fields(m, a.values["obj"])[1].values()))


def _plain(m: Machine, value: Value, depth: int) -> Value:
    if depth > DEPTH:
        raise NotKnown("it lies too deep")
    if isinstance(value, TupleValue):
        return TupleValue(tuple(_plain(m, item, depth + 1) for item in value.items), value.fields)
    obj = m.read(value) if isinstance(value, Ref) else None
    if isinstance(obj, InstanceObject):
        try:
            _, fields = _fields(m, value)
        except NotKnown:
            if depth == 0:
                raise
            return value
        return m.alloc(DictObject(tuple((Const(k), _plain(m, item, depth + 1)) for k, item in fields.items())))
    if isinstance(obj, ListObject) and not obj.open:
        return m.alloc(ListObject(tuple(_plain(m, item, depth + 1) for item in obj.items), type_name=obj.type_name))
    if isinstance(obj, DictObject) and not obj.open:
        return m.alloc(DictObject(tuple((key, _plain(m, item, depth + 1)) for key, item in obj.entries)))
    return value
