"""What the referee says is what happens when the same is run, with arrays and weights."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from shapelens.referee.wire import question_to_wire
from shapelens.shapes.question import Answer, Call, Constant, Name, Question, Sequence, Slice, Tensor
from shapelens.shapes.shape import SpecNest, TensorSpec
from tests.referee.asking import array, call, layer, tensor
from tests.referee.conftest import Keras

pytestmark = pytest.mark.keras
EAGER = Path(__file__).with_name("eager.py")

IMAGE, SEQUENCE, ROW = tensor(None, 8, 8, 3), tensor(None, 5, 4), tensor(None, 4)
LSTM = layer("LSTM", 3)


def eager(*sizes: int, dtype: str = "float32") -> Tensor:
    return tensor(*sizes, dtype=dtype, how="tensor")


# (call, what came before), for both families.
LAYERS: dict[str, tuple[Call, ...]] = {
    "dense": (call(layer("Dense", 10), ROW),),
    "dense on an image": (call(layer("Dense", 10), IMAGE),),
    "dense of a bad size": (call(layer("Dense", -1), ROW),),
    "dense called again": (call(layer("Dense", 10), ROW), call(layer("Dense", 10), ROW)),
    "dense called again on another size": (call(layer("Dense", 10), tensor(None, 5)), call(layer("Dense", 10), ROW)),
    "conv": (call(layer("Conv2D", 7, (3, 2), strides=2, padding="same"), IMAGE),),
    "conv on a row": (call(layer("Conv2D", 7, 3), ROW),),
    "conv of a window that is too large": (call(layer("Conv2D", 7, 9), IMAGE),),
    "transposed conv": (call(layer("Conv2DTranspose", 7, 3, strides=2), IMAGE),),
    "separable conv": (call(layer("SeparableConv2D", 7, 3, depth_multiplier=2), IMAGE),),
    "pooling": (call(layer("MaxPooling2D"), IMAGE),),
    "global pooling": (call(layer("GlobalAveragePooling2D", keepdims=True), IMAGE),),
    "flatten": (call(layer("Flatten"), IMAGE),),
    "reshape": (call(layer("Reshape", (-1, 6)), IMAGE),),
    "reshape to another count": (call(layer("Reshape", (5, 5)), IMAGE),),
    "batch normalization": (call(layer("BatchNormalization"), IMAGE),),
    "dropout": (call(layer("Dropout", 0.25), IMAGE),),
    "lstm": (call(LSTM, SEQUENCE),),
    "lstm with its states": (call(layer("LSTM", 3, return_sequences=True, return_state=True), SEQUENCE),),
    "lstm on a row": (call(LSTM, ROW),),
    "stateful lstm": (call(layer("LSTM", 3, stateful=True), tensor(2, 5, 4)),),
    "gru": (call(layer("GRU", 3, return_sequences=True), SEQUENCE),),
    "bidirectional": (call(layer("Bidirectional", LSTM, merge_mode="concat"), SEQUENCE),),
    "cells": (call(layer("RNN", [layer("LSTMCell", 3), layer("GRUCell", 6)]), SEQUENCE),),
    "time distributed": (call(layer("TimeDistributed", layer("Dense", 3)), SEQUENCE),),
    "embedding": (call(layer("Embedding", 10, 3), tensor(None, 4, dtype="int32")),),
    "concatenate": (call(layer("Concatenate"), [ROW, tensor(None, 5)]),),
    "concatenate along another axis": (call(layer("Concatenate", axis=1), [SEQUENCE, tensor(None, 5, 6)]),),
    "add": (call(layer("Add"), [ROW, tensor(None, 1)]),),
    "add of other sizes": (call(layer("Add"), [ROW, tensor(None, 5)]),),
    "dot": (call(layer("Dot", axes=1), [ROW, tensor(None, 4)]),),
    "attention": (call(layer("MultiHeadAttention", 2, key_dim=3), SEQUENCE, SEQUENCE),),
    "permute": (call(layer("Permute", (2, 1)), SEQUENCE),),
    "lookup": (call(layer("StringLookup", vocabulary=["a", "b"]), tensor(None, 2, dtype="string")),),
    "initializer": (call(layer("Dense", 3, kernel_initializer=call("keras.initializers.HeNormal")), ROW),),
    "no such argument": (call(layer("Dense", 3, unit=3), ROW),),
    "sequential": (call(call("keras.Sequential", [layer("Dense", 3), layer("Dense", 2)]), ROW),),
}
FUNCTIONS: dict[str, Call] = {
    "matmul": call("tensorflow.matmul", eager(2, 3), eager(3, 5)),
    "matmul of other sizes": call("tensorflow.matmul", eager(2, 3), eager(4, 5)),
    "reshape": call("tensorflow.reshape", eager(2, 6), (3, -1)),
    "reshape to another count": call("tensorflow.reshape", eager(2, 6), (5, 5)),
    "split": call("tensorflow.split", eager(4, 6), 3, axis=1),
    "split that does not go": call("tensorflow.split", eager(4, 6), 4, axis=1),
    "cast": call("tensorflow.cast", eager(4), Name("tensorflow.int64")),
    "cast by name": call("tensorflow.cast", eager(4), "int64"),
    "stack": call("tensorflow.stack", [eager(3, 4), eager(3, 4)], axis=-1),
    "stack of other sizes": call("tensorflow.stack", [eager(3, 4), eager(3, 5)]),
    "one hot": call("tensorflow.one_hot", eager(4, dtype="int32"), 10),
    "one hot of floats": call("tensorflow.one_hot", eager(4), 10),
    "resize": call("tensorflow.image.resize", eager(2, 6, 6, 3), (3, 4)),
    "resize of a matrix": call("tensorflow.image.resize", eager(6, 6), (3, 4)),
    "stft": call("tensorflow.signal.stft", eager(4, 1000), 256, 128),
    "inverse": call("tensorflow.linalg.inv", eager(3, 4)),
    "numpy for tensorflow": call("tensorflow.reduce_sum", array(3, 4), axis=1, keepdims=True),
    "concatenate": call("numpy.concatenate", [array(3, 4), array(3, 5)], axis=1),
    "concatenate of other sizes": call("numpy.concatenate", [array(3, 4), array(3, 5)]),
    "meshgrid": call("numpy.meshgrid", array(3), array(4)),
    "argmax": call("numpy.argmax", array(3, 4), axis=1),
    "random": call("numpy.random.rand", 3, 4),
    "categorical": call("keras.utils.to_categorical", array(5, dtype="int64"), 10),
    "padded": call("keras.utils.pad_sequences", [[1, 2], [3]], maxlen=5),
    "mean squared error": call("keras.losses.mean_squared_error", eager(3, 4), eager(3, 4)),
    "crossentropy of other ranks": call("keras.losses.categorical_crossentropy", eager(3, 4), eager(3)),
    "loss object": call(call("keras.losses.MeanSquaredError"), eager(3, 4), eager(3, 1)),
    "loss object on other sizes": call(call("keras.losses.MeanSquaredError"), eager(3, 4), eager(3, 5)),
    "metric object": call(call("keras.metrics.BinaryAccuracy"), eager(3, 4), eager(3, 4)),
    "activation": call("keras.activations.softmax", eager(3, 4)),
    "initializer": call(call("keras.initializers.HeNormal"), (3, 4)),
    "preprocessing": call("keras.applications.vgg16.preprocess_input", array(2, 32, 32, 3)),
}
OPS: dict[str, Call] = {
    "matmul": call("keras.ops.matmul", ROW, tensor(4, 5)),
    "matmul of other sizes": call("keras.ops.matmul", ROW, tensor(5, 5)),
    "eager matmul of other sizes": call("keras.ops.matmul", eager(3, 4), eager(5, 5)),
    "concatenate": call("keras.ops.concatenate", [ROW, ROW], axis=-1),
    "unstack": call("keras.ops.unstack", SEQUENCE, axis=1),
    "arange": call("keras.ops.arange", 3, 10, 2),
    "one hot": call("keras.ops.one_hot", eager(4, dtype="int32"), 10),
    "normal": call("keras.random.normal", (3, 4)),
    "spectrogram": call(layer("MelSpectrogram"), tensor(None, 16000)),
    "group normalization": call(layer("GroupNormalization", 3), tensor(None, 4, 6)),
    "units that are no int": call(layer("Dense", 8.0), ROW),
}


@pytest.fixture(scope="session")
def runs() -> dict[str, dict[Question, dict[str, Any]]]:
    """What was run, by interpreter."""
    return {}


def run(keras: Keras, runs: dict[str, dict[Question, dict[str, Any]]]) -> dict[Question, dict[str, Any]]:
    """Everything above, in one process of that interpreter."""
    if keras.python not in runs:
        asked = [Question(case[-1], case[:-1]) for case in LAYERS.values()]
        asked += [
            Question(case)
            for case in (*FUNCTIONS.values(), *ON_ARRAYS.values(), *(OPS.values() if keras.family == 3 else ()))
        ]
        given = json.dumps([question_to_wire(question) for question in asked])
        # As a user runs it: some kernels of oneDNN refuse what others take.
        env = {name: value for name, value in os.environ.items() if name != "TF_ENABLE_ONEDNN_OPTS"}
        done = subprocess.run(
            [keras.python, str(EAGER)], input=given, capture_output=True, text=True, check=False, env=env
        )
        assert done.returncode == 0, done.stderr[-2000:]
        runs[keras.python] = dict(zip(asked, json.loads(done.stdout), strict=True))
    return runs[keras.python]


def agree(answer: Answer, found: dict[str, Any]) -> None:
    assert answer.refused is None
    if "error" in found:
        assert answer.error, f"it raises {found['error']}"
        return
    assert answer.error is None
    assert answer.outputs is not None
    assert matches(answer.outputs, found["outputs"]), f"{answer.outputs} is {found['outputs']}"
    if found.get("params") is not None:
        assert answer.params == found["params"]


def matches(nest: SpecNest, found: Any) -> bool:
    if isinstance(nest, TensorSpec):
        sizes, dtype = found
        known = nest.shape.dims
        return (
            nest.dtype == dtype
            and len(known) == len(sizes)
            and all(size in (None, real) for size, real in zip(known, sizes, strict=True))
        )
    if isinstance(nest, dict):
        return set(nest) == set(found) and all(matches(nest[key], found[key]) for key in nest)
    return len(nest) == len(found) and all(map(matches, nest, found))


@pytest.mark.parametrize("name", LAYERS)
def test_layers(keras: Keras, runs: dict[str, dict[Question, dict[str, Any]]], name: str) -> None:
    *before, asked = LAYERS[name]
    agree(keras.answer(asked, *before), run(keras, runs)[Question(asked, tuple(before))])


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions(keras: Keras, runs: dict[str, dict[Question, dict[str, Any]]], name: str) -> None:
    agree(keras.answer(FUNCTIONS[name]), run(keras, runs)[Question(FUNCTIONS[name])])


@pytest.mark.parametrize("name", OPS)
def test_what_only_keras_3_has(keras3: Keras, runs: dict[str, dict[Question, dict[str, Any]]], name: str) -> None:
    agree(keras3.answer(OPS[name]), run(keras3, runs)[Question(OPS[name])])


def test_the_versions(keras: Keras) -> None:
    probed = keras.referee.versions(30)
    assert probed.family == keras.family
    answer = keras.answer(call(layer("Dense", 3), ROW))
    assert answer.version == f"Keras {probed.keras}"
    assert keras.referee.versions() == probed, "the probe and the libraries must say the same"


SENTENCES = {
    3: {
        "dense of a bad size": "Received an invalid value for `units`, expected a positive integer. Received: units=-1",
        "lstm on a row": "Input 0 with name 'None' of layer 'lstm' is incompatible with the layer: expected ndim=3, "
        "found ndim=2. Full shape received: (None, 4)",
        "add of other sizes": "Inputs have incompatible shapes. Received shapes (4,) and (5,)",
    },
    2: {
        "lstm on a row": 'Input 0 of layer "lstm" is incompatible with the layer: expected ndim=3, found ndim=2. '
        "Full shape received: (None, 4)",
        "add of other sizes": "Inputs have incompatible shapes. Received shapes (4,) and (5,)",
        "conv of a window that is too large": "Negative dimension size caused by subtracting 9 from 8 with input "
        "shapes: [?,8,8,3], [9,9,3,7].",
    },
}


def test_the_sentence_is_keras_s_own(keras: Keras) -> None:
    for name, sentence in SENTENCES[keras.family].items():
        assert keras.answer(LAYERS[name][-1]).error == sentence


def test_nodes_of_graphs_are_not_named(keras: Keras) -> None:
    unknown = tensor(None, 3, how="tensor")
    partly = keras.answer(call("tensorflow.matmul", unknown, eager(4, 5)))
    assert partly.error == "Dimensions must be equal, but are 3 and 4 with input shapes: [?,3], [4,5]."
    whole = keras.answer(FUNCTIONS["matmul of other sizes"])
    assert whole.error == "Matrix size-incompatible: In[0]: [2,3], In[1]: [4,5]"


HUGE = 10**7


@pytest.mark.parametrize(
    ("asked", "params"),
    [
        (call(layer("Dense", HUGE), tensor(None, HUGE)), HUGE * HUGE + HUGE),
        (call(layer("Dense", 10**9), tensor(None, 10**9)), 10**18 + 10**9),
        (call(layer("Embedding", 10**9, 10**6), tensor(None, 3, dtype="int32")), 10**15),
        (call(layer("BatchNormalization"), tensor(None, HUGE)), 4 * HUGE),
        (call(layer("Conv2D", 10**6, 3), tensor(None, 10**4, 10**4, 10**6)), 9 * 10**12 + 10**6),
    ],
)
def test_weights_cost_nothing(keras: Keras, asked: Call, params: int) -> None:
    keras.answer(call(layer("Dense", 1), ROW))
    process = keras.referee._process
    assert process is not None
    assert keras.answer(asked).params == params
    assert keras.referee._process is process, "the worker died of it"


def test_huge_shapes_and_arguments_have_an_answer(keras: Keras) -> None:
    big = 10**18
    questions = [
        call(layer("Flatten"), tensor(None, big, big)),
        call(layer("RepeatVector", big), tensor(None, big)),
        call(layer("Dense", big), tensor(None, 3)),
        call(layer("LSTM", 10**9, stateful=True), tensor(10**9, 3, 3)),
        call(layer("Dense", 10**400), tensor(None, 3)),
        call("tensorflow.zeros", (big, big)),
        call("tensorflow.zeros", (10**9, 10)),
        call("tensorflow.matmul", eager(big, 3), eager(4, 5)),
        call("tensorflow.split", eager(10**9, 3), 10**9),
        call("numpy.zeros", (big, big)),
        call("numpy.ones", (10**9,)),
        call("numpy.sum", array(10**6, 10**6)),
        call("keras.utils.to_categorical", array(5, dtype="int64"), 10**9),
    ]
    for asked in questions:
        answer = keras.answer(asked)
        assert answer.outputs or answer.error or answer.refused
    assert keras.answer(call(layer("Dense", 1), ROW)).params == 5


APPLICATIONS = [
    (call("keras.applications.VGG16"), (None, 1000), 138357544),
    (call("keras.applications.resnet50.ResNet50", include_top=False, pooling="avg"), (None, 2048), 23587712),
    (call("keras.applications.EfficientNetB0", weights="imagenet", classes=1000), (None, 1000), 5330571),
    (call("keras.applications.MobileNetV2", weights=None, classes=7, input_shape=(96, 96, 3)), (None, 7), 2266951),
]


@pytest.mark.parametrize(("asked", "sizes", "params"), APPLICATIONS)
def test_applications_need_no_weights(keras: Keras, asked: Call, sizes: tuple[int | None, ...], params: int) -> None:
    answer = keras.answer(asked)
    assert isinstance(answer.outputs, TensorSpec)
    assert (answer.outputs.shape.dims, answer.params) == (sizes, params)


def test_applications_refuse_what_they_refuse(keras: Keras) -> None:
    too_small = keras.answer(call("keras.applications.VGG16", include_top=False, input_shape=(16, 16, 3)))
    assert too_small.error == "Input size must be at least 32x32; Received: input_shape=(16, 16, 3)"
    classes = keras.answer(call("keras.applications.VGG16", classes=10))
    assert "`classes` should be 1000" in (classes.error or "")


ON_ARRAYS = {
    "dense": call(layer("Dense", 3), array(2, 4)),
    "conv of a window that is too large": call(layer("Conv2D", 7, 9), array(2, 8, 8, 3)),
    "lstm on a row": call(layer("LSTM", 3), eager(2, 4)),
    "add of other sizes": call(layer("Add"), [array(2, 4), array(2, 5)]),
    "sequential": call(call("keras.Sequential", [call("keras.Input", (8, 8, 1)), layer("Flatten")]), array(2, 9, 9, 1)),
}


@pytest.mark.parametrize("name", ON_ARRAYS)
def test_layers_on_arrays_are_accused_only_of_what_fails_there(
    keras: Keras, runs: dict[str, dict[Question, dict[str, Any]]], name: str
) -> None:
    answer = keras.answer(ON_ARRAYS[name])
    assert ("error" in run(keras, runs)[Question(ON_ARRAYS[name])]) == (answer.error is not None)


def test_layers_on_arrays_of_an_unknown_size(keras: Keras) -> None:
    assert keras.answer(call(layer("LSTM", 3), tensor(None, 4, how="numpy"))).error
    assert keras.answer(call(layer("Dense", 3), tensor(None, None, how="numpy"))).refused


DEPENDS: Iterable[Call] = [
    call("numpy.unique", array(30)),
    call("numpy.nonzero", array(30)),
    call("numpy.array_equal", array(30), array(30)),
    call("numpy.linalg.inv", array(3, 3)),
    call("keras.utils.to_categorical", array(5, dtype="int64")),
    call("tensorflow.debugging.assert_positive", eager(3)),
]


@pytest.mark.parametrize("asked", DEPENDS)
def test_what_depends_on_contents_is_not_said(keras: Keras, asked: Call) -> None:
    assert keras.answer(asked).refused


def test_other_answers(keras: Keras) -> None:
    assert keras.answer(layer("Dense", 3)).value == Name("keras.layers.Dense")
    assert keras.answer(call("numpy.ndim", array(3, 4))).value == Constant(2)
    sparse = keras.answer(call("tensorflow.sparse.from_dense", eager(3, 4)))
    assert sparse.refused == "it gives a sparse or ragged tensor"
    masked = keras.answer(call("tensorflow.boolean_mask", eager(3, 4), eager(3, dtype="bool")))
    assert masked.outputs is not None
    assert isinstance(masked.outputs, TensorSpec)
    assert masked.outputs.shape.dims == (None, 4)
    assert keras.answer(call("numpy.take", array(3, 4), Slice(Constant(0), Constant(1), Constant(None)))).error


def test_a_shape_is_a_value(keras3: Keras) -> None:
    shape = keras3.answer(call("keras.ops.shape", ROW)).value
    assert shape == Sequence((Constant(None), Constant(4)), "tuple")


def test_keras_tensors_are_no_tensors_for_tensorflow_in_keras_3(keras: Keras) -> None:
    answer = keras.answer(call("tensorflow.matmul", ROW, tensor(4, 5)))
    if keras.family == 3:
        assert "A KerasTensor cannot be used as input to a TensorFlow function" in (answer.error or "")
    else:
        assert answer.outputs is not None


def test_dates_of_birth_of_layers_do_not_show(keras: Keras) -> None:
    """Names are counted anew for each question, or an answer would depend on those before it."""
    sentences = {keras.answer(call(layer("GRU", units), ROW)).error for units in (1, 2, 3)}
    assert len(sentences) == 1
