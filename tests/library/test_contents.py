"""Small contents of arrays, through the functions that sizes of models are computed with."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.interpreting import interpret

COMPUTED = [
    "[part.tolist() for part in np.split(np.arange(6), [2, 3])]",
    "[part.tolist() for part in np.split(np.arange(6).reshape(2, 3), 3, axis=1)]",
    "[part.tolist() for part in np.array_split(np.arange(7), 3)]",
    "[part.tolist() for part in np.split(np.linspace(0, 1, 5), [1, 3])]",
    "[int(np.round(size / 4)) for size in (5, 6, 7, 10)]",
    "np.round(np.array([1.26, 2.5, -0.05]), 1).tolist()",
    "np.arange(18, 12, -2).round(-1).tolist()",
]


@pytest.mark.parametrize("expression", COMPUTED)
def test_contents_are_what_numpy_computes(expression: str) -> None:
    assert interpret(f"import numpy as np\nx = {expression}\n").plain("x") == eval(expression, {"np": np})


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # From TensorFlow 2.21.
        ("tf.linspace(0.0, 0.1, 3).numpy().tolist()", [0.0, 0.05000000074505806, 0.10000000149011612]),
        ("tf.linspace(1, 2, 3).numpy().tolist()", [1.0, 1.5, 2.0]),
        (
            "[part.numpy().tolist() for part in tf.split(tf.linspace(0.0, 1.0, 5), [1, 4])]",
            [[0.0], [0.25, 0.5, 0.75, 1.0]],
        ),
    ],
)
def test_evenly_spaced_numbers_are_what_tensorflow_computes(expression: str, expected: object) -> None:
    assert interpret(f"import tensorflow as tf\nx = {expression}\n").plain("x") == expected


def test_a_module_has_what_it_imported_from_a_library_with_a_star(tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    (folder / "functional.py").write_text("from tensorflow.math import *\nfrom keras.layers import *\n")
    program = "import functional\nimport numpy as np\ny = functional.reduce_mean(np.zeros((2, 3)), axis=0).shape[0]\n"
    layer = "z = functional.Dense(4)(np.zeros((2, 3))).shape[1]\n"
    outcome = interpret(program + layer, str(folder / "program.py"))
    assert (outcome.plain("y"), outcome.plain("z")) == (3, 4)
