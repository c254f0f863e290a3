"""What rules say of partly known shapes, how they explain sizes, and the layers around functions."""

from __future__ import annotations

import ast

import pytest

from shapelens.library.keras.layers.apply import apply_layer
from shapelens.library.keras.layers.constructors import check_constructor
from shapelens.library.keras.layers.input_shapes import declared_by_layer, declared_input
from shapelens.library.keras.signatures import bind_call, bind_layer, canonical, known
from shapelens.library.registry import FUNCTIONS, Arguments
from shapelens.shapes.dims import ANY, symbol
from shapelens.shapes.shape import UNKNOWN_SPEC, Shape
from shapelens.values.failure import Failure, NotKnown, ShapeFailure
from shapelens.values.objects import ClassObject, InstanceObject
from shapelens.values.value import Code, Const, FunctionValue, Lib, OneOf, TensorValue, Unknown, Value
from tests.library.layer_helpers import failure, make, output, result, spec, values
from tests.support.fake_machine import FakeMachine

UNKNOWN = Unknown("from a file")


def test_dense_knows_its_last_axis_of_any_input() -> None:
    assert output("Dense", UNKNOWN_SPEC, 10) == Shape((10,), open=True)
    assert output("Dense", spec(ANY, 7, open=True), 10) == Shape((ANY, 10), open=True)
    assert output("Dense", spec(None, 7), UNKNOWN) == Shape((None, ANY))
    assert result("Dense", UNKNOWN_SPEC, 10).params is None


def test_a_convolution_knows_its_rank_and_filters() -> None:
    assert output("Conv2D", UNKNOWN_SPEC, 8, 3) == Shape((ANY, ANY, ANY, 8))
    assert output("Conv2D", spec(None, 28, 28, 3), 8, UNKNOWN) == Shape((None, ANY, ANY, 8))
    assert output("Conv2D", spec(None, 28, 28, 3), 8, 1, padding=UNKNOWN) == Shape((None, 28, 28, 8))
    either = OneOf((Const(3), Const(5)))
    assert output("Conv2D", spec(None, 28, 28, 3), 8, either) == Shape((None, ANY, ANY, 8))


def test_sizes_may_be_symbols() -> None:
    width = symbol("w")
    assert str(output("Conv1D", spec(None, width, 3), 8, 3)) == "(None, w-2, 8)"
    assert str(output("MaxPooling1D", spec(None, width, 3))) == "(None, (w-2)//2+1, 3)"
    assert str(output("UpSampling1D", spec(None, width, 3))) == "(None, 2*w, 3)"
    assert str(output("Flatten", spec(None, width, 3))) == "(None, 3*w)"
    assert str(output("Concatenate", (spec(None, width), spec(None, 3)))) == "(None, w+3)"


def test_only_certain_failures_are_raised() -> None:
    assert output("Reshape", spec(None, ANY, 3), (4, 4)) == Shape((None, 4, 4))
    assert output("Add", (spec(None, ANY), spec(None, 5))) == Shape((None, 5))
    assert output("Add", (UNKNOWN_SPEC, spec(None, 5))) == Shape((5,), open=True)
    assert output("Concatenate", (UNKNOWN_SPEC, spec(None, 5))) == Shape((ANY, ANY))
    assert output("LSTM", UNKNOWN_SPEC, 4, return_sequences=UNKNOWN) == Shape((4,), open=True)
    assert output("Dropout", UNKNOWN_SPEC, UNKNOWN) == Shape((), open=True)
    assert output("Embedding", UNKNOWN_SPEC, UNKNOWN, 8) == Shape((8,), open=True)
    assert output("GlobalAveragePooling2D", UNKNOWN_SPEC) == Shape((ANY, ANY))


def test_arithmetic_is_explained() -> None:
    steps = result("Conv2D", spec(None, 28, 30, 3), 32, 3, strides=2).steps
    assert steps == (
        "height: floor((28 - 3) / 2) + 1 = 13",
        "width: floor((30 - 3) / 2) + 1 = 14",
        "params: (3*3*3 + 1) * 32 = 896",
    )
    assert result("Conv1D", spec(None, 28, 3), 4, 3, padding="same").steps[0] == "steps: ceil(28 / 1) = 28"
    assert result("Flatten", spec(None, 3, 4)).steps == ("3 * 4 = 12",)
    assert result("Dense", spec(None, 7), 3).steps == ("params: (7 + 1) * 3 = 24",)
    assert result("Reshape", spec(None, 12), (-1, 4)).steps == ("-1: 12 / 4 = 3",)


def test_a_window_larger_than_the_map_can_be_padded() -> None:
    found = failure("Conv2D", spec(None, 2, 8, 3), 8, 3)
    assert found.code == "negative-dimension"
    assert found.axis == 1
    assert found.details["padding_fix"] is True
    assert "height is 2" in found.sentence


def test_merging_names_the_inputs_and_the_axis() -> None:
    found = failure("Add", (spec(None, 4, 8), spec(None, 4, 9)))
    assert found.code == "merge-mismatch"
    assert found.axis == -1
    assert found.details["inputs"] == (0, 1)
    assert found.keras == "Inputs have incompatible shapes. Received shapes (4, 8) and (4, 9)"
    found = failure("Concatenate", (spec(None, 4, 8), spec(None, 5, 8)))
    assert found.code == "concat-mismatch"
    assert found.axis == 1


def test_reshape_counts_elements() -> None:
    found = failure("Reshape", spec(None, 30, 30, 32), (32 * 32 * 32,))
    assert found.code == "reshape-size"
    assert found.details["elements"] == 28800
    assert found.details["needed"] == 32768


def test_lambda_calls_its_function() -> None:
    machine = FakeMachine()
    seen: list[Value] = []

    def function(inputs: Value, **kwargs: Value) -> Value:
        seen.extend((inputs, *kwargs.values()))
        return TensorValue(spec(None, 2, dtype="int32"), kind="tensor")

    machine.functions["user.f"] = function
    layer = make(machine, "Lambda", Lib("user.f"), arguments={"scale": 3})
    outcome = apply_layer(machine, layer, spec(None, 4), {})
    assert outcome.outputs == spec(None, 2)
    assert isinstance(seen[0], TensorValue)
    assert seen[0].spec == spec(None, 4)
    assert seen[1] == Const(3)


def test_lambda_with_an_output_shape_does_not_call_its_function() -> None:
    assert output("Lambda", spec(None, 4), Lib("user.unknown"), output_shape=(7, 2)) == Shape((None, 7, 2))
    with pytest.raises(NotKnown):
        output("Lambda", spec(None, 4), Lib("user.unknown"))


def test_lambda_passes_a_mask_to_a_function_that_asks_for_it() -> None:
    machine = FakeMachine()
    source = "lambda x, mask: x"
    node = ast.parse(source, mode="eval").body
    function = FunctionValue(Code(0, 0, source, node), "<lambda>", "main")
    layer = make(machine, "Lambda", function)
    calls: list[dict[str, Value]] = []

    def call(callee: Value, args: object, kwargs: dict[str, Value]) -> Value:
        calls.append(dict(kwargs))
        return TensorValue(spec(None, 4))

    machine.call = call  # type: ignore[assignment, method-assign]
    apply_layer(machine, layer, spec(None, 4), {})
    assert calls == [{"mask": Const(None)}]


def test_wrappers_take_their_layer_from_the_heap() -> None:
    machine = FakeMachine()
    dense = make(machine, "Dense", 4)
    wrapped = apply_layer(machine, make(machine, "TimeDistributed", dense), spec(None, 5, 3), {})
    assert wrapped.outputs == spec(None, 5, 4)
    assert wrapped.params == 16
    unknown_rank = apply_layer(machine, make(machine, "TimeDistributed", dense), UNKNOWN_SPEC, {})
    assert unknown_rank.outputs == spec(4, open=True)
    lstm = make(machine, "LSTM", 4, return_state=True)
    both = apply_layer(machine, make(machine, "Bidirectional", lstm), spec(None, 5, 3), {})
    assert isinstance(both.outputs, tuple)
    assert [str(item.shape) for item in both.outputs] == ["(None, 8)", *["(None, 4)"] * 4]  # type: ignore[union-attr]


def test_a_cell_of_the_users_says_what_its_states_are() -> None:
    machine = FakeMachine()
    code = Code(0, 0, "class Cell: ...", ast.parse("class Cell: ...").body[0])
    cls = machine.alloc(ClassObject("Cell", code, (Lib("keras.layers.Layer"),)))
    cell = machine.alloc(InstanceObject(cls, (("state_size", Const(6)),)))

    def attribute(value: Value, name: str) -> Value:
        assert name == "state_size"
        return Const(6)

    machine.attribute = attribute  # type: ignore[method-assign]
    ran = apply_layer(machine, make(machine, "RNN", cell, return_state=True), spec(None, 5, 3), {})
    assert ran.outputs == (spec(None, 6), spec(None, 6))
    assert ran.params is None


def test_functional_merges_make_a_layer_and_call_it() -> None:
    machine = FakeMachine()
    tensors = machine.value([TensorValue(spec(None, 4), kind="keras"), TensorValue(spec(None, 3), kind="keras")])
    rule = FUNCTIONS["keras.layers.concatenate"].rule
    merged = rule(machine, Arguments({"inputs": tensors}))
    assert isinstance(merged, TensorValue)
    assert merged.spec == spec(None, 7)
    with pytest.raises(ShapeFailure) as caught:
        FUNCTIONS["keras.layers.add"].rule(machine, Arguments({"inputs": tensors}))
    assert caught.value.failure.code == "merge-mismatch"
    with pytest.raises(ShapeFailure, match="foo"):
        FUNCTIONS["keras.layers.add"].rule(machine, Arguments({"inputs": tensors}, extra={"foo": Const(1)}))


def test_constructor_arguments_are_bound_with_their_defaults() -> None:
    machine = FakeMachine()
    config = bind_layer("keras.layers.Conv2D", [Const(8), Const(3)], values(machine, {"name": "first"}))
    assert not isinstance(config, Failure)
    assert config["filters"] == Const(8)
    assert config["padding"] == Const("valid")
    assert config["strides"] == machine.value((1, 1))
    assert config["name"] == Const("first")
    assert canonical("keras.layers.AvgPool1D") == "keras.layers.AveragePooling1D"
    assert known("keras.layers.MaxPool2D")
    assert not known("keras.layers.Foo")


@pytest.mark.parametrize(
    ("args", "kwargs", "wording"),
    [
        ([], {}, "Dense.__init__() missing 1 required positional argument: 'units'"),
        ([3], {"units": 3}, "Dense.__init__() got multiple values for argument 'units'"),
        ([3], {"foo": 1}, "Unrecognized keyword arguments passed to Dense: {'foo': 1}"),
        ([3] * 16, {}, "Dense.__init__() takes from 2 to 14 positional arguments but 17 were given"),
    ],
)
def test_arguments_that_do_not_bind(args: list[int], kwargs: dict[str, int], wording: str) -> None:
    machine = FakeMachine()
    found = bind_layer("keras.layers.Dense", [machine.value(a) for a in args], values(machine, kwargs))
    assert isinstance(found, Failure)
    assert found.code == "invalid-argument"
    assert found.keras == wording


def test_call_arguments_are_bound_by_name() -> None:
    query, value = TensorValue(spec(None, 5, 8)), TensorValue(spec(None, 6, 8))
    bound = bind_call("keras.layers.MultiHeadAttention", [query, value], {"training": Const(True)})
    assert bound == (query, {"value": value, "training": Const(True)})
    assert bind_call("keras.layers.MultiHeadAttention", [], {"query": query, "value": value}) == (
        query,
        {"value": value},
    )
    refused = bind_call("keras.layers.Add", [query, value], {})
    assert isinstance(refused, Failure)
    assert refused.keras == "too many positional arguments"


def test_unknown_constructor_arguments_are_never_refused() -> None:
    machine = FakeMachine()
    for name, args in {
        "Dense": [UNKNOWN],
        "Conv2D": [UNKNOWN, machine.value((3, UNKNOWN))],
        "Dropout": [UNKNOWN],
    }.items():
        class_name = f"keras.layers.{name}"
        config = bind_layer(class_name, args, {})
        assert not isinstance(config, Failure)
        assert check_constructor(machine, class_name, config) is None


def test_a_wrong_length_is_refused_though_its_items_are_unknown() -> None:
    machine = FakeMachine()
    config = bind_layer("keras.layers.Conv2D", [Const(8), machine.value((UNKNOWN, 3, 3))], {})
    assert not isinstance(config, Failure)
    found = check_constructor(machine, "keras.layers.Conv2D", config)
    assert found is not None
    assert found.keras is None


def test_declared_shapes() -> None:
    machine = FakeMachine()

    def declared(**kwargs: object) -> str:
        return str(declared_input(machine, values(machine, kwargs)).shape)

    assert declared(shape=(28, 28)) == "(None, 28, 28)"
    assert declared(shape=[3, None], batch_size=4) == "(4, 3, None)"
    assert declared(batch_shape=(2, 3)) == "(2, 3)"
    assert declared(shape=UNKNOWN) == "(...,)"
    assert str(declared_by_layer(machine, values(machine, {"input_shape": (5,)}))) == "(None, 5)"
    assert str(declared_by_layer(machine, values(machine, {"input_dim": 5}))) == "(None, 5)"
    assert declared_by_layer(machine, values(machine, {"input_dim": 5, "output_dim": 3})) is None
    found = check_constructor(machine, "keras.Input", values(machine, {"shape": 784}))
    assert found is not None
    assert found.keras == "Cannot convert '784' to a shape."
