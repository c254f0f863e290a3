"""Which target and loss belong to which output, for one output, lists and dicts (Keras 3.15.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from shapelens.library.keras.training.data import DataNest, Datum
from shapelens.library.keras.training.facts import ModelFacts, OutputLayer
from shapelens.library.machine import Machine
from shapelens.shapes.shape import SpecNest, TensorSpec
from shapelens.values.failure import Failure
from shapelens.values.objects import DictObject, ListObject
from shapelens.values.value import NONE, Const, Ref, TupleValue, Value

# An argument of `compile` for one or several outputs; `None`: not known.
PerOutput: TypeAlias = "Value | tuple[Value, ...] | dict[str, Value] | None"


@dataclass(frozen=True, slots=True)
class Pair:
    """An output with what it is compared to. ``loss`` is `NONE` when there is none for it."""

    target: Datum
    output: TensorSpec
    loss: Value
    layer: OutputLayer | None = None


def per_output(machine: Machine, value: Value | None) -> PerOutput:
    """The structure of ``loss=``, ``metrics=`` or ``loss_weights=``."""
    if value is None:
        return NONE
    if isinstance(value, TupleValue):
        return value.items
    if isinstance(value, Ref):
        found = machine.read(value)
        if isinstance(found, ListObject):
            return None if found.open else found.items
        if isinstance(found, DictObject):
            if found.open:
                return None
            named: dict[str, Value] = {}
            for key, entry in found.entries:
                if not isinstance(key, Const) or not isinstance(key.value, str):
                    return None
                named[key.value] = entry
            return named
    return value


def pair(model: ModelFacts, outputs: SpecNest, losses: PerOutput, targets: DataNest) -> Sequence[Pair] | Failure:
    """Every output with its target and loss, Keras's refusal, or nothing where it is not known."""
    if losses is None or targets is None:
        return ()
    if isinstance(outputs, TensorSpec):
        return _single(model, outputs, losses, targets)
    if isinstance(outputs, dict):
        return _named(model, outputs, losses, targets)
    if all(isinstance(item, TensorSpec) for item in outputs):
        flat = [item for item in outputs if isinstance(item, TensorSpec)]
        return _listed(model, flat, losses, targets)
    return ()


def _single(model: ModelFacts, output: TensorSpec, losses: PerOutput, targets: DataNest) -> Sequence[Pair] | Failure:
    loss: Value | None
    if isinstance(losses, dict):
        if len(model.output_names) == 1 and set(losses) != set(model.output_names):
            return _wrong_loss_names(model, losses)
        loss = next(iter(losses.values())) if len(losses) == 1 else None
    elif isinstance(losses, tuple):
        loss = losses[0] if losses else None
    else:
        loss = losses
    if isinstance(targets, tuple):
        if len(targets) > 1 and all(isinstance(target, Datum) for target in targets):
            return _different_structures(1, len(targets), "('" + "', '".join("*" * len(targets)) + "')", "*")
        targets = targets[0] if len(targets) == 1 else None
    if loss is None or not isinstance(targets, Datum):
        return ()
    return (Pair(targets, output, loss, _layer(model, 0)),)


def _listed(
    model: ModelFacts, outputs: list[TensorSpec], losses: PerOutput, targets: DataNest
) -> Sequence[Pair] | Failure:
    count = len(outputs)
    if isinstance(losses, dict) and len(model.output_names) == count and set(losses) != set(model.output_names):
        return _wrong_loss_names(model, losses)
    if isinstance(targets, dict):
        if len(model.output_names) != count or set(targets) != set(model.output_names):
            return ()
        targets = tuple(targets[name] for name in model.output_names)
    if isinstance(losses, dict):
        if len(model.output_names) == count:
            losses = tuple(losses[name] for name in model.output_names)
            partial = False
        else:
            return ()
    else:
        partial = isinstance(losses, tuple)
    entries = targets if isinstance(targets, tuple) else (targets,)
    if any(not isinstance(entry, Datum) for entry in entries):
        return ()
    if len(entries) != count:
        wanted = [i for i, loss in enumerate(losses) if loss != NONE] if isinstance(losses, tuple) else []
        if not (partial and len(wanted) == len(entries)):
            return _too_few(model, count, losses, targets, entries)
        placed: list[DataNest] = [None] * count
        for index, entry in zip(wanted, entries, strict=True):
            if index < count:
                placed[index] = entry
        entries = tuple(placed)
    if isinstance(losses, tuple):
        if len(losses) > count:
            return Failure(
                "target-mismatch",
                f"`compile` was given {len(losses)} losses, but the model has {count} outputs",
                keras=_no_path(count),
            )
        each = (*losses, *[NONE] * (count - len(losses)))
    else:
        assert losses is not None
        each = (losses,) * count
    return [
        Pair(entry, output, loss, _layer(model, index))
        for index, (entry, output, loss) in enumerate(zip(entries, outputs, each, strict=True))
        if isinstance(entry, Datum)
    ]


def _named(
    model: ModelFacts, outputs: dict[str, SpecNest], losses: PerOutput, targets: DataNest
) -> Sequence[Pair] | Failure:
    names = sorted(outputs)
    if isinstance(targets, Datum) and len(names) > 1 and not isinstance(losses, (tuple, dict)):
        return _too_few(model, len(names), losses, targets, (targets,))
    if isinstance(targets, tuple) and len(targets) == len(names):
        targets = dict(zip(names, targets, strict=True))
    if not isinstance(targets, dict):
        return ()
    if isinstance(losses, tuple):
        if len(losses) != len(names):
            return ()
        losses = dict(zip(names, losses, strict=True))
    pairs: list[Pair] = []
    for index, name in enumerate(names):
        output, target = outputs[name], targets.get(name)
        loss = losses.get(name, NONE) if isinstance(losses, dict) else losses
        if isinstance(output, TensorSpec) and isinstance(target, Datum) and loss is not None:
            pairs.append(Pair(target, output, loss, _layer(model, index)))
    return pairs


def _layer(model: ModelFacts, index: int) -> OutputLayer | None:
    return model.output_layers[index] if index < len(model.output_layers) else None


def _no_path(key: int | str) -> str:
    return (
        f"The path: ({key!r},) in the `loss` argument, can't be found in either the model's output "
        "(`y_pred`) or in the labels (`y_true`)."
    )


def _too_few(
    model: ModelFacts, count: int, losses: PerOutput, targets: DataNest, entries: tuple[DataNest, ...]
) -> Failure:
    if len(entries) > count:
        shown = "(" + ", ".join(["'*'"] * len(entries)) + ")"
        return _different_structures(count, len(entries), shown, str(["*"] * count))
    if not isinstance(losses, tuple) and len(entries) == 1:
        keras = _no_path(0)
    else:
        single = "*" if isinstance(targets, Datum) else str(tuple("*" * len(entries)))
        keras = f"y_true and y_pred have different structures.\ny_true: {single}\ny_pred: {['*'] * count}\n"
    given = "one array" if len(entries) == 1 else f"{len(entries)} arrays"
    return Failure(
        "target-mismatch",
        f"{{subject}} gives {given} of targets, but the model has {count} outputs",
        keras=keras,
        subject="y",
        details={"outputs": count},
    )


def _different_structures(count: int, given: int, true: str, pred: str) -> Failure:
    outputs = "1 output" if count == 1 else f"{count} outputs"
    return Failure(
        "target-mismatch",
        f"{{subject}} gives {given} arrays of targets, but the model has {outputs}",
        keras=f"y_true and y_pred have different structures.\ny_true: {true}\ny_pred: {pred}\n",
        subject="y",
    )


def _wrong_loss_names(model: ModelFacts, losses: dict[str, Value]) -> Failure:
    return Failure(
        "target-mismatch",
        f"the losses are given for {list(losses)}, but the model's outputs are named {list(model.output_names)}",
        keras=f"Expected keys {list(model.output_names)} in loss dict, but found loss.keys()={list(losses)}",
    )
