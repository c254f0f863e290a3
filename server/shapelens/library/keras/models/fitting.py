"""Whether an array fits a weight (Keras 3.15.1)."""

from __future__ import annotations

from dataclasses import dataclass

from shapelens.library.keras.layers import config as read
from shapelens.library.machine import Machine
from shapelens.shapes.dims import Dim, same
from shapelens.shapes.shape import Shape
from shapelens.values.failure import Failure, ShapeFailure
from shapelens.values.value import NONE, TensorValue, Value


@dataclass(frozen=True, slots=True)
class Weight:
    """A weight: the name that the layer's attribute has, and its shape."""

    name: str
    shape: tuple[Dim, ...]


def compare_weight(name: str, weight: Weight, value: Value, index: int) -> None:
    """Raise when ``value`` has another shape than the weight."""
    if not isinstance(value, TensorValue) or value.spec.shape.open:
        return
    found = value.spec.shape
    sizes = zip(weight.shape, found.dims, strict=False)
    if len(found) != len(weight.shape) or any(same(a, b) is False for a, b in sizes):
        expected = Shape(weight.shape)
        raise ShapeFailure(
            Failure(
                "weights-mismatch",
                f"item {index} of {{subject}} has shape {found}, but the layer's `{weight.name}` has {expected}",
                keras=f"Layer {name} weight shape {expected} is not compatible with provided weight shape {found}.",
                subject="weights",
                expected=expected,
                found=found,
            )
        )


def check_given_weights(m: Machine, class_name: str, arguments: read.Config) -> None:
    """``Embedding(1000, 50, weights=[matrix])`` takes the weights when it is made."""
    given = arguments.get("weights")
    if class_name != "keras.layers.Embedding" or given is None or given == NONE:
        return
    items = (given,) if isinstance(given, TensorValue) else m.items(given)
    if items is None or len(items) != 1:
        return
    sizes = (read.size_of(m, arguments.get("input_dim")), read.size_of(m, arguments.get("output_dim")))
    compare_weight("embedding", Weight("embeddings", sizes), items[0], 0)
