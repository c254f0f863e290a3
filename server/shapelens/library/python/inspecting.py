"""What kind of thing a value is: ``inspect.isfunction`` and its kin."""

from __future__ import annotations

from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.values.value import BoundMethod, Const, FunctionValue, Lib, OneOf, Opaque, Unknown, Value


@function("inspect.isfunction", params="object")
def is_function(m: Machine, a: Arguments) -> Value:
    """Whether it is a function that was written in Python; of a library's names nobody can tell."""
    return _whether(a.values["object"], FunctionValue)


@function("inspect.ismethod", params="object")
def is_method(m: Machine, a: Arguments) -> Value:
    """Whether it is a method, bound to its object."""
    return _whether(a.values["object"], BoundMethod)


def _whether(value: Value, kind: type) -> Value:
    if isinstance(value, Unknown | OneOf | Lib | Opaque):
        return Opaque("bool")
    return Const(isinstance(value, kind))
