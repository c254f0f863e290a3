"""Quick fixes: each that is offered solves its problem, under ShapeLens and under real Keras."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from shapelens.cli.api import analyze_text, with_fixes
from shapelens.engine.fixes import apply_edits
from tests.problems.test_pages import examples, run

# How people begin: every spelling of the imports gives its own edits.
FROM_LAYERS = "import numpy as np\nfrom tensorflow.keras import Sequential\nfrom tensorflow.keras.layers import {}\n"
KERAS = "import numpy as np\nimport keras\nfrom keras import layers\n"
TF = "import numpy as np\nimport tensorflow as tf\n"


@dataclass(frozen=True)
class Case:
    """A program with one problem, and titles that must be among its fixes, in this order."""

    code: str
    program: str
    titles: tuple[str, ...]


CASES = {
    "return_sequences in add calls": Case(
        "rank-mismatch",
        FROM_LAYERS.format("LSTM, Dense")
        + """\
model = Sequential()
model.add(LSTM(8, input_shape=(5, 3)))
model.add(LSTM(4))
""",
        ("Set return_sequences=True on LSTM",),
    ),
    "return_sequences inside Bidirectional": Case(
        "rank-mismatch",
        KERAS
        + """\
inputs = keras.Input((5, 3))
x = layers.Bidirectional(layers.GRU(8))(inputs)
x = layers.GRU(4)(x)
""",
        ("Set return_sequences=True on GRU",),
    ),
    "a channel in input_shape": Case(
        "rank-mismatch",
        FROM_LAYERS.format("Conv2D")
        + """\
model = Sequential([
    Conv2D(8, 3, input_shape=(28, 28)),
])
""",
        ("Declare the input shape (28, 28, 1)", "Insert Reshape((28, 28, 1))"),
    ),
    "a batch size in input_shape": Case(
        "rank-mismatch",
        FROM_LAYERS.format("LSTM") + "model = Sequential([LSTM(8, input_shape=(32, 5, 3))])\n",
        ("Declare the input shape (5, 3)",),
    ),
    "Flatten before a convolution": Case(
        "rank-mismatch",
        TF
        + """\
model = tf.keras.Sequential([
    tf.keras.Input((28, 28, 1)),
    tf.keras.layers.Flatten(),
    tf.keras.layers.Conv2D(8, 3),
])
""",
        ("Remove Flatten",),
    ),
    "flat data for images": Case(
        "input-mismatch", examples("input-mismatch")[0], ("Reshape to (-1, 28, 28, 1) with np.reshape",)
    ),
    "channels first": Case(
        "input-mismatch",
        KERAS
        + """\
inputs = keras.Input((8, 8, 3))
model = keras.Model(inputs, layers.Conv2D(4, 3)(inputs))
model.predict(np.zeros((2, 3, 8, 8)))
""",
        ("Transpose with np.transpose", "Declare the input shape (3, 8, 8)"),
    ),
    "a missing axis of steps": Case(
        "input-mismatch",
        FROM_LAYERS.format("LSTM, Dense")
        + """\
model = Sequential([LSTM(4, input_shape=(1, 6)), Dense(1)])
model.compile("adam", "mse")
x, y = np.zeros((16, 6)), np.zeros((16, 1))
model.fit(x, y)
""",
        ("Add a new axis with np.expand_dims",),
    ),
    "one sample by index": Case(
        "missing-batch-axis",
        examples("missing-batch-axis")[0],
        ("Keep the batch axis: [0:1]", "Add a batch axis with np.expand_dims"),
    ),
    "one sample, only TensorFlow imported": Case(
        "missing-batch-axis",
        """\
import tensorflow as tf
model = tf.keras.Sequential([tf.keras.Input((4, 3)), tf.keras.layers.LSTM(2)])
sample = tf.zeros((4, 3))
model(sample)
""",
        ("Add a batch axis with tf.expand_dims",),
    ),
    "a dataset that is not batched": Case(
        "missing-batch-axis",
        TF
        + """\
model = tf.keras.Sequential([tf.keras.Input((4,)), tf.keras.layers.Dense(1)])
model.compile("adam", "mse")
data = tf.data.Dataset.from_tensor_slices((np.zeros((64, 4)), np.zeros((64, 1))))
model.fit(data)
""",
        ("Batch the dataset: .batch(32)",),
    ),
    "integer labels": Case(
        "target-mismatch",
        examples("target-mismatch")[0],
        ("Use the loss sparse_categorical_crossentropy", "One-hot encode the targets with keras.utils.to_categorical"),
    ),
    "one-hot labels with a sparse loss object": Case(
        "target-mismatch",
        KERAS
        + """\
model = keras.Sequential([keras.Input((4,)), layers.Dense(3, activation="softmax")])
model.compile("adam", loss=keras.losses.SparseCategoricalCrossentropy())
model.fit(np.zeros((32, 4)), np.zeros((32, 3)))
""",
        ("Use the loss CategoricalCrossentropy", "Turn one-hot targets into labels"),
    ),
    "too few classes": Case(
        "target-mismatch",
        KERAS
        + """\
model = keras.Sequential([keras.Input((4,)), layers.Dense(units=3, activation="softmax")])
model.compile("adam", loss="categorical_crossentropy")
model.fit(np.zeros((32, 4)), np.zeros((32, 10)))
""",
        ("Change the last Dense to 10 units",),
    ),
    "no Flatten, and the wrong loss": Case(
        "target-mismatch",
        FROM_LAYERS.format("Conv2D, Dense")
        + """\
model = Sequential([
    Conv2D(4, 3, input_shape=(8, 8, 1)),
    Dense(10, activation="softmax"),
])
model.compile("adam", loss="categorical_crossentropy")
model.fit(np.zeros((32, 8, 8, 1)), np.zeros(32))
""",
        ("Insert Flatten before the last layer, and use the loss sparse_categorical_crossentropy",),
    ),
    "pooling in a functional chain": Case(
        "target-mismatch",
        KERAS
        + """\
inputs = keras.Input((8, 8, 1))
x = layers.Conv2D(4, 3)(inputs)
outputs = layers.Dense(10, activation="softmax")(x)
model = keras.Model(inputs, outputs)
model.compile("adam", loss="sparse_categorical_crossentropy")
model.fit(np.zeros((32, 8, 8, 1)), np.zeros(32))
""",
        ("Insert Flatten before the last layer", "Insert GlobalAveragePooling2D before the last layer"),
    ),
    "every step is predicted": Case(
        "loss-broadcast",
        FROM_LAYERS.format("LSTM, Dense")
        + """\
model = Sequential()
model.add(LSTM(8, return_sequences=True, input_shape=(5, 3)))
model.add(Dense(1))
model.compile("adam", "mse")
model.fit(np.zeros((32, 5, 3)), np.zeros((32, 1)))
""",
        ("Set return_sequences=False on LSTM", "Insert Flatten before the last layer"),
    ),
    "a loss function called directly": Case(
        "loss-broadcast",
        KERAS + "y, p = np.zeros((8,)), np.zeros((8, 1))\nvalue = keras.losses.poisson(y, p)\n",
        ("Add a last axis with np.expand_dims", "Drop the last axis with np.squeeze"),
    ),
    "a reshape layer": Case(
        "reshape-size",
        FROM_LAYERS.format("Conv2D, Reshape")
        + "model = Sequential([Conv2D(4, 3, input_shape=(8, 8, 1)), Reshape((8 * 8 * 4,))])\n",
        ("Reshape to (-1,)",),
    ),
    "np.reshape": Case(
        "reshape-size",
        "import numpy as np\nx = np.reshape(np.zeros((100, 20)), (30, 5, 4))\n",
        ("Reshape to (-1, 5, 4)",),
    ),
    "padding": Case("negative-dimension", examples("negative-dimension")[0], ('Set padding="same"',)),
    "a sigmoid": Case("softmax-one-unit", examples("softmax-one-unit")[0], ("Use a sigmoid",)),
    "the axis to join along": Case(
        "concat-mismatch",
        KERAS + "x = layers.Concatenate(axis=1)([keras.Input((3, 4)), keras.Input((3, 5))])\n",
        ("Concatenate along axis -1",),
    ),
    "joining arrays": Case(
        "concat-mismatch",
        "import numpy as np\nx = np.concatenate([np.zeros((3, 4)), np.zeros((3, 5))])\n",
        ("Concatenate along axis -1",),
    ),
    "adding channels": Case(
        "merge-mismatch",
        KERAS + "x = layers.Add()([keras.Input((3, 4)), keras.Input((3, 5))])\n",
        ("Concatenate the inputs",),
    ),
    "a column": Case(
        "broadcast-mismatch",
        "import numpy as np\nx = np.zeros((3, 4)) + np.zeros((3,))\n",
        ("Add a last axis with np.expand_dims",),
    ),
    "a transpose": Case("matmul-mismatch", examples("matmul-mismatch")[0], ("Transpose with np.transpose",)),
    "no such axis": Case("axis-out-of-range", examples("axis-out-of-range")[0], ("Use the last axis: -1",)),
    "open sizes": Case("undefined-dimension", examples("undefined-dimension")[0], ("Use GlobalAveragePooling2D",)),
    "lists": Case("invalid-argument", examples("invalid-argument")[0], ("Make an array with np.array",)),
    "a tensor among layers": Case(
        "invalid-argument",
        FROM_LAYERS.format("Reshape, Dense")
        + "x = np.zeros((2, 4))\nmodel = Sequential([Reshape((4, 1))(x), Dense(2)])\n",
        ("Give the layer itself",),
    ),
    "a slice of one side": Case(
        "sample-count",
        KERAS
        + """\
model = keras.Sequential([keras.Input((4,)), layers.Dense(1)])
model.compile("adam", "mse")
x, y = np.zeros((32, 4)), np.zeros((32, 1))
model.fit(x, y[:-5])
""",
        ("Slice both: [:-5]", "Use all of y"),
    ),
    "a declaration without effect": Case(
        "declared-shape-ignored", examples("declared-shape-ignored")[0], ("Declare the input shape (28, 28, 1)",)
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_fixes(name: str) -> None:
    case = CASES[name]
    fixed = offered(case)
    titles = list(fixed)
    places = [titles.index(title) if title in titles else -1 for title in case.titles]
    assert -1 not in places, titles
    assert places == sorted(places), titles


@pytest.mark.parametrize("name", CASES)
@pytest.mark.keras
def test_fixed_programs_run_under_keras(name: str) -> None:
    pytest.importorskip("keras")
    for title, program in offered(CASES[name]).items():
        assert run(program) is None, f"{title}\n{program}"


def offered(case: Case) -> dict[str, str]:
    """The program after each fix that is offered for its one problem, by title."""
    analysis = analyze_text(case.program, "program.py")
    found = with_fixes(analysis, "program.py")
    assert [diagnostic.code for diagnostic, _ in found] == [case.code]
    return {fix.title: apply_edits(analysis.document, fix.edits).text for fix in found[0][1]}
