"""``sklearn.metrics``: numbers, and the few that give arrays (scikit-learn 1.9)."""

from __future__ import annotations

from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import as_spec, items_of
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import Shape
from shapelens.values.value import Opaque, TupleValue, Value

SCORES = (
    "accuracy_score",
    "balanced_accuracy_score",
    "roc_auc_score",
    "average_precision_score",
    "log_loss",
    "cohen_kappa_score",
    "matthews_corrcoef",
    "hamming_loss",
    "auc",
    "silhouette_score",
)


@function(*(f"sklearn.metrics.{name}" for name in SCORES), params="*args, **kwargs")
def score(m: Machine, a: Arguments) -> Value:
    """One number."""
    return Opaque("float")


@function("sklearn.metrics.classification_report", params="*args, **kwargs")
def report(m: Machine, a: Arguments) -> Value:
    """A text."""
    return Opaque("str")


@function(
    "sklearn.metrics.confusion_matrix",
    params="y_true, y_pred, *, labels=None, sample_weight=None, normalize=None",
)
def confusion_matrix(m: Machine, a: Arguments) -> Value:
    """As many rows and columns as there are classes in both arrays together."""
    given = a.get("labels")
    size: Dim = ANY
    items = None if given is None else items_of(m, given)
    if items is not None:
        size = len(items)
    return tensor(m, Shape((size, size)), "int64" if a.get("normalize") is None else "float64")


@function("sklearn.metrics.roc_curve", "sklearn.metrics.precision_recall_curve", params="*args, **kwargs")
def curve(m: Machine, a: Arguments) -> Value:
    """Three vectors of unknown length."""
    vector = tensor(m, Shape((ANY,)), "float64")
    return TupleValue((vector, vector, vector))


@function("sklearn.utils.class_weight.compute_class_weight", params="class_weight=None, *, classes, y, **options")
def class_weight(m: Machine, a: Arguments) -> Value:
    """A weight for each class."""
    classes = as_spec(a.values["classes"], m)
    return tensor(m, Shape((ANY if classes is None else classes.spec.shape.axis(0),)), "float64")
