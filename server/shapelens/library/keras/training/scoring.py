"""Outputs against targets: losses, weights and metrics of one training or evaluation step."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from shapelens.library.keras.training import keras2
from shapelens.library.keras.training.arguments import Given
from shapelens.library.keras.training.batches import Batches
from shapelens.library.keras.training.data import Datum
from shapelens.library.keras.training.facts import Method, ModelFacts
from shapelens.library.keras.training.losses import Loss, check_loss, loss_of
from shapelens.library.keras.training.metrics import check_metric, metric_of
from shapelens.library.keras.training.pairing import Pair, PerOutput, pair, per_output
from shapelens.library.keras.training.weights import check_class_weight, check_sample_weight
from shapelens.library.keras.training.wording import differs
from shapelens.library.machine import Machine
from shapelens.shapes.shape import Shape, SpecNest, TensorSpec
from shapelens.values.failure import Failure, Place
from shapelens.values.value import NONE, Value

Report = Callable[["Failure | None"], None]

# How unlikely it must be that no label says what the model cannot.
NEGLIGIBLE = 1e-9


def check_scores(
    machine: Machine,
    method: Method,
    model: ModelFacts,
    given: Given,
    outputs: SpecNest,
    arguments: Mapping[str, Value],
    report: Report,
) -> Sequence[Failure]:
    """Report the first thing that raises; give back what runs but cannot be meant."""
    compiled = model.compiled
    losses = per_output(machine, compiled.get("loss")) if compiled is not None else None
    if losses is None or losses == NONE:
        return ()
    assert compiled is not None
    old = machine.versions.family == 2
    if not given.has_y:
        # Keras 2 evaluates without targets.
        if old and method not in ("fit", "train_on_batch"):
            return ()
        if given.source != "unknown":
            _report(report, model, None, _no_targets(method, given, single=isinstance(outputs, TensorSpec)))
        return ()
    _report(report, model, None, _loss_weights(losses, per_output(machine, compiled.get("loss_weights"))))
    pairs = pair(model, outputs, losses, given.y)
    if isinstance(pairs, Failure):
        # Keras 2 takes one target for two outputs, and two for one.
        _report(report, model, None, None if old else pairs)
        return ()
    warnings: list[Failure] = []
    for entry in pairs:
        single = len(pairs) == 1
        warnings += _check_pair(method, model, given, entry, arguments, single=single, old=old, report=report)
    _report(report, model, None, _metrics_structure(machine, model, outputs))
    if isinstance(outputs, TensorSpec):
        for entry in pairs:
            _check_metrics(machine, model, given, entry, report)
    return warnings


def _check_pair(
    method: Method,
    model: ModelFacts,
    given: Given,
    entry: Pair,
    arguments: Mapping[str, Value],
    *,
    single: bool,
    old: bool,
    report: Report,
) -> Sequence[Failure]:
    target, output = entry.target.spec, entry.output
    if not _same_batch(method, given, entry, report):
        return ()
    loss = loss_of(entry.loss, target.shape, output.shape)
    if loss is None:
        return ()
    warnings: list[Failure] = []
    if old:
        activation = entry.layer.activation if entry.layer is not None else None
        failure = keras2.check_fitted(loss, target, output, activation, given.batches)
    else:
        failure = check_loss(loss, target, output, given.batches, _certain_labels(entry.target, given, output.shape))
    if failure is not None and failure.code == "loss-broadcast":
        warnings.append(failure)
    else:
        _report(report, model, entry, failure)
    if single:
        _report(report, model, entry, _weights(loss, entry, given, arguments, old=old))
    return [_placed(model, entry, warning) for warning in warnings]


def _same_batch(method: Method, given: Given, entry: Pair, report: Report) -> bool:
    """Whether the first axes of target and output both count the samples of a batch."""
    target, output = entry.target.spec.shape, entry.output.shape
    if target.open or output.open or not target.dims or not output.dims:
        return False
    first = output.dims[0]
    batch = given.batches.static
    if isinstance(first, int) and first != batch and first not in given.batches.sizes:
        # The model folds the batch axis into another.
        return False
    # Arrays that are cut into batches were counted before.
    whole = given.source == "dataset" or method in ("train_on_batch", "test_on_batch")
    samples = given.batches.sizes[0] if whole and given.batches.sizes else None
    if samples is not None and differs(target.dims[0], samples):
        count = target.dims[0]
        loss = loss_of(entry.loss, target, output)
        # One sample is spread over the others, but by losses that want equal shapes.
        strict = loss is not None and loss.family != "elementwise"
        if strict or 1 not in (count, samples):
            words = None if strict else f"Dimensions must be equal, but are {count} and {samples}"
            report(
                Failure(
                    "target-mismatch",
                    f"{{subject}} has {count} samples, but the inputs of this batch have {samples}",
                    keras=words,
                    subject="y",
                    axis=0,
                )
            )
        return False
    return True


def _certain_labels(target: Datum, given: Given, output: Shape) -> int | None:
    """The number of classes among the labels, if they are known or chance cannot have left the last ones out.

    It need not leave in more than ``output`` has no place for.
    """
    if target.highest is not None and given.source == "arrays" and not given.in_part:
        return target.highest + 1
    samples = target.spec.shape.size() if given.source == "arrays" else None
    if target.labels is None or not isinstance(samples, int) or target.labels < 2:
        return None
    classes = output.axis(-1)
    told = classes if isinstance(classes, int) and 0 < classes < target.labels else target.labels - 1
    return target.labels if samples * math.log(told / target.labels) < math.log(NEGLIGIBLE) else None


def _weights(loss: Loss, entry: Pair, given: Given, arguments: Mapping[str, Value], *, old: bool) -> Failure | None:
    target, output = entry.target.spec.shape, entry.output.shape
    if isinstance(given.weights, Datum):
        weight = given.weights.spec.shape
        if old:
            return keras2.check_weight(loss, target, output, weight, given.batches)
        return None if weight.open else check_sample_weight(loss, target, output, weight, given.batches)
    if arguments.get("class_weight", NONE) != NONE and given.source == "arrays" and not old:
        return check_class_weight(loss, target, output, given.batches)
    return None


def _check_metrics(machine: Machine, model: ModelFacts, given: Given, entry: Pair, report: Report) -> None:
    assert model.compiled is not None
    target, output = entry.target.spec.shape, entry.output.shape
    metrics = per_output(machine, model.compiled.get("metrics"))
    if not isinstance(metrics, tuple) or target.open or not target.dims:
        return
    old = machine.versions.family == 2
    for value in metrics:
        if old:
            _report(report, model, entry, keras2.check_metric(value, target, output, _batches_of(given, entry)))
            continue
        metric = metric_of(value)
        if metric is not None:
            failure = check_metric(metric, target, output, _batches_of(given, entry))
            _report(report, model, entry, failure)


def _batches_of(given: Given, entry: Pair) -> Batches:
    first = entry.output.shape.axis(0)
    folded = isinstance(first, int) and first != given.batches.static and first not in given.batches.sizes
    return Batches() if folded else given.batches


def _no_targets(method: Method, given: Given, *, single: bool) -> Failure:
    validates = "x" in given.roles and given.roles["x"].name == "validation_data"
    missing = "`validation_data` has no targets" if validates else f"`{method}` was given no targets"
    return Failure(
        "target-mismatch",
        f"{missing}, but the model was compiled with a loss that compares its output with them",
        # Of several outputs some have a loss, which decides between four sentences.
        keras="None values not supported." if single else None,
        details={"targets": "missing"},
    )


def _loss_weights(losses: PerOutput, weights: PerOutput) -> Failure | None:
    if weights is None or weights == NONE or losses is None:
        return None
    if not isinstance(weights, (tuple, dict)):
        return None
    count = len(losses) if isinstance(losses, (tuple, dict)) else 1
    if count == len(weights):
        return None
    return Failure(
        "invalid-argument",
        f"`loss_weights` has {len(weights)} entries, but `loss` has {count}",
        keras=f"`loss_weights` must match the number of losses, got {count} losses and {len(weights)} weights.",
    )


def _metrics_structure(machine: Machine, model: ModelFacts, outputs: SpecNest) -> Failure | None:
    """One list of metrics for several outputs means one entry for each output."""
    assert model.compiled is not None
    metrics = per_output(machine, model.compiled.get("metrics"))
    if isinstance(outputs, TensorSpec) or not isinstance(metrics, (tuple, dict)) or not metrics:
        return None
    count = len(outputs)
    if count < 2 or any(not isinstance(item, TensorSpec) for item in _items(outputs)):
        return None
    names = tuple(sorted(outputs)) if isinstance(outputs, dict) else model.output_names
    if isinstance(metrics, tuple) and len(metrics) == count:
        return None
    if isinstance(metrics, dict) and (len(names) != count or set(metrics) <= set(names)):
        return None
    given = f"the keys {list(metrics)}" if isinstance(metrics, dict) else f"{len(metrics)} entries"
    expected = f", {list(names)}" if len(names) == count else ""
    return Failure(
        "invalid-argument",
        f"`metrics` has {given}, but the model has {count} outputs{expected}",
        keras="Invalid `metrics`. `metrics` should contain metrics objects and either be a dict or a list "
        f"matching the output names of the functional model {list(names)} or match the output structure "
        f"of the model: {['X'] * count}.",
    )


def _items(outputs: SpecNest) -> Sequence[SpecNest]:
    if isinstance(outputs, TensorSpec):
        return (outputs,)
    return outputs if isinstance(outputs, tuple) else tuple(outputs.values())


def _report(report: Report, model: ModelFacts, entry: Pair | None, failure: Failure | None) -> None:
    if failure is not None:
        report(_placed(model, entry, failure))


def _placed(model: ModelFacts, entry: Pair | None, failure: Failure) -> Failure:
    """``failure`` with the places that decide it: the last layer, and ``compile``."""
    places = list(failure.places)
    details = dict(failure.details)
    if entry is not None and entry.target.item is not None and failure.subject == "y":
        details["item"] = entry.target.item
    layer = entry.layer if entry is not None else None
    if layer is not None and layer.place is not None:
        places.append(Place(layer.place, "this layer makes the model's output"))
        details["output_layer"] = layer.place
    if model.compiled is not None and model.compiled.site is not None:
        places.append(Place(model.compiled.site, "the loss is chosen here"))
        details["compile"] = model.compiled.site
    return replace(failure, places=tuple(places), details=details)
