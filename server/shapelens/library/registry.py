"""The registry: canonical name -> rule.

There are four kinds of rules, registered with the decorators below:

* `function`: a callable (``numpy.reshape``, ``keras.utils.to_categorical``);
* `method`: a method of a library type (``numpy.ndarray.reshape``, ``tensorflow.Dataset.batch``);
* `attribute`: a property of a library type (``numpy.ndarray.T``);
* `layer`: a Keras layer class: what it accepts, and what a call gives.

Type names for methods and attributes: ``numpy.ndarray``, ``tensorflow.Tensor``,
``tensorflow.Variable``, ``keras.KerasTensor``, ``pandas.DataFrame``, ``pandas.Series``,
``tensorflow.Dataset``, ``keras.Model`` ..., and a `LibObject`'s or `LibInstance`'s class name.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Literal, TypeVar

from shapelens.library.machine import Machine
from shapelens.shapes.shape import SpecNest
from shapelens.values.failure import ShapeFailure
from shapelens.values.objects import InputSpec
from shapelens.values.value import Value


@dataclass(frozen=True, slots=True)
class Arguments:
    """Arguments bound to a rule's signature.

    ``values`` has what the call gave, by parameter name; a parameter that was not given is absent.
    ``rest`` are surplus positional arguments (``*args``), ``extra`` surplus keywords (``**kwargs``).
    """

    values: Mapping[str, Value]
    rest: tuple[Value, ...] = ()
    extra: Mapping[str, Value] = field(default_factory=dict)

    def get(self, name: str) -> Value | None:
        """The argument ``name``, or `None` when it was not given."""
        return self.values.get(name)


FunctionRule = Callable[[Machine, Arguments], Value]
AttributeRule = Callable[[Machine, Value], Value]


class Signature(inspect.Signature):
    """A rule's signature, which knows whether it is one of plain parameters that are bound without `inspect`."""

    __slots__ = ("by_position", "names", "plain", "required")

    def __init__(self, parameters: Sequence[inspect.Parameter]) -> None:
        super().__init__(parameters)
        plain = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
        self.plain = all(parameter.kind in plain for parameter in parameters)
        self.names = tuple(parameter.name for parameter in parameters)
        self.by_position = tuple(p.name for p in parameters if p.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD)
        self.required = frozenset(p.name for p in parameters if p.default is inspect.Parameter.empty)


@dataclass(frozen=True, slots=True)
class RegisteredFunction:
    """A function or method rule and the signature that its arguments are bound to."""

    name: str
    signature: Signature
    rule: FunctionRule


@dataclass(frozen=True, slots=True)
class LayerCall:
    """One call of a library layer. ``config`` has every constructor argument, defaults included.

    ``built`` tells whether the layer was called before; ``layer`` is the layer itself.
    """

    class_name: str
    config: Mapping[str, Value]
    inputs: SpecNest
    arguments: Mapping[str, Value]
    layer: Value
    built: bool = False


@dataclass(frozen=True, slots=True)
class LayerResult:
    """What a call of a layer gives.

    ``params``: the number of weights (`None`: not known). ``input_specs``: what later calls are
    checked against. ``steps``: how the sizes came about, for people
    (``"height: (28 - 3) / 1 + 1 = 26"``). ``value``: for wrappers of the user's functions
    (Lambda): the output as a value, when it is not simply a tensor of ``outputs``.
    """

    outputs: SpecNest
    params: int | None = 0
    input_specs: tuple[InputSpec, ...] = ()
    steps: tuple[str, ...] = ()
    value: Value | None = None


LayerRule = Callable[[Machine, LayerCall], LayerResult]
InputSpecRule = Callable[[Mapping[str, Value]], Sequence[InputSpec]]


@dataclass(frozen=True, slots=True)
class RegisteredLayer:
    """A layer rule; ``accepts`` gives the input specs that hold before the layer is built."""

    name: str
    rule: LayerRule
    accepts: InputSpecRule | None = None


FUNCTIONS: dict[str, RegisteredFunction] = {}
ATTRIBUTES: dict[str, AttributeRule] = {}
LAYERS: dict[str, RegisteredLayer] = {}
# Rules for Keras 2, where it does otherwise than Keras 3 or has a layer that Keras 3 has not.
KERAS2_LAYERS: dict[str, RegisteredLayer] = {}

F = TypeVar("F", bound=FunctionRule)
A = TypeVar("A", bound=AttributeRule)
L = TypeVar("L", bound=LayerRule)


def function(*names: str, params: str) -> Callable[[F], F]:
    """Register a rule for callables; ``params`` is their signature: ``"a, shape=None, *, order='C'"``."""
    signature = signature_of(params)

    def register(rule: F) -> F:
        for name in names:
            if name in FUNCTIONS:
                raise ValueError(f"two rules for {name}")
            FUNCTIONS[name] = RegisteredFunction(name, signature, _in_words_of_family(name, rule))
        return rule

    return register


# Where rules quote Keras 3, whose words are others than those of Keras 2. The old backend mixes TensorFlow's words.
_QUOTING_KERAS3 = tuple(f"keras.{part}." for part in ("activations", "losses", "metrics", "utils"))
_QUOTING_NOBODY = "keras.backend."


def _in_words_of_family(name: str, rule: FunctionRule) -> FunctionRule:
    """``rule``, whose failures quote nothing where the library that the program means has other words."""
    always = name.startswith(_QUOTING_NOBODY)
    if not always and not name.startswith(_QUOTING_KERAS3):
        return rule

    def called(machine: Machine, args: Arguments) -> Value:
        try:
            return rule(machine, args)
        except ShapeFailure as caught:
            if always or machine.versions.family == 2:
                raise ShapeFailure(replace(caught.failure, keras=None)) from None
            raise

    return called


# A method is a function whose first parameter is the value that it is bound to.
method = function


def attribute(*names: str) -> Callable[[A], A]:
    """Register a rule for properties, by ``type name + "." + attribute``."""

    def register(rule: A) -> A:
        for name in names:
            if name in ATTRIBUTES:
                raise ValueError(f"two rules for {name}")
            ATTRIBUTES[name] = rule
        return rule

    return register


def layer(*names: str, accepts: InputSpecRule | None = None) -> Callable[[L], L]:
    """Register a rule for layer classes, by canonical name (``keras.layers.Conv2D``)."""
    return _layer_in(LAYERS, names, accepts)


def layer_of_keras2(*names: str, accepts: InputSpecRule | None = None) -> Callable[[L], L]:
    """As `layer`, but the rule holds for Keras 2 alone."""
    return _layer_in(KERAS2_LAYERS, names, accepts)


def _layer_in(
    table: dict[str, RegisteredLayer], names: tuple[str, ...], accepts: InputSpecRule | None
) -> Callable[[L], L]:
    def register(rule: L) -> L:
        for name in names:
            if name in table:
                raise ValueError(f"two rules for {name}")
            table[name] = RegisteredLayer(name, rule, accepts)
        return rule

    return register


def layer_rule(name: str, family: Literal[2, 3]) -> RegisteredLayer | None:
    """The rule for a layer class (by canonical name) in this family of Keras, if there is one."""
    if family == 2 and name in KERAS2_LAYERS:
        return KERAS2_LAYERS[name]
    return LAYERS.get(name)


# Library classes whose methods others inherit.
BASES: dict[str, tuple[str, ...]] = {
    "keras.Sequential": ("keras.Model",),
    "keras.Model": ("keras.layers.Layer",),
    "tensorflow.Module": ("builtins.object",),
    "keras.layers.Layer": ("builtins.object",),
    "tensorflow.Variable": ("tensorflow.Tensor",),
    "keras.KerasTensor": ("tensorflow.Tensor",),
    "builtins.set": ("builtins.list",),
    "builtins.deque": ("builtins.list",),
    "collections.OrderedDict": ("builtins.dict",),
    "builtins.bool": ("builtins.int",),
}


def mro(name: str) -> tuple[str, ...]:
    """The library class ``name`` and the classes that it inherits from, as far as rules need them."""
    order = [name]
    bases = BASES.get(name)
    if bases is None and (name in LAYERS or name in KERAS2_LAYERS):
        bases = ("keras.layers.Layer",)
    for base in bases or ():
        order.extend(n for n in mro(base) if n not in order)
    return tuple(order)


def inherited(name: str) -> RegisteredFunction | None:
    """The rule of a method that is named by a class which inherits it: ``keras.layers.Dense.from_config``."""
    owner, _, attribute_name = name.rpartition(".")
    if owner not in BASES and owner not in LAYERS:
        return None
    found = (FUNCTIONS.get(f"{base}.{attribute_name}") for base in mro(owner))
    return next((rule for rule in found if rule is not None), None)


@cache
def signature_of(params: str) -> Signature:
    """The signature written as ``params``; defaults are only marked as present."""
    namespace: dict[str, object] = {}
    exec(f"def f({params}): ...", namespace)  # our own literals, never the user's text
    function_object = namespace["f"]
    assert callable(function_object)
    return Signature(tuple(inspect.signature(function_object).parameters.values()))


def bind(signature: Signature, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Arguments | str:
    """Bind a call's arguments, or say (in Python's words) why they do not fit."""
    if signature.plain and len(args) <= len(signature.by_position):
        given = {**dict(zip(signature.by_position, args, strict=False)), **kwargs}
        twice = len(given) < len(args) + len(kwargs)
        if not twice and signature.required <= given.keys() and all(name in signature.names for name in kwargs):
            return Arguments({name: given[name] for name in signature.names if name in given})
    try:
        bound = signature.bind(*args, **kwargs)
    except TypeError as error:
        return str(error)
    values: dict[str, Value] = {}
    rest: tuple[Value, ...] = ()
    extra: Mapping[str, Value] = {}
    for name, value in bound.arguments.items():
        kind = signature.parameters[name].kind
        if kind is inspect.Parameter.VAR_POSITIONAL:
            rest = tuple(value)
        elif kind is inspect.Parameter.VAR_KEYWORD:
            extra = dict(value)
        else:
            values[name] = value
    return Arguments(values, rest, extra)
