"""Every layer of Keras 3 through the referee, as the conformance suite puts it to Keras itself."""

from __future__ import annotations

import re

import pytest

from shapelens.shapes.question import Call, Mapping, Sequence, Tensor, Term
from shapelens.shapes.shape import SpecNest, TensorSpec
from tests.conformance import suite
from tests.conformance.cases import Case, Inner
from tests.conformance.cases import Tensor as CaseTensor
from tests.referee.asking import call, layer, term
from tests.referee.conftest import Keras

pytest.importorskip("keras", reason="the real Keras is not installed here")

from tests.conformance import real_keras

pytestmark = pytest.mark.keras
# Generated ones for each layer, beside the corners. That these differ from seed to seed is the suite's concern.
CASES = 2


def asked(case: Case) -> Call:
    made = layer(case.name, *map(as_term, case.args), **{key: as_term(value) for key, value in case.kwargs.items()})
    if case.inputs is None:
        return made
    return call(made, as_term(case.inputs), **{key: as_term(value) for key, value in case.call.items()})


def as_term(value: object) -> Term:
    if isinstance(value, CaseTensor):
        return Tensor(tuple(value.shape), value.dtype)
    if isinstance(value, Inner):
        kwargs = {key: as_term(item) for key, item in value.kwargs.items()}
        return layer(value.name, *map(as_term, value.args), **kwargs)
    if isinstance(value, (list, tuple)):
        return Sequence(tuple(map(as_term, value)), "tuple" if isinstance(value, tuple) else "list")
    if isinstance(value, dict):
        return Mapping(tuple((term(key), as_term(item)) for key, item in value.items()))
    return term(value)


def plain(nest: SpecNest | None) -> object:
    """Shapes and dtypes as an `Outcome` has them."""
    if isinstance(nest, TensorSpec):
        return tuple(nest.shape.dims), nest.dtype
    if isinstance(nest, dict):
        return {key: plain(item) for key, item in nest.items()}
    return None if nest is None else tuple(map(plain, nest))


def together(shapes: object, dtypes: object) -> object:
    if isinstance(dtypes, dict):
        assert isinstance(shapes, dict)
        return {key: together(shapes[key], dtype) for key, dtype in dtypes.items()}
    if isinstance(dtypes, tuple):
        assert isinstance(shapes, tuple)
        return tuple(map(together, shapes, dtypes))
    return shapes, dtypes


def words(sentence: str | None) -> list[str]:
    """In some sentences Keras prints a set, whose order differs from process to process."""
    return sorted(re.findall(r"\w+", sentence or ""))


@pytest.mark.parametrize("name", sorted(suite.generators(3)))
def test_a_layer(keras3: Keras, name: str) -> None:
    for case in suite.cases_of(name, 3, count=CASES):
        outcome, answer = real_keras.run(case), keras3.answer(asked(case))
        assert answer.refused is None, case
        assert words(answer.error) == words(outcome.error), case
        if answer.error is None and case.inputs is not None:
            assert plain(answer.outputs) == together(outcome.shapes, outcome.dtypes), case
            assert answer.params == outcome.params, case
