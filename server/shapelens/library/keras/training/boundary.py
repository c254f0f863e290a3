"""The training boundary: everything that Keras 3.15.1 checks when data meet a model.

In Keras's order: kinds of data, sample counts, inputs, the layers inside, losses, weights, metrics; then
the same for the validation data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from shapelens.library.keras.training.arguments import Given, Role, gather, gather_validation
from shapelens.library.keras.training.counts import check_counts
from shapelens.library.keras.training.facts import Method, ModelFacts, TrainingOutcome
from shapelens.library.keras.training.forward import forward
from shapelens.library.keras.training.inputs import plain_numbers
from shapelens.library.keras.training.keras2 import check_validation, plain_lists, too_many_inputs
from shapelens.library.keras.training.scoring import check_scores
from shapelens.library.keras.training.stateful import check_stateful
from shapelens.library.machine import Machine
from shapelens.shapes.dims import Dim
from shapelens.shapes.shape import SpecNest, TensorSpec
from shapelens.values.failure import Failure, NotKnown, ShapeFailure
from shapelens.values.value import NONE, Value

_STEPS: Mapping[Method, tuple[str, ...]] = {
    "fit": ("fit", "train_step"),
    "evaluate": ("evaluate", "test_step"),
    "predict": ("predict", "predict_step"),
    "train_on_batch": ("train_on_batch", "train_step"),
    "test_on_batch": ("test_on_batch", "test_step"),
    "predict_on_batch": ("predict_on_batch", "predict_step"),
    "call": (),
}
_SCORED: tuple[Method, ...] = ("fit", "evaluate", "train_on_batch", "test_on_batch")
_COUNTED: tuple[Method, ...] = ("fit", "evaluate", "predict")


def check_training_call(
    machine: Machine, method: Method, model: ModelFacts, arguments: Mapping[str, Value]
) -> TrainingOutcome:
    """Check one call of a model or of one of its training methods, by parameter name.

    Raises `ShapeFailure` where Keras raises for certain; warns through ``machine`` where it runs but
    cannot be meant. ``call`` takes its input as ``x``.
    """
    try:
        return _checked(machine, method, model, arguments)
    except ShapeFailure as caught:
        if machine.versions.family == 3:
            raise
        # The words are those of Keras 3.
        raise ShapeFailure(replace(caught.failure, keras=None)) from None


def _checked(machine: Machine, method: Method, model: ModelFacts, arguments: Mapping[str, Value]) -> TrainingOutcome:
    refused = check_validation(arguments.get("validation_data", NONE)) if machine.versions.family == 2 else None
    if refused is not None:
        raise ShapeFailure(refused)
    given = gather(machine, method, arguments)
    warnings: list[Failure] = []
    outcome = _check(machine, method, model, given, arguments, warnings)
    if method == "fit":
        validation = gather_validation(machine, arguments)
        if validation is not None:
            _check(machine, "evaluate", model, validation, {}, warnings)
    for warning in _distinct(warnings):
        machine.warn(warning)
    return outcome


def _check(
    machine: Machine,
    method: Method,
    model: ModelFacts,
    given: Given,
    arguments: Mapping[str, Value],
    warnings: list[Failure],
) -> TrainingOutcome:
    report = _Reporter(given.roles)
    if method in _COUNTED:
        report(_plain_numbers(given) if machine.versions.family == 3 else plain_lists(given))
        miscounted = check_counts(given)
        if miscounted is not None:
            # The shapes inside the model do not depend on how many samples there are: they are told all the same.
            # Keras does not come so far: nothing is built.
            with machine.forgetting(), suppress(ShapeFailure, NotKnown):
                forward(method, model, given, report, old=machine.versions.family == 2)
            report(miscounted)
    if model.overrides.intersection(_STEPS[method]):
        # What the user's own step does with the data is interpreted as any other code.
        return TrainingOutcome()
    if machine.versions.family == 2 and model.kind == "sequential":
        report(too_many_inputs(given))
    passed = forward(method, model, given, report, old=machine.versions.family == 2)
    report(check_stateful(model, given))
    if method in _SCORED and passed.outputs is not None and "compute_loss" not in model.overrides:
        scores = check_scores(machine, method, model, given, passed.outputs, arguments, report)
        warnings += [report.placed(warning) for warning in scores]
    outputs = passed.outputs
    if method == "predict" and outputs is not None:
        outputs = _all_samples(outputs, given.samples)
    return TrainingOutcome(passed.inputs, outputs)


@dataclass(frozen=True, slots=True)
class _Reporter:
    """Raises failures with the user's argument as their subject."""

    roles: Mapping[str, Role] = field(default_factory=dict)

    def __call__(self, failure: Failure | None) -> None:
        if failure is not None:
            raise ShapeFailure(self.placed(failure))

    def placed(self, failure: Failure) -> Failure:
        """``failure`` with its subject (``"x"``, ``"y"`` ...) turned into an argument of the call."""
        role = self.roles.get(str(failure.subject if failure.subject is not None else "x"))
        if role is None:
            return failure
        details = dict(failure.details)
        if role.position is not None:
            details["position"] = role.position
        if role.item is not None:
            details["item"] = role.item
        sentence = failure.sentence.replace("{subject}", role.phrase)
        return replace(failure, subject=role.name, sentence=sentence, details=details)


Report = Callable[[Failure | None], None]


def _plain_numbers(given: Given) -> Failure | None:
    for name, nest in (("x", given.x), ("y", given.y)):
        if given.source != "dataset" and plain_numbers(nest):
            return Failure(
                "invalid-argument",
                "{subject} is made of Python numbers, but Keras takes arrays",
                keras="Unrecognized data type: x=... (of type <class 'list'>)" if name == "x" else None,
                subject=name,
                details={"wants": "array"},
            )
    return None


def _all_samples(outputs: SpecNest, samples: Dim) -> SpecNest:
    if isinstance(outputs, TensorSpec):
        shape = outputs.shape
        if shape.open or not shape.dims:
            return outputs
        return TensorSpec(shape.replace(0, samples), outputs.dtype)
    if isinstance(outputs, dict):
        return {name: _all_samples(item, samples) for name, item in outputs.items()}
    return tuple(_all_samples(item, samples) for item in outputs)


def _distinct(warnings: list[Failure]) -> list[Failure]:
    kept: list[Failure] = []
    for warning in warnings:
        if all(warning.code != other.code or warning.sentence != other.sentence for other in kept):
            kept.append(warning)
    return kept
