"""``keras.applications`` against the networks that Keras builds."""

from __future__ import annotations

import pytest

from shapelens.library.keras.models.networks import NETWORKS, Network
from shapelens.library.keras.models.pretrained import last_map
from tests.support.programs import disagreements

PRELUDE = """
import numpy as np
import keras
from keras import applications, layers
from keras.applications import VGG16, ResNet50, MobileNet, MobileNetV2, MobileNetV3Small
from keras.applications.vgg16 import preprocess_input
from keras.src.backend.common.stateless_scope import StatelessScope
"""
# A member of each family whose steps are its own, and fast enough to build.
FAMILIES = ("VGG16", "ResNet50", "ResNet50V2", "InceptionV3", "Xception", "MobileNet", "MobileNetV2",
            "MobileNetV3Small", "EfficientNetB0", "ConvNeXtTiny", "EfficientNetV2B0", "DenseNet121")  # fmt: skip
BUILT = {"MobileNet": (97, 110), "MobileNetV2": (96, 101), "MobileNetV3Small": (75, 130), "EfficientNetB0": (99,)}

PROGRAMS = {
    "top": "m = VGG16(weights=None)\na = m.output_shape\nb = m.count_params()\n"
    "c = VGG16(weights=None, classes=7).count_params()\n"
    "d = MobileNet(weights=None, input_shape=(96, 128, 3), classes=4)\ne = d.output_shape\nf = d.count_params()\n"
    "g = d.input_shape\n",
    "no top": "m = VGG16(weights=None, include_top=False, input_shape=(100, 150, 3))\na = m.output_shape\n"
    "b = m.count_params()\n"
    "c = VGG16(weights=None, include_top=False, pooling='avg').output_shape\n"
    "d = ResNet50(include_top=False, weights=None).output_shape\n"
    "e = MobileNetV2(alpha=1.0, include_top=False, weights=None, input_shape=(97, 97, 3)).output_shape\n"
    "f = VGG16(weights=None, include_top=False, input_shape=(64, 64, 1)).output_shape\n",
    "called": "m = VGG16(weights=None, include_top=False)\nx = keras.Input((64, 70, 3))\ny = m(x)\na = y.shape\n"
    "z = layers.GlobalAveragePooling2D()(y)\nmodel = keras.Model(x, layers.Dense(3)(z))\nb = model.output_shape\n"
    "c = model.count_params()\ns = keras.Sequential([keras.Input((96, 96, 3)), m, layers.Flatten(), layers.Dense(2)])\n"
    "d = s.output_shape\ne = s.count_params()\n",
    "continued": "m = VGG16(weights=None, include_top=False, input_shape=(64, 64, 3))\nm.trainable = False\n"
    "for vague_layer in m.layers:\n    vague_layer.trainable = False\n"
    "x = layers.Flatten()(m.output)\nmodel = keras.Model(inputs=m.input, outputs=layers.Dense(5)(x))\n"
    "a = model.output_shape\nb = model.count_params()\nc = model.input_shape\n"
    "t = keras.Input((50, 60, 3))\nn = VGG16(weights=None, include_top=False, input_tensor=t)\nd = n.output_shape\n"
    "e = keras.Model(t, layers.Dense(1)(n.output)).output_shape\n",
    "helpers": "x = np.zeros((2, 8, 8, 3), 'float32')\na = preprocess_input(x.copy())\n"
    "b = applications.resnet50.preprocess_input(np.zeros((2, 8, 8, 3), 'uint8'))\n"
    "c = applications.mobilenet_v2.preprocess_input(x.copy())\n",
    "too small": "error = VGG16(weights=None, include_top=False, input_shape=(28, 28, 3))\n",
    "too small for inception": "error = "
    "applications.InceptionV3(weights=None, include_top=False, input_shape=(64, 64, 3))\n",
    "grey": "error = VGG16(include_top=False, input_shape=(32, 32, 1))\n",
    "other classes": "error = VGG16(classes=10)\n",
    "other size": "error = VGG16(input_shape=(32, 32, 3))\n",
}


@pytest.mark.keras
@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_programs(name: str) -> None:
    from keras.src.backend.common.stateless_scope import StatelessScope

    with StatelessScope(initialize_variables=False):
        assert disagreements(PROGRAMS[name], prelude=PRELUDE) == []


@pytest.mark.keras
@pytest.mark.parametrize("network", [n for n in NETWORKS if n.name in FAMILIES], ids=lambda n: n.name)
def test_networks(network: Network) -> None:
    import keras
    from keras.src.backend.common.stateless_scope import StatelessScope

    constructor = getattr(keras.applications, network.name)
    with StatelessScope(initialize_variables=False):
        model = constructor(weights=None, include_top=False)
        assert model.count_params() == network.bare
        assert model.output_shape == (None, None, None, network.channels)
        for size in (75, 100, 129, 231):
            found = model.compute_output_spec(keras.KerasTensor((1, size, size + 1, 3))).shape
            assert found[1] == last_map(network, size, built_open=True)
            assert found[2] == last_map(network, size + 1, built_open=True)
        for size in BUILT.get(network.name, ()):
            found = constructor(weights=None, include_top=False, input_shape=(size, size, 3)).output_shape
            assert found[1] == last_map(network, size, built_open=False)
