"""Sample weights and class weights against the values of the loss (Keras 3.15.1)."""

from __future__ import annotations

from shapelens.library.keras.training.batches import Batches
from shapelens.library.keras.training.elementwise import clash, same_rank
from shapelens.library.keras.training.losses import Loss, values_shape
from shapelens.library.keras.training.wording import static, tf_shape
from shapelens.shapes.dims import ANY
from shapelens.shapes.shape import Shape
from shapelens.values.failure import Failure

# Their values are one number, which every weight multiplies.
_SCALAR_LOSSES = ("dice", "tversky")


def check_sample_weight(loss: Loss, target: Shape, output: Shape, weight: Shape, batches: Batches) -> Failure | None:
    """Whether the loss values can be multiplied by ``weight``."""
    failure = _multiplied(loss, target, output, weight, batches)
    if failure is None:
        return None
    values, keras = failure
    return Failure(
        "target-mismatch",
        f"{{subject}} has shape {weight}, but `{loss.spelled}` gives one value for each of {values}",
        keras=keras,
        subject="sample_weight",
        expected=values,
        found=weight,
        details={"weights": "sample_weight"},
    )


def check_class_weight(loss: Loss, target: Shape, output: Shape, batches: Batches) -> Failure | None:
    """``class_weight`` gives one weight a sample, found from targets of at most two axes."""
    if target.open:
        return None
    if len(target) > 2:
        keras = "only 0-dimensional arrays can be converted to Python scalars"
    else:
        failure = _multiplied(loss, target, output, Shape((ANY,)), batches)
        if failure is None:
            return None
        keras = failure[1]
    return Failure(
        "target-mismatch",
        f"`class_weight` gives one weight for each sample, but the targets of shape {target} "
        "have several classes for each",
        keras=keras,
        subject="class_weight",
        expected=Shape(target.dims[:1]),
        found=target,
        details={"weights": "class_weight"},
    )


def _multiplied(loss: Loss, target: Shape, output: Shape, weight: Shape, batches: Batches) -> tuple[Shape, str] | None:
    values = None if loss.name in _SCALAR_LOSSES else values_shape(loss, target, output)
    ranks = None if values is None else same_rank(values, weight)
    if values is None or ranks is None or not weight.dims:
        return None
    found = clash(*ranks, batches)
    if found is None:
        return None
    left, right = (tf_shape(static(side, batches.static)) for side in ranks)
    return static(values, None), f"Incompatible shapes: {left} vs. {right}"
