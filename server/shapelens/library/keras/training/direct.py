"""Losses that the program calls itself: ``keras.losses.mean_squared_error(y, p)``, ``loss_object(y, p)``.

Keras 3.15.1: loss objects bring the ranks together as ``fit`` does. Of the functions only some do; the
others broadcast ``(N,)`` against ``(N, 1)`` into ``(N, N)`` without a word.
"""

from __future__ import annotations

from dataclasses import replace
from math import prod

from shapelens.library.keras.training.batches import UNKNOWN_BATCHES, Batches, of_batch
from shapelens.library.keras.training.keras2 import of_keras2
from shapelens.library.keras.training.losses import (
    CLASSES,
    FAMILIES,
    SHORT_NAMES,
    Loss,
    adjusted,
    check_loss,
    loss_of,
    named,
    values_shape,
)
from shapelens.library.keras.training.wording import differs
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function, method
from shapelens.shapes.broadcast import Clash, broadcast
from shapelens.shapes.dims import Dim
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, TensorSpec
from shapelens.values.failure import Failure, ShapeFailure
from shapelens.values.value import NONE, Const, LibObject, TensorKind, TensorValue, Unknown, Value

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
        adjusts = full in _ADJUSTING and machine.versions.family == 3
        loss = _of_family(machine, replace(found, adjusts=adjusts, output="the prediction"))
        return _called(machine, loss, arguments, reduced=False)


def _register_object(name: str) -> None:
    @method(f"keras.losses.{name}.__call__", params="self, y_true, y_pred, sample_weight=None")
    def rule(machine: Machine, arguments: Arguments) -> Value:
        made = arguments.values["self"]
        found = loss_of(made, UNKNOWN_SHAPE, UNKNOWN_SHAPE)
        if found is None or not isinstance(made, LibObject):
            return Unknown(f"{name} with these arguments is not followed")
        reduction = made.get("reduction")
        _check_reduction(machine, reduction)
        averaged = reduction is None or (isinstance(reduction, Const) and str(reduction.value).startswith("sum_over"))
        # Keras 2 brings the ranks of tensors together, not those of arrays.
        sides = [arguments.values[side] for side in ("y_true", "y_pred")]
        if machine.versions.family == 2 and not all(isinstance(side, TensorValue) for side in sides):
            return Unknown(f"whether {name} is given tensors is not known")
        adjusts = machine.versions.family == 3 or not any(map(_is_array, sides))
        loss = _of_family(machine, replace(found, adjusts=adjusts, output="the prediction"))
        return _called(machine, loss, arguments, reduced=reduces(reduction), averaged=averaged)


for _name, _full in _NAMES.items():
    _register(_name, _full)
for _name in CLASSES:
    _register_object(_name)


def _of_family(machine: Machine, loss: Loss) -> Loss:
    """How the program's Keras compares."""
    return loss if machine.versions.family == 3 else of_keras2(loss)


def _check_reduction(machine: Machine, reduction: Value | None) -> None:
    """Keras 2 has no loss without a reduction; it has one that is called "none"."""
    if machine.versions.family == 2 and reduction == NONE:
        raise ShapeFailure(Failure("invalid-argument", '`reduction` is a text in Keras 2: "none", not None'))


def reduces(reduction: Value | None) -> bool | None:
    """Whether the loss values become one number; `None` when it cannot be told."""
    if reduction is None:
        return True
    if not isinstance(reduction, Const):
        return None
    return reduction.value not in (None, "none")


def _called(
    machine: Machine, loss: Loss, arguments: Arguments, *, reduced: bool | None, averaged: bool = False
) -> Value:
    """``reduced``: to one number; `None` where that is not known. ``averaged``: by the number of losses."""
    true, predicted = arguments.values["y_true"], arguments.values["y_pred"]
    target, output = machine.spec(true), machine.spec(predicted)
    kind: TensorKind = "keras" if any(is_symbolic_value(value) for value in (true, predicted)) else "tensor"
    scalar = loss.name in _SCALARS
    if target is None or output is None:
        return loss_result(machine, Shape(()) if reduced or scalar else UNKNOWN_SHAPE, output, kind)
    if machine.versions.family == 2 and loss.family == "sparse":
        values = _sparse_of_keras2(loss, target.shape, output.shape)
    else:
        _check(machine, loss, target, output, symbolic=kind == "keras")
        if kind == "keras" and machine.versions.family == 3:
            _check_written(loss, target.shape, output.shape)
        if scalar:
            return loss_result(machine, Shape(()), output, kind)
        values = _values(loss, target.shape, output.shape)
    if averaged and kind == "keras" and None in values.dims and machine.versions.family == 3:
        raise ShapeFailure(
            Failure(
                "undefined-dimension",
                f"the mean over losses of shape {values} needs their number, which a symbolic tensor does not tell",
                expected=output.shape,
                found=target.shape,
                subject="y_pred",
                details={"loss": loss.name, "direct": True},
            )
        )
    if reduced is None and values.dims:
        return loss_result(machine, UNKNOWN_SHAPE, output, kind)
    return loss_result(machine, Shape(()) if reduced else values, output, kind)


def _check_written(loss: Loss, target: Shape, output: Shape) -> None:
    """Keras 3 compares the shapes of symbolic tensors as they are written: a dynamic size is no known one."""
    ranks = adjusted(loss, target, output)
    if loss.family == "elementwise" or ranks is None:
        return
    left, right = ranks[0].dims, ranks[1].dims
    if loss.family == "sparse":
        left, right = left[:-1] if len(left) == len(right) and left[-1:] == (1,) else left, right[:-1]
    if len(left) == len(right) and any(
        (a is None and isinstance(b, int)) or (b is None and isinstance(a, int))
        for a, b in zip(left, right, strict=True)
    ):
        raise ShapeFailure(
            Failure(
                "target-mismatch",
                f"{{subject}} has shape {target}, and {loss.output} {output}: a dynamic size and a known one "
                "count as different here",
                expected=output,
                found=target,
                subject="y_true",
                details={"loss": loss.name, "position": 0, "direct": True},
            )
        )


def check_metric_of_loss(machine: Machine, name: str, target: TensorSpec, output: TensorSpec) -> None:
    """Refuse what a metric that is the mean of a loss cannot compare: as its function, in Keras 2 as the object."""
    found = named(name, name)
    assert found is not None
    adjusts = name in _ADJUSTING or machine.versions.family == 2
    loss = _of_family(machine, replace(found, adjusts=adjusts, output="the prediction"))
    if machine.versions.family == 2 and loss.family == "sparse":
        _sparse_of_keras2(loss, target.shape, output.shape)
    else:
        _check(machine, loss, target, output, symbolic=False, warns=False)


def _sparse_of_keras2(loss: Loss, target: Shape, output: Shape) -> Shape:
    """The losses of labels, which Keras 2 lays out flat where their rank is not that of the distributions."""
    ranks = adjusted(loss, target, output)
    if ranks is None:
        return UNKNOWN_SHAPE
    if not ranks[1].dims:
        raise ShapeFailure(Failure("rank-mismatch", f"{loss.output} is a scalar: it has no classes", found=output))
    labels, rows = ranks[0], Shape(ranks[1].dims[:-1])
    if ranks[1].dims == (None,) and labels.dims:
        # Without a number of classes there may be any number of rows.
        return Shape((labels.size(),))
    flat = len(labels) != len(rows)
    pairs: list[tuple[Dim, Dim]] = (
        [(labels.size(), rows.size())] if flat else list(zip(labels.dims, rows.dims, strict=True))
    )
    # Symbolic sizes are compared only where all are known.
    if all(size is not None for pair in pairs for size in pair) and any(differs(a, b) for a, b in pairs):
        raise ShapeFailure(
            Failure(
                "target-mismatch",
                f"{{subject}} has shape {target}, but {loss.output} is {output}: `{loss.spelled}` needs one integer "
                f"label for each distribution, shape {Shape(output.dims[:-1])}",
                expected=output,
                found=target,
                subject="y_true",
                details={"loss": loss.name, "position": 0, "direct": True},
            )
        )
    if flat:
        return (
            _filled(rows, labels.size())
            if len(rows) > 1
            else Shape((labels.size() if rows.size() is None else rows.size(),))
        )
    return Shape(tuple(b if a is None else a for a, b in pairs))


def _filled(rows: Shape, count: Dim) -> Shape:
    """``rows``, of which one size follows from how many there are."""
    known = [size for size in rows.dims if isinstance(size, int)]
    if rows.dims.count(None) != 1 or len(known) != len(rows) - 1 or not isinstance(count, int) or 0 in known:
        return rows
    return Shape(tuple(count // prod(known) if size is None else size for size in rows.dims))


def _is_array(value: Value) -> bool:
    return isinstance(value, TensorValue) and value.kind == "numpy"


def is_symbolic_value(value: Value) -> bool:
    return isinstance(value, TensorValue) and value.kind == "keras"


def _check(
    machine: Machine, loss: Loss, target: TensorSpec, output: TensorSpec, *, symbolic: bool, warns: bool = True
) -> None:
    failure = (
        _scalars(loss, target.shape, output.shape, symbolic=symbolic)
        or _unequal_counts(loss, target.shape, output.shape)
        or check_loss(loss, target, output, _batches(target.shape, output.shape))
    )
    if failure is None:
        return
    # The failure's words are those of `fit` while it traces; a direct call fails in other ones.
    placed = replace(failure, keras=None, subject="y_true", details={**failure.details, "position": 0, "direct": True})
    if failure.code == "loss-broadcast":
        if warns:
            machine.warn(placed)
    else:
        raise ShapeFailure(placed)


def _scalars(loss: Loss, target: Shape, output: Shape, *, symbolic: bool) -> Failure | None:
    """Losses sum over the last axis, which a scalar does not have."""
    ranks = adjusted(loss, target, output)
    flat = loss.name in _SCALARS or (loss.name == "cosine_similarity" and not symbolic and loss.expands)
    # One of them looks at the prediction's last axis before anything else.
    needed = ranks[1:] if ranks is not None and loss.name == "categorical_focal_crossentropy" else ranks
    # Keras 2 normalizes both vectors before it compares them.
    each = loss.name == "cosine_similarity" and not loss.expands
    # Symbolic vectors are normalized along the last axis before one of them gets another (Keras 3.15.1).
    early = loss.name == "cosine_similarity" and symbolic and loss.expands
    bare = early and not all(side.open or side.dims for side in (target, output))
    if flat or needed is None or (not bare and (all if each else any)(side.open or side.dims for side in needed)):
        return None
    return Failure(
        "rank-mismatch",
        f"{{subject}} and the prediction are scalars: `{loss.spelled}` goes along their last axis",
        expected=output,
        found=target,
        details={"loss": loss.name},
    )


def _batches(target: Shape, output: Shape) -> Batches:
    known = of_batch(target.axis(0)) if target.axis(0) == output.axis(0) else UNKNOWN_BATCHES
    return replace(known, whole=True)


def _unequal_counts(loss: Loss, target: Shape, output: Shape) -> Failure | None:
    """First axes that differ: nothing here cuts them into batches of the same size."""
    if target.open or output.open or not target.dims or not output.dims:
        return None
    ranks = adjusted(loss, target, output)
    first, second = target.dims[0], output.dims[0]
    if ranks is None or not differs(first, second):
        return None
    if loss.family == "sparse" and len(ranks[1]) < 2:
        # One distribution: its axis holds classes.
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
    ranks = adjusted(loss, target, output)
    if ranks is None:
        return UNKNOWN_SHAPE
    joined = broadcast(*ranks)
    if loss.name == "cosine_similarity" and joined == Shape(()):
        return joined
    return UNKNOWN_SHAPE if isinstance(joined, Clash) or not joined.dims else Shape(joined.dims[:-1], joined.open)


def loss_result(machine: Machine, shape: Shape, output: TensorSpec | None, kind: TensorKind) -> Value:
    return TensorValue(TensorSpec(shape, output.dtype if output is not None else None), kind, origin=machine.site)


def _plain(shape: Shape) -> str:
    return "[" + ",".join(map(str, shape.dims)) + "]"
