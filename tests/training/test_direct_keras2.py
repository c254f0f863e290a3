"""Losses called directly under Keras 2.15: what a run printed (``losses_keras2.json``) and what the rules say.

The stored shapes, `null` for an error, are what tensors, zeros as targets and 0.4 as predictions, gave with
TensorFlow 2.15.1; ``unreduced`` are loss objects with ``reduction="none"``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shapelens.library import registry
from shapelens.library.keras.training import direct
from shapelens.shapes.question import Versions
from shapelens.shapes.shape import Shape, TensorSpec
from shapelens.values.failure import ShapeFailure
from shapelens.values.value import Const, LibObject, TensorValue, Value
from tests.training.support import Heap

assert direct
STORED: dict[str, Any] = json.loads((Path(__file__).parent / "losses_keras2.json").read_text(encoding="utf-8"))


def said(name: str, target: list[int], output: list[int], config: tuple[tuple[str, Const], ...] = ()) -> object:
    """The shape that the rule gives, or `None` for an error."""
    heap = Heap(versions=Versions(keras="2.15.0"))
    made = name[0].isupper()
    rule = registry.FUNCTIONS[f"keras.losses.{name}" + (".__call__" if made else "")]
    args: list[Value] = [
        TensorValue(TensorSpec(Shape(tuple(sizes)), "float32"), "tensor") for sizes in (target, output)
    ]
    if made:
        args.insert(0, LibObject(f"keras.losses.{name}", config))
    bound = registry.bind(rule.signature, args, {})
    assert isinstance(bound, registry.Arguments)
    try:
        result = rule.rule(heap, bound)
    except ShapeFailure:
        return None
    assert isinstance(result, TensorValue)
    return "unknown" if result.spec.shape.open else list(result.spec.shape.dims)


@pytest.mark.parametrize("name", STORED["losses"])
def test_losses(name: str) -> None:
    for (target, output), real in zip(STORED["cells"], STORED["losses"][name], strict=True):
        assert said(name, target, output) in (real, "unknown"), (target, output)


@pytest.mark.parametrize("name", STORED["unreduced"])
def test_objects_that_do_not_reduce(name: str) -> None:
    config = (("reduction", Const("none")),)
    for (target, output), real in zip(STORED["cells"], STORED["unreduced"][name], strict=True):
        assert said(name, target, output, config) in (real, "unknown"), (target, output)
