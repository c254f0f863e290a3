"""Puts a case to our rules, on a machine without a program."""

from __future__ import annotations

import shapelens.library.keras.layers  # noqa: F401  registers the rules
from shapelens.library.keras.layers.apply import apply_layer, spec_nest
from shapelens.library.keras.layers.constructors import check_constructor
from shapelens.library.keras.signatures import bind_call, bind_layer
from shapelens.shapes.question import NEWEST, Versions
from shapelens.shapes.shape import Shape, SpecNest, TensorSpec
from shapelens.values.failure import Failure, ShapeFailure
from shapelens.values.objects import LayerObject
from shapelens.values.value import Ref, TensorValue, Value
from tests.conformance.cases import Case, Inner, Outcome, Tensor
from tests.support.fake_machine import FakeMachine


class Refused(Exception):
    """A constructor's failure."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.sentence)
        self.failure = failure


def run(case: Case, versions: Versions = NEWEST) -> Outcome:
    """What our rules say of ``case``; `NotKnown` passes through."""
    machine = FakeMachine(versions=versions)
    try:
        layer = construct(machine, case.name, case.args, case.kwargs)
    except Refused as refused:
        return _refused(refused.failure, "init")
    if case.inputs is None:
        return Outcome()
    try:
        inputs, others = call_arguments(machine, case)
    except Refused as refused:
        return _refused(refused.failure, "call")
    try:
        result = apply_layer(machine, layer, inputs, others)
    except ShapeFailure as caught:
        return _refused(caught.failure, "call")
    return Outcome(shapes=shapes_of(result.outputs), dtypes=dtypes_of(result.outputs), params=result.params)


def _refused(failure: Failure, stage: str) -> Outcome:
    return Outcome(failure.keras or failure.sentence, stage, exact=failure.keras is not None)


def construct(machine: FakeMachine, name: str, args: tuple[object, ...], kwargs: dict[str, object]) -> Ref:
    """The layer on the machine's heap; raises `Refused`."""
    class_name = f"keras.layers.{name}"
    values = [value(machine, item) for item in args]
    family = machine.versions.family
    bound = bind_layer(class_name, values, {key: value(machine, item) for key, item in kwargs.items()}, family)
    if isinstance(bound, Failure):
        raise Refused(bound)
    failure = check_constructor(machine, class_name, bound)
    if failure is not None:
        raise Refused(failure)
    return machine.alloc(LayerObject(class_name, tuple(bound.items())))


def call_arguments(machine: FakeMachine, case: Case) -> tuple[SpecNest, dict[str, Value]]:
    """The inputs and the other arguments of the case's call; raises `Refused`."""
    kwargs = {name: value(machine, item) for name, item in case.call.items()}
    bound = bind_call(f"keras.layers.{case.name}", [value(machine, case.inputs)], kwargs, machine.versions.family)
    if isinstance(bound, Failure):
        raise Refused(bound)
    first, others = bound
    assert first is not None
    inputs = spec_nest(machine, first)
    assert inputs is not None
    return inputs, dict(others)


def value(machine: FakeMachine, literal: object) -> Value:
    """An argument of a case as a value."""
    if isinstance(literal, Inner):
        return construct(machine, literal.name, literal.args, literal.kwargs)
    if isinstance(literal, Tensor):
        return TensorValue(TensorSpec(Shape(literal.shape), literal.dtype), kind="keras")
    if isinstance(literal, tuple):
        return machine.value(tuple(value(machine, item) for item in literal))
    if isinstance(literal, list):
        return machine.value([value(machine, item) for item in literal])
    if isinstance(literal, dict):
        return machine.value({key: value(machine, item) for key, item in literal.items()})
    return machine.value(literal)


def shapes_of(nest: SpecNest) -> object:
    """The shapes of a structure as nested tuples."""
    if isinstance(nest, TensorSpec):
        return "open" if nest.shape.open else nest.shape.dims
    if isinstance(nest, dict):
        return {key: shapes_of(child) for key, child in nest.items()}
    return tuple(shapes_of(child) for child in nest)


def dtypes_of(nest: SpecNest) -> object:
    """The dtypes of a structure."""
    if isinstance(nest, TensorSpec):
        return nest.dtype
    if isinstance(nest, dict):
        return {key: dtypes_of(child) for key, child in nest.items()}
    return tuple(dtypes_of(child) for child in nest)
