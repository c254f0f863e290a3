"""The user's classes: definition, method resolution, instances, properties, ``super()``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from shapelens.library import registry
from shapelens.library.keras import models
from shapelens.values.objects import ClassObject, InstanceObject, LayerState, ModelState
from shapelens.values.value import (
    NONE,
    BoundMethod,
    Const,
    FunctionValue,
    Lib,
    LibMethod,
    LibObject,
    PartialValue,
    Ref,
    SuperValue,
    TupleValue,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from shapelens.interp.machine import Interpreter

MAX_BASES = 32


def resolution_order(m: Interpreter, cls: Value, depth: int = 0) -> list[Value]:
    """The class and its bases, each before its own bases, the shared ones last."""
    if isinstance(cls, Lib):
        return [Lib(name) for name in registry.mro(cls.name)]
    if not isinstance(cls, Ref) or depth > MAX_BASES:
        return [cls]
    obj = m.read(cls)
    order: list[Value] = [cls]
    if isinstance(obj, ClassObject):
        for base in obj.bases:
            for inherited in resolution_order(m, base, depth + 1):
                if inherited in order:
                    order.remove(inherited)
                order.append(inherited)
    return order


def find_in_class(m: Interpreter, cls: Value, name: str, after: Value | None = None) -> Value | None:
    """The class attribute ``name``, looked up along the resolution order, from behind ``after``."""
    order = resolution_order(m, cls)
    if after is not None and after in order:
        order = order[order.index(after) + 1 :]
    for base in order:
        if isinstance(base, Ref):
            obj = m.read(base)
            if isinstance(obj, ClassObject):
                for key, found in obj.attributes:
                    if key == name:
                        return found
        elif isinstance(base, Lib):
            full = f"{base.name}.{name}"
            if full in registry.FUNCTIONS or full in registry.ATTRIBUTES:
                return Lib(full)
        elif isinstance(base, Unknown):
            return base
    return None


def library_base(m: Interpreter, cls: Value) -> str | None:
    """The first library class among the bases (``keras.Model``)."""
    for base in resolution_order(m, cls):
        if isinstance(base, Lib) and base.name != "builtins.object":
            return base.name
    return None


def class_attribute(m: Interpreter, ref: Ref, obj: ClassObject, name: str) -> Value:
    """``Class.name``."""
    if name == "__name__":
        return Const(obj.name)
    found = find_in_class(m, ref, name)
    if found is None:
        return Unknown(f"`{name}` is not known in the class `{obj.name}`")
    if isinstance(found, FunctionValue):
        if Lib("builtins.classmethod") in found.decorators:
            return BoundMethod(ref, found)
        return found
    return found


def instance_attribute(m: Interpreter, ref: Ref, obj: InstanceObject, name: str) -> Value:
    """``instance.name``."""
    for key, own in obj.attributes:
        if key == name:
            return own
    if name == "__class__":
        return obj.cls
    if name == "__dict__":
        from shapelens.interp.named_attributes import vars_of

        return vars_of(m, ref) or Unknown("the attributes are not known")
    found = find_in_class(m, obj.cls, name)
    if found is not None and not isinstance(found, Lib):
        return bind_to(m, ref, obj.cls, found)
    special = models.attribute(m, ref, obj, name)
    if special is not None:
        return special
    if isinstance(found, Lib):
        return _bind_library(m, found.name, ref)
    if name == "_replace" and named_tuple_base(m, obj.cls) is not None:
        return LibMethod("collections.namedtuple._replace", ref)
    getter = find_in_class(m, obj.cls, "__getattr__")
    if isinstance(getter, FunctionValue):
        return m.call(getter, (ref, Const(name)), {})
    return Unknown(f"`.{name}` is not set where this is read")


def _bind_library(m: Interpreter, full: str, ref: Ref) -> Value:
    if full in registry.ATTRIBUTES:
        return registry.ATTRIBUTES[full](m, ref)
    return LibMethod(full, ref)


def bind_to(m: Interpreter, ref: Value, cls: Value, found: Value) -> Value:
    """A class attribute as an instance sees it: methods bound, properties evaluated."""
    if isinstance(found, FunctionValue):
        decorators = found.decorators
        if Lib("builtins.staticmethod") in decorators:
            return found
        if Lib("builtins.classmethod") in decorators:
            return BoundMethod(cls, found)
        if any(_is_property(decorator) for decorator in decorators):
            return m.call(replace(found, decorators=()), (ref,), {})
        return BoundMethod(ref, found)
    return found


def _is_property(decorator: Value) -> bool:
    return isinstance(decorator, Lib) and decorator.name in ("builtins.property", "functools.cached_property")


def property_setter(m: Interpreter, obj: InstanceObject, name: str) -> Value | None:
    """The function of ``@name.setter``, if the class has one."""
    return find_in_class(m, obj.cls, f"{name}.setter")


def super_attribute(m: Interpreter, value: SuperValue, name: str) -> Value:
    """``super().name``."""
    instance = value.self_value
    obj = m.read(instance) if isinstance(instance, Ref) else None
    cls: Value = obj.cls if isinstance(obj, InstanceObject) else instance
    found = find_in_class(m, cls, name, after=value.cls)
    if isinstance(found, Lib):
        return _bind_library(m, found.name, instance) if isinstance(instance, Ref) else found
    if found is not None:
        return bind_to(m, instance, cls, found)
    if name == "__init__":
        return LibMethod("builtins.object.__init__", instance)
    if name == "__new__":
        return Lib("builtins.object.__new__")
    return Unknown(f"`super().{name}` is not known")


def instantiate(m: Interpreter, ref: Ref, obj: ClassObject, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    """``Class(...)``."""
    own = find_in_class(m, ref, "__new__")
    if isinstance(own, FunctionValue) and not any(frame.function == own for frame in m.frames):
        made = m.call(own, (ref, *args), kwargs)
        init = find_in_class(m, ref, "__init__")
        if isinstance(made, Ref) and isinstance(m.read(made), InstanceObject) and isinstance(init, FunctionValue):
            m.call(init, (made, *args), kwargs)
        return made
    return construct(m, ref, obj, args, kwargs)


def new_instance(m: Interpreter, cls: Value, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    """``object.__new__(cls, ...)``; of a named tuple's class, with its fields as attributes."""
    obj = m.read(cls) if isinstance(cls, Ref) else None
    if not isinstance(cls, Ref) or not isinstance(obj, ClassObject):
        return Unknown("the class of the new object is not known")
    factory = named_tuple_base(m, cls)
    attributes: tuple[tuple[str, Value], ...] = ()
    if factory is not None:
        whole = m.call(factory, args, kwargs)
        if not isinstance(whole, TupleValue):
            return whole
        attributes = tuple(zip(whole.fields, whole.items, strict=True))
    base = library_base(m, cls)
    layer = LayerState(made=m.site) if base is not None and models.is_layer_class(base) else None
    model = ModelState() if base is not None and models.is_model_class(base) else None
    return m.alloc(InstanceObject(cls, attributes, layer, model, m.site))


def named_tuple_base(m: Interpreter, cls: Ref) -> PartialValue | None:
    """The `collections.namedtuple` that a class is derived from."""
    for base in resolution_order(m, cls):
        if isinstance(base, PartialValue) and base.function == Lib("collections.namedtuple.make"):
            return base
    return None


def construct(m: Interpreter, ref: Ref, obj: ClassObject, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    """A new object of a class that does not say itself how they are made."""
    if named_tuple_base(m, ref) is not None:
        return new_instance(m, ref, args, kwargs)
    base = library_base(m, ref)
    layer = base is not None and models.is_layer_class(base)
    if base == "builtins.tuple" or (base in ("typing.NamedTuple", "collections.namedtuple")):
        names = obj.keyword_fields
        values = {**dict(obj.attributes), **dict(zip(names, args, strict=False)), **kwargs}
        if any(isinstance(value, FunctionValue) for _, value in obj.attributes):
            # With methods of its own: then its items have no places.
            given = tuple((name, values.get(name, Unknown("the field is not given"))) for name in names)
            return m.alloc(InstanceObject(ref, given, origin=m.site))
        return TupleValue(tuple(values.get(name, Unknown("the field is not given")) for name in names), names)
    instance = m.alloc(
        InstanceObject(
            ref,
            layer=LayerState(made=m.site) if layer else None,
            model=ModelState() if base is not None and models.is_model_class(base) else None,
            origin=m.site,
        )
    )
    init = find_in_class(m, ref, "__init__")
    if isinstance(init, FunctionValue):
        m.call(init, (instance, *args), kwargs)
    elif isinstance(init, Lib):
        m.call(LibMethod(init.name, instance), args, kwargs)
    elif obj.keyword_fields:
        _dataclass_init(m, instance, obj, args, kwargs)
    elif isinstance(init, Unknown) or (base is not None and not layer):
        # An unknown base may do anything with the arguments: keep what is certain, the class.
        current = m.read(instance)
        assert isinstance(current, InstanceObject)
        given = tuple((name, value) for name, value in kwargs.items() if name.isidentifier())
        m.write(instance, replace(current, attributes=given + current.attributes))
    return instance


def _dataclass_init(
    m: Interpreter, instance: Ref, obj: ClassObject, args: tuple[Value, ...], kwargs: dict[str, Value]
) -> None:
    values = dict(zip(obj.keyword_fields, args, strict=False))
    values.update(kwargs)
    defaults = dict(obj.attributes)
    attributes = {}
    for name in obj.keyword_fields:
        value = values.get(name, defaults.get(name, NONE))
        if isinstance(value, LibObject) and value.class_name == "dataclasses.Field":
            factory = value.get("default_factory")
            value = value.get("default") or (NONE if factory is None else m.call(factory, (), {}))
        attributes[name] = value
    current = m.read(instance)
    assert isinstance(current, InstanceObject)
    m.write(instance, replace(current, attributes=tuple(attributes.items())))
    post = find_in_class(m, current.cls, "__post_init__")
    if isinstance(post, FunctionValue):
        m.call(post, (instance,), {})
