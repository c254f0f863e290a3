"""``value.name``: loading and assigning attributes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from shapelens.interp import classes, consult
from shapelens.interp.joins import join_values
from shapelens.library import constants, registry
from shapelens.library.keras import models
from shapelens.names.canonical import canonical
from shapelens.names.modules import Import
from shapelens.values.failure import NotKnown, ShapeFailure
from shapelens.values.objects import (
    ClassObject,
    DictObject,
    FunctionalObject,
    InstanceObject,
    LayerObject,
    LibInstance,
    ListObject,
    ModuleObject,
    SequentialObject,
)
from shapelens.values.value import (
    BoundMethod,
    Const,
    DatasetValue,
    FunctionValue,
    Lib,
    LibMethod,
    LibObject,
    OneOf,
    Opaque,
    PartialValue,
    Ref,
    SizeValue,
    SuperValue,
    TensorValue,
    TupleValue,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from shapelens.interp.machine import Interpreter

TENSOR_TYPES = {
    "numpy": "numpy.ndarray",
    "tensor": "tensorflow.Tensor",
    "variable": "tensorflow.Variable",
    "keras": "keras.KerasTensor",
    "frame": "pandas.DataFrame",
    "series": "pandas.Series",
}


def get_attribute(m: Interpreter, value: Value, name: str) -> Value:
    """``value.name``."""
    if isinstance(value, Lib):
        if name == "v1":
            consult.heed_import(m, f"{value.name}.v1")
        version = getattr(m.versions, value.name, "") if name == "__version__" else ""
        if version:
            return Const(version)
        return library_attribute(value.name, name)
    if isinstance(value, OneOf):
        return m.each(value, lambda v: _of_alternative(m, v, name))
    if isinstance(value, Ref):
        return _of_object(m, value, name)
    if isinstance(value, Unknown):
        return value
    if isinstance(value, SuperValue):
        return classes.super_attribute(m, value, name)
    if isinstance(value, TupleValue) and name in value.fields:
        return value.items[value.fields.index(name)]
    if isinstance(value, FunctionValue):
        return Const(value.name) if name == "__name__" else Unknown("attributes of functions are not followed")
    if isinstance(value, BoundMethod):
        return value.self_value if name == "__self__" else get_attribute(m, value.function, name)
    if isinstance(value, PartialValue):
        return value.function if name == "func" else Unknown("attributes of partials are not followed")
    if isinstance(value, LibObject):
        given = value.get(name)
        if given is not None:
            return given
    return _registered(m, value, type_name(m, value), name)


def _of_alternative(m: Interpreter, value: Value, name: str) -> Value:
    """An attribute of what a value may be: that it raises is not certain."""
    try:
        return get_attribute(m, value, name)
    except ShapeFailure:
        return Unknown("this raises an error on one of the program's paths")


def type_name(m: Interpreter, value: Value) -> str:
    """The name of a value's type, under which its methods are registered."""
    if isinstance(value, TensorValue):
        return TENSOR_TYPES[value.kind]
    if isinstance(value, DatasetValue):
        return {"generator": "keras.Generator", "sequence": "keras.utils.Sequence"}.get(
            value.kind, "tensorflow.Dataset"
        )
    if isinstance(value, Const):
        return f"builtins.{type(value.value).__name__}"
    if isinstance(value, Opaque):
        return f"builtins.{value.type_name}"
    if isinstance(value, SizeValue):
        return "builtins.int"
    if isinstance(value, TupleValue):
        return "builtins.tuple"
    if isinstance(value, LibObject):
        return value.class_name
    if isinstance(value, Ref):
        obj = m.read(value)
        if isinstance(obj, ListObject):
            return f"builtins.{obj.type_name}"
        if isinstance(obj, DictObject):
            return "builtins.dict"
        if isinstance(obj, SequentialObject):
            return "keras.Sequential"
        if isinstance(obj, FunctionalObject):
            return "keras.Model"
        if isinstance(obj, LayerObject | LibInstance):
            return obj.class_name
    return "?"


def _registered(m: Interpreter, value: Value, owner: str, name: str) -> Value:
    for type_ in registry.mro(owner):
        full = f"{type_}.{name}"
        if full in registry.ATTRIBUTES:
            try:
                return m.attach(registry.ATTRIBUTES[full](m, value), (value,))
            except NotKnown as reason:
                return Unknown(reason.reason)
            except ShapeFailure:
                return Unknown("this raises an error")
        if full in registry.FUNCTIONS:
            return LibMethod(full, value)
    dynamic = f"{owner}.__getattr__"
    if dynamic in registry.FUNCTIONS and not name.startswith("__"):
        return m.call(Lib(dynamic), (value, Const(name)), {})
    return Unknown(f"`.{name}` of {owner.rpartition('.')[2]} is not known")


def library_attribute(owner: str, name: str) -> Value:
    """An attribute of a library module or class."""
    full = canonical(f"{owner}.{name}")
    constant = constants.constant(full)
    return Lib(full) if constant is None else constant


def _of_object(m: Interpreter, ref: Ref, name: str) -> Value:
    obj = m.read(ref)
    if isinstance(obj, ModuleObject):
        from shapelens.interp.scopes import star_imported, variable

        content = variable(m, (obj.name, name))
        if content is None:
            starred = star_imported(m, obj.name, name)
            if starred is not None:
                return starred
            from shapelens.interp.imports import find, load_module

            submodule = find(m, Import(name, importer=obj.path, package=obj.name))
            if submodule is not None and submodule.path is not None:
                return load_module(m, submodule.module, submodule.path)
            return Unknown(f"`{name}` is not known in the module `{obj.name}`")
        return content
    if isinstance(obj, ClassObject):
        return classes.class_attribute(m, ref, obj, name)
    if isinstance(obj, InstanceObject):
        return classes.instance_attribute(m, ref, obj, name)
    if isinstance(obj, LibInstance):
        known = dict(obj.attributes).get(name)
        if known is not None:
            return known
    special = models.attribute(m, ref, obj, name)
    if special is not None:
        return special
    return _registered(m, ref, type_name(m, ref), name)


def delete_attribute(m: Interpreter, owner: Value, name: str) -> None:
    """``del owner.name``."""
    obj = m.read(owner) if isinstance(owner, Ref) else None
    if isinstance(owner, Ref) and isinstance(obj, InstanceObject | ClassObject | LibInstance):
        m.write(owner, replace(obj, attributes=tuple(pair for pair in obj.attributes if pair[0] != name)))


def _perhaps_set(m: Interpreter, owner: Value, name: str, value: Value) -> None:
    """``owner.name = value`` on some of the paths, or of another object."""
    obj = m.read(owner) if isinstance(owner, Ref) else None
    if not isinstance(owner, Ref) or not isinstance(obj, InstanceObject | ClassObject | LibInstance):
        return
    attributes = dict(obj.attributes)
    before = attributes.get(name)
    attributes[name] = value if before is None else join_values(before, value)
    changed = replace(obj, attributes=tuple(attributes.items()))
    if isinstance(changed, InstanceObject) and before is None:
        changed = replace(changed, perhaps=(*changed.perhaps, name))
    m.write(owner, changed)


def set_attribute(m: Interpreter, owner: Value, name: str, value: Value) -> None:
    """``owner.name = value``."""
    if not isinstance(owner, Ref):
        models.lend(m, value)
        if name in ("name", "_name"):
            models.renamed(m)
        for one in owner.values if isinstance(owner, OneOf) else ():
            _perhaps_set(m, one, name, value)
        return
    obj = m.read(owner)
    if isinstance(obj, InstanceObject | ClassObject | LibInstance):
        if isinstance(obj, InstanceObject):
            setter = classes.property_setter(m, obj, name)
            if setter is not None:
                m.call(setter, (owner, value), {})
                return
        attributes = dict(obj.attributes)
        attributes[name] = value
        changed = replace(obj, attributes=tuple(attributes.items()))
        if isinstance(changed, InstanceObject) and name in changed.perhaps:
            changed = replace(changed, perhaps=tuple(other for other in changed.perhaps if other != name))
        m.write(owner, changed)
    elif isinstance(obj, LayerObject | SequentialObject | FunctionalObject):
        models.set_attribute(m, owner, name, value)
    elif isinstance(obj, ModuleObject):
        m.state.set((obj.name, name), value)
