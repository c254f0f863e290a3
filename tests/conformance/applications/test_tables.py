"""The layers of ``keras.applications`` by rule, against the models that Keras builds."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("keras", reason="the real Keras is not installed here")

import keras

from shapelens.library.keras.layers.naming import snake_case
from shapelens.library.keras.models.blueprints import lines
from shapelens.library.keras.models.networks import NETWORKS
from shapelens.library.keras.models.parts import Outcome, layers_of_network, outcomes, outputs_on, plan
from shapelens.library.keras.models.variants import FAMILIES, variants
from shapelens.library.load import load_rules
from shapelens.shapes.shape import Shape, TensorSpec
from shapelens.values.objects import NetworkUse
from shapelens.values.value import Address, Const, TensorValue
from tests.conformance.applications.by_source import layers_by_source
from tests.conformance.applications.generate_tables import build, render, table
from tests.support.fake_machine import FakeMachine

load_rules()
ALL = [network.name for network in NETWORKS]
# The smallest of each family; the others differ in widths and in how often a block is repeated.
SMALL = ("ConvNeXtTiny", "DenseNet121", "EfficientNetB0", "EfficientNetV2B0", "InceptionV3", "InceptionResNetV2",
         "MobileNet", "MobileNetV2", "MobileNetV3Small", "MobileNetV3Large", "NASNetMobile", "ResNet50", "ResNet50V2",
         "VGG16", "Xception")  # fmt: skip
OTHER_VARIANTS = [(name, variant.key) for name in SMALL for variant in variants(name)[1:]]


def _use(network: str, variant: str, head: str, shape: tuple[int | None, ...], classes: int) -> NetworkUse:
    source = TensorValue(TensorSpec(Shape(shape), "float32"), "keras")
    return NetworkUse(network, variant, head, classes if head == "top" else None, Const("softmax"), source)


def _compare(model: Any, use: NetworkUse) -> None:
    machine = FakeMachine()
    found = outcomes(machine, use, use.source.spec)[1:]
    rows = plan(use).rows
    real = {operation.name: operation for operation in model.operations[1:]}
    assert len(real) == len(rows)
    for operation, row, outcome in zip(real.values(), rows, found, strict=True):
        kind = snake_case(row.class_name)
        name = row.name if isinstance(row.name, str) else f"{kind}_{row.name}" if row.name else kind
        assert operation.name == name
        assert outcome.outputs.shape == Shape(tuple(operation.output.shape)), name
        assert outcome.outputs.dtype == operation.output.dtype, name
        _compare_params(operation, outcome)
    assert len(layers_of_network(Address("test", 1), use)) == len(model.layers) - 1
    counts = [outcome.params for outcome in found]
    assert sum(count for count in counts if count is not None) == model.count_params()


def _compare_params(operation: Any, outcome: Outcome) -> None:
    counted = getattr(operation, "count_params", None)
    assert outcome.params == (0 if counted is None else counted()), operation.name
    for layer, inner in zip(getattr(operation, "layers", ())[-len(outcome.inner) :], outcome.inner, strict=False):
        assert inner.params == layer.count_params(), layer.name
        assert inner.outputs.shape == Shape(tuple(layer.output.shape)), layer.name


def _compared(network: str, variant: str, head: str, size: tuple[int | None, int | None] | None = None) -> None:
    chosen = next(v for v in variants(network) if v.key == variant)
    given = chosen.arguments.get("input_shape")
    arguments: dict[str, Any] = {"include_top": head == "top", "pooling": head or None, "classes": 7}
    if head == "top":
        arguments["pooling"] = None
    channels = given[2] if isinstance(given, tuple) else 3
    if size is not None and (given is None or None not in given):
        arguments["input_shape"] = (*size, channels)
    arguments = {**chosen.arguments, "weights": None, **arguments}
    if variant == "imagenet":
        arguments |= {"weights": "imagenet", "classes": 1000}
    model = build(network, arguments, defaultdict(int))
    use = _use(network, variant, head, tuple(model.input_shape), arguments["classes"])
    _compare(model, use)
    # A network that is made for one size refuses others. A NASNet that is made for any size works for hardly
    # any: its cells then do not adapt their maps.
    if head == "" and model.input_shape[1:3] == (None, None) and variant != "open":
        machine = FakeMachine()
        for shape in ((1, 97, 131, channels), (2, 160, 128, channels)):
            real = model.compute_output_spec(keras.KerasTensor(shape))
            found = outputs_on(machine, use, TensorSpec(Shape(shape), "float32"))[-1]
            assert found.shape == Shape(tuple(real.shape))


@pytest.mark.keras
@pytest.mark.parametrize("network", ALL)
def test_every_layer_with_the_top(network: str) -> None:
    _compared(network, variants(network)[0].key, "top")


@pytest.mark.keras
@pytest.mark.parametrize("network", ALL)
def test_every_layer_by_the_source_of_the_installed_keras(network: str, tmp_path: Path) -> None:
    model = build(network, {"weights": None, "classes": 7}, defaultdict(int))
    found = layers_by_source(network, "weights=None, classes=7", tmp_path)
    assert [layer.name for layer in found.layers] == [layer.name for layer in model.layers]
    for ours, real in zip(found.layers, model.layers, strict=True):
        assert ours.output == Shape(tuple(real.output.shape)), real.name
        assert ours.params == real.count_params(), real.name
    assert found.params == model.count_params()


@pytest.mark.keras
@pytest.mark.parametrize("network", SMALL)
@pytest.mark.parametrize("head", ["", "avg", "max"])
def test_every_layer_without_the_top(network: str, head: str) -> None:
    _compared(network, variants(network)[0].key, head)


@pytest.mark.keras
@pytest.mark.parametrize("network", SMALL)
def test_every_layer_at_an_odd_size(network: str) -> None:
    _compared(network, variants(network)[0].key, "", (97, 130))


@pytest.mark.keras
@pytest.mark.parametrize(("network", "variant"), OTHER_VARIANTS)
def test_every_layer_of_other_variants(network: str, variant: str) -> None:
    _compared(network, variant, "")


@pytest.mark.keras
@pytest.mark.parametrize("network", SMALL)
def test_tables_are_what_the_installed_keras_builds(network: str) -> None:
    variant = variants(network)[0]
    assert render(table(network, variant)) == lines(FAMILIES[network])[network, variant.key]
