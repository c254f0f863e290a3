"""What problems call the user's values."""

from __future__ import annotations

import pytest

from shapelens.cli.api import analyze_text
from shapelens.problems import render

HEAD = "import numpy as np\nimport keras\nfrom keras import layers\n"
MODEL = "model = keras.Sequential([keras.Input((4,)), layers.Dense(3)])\nmodel.compile('adam', 'mse')\n"


@pytest.mark.parametrize(
    ("program", "name"),
    [
        ("x = np.zeros((8, 5))\nmodel.predict(x)\n", "`x`"),
        ("x = np.zeros((8, 5))\nmodel.fit(y=np.zeros((8, 3)), x=x)\n", "`x`"),
        ("model.fit(np.zeros((8, 4)), np.zeros((8, 7)))\n", "`np.zeros((8, 7))`"),
        (
            "x, y, v = np.zeros((8, 4)), np.zeros((8, 3)), np.zeros((8, 5))\nmodel.fit(x, y, validation_data=(v, y))\n",
            "`v`",
        ),
        ("x = np.zeros((3, 4))\ny = x.reshape(5, 5)\n", "`x`"),
        ("images = np.zeros((8, 5))\nmodel.predict(np.asarray(images[:4] / 255.0, dtype='float32'))\n", "The input"),
    ],
)  # fmt: skip
def test_subjects(program: str, name: str) -> None:
    assert messages(program)[0].startswith(f"{name} ")


def test_a_layer_in_a_list_is_not_its_own_input() -> None:
    found = messages("m = keras.Sequential([keras.Input((4,)), layers.LSTM(3)])\n")
    assert found[0].startswith("The input has 2 axes")


def test_kerass_words_follow_on_a_line_of_their_own() -> None:
    found = messages("model.fit(np.zeros((8, 4)), np.zeros((7, 3)))\n")
    first, second = found[0].split("\n")[:2]
    assert first.endswith(".")
    assert second.startswith("Data cardinality is ambiguous.")


def messages(program: str) -> list[str]:
    analysis = analyze_text(HEAD + MODEL + program, "program.py")
    return [render.message(found.problem) for found in analysis.problems]
