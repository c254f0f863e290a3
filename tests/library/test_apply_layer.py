"""Calling layers: input checks, names, built layers, and callables that are no library layers."""

from __future__ import annotations

import pytest

from shapelens.library.keras.layers.apply import apply_layer, spec_nest
from shapelens.shapes.dims import ANY
from shapelens.shapes.shape import UNKNOWN_SPEC, Shape, TensorSpec
from shapelens.values.failure import NotKnown, ShapeFailure
from shapelens.values.objects import InputSpec, LayerObject, LayerState
from shapelens.values.value import Lib, TensorValue, Unknown, Value
from tests.library.layer_helpers import failure, make, result, spec
from tests.support.fake_machine import FakeMachine


def test_too_few_axes_in_keras_words() -> None:
    found = failure("Conv2D", spec(10, 2352), 8, 3)
    assert found.code == "rank-mismatch"
    assert found.keras == (
        "Input 0 with name 'None' of layer 'conv2d' is incompatible with the layer: "
        "expected min_ndim=4, found ndim=2. Full shape received: (10, 2352)"
    )
    assert found.details["expected_ndim"] == 4
    assert found.details["found_ndim"] == 2
    assert "{subject}" in found.sentence


def test_a_name_that_was_given_is_used() -> None:
    found = failure("Conv2D", spec(10, 2352), 8, 3, name="first")
    assert found.keras is not None
    assert "layer 'first'" in found.keras


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        ((28, 28, 3), "missing-batch-axis"),
        ((28, 28, 1), "missing-batch-axis"),
        ((60000, 28, 28), "rank-mismatch"),
        ((None, 28, 28), "rank-mismatch"),
        ((28, 28), "rank-mismatch"),
    ],
)
def test_one_picture_lacks_its_batch_and_many_lack_their_channels(shape: tuple[int | None, ...], code: str) -> None:
    assert failure("Conv2D", spec(*shape), 8, 3).code == code


def test_a_recurrent_layer_never_guesses_at_a_batch() -> None:
    assert failure("LSTM", spec(100, 10), 4).code == "rank-mismatch"


def test_a_built_layer_checks_its_channels_and_keeps_its_weights() -> None:
    machine = FakeMachine()
    first = apply_layer(machine, make(machine, "Dense", 4), spec(None, 3), {})
    state = LayerState(built=True, params=first.params, input_specs=first.input_specs)
    built = make(machine, "Dense", 4, state=state)
    with pytest.raises(ShapeFailure) as caught:
        apply_layer(machine, built, spec(None, 5), {})
    found = caught.value.failure
    assert found.code == "channel-mismatch"
    assert found.axis == -1
    assert found.keras == (
        "Input 0 with name 'None' of layer 'dense' is incompatible with the layer: expected axis -1 of input "
        "shape to have value 3, but received input with shape (None, 5)"
    )
    again = apply_layer(machine, built, spec(None, ANY), {})
    assert again.params == first.params == 16
    assert again.input_specs == first.input_specs


def test_a_dynamic_size_fits_a_built_layer() -> None:
    machine = FakeMachine()
    state = LayerState(built=True, params=16, input_specs=(InputSpec(min_ndim=2, axes=((-1, 3),)),))
    outcome = apply_layer(machine, make(machine, "Dense", 4, state=state), spec(None, None), {})
    assert outcome.outputs == spec(None, 4)


def test_a_declared_shape_is_compared_size_by_size() -> None:
    machine = FakeMachine()
    specs = (InputSpec(shape=(None, 28, 28, 1), allow_last_axis_squeeze=True),)
    layer = make(machine, "Identity", state=LayerState(built=True, input_specs=specs))
    for fitting in (spec(None, 28, 28, 1), spec(None, 28, 28), spec(5, ANY, 28, ANY), UNKNOWN_SPEC):
        apply_layer(machine, layer, fitting, {})
    with pytest.raises(ShapeFailure) as caught:
        apply_layer(machine, layer, spec(None, 32, 32, 3), {})
    assert caught.value.failure.keras is not None
    assert "expected shape=(None, 28, 28, 1), found shape=(None, 32, 32, 3)" in caught.value.failure.keras


def test_too_many_tensors() -> None:
    found = failure("LSTM", (spec(None, 5, 3), spec(None, 4)), 4)
    assert found.code == "input-mismatch"
    assert found.keras == 'Layer "lstm" expects 1 input(s), but it received 2 input tensors.'


def test_any_other_callable_is_called() -> None:
    machine = FakeMachine()

    def halve(inputs: Value) -> Value:
        assert isinstance(inputs, TensorValue)
        assert inputs.kind == "keras"
        return TensorValue(TensorSpec(Shape((*inputs.spec.shape.dims[:-1], 2)), "float32"), kind="keras")

    machine.functions["user.halve"] = halve
    outcome = apply_layer(machine, Lib("user.halve"), spec(None, 4), {})
    assert outcome.outputs == spec(None, 2)
    assert outcome.params is None
    assert outcome.value is not None


def test_an_unknown_layer_is_not_known() -> None:
    with pytest.raises(NotKnown):
        apply_layer(FakeMachine(), Unknown("from a file"), spec(None, 4), {})


def test_a_class_without_a_rule_is_not_known() -> None:
    machine = FakeMachine()
    layer = machine.alloc(LayerObject("keras.layers.TFSMLayer", ()))
    with pytest.raises(NotKnown, match="TFSMLayer"):
        apply_layer(machine, layer, spec(None, 4), {})


def test_structures_of_values_become_structures_of_specs() -> None:
    machine = FakeMachine()
    tensor = TensorValue(spec(None, 4), kind="keras")
    assert spec_nest(machine, tensor) == spec(None, 4)
    assert spec_nest(machine, machine.value([tensor, (tensor, tensor)])) == (
        spec(None, 4),
        (spec(None, 4), spec(None, 4)),
    )
    assert spec_nest(machine, machine.value({"a": tensor})) == {"a": spec(None, 4)}
    assert spec_nest(machine, machine.value([1, 2])) is None
    assert spec_nest(machine, Unknown("")) is None


def test_aliases_have_the_rule_of_their_class() -> None:
    assert result("MaxPool2D", spec(None, 8, 8, 3)).outputs == spec(None, 4, 4, 3)
    assert result("Convolution2D", spec(None, 8, 8, 3), 5, 3).outputs == spec(None, 6, 6, 5)
