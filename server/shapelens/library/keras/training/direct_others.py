"""Losses that the program calls itself and that compare otherwise than place by place. Keras 3.15.1."""

from __future__ import annotations

from dataclasses import replace

from shapelens.library.keras.training.direct import is_symbolic_value, loss_result, reduces
from shapelens.library.keras.training.elementwise import same_rank
from shapelens.library.keras.training.wording import differs
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function, method
from shapelens.shapes.broadcast import Clash, broadcast
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.failure import Failure, ShapeFailure
from shapelens.values.value import LibObject, TensorKind, Value


@function("keras.losses.categorical_generalized_cross_entropy", params="y_true, y_pred, q")
def generalized(machine: Machine, arguments: Arguments) -> Value:
    """Labels become one-hot, whatever their shape, and are multiplied with the predictions."""
    return _generalized(machine, arguments, adjusts=False, reduced=False)


@method("keras.losses.CategoricalGeneralizedCrossEntropy.__call__", params="self, y_true, y_pred, sample_weight=None")
def generalized_object(machine: Machine, arguments: Arguments) -> Value:
    """As the function, after the ranks were brought together, which it does not need."""
    made = arguments.values["self"]
    reduction = made.get("reduction") if isinstance(made, LibObject) else None
    return _generalized(machine, arguments, adjusts=True, reduced=reduces(reduction))


@function("keras.losses.circle", params="y_true, y_pred, *args, **kwargs")
def circle(machine: Machine, arguments: Arguments) -> Value:
    """Compares every embedding with every other: a number for each."""
    return _of_samples(machine, arguments, reduced=False)


@function("keras.losses.ctc", params="y_true, y_pred, mask_index=0")
def ctc(machine: Machine, arguments: Arguments) -> Value:
    """Label sequences against a distribution for each step: a number for each sequence."""
    _check_sequences(machine, arguments)
    return _of_samples(machine, arguments, reduced=False)


@method("keras.losses.Circle.__call__", params="self, y_true, y_pred, sample_weight=None")
def circle_object(machine: Machine, arguments: Arguments) -> Value:
    """As the function, reduced."""
    return _of_samples(machine, arguments, reduced=_reduction_of(arguments))


@method("keras.losses.CTC.__call__", params="self, y_true, y_pred, sample_weight=None")
def ctc_object(machine: Machine, arguments: Arguments) -> Value:
    """As the function, reduced."""
    _check_sequences(machine, arguments)
    return _of_samples(machine, arguments, reduced=_reduction_of(arguments))


def _reduction_of(arguments: Arguments) -> bool | None:
    made = arguments.values["self"]
    return reduces(made.get("reduction")) if isinstance(made, LibObject) else None


def _of_samples(machine: Machine, arguments: Arguments, *, reduced: bool | None) -> Value:
    """A number for each sample: of targets and predictions there are equally many."""
    true, predicted = arguments.values["y_true"], arguments.values["y_pred"]
    target, output = machine.spec(true), machine.spec(predicted)
    kind: TensorKind = "keras" if is_symbolic_value(true) or is_symbolic_value(predicted) else "tensor"
    if target is None or output is None or target.shape.open or output.shape.open:
        return loss_result(machine, Shape(()) if reduced else UNKNOWN_SHAPE, output, kind)
    counts = target.shape.axis(0), output.shape.axis(0)
    if kind != "keras" and differs(*counts) and 1 not in counts:
        raise ShapeFailure(
            Failure(
                "target-mismatch",
                f"{{subject}} has {counts[0]} samples, shape {target.shape}, but the prediction has {counts[1]}",
                expected=output.shape,
                found=target.shape,
                subject="y_true",
                axis=0,
                details={"position": 0, "direct": True},
            )
        )
    values = Shape((counts[1],)) if counts[0] == counts[1] and len(target.shape) < 3 else UNKNOWN_SHAPE
    return loss_result(machine, Shape(()) if reduced else UNKNOWN_SHAPE if reduced is None else values, output, kind)


def _check_sequences(machine: Machine, arguments: Arguments) -> None:
    wrong = []
    for name, rank, words in (
        ("y_true", 2, "Targets `y_true` are expected to be a tensor of shape `(batch_size, max_length)`"),
        ("y_pred", 3, "Logits `y_pred` are expected to be a tensor of shape `(batch_size, max_length, num_classes)`"),
    ):
        spec = machine.spec(arguments.values[name])
        if spec is not None and spec.shape.rank not in (None, rank):
            sentence = f"{{subject}} must have {rank} axes, not {spec.shape}"
            wrong.append(Failure("rank-mismatch", sentence, keras=words, found=spec.shape, subject=name))
    if wrong:
        # Function and object look at the two in different orders.
        raise ShapeFailure(wrong[0] if len(wrong) == 1 else replace(wrong[0], keras=None))


def _generalized(machine: Machine, arguments: Arguments, *, adjusts: bool, reduced: bool | None) -> Value:
    true, predicted = arguments.values["y_true"], arguments.values["y_pred"]
    target, output = machine.spec(true), machine.spec(predicted)
    kind: TensorKind = "keras" if is_symbolic_value(true) or is_symbolic_value(predicted) else "tensor"
    if target is None or output is None or target.shape.open or output.shape.open or kind == "keras":
        return loss_result(machine, Shape(()) if reduced else UNKNOWN_SHAPE, output, kind)
    ranks = same_rank(target.shape, output.shape) if adjusts else (target.shape, output.shape)
    if ranks is None:
        return loss_result(machine, Shape(()) if reduced else UNKNOWN_SHAPE, output, kind)
    classes = ranks[1].dims[-1:]
    joined = broadcast(Shape((*ranks[0].dims, *classes)), ranks[1])
    if isinstance(joined, Clash) or not classes:
        raise ShapeFailure(
            Failure(
                "target-mismatch",
                f"labels of shape {target.shape} do not belong to predictions of shape {output.shape}",
                expected=output.shape,
                found=target.shape,
                subject="y_true",
                details={"loss": "categorical_generalized_cross_entropy", "position": 0, "direct": True},
            )
        )
    values = Shape(joined.dims[:-1])
    return loss_result(machine, Shape(()) if reduced else UNKNOWN_SHAPE if reduced is None else values, output, kind)
