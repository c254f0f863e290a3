"""Putting an error at the training boundary to the installed Keras.

The question describes the model from outside (what goes in and comes out) and the call: `referee/worker` lets a
stand-in of that description take the call. So it tells what Keras checks of data, targets, losses and counts,
and nothing of the layers inside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from shapelens.library import consult
from shapelens.library.keras.models.nests import map_tensors, tensors_in, to_tensors
from shapelens.library.keras.training.facts import Method, ModelFacts
from shapelens.library.machine import Machine
from shapelens.values.failure import Failure, ShapeFailure
from shapelens.values.objects import DictObject
from shapelens.values.value import NONE, Const, DatasetValue, Lib, TensorValue, TupleValue, Value

# What is found without the layers inside: a stand-in that takes the data proves that it is no error.
_OUTSIDE = ("target-mismatch", "sample-count")
# The arguments that decide on shapes; those that do not, whatever they are; with any other nothing is asked.
_TOLD = (
    *("x", "y", "sample_weight", "batch_size", "validation_data", "validation_split", "validation_batch_size"),
    *("steps_per_epoch", "steps"),
)
_LEFT_OUT = ("epochs", "verbose", "shuffle", "initial_epoch", "validation_freq", "callbacks", "return_dict")
_COMPILED = ("loss", "loss_weights", "metrics", "weighted_metrics")


def confirm_training(
    m: Machine, method: Method, model: ModelFacts, arguments: Mapping[str, Value], failure: Failure
) -> None:
    """Return if Keras accepts the call in which a rule found this error, and raise `ShapeFailure` otherwise.

    With Keras's own sentence where it refuses, as it is where it cannot be asked or has not answered yet.
    """
    described = None if failure.confirmed else _described(m, model, arguments)
    asked = None if described is None else m.ask(Lib(f"keras.Model.{method}"), (), described)
    if asked is None or asked.answer is None or not asked.exact or asked.answer.refused is not None:
        raise ShapeFailure(failure)
    if asked.answer.error is not None:
        raise ShapeFailure(consult.confirmed(failure, asked.answer))
    if failure.code not in _OUTSIDE or asked.loose or _has_known_content(m, arguments):
        raise ShapeFailure(failure)
    consult.log_withdrawn(failure, asked.answer)


def _described(m: Machine, model: ModelFacts, arguments: Mapping[str, Value]) -> dict[str, Value] | None:
    if model.outputs is None or model.overrides or (model.kind != "subclass" and model.inputs is None):
        return None
    given = {name: value for name, value in arguments.items() if name not in _LEFT_OUT and value != NONE}
    if not set(given) <= set(_TOLD):
        return None
    described: dict[str, Value] = {"kind": Const(model.kind), "outputs": to_tensors(m, model.outputs, "keras")}
    if model.inputs is not None:
        described["inputs"] = to_tensors(m, model.inputs, "keras")
    for key, names in (("input_names", model.input_names), ("output_names", model.output_names)):
        if names:
            described[key] = TupleValue(tuple(map(Const, names)))
    if model.compiled is not None:
        described["compile"] = _dict(m, {k: v for k, v in model.compiled.arguments if k in _COMPILED})
    data = given.get("x")
    if isinstance(data, DatasetValue):
        if data.batched == 0 and data.kind == "dataset":
            # Its elements are taken for batches, whose sizes are those of one sample.
            return None
        described["element"] = _without_content(m, data.element)
        given = {name: value for name, value in given.items() if name != "x"}
    described["arguments"] = _dict(m, {name: _without_content(m, value) for name, value in given.items()})
    return described


def _dict(m: Machine, entries: Mapping[str, Value]) -> Value:
    return m.alloc(DictObject(tuple((Const(key), value) for key, value in entries.items())))


def _without_content(m: Machine, value: Value) -> Value:
    return map_tensors(m, value, lambda tensor: replace(tensor, data=None, labels=None))


def _has_known_content(m: Machine, arguments: Mapping[str, Value]) -> bool:
    """Whether the rule may have gone by labels, of which the question says nothing."""
    tensors: list[TensorValue] = []
    for name in ("x", "y", "validation_data"):
        value = arguments.get(name, NONE)
        tensors += tensors_in(m, value.element if isinstance(value, DatasetValue) else value)
    return any(tensor.labels is not None or tensor.data is not None for tensor in tensors)
