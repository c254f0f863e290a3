"""Whole programs at the training boundary: ShapeLens shows an error where, and only where, real Keras raises."""

from __future__ import annotations

import os

import pytest

from shapelens.cli.api import check_text
from tests.training.support import Real

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
keras: Real = pytest.importorskip("keras")

pytestmark = [pytest.mark.keras, pytest.mark.filterwarnings("ignore")]

IMPORTS = "import numpy as np\nimport keras\nfrom keras import layers\n"
RNNS = {
    "LSTM": ("layers.LSTM(2, stateful=True)", "3, 2"),
    "RNN": ("layers.RNN(layers.GRUCell(2), stateful=True, return_sequences=True)", "3, 2"),
    "Bidirectional": ("layers.Bidirectional(layers.SimpleRNN(2, stateful=True))", "3, 2"),
    "ConvLSTM1D": ("layers.ConvLSTM1D(2, 2, stateful=True)", "3, 4, 2"),
    "not stateful": ("layers.GRU(2)", "3, 2"),
}
CALLS = [
    "model.fit(np.zeros((10, {s})), np.zeros((10, 1)), batch_size=4, verbose=0)",
    "model.fit(np.zeros((9, {s})), np.zeros((9, 1)), batch_size=4, verbose=0)",
    "model.fit(np.zeros((8, {s})), np.zeros((8, 1)), batch_size=4, verbose=0)",
    "model.fit(np.zeros((8, {s})), np.zeros((8, 1)), batch_size=2, verbose=0)",
    "model.evaluate(np.zeros((3, {s})), np.zeros((3, 1)), verbose=0)",
    "model.predict(np.zeros((10, {s})), batch_size=4, verbose=0)",
    "model.predict(np.zeros((5, {s})), batch_size=4, verbose=0)",
    "model.predict(np.zeros((4, {s})), batch_size=1, verbose=0)",
    "model.predict_on_batch(np.zeros((3, {s})))",
    "model.train_on_batch(np.zeros((4, {s})), np.zeros((4, 1)))",
    "model(np.zeros((1, {s}), 'float32'))",
]


def agree(program: str) -> None:
    raised = None
    keras.backend.clear_session()
    try:
        exec(compile(program, "program.py", "exec"), {})
    except Exception as error:  # whatever Keras and TensorFlow raise
        raised = error
    found = check_text(program, "program.py")["diagnostics"]
    assert isinstance(found, list)
    errors = [item for item in found if item["severity"] == "error"]  # type: ignore[index,call-overload]
    assert bool(errors) is (raised is not None), f"Keras: {raised!r}\nShapeLens: {errors}"


# Every call with one of them, and those that tell most with the others.
PAIRS = [(rnn, call) for rnn in RNNS for number, call in enumerate(CALLS) if rnn == "LSTM" or number in (1, 3, 6)]


@pytest.mark.parametrize(("rnn", "call"), PAIRS)
def test_batches_of_stateful_rnns(rnn: str, call: str) -> None:
    layer, sample = RNNS[rnn]
    model = (
        f"inputs = keras.Input(batch_shape=(4, {sample}))\n"
        f"model = keras.Model(inputs, layers.Dense(1)(layers.Flatten()({layer}(inputs))))\n"
        "model.compile('sgd', 'mse')\n"
    )
    agree(IMPORTS + model + call.format(s=sample) + "\n")


ITEMS = [
    "np.zeros((4, 8)), np.zeros((4, 1))",
    "[np.zeros((4, 8)), np.zeros((4, 1))]",
    "np.zeros((4, 7)), np.zeros((4, 1))",
    "np.zeros((4, 8)), np.zeros((3, 1))",
    "np.zeros((4, 8)), np.zeros((4,)), np.zeros((4,))",
    "self.x[i * 4:(i + 1) * 4], self.y[i * 4:(i + 1) * 4]",
    "self.x[i * 4:(i + 1) * 4, :7], self.y[i * 4:(i + 1) * 4]",
]


@pytest.mark.parametrize("item", ITEMS)
@pytest.mark.parametrize("use", ["model.fit({})", "model.evaluate({})", "model.fit(x, y, validation_data={})"])
def test_data_by_a_class_of_the_programs(item: str, use: str) -> None:
    program = (
        "class Batches(keras.utils.PyDataset):\n    def __init__(self):\n        super().__init__()\n"
        "        self.x, self.y = np.zeros((8, 8)), np.zeros((8, 1))\n"
        f"    def __len__(self):\n        return 2\n    def __getitem__(self, i):\n        return {item}\n"
        "x, y = np.zeros((4, 8)), np.zeros((4, 1))\n"
        "model = keras.Sequential([layers.Input((8,)), layers.Dense(1)])\nmodel.compile('sgd', 'binary_crossentropy')\n"
    )
    agree(IMPORTS + program + use.format("Batches()") + "\n")


LABELS = [
    "np.arange(20) % 4", "np.arange(20) % 3", "np.array([0, 1, 2, 3] * 5)", "np.array([[0], [2]] * 10)",
    "np.array([0.0, 3.0] * 10)", "np.zeros(20, int)",
]  # fmt: skip


@pytest.mark.parametrize("labels", LABELS)
@pytest.mark.parametrize("call", ["fit(x, y)", "evaluate(x, y)", "fit(x, y, batch_size=2, steps_per_epoch=1)"])
def test_labels_whose_contents_are_known(labels: str, call: str) -> None:
    if "steps" in call and labels != "np.arange(20) % 3":
        pytest.skip("which samples are used is a matter of chance")
    program = (
        f"x, y = np.zeros((20, 2)), {labels}\n"
        "model = keras.Sequential([layers.Input((2,)), layers.Dense(3, activation='softmax')])\n"
        f"model.compile('sgd', 'sparse_categorical_crossentropy')\nmodel.{call}\n"
    )
    agree(IMPORTS + program)
