"""Constructor and call signatures of Keras's layers, as generated from Keras 3.15.1 and from Keras 2.15.0.

Functions take the family of Keras, 2 or 3, where the two differ (`Versions.family`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal, TypeAlias

from shapelens.values.failure import Failure
from shapelens.values.value import Const, TupleValue, Unknown, Value

Family: TypeAlias = Literal[2, 3]
ParameterKind: TypeAlias = Literal["any", "positional", "keyword"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named parameter; ``default`` is absent when it is required."""

    name: str
    kind: ParameterKind
    default: Value | None


@dataclass(frozen=True, slots=True)
class Signature:
    """What a constructor or ``call`` takes.

    ``takes_args``: there is ``*args``. ``extra`` are the keywords that ``**kwargs`` accepts: `None` where
    there is no ``**kwargs``; ``open`` means that it accepts anything.
    """

    label: str
    parameters: tuple[Parameter, ...]
    takes_args: bool = False
    extra: frozenset[str] | None = None
    open: bool = False


def canonical(class_name: str) -> str:
    """The canonical name of a layer class: ``keras.layers.MaxPool2D`` -> ``keras.layers.MaxPooling2D``."""
    return _aliases().get(class_name, class_name)


def known(class_name: str, family: Family = 3) -> bool:
    """Whether the class is one of Keras's public layers or models."""
    return canonical(class_name) in _data(family)["signatures"]


def public(family: Family = 3) -> frozenset[str]:
    """The canonical names of all of Keras's public layers and models."""
    return frozenset(_data(family)["signatures"])


def bind_layer(
    class_name: str, args: Sequence[Value], kwargs: Mapping[str, Value], family: Family = 3
) -> Mapping[str, Value] | Failure:
    """Every constructor argument by name, defaults included, or the failure that Keras raises.

    Arguments that the base classes take (``name``, ``dtype``, ``input_shape`` ...) are there if given.
    """
    signature = _constructor(canonical(class_name), family)
    if signature is None:
        return dict(kwargs)
    return _bind(signature, args, kwargs, class_name.rpartition(".")[2], family)


def bind_call(
    class_name: str, args: Sequence[Value], kwargs: Mapping[str, Value], family: Family = 3
) -> tuple[Value | None, Mapping[str, Value]] | Failure:
    """The first argument of a layer's call and the others by name, only those that are given.

    Bind the arguments of ``layer(...)`` with it, then give them to `apply_layer`.
    """
    parameters = _call(canonical(class_name), family)
    if parameters is None:
        return (args[0] if args else None), dict(kwargs)
    shown = class_name.rpartition(".")[2]
    names = [parameter.name for parameter in parameters]
    positional = [parameter.name for parameter in parameters if parameter.kind != "keyword"]
    if len(args) > len(positional):
        return _refused("too many positional arguments", shown, family=family)
    others = dict(zip(positional, args, strict=False))
    for name, value in kwargs.items():
        if name in others:
            return _refused(f"multiple values for argument '{name}'", shown, family=family)
        # ``Layer.__call__`` takes ``training`` for every layer.
        if name not in names and name != "training":
            return _refused(f"got an unexpected keyword argument '{name}'", shown, family=family)
        others[name] = value
    for parameter in parameters:
        if parameter.default is None and parameter.name not in others:
            return _refused(f"missing a required argument: '{parameter.name}'", shown, family=family)
    return others.pop(names[0]), others


def without_defaults(
    class_name: str, config: Sequence[tuple[str, Value]], family: Family = 3
) -> list[tuple[str, Value]]:
    """What of a bound configuration the program may have given: all that is not the constructor's default."""
    signature = _constructor(canonical(class_name), family)
    defaults = {} if signature is None else {p.name: p.default for p in signature.parameters}
    return [(name, value) for name, value in config if value is not defaults.get(name) and value != defaults.get(name)]


def bind_loosely(
    class_name: str, args: Sequence[Value], kwargs: Mapping[str, Value], family: Family = 3
) -> Mapping[str, Value]:
    """As `bind_layer`, for a constructor that takes what this signature does not: another version's."""
    signature = _constructor(canonical(class_name), family)
    if signature is None:
        return dict(kwargs)
    positional = [p.name for p in signature.parameters if p.kind != "keyword"]
    defaults = {p.name: p.default for p in signature.parameters if p.default is not None}
    return {**defaults, **dict(zip(positional, args, strict=False)), **kwargs}


def names(kind: Literal["activation", "regularizer"], family: Family = 3) -> frozenset[str]:
    """The strings that Keras accepts for an argument of this kind."""
    return frozenset(_data(family)["names"][kind])


def _bind(
    signature: Signature, args: Sequence[Value], kwargs: Mapping[str, Value], shown: str, family: Family
) -> Mapping[str, Value] | Failure:
    label = signature.label
    positional = [p for p in signature.parameters if p.kind != "keyword"]
    if len(args) > len(positional) and not signature.takes_args:
        return _refused(_too_many(label, positional, len(args)), shown)
    bound = {p.name: value for p, value in zip(positional, args, strict=False)}
    names = {p.name for p in signature.parameters}
    unexpected: dict[str, Value] = {}
    for name, value in kwargs.items():
        if name in bound:
            return _refused(f"{label}() got multiple values for argument '{name}'", shown)
        if name in names or signature.open or (signature.extra is not None and name in signature.extra):
            bound[name] = value
        elif signature.extra is None:
            return _refused(f"{label}() got an unexpected keyword argument '{name}'", shown)
        else:
            unexpected[name] = value
    missing = [p.name for p in positional if p.default is None and p.name not in bound]
    if missing:
        return _refused(_missing(label, missing), shown)
    if unexpected:
        if family == 2:
            wording = f"('Keyword argument not understood:', '{next(iter(unexpected))}')"
        else:
            listed = ", ".join(f"'{name}': {_shown(value)}" for name, value in unexpected.items())
            wording = f"Unrecognized keyword arguments passed to {shown}: {{{listed}}}"
        return _refused(wording, shown, tuple(unexpected))
    for parameter in signature.parameters:
        if parameter.default is not None:
            bound.setdefault(parameter.name, parameter.default)
    return bound


def _refused(wording: str, layer: str, keywords: tuple[str, ...] = (), family: Family = 3) -> Failure:
    if keywords:
        listed = " and ".join(f"`{name}`" for name in keywords)
        sentence = f"{layer} does not take the keyword {listed}"
    else:
        sentence = f"{layer} cannot be called like this: {wording}"
    # Calls are bound in other words by Keras 2; constructors by Python, in the same words.
    keras = wording if family == 3 else None
    return Failure("invalid-argument", sentence, keras=keras, details={"layer": layer, "keywords": keywords})


def _missing(label: str, names: Sequence[str]) -> str:
    quoted = [f"'{name}'" for name in names]
    listed = f"{', '.join(quoted[:-1])}, and {quoted[-1]}" if len(quoted) > 2 else " and ".join(quoted)
    plural = "" if len(quoted) == 1 else "s"
    return f"{label}() missing {len(quoted)} required positional argument{plural}: {listed}"


def _too_many(label: str, positional: Sequence[Parameter], given: int) -> str:
    most = len(positional) + 1
    least = most - sum(1 for p in positional if p.default is not None)
    takes = f"from {least} to {most}" if least != most else str(most)
    plural = "" if takes == "1" else "s"
    return f"{label}() takes {takes} positional argument{plural} but {given + 1} were given"


def _shown(value: Value) -> str:
    if isinstance(value, Const):
        return repr(value.value)
    if isinstance(value, TupleValue):
        items = ", ".join(map(_shown, value.items))
        return f"({items},)" if len(value.items) == 1 else f"({items})"
    return "..."


@cache
def _constructor(class_name: str, family: Family) -> Signature | None:
    entry = _data(family)["signatures"].get(class_name)
    if entry is None:
        return None
    shown = class_name.rpartition(".")[2]
    label = shown if class_name == "keras.Input" else f"{shown}.__init__"
    return _signature(label, entry["init"], entry["extra"])


@cache
def _call(class_name: str, family: Family) -> tuple[Parameter, ...] | None:
    """The parameters of ``call``, unless it takes anything or nothing."""
    entry = _data(family)["signatures"].get(class_name)
    if entry is None or not entry.get("call"):
        return None
    signature = _signature("", entry["call"], None)
    return None if signature.takes_args or signature.extra is not None else signature.parameters


def _signature(label: str, rows: Sequence[Sequence[Any]], extra: Sequence[str] | None) -> Signature:
    parameters: list[Parameter] = []
    takes_args = False
    takes_kwargs = False
    for name, kind, *default in rows:
        if kind == "args":
            takes_args = True
        elif kind == "kwargs":
            takes_kwargs = True
        else:
            parameters.append(Parameter(name, kind, _value(default[0]) if default else None))
    names = frozenset(extra or ())
    everything = takes_kwargs and (extra is None or "*" in names)
    return Signature(label, tuple(parameters), takes_args, names if takes_kwargs else None, everything)


def _value(literal: object) -> Value:
    if isinstance(literal, list):
        return TupleValue(tuple(map(_value, literal)))
    if literal is None or isinstance(literal, (bool, int, float, str)):
        return Const(literal)
    return Unknown("a default of Keras's own")


@cache
def _aliases() -> Mapping[str, str]:
    # Keras 3 has all aliases of Keras 2.15.
    aliases: Mapping[str, str] = _data(3)["aliases"]
    return aliases


@cache
def _data(family: Family) -> Mapping[str, Any]:
    name = "signatures.json" if family == 3 else "signatures_keras2.json"
    text = resources.files("shapelens.library.keras").joinpath(name).read_text(encoding="utf-8")
    loaded: Mapping[str, Any] = json.loads(text)
    return loaded
