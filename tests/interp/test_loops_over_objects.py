"""Loops over layers: each does what it does, however alike those before it were."""

from __future__ import annotations

from pathlib import Path

from tests.support.interpreting import interpret

MODULE = """\
import inspect
from keras import layers


class Stack(layers.Layer):
    def __init__(self, widths):
        super().__init__()
        self.blocks = []
        for width in widths:
            self.blocks.append(Block(width))

    def call(self, x):
        for block in self.blocks:
            x = block(x)
        return x


class Block(layers.Layer):
    def __init__(self, width):
        super().__init__()
        self.dense = layers.Dense(width)

    def call(self, x):
        return self.dense(x)


def activation(given):
    return given() if inspect.isfunction(given) else given
"""
PROGRAM = """\
import blocks
import numpy as np
from keras import layers
short = blocks.Stack([8, 8, 8, 8, 5, 5])(np.zeros((2, 8))).shape[1]
many = blocks.Stack([8] * 200 + [5])
long = many(np.zeros((2, 8)))
again = many(np.zeros((2, 8)))
made = blocks.activation(lambda: layers.Dense(3))(np.zeros((2, 8))).shape[1]
given = blocks.activation(layers.Dense(4))(np.zeros((2, 8))).shape[1]
"""


def test_what_a_module_builds_in_loops(tmp_path: Path) -> None:
    (tmp_path / "blocks.py").write_text(MODULE)
    outcome = interpret(PROGRAM, str(tmp_path / "program.py"))
    assert outcome.problems == ()
    assert [outcome.plain(name) for name in ("short", "made", "given")] == [5, 3, 4]


def test_a_loop_that_builds_a_large_network_is_followed_layer_by_layer() -> None:
    # A hundred steps of sizes, names and defaults for each layer, as in the blocks of real networks.
    sizes = "".join(f"    n{i} = (n * {i} + 1) % 7 + len([n, {i}])\n" for i in range(6))
    program = (
        "import keras\nfrom keras import layers\n"
        f"def unit(x, n):\n{sizes}"
        "    return layers.Dense(n + 1)(x)\n"
        "def network(blocks):\n    x = inputs = keras.Input((8,))\n"
        "    for n in range(blocks):\n        for m in range(4):\n            x = unit(x, n)\n"
        "    return keras.Model(inputs, x)\n"
        "model = network(100)\ncount = len(model.layers)\nlast = model.output_shape\n"
    )
    outcome = interpret(program)
    assert (outcome.plain("count"), outcome.plain("last")) == (401, (None, 100))
