"""Attributes by names that are values: ``getattr``, ``hasattr``, ``setattr``, ``vars``, ``__dict__``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from shapelens.interp import attributes, classes
from shapelens.interp.joins import join_values
from shapelens.interp.scopes import STAR_IMPORTS, variable
from shapelens.library.keras import models
from shapelens.library.keras.signatures import known
from shapelens.values.failure import NotKnown, ShapeFailure
from shapelens.values.objects import ClassObject, DictObject, InstanceObject, LibInstance, ListObject, ModuleObject
from shapelens.values.value import (
    FALSE,
    NONE,
    TRUE,
    Const,
    Lib,
    OneOf,
    Opaque,
    Ref,
    TupleValue,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from shapelens.interp.machine import Interpreter

CHANGED = Unknown("it may have been changed by a name that is not known")


def call(m: Interpreter, name: str, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Value | None:
    """What one of these built-in functions gives; `None` where ``name`` is another, or the arguments do not fit."""
    if kwargs or not args:
        return None
    match name, len(args):
        case "builtins.getattr", 2 | 3:
            return _getattr(m, args[0], args[1], args[2] if len(args) == 3 else None)
        case "builtins.hasattr", 2:
            return _hasattr(m, args[0], args[1])
        case "builtins.setattr", 3:
            _setattr(m, args[0], args[1], args[2])
            return NONE
        case "builtins.delattr", 2:
            text = _text(args[1])
            if text is None:
                _setattr(m, args[0], args[1], Unknown("it was deleted"))
            else:
                attributes.delete_attribute(m, args[0], text)
            return NONE
        case "builtins.vars", 1:
            found = vars_of(m, args[0])
            if found is None:
                raise NotKnown("the attributes are not known")
            return found
    return None


def vars_of(m: Interpreter, value: Value) -> Value | None:
    """``value.__dict__``: a dict, and what is written into it is written to the object."""
    obj = m.read(value) if isinstance(value, Ref) else None
    if not isinstance(value, Ref) or not isinstance(obj, InstanceObject | LibInstance):
        return None
    entries = tuple((Const(name), item) for name, item in obj.attributes)
    if not isinstance(obj, InstanceObject):
        return m.alloc(DictObject(entries, owner=value))
    perhaps = tuple(map(Const, obj.perhaps))
    return m.alloc(DictObject(entries, obj.open or bool(perhaps), owner=value, perhaps=perhaps))


def owned(m: Interpreter, ref: Ref, content: DictObject) -> DictObject:
    """What is written at ``ref``; where that is an object's ``__dict__``, it is written to the object, too."""
    before = m.state.get(ref.address)
    if not isinstance(before, DictObject) or before.owner is None:
        return content
    obj = m.read(before.owner)
    if isinstance(obj, InstanceObject | LibInstance):
        names = [(key.value, item) for key, item in content.entries if isinstance(key, Const)]
        texts = tuple((name, item) for name, item in names if isinstance(name, str))
        obj = replace(obj, attributes=texts)
        if isinstance(obj, InstanceObject):
            perhaps = tuple(name for name in obj.perhaps if Const(name) in content.perhaps)
            obj = replace(obj, open=content.open or len(texts) < len(content.entries), perhaps=perhaps)
        m.write(before.owner, obj)
    return replace(content, owner=before.owner)


def _text(value: Value) -> str | None:
    return value.value if isinstance(value, Const) and isinstance(value.value, str) else None


def _getattr(m: Interpreter, value: Value, name: Value, default: Value | None) -> Value:
    text = _text(name)
    if text is None:
        raise NotKnown("the attribute's name is not known")
    if isinstance(value, OneOf):
        return m.each(value, lambda v: _getattr(m, v, name, default))
    try:
        found = m.attribute(value, text)
    except ShapeFailure:
        if default is None:
            raise
        return default
    if default is not None and _may_lack(m, value, text):
        return join_values(found, default)
    return default if default is not None and isinstance(found, Unknown) and _lacks(m, value, text) else found


def _hasattr(m: Interpreter, value: Value, name: Value) -> Value:
    text = _text(name)
    if text is None or isinstance(value, OneOf):
        return Opaque("bool")
    try:
        found = m.attribute(value, text)
    except ShapeFailure:
        return FALSE
    if _may_lack(m, value, text):
        return Opaque("bool")
    if isinstance(found, Unknown):
        return FALSE if _lacks(m, value, text) else Opaque("bool")
    return _is_there(m, found.name) if isinstance(found, Lib) else TRUE


def _may_lack(m: Interpreter, value: Value, name: str) -> bool:
    """Whether only some of the paths set the attribute."""
    obj = m.read(value) if isinstance(value, Ref) else None
    return isinstance(obj, InstanceObject) and name in obj.perhaps


def _is_there(m: Interpreter, name: str) -> Value:
    """Whether a library has a name; of Keras's layers and models it is known in which Keras they are."""
    family = m.versions.family
    if known(name, family):
        return TRUE
    return FALSE if known(name, 2 if family == 3 else 3) else Opaque("bool")


def _setattr(m: Interpreter, value: Value, name: Value, item: Value) -> None:
    text = _text(name)
    if text is not None and not isinstance(value, OneOf):
        attributes.set_attribute(m, value, text, item)
        return
    for one in value.values if isinstance(value, OneOf) else (value,):
        _forget(m, one)


def _forget(m: Interpreter, value: Value) -> None:
    """Some attribute, it is not known which, has another value now."""
    obj = m.read(value) if isinstance(value, Ref) else None
    if isinstance(value, Ref) and isinstance(obj, InstanceObject | LibInstance | ClassObject):
        obj = replace(obj, attributes=tuple((name, CHANGED) for name, _ in obj.attributes))
        m.write(value, replace(obj, open=True) if isinstance(obj, InstanceObject) else obj)
    else:
        models.renamed(m)


def _lacks(m: Interpreter, value: Value, name: str) -> bool:
    """Whether ``value`` certainly has no attribute ``name``."""
    if isinstance(value, Const):
        return not hasattr(value.value, name)
    if isinstance(value, TupleValue):
        return not value.fields and not hasattr((), name)
    obj = m.read(value) if isinstance(value, Ref) else None
    if isinstance(obj, DictObject | ListObject):
        kinds: dict[str, type] = {"list": list, "set": set}
        kind = dict if isinstance(obj, DictObject) else kinds.get(obj.type_name)
        return kind is not None and not hasattr(kind, name)
    if isinstance(obj, ModuleObject):
        # What comes with a star is not all known.
        return not any(variable(m, (obj.name, each)) for each in (STAR_IMPORTS, "__getattr__", name))
    if not isinstance(obj, InstanceObject) or obj.open or name in dict(obj.attributes):
        return False
    # What a library's class has is not all known.
    order = classes.resolution_order(m, obj.cls)
    own = all(isinstance(base, Ref) or base == Lib("builtins.object") for base in order)
    looked_up = ("__getattr__", "__getattribute__", name)
    return own and not any(classes.find_in_class(m, obj.cls, each) for each in looked_up)
