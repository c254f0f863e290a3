"""Short ways to put a layer to its rule."""

from __future__ import annotations

from collections.abc import Mapping

import shapelens.library.keras.layers  # noqa: F401  registers the rules
from shapelens.library.keras.layers.apply import apply_layer
from shapelens.library.keras.signatures import bind_layer
from shapelens.library.registry import LayerResult
from shapelens.shapes.dims import Dim
from shapelens.shapes.shape import Shape, SpecNest, TensorSpec
from shapelens.values.failure import Failure, ShapeFailure
from shapelens.values.objects import LayerObject, LayerState
from shapelens.values.value import Ref, Value
from tests.support.fake_machine import FakeMachine


def make(machine: FakeMachine, name: str, /, *args: object, state: LayerState | None = None, **kwargs: object) -> Ref:
    """A ``keras.layers.<name>(*args, **kwargs)`` on the heap; arguments are literals or values."""
    class_name = f"keras.layers.{name}"
    config = bind_layer(class_name, [machine.value(a) for a in args], values(machine, kwargs))
    assert not isinstance(config, Failure), config
    return machine.alloc(LayerObject(class_name, tuple(config.items()), state or LayerState()))


def values(machine: FakeMachine, literals: Mapping[str, object]) -> dict[str, Value]:
    """Literals as values."""
    return {name: machine.value(literal) for name, literal in literals.items()}


def result(name: str, inputs: SpecNest, /, *args: object, **kwargs: object) -> LayerResult:
    """What calling the layer gives."""
    machine = FakeMachine()
    return apply_layer(machine, make(machine, name, *args, **kwargs), inputs, {})


def output(name: str, inputs: SpecNest, /, *args: object, **kwargs: object) -> Shape:
    """The shape of the one tensor that calling the layer gives."""
    outputs = result(name, inputs, *args, **kwargs).outputs
    assert isinstance(outputs, TensorSpec)
    return outputs.shape


def failure(name: str, inputs: SpecNest, /, *args: object, **kwargs: object) -> Failure:
    """The failure that calling the layer raises."""
    try:
        outcome = result(name, inputs, *args, **kwargs)
    except ShapeFailure as caught:
        return caught.failure
    raise AssertionError(f"{name} gave {outcome.outputs}")


def spec(*dims: Dim, open: bool = False, dtype: str | None = "float32") -> TensorSpec:
    """A tensor's specification."""
    return TensorSpec(Shape(dims, open), dtype)
