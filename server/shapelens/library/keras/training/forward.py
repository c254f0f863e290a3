"""The forward pass of a training call: data through the declared input, then through the layers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from shapelens.library.keras.training.arguments import Given
from shapelens.library.keras.training.data import DataNest, Datum, spec_leaves
from shapelens.library.keras.training.facts import Method, ModelFacts
from shapelens.library.keras.training.inputs import Adapted, adapt_inputs, any_batch, one_sample, pack
from shapelens.library.keras.training.wording import axis_name, first_difference
from shapelens.shapes.dims import Dim
from shapelens.shapes.shape import Shape, SpecNest, TensorSpec
from shapelens.values.failure import Failure, NotKnown, Place, ShapeFailure

Report = Callable[["Failure | None"], None]


@dataclass(frozen=True, slots=True)
class Passed:
    """What the layers got and gave for one batch; `None` where it is not known."""

    inputs: SpecNest | None = None
    outputs: SpecNest | None = None


def forward(method: Method, model: ModelFacts, given: Given, report: Report, *, old: bool = False) -> Passed:
    """Put the data through the model, or report why it refuses them; ``old``: as Keras 2 does."""
    # Arrays are cut into batches; everything else is taken as it is.
    cut = given.source == "arrays" and method in ("fit", "evaluate", "predict")
    if model.inputs is None:
        nest = _specs(given.x, cut)
        return Passed(nest, _run_undeclared(model, nest, given, report))
    adapted = adapt_inputs(model, given.x, given.batches.static, compares_sizes=old and method != "call")
    if isinstance(adapted, Failure):
        report(_declared_here(model, _too_often(given, _explained(method, model, given, adapted))))
        return Passed()
    if adapted is None:
        return Passed(None, model.outputs)
    specs = adapted.specs
    if cut:
        specs = tuple(TensorSpec(any_batch(s.shape), s.dtype) for s in specs)
    inputs = pack(model, specs)
    if _as_declared(model, specs) or model.run is None:
        outputs = model.outputs
        return Passed(inputs, outputs if outputs is None else _with_batch(outputs, specs[0].shape.axis(0)))
    try:
        outputs = model.run(inputs)
    except NotKnown:
        outputs = None
    except ShapeFailure as refused:
        failure = _refused_inside(method, model, given, adapted, refused.failure)
        report(_declared_here(model, _too_often(given, failure)))
        raise
    return Passed(inputs, outputs)


def _specs(nest: DataNest, cut: bool) -> SpecNest | None:
    if isinstance(nest, Datum):
        shape = any_batch(nest.spec.shape) if cut else nest.spec.shape
        return TensorSpec(shape, nest.spec.dtype)
    if isinstance(nest, tuple):
        items = [_specs(item, cut) for item in nest]
        return None if None in items else tuple(item for item in items if item is not None)
    if isinstance(nest, dict):
        named = {name: _specs(item, cut) for name, item in nest.items()}
        return None if None in named.values() else {n: item for n, item in named.items() if item is not None}
    return None


def _run_undeclared(model: ModelFacts, nest: SpecNest | None, given: Given, report: Report) -> SpecNest | None:
    if nest is None or model.run is None:
        return model.outputs
    try:
        return model.run(nest)
    except NotKnown:
        return None
    except ShapeFailure as refused:
        report(_inside(refused.failure, given))
        raise


def _as_declared(model: ModelFacts, specs: tuple[TensorSpec, ...]) -> bool:
    """Whether the outputs are already known, because the data are just what the model was built for."""
    if model.inputs is None or model.outputs is None:
        return False
    return all(
        not declared.shape.open
        and declared.shape.dims[1:] == spec.shape.dims[1:]
        and all(isinstance(size, int) for size in spec.shape.dims[1:])
        for declared, spec in zip(spec_leaves(model.inputs), specs, strict=True)
    )


def _with_batch(outputs: SpecNest, batch: Dim) -> SpecNest:
    if isinstance(outputs, TensorSpec):
        shape = outputs.shape
        # Only an axis that was left open at building is the batch's.
        if shape.open or not shape.dims or shape.dims[0] is not None:
            return outputs
        return TensorSpec(shape.replace(0, batch), outputs.dtype)
    if isinstance(outputs, dict):
        return {name: _with_batch(item, batch) for name, item in outputs.items()}
    return tuple(_with_batch(item, batch) for item in outputs)


def _explained(method: Method, model: ModelFacts, given: Given, failure: Failure) -> Failure:
    """``failure``, as a missing batch axis when that is what the data look like."""
    if failure.expected is None or failure.found is None:
        return failure
    sample = _lone_sample(method, model, given)
    return failure if sample is None else _missing_batch(model, given, sample, failure.keras, failure.expected)


def _too_often(given: Given, failure: Failure) -> Failure:
    """``failure``, as a batch axis too many when the dataset was batched more than once."""
    expected, found, surplus = failure.expected, failure.found, given.batched - 1
    if surplus < 1 or expected is None or found is None or expected.open or found.open:
        return failure
    if len(found) - surplus != len(expected):
        return failure
    times = "twice" if surplus == 1 else f"{given.batched} times"
    sentence = f"{{subject}} was batched {times}: it has shape {found}, and the model takes batches of shape {expected}"
    return replace(failure, sentence=sentence, axis=0)


def _lone_sample(method: Method, model: ModelFacts, given: Given) -> Datum | None:
    flat = _flat(given.x)
    sample = one_sample(model, flat) if flat else None
    if sample is None or (given.source == "dataset" and given.batched > 0):
        return None
    # As many targets as "samples" say that the first axis does count samples.
    targets = _flat(given.y)
    counted = method in ("fit", "evaluate") and given.source == "arrays" and bool(targets)
    return None if counted and sample.spec.shape.axis(0) != 1 else sample


def _missing_batch(model: ModelFacts, given: Given, sample: Datum, keras: str | None, expected: Shape) -> Failure:
    shape = sample.spec.shape
    if given.source == "dataset":
        sentence = (
            f"{{subject}} is a single sample of shape {shape}: the dataset is not batched, "
            f"and the model takes batches of shape {expected}"
        )
    else:
        sentence = (
            f"{{subject}} is one sample of shape {shape} without a batch axis: "
            f"the model takes batches of shape {expected}"
        )
    details: dict[str, object] = {"unbatched": given.source == "dataset"}
    if sample.item is not None:
        details["item"] = sample.item
    return Failure(
        "missing-batch-axis",
        sentence,
        keras=keras,
        subject="x",
        expected=expected,
        found=shape,
        axis=0,
        details=details,
    )


def _refused_inside(method: Method, model: ModelFacts, given: Given, adapted: Adapted, inner: Failure) -> Failure:
    assert model.inputs is not None
    declared = spec_leaves(model.inputs)
    sample = _lone_sample(method, model, given)
    if sample is not None:
        failure = _missing_batch(model, given, sample, inner.keras, declared[0].shape)
        return replace(failure, places=inner.places, confirmed=inner.confirmed)
    for want, datum, spec in zip(declared, adapted.data, adapted.specs, strict=True):
        axis = first_difference(want.shape, spec.shape)
        if axis is None:
            continue
        size, found = want.shape.dims[axis], spec.shape.dims[axis]
        details: dict[str, object] = {} if datum.item is None else {"item": datum.item}
        return Failure(
            "input-mismatch",
            f"{{subject}} has shape {datum.spec.shape}, but the model's input is declared as {want.shape}: "
            f"{axis_name(axis, len(want.shape))} is {found} instead of {size}",
            keras=inner.keras,
            subject="x",
            expected=want.shape,
            found=datum.spec.shape,
            axis=axis,
            places=inner.places,
            details=details,
            confirmed=inner.confirmed,
        )
    return _inside(inner, given)


def _inside(inner: Failure, given: Given) -> Failure:
    """A layer's failure, told at the training call: its input is rarely the call's own argument."""
    flat = _flat(given.x)
    if inner.found is not None and any(_same_sample(inner.found, datum.spec.shape) for datum in flat):
        return replace(inner, subject="x")
    return replace(inner, subject="x", sentence=inner.sentence.replace("{subject}", "the layer's input"))


def _same_sample(a: Shape, b: Shape) -> bool:
    return not a.open and not b.open and len(a) == len(b) and a.dims[1:] == b.dims[1:]


def _declared_here(model: ModelFacts, failure: Failure) -> Failure:
    details = dict(failure.details)
    if model.input_place is not None:
        details["input_place"] = model.input_place
    return replace(failure, places=(*_input_place(model), *failure.places), details=details)


def _input_place(model: ModelFacts) -> tuple[Place, ...]:
    if model.input_place is None:
        return ()
    return (Place(model.input_place, "the model's input shape is declared here"),)


def _flat(nest: DataNest) -> tuple[Datum, ...]:
    if isinstance(nest, Datum):
        return (nest,)
    entries = nest if isinstance(nest, tuple) else tuple(nest.values()) if isinstance(nest, dict) else ()
    return tuple(datum for entry in entries for datum in _flat(entry))
