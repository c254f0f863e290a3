"""A softmax over one value, which is always 1 (Keras 3.15.1 warns where the activation runs)."""

from __future__ import annotations

from shapelens.shapes.shape import Shape
from shapelens.values.failure import Failure


def softmax_one_unit(layer: str, activation: str | None, output: Shape) -> Failure | None:
    """The warning for a layer whose softmax works on a last axis of size 1."""
    if activation != "softmax" or output.axis(-1) != 1:
        return None
    return Failure(
        "softmax-one-unit",
        f"{layer} has a softmax over one unit, output {output}: it is always 1, whatever the input",
        keras="You are using a softmax over axis -1 of a tensor of shape "
        f"{output}. This axis has size 1. The softmax operation will always return the "
        "value 1, which is likely not what you intended. Did you mean to use a sigmoid instead?",
        expected=output,
    )
