"""Which targets and predictions a metric refuses that the program calls itself.

From runs of Keras 3.15.1 and 2.15.0 (eagerly, on tensors). Each check is given the two shapes and the family of
Keras, and says why they cannot be compared; `None` where they can be, or where it cannot be told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, TypeAlias

from shapelens.library.keras.training.elementwise import same_rank
from shapelens.shapes.broadcast import Clash, broadcast
from shapelens.shapes.dims import same
from shapelens.shapes.shape import Shape
from shapelens.values.value import NONE, Const, LibObject

Family: TypeAlias = Literal[2, 3]
Check: TypeAlias = Callable[[Shape, Shape, Family], "str | None"]
_SCALAR = "a scalar has no last axis"

# Metrics that are the mean of a loss.
LOSSES: Mapping[str, str] = {
    "BinaryCrossentropy": "binary_crossentropy",
    "CategoricalCrossentropy": "categorical_crossentropy",
    "CategoricalHinge": "categorical_hinge",
    "CosineSimilarity": "cosine_similarity",
    "Hinge": "hinge",
    "KLDivergence": "kl_divergence",
    "LogCoshError": "log_cosh",
    "MeanAbsoluteError": "mean_absolute_error",
    "MeanAbsolutePercentageError": "mean_absolute_percentage_error",
    "MeanSquaredError": "mean_squared_error",
    "MeanSquaredLogarithmicError": "mean_squared_logarithmic_error",
    "Poisson": "poisson",
    "SparseCategoricalCrossentropy": "sparse_categorical_crossentropy",
    "SquaredHinge": "squared_hinge",
}


# With these a metric compares other things than the two tensors, or along another axis.
_COMPARING_OTHERWISE = (
    "axis", "class_id", "ignore_class", "multi_label", "num_labels", "sparse_y_pred", "sparse_y_true", "top_k",
)  # fmt: skip


def compares_as_usual(metric: LibObject) -> bool:
    """Whether a metric object was made without arguments that change what it compares."""
    usual = (None, NONE, Const(False), Const(-1))
    return all(metric.get(option) in usual for option in _COMPARING_OTHERWISE)


def reason_against(name: str, target: Shape, output: Shape, family: Family) -> str | None:
    """Why the metric class ``name``, which is no mean of a loss, refuses these shapes."""
    check = _CHECKS.get(name)
    return None if check is None or target.open or output.open else check(target, output, family)


def _adjusted(target: Shape, output: Shape, family: Family) -> tuple[Shape, Shape] | None:
    return same_rank(target, output, expand_rank_1=family == 3)


def _clash(left: Shape, right: Shape) -> str | None:
    found = broadcast(left, right)
    return f"{found.left} and {found.right} entries do not fit together" if isinstance(found, Clash) else None


def _elementwise(target: Shape, output: Shape, family: Family) -> str | None:
    ranks = _adjusted(target, output, family)
    return None if ranks is None else _clash(*ranks)


def _accuracy(target: Shape, output: Shape, family: Family) -> str | None:
    return _elementwise(target, output, family) if family == 3 else _alike(target, output, family)


def _alike(target: Shape, output: Shape, family: Family) -> str | None:
    """Keras 2 compares the shapes."""
    ranks = _adjusted(target, output, family)
    if ranks is None:
        return None
    different = len(ranks[0]) != len(ranks[1]) or any(
        same(a, b) is False for a, b in zip(ranks[0].dims, ranks[1].dims, strict=True)
    )
    return "their shapes must be the same" if different else None


def _correlation(target: Shape, output: Shape, family: Family) -> str | None:
    if any(not shape.open and not shape.dims for shape in (target, output)):
        return _SCALAR
    ranks = _adjusted(target, output, family)
    return None if ranks is None else _clash(*ranks)


def _categorical(target: Shape, output: Shape, family: Family) -> str | None:
    ranks = (target, output) if family == 3 else _adjusted(target, output, family)
    if ranks is None:
        return None
    if not ranks[0].dims or not ranks[1].dims:
        return _SCALAR
    labels, classes = ranks[0].dims[:-1], ranks[1].dims
    if len(labels) == len(classes):
        if same(labels[-1], 1) is False:
            return "the targets have an axis too many"
        labels = labels[:-1]
    return _clash(Shape(labels), Shape(classes[:-1]))


def _sparse(target: Shape, output: Shape, family: Family) -> str | None:
    ranks = (target, output) if family == 3 else _adjusted(target, output, family)
    if ranks is None:
        return None
    labels, classes = ranks
    if not classes.dims:
        return _SCALAR
    if len(labels) == len(classes):
        one = same(labels.dims[-1], 1)
        if one is None:
            return None
        if one is False and family == 2:
            return "the targets have an axis too many"
        labels = Shape(labels.dims[:-1]) if one else labels
    return _clash(labels, Shape(classes.dims[:-1]))


def _top(target: Shape, output: Shape, family: Family) -> str | None:
    ranks = (target, output) if family == 3 else _adjusted(target, output, family)
    if ranks is None:
        return None
    if not ranks[0].dims:
        return _SCALAR
    return _in_rows(Shape(ranks[0].dims[:-1]), ranks[1])


def _sparse_top(target: Shape, output: Shape, family: Family) -> str | None:
    ranks = (target, output) if family == 3 else _adjusted(target, output, family)
    if ranks is None:
        return None
    labels, classes = ranks
    if len(labels) == len(classes) and labels.dims:
        one = same(labels.dims[-1], 1)
        if one is None:
            return None
        labels = Shape(labels.dims[:-1]) if one else labels
    return _in_rows(labels, classes)


def _in_rows(labels: Shape, classes: Shape) -> str | None:
    """The best of each row: axes before the classes are rows, and each has one label."""
    if len(classes) < 2:
        return "predictions must have rows and classes"
    if not labels.dims:
        return "there is no axis of labels"
    rows, count = Shape(classes.dims[:-1]).size(), labels.size()
    return f"{rows} predictions have {count} labels" if same(rows, count) is False else None


def _flat(target: Shape, output: Shape, family: Family) -> str | None:
    if family == 2:
        return _alike(target, output, family)
    ranks = _adjusted(target, output, family)
    sizes = None if ranks is None else (ranks[0].size(), ranks[1].size())
    return None if sizes is None or same(*sizes) is not False else f"{sizes[1]} predictions have {sizes[0]} targets"


def _confusion(target: Shape, output: Shape, family: Family) -> str | None:
    ranks = _adjusted(target, output, family)
    if ranks is None:
        return None
    if not ranks[1].dims:
        return _SCALAR
    if family == 2:
        return _alike(target, output, family)
    sizes = ranks[0].size(), ranks[1].size()
    if 1 in sizes or same(*sizes) is not False:
        return None
    return f"{sizes[1]} predictions have {sizes[0]} targets"


def _union(target: Shape, output: Shape, family: Family) -> str | None:
    """Overlaps count pairs: both sides are laid out flat, and must be as long."""
    flat = [Shape((side.size(),)) if len(side) > 1 else side for side in (target, output)]
    if family == 3:
        if not target.dims and not output.dims:
            return "a scalar is no list of labels"
        return None if 1 in (flat[0].size(), flat[1].size()) else _flat(flat[0], flat[1], family)
    ranks = _adjusted(flat[0], flat[1], family)
    if ranks is None:
        return None
    if not ranks[0].dims and not ranks[1].dims:
        return "a scalar is no list of labels"
    if len(ranks[0]) != len(ranks[1]) or same(ranks[0].size(), ranks[1].size()) is False:
        return f"{ranks[1].size()} predictions have {ranks[0].size()} targets"
    return None


def _one_hot_union(target: Shape, output: Shape, family: Family) -> str | None:
    if not target.dims or not output.dims:
        return _SCALAR
    return _union(Shape(target.dims[:-1]), Shape(output.dims[:-1]), family)


def _two_axes(target: Shape, output: Shape, family: Family) -> str | None:
    if len(target) != 2 or len(output) != 2:
        return "both must have two axes"
    # The counts are kept for as many classes as the prediction has.
    repeated = family == 3 and same(target.dims[1], 1) is not False
    if same(target.dims[1], output.dims[1]) is False and not repeated:
        return f"the targets have {target.dims[1]} classes, the prediction {output.dims[1]}"
    return _clash(target, output)


def _r2(target: Shape, output: Shape, family: Family) -> str | None:
    ranks = _adjusted(target, output, family) if family == 3 else (target, output)
    return None if ranks is None else _two_axes(*ranks, family)


_CHECKS: Mapping[str, Check] = {
    "RootMeanSquaredError": _elementwise,
    "Accuracy": _accuracy,
    "BinaryAccuracy": _elementwise,
    "CategoricalAccuracy": _categorical,
    "SparseCategoricalAccuracy": _sparse,
    "TopKCategoricalAccuracy": _top,
    "SparseTopKCategoricalAccuracy": _sparse_top,
    "ConcordanceCorrelation": _correlation,
    "PearsonCorrelation": _correlation,
    **dict.fromkeys(
        ("AUC", "PrecisionAtRecall", "RecallAtPrecision", "SensitivityAtSpecificity", "SpecificityAtSensitivity"),
        _flat,
    ),
    **dict.fromkeys(
        ("FalseNegatives", "FalsePositives", "Precision", "Recall", "TrueNegatives", "TruePositives"), _confusion
    ),
    **dict.fromkeys(("BinaryIoU", "IoU", "MeanIoU"), _union),
    **dict.fromkeys(("OneHotIoU", "OneHotMeanIoU"), _one_hot_union),
    **dict.fromkeys(("F1Score", "FBetaScore"), _two_axes),
    "R2Score": _r2,
}
