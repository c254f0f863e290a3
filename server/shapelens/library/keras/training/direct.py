"""Losses that the program calls itself: ``keras.losses.mean_squared_error(y, p)``, ``loss_object(y, p)``.

Keras 3.15.1: loss objects bring the ranks together as ``fit`` does. Of the functions only some do; the
others broadcast ``(N,)`` against ``(N, 1)`` into ``(N, N)`` without a word.
"""

from __future__ import annotations

from dataclasses import replace

from shapelens.library.keras.training.batches import UNKNOWN_BATCHES, Batches, of_batch
from shapelens.library.keras.training.elementwise import same_rank
from shapelens.library.keras.training.losses import (
    CLASSES,
    FAMILIES,
    SHORT_NAMES,
    Loss,
    check_loss,
    loss_of,
    named,
    values_shape,
)
from shapelens.library.keras.training.wording import differs
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function, method
from shapelens.shapes.broadcast import Clash, broadcast
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, TensorSpec
from shapelens.values.failure import Failure, ShapeFailure
from shapelens.values.value import Const, LibObject, TensorValue, Unknown, Value

# Functions that adjust ranks by themselves (each called on (8,) and (8, 1)).
_ADJUSTING = frozenset(
    {
        "mean_squared_error",
        "mean_absolute_error",
        "mean_absolute_percentage_error",
        "mean_squared_logarithmic_error",
        "cosine_similarity",
        "huber",
        "log_cosh",
    }
)
_SCALARS = frozenset({"dice", "tversky"})
_NAMES = {**{name: name for name in FAMILIES}, **SHORT_NAMES, "logcosh": "log_cosh"}


def _register(name: str, full: str) -> None:
    @function(f"keras.losses.{name}", f"keras.metrics.{name}", params="y_true, y_pred, *args, **kwargs")
    def rule(machine: Machine, arguments: Arguments) -> Value:
        found = named(full, name)
        assert found is not None
        loss = replace(found, adjusts=full in _ADJUSTING, output="the prediction")
        return _called(machine, loss, arguments, reduced=False)


def _register_object(name: str) -> None:
    @method(f"keras.losses.{name}.__call__", params="self, y_true, y_pred, sample_weight=None")
    def rule(machine: Machine, arguments: Arguments) -> Value:
        made = arguments.values["self"]
        found = loss_of(made, UNKNOWN_SHAPE, UNKNOWN_SHAPE)
        if found is None or not isinstance(made, LibObject):
            return Unknown(f"{name} with these arguments is not followed")
        reduction = made.get("reduction")
        known = reduction is None or isinstance(reduction, Const)
        reduced = reduction not in (Const(None), Const("none")) if known else None
        return _called(machine, replace(found, output="the prediction"), arguments, reduced=reduced)


for _name, _full in _NAMES.items():
    _register(_name, _full)
for _name in CLASSES:
    _register_object(_name)


def _called(machine: Machine, loss: Loss, arguments: Arguments, *, reduced: bool | None) -> Value:
    """``reduced``: to one number; `None` where that is not known."""
    true, predicted = arguments.values["y_true"], arguments.values["y_pred"]
    target, output = machine.spec(true), machine.spec(predicted)
    if target is None or output is None:
        shape = Shape(()) if reduced or loss.name in _SCALARS else UNKNOWN_SHAPE
        return _result(machine, shape, output)
    _check(machine, loss, target, output)
    if reduced or loss.name in _SCALARS:
        return _result(machine, Shape(()), output)
    if reduced is None:
        return _result(machine, UNKNOWN_SHAPE, output)
    return _result(machine, _values(loss, target.shape, output.shape), output)


def _check(machine: Machine, loss: Loss, target: TensorSpec, output: TensorSpec) -> None:
    failure = _unequal_counts(loss, target.shape, output.shape) or check_loss(
        loss, target, output, _batches(target.shape, output.shape)
    )
    if failure is None:
        return
    placed = replace(failure, subject="y_true", details={**failure.details, "position": 0, "direct": True})
    if failure.code == "loss-broadcast":
        machine.warn(placed)
    else:
        raise ShapeFailure(placed)


def _batches(target: Shape, output: Shape) -> Batches:
    known = of_batch(target.axis(0)) if target.axis(0) == output.axis(0) else UNKNOWN_BATCHES
    return replace(known, whole=True)


def _unequal_counts(loss: Loss, target: Shape, output: Shape) -> Failure | None:
    """First axes that differ: nothing here cuts them into batches of the same size."""
    if target.open or output.open or not target.dims or not output.dims:
        return None
    ranks = same_rank(target, output) if loss.adjusts else (target, output)
    first, second = target.dims[0], output.dims[0]
    if ranks is None or not differs(first, second):
        return None
    # With other ranks, or a single sample, an elementwise loss may broadcast.
    if loss.family == "elementwise" and (len(ranks[0]) != len(ranks[1]) or 1 in (first, second)):
        return None
    return Failure(
        "target-mismatch",
        f"{{subject}} has {first} samples, shape {target}, but the prediction has {second}, shape {output}",
        keras=f"Incompatible shapes: {_plain(ranks[0])} vs. {_plain(ranks[1])}",
        expected=output,
        found=target,
        axis=0,
        details={"loss": loss.name},
    )


def _values(loss: Loss, target: Shape, output: Shape) -> Shape:
    known = values_shape(loss, target, output)
    if known is not None:
        return known
    if target.open or output.open:
        return UNKNOWN_SHAPE
    joined = broadcast(target, output)
    return UNKNOWN_SHAPE if isinstance(joined, Clash) or not joined.dims else Shape(joined.dims[:-1], joined.open)


def _result(machine: Machine, shape: Shape, output: TensorSpec | None) -> Value:
    return TensorValue(TensorSpec(shape, output.dtype if output is not None else None), origin=machine.site)


def _plain(shape: Shape) -> str:
    return "[" + ",".join(map(str, shape.dims)) + "]"
