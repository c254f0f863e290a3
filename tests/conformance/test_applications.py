"""Every layer of Keras's own networks: our rules against the layers that Keras builds."""

from __future__ import annotations

import pytest

pytest.importorskip("keras", reason="the real Keras is not installed here")

import keras
from keras.src.backend.common.stateless_scope import StatelessScope

import shapelens.library.keras.layers  # noqa: F401  registers the rules
from shapelens.library.keras.layers.apply import apply_layer
from shapelens.library.keras.signatures import bind_layer
from shapelens.library.registry import LAYERS
from shapelens.shapes.shape import Shape, SpecNest, TensorSpec
from shapelens.values.failure import Failure
from shapelens.values.objects import LayerObject
from shapelens.values.value import Unknown, Value
from tests.conformance.compare import agree
from tests.conformance.rules import shapes_of
from tests.support.fake_machine import FakeMachine

NETWORKS = (
    "ConvNeXtTiny",
    "DenseNet121",
    "EfficientNetB0",
    "EfficientNetV2B0",
    "InceptionV3",
    "InceptionResNetV2",
    "MobileNet",
    "MobileNetV2",
    "MobileNetV3Small",
    "NASNetMobile",
    "ResNet50",
    "ResNet50V2",
    "VGG16",
    "Xception",
)


@pytest.mark.keras
@pytest.mark.parametrize("network", NETWORKS)
def test_layers_of_a_network(network: str) -> None:
    with StatelessScope(initialize_variables=False):
        model = getattr(keras.applications, network)(weights=None)
    compared = 0
    for layer in model.layers:
        class_name = f"keras.layers.{type(layer).__name__}"
        if class_name not in LAYERS:
            continue
        machine = FakeMachine()
        given = {name: _value(machine, value) for name, value in layer.get_config().items()}
        config = bind_layer(class_name, (), given)
        assert not isinstance(config, Failure), config
        ref = machine.alloc(LayerObject(class_name, tuple(config.items())))
        result = apply_layer(machine, ref, _specs(layer.input), {})
        assert agree(shapes_of(result.outputs), tuple(layer.output.shape)), layer.name
        assert "open" not in str(shapes_of(result.outputs))
        assert result.params == layer.count_params(), layer.name
        compared += 1
    assert compared > 0.8 * len(model.layers)


def _value(machine: FakeMachine, value: object) -> Value:
    """Serialized objects (initializers, dtypes) are as good as unknown to a shape."""
    return Unknown("an object") if isinstance(value, dict) else machine.value(value)


def _specs(tensors: object) -> SpecNest:
    if isinstance(tensors, list):
        return tuple(_specs(tensor) for tensor in tensors)
    assert isinstance(tensors, keras.KerasTensor)
    return TensorSpec(Shape(tuple(tensors.shape)), tensors.dtype)
