"""Metrics that raise by themselves where the loss does not (Keras 3.15.1, each run through ``fit``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from shapelens.library.keras.training.batches import Batches
from shapelens.library.keras.training.elementwise import clash, same_rank, with_batch
from shapelens.library.keras.training.losses import CLASSES, SHORT_NAMES
from shapelens.library.keras.training.wording import static, tf_shape
from shapelens.shapes.dims import same
from shapelens.shapes.shape import Shape
from shapelens.values.failure import Failure
from shapelens.values.value import Const, Lib, LibObject, Value

# Why a metric raises, in Keras's or TensorFlow's words; `None`: it does not, or it cannot be told.
Check: TypeAlias = Callable[[Shape, Shape, Batches], "str | None"]


@dataclass(frozen=True, slots=True)
class Metric:
    """A built-in metric. ``spelled`` is how the program names it."""

    spelled: str
    check: Check


def metric_of(value: Value) -> Metric | None:
    """The built-in metric that an entry of ``metrics=`` stands for, if it is one that can raise."""
    if isinstance(value, Const) and isinstance(value.value, str):
        return _named(value.value)
    if isinstance(value, Lib) and value.name.startswith(("keras.metrics.", "keras.losses.")):
        return _named(value.name.rsplit(".", 1)[-1])
    if isinstance(value, LibObject) and value.class_name.startswith("keras.metrics."):
        # These arguments choose classes, or compare other things than the two tensors.
        for name in ("class_id", "top_k", "multi_label", "num_labels", "axis", "sparse_y_true"):
            if value.get(name) not in (None, Const(None), Const(False), Const(-1)):
                return None
        return _named(value.class_name.rsplit(".", 1)[-1])
    return None


def _named(spelled: str) -> Metric | None:
    name = SHORT_NAMES.get(spelled) or CLASSES.get(spelled) or spelled
    # As metrics, the cross-entropies and hinge losses go through the same functions; only the plain
    # elementwise ones were run.
    if name in _ELEMENTWISE:
        return Metric(spelled, _elementwise)
    check = _CHECKS.get(name)
    return None if check is None else Metric(spelled, check)


def check_metric(metric: Metric, target: Shape, output: Shape, batches: Batches) -> Failure | None:
    """Why ``metric`` raises for ``target`` and ``output`` (batch axis first)."""
    if target.open or output.open:
        return None
    keras = metric.check(target, output, batches)
    if keras is None:
        return None
    return Failure(
        "target-mismatch",
        f"{{subject}} has shape {target}, and the model's output is {static(output, None)}: "
        f"the metric `{metric.spelled}` cannot compare them",
        keras=keras,
        subject="y",
        expected=static(output, None),
        found=target,
        details={"metric": metric.spelled},
    )


def _elementwise(target: Shape, output: Shape, batches: Batches) -> str | None:
    ranks = same_rank(target, output)
    found = None if ranks is None else clash(*ranks, batches)
    if ranks is None or found is None:
        return None
    shown = ", ".join(tf_shape(static(side, batches.static)) for side in ranks)
    return f"Dimensions must be equal, but are {found.left} and {found.right} with input shapes: {shown}."


def _flattened(target: Shape, output: Shape, batches: Batches) -> str | None:
    """Confusion-matrix metrics flatten both sides and need the same number of values."""
    ranks = same_rank(target, output)
    if ranks is None:
        return None
    for size in batches.sizes:
        left, right = (with_batch(side, size).size() for side in ranks)
        if same(left, right) is False and left != 1 and right != 1:
            return f"Incompatible shapes: [1,{left}] vs. [1,{right}]"
    return None


def _sparse(target: Shape, output: Shape, batches: Batches) -> str | None:
    """``sparse_categorical_accuracy``: compares the labels with the arg max of the output."""
    if len(target) == len(output) and target.dims[-1] == 1:
        target = Shape(target.dims[:-1])
    elif len(target) == len(output) and not isinstance(target.dims[-1], int):
        return None
    found = clash(target, Shape(output.dims[:-1]), batches)
    if found is None:
        return None
    shown = ", ".join(tf_shape(static(s, batches.static)) for s in (target, Shape(output.dims[:-1])))
    return f"Dimensions must be equal, but are {found.left} and {found.right} with input shapes: {shown}."


def _two_axes(name: str) -> Check:
    def check(target: Shape, output: Shape, batches: Batches) -> str | None:
        # R2Score adjusts the ranks first, FBetaScore does not.
        ranks = same_rank(target, output) if name == "R2Score" else (target, output)
        if ranks is None:
            return None
        target, output = ranks
        if len(target) == 2 and len(output) == 2:
            given, wanted = target.dims[-1], output.dims[-1]
            if given == 1 or same(given, wanted) is not False:
                return None
            return (
                "The shape of the target variable and the shape of the target value in "
                f"`variable.assign(value)` must match. variable.shape=({wanted},), "
                f"Received: value.shape=({given},)."
            )
        return (
            f"{name} expects 2D inputs with shape (batch_size, output_dim). Received input shapes: "
            f"y_pred.shape={static(output, batches.static)} and "
            f"y_true.shape={static(target, batches.static)}."
        )

    return check


def _top_k(target: Shape, output: Shape, batches: Batches) -> str | None:
    """``sparse_top_k_categorical_accuracy``: one label for each row of the output."""
    if len(target) == len(output) and target.dims[-1] == 1:
        target = Shape(target.dims[:-1])
    for size in batches.sizes:
        rows = with_batch(Shape(output.dims[:-1]), size).size()
        labels = with_batch(target, size).size()
        if same(rows, labels) is False:
            return f"First dimension of predictions {rows} must match length of targets {labels}"
    return None


_ELEMENTWISE = frozenset(
    {
        "mean_squared_error",
        "mean_absolute_error",
        "mean_absolute_percentage_error",
        "mean_squared_logarithmic_error",
        "cosine_similarity",
        "RootMeanSquaredError",
        "binary_accuracy",
        "BinaryAccuracy",
    }
)

_CHECKS: Mapping[str, Check] = {
    **dict.fromkeys(
        (
            "AUC",
            "Precision",
            "Recall",
            "TruePositives",
            "TrueNegatives",
            "FalsePositives",
            "FalseNegatives",
            "MeanIoU",
        ),
        _flattened,
    ),
    "sparse_categorical_accuracy": _sparse,
    "SparseCategoricalAccuracy": _sparse,
    "sparse_top_k_categorical_accuracy": _top_k,
    "SparseTopKCategoricalAccuracy": _top_k,
    "F1Score": _two_axes("FBetaScore"),
    "FBetaScore": _two_axes("FBetaScore"),
    "R2Score": _two_axes("R2Score"),
}
