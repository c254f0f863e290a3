"""The other built-in functions: types, attributes, text, and what copies or wraps."""

from __future__ import annotations

from dataclasses import replace

from shapelens.library.keras.layers.kinds import is_kind
from shapelens.library.keras.signatures import known
from shapelens.library.machine import Machine
from shapelens.library.registry import FUNCTIONS, LAYERS, Arguments, function
from shapelens.values.objects import (
    ClassObject,
    DictObject,
    FunctionalObject,
    InstanceObject,
    LayerObject,
    ListObject,
    SequentialObject,
)
from shapelens.values.value import (
    NONE,
    Const,
    FunctionValue,
    Lib,
    LibMethod,
    LibObject,
    OneOf,
    Opaque,
    PartialValue,
    Ref,
    SizeValue,
    TensorValue,
    TupleValue,
    Unknown,
    Value,
)

MAX_BASES = 16


@function("builtins.str", params="object='', encoding=None, errors=None")
def _str(m: Machine, a: Arguments) -> Value:
    value = a.values.get("object", Const(""))
    if isinstance(value, Const) and value.value is not Ellipsis:
        return Const(str(value.value))
    return Opaque("str")


@function("builtins.chr", params="i, /")
def _chr(m: Machine, a: Arguments) -> Value:
    code = a.values["i"]
    if isinstance(code, Const) and isinstance(code.value, int) and 0 <= code.value <= 0x10FFFF:
        return Const(chr(code.value))
    return Opaque("str")


@function("builtins.ord", params="c, /")
def _ord(m: Machine, a: Arguments) -> Value:
    text = a.values["c"]
    if isinstance(text, Const) and isinstance(text.value, str) and len(text.value) == 1:
        return Const(ord(text.value))
    return Opaque("int")


@function("builtins.bool", params="x=False, /")
def _bool(m: Machine, a: Arguments) -> Value:
    answer = m.truth(a.values.get("x", Const(False)))
    return Opaque("bool") if answer is None else Const(answer)


@function("builtins.isinstance", params="obj, classes, /")
def _isinstance(m: Machine, a: Arguments) -> Value:
    classes = a.values["classes"]
    wanted = classes.items if isinstance(classes, TupleValue) else (classes,)
    answers = [_is_instance(m, a.values["obj"], cls) for cls in wanted]
    if True in answers:
        return Const(True)
    return Opaque("bool") if None in answers else Const(False)


def _is_instance(m: Machine, value: Value, cls: Value) -> bool | None:
    if isinstance(value, OneOf):
        answers = {_is_instance(m, alternative, cls) for alternative in value.values}
        return answers.pop() if len(answers) == 1 else None
    if isinstance(cls, Lib) and cls.name.startswith("keras."):
        return _is_of_keras(m, value, cls.name)
    if isinstance(cls, Lib):
        actual = python_type(m, value)
        if actual is None:
            return None
        names = {"builtins.bool": ("bool",), "builtins.int": ("int", "bool")}.get(
            cls.name, (cls.name.rpartition(".")[2],)
        )
        return actual in names if cls.name.startswith("builtins.") else None
    if isinstance(cls, Ref) and isinstance(value, Ref):
        obj = m.read(value)
        if isinstance(obj, InstanceObject):
            return _derives(m, obj.cls, cls, 0)
        if isinstance(obj, LayerObject | ListObject | DictObject | SequentialObject | FunctionalObject):
            return False
    if isinstance(cls, Ref) and isinstance(value, Const | TupleValue | TensorValue):
        return False
    return None


def _is_of_keras(m: Machine, value: Value, wanted: str) -> bool | None:
    """``isinstance(layer, keras.layers.Dense)``."""
    family = m.versions.family
    obj = m.read(value) if isinstance(value, Ref) else None
    if isinstance(obj, LayerObject):
        return is_kind(obj.class_name, wanted, family)
    if isinstance(obj, SequentialObject | FunctionalObject):
        sequential = isinstance(obj, SequentialObject)
        if wanted in ("keras.Model", "keras.layers.Layer"):
            return True
        return sequential if wanted == "keras.Sequential" else False if known(wanted, family) else None
    plain = isinstance(value, Const | TupleValue) or isinstance(obj, ListObject | DictObject)
    return False if plain and known(wanted, family) else None


def _derives(m: Machine, cls: Value, wanted: Ref, depth: int) -> bool | None:
    """Whether a class is ``wanted`` or has it for a base; `None` where a base is not known."""
    if cls == wanted:
        return True
    obj = m.read(cls) if isinstance(cls, Ref) else None
    if not isinstance(obj, ClassObject) or depth > MAX_BASES:
        return None if isinstance(cls, Unknown | Ref) else False
    answers = [_derives(m, base, wanted, depth + 1) for base in obj.bases]
    return True if True in answers else None if None in answers else False


def python_type(m: Machine, value: Value) -> str | None:
    """The name of the value's Python type where it is certain."""
    if isinstance(value, Const):
        return type(value.value).__name__
    if isinstance(value, Opaque):
        return value.type_name
    if isinstance(value, SizeValue):
        return "int"
    if isinstance(value, TupleValue):
        return "tuple"
    if isinstance(value, TensorValue):
        return "ndarray" if value.kind == "numpy" else "Tensor"
    if isinstance(value, FunctionValue):
        return "function"
    if isinstance(value, Ref):
        obj = m.read(value)
        if isinstance(obj, ListObject):
            return obj.type_name
        if isinstance(obj, DictObject):
            return "dict"
        if isinstance(obj, LayerObject | SequentialObject | FunctionalObject | InstanceObject):
            return "object"
    return None


@function("builtins.callable", params="obj, /")
def _callable(m: Machine, a: Arguments) -> Value:
    value = a.values["obj"]
    if isinstance(value, FunctionValue | LibMethod):
        return Const(True)
    if isinstance(value, Lib):
        # What else a library has may be a number.
        return Const(True) if value.name in FUNCTIONS or value.name in LAYERS else Opaque("bool")
    return Const(False) if isinstance(value, Const | TupleValue | TensorValue) else Opaque("bool")


@function("builtins.type", params="obj, bases=None, dict=None, /")
def _type(m: Machine, a: Arguments) -> Value:
    value = a.values["obj"]
    if isinstance(value, Ref):
        obj = m.read(value)
        if isinstance(obj, InstanceObject):
            return obj.cls
        if isinstance(obj, LayerObject):
            return Lib(obj.class_name)
    name = python_type(m, value)
    return Unknown("its type is not known") if name in (None, "object") else Lib(f"builtins.{name}")


@function("builtins.print", "builtins.help", params="*values, **options")
def _print(m: Machine, a: Arguments) -> Value:
    return NONE


@function("builtins.input", "builtins.repr", "builtins.format", params="*values, **options")
def _text(m: Machine, a: Arguments) -> Value:
    return Opaque("str")


@function("builtins.id", "builtins.hash", params="*values, **options")
def _integer(m: Machine, a: Arguments) -> Value:
    return Opaque("int")


@function("builtins.object.__init__", params="self, *args, **kwargs")
def _object_init(m: Machine, a: Arguments) -> Value:
    return NONE


@function("functools.wraps", params="wrapped, *args, **kwargs")
def _wraps(m: Machine, a: Arguments) -> Value:
    return PartialValue(Lib("functools.wraps.applied"), (a.values["wrapped"],))


@function("functools.wraps.applied", params="wrapped, wrapper, /")
def _wrapped(m: Machine, a: Arguments) -> Value:
    wrapped, wrapper = a.values["wrapped"], a.values["wrapper"]
    if isinstance(wrapped, FunctionValue) and isinstance(wrapper, FunctionValue):
        return replace(wrapper, name=wrapped.name)
    return wrapper


@function("functools.partial", params="func, /, *args, **keywords")
def _partial(m: Machine, a: Arguments) -> Value:
    return PartialValue(a.values["func"], a.rest, tuple(a.extra.items()))


@function("enum.auto", params="")
def _auto(m: Machine, a: Arguments) -> Value:
    return LibObject("enum.auto")


@function("dataclasses.field", params="*, default=None, default_factory=None, **options")
def _field(m: Machine, a: Arguments) -> Value:
    return LibObject("dataclasses.Field", tuple(a.values.items()))
