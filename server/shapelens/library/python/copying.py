"""Python's module ``copy``."""

from __future__ import annotations

from dataclasses import replace

from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.values.objects import ClassObject, DictObject, InstanceObject, LibInstance, ListObject, ModuleObject
from shapelens.values.value import Address, BoundMethod, OneOf, Ref, TupleValue, Unknown, Value

# What lies deeper is not followed.
DEPTH = 24


@function("copy.copy", params="x")
def copy(m: Machine, a: Arguments) -> Value:
    """Another object with the same contents."""
    value = a.values["x"]
    obj = m.read(value) if isinstance(value, Ref) else None
    if obj is None or isinstance(obj, ClassObject | ModuleObject):
        return value
    own = m.attribute(value, "__copy__") if isinstance(obj, InstanceObject) else None
    return m.call(own, (), {}) if isinstance(own, BoundMethod) else m.alloc(obj)


@function("copy.deepcopy", params="x, memo=None")
def deepcopy(m: Machine, a: Arguments) -> Value:
    """Another object whose contents are copies, too: what was one object in two places is one in the copy.

    The layers of a copied model stay the same ones, which has no say in shapes, names and counts.
    """
    return _Copying(m).value(a.values["x"], 0)


class _Copying:
    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._made: dict[Address, Ref] = {}

    def value(self, value: Value, depth: int) -> Value:
        if depth > DEPTH:
            return Unknown("it lies too deep to be copied")
        if isinstance(value, TupleValue):
            return replace(value, items=self._all(value.items, depth))
        if isinstance(value, OneOf):
            return replace(value, values=self._all(value.values, depth))
        if not isinstance(value, Ref):
            return value
        if value.address in self._made:
            return self._made[value.address]
        obj = self._machine.read(value)
        if obj is None or isinstance(obj, ClassObject | ModuleObject):
            return value
        own = self._machine.attribute(value, "__deepcopy__") if isinstance(obj, InstanceObject) else None
        if isinstance(own, BoundMethod):
            return self._machine.call(own, (self._machine.alloc(DictObject((), open=True)),), {})
        made = self._made[value.address] = self._machine.alloc(obj)
        if isinstance(obj, ListObject):
            rest = None if obj.rest is None else self.value(obj.rest, depth + 1)
            obj = replace(obj, items=self._all(obj.items, depth), rest=rest)
        elif isinstance(obj, DictObject):
            entries = tuple((key, self.value(item, depth + 1)) for key, item in obj.entries)
            obj = replace(obj, entries=entries, owner=None)
        elif isinstance(obj, InstanceObject | LibInstance):
            obj = replace(obj, attributes=tuple((k, self.value(item, depth + 1)) for k, item in obj.attributes))
        self._machine.write(made, obj)
        return made

    def _all(self, values: tuple[Value, ...], depth: int) -> tuple[Value, ...]:
        return tuple(self.value(value, depth + 1) for value in values)
