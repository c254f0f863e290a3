"""Metrics that the program calls itself: ``metric(y, p)``, ``metric.update_state``, ``keras.metrics.binary_accuracy``.

Keras 3.15.1: a metric object gives a scalar, `F1Score` and `FBetaScore` one for each class unless they average.
What a function gives is told where target and output have the ranks that it is made for; for others it broadcasts
in ways that nobody means.
"""

from __future__ import annotations

from shapelens.library.keras.training.direct import check_metric_of_loss
from shapelens.library.keras.training.elementwise import same_rank
from shapelens.library.keras.training.metric_checks import LOSSES, compares_as_usual, reason_against
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function, method
from shapelens.shapes.dims import same
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, TensorSpec
from shapelens.values.failure import Failure, ShapeFailure
from shapelens.values.value import NONE, Const, LibObject, TensorValue, Value

_PER_CLASS = ("F1Score", "FBetaScore")
_CLASSES = (
    *_PER_CLASS, "AUC", "Accuracy", "BinaryAccuracy", "BinaryCrossentropy", "BinaryIoU", "CategoricalAccuracy",
    "CategoricalCrossentropy", "CategoricalHinge", "ConcordanceCorrelation", "CosineSimilarity", "FalseNegatives",
    "FalsePositives", "Hinge", "IoU", "KLDivergence", "LogCoshError", "MeanAbsoluteError",
    "MeanAbsolutePercentageError", "MeanIoU", "MeanSquaredError", "MeanSquaredLogarithmicError", "OneHotIoU",
    "OneHotMeanIoU", "PearsonCorrelation", "Poisson", "Precision", "PrecisionAtRecall", "R2Score", "Recall",
    "RecallAtPrecision", "RootMeanSquaredError", "SensitivityAtSpecificity", "SparseCategoricalAccuracy",
    "SparseCategoricalCrossentropy", "SparseTopKCategoricalAccuracy", "SpecificityAtSensitivity", "SquaredHinge",
    "TopKCategoricalAccuracy", "TrueNegatives", "TruePositives",
)  # fmt: skip
_PAIR = "self, y_true, y_pred, sample_weight=None"
# Their first argument makes more than one number.
_THRESHOLDS = (
    "FalseNegatives", "FalsePositives", "Precision", "R2Score", "Recall", "TrueNegatives", "TruePositives",
)  # fmt: skip
# What these give has another shape, or is one number for each threshold.
_SHAPING = ("class_aggregation", "thresholds")


@method(*(f"keras.metrics.{name}.__call__" for name in _CLASSES), params=_PAIR)
@method("keras.metrics.Mean.__call__", "keras.metrics.Sum.__call__", params="self, values, sample_weight=None")
def called(machine: Machine, arguments: Arguments) -> Value:
    """Updates the metric and gives its result."""
    output = _checked(machine, arguments)
    return _result(machine, arguments.values["self"], output)


@method(*(f"keras.metrics.{name}.result" for name in (*_CLASSES, "Mean", "Sum")), params="self")
def result(machine: Machine, arguments: Arguments) -> Value:
    """The metric over everything that it has seen."""
    return _result(machine, arguments.values["self"], None)


@method(*(f"keras.metrics.{name}.update_state" for name in _CLASSES), params=_PAIR)
@method(*(f"keras.metrics.{name}.update_state" for name in ("Mean", "Sum")), params="self, values, sample_weight=None")
@method(*(f"keras.metrics.{name}.reset_state" for name in (*_CLASSES, "Mean", "Sum")), params="self")
@method(*(f"keras.metrics.{name}.reset_states" for name in (*_CLASSES, "Mean", "Sum")), params="self")
def updated(machine: Machine, arguments: Arguments) -> Value:
    """Gives nothing."""
    _checked(machine, arguments)
    return NONE


def _checked(machine: Machine, arguments: Arguments) -> TensorSpec | None:
    """Refuse what the metric cannot compare; gives what is predicted, as far as it is known."""
    true, predicted, metric = arguments.get("y_true"), arguments.get("y_pred"), arguments.values["self"]
    output = machine.spec(predicted) if predicted is not None else None
    target = machine.spec(true) if true is not None else None
    if output is None or target is None or not isinstance(metric, LibObject):
        return output
    if not compares_as_usual(metric):
        return output
    name, family = metric.class_name.rpartition(".")[2], machine.versions.family
    if name in LOSSES:
        check_metric_of_loss(machine, LOSSES[name], target, output)
        return output
    reason = reason_against(name, target.shape, output.shape, family)
    if reason is not None:
        raise ShapeFailure(
            Failure(
                "target-mismatch",
                f"{{subject}} has the shape {target.shape}, the prediction {output.shape}, and `{name}` cannot "
                f"compare them: {reason}",
                subject="y_true",
                expected=output.shape,
                found=target.shape,
                details={"metric": name, "position": 0},
            )
        )
    return output


def _result(machine: Machine, metric: Value, output: TensorSpec | None) -> Value:
    shape = Shape(())
    if not isinstance(metric, LibObject):
        shape = UNKNOWN_SHAPE
    elif metric.class_name.rpartition(".")[2] in _PER_CLASS:
        if metric.get("average") in (None, NONE) and metric.get("0") in (None, NONE):
            known = output is not None and not output.shape.open and len(output.shape.dims) == 2
            shape = Shape(output.shape.dims[-1:]) if known and output is not None else UNKNOWN_SHAPE
    elif (metric.class_name.rpartition(".")[2] in _THRESHOLDS and metric.get("0") not in (None, NONE)) or any(
        metric.get(name) not in (None, NONE, Const("uniform_average")) for name in _SHAPING
    ):
        shape = UNKNOWN_SHAPE
    return _made(machine, shape)


@function("keras.metrics.binary_accuracy", params="y_true, y_pred, threshold=0.5")
def binary_accuracy(machine: Machine, arguments: Arguments) -> Value:
    """A number for each place; in Keras 2 one for each row."""
    if machine.versions.family == 3:
        return _made(machine, _alike(machine, arguments, adjusts=True))
    shape = _alike(machine, arguments, adjusts=False)
    return _made(machine, Shape(shape.dims[:-1]) if shape.dims and not shape.open else UNKNOWN_SHAPE)


@function("keras.metrics.categorical_accuracy", params="y_true, y_pred")
@function("keras.metrics.top_k_categorical_accuracy", params="y_true, y_pred, k=5")
@function(
    "keras.metrics.concordance_correlation", "keras.metrics.pearson_correlation", params="y_true, y_pred, axis=-1"
)
def categorical_accuracy(machine: Machine, arguments: Arguments) -> Value:
    """A number for each distribution."""
    shape = _alike(machine, arguments, adjusts=False)
    plain = "axis" not in arguments.values and shape.dims and not shape.open
    return _made(machine, Shape(shape.dims[:-1]) if plain else UNKNOWN_SHAPE)


@function("keras.metrics.sparse_categorical_accuracy", params="y_true, y_pred")
def sparse_accuracy(machine: Machine, arguments: Arguments) -> Value:
    """A number for each label; a last axis of one label is dropped."""
    shape = _labels(machine, arguments)
    if shape.open or len(shape.dims) < 2:
        return _made(machine, shape)
    if not isinstance(shape.dims[-1], int):
        return _made(machine, UNKNOWN_SHAPE)
    return _made(machine, Shape(shape.dims[:-1]) if shape.dims[-1] == 1 else shape)


@function("keras.metrics.sparse_top_k_categorical_accuracy", params="y_true, y_pred, k=5, from_sorted_ids=False")
def sparse_top_k(machine: Machine, arguments: Arguments) -> Value:
    """A number for each label."""
    return _made(machine, _labels(machine, arguments))


def _labels(machine: Machine, arguments: Arguments) -> Shape:
    """The shape of the labels, when there is one for each distribution."""
    target, output = machine.spec(arguments.values["y_true"]), machine.spec(arguments.values["y_pred"])
    if target is None or output is None or target.shape.open or output.shape.open:
        return UNKNOWN_SHAPE
    labels = target.shape.dims
    fits = len(labels) == len(output.shape.dims) - 1
    same_sizes = fits and all(same(a, b) for a, b in zip(labels, output.shape.dims, strict=False))
    return target.shape if same_sizes else UNKNOWN_SHAPE


def _alike(machine: Machine, arguments: Arguments, *, adjusts: bool) -> Shape:
    """The shape of target and output when they have the same; ``adjusts``: their ranks are brought together."""
    target, output = machine.spec(arguments.values["y_true"]), machine.spec(arguments.values["y_pred"])
    if target is None or output is None or target.shape.open or output.shape.open:
        return UNKNOWN_SHAPE
    ranks = same_rank(target.shape, output.shape) if adjusts else (target.shape, output.shape)
    if ranks is None or len(ranks[0]) != len(ranks[1]):
        return UNKNOWN_SHAPE
    answers = [same(a, b) for a, b in zip(ranks[0].dims, ranks[1].dims, strict=True)]
    return ranks[1] if all(answers) else UNKNOWN_SHAPE


def _made(machine: Machine, shape: Shape) -> Value:
    return TensorValue(TensorSpec(shape, "float32"), "tensor", origin=machine.site)
