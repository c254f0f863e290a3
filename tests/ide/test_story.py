"""Related places tell where the sizes came from; hover tells where tracking was lost."""

from __future__ import annotations

import pytest

from shapelens.engine.analyze import analyze
from shapelens.ide.diagnostics import diagnostics
from shapelens.ide.hover import hover, plain_text
from shapelens.text import document
from shapelens.text.notebook import Cell, Notebook

HEAD = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

images = keras.Input((32, 32, 3))
"""


def told(program: str) -> list[tuple[str, str]]:
    """The related places of the only problem: the marked source, and what is said of it."""
    text = HEAD + program
    (found,) = diagnostics(analyze(document("file:///program.py", text)))
    return [(text[slice(*place.range)], place.message) for place in found.related]


def test_both_sizes_of_a_merge_come_from_their_layers() -> None:
    program = """
width = 16
a = layers.Conv2D(filters=width, kernel_size=3)(images)
b = layers.Conv2D(8, 3)(images)
b = layers.BatchNormalization()(b)
b = layers.ReLU()(b)
c = layers.Add()([a, b])
"""
    assert told(program) == [
        ("layers.Conv2D(filters=width, kernel_size=3)", "16 comes from `filters=width`"),
        ("layers.Conv2D(8, 3)", "8 comes from `layers.Conv2D(8, 3)`"),
    ]


def test_a_spatial_size_comes_from_the_layer_that_changed_it() -> None:
    program = """
a = layers.Conv2D(8, 3, padding="same")(images)
b = layers.MaxPooling2D()(a)
b = layers.Conv2D(8, 3, padding="same")(b)
c = layers.Concatenate()([a, b])
"""
    assert ("layers.MaxPooling2D()", "16 comes from `layers.MaxPooling2D()`") in told(program)


def test_a_layer_that_was_built_for_other_channels() -> None:
    program = """
h = layers.Conv2D(filters=24, kernel_size=3)(images)
shared = layers.Conv2D(64, 3)
first = shared(h)
second = shared(images)
"""
    found = told(program)
    assert ("shared(h)", "this built the layer, for an input of shape (None, 30, 30, 24)") in found
    assert ("layers.Conv2D(filters=24, kernel_size=3)", "24 comes from `filters=24`") in found


@pytest.mark.parametrize(
    "program",
    [
        "m = keras.Sequential([keras.Input((8,)), layers.Dense(4), layers.LSTM(4)])\n",
        "m = keras.Sequential()\nm.add(keras.Input((8,)))\nm.add(layers.Dense(4))\nm.add(layers.LSTM(4))\n",
    ],
)
def test_the_layer_before_in_a_stack(program: str) -> None:
    assert ("layers.Dense(4)", "Dense before it gives (None, 4)") in told(program)


def test_other_arguments_are_no_part_of_the_story() -> None:
    program = """
x, y = np.zeros((5, 7)), np.zeros((5, 1))
m = keras.Sequential([keras.Input((8,)), layers.Dense(1)])
m.compile(loss="mse")
m.fit(x, y)
"""
    assert not any("`y`" in message for _, message in told(program))


LOST = HEAD + "a = mystery(images)\nb = a + 1\nc = [b]\nd = np.exp(b)\nprint(d)\n"


def card(text: str, marker: str, uri: str = "file:///program.py") -> str:
    found = hover(analyze(document(uri, text)), text.index(marker))
    assert found is not None
    return found.markdown


def test_hover_says_where_tracking_was_lost() -> None:
    line = HEAD.count("\n") + 1
    reason = "not known: `mystery` is not defined"
    assert card(LOST, "a = ") == f"`a`: {reason}"
    assert card(LOST, "a + 1") == f"`a`: {reason}\n\nThat was on [line {line}](file:///program.py#L{line})."
    assert card(LOST, "b)\nprint").endswith(f"That was on [line {line}](file:///program.py#L{line}).")
    assert card(LOST, "a + 1", "untitled:1").endswith(f"That was on line {line}.")


def test_a_call_whose_output_is_not_known_says_why() -> None:
    text = HEAD + "model = keras.Model(images, mystery(images))\ny = model(images)\n"
    assert "- output: not known: `mystery` is not defined" in card(text, "model(images)")


def test_links_are_words_for_clients_without_markdown() -> None:
    assert plain_text("`x`: on [line 3](file:///a.py#L3).") == "`x`: on line 3."


def test_places_in_notebooks_are_told_by_cell() -> None:
    cells = (
        Cell(document("#1", "\nx = mystery()")),
        Cell(document("#t", "y = x"), False),
        Cell(document("#2", "y = x")),
    )
    program = Notebook("file:///a.ipynb", 1, cells).program
    found = hover(analyze(program), program.text.rindex("x"))
    assert found is not None
    assert found.markdown.endswith("That was on line 2 of code cell 1.")
