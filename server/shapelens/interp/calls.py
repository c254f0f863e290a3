"""Calls: evaluating arguments and dispatching on what is called."""

from __future__ import annotations

import ast
import logging
import os
from typing import TYPE_CHECKING

from shapelens.interp import classes, enums, functions, imports, reflection
from shapelens.interp.consult import is_askable
from shapelens.interp.control import ProgramRaised
from shapelens.interp.subscripts import havoc
from shapelens.library import consult, registry
from shapelens.library.keras import models
from shapelens.names.canonical import KNOWN_ROOTS
from shapelens.values.failure import NotKnown, ShapeFailure
from shapelens.values.objects import ClassObject, DictObject, InstanceObject, LayerObject, LibInstance
from shapelens.values.value import (
    NONE,
    BoundMethod,
    Const,
    FunctionValue,
    Lib,
    LibMethod,
    LibObject,
    OneOf,
    PartialValue,
    Ref,
    SuperValue,
    TensorKind,
    TensorValue,
    TupleValue,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from shapelens.interp.machine import Interpreter

log = logging.getLogger(__name__)

# Key of the arguments that says some are missing, because ``*args`` or ``**kwargs`` is not known.
INCOMPLETE = "\0incomplete"
# Libraries whose functions leave the lists and dicts that they are given as they are.
HARMLESS = (*KNOWN_ROOTS, "matplotlib", "os", "time", "logging", "json", "math", "sys", "re", "functools")


def evaluate_call(m: Interpreter, node: ast.Call) -> Value:
    """The value of a call expression."""
    if isinstance(node.func, ast.Name) and node.func.id == "super":
        return _super(m, node)
    callee = m.evaluate(node.func)
    shown: list[tuple[ast.expr, str, Value]] = []
    if isinstance(node.func, ast.Attribute):
        owner = callee.self_value if isinstance(callee, LibMethod | BoundMethod) else None
        if owner is not None:
            shown.append((node.func.value, "self", owner))
    args: list[Value] = []
    kwargs: dict[str, Value] = {}
    for argument in node.args:
        if isinstance(argument, ast.Starred):
            items = m.items(m.evaluate(argument.value))
            if items is None:
                kwargs[INCOMPLETE] = NONE
            else:
                args.extend(items)
            continue
        value = m.evaluate(argument)
        shown.append((argument, str(len(args)), value))
        args.append(value)
    for keyword in node.keywords:
        value = m.evaluate(keyword.value)
        if keyword.arg is not None:
            shown.append((keyword.value, keyword.arg, value))
            kwargs[keyword.arg] = value
            continue
        obj = m.read(value) if isinstance(value, Ref) else None
        if isinstance(obj, DictObject):
            for key, item in obj.entries:
                if isinstance(key, Const) and isinstance(key.value, str):
                    kwargs[key.value] = Unknown("it may not be given") if key in obj.perhaps else item
            if obj.open:
                kwargs[INCOMPLETE] = NONE
        else:
            kwargs[INCOMPLETE] = NONE
    with m.at(node, shown) as context:
        result = call_value(m, callee, tuple(args), kwargs)
        if context.failed and m.tries:
            raise ProgramRaised
    return result


def call_value(m: Interpreter, callee: Value, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    """The result of calling ``callee``; failures are noted at the present call expression."""
    m.step()
    try:
        return _decide(m, callee, args, kwargs)
    except ShapeFailure as failure:
        if m.is_quiet:
            # A graph is being replayed: the call that replays it is what fails.
            raise
        m.fail(failure.failure)
        if m.tries:
            raise ProgramRaised from None
        return Unknown("this call raises an error")
    except NotKnown as reason:
        return Unknown(reason.reason)
    except RecursionError:
        return Unknown("the program nests too deeply")
    except (AttributeError, KeyError, IndexError, TypeError, ValueError, AssertionError, ZeroDivisionError):
        # A broken rule must not cost the analysis; under tests it must be seen.
        if os.environ.get("SHAPELENS_STRICT"):
            raise
        log.exception("a rule failed at %s", m.site)
        return Unknown("ShapeLens failed here; see its log")


def _decide(m: Interpreter, callee: Value, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    """What a rule says; where it cannot tell, or finds an error, what the installed library says."""
    try:
        return _dispatch(m, callee, args, kwargs)
    except ShapeFailure as failure:
        if isinstance(callee, LibMethod) and isinstance(callee.self_value, TensorValue | Ref):
            # In the question a method is a function of its object.
            args, callee = (callee.self_value, *args), Lib(callee.name)
        # Layers have confirmed theirs already.
        if not _is_library(callee) and not (isinstance(callee, Ref) and not isinstance(m.read(callee), LayerObject)):
            raise
        reply = consult.confirm(m, callee, args, kwargs, failure.failure)
    except NotKnown as reason:
        if not _is_library(callee):
            raise
        reply = consult.instead(m, callee, args, kwargs, reason.reason)
    tensors = _flat(m, (*args, *kwargs.values()))
    value = consult.value_of(m, reply, _kind(callee, tensors))
    return m.attach(value, tensors, callee if isinstance(callee, Lib) else NONE, args, kwargs)


def _is_library(callee: Value) -> bool:
    return isinstance(callee, Lib | LibObject)


def _kind(callee: Value, inputs: tuple[Value, ...]) -> TensorKind:
    """What a library's function makes of these."""
    if callee == Lib("keras.Input") or any(isinstance(v, TensorValue) and v.kind == "keras" for v in inputs):
        return "keras"
    return "numpy" if isinstance(callee, Lib) and callee.name.startswith("numpy.") else "tensor"


def _dispatch(m: Interpreter, callee: Value, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    if isinstance(callee, Lib):
        return _call_library(m, callee.name, args, kwargs)
    if isinstance(callee, LibMethod):
        return _call_method(m, callee, args, kwargs)
    if isinstance(callee, FunctionValue):
        return functions.call_function(m, callee, args, kwargs)
    if isinstance(callee, BoundMethod):
        return call_value(m, callee.function, (callee.self_value, *args), kwargs)
    if isinstance(callee, PartialValue):
        return call_value(m, callee.function, (*callee.args, *args), {**dict(callee.kwargs), **kwargs})
    if isinstance(callee, OneOf):
        return m.each(callee, lambda v: call_value(m, v, args, kwargs))
    if isinstance(callee, Ref):
        return _call_object(m, callee, args, kwargs)
    if isinstance(callee, LibObject):
        return _call_library(m, f"{callee.class_name}.__call__", (callee, *args), kwargs)
    if isinstance(callee, Unknown):
        for value in (*args, *kwargs.values()):
            havoc(m, value)
        return Unknown(callee.reason or "the called function is not known")
    return Unknown("what is called here is not known")


def _call_object(m: Interpreter, ref: Ref, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    obj = m.read(ref)
    if isinstance(obj, ClassObject):
        if enums.is_enum(m, ref):
            found = enums.by_value(m, ref, args[0]) if len(args) == 1 else None
            return found or Unknown("which member this is is not known")
        return classes.instantiate(m, ref, obj, args, kwargs)
    own = classes.find_in_class(m, obj.cls, "__call__") if isinstance(obj, InstanceObject) else None
    if isinstance(obj, InstanceObject) and (obj.layer is None or isinstance(own, FunctionValue)):
        method = own
        if method is not None:
            return call_value(m, method, (ref, *args), kwargs)
        return Unknown("this object is not known to be callable")
    if isinstance(obj, LibInstance):
        return _call_library(m, f"{obj.class_name}.__call__", (ref, *args), kwargs)
    if INCOMPLETE in kwargs:
        kwargs = {name: value for name, value in kwargs.items() if name != INCOMPLETE}
    return models.call(m, ref, args, kwargs)


def _call_library(m: Interpreter, name: str, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    rule = registry.FUNCTIONS.get(name) or registry.inherited(name)
    if rule is None:
        found = reflection.call(m, name, args, kwargs)
        if found is not None:
            return found
        made = models.construct(m, name, args, kwargs)
        if made is not None:
            return made
        written = imports.from_kerass_text(m, name)
        if written is not None:
            return functions.call_function(m, written, args, kwargs)
        last = name.rpartition(".")[2]
        if last[:1].isupper():
            config = (*((str(i), v) for i, v in enumerate(args)), *kwargs.items())
            return LibObject(name, tuple(c for c in config if c[0] != INCOMPLETE), m.site)
        if is_askable(name):
            raise NotKnown(f"what `{name}` returns is not known")
        if name.partition(".")[0] not in HARMLESS:
            for value in (*args, *kwargs.values()):
                havoc(m, value)
        return Unknown(f"what `{name}` returns is not known")
    if INCOMPLETE in kwargs:
        return Unknown("the arguments of this call are not all known")
    bound = registry.bind(rule.signature, args, kwargs)
    if isinstance(bound, str):
        if m.tries and not m.is_quiet:
            # "If it is an older TensorFlow, then ...": the handler has what works now.
            raise ProgramRaised
        return Unknown(f"the arguments do not fit: {bound}")
    result = rule.rule(m, bound)
    return m.attach(result, _flat(m, (*args, *kwargs.values())), Lib(name), args, kwargs)


def _call_method(m: Interpreter, method: LibMethod, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    return _call_library(m, method.name, (method.self_value, *args), kwargs)


def _flat(m: Interpreter, values: tuple[Value, ...]) -> tuple[Value, ...]:
    """The values and, one level deep, the items of lists among them (``concat([a, b])``)."""
    found: list[Value] = []
    for value in values:
        if isinstance(value, TensorValue):
            found.append(value)
        elif isinstance(value, TupleValue | Ref):
            found.extend(m.items(value) or ())
    return tuple(found)


def _super(m: Interpreter, node: ast.Call) -> Value:
    if node.args:
        given = [m.evaluate(argument) for argument in node.args]
        if len(given) == 2 and isinstance(given[0], Ref):
            return SuperValue(given[0], given[1])
    frame = m.frame
    if frame.owner is not None and frame.self_value is not None:
        return SuperValue(frame.owner, frame.self_value)
    return Unknown("super() is used outside of a method")
