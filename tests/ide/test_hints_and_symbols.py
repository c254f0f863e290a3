"""Inlay hints, the outline, diagnostics and quick fixes as plain data."""

from __future__ import annotations

from shapelens.engine.analysis import Range
from shapelens.engine.analyze import analyze
from shapelens.ide.actions import actions
from shapelens.ide.diagnostics import diagnostics
from shapelens.ide.hints import hints
from shapelens.ide.symbols import symbols
from shapelens.text import document

from .programs import FUNCTIONAL

ANALYSIS = analyze(document("file:///program.py", FUNCTIONAL))


def with_hints(**settings: bool) -> list[str]:
    """The lines that have hints, with the hints in brackets."""
    text = FUNCTIONAL
    for hint in reversed(hints(ANALYSIS, **settings)):
        text = f"{text[: hint.offset]}[{hint.label}]{text[hint.offset :]}"
    old = FUNCTIONAL.splitlines()
    return [line.strip() for line, before in zip(text.splitlines(), old, strict=True) if line != before]


def test_hints_stand_behind_layer_calls_and_names() -> None:
    assert with_hints() == [
        "x[: (10, 28, 28, 1)] = np.zeros((10, 28, 28, 1))",
        "inputs[: (None, 28, 28, 1)] = keras.Input(shape=(28, 28, 1))",
        "h = conv(inputs)[(None, 26, 26, 8)]",
        "h = layers.Flatten()(h)[(None, 5408)]",
        "outputs = layers.Dense(10)(h)[(None, 10)]",
        "prediction = model(x)[(10, 10)]",
        "def call(self, z[: (3, 7)]):",
        "return self.dense(z)[(3, 4)]",
        "def twice(layer, value[: (5, 6) | (5, 7)]):",
        "return layer(value)[(5, 2) | (5, 3)]",
        "small = net(np.ones((3, 7)))[(3, 4)]",
        "a[: (5, 2)] = twice(layers.Dense(2), np.ones((5, 6)))",
        "b[: (5, 3)] = twice(layers.Dense(3), np.ones((5, 7)))",
    ]


def test_each_kind_of_hint_can_be_turned_off() -> None:
    only_layers = with_hints(tensors=False)
    assert "x = np.zeros((10, 28, 28, 1))" not in only_layers
    assert "h = conv(inputs)[(None, 26, 26, 8)]" in only_layers
    only_tensors = with_hints(layers=False)
    assert "h[: (None, 26, 26, 8)] = conv(inputs)" in only_tensors
    assert with_hints(layers=False, tensors=False) == []


def test_hints_of_a_range() -> None:
    start = FUNCTIONAL.index("h = conv")
    assert [hint.label for hint in hints(ANALYSIS, Range(start, start + 20))] == ["(None, 26, 26, 8)"]


def test_the_outline_shows_shapes() -> None:
    found = [(s.name, s.kind, s.detail) for s in symbols(ANALYSIS)]
    assert ("x", "variable", "(10, 28, 28, 1) float64") in found
    assert ("conv", "model", "Conv2D (None, 26, 26, 8)") in found
    assert ("model", "model", "Model (None, 10)") in found
    assert ("net", "model", "Net (3, 4)") in found
    assert ("twice", "function", "") in found
    net = next(symbol for symbol in symbols(ANALYSIS) if symbol.name == "Net")
    assert [(child.name, child.kind) for child in net.children] == [("__init__", "method"), ("call", "method")]
    for symbol in (*symbols(ANALYSIS), *net.children):
        assert FUNCTIONAL[slice(*symbol.selection)] == symbol.name
        assert symbol.range.start <= symbol.selection.start
        assert symbol.selection.end <= symbol.range.end


WRONG = """\
import numpy as np
from tensorflow import keras

image = np.zeros((28, 28, 1))
model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Conv2D(8, 3)])
model.predict(image)
"""


def test_a_diagnostic_points_to_what_disagrees() -> None:
    analysis = analyze(document("file:///program.py", WRONG))
    (found,) = diagnostics(analysis)
    assert WRONG[slice(*found.range)] == "model.predict(image)"
    assert "`image`" in found.message.splitlines()[0]
    assert any(
        WRONG[slice(*related.range)].startswith("image") or "np.zeros" in WRONG[slice(*related.range)]
        for related in found.related
    )


def test_actions_are_for_the_range_and_work() -> None:
    analysis = analyze(document("file:///program.py", WRONG))
    place = diagnostics(analysis)[0].range
    found = actions(analysis, place)
    assert found
    assert [action.preferred for action in found] == [True] + [False] * (len(found) - 1)
    assert not actions(analysis, Range(0, 5))
