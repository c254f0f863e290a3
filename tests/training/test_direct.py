"""Losses called directly: the rules and real Keras raise on the same shapes and give the same shape."""

from __future__ import annotations

import pytest

from shapelens.cli.api import shapes_text
from shapelens.library import registry
from shapelens.library.keras.training import direct
from shapelens.library.keras.training.losses import CLASSES
from shapelens.shapes.shape import Shape
from shapelens.values.failure import ShapeFailure
from shapelens.values.value import LibObject, TensorValue
from tests.training.support import Arr, Heap, Made, Real

keras: Real = pytest.importorskip("keras")

pytestmark = pytest.mark.keras

CELLS = (
    ((8,), (8, 1)),
    ((8, 1), (8,)),
    ((8, 3), (8, 3)),
    ((8,), (8, 3)),
    ((8, 1), (8, 3)),
    ((8, 5), (8, 5, 1)),
    ((8, 5), (8, 5, 3)),
    ((7, 1), (8, 1)),
    ((7,), (8, 3)),
    ((1, 3), (8, 3)),
    ((3,), (3,)),
)


def said(name: str, target: tuple[int, ...], output: tuple[int, ...], *, made: bool) -> tuple[int, ...] | None:
    """The shape that the rule gives, or `None` for an error."""
    heap = Heap()
    rule = registry.FUNCTIONS[f"keras.losses.{name}" + (".__call__" if made else "")]
    args = [heap.value(Arr(target)), heap.value(Arr(output))]
    if made:
        args.insert(0, LibObject(f"keras.losses.{name}"))
    bound = registry.bind(rule.signature, args, {})
    assert isinstance(bound, registry.Arguments)
    try:
        result = rule.rule(heap, bound)
    except ShapeFailure:
        return None
    assert isinstance(result, TensorValue)
    assert isinstance(result.spec.shape, Shape)
    return tuple(size for size in result.spec.shape.dims if isinstance(size, int))


def really(name: str, target: tuple[int, ...], output: tuple[int, ...], *, made: bool) -> tuple[int, ...] | None:
    """The shape that Keras gives, or `None` for an error."""
    loss = Made(f"keras.losses.{name}").real() if made else getattr(keras.losses, name)
    try:
        return tuple(loss(Arr(target).real(), Arr(output).real()).shape)
    except Exception:
        return None


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_loss_objects(name: str) -> None:
    for target, output in CELLS:
        assert said(name, target, output, made=True) == really(name, target, output, made=True), (target, output)


@pytest.mark.parametrize("name", sorted(set(CLASSES.values())))
def test_loss_functions(name: str) -> None:
    for target, output in CELLS:
        assert said(name, target, output, made=False) == really(name, target, output, made=False), (target, output)


def test_functions_that_broadcast_without_a_word() -> None:
    for name in sorted(set(CLASSES.values())):
        heap = Heap()
        rule = registry.FUNCTIONS[f"keras.losses.{name}"]
        bound = registry.bind(rule.signature, [heap.value(Arr((8,))), heap.value(Arr((8, 1)))], {})
        assert isinstance(bound, registry.Arguments)
        try:
            rule.rule(heap, bound)
        except ShapeFailure:
            continue
        adjusts = name in direct._ADJUSTING or name == "sparse_categorical_crossentropy"
        assert bool(heap.warnings) != adjusts, name


def test_a_reduction_that_is_not_known_gives_no_shape() -> None:
    text = """\
import tensorflow as tf

loss = tf.keras.losses.BinaryCrossentropy(reduction=open("r").read())
value = loss(tf.ones((4, 1)), tf.zeros((4, 1)))
legacy = tf.keras.losses.BinaryCrossentropy(reduction=tf.keras.losses.Reduction.NONE)
each = legacy(tf.ones((4, 1)), tf.zeros((4, 1)))
"""
    sites = {site["name"]: site["output_shape"] for site in shapes_text(text, "program.py")["sites"]}
    assert sites == {"value": None, "each": [4]}
