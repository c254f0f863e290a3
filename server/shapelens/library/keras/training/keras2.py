"""How Keras 2.15 compares targets, outputs and weights in ``fit`` and ``evaluate``.

From runs (`tests/conformance/training`): vectors of targets and weights become columns beside an output of two axes;
last axes of one entry are dropped and never added, and it broadcasts where Keras 3 compares shapes.
"""

from __future__ import annotations

from dataclasses import replace

from shapelens.library.keras.training.arguments import VALIDATION, Given
from shapelens.library.keras.training.batches import Batches
from shapelens.library.keras.training.data import Datum
from shapelens.library.keras.training.elementwise import clash, same_rank, with_batch
from shapelens.library.keras.training.inputs import plain_numbers
from shapelens.library.keras.training.losses import Family, Loss, check_loss, named, values_shape
from shapelens.library.keras.training.metric_checks import LOSSES, compares_as_usual, reason_against
from shapelens.shapes.dims import same
from shapelens.shapes.shape import Shape, TensorSpec
from shapelens.values.failure import Failure
from shapelens.values.value import Const, Lib, LibObject, TensorValue, Value

_FAMILIES: dict[str, Family] = {
    "binary_crossentropy": "elementwise",
    "binary_focal_crossentropy": "elementwise",
    "categorical_focal_crossentropy": "same-shape",
}
# The output of these remembers what went in, and goes back to it: logits and targets must have one shape.
_REMEMBERING = ("sigmoid", "softmax")


def check_validation(value: Value) -> Failure | None:
    """What is wrong with the validation data of ``fit`` before it begins: it takes their truth value (run: 2.15)."""
    size = value.spec.shape.size() if isinstance(value, TensorValue) else None
    if not isinstance(size, int) or size < 2:
        return None
    return Failure(
        "invalid-argument",
        "`validation_data` is one array, but Keras 2 takes a tuple of inputs and targets",
        keras="The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()",
        subject="validation_data",
        details={"position": VALIDATION},
    )


def of_keras2(loss: Loss) -> Loss:
    """The loss as Keras 2 has it."""
    return replace(loss, family=_FAMILIES.get(loss.name, loss.family), expands=False)


def check_fitted(
    loss: Loss, target: TensorSpec, output: TensorSpec, activation: str | None, batches: Batches
) -> Failure | None:
    """What is wrong with targets and an output of a layer with ``activation`` under ``loss``, in ``fit``."""
    loss = of_keras2(loss)
    target = TensorSpec(column(target.shape, output.shape), target.dtype)
    ranks = same_rank(target.shape, output.shape, expand_rank_1=False)
    if ranks is None:
        return None
    if loss.family == "sparse":
        return _sparse(loss, target.shape, output.shape, ranks, batches)
    binary = loss.name in ("binary_crossentropy", "binary_focal_crossentropy")
    if binary and activation in _REMEMBERING and ranks[1] == output.shape:
        loss = replace(loss, family="same-shape")
    failure = check_loss(loss, target, output, batches)
    if failure is not None and failure.code == "loss-broadcast" and binary:
        # Whether the output remembers its logits is not known of every layer.
        return None
    return None if failure is None else replace(failure, keras=None)


def _sparse(loss: Loss, target: Shape, output: Shape, ranks: tuple[Shape, Shape], batches: Batches) -> Failure | None:
    """Labels of another rank than the distributions are laid out flat."""
    labels, rows = ranks[0], Shape(ranks[1].dims[:-1])
    for size in batches.choices:
        one, other = with_batch(labels, size), with_batch(rows, size)
        pairs = (
            list(zip(one.dims, other.dims, strict=False)) if len(one) == len(other) else [(one.size(), other.size())]
        )
        if any(same(a, b) is False for a, b in pairs):
            return Failure(
                "target-mismatch",
                f"{{subject}} has shape {target}, but {loss.output} is {output}: `{loss.spelled}` needs one integer "
                f"label for each distribution, shape {Shape(output.dims[:-1])}",
                subject="y",
                expected=output,
                found=target,
                details={"loss": loss.name},
            )
    return None


def check_weight(loss: Loss, target: Shape, output: Shape, weight: Shape, batches: Batches) -> Failure | None:
    """Whether the loss values can be multiplied by a ``sample_weight``."""
    values = values_shape(of_keras2(loss), column(target, output), output)
    if values is None or not weight.dims or weight.open:
        return None
    weight = column(weight, output)
    if len(weight) == len(values) + 1:
        if same(weight.dims[-1], 1) is not False:
            return None
    elif len(values) == len(weight) + 1:
        weight = Shape((*weight.dims, 1))
    if len(weight) == len(values) and clash(values, weight, batches) is None:
        return None
    if len(weight) > len(values) + 1:
        # It is broadcast, and nobody means what comes of it.
        return None
    return Failure(
        "target-mismatch",
        f"{{subject}} has shape {weight}, but `{loss.spelled}` gives one value for each of {values}",
        subject="sample_weight",
        expected=values,
        found=weight,
        details={"weights": "sample_weight"},
    )


def plain_lists(given: Given) -> Failure | None:
    """Lists of numbers are taken, where everything is one of them."""
    plain = plain_numbers(given.x)
    mixed = given.has_y and plain != plain_numbers(given.y)
    if given.source == "dataset" or not mixed:
        return None
    name = "x" if plain else "y"
    return Failure(
        "invalid-argument",
        "{subject} is made of Python numbers, but Keras takes arrays",
        subject=name,
        details={"wants": "array"},
    )


def too_many_inputs(given: Given) -> Failure | None:
    """Keras 3 drops all inputs of a `Sequential` but the first one; Keras 2 refuses them."""
    count = len(given.x) if isinstance(given.x, tuple) else 0
    if count < 2 or not isinstance(given.x, tuple) or not all(isinstance(item, Datum) for item in given.x):
        return None
    return Failure("input-mismatch", f"{{subject}} gives {count} arrays, but the model has 1 input", subject="x")


def column(shape: Shape, output: Shape) -> Shape:
    """A vector beside an output of two axes gets a second one."""
    return Shape((*shape.dims, 1)) if not shape.open and len(shape) == 1 and len(output) == 2 else shape


_METRIC_FUNCTIONS: dict[str, str] = {
    "binary_accuracy": "BinaryAccuracy",
    "categorical_accuracy": "CategoricalAccuracy",
    "sparse_categorical_accuracy": "SparseCategoricalAccuracy",
    "top_k_categorical_accuracy": "TopKCategoricalAccuracy",
    "sparse_top_k_categorical_accuracy": "SparseTopKCategoricalAccuracy",
}


def check_metric(value: Value, target: Shape, output: Shape, batches: Batches) -> Failure | None:
    """Why an entry of ``metrics=`` cannot compare targets and an output."""
    spelled = value.value if isinstance(value, Const) else None
    if isinstance(value, Lib | LibObject):
        spelled = (value.name if isinstance(value, Lib) else value.class_name).rpartition(".")[2]
    if isinstance(value, LibObject) and not compares_as_usual(value):
        return None
    if not isinstance(spelled, str) or target.open or output.open:
        return None
    target = column(target, output)
    name = _METRIC_FUNCTIONS.get(spelled, spelled)
    reason: str | None = None
    for size in batches.choices:
        reason = reason or reason_against(name, with_batch(target, size), with_batch(output, size), 2)
    loss = named(LOSSES.get(name, name), spelled)
    if reason is None and loss is not None and of_keras2(loss).family == "elementwise":
        ranks = same_rank(target, output, expand_rank_1=False)
        found = None if ranks is None else clash(*ranks, batches)
        reason = None if found is None else f"{found.left} and {found.right} entries do not fit together"
    if reason is None:
        return None
    return Failure(
        "target-mismatch",
        f"{{subject}} has shape {target}, and the model's output is {output}: the metric `{spelled}` cannot compare "
        f"them: {reason}",
        subject="y",
        expected=output,
        found=target,
        details={"metric": spelled},
    )
