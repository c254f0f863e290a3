"""Programs as people type and post them have the shapes of their clean twin."""

from __future__ import annotations

import json
from typing import Any

import pytest

from shapelens.cli.api import check_text, shapes_text
from shapelens.engine.analyze import analyze
from shapelens.ide.hover import hover
from shapelens.text import document

IMPORTS = """\
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers
"""
BODY = """\

x = np.zeros((10, 28, 28, 1))
y = np.zeros((10,))

def block(t, width):
    t = layers.Conv2D(width, 3, padding="same")(t)
    return layers.MaxPooling2D()(t)

inputs = keras.Input((28, 28, 1))
h = block(inputs, 8)
for i in range(2):
    h = layers.Dense(16)(h)
h = layers.Flatten()(h)
outputs = layers.Dense(10, activation="softmax")(h)
model = keras.Model(inputs, outputs)
model.compile(loss="sparse_categorical_crossentropy")
model.fit(x, y)
p = model.predict(x)
"""
CLEAN = IMPORTS + BODY


def prompted(text: str) -> str:
    """As Python's own prompt shows it."""
    lines = [f"{'... ' if line.startswith('    ') else '>>> '}{line}" for line in text.splitlines() if line]
    return "\n".join(lines) + "\narray([[0., 0.],\n       [0., 0.]])\n"


def numbered(text: str) -> str:
    """As IPython's prompt shows it."""
    cells = text.replace("\n\ndef", "\ndef").strip().split("\n\n")
    return "\n\n".join(f"In [{n}]: " + cell.replace("\n", "\n   ...: ") for n, cell in enumerate(cells, 1))


ROUGH = {
    "no imports": BODY,
    "bare names": BODY.replace("layers.", "").replace("keras.", ""),
    "old star imports": "from keras.layers import *\nfrom keras.models import Model\n"
    + BODY.replace("layers.", "").replace("keras.Model", "Model"),
    "Python 2": CLEAN.replace("    return", '    print "width", width\n    return')
    .replace("p = model", "try:\n    p = model")
    .replace("range(2)", "xrange(2)")
    + "except ValueError, error:\n    raise RuntimeError, error\nprint p.shape\n",
    "tabs of 8": CLEAN.replace("    t = layers", "\tt = layers").replace("    return", "        return"),
    "tabs of 4": CLEAN.replace("    t = layers", "\tt = layers"),
    "Markdown": f"I tried (it's for school:\n\n```python\n{CLEAN}```\n\nWhat's wrong?\n",
    "Python's prompt": prompted(CLEAN),
    "IPython's prompt": numbered(CLEAN),
    "quotes of a word processor": CLEAN.replace('"same"', "\u201csame\u201d").replace(
        '"softmax"', "\u2018softmax\u2019"
    ),
    "spaces of a web page": CLEAN.replace("fit(x, y)", "fit(x,\u00a0y)").replace("p = ", "p\u00a0=\u00a0"),
    "elisions": CLEAN.replace("    t = ", "    ...\n    t = ").replace("model = ", "...\nprint(...)\nmodel = "),
    "indented": "".join(f"    {line}\n" for line in CLEAN.splitlines()),
    "half typed": CLEAN.replace("p = ", "z = model.fit(x,\np = "),
    "half typed in a function": CLEAN.replace("    return", "    q = layers.Conv2D(3\n    return"),
    "a colon is missing": CLEAN + "if x.shape[0] > 3\n    print(x)\n",
    "Colab's lines": f"!pip install -q tensorflow\n%tensorflow_version 2.x\n{CLEAN}!ls\nmodel?\n",
    "a conflict of versions": CLEAN.replace(
        "model.fit(x, y)", "<<<<<<< HEAD\nmodel.fit(x, y)\n=======\n>>>>>>> theirs"
    ),
    "line ends of Windows": CLEAN.replace("\n", "\r\n"),
    "line ends of an old Mac": CLEAN.replace("\n", "\r"),
}


def shapes(text: str) -> list[tuple[Any, ...]]:
    sites: Any = shapes_text(text, "program.py")["sites"]
    return [(site["kind"], site["name"], site["layer"], json.dumps(site["output_shape"])) for site in sites]


@pytest.fixture(scope="module")
def clean() -> list[tuple[Any, ...]]:
    found = shapes(CLEAN)
    assert ("variable", "p", None, "[10, 10]") in found
    return found


@pytest.mark.parametrize("name", ROUGH)
def test_rough_programs_have_the_shapes_of_their_clean_twin(name: str, clean: list[tuple[Any, ...]]) -> None:
    assert shapes(ROUGH[name]) == clean
    found: Any = check_text(ROUGH[name], "program.py")["diagnostics"]
    assert {item["code"] for item in found} <= {"syntax-error"}


LEFT_OUT = """
a = layers.Conv2D(..., 3)(inputs)
b = layers.Dense(...)(inputs)
c = keras.Sequential([keras.Input((3,)), ..., layers.Dense(4)])
c.add(...)
c.fit(...)
d = np.zeros((3, ...))
e = np.zeros((3, 4, 5))[..., 0]
"""


def test_what_is_left_out_is_unknown_and_no_error() -> None:
    text = CLEAN + LEFT_OUT
    found: Any = check_text(text, "program.py")["diagnostics"]
    assert found == []
    assert ("variable", "e", None, "[3, 4]") in shapes(text)


def test_what_a_missing_import_is_taken_for_is_told_on_hover() -> None:
    analysis = analyze(document("file:///program.py", BODY))

    def card(marker: str) -> str | None:
        found = hover(analysis, BODY.index(marker))
        return found.markdown if found else None

    assert card("layers.Flatten") == "`layers` is not imported here. It is taken to be `keras.layers`."
    assert card("np.zeros") == "`np` is not imported here. It is taken to be `numpy`."
    assert card("range(2)") is None
    imported = analyze(document("file:///program.py", CLEAN))
    assert hover(imported, CLEAN.index("layers.Flatten")) is None


def test_a_bare_name_that_may_be_a_layer_or_an_initializer_is_not_guessed() -> None:
    def codes(text: str) -> list[str]:
        found: Any = check_text(text, "program.py")["diagnostics"]
        return [problem["code"] for problem in found]

    program = "start = Identity()\nvalues = start(shape=(2, 2))\n"
    assert codes(program) == []
    assert codes(f"from keras.layers import Identity\n{program}") == ["invalid-argument"]
