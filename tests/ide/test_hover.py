"""Cards: what they say and of which place."""

from __future__ import annotations

import pytest

from shapelens.engine.analyze import analyze
from shapelens.engine.installed import Installed
from shapelens.ide.hover import Hover, hover
from shapelens.shapes.question import Answer, Question, Versions
from shapelens.shapes.shape import TensorSpec, shape
from shapelens.text import document

from .programs import FUNCTIONAL

ANALYSIS = analyze(document("file:///program.py", FUNCTIONAL))


def at(marker: str) -> Hover | None:
    """The card at the ``|`` in a piece of the program."""
    before, _, after = marker.partition("|")
    assert FUNCTIONAL.count(before + after) == 1
    return hover(ANALYSIS, FUNCTIONAL.index(before + after) + len(before))


def card(marker: str) -> str:
    found = at(marker)
    assert found is not None
    return found.markdown


CONVOLUTION = """\
**Conv2D** `second`

- input: `(None, 28, 28, 1)`
- output: `(None, 26, 26, 8) float32`
- parameters: 80
"""


@pytest.mark.parametrize("marker", ["h = con|v(inputs)", "|conv = ", "conv = layers.Conv|2D(", "conv(inputs|)"])
def test_a_layer_is_explained_where_it_is_made_and_called(marker: str) -> None:
    text = card(marker)
    if marker == "conv(inputs|)":
        assert text.startswith("`inputs`")  # an argument speaks for itself
    else:
        assert text.startswith(CONVOLUTION)
        assert "(28 - 3) / 1 + 1 = 26" in text


def test_the_other_end_of_a_layer_is_named() -> None:
    assert card("h = con|v(inputs)").endswith("The layer was made on [line 7](file:///program.py#L7).")
    assert card("conv = layers.Conv|2D(").endswith("It is called on [line 8](file:///program.py#L8).")
    assert "line" not in card("layers.Den|se(10)(h)")


def test_a_layer_that_is_called_at_once_is_explained_at_its_name() -> None:
    found = at("layers.Den|se(10)(h)")
    assert found is not None
    assert "- input: `(None, 5408)`\n- output: `(None, 10) float32`\n- parameters: 54,090" in found.markdown


ASKED = """\
import keras
from keras import layers

x = keras.Input((4,))
y = layers.Conv2D(3, 2)(x)
z = keras.ops.unruled(x)
w = layers.Dense(2)(keras.ops.unruled(x))
"""


def test_what_keras_itself_said_is_marked_as_such() -> None:
    def answer(question: Question) -> Answer:
        if "Conv2D" in repr(question):
            return Answer(error="The words of Keras.", error_type="ValueError", version="Keras 3.15.1")
        return Answer(outputs=TensorSpec(shape(None, 7), "float32"), version="Keras 3.15.1")

    installed = Installed(Versions(keras="3.15.1"), answer)
    analysis = analyze(document("file:///asked.py", ASKED), installed=installed)

    def asked(marker: str) -> str:
        before, _, after = marker.partition("|")
        found = hover(analysis, ASKED.index(before + after) + len(before))
        return "" if found is None else found.markdown

    assert asked("layers.Conv|2D") == "Keras 3.15.1 raises here:\n\n```text\nThe words of Keras.\n```"
    assert asked("|z = ") == "`z`: `(None, 7) float32` Keras tensor, answered by Keras 3.15.1"
    assert "answered by" not in asked("layers.Den|se")


TABLE = """\
**Model** `model`: `(None, 28, 28, 1)` → `(None, 10)`

```text
layer            output shape       params
InputLayer       (None, 28, 28, 1)       0
second (Conv2D)  (None, 26, 26, 8)      80
Flatten          (None, 5408)            0
Dense            (None, 10)         54,090
```

Parameters: 54,170"""


@pytest.mark.parametrize("marker", ["|model = keras", "keras.Mod|el(inputs"])
def test_a_model_is_a_table(marker: str) -> None:
    assert card(marker) == TABLE


def test_a_model_that_is_called_is_a_layer() -> None:
    assert "- input: `(10, 28, 28, 1)`" in card("= mod|el(x)")


def test_a_subclassed_model_lists_its_layers() -> None:
    text = card("|net = Net()")
    assert "**Net** `net`: `(3, 7)` → `(3, 4)`" in text
    assert "Dense" in text
    assert "Parameters: 32" in text


def test_arrays_and_tensors() -> None:
    assert card("|x = np") == "`x`: `(10, 28, 28, 1) float64` NumPy array, 7,840 elements"
    assert "It was made on [line 5](file:///program.py#L5)." in card("= model(|x)")
    assert card("|prediction =").startswith("`prediction`: `(10, 10) float32`")
    assert card("self.dense(|z)").startswith("`z`: `(3, 7) float64`")


def test_a_place_with_several_shapes_shows_each() -> None:
    text = card("return lay|er(value)")
    assert "`(5, 2)" in text
    assert "`(5, 3)" in text


def test_what_is_not_known_says_why() -> None:
    assert card("|lost = ") == "`lost`: not known: `unheard_of` is not defined"


@pytest.mark.parametrize("marker", ["impo|rt numpy", "class N|et", "def tw|ice", "|\n\nclass", "supe|r()"])
def test_elsewhere_there_is_no_card(marker: str) -> None:
    assert at(marker) is None


def test_no_offset_breaks_it() -> None:
    for offset in range(-1, len(FUNCTIONAL) + 2):
        found = hover(ANALYSIS, offset)
        assert found is None or found.range.start <= offset <= found.range.end
