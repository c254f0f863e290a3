"""What a rule says of partly known arguments and inputs must be true of the fully known ones.

Cases that work are run again with parts of them forgotten: a rule may then say less, but nothing else,
and it must not refuse, because what was forgotten works.
"""

from __future__ import annotations

from random import Random

import pytest

from shapelens.library.keras.layers.apply import apply_layer
from shapelens.library.registry import LayerResult
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.question import NEWEST, Versions
from shapelens.shapes.shape import UNKNOWN_SPEC, Shape, SpecNest, TensorSpec
from shapelens.values.failure import NotKnown, ShapeFailure
from shapelens.values.objects import LayerObject
from shapelens.values.value import OneOf, TensorValue, Unknown, Value
from tests.conformance import keras2, rules, suite
from tests.conformance.cases import Case
from tests.conformance.suite import SEED
from tests.support.fake_machine import FakeMachine

# Without the layer that it wraps a wrapper can say nothing.
ESSENTIAL = {"layer", "layers", "cell", "cells", "backward_layer", "name"}


@pytest.mark.parametrize("name", suite.generators(3))
def test_unknown_parts_only_make_answers_vaguer(name: str) -> None:
    _compare(suite.cases_of(name, 3, SEED + 1), NEWEST)


@pytest.mark.parametrize("name", suite.generators(2))
def test_unknown_parts_only_make_answers_vaguer_with_keras2(name: str) -> None:
    _compare(suite.cases_of(name, 2, SEED + 1), keras2.VERSIONS)


def _compare(cases: list[Case], versions: Versions) -> None:
    random = Random(f"{SEED}/{cases[0].name}")
    for case in cases:
        full = _answer(case, None, versions)
        if full is None:
            continue
        for _ in range(4):
            try:
                vague = _answer(case, random, versions)
            except ShapeFailure as refused:
                pytest.fail(f"{case} works, but with unknown parts it is refused: {refused}")
            if vague is None:
                continue
            assert _covers(vague.outputs, full.outputs), f"{case}\n{vague.outputs}\n{full.outputs}"
            assert vague.params in (None, full.params), str(case)


def _answer(case: Case, random: Random | None, versions: Versions) -> LayerResult | None:
    """The rule's answer, with parts forgotten when there is ``random``; nothing where it has none."""
    machine = FakeMachine(versions=versions)
    try:
        layer = rules.construct(machine, case.name, case.args, case.kwargs)
        inputs, others = rules.call_arguments(machine, case)
        if random is not None:
            made = machine.read(layer)
            assert isinstance(made, LayerObject)
            config = tuple((name, _forget_value(random, name, value)) for name, value in made.config)
            machine.write(layer, LayerObject(made.class_name, config))
            inputs = _forget_nest(random, inputs)
            others = {name: _forget_argument(random, value) for name, value in others.items()}
        return apply_layer(machine, layer, inputs, others)
    except (rules.Refused, NotKnown):
        return None
    except ShapeFailure:
        if random is None:
            return None
        raise


def _forget_value(random: Random, name: str, value: Value) -> Value:
    if name in ESSENTIAL or random.random() < 0.8:
        return value
    unknown = Unknown("forgotten")
    return unknown if random.random() < 0.5 else OneOf((value, unknown))


def _forget_argument(random: Random, value: Value) -> Value:
    if not isinstance(value, TensorValue):
        return _forget_value(random, "", value)
    return TensorValue(TensorSpec(_forget_shape(random, value.spec.shape), value.spec.dtype), kind="keras")


def _forget_nest(random: Random, nest: SpecNest) -> SpecNest:
    if isinstance(nest, TensorSpec):
        return TensorSpec(_forget_shape(random, nest.shape), nest.dtype)
    if isinstance(nest, dict):
        return {key: _forget_nest(random, child) for key, child in nest.items()}
    return tuple(_forget_nest(random, child) for child in nest)


def _forget_shape(random: Random, shape: Shape) -> Shape:
    dims = tuple(ANY if random.random() < 0.3 else size for size in shape.dims)
    if random.random() < 0.3:
        return Shape(dims[random.randint(0, len(dims)) :], open=True)
    return Shape(dims)


def _covers(vague: SpecNest, full: SpecNest) -> bool:
    if isinstance(vague, TensorSpec):
        if vague == UNKNOWN_SPEC:
            return True
        return isinstance(full, TensorSpec) and _covers_shape(vague.shape, full.shape)
    if isinstance(vague, dict) or isinstance(full, (dict, TensorSpec)):
        return False
    return len(vague) == len(full) and all(map(_covers, vague, full))


def _covers_shape(vague: Shape, full: Shape) -> bool:
    if full.open:
        return vague.open
    if (not vague.open and len(vague.dims) != len(full.dims)) or len(vague.dims) > len(full.dims):
        return False
    return all(map(_covers_size, vague.dims, full.dims[len(full.dims) - len(vague.dims) :]))


def _covers_size(vague: Dim, full: Dim) -> bool:
    # A size that we know may be one that Keras itself does not: an unknown input was a dynamic one.
    return vague == full or (vague is not None and (not isinstance(vague, int) or full is None))
