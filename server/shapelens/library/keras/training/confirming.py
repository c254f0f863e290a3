"""Putting an error at the training boundary to the installed Keras.

The question tells the model itself where that can be told, and the call. Else it describes the model from outside
(what goes in and comes out), and `referee/worker` lets a stand-in of that description take the call: this tells
what Keras checks of data, targets, losses and counts, and nothing of the layers inside. Where the loss or the
metrics cannot be told, a model that refuses its data is asked what it says to these alone. How many samples there
are is counted before the model gets any, so that this can be put without one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from shapelens.library import consult
from shapelens.library.keras.models.nests import map_tensors, to_tensors
from shapelens.library.keras.training.facts import Method, ModelFacts
from shapelens.library.keras.training.sequences import as_dataset
from shapelens.library.machine import Machine
from shapelens.values.failure import Failure, ShapeFailure
from shapelens.values.objects import DictObject
from shapelens.values.value import NONE, Const, DatasetValue, Lib, Ref, TupleValue, Value

# What is found without the layers inside: a stand-in that takes the data proves that it is no error.
_OUTSIDE = ("target-mismatch", "sample-count")
# The arguments that decide on shapes; those that do not, whatever they are; with any other nothing is asked.
_TOLD = (
    *("x", "y", "sample_weight", "batch_size", "validation_data", "validation_split", "validation_batch_size"),
    *("steps_per_epoch", "steps", "validation_steps", "class_weight"),
)
_LEFT_OUT = ("epochs", "verbose", "shuffle", "initial_epoch", "validation_freq", "callbacks", "return_dict")
_COMPILED = ("loss", "loss_weights", "metrics", "weighted_metrics")


def confirm_training(
    m: Machine, method: Method, ref: Ref, model: ModelFacts, arguments: Mapping[str, Value], failure: Failure
) -> None:
    """Return if Keras accepts the call in which a rule found this error, and raise `ShapeFailure` otherwise.

    With Keras's own sentence where it refuses, as it is where it cannot be asked or has not answered yet.
    """
    for itself, name, described in _descriptions(m, method, ref, model, arguments, failure):
        asked = m.ask(Lib(f"keras.Model.{name}"), (), described)
        if asked is None:
            continue
        if asked.answer is None or not asked.exact:
            break
        if asked.answer.refused is not None:
            continue
        if asked.answer.error is not None:
            raise ShapeFailure(consult.confirmed(failure, asked.answer))
        # A layer inside was asked already; of the values of labels the question says nothing.
        if (
            asked.loose
            or failure.confirmed
            or failure.details.get("classes") is not None
            or not (itself or failure.code in _OUTSIDE)
        ):
            break
        consult.log_withdrawn(failure, asked.answer)
        return
    raise ShapeFailure(failure)


def _descriptions(
    m: Machine, method: Method, ref: Ref, model: ModelFacts, arguments: Mapping[str, Value], failure: Failure
) -> Iterator[tuple[bool, Method, dict[str, Value]]]:
    """The ways to put the call, the best first; whether each has the model itself, and the method."""
    given = {name: value for name, value in arguments.items() if name not in _LEFT_OUT and value != NONE}
    if failure.confirmed and model.kind == "subclass":
        # By a layer inside, and nothing better can be told.
        return
    whole = set(given) <= set(_TOLD) and not model.overrides
    itself: dict[str, Value] = {"model": ref, "kind": Const(model.kind)}
    if whole and model.kind != "subclass":
        yield True, method, {**itself, **_compiled(m, model), **_data(m, given)}
    given = {name: as_dataset(m, value) for name, value in given.items()}
    unbatched = any(isinstance(d, DatasetValue) and d.batched == 0 and d.kind == "dataset" for d in given.values())
    # For a stand-in, elements that are no batches would be taken for batches.
    if whole and not unbatched and model.outputs is not None and (model.kind == "subclass" or model.inputs is not None):
        yield False, method, {**_outside(m, model), **_compiled(m, model), **_data(m, given)}
    if model.kind != "subclass" and failure.code not in _OUTSIDE and "x" in given:
        yield not model.overrides, "predict", {**itself, **_data(m, {"x": given["x"]})}
    if failure.code == "sample-count" and set(given) <= set(_TOLD):
        yield True, method, _data(m, given)


def _outside(m: Machine, model: ModelFacts) -> dict[str, Value]:
    described: dict[str, Value] = {"kind": Const(model.kind)}
    if model.outputs is not None:
        described["outputs"] = to_tensors(m, model.outputs, "keras")
    if model.inputs is not None:
        described["inputs"] = to_tensors(m, model.inputs, "keras")
    for key, names in (("input_names", model.input_names), ("output_names", model.output_names)):
        if names:
            described[key] = TupleValue(tuple(map(Const, names)))
    return described


def _compiled(m: Machine, model: ModelFacts) -> dict[str, Value]:
    if model.compiled is None:
        return {}
    return {"compile": _dict(m, {k: v for k, v in model.compiled.arguments if k in _COMPILED})}


def _data(m: Machine, given: Mapping[str, Value]) -> dict[str, Value]:
    described: dict[str, Value] = {}
    for name, key in (("x", "element"), ("validation_data", "validation_element")):
        data = given.get(name)
        if isinstance(data, DatasetValue):
            described[key] = _without_content(m, data.element)
            given = {other: value for other, value in given.items() if other != name}
    described["arguments"] = _dict(m, {name: _without_content(m, value) for name, value in given.items()})
    return described


def _dict(m: Machine, entries: Mapping[str, Value]) -> Value:
    return m.alloc(DictObject(tuple((Const(key), value) for key, value in entries.items())))


def _without_content(m: Machine, value: Value) -> Value:
    return map_tensors(m, value, lambda tensor: replace(tensor, data=None, labels=None))
