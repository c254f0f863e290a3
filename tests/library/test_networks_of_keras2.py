"""Networks of ``keras.applications`` for Keras 2: the expected was run with Keras 2.15.0."""

from __future__ import annotations

import pytest

from shapelens.interp.result import VERSIONS
from shapelens.shapes.question import FAMILIES
from shapelens.values.value import Unknown
from tests.support.interpreting import interpret


@pytest.mark.parametrize(
    ("network", "layer", "expected"),
    [
        ("VGG16", "block3_pool", (None, 12, 8, 256)),
        ("ResNet50V2", "conv3_block4_out", (None, 6, 4, 512)),
        ("MobileNetV2", "block_6_expand_relu", (None, 12, 8, 192)),
        ("EfficientNetB0", "block4a_expand_activation", (None, 12, 8, 240)),
    ],
)
def test_the_layers_of_a_network_have_their_names_in_keras_2(
    network: str, layer: str, expected: tuple[int | None, ...]
) -> None:
    program = (
        "from tensorflow.keras import applications\n"
        f"base = applications.{network}(weights=None, include_top=False, input_shape=(96, 64, 3))\n"
        f"shape = base.get_layer({layer!r}).output.shape\n"
    )
    assert interpret(program, known={VERSIONS: FAMILIES[2]}).plain("shape") == expected


@pytest.mark.parametrize("network", ["DenseNet121", "MobileNetV3Small"])
def test_the_layers_of_a_network_that_keras_2_names_otherwise_are_not_known(network: str) -> None:
    program = (
        "from tensorflow.keras import applications\n"
        f"layer = applications.{network}(weights=None).get_layer('conv1/conv')\n"
    )
    outcome = interpret(program, known={VERSIONS: FAMILIES[2]})
    assert outcome.problems == ()
    assert isinstance(outcome.value("layer"), Unknown)


@pytest.mark.parametrize(("family", "expected"), [(2, (None, None, None, 3)), (3, (None, 224, 224, 3))])
def test_the_size_that_a_network_has_without_its_top(family: int, expected: tuple[int | None, ...]) -> None:
    program = (
        "from tensorflow.keras import applications\n"
        "shape = applications.NASNetMobile(weights=None, include_top=False).input_shape\n"
    )
    known = {VERSIONS: FAMILIES[2]} if family == 2 else {}
    assert interpret(program, known=known).plain("shape") == expected
