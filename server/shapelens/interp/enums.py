"""Classes of ``enum.Enum``: their members, by name, by value and in order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from shapelens.interp.classes import find_in_class, resolution_order
from shapelens.library.python.numbers import number
from shapelens.values.objects import ClassObject, InstanceObject
from shapelens.values.value import Const, FunctionValue, Lib, LibMethod, LibObject, Ref, TupleValue, Value

if TYPE_CHECKING:
    from shapelens.interp.machine import Interpreter

_BASES = tuple(Lib(f"enum.{name}") for name in ("Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"))


def is_enum(m: Interpreter, cls: Ref) -> bool:
    """Whether a class of the program's is an enumeration."""
    return any(base in _BASES for base in resolution_order(m, cls))


def make_members(m: Interpreter, cls: Ref) -> None:
    """Turn what the body of an enumeration has assigned into its members."""
    obj = m.read(cls)
    assert isinstance(obj, ClassObject)
    # The class must be there before its members are made.
    made: dict[str, Value] = {}
    last: Value = Const(0)
    for name, value in obj.attributes:
        if name.startswith("_") or isinstance(value, FunctionValue | LibMethod):
            continue
        if isinstance(value, LibObject) and value.class_name == "enum.auto":
            before = number(last)
            value = Const(before + 1) if isinstance(before, int) else value
        known = next((member for member in made.values() if _value_of(m, member) == value), None)
        made[name] = _member(m, cls, name, value) if known is None else known
        last = value
    m.write(cls, replace(obj, attributes=tuple((name, made.get(name, value)) for name, value in obj.attributes)))


def _member(m: Interpreter, cls: Ref, name: str, value: Value) -> Ref:
    told = (("name", Const(name)), ("value", value), ("_name_", Const(name)), ("_value_", value))
    member = m.alloc(InstanceObject(cls, told, origin=m.site))
    init = find_in_class(m, cls, "__init__")
    if isinstance(init, FunctionValue):
        m.call(init, (member, *(value.items if isinstance(value, TupleValue) else (value,))), {})
    return member


def _value_of(m: Interpreter, member: Value) -> Value | None:
    obj = m.read(member) if isinstance(member, Ref) else None
    return dict(obj.attributes).get("value") if isinstance(obj, InstanceObject) else None


def members_of(m: Interpreter, cls: Value) -> tuple[Value, ...] | None:
    """The members in order, those of other names left out; `None` of what is no enumeration."""
    obj = m.read(cls) if isinstance(cls, Ref) else None
    if not isinstance(cls, Ref) or not isinstance(obj, ClassObject) or not is_enum(m, cls):
        return None
    found = [value for _, value in obj.attributes if isinstance(value, Ref)]
    members = (value for value in found if isinstance(o := m.read(value), InstanceObject) and o.cls == cls)
    return tuple(dict.fromkeys(members))


def by_value(m: Interpreter, cls: Ref, value: Value) -> Value | None:
    """``Color(2)``; `None` where it is not known which member that is."""
    for member in members_of(m, cls) or ():
        if member == value or (_value_of(m, member) == value and isinstance(value, Const)):
            return member
    return None


def by_name(m: Interpreter, cls: Ref, name: Value) -> Value | None:
    """``Color["RED"]``."""
    obj = m.read(cls)
    text = name.value if isinstance(name, Const) else None
    found = dict(obj.attributes).get(str(text)) if isinstance(obj, ClassObject) else None
    return found if found in (members_of(m, cls) or ()) else None
