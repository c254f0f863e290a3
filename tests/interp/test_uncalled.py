"""Classes and functions that nobody calls: nothing is claimed of arguments that nobody has given."""

from __future__ import annotations

from pathlib import Path

import pytest

from shapelens.cli.api import analyze_text
from shapelens.ide.words import nest_text

IMPORTS = "import numpy as np\nimport keras\nfrom keras import layers\n"

SILENT = [
    "class A(layers.Conv2D):\n    def convolution_op(self, inputs, kernel):\n        return inputs\n",
    "class A(layers.Layer):\n    def __init__(self, mask, **kwargs):\n        super().__init__()\n"
    "        self.conv = layers.Conv2D(**kwargs)\n    def call(self, x):\n        return self.conv(x)\n",
    "def build(**kwargs):\n    return layers.Dense(**kwargs)\n",
    "def build(*sizes):\n    return layers.Dense(*sizes)\n",
    "def build(units=None):\n    return layers.Dense(units)\n",
    "class A(layers.Layer):\n    def __init__(self, units=None):\n        super().__init__()\n"
    "        self.units = units\n    def build(self, shape):\n        self.dense = layers.Dense(self.units)\n",
    "class Base(layers.Layer):\n    def __init__(self, units):\n        super().__init__()\n"
    "        self.units = units\n"
    "class A(Base):\n    def build(self, shape):\n        self.w = self.add_weight((shape[-1], self.units))\n",
]


@pytest.mark.parametrize("program", SILENT)
def test_arguments_that_nobody_gave_are_not_missing(program: str) -> None:
    assert analyze_text(IMPORTS + program, "program.py").problems == ()


def test_what_does_not_depend_on_them_is_told() -> None:
    program = (
        "class A(layers.Layer):\n    def __init__(self, units=4, **kwargs):\n        super().__init__(**kwargs)\n"
        "        self.dense = layers.Dense(units)\n    def call(self, x):\n        y = self.dense(np.zeros((2, 3)))\n"
        "        return y\n"
    )
    sites = analyze_text(IMPORTS + program, "program.py").sites
    assert [nest_text(at.site.output) for at in sites if at.site.name == "y" and at.site.output] == ["(2, 4)"]


def test_a_class_and_its_objects_are_not_taken_for_each_other() -> None:
    # The objects of the exploration once had the identities of those that the statement had made.
    program = (
        "class A(layers.Layer):\n    sizes = [3, 4]\n    def call(self, x):\n        y = np.zeros(self.sizes)\n"
        "        return y\n"
    )
    sites = analyze_text(IMPORTS + program, "program.py").sites
    assert [nest_text(at.site.output) for at in sites if at.site.name == "y" and at.site.output] == ["(3, 4)"]


def test_what_another_module_makes_of_arguments_that_nobody_gave_is_not_told(tmp_path: Path) -> None:
    (tmp_path / "parts.py").write_text(
        "from keras import layers\n\ndef head(units):\n    return layers.Dense(-units)\n"
    )
    path = tmp_path / "program.py"
    inside = "import parts\n\ndef build(shape):\n    return parts.head(3)\n"
    assert analyze_text(inside, str(path)).problems == ()
    assert len(analyze_text(inside + "build((3,))\n", str(path)).problems) == 1


def test_a_method_is_not_judged_by_what_its_class_takes_by_default() -> None:
    program = (
        "def found(extended):\n    if extended:\n        return 1, 2, 3\n    return 1, 2\n"
        "class A:\n    def __init__(self, extended=False):\n        self.extended = extended\n"
        "    def of_extended(self):\n        a, b, c = found(self.extended)\n        return a\n"
        "    def of_none(self):\n        a, b, c, d = found(True)\n        return a\n"
    )
    problems = analyze_text(program, "program.py").problems
    assert [program[at.range.start : at.range.end] for at in problems] == ["found(True)"]


def test_a_method_is_not_judged_by_a_list_that_other_methods_fill() -> None:
    program = (
        "import tensorflow as tf\nfrom keras import layers\n"
        "class A(layers.Layer):\n    def __init__(self, **kwargs):\n        super().__init__(**kwargs)\n"
        "        self.blocks = []\n        self.pair = [tf.zeros((2, 3)), tf.zeros((4, 3, 1))]\n"
        "    def add(self, block):\n        self.blocks.append(block)\n"
        "    def call(self, x):\n        return tf.concat([block(x) for block in self.blocks], axis=-1)\n"
        "    def both(self):\n        return tf.concat(self.pair, axis=0)\n"
    )
    problems = analyze_text(program, "program.py").problems
    assert [program[at.range.start : at.range.end] for at in problems] == ["tf.concat(self.pair, axis=0)"]
