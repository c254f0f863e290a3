"""Which targets fit which outputs under Keras's losses (3.15.1, every family run through ``fit``).

Three families, after the ranks were adjusted (`elementwise.same_rank`): most losses broadcast over all
axes, the batch included; the cross-entropies of two distributions want equal shapes; the sparse one
wants one integer for each distribution.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from shapelens.library.keras.training.batches import Batches
from shapelens.library.keras.training.elementwise import clash, equal, same_rank
from shapelens.library.keras.training.wording import axis_name, differs, static, tf_shape
from shapelens.shapes.shape import Shape, TensorSpec
from shapelens.values.failure import Failure
from shapelens.values.value import Const, Lib, LibObject, Value

Family: TypeAlias = Literal["elementwise", "same-shape", "sparse"]

FAMILIES: Mapping[str, Family] = {
    **dict.fromkeys(
        (
            "mean_squared_error",
            "mean_absolute_error",
            "mean_absolute_percentage_error",
            "mean_squared_logarithmic_error",
            "cosine_similarity",
            "huber",
            "log_cosh",
            "hinge",
            "squared_hinge",
            "categorical_hinge",
            "kl_divergence",
            "poisson",
            "dice",
            "tversky",
            "categorical_focal_crossentropy",
        ),
        "elementwise",
    ),
    "binary_crossentropy": "same-shape",
    "binary_focal_crossentropy": "same-shape",
    "categorical_crossentropy": "same-shape",
    "sparse_categorical_crossentropy": "sparse",
}

SHORT_NAMES: Mapping[str, str] = {
    "bce": "binary_crossentropy",
    "BCE": "binary_crossentropy",
    "kld": "kl_divergence",
    "KLD": "kl_divergence",
    "mae": "mean_absolute_error",
    "MAE": "mean_absolute_error",
    "mse": "mean_squared_error",
    "MSE": "mean_squared_error",
    "mape": "mean_absolute_percentage_error",
    "MAPE": "mean_absolute_percentage_error",
    "msle": "mean_squared_logarithmic_error",
    "MSLE": "mean_squared_logarithmic_error",
}

CLASSES: Mapping[str, str] = {
    "MeanSquaredError": "mean_squared_error",
    "MeanAbsoluteError": "mean_absolute_error",
    "MeanAbsolutePercentageError": "mean_absolute_percentage_error",
    "MeanSquaredLogarithmicError": "mean_squared_logarithmic_error",
    "CosineSimilarity": "cosine_similarity",
    "Huber": "huber",
    "LogCosh": "log_cosh",
    "Hinge": "hinge",
    "SquaredHinge": "squared_hinge",
    "CategoricalHinge": "categorical_hinge",
    "KLDivergence": "kl_divergence",
    "Poisson": "poisson",
    "Dice": "dice",
    "Tversky": "tversky",
    "BinaryCrossentropy": "binary_crossentropy",
    "BinaryFocalCrossentropy": "binary_focal_crossentropy",
    "CategoricalCrossentropy": "categorical_crossentropy",
    "CategoricalFocalCrossentropy": "categorical_focal_crossentropy",
    "SparseCategoricalCrossentropy": "sparse_categorical_crossentropy",
}

MODEL_OUTPUT = "the model's output"


@dataclass(frozen=True, slots=True)
class Loss:
    """A built-in loss. ``spelled`` is how the program names it.

    ``ignores_class``: it lets labels out of range through. ``adjusts``: it brings the ranks together
    first, which every loss does that `compile` was given; ``expands``: a vector beside a column becomes
    one, as in Keras 3. ``output``: what it compares the targets with.
    """

    name: str
    spelled: str
    family: Family
    ignores_class: bool = False
    adjusts: bool = True
    expands: bool = True
    output: str = MODEL_OUTPUT


def loss_of(value: Value, target: Shape, output: Shape) -> Loss | None:
    """The built-in loss that ``compile``'s argument stands for; `None` for anything else.

    The shapes decide what ``"crossentropy"`` means.
    """
    if isinstance(value, Const) and isinstance(value.value, str):
        if value.value.lower() in ("crossentropy", "ce"):
            chosen = _crossentropy(target, output)
            return None if chosen is None else Loss(chosen, value.value, FAMILIES[chosen])
        return named(value.value, value.value)
    if isinstance(value, Lib):
        return named(value.name.rsplit(".", 1)[-1], value.name.rsplit(".", 1)[-1])
    if isinstance(value, LibObject) and value.class_name.startswith("keras.losses."):
        found = named(value.class_name.rsplit(".", 1)[-1], value.class_name.rsplit(".", 1)[-1])
        axis, ignored = value.get("axis"), value.get("ignore_class")
        if found is None or axis not in (None, Const(None), Const(-1)):
            return None
        if ignored not in (None, Const(None)):
            return replace(found, ignores_class=True)
        return found
    return None


def named(name: str, spelled: str) -> Loss | None:
    """The built-in loss of this function, class or short name."""
    name = SHORT_NAMES.get(name) or CLASSES.get(name) or name
    family = FAMILIES.get(name)
    return None if family is None else Loss(name, spelled, family)


def _crossentropy(target: Shape, output: Shape) -> str | None:
    if target.open or output.open or not isinstance(output.axis(-1), int):
        return None
    if output.axis(-1) == 1:
        return "binary_crossentropy"
    if len(target) < len(output):
        return "sparse_categorical_crossentropy"
    if not isinstance(target.axis(-1), int):
        return None
    return "sparse_categorical_crossentropy" if target.axis(-1) == 1 else "categorical_crossentropy"


def check_loss(
    loss: Loss, target: TensorSpec, output: TensorSpec, batches: Batches, labels: int | None = None
) -> Failure | None:
    """What is wrong with comparing ``target`` and ``output`` (batch axis first) under ``loss``.

    ``labels``: the number of classes that certainly occur in integer targets.
    """
    ranks = adjusted(loss, target.shape, output.shape)
    if ranks is None:
        return None
    return _CHECKS[loss.family](loss, target.shape, output.shape, ranks, batches, labels)


def values_shape(loss: Loss, target: Shape, output: Shape) -> Shape | None:
    """The shape of the loss values before they are weighted and summed; `None` when not known."""
    ranks = adjusted(loss, target, output)
    if ranks is None or not ranks[1].dims:
        return None
    if loss.family == "sparse" or equal(*ranks):
        return Shape(ranks[1].dims[:-1])
    return None


def adjusted(loss: Loss, target: Shape, output: Shape) -> tuple[Shape, Shape] | None:
    """Both shapes as the loss compares them; `None` when it cannot be told."""
    if target.open or output.open:
        return None
    return same_rank(target, output, expand_rank_1=loss.expands) if loss.adjusts else (target, output)


_Ranks: TypeAlias = tuple[Shape, Shape]


def _elementwise(
    loss: Loss, target: Shape, output: Shape, ranks: _Ranks, batches: Batches, labels: int | None
) -> Failure | None:
    found = clash(*ranks, batches)
    if found is not None:
        left, right = (static(side, batches.static) for side in ranks)
        return _mismatch(
            loss,
            target,
            output,
            f"`{loss.spelled}` compares them element by element",
            f"Dimensions must be equal, but are {found.left} and {found.right} for "
            f"'{{{{node compile_loss/{loss.spelled}/sub}}}}' with input shapes: "
            f"{tf_shape(left)}, {tf_shape(right)}.",
        )
    if equal(*ranks) is False:
        return Failure(
            "loss-broadcast",
            f"{{subject}} has shape {target} and {loss.output} {_shown(loss, output)}: `{loss.spelled}` "
            "broadcasts them against each other, so values of different places are compared",
            expected=_shown(loss, output),
            found=target,
            axis=_axis(target, output),
            subject="y",
            details={"loss": loss.name},
        )
    return None


def _same_shape(
    loss: Loss, target: Shape, output: Shape, ranks: _Ranks, batches: Batches, labels: int | None
) -> Failure | None:
    answer = equal(*ranks)
    if answer is not False:
        return None
    left, right = (static(side, batches.static) for side in ranks)
    what = "rank (ndim)" if len(ranks[0]) != len(ranks[1]) else "shape"
    return _mismatch(
        loss,
        target,
        output,
        f"`{loss.spelled}` needs equal shapes",
        f"Arguments `target` and `output` must have the same {what}. "
        f"Received: target.shape={left}, output.shape={right}",
    )


def _sparse(
    loss: Loss, target: Shape, output: Shape, ranks: _Ranks, batches: Batches, labels: int | None
) -> Failure | None:
    wanted, given = ranks
    if len(wanted) == len(given) and wanted.dims:
        last = wanted.dims[-1]
        if last == 1:
            wanted = Shape(wanted.dims[:-1])
        elif not isinstance(last, int) and last is not None:
            return None
    shown = f"target.shape={static(wanted, batches.static)}, output.shape={static(given, batches.static)}"
    reason = f"`{loss.spelled}` needs one integer label for each distribution, shape {Shape(output.dims[:-1])}"
    if len(wanted) != len(given) - 1:
        keras = f"Argument `output` must have rank (ndim) `target.ndim - 1`. Received: {shown}"
        return _mismatch(loss, target, output, reason, keras)
    if any(differs(a, b) for a, b in zip(wanted.dims[1:], given.dims[1:-1], strict=True)):
        keras = "Arguments `target` and `output` must have the same shape up until the last dimension: " + shown
        return _mismatch(loss, target, output, reason, keras)
    classes = given.dims[-1]
    if labels is not None and isinstance(classes, int) and classes < labels and not loss.ignores_class:
        return Failure(
            "target-mismatch",
            f"{{subject}} holds labels up to {labels - 1}, but {loss.output} "
            f"{_shown(loss, output)} has only {classes} {'class' if classes == 1 else 'classes'}",
            keras=(f"Received a label value of {labels - 1} which is outside the valid range of [0, {classes})."),
            subject="y",
            expected=_shown(loss, output),
            found=target,
            axis=-1,
            details={"loss": loss.name, "classes": labels},
        )
    return None


_CHECKS: Mapping[
    Family,
    Callable[[Loss, Shape, Shape, _Ranks, Batches, int | None], Failure | None],
] = {"elementwise": _elementwise, "same-shape": _same_shape, "sparse": _sparse}


def _mismatch(loss: Loss, target: Shape, output: Shape, reason: str, keras: str) -> Failure:
    axis = _axis(target, output)
    where = ""
    if axis is not None:
        where = f" ({axis_name(axis, len(output))} is {target.dims[axis]} instead of {output.dims[axis]})"
    if loss.family == "sparse":
        where = ""
    return Failure(
        "target-mismatch",
        f"{{subject}} has shape {target}, but {loss.output} is {_shown(loss, output)}: {reason}{where}",
        keras=keras,
        subject="y",
        expected=_shown(loss, output),
        found=target,
        axis=axis,
        details={"loss": loss.name},
    )


def _shown(loss: Loss, output: Shape) -> Shape:
    """A model's output without its batch size, which is Keras's choice; a tensor of the program as it is."""
    return static(output, None) if loss.output == MODEL_OUTPUT else output


def _axis(target: Shape, output: Shape) -> int | None:
    if len(target) != len(output):
        return None
    for axis in range(1, len(target)):
        if differs(target.dims[axis], output.dims[axis]):
            return axis
    return None
