"""What a training call was given: arrays or a dataset, how many samples, in batches of what size."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from shapelens.library.keras.training.batches import (
    DEFAULT_BATCH_SIZE,
    UNKNOWN_BATCHES,
    Batches,
    of_array,
    of_batch,
)
from shapelens.library.keras.training.data import DataNest, Datum, leaves, read
from shapelens.library.keras.training.facts import Method
from shapelens.library.keras.training.sequences import as_dataset
from shapelens.library.machine import Machine
from shapelens.shapes.dims import ANY, Dim
from shapelens.values.value import NONE, Const, DatasetValue, TensorValue, TupleValue, Value

Source: TypeAlias = Literal["arrays", "dataset", "unknown"]

# Where the validation data of `fit` stand when they are given by position.
VALIDATION = 7
# Where `x`, `y` and `sample_weight` stand then.
POSITIONS: Mapping[Method, Mapping[str, int]] = {
    "fit": {"x": 0, "y": 1, "validation_data": VALIDATION, "class_weight": 9, "sample_weight": 10},
    "evaluate": {"x": 0, "y": 1, "sample_weight": 4},
    "predict": {"x": 0},
    "train_on_batch": {"x": 0, "y": 1, "sample_weight": 2, "class_weight": 3},
    "test_on_batch": {"x": 0, "y": 1, "sample_weight": 2},
    "predict_on_batch": {"x": 0},
    "call": {"x": 0},
}


@dataclass(frozen=True, slots=True)
class Role:
    """Where a sentence's subject stands in the call: the parameter, and its place in that argument.

    ``phrase`` names it, with ``{subject}`` for the user's text.
    """

    name: str
    position: int | None = None
    item: int | None = None
    phrase: str = "{subject}"


@dataclass(frozen=True, slots=True)
class Given:
    """The data of a call. ``samples``: how many there are. ``has_y``: targets were given at all.

    ``batched``: how often a dataset was batched; the elements of one that never was Keras takes for batches.
    ``in_part``: the number of batches is given, so that some of the samples may never be used.
    """

    source: Source
    x: DataNest
    y: DataNest
    weights: DataNest
    has_y: bool
    batches: Batches
    samples: Dim
    roles: Mapping[str, Role]
    batched: int = 1
    in_part: bool = False


def gather(machine: Machine, method: Method, arguments: Mapping[str, Value]) -> Given:
    """The data arguments of a call."""
    positions = POSITIONS[method]
    roles = {name: Role(name, position) for name, position in positions.items()}
    x = _argument(arguments, "x", "inputs", "0")
    x = as_dataset(machine, x) if method in ("fit", "evaluate", "predict") else x
    if isinstance(x, DatasetValue):
        return _from_dataset(machine, x, roles["x"], unpacks=method != "call")
    y, weights = _argument(arguments, "y"), _argument(arguments, "sample_weight")
    given = _from_values(machine, x, y, weights, roles)
    if method in ("fit", "evaluate", "predict"):
        samples = _training_samples(arguments, given.samples) if method == "fit" else given.samples
        size = _batch_size(arguments, samples, "batch_size")
        steps = arguments.get("steps_per_epoch", arguments.get("steps", NONE))
        batches = of_array(samples, size, whole_trace=method != "predict")
        return replace(given, batches=batches, in_part=steps != NONE)
    return replace(given, batches=of_batch(given.samples))


def gather_validation(machine: Machine, arguments: Mapping[str, Value]) -> Given | None:
    """The validation data of ``fit``, which are evaluated as ``evaluate`` would."""
    value = as_dataset(machine, arguments.get("validation_data", NONE))
    if isinstance(value, DatasetValue):
        return _from_dataset(machine, value, Role("validation_data", VALIDATION), unpacks=True)
    if isinstance(value, TensorValue) and machine.versions.family == 2:
        # Of such an array the truth value is taken: it raises, or it depends on the content whether it is used.
        return None
    # One array is what `(x,)` is: inputs without targets.
    items: tuple[Value, ...] | None = (value,) if isinstance(value, TensorValue) else None
    if value != NONE and items is None:
        items = machine.items(value)
    if items is None or not 1 <= len(items) <= 3:
        return None
    roles = {name: Role("validation_data", VALIDATION, index) for index, name in enumerate(("x", "y", "sample_weight"))}
    if isinstance(items[0], DatasetValue):
        return None
    x, y, weights = (*items, NONE, NONE)[:3]
    given = _from_values(machine, x, y, weights, roles)
    size = _batch_size(arguments, given.samples, "validation_batch_size", "batch_size")
    return replace(given, batches=of_array(given.samples, size, whole_trace=True))


def int_of(value: Value | None) -> int | None:
    """A known int argument."""
    if isinstance(value, Const) and isinstance(value.value, int) and not isinstance(value.value, bool):
        return value.value
    return None


def _argument(arguments: Mapping[str, Value], *names: str) -> Value:
    for name in names:
        if name in arguments:
            return arguments[name]
    return NONE


def _from_values(machine: Machine, x: Value, y: Value, weights: Value, roles: Mapping[str, Role]) -> Given:
    nest = read(machine, x)
    source: Source = "arrays" if any(isinstance(leaf, Datum) for leaf in leaves(nest)) else "unknown"
    samples = next((leaf.spec.shape.axis(0) for leaf in leaves(nest) if isinstance(leaf, Datum)), ANY)
    return Given(source, nest, read(machine, y), read(machine, weights), y != NONE, UNKNOWN_BATCHES, samples, roles)


def _from_dataset(machine: Machine, dataset: DatasetValue, role: Role, *, unpacks: bool) -> Given:
    parts: tuple[Value, ...] = (dataset.element,)
    if unpacks and isinstance(dataset.element, TupleValue):
        parts = dataset.element.items
    nests = [read(machine, part, numbers=True) for part in parts[:3]]
    nests += [None] * (3 - len(nests))
    phrases = ("the input in {subject}", "the target in {subject}", "the sample weight in {subject}")
    roles = {
        name: Role(role.name, role.position, role.item, phrase)
        for name, phrase in zip(("x", "y", "sample_weight"), phrases, strict=True)
    }
    first = next((leaf.spec.shape.axis(0) for leaf in leaves(nests[0]) if isinstance(leaf, Datum)), ANY)
    known = not isinstance(dataset.element, TupleValue) or len(parts) <= 3
    return Given(
        "dataset" if known else "unknown",
        nests[0],
        nests[1],
        nests[2],
        len(parts) > 1 or dataset.kind != "dataset",
        of_batch(first),
        ANY,
        roles,
        batched=dataset.batched if dataset.kind == "dataset" else 1,
    )


def _batch_size(arguments: Mapping[str, Value], samples: Dim, *names: str) -> int | None:
    for name in names:
        value = arguments.get(name, NONE)
        if value != NONE:
            return int_of(value)
    steps = arguments.get("steps_per_epoch", arguments.get("steps", NONE))
    if steps == NONE:
        return DEFAULT_BATCH_SIZE
    count = int_of(steps)
    return math.ceil(samples / count) if count and isinstance(samples, int) else None


def _training_samples(arguments: Mapping[str, Value], samples: Dim) -> Dim:
    split = arguments.get("validation_split", NONE)
    if split in (NONE, Const(0.0), Const(0)) or arguments.get("validation_data", NONE) != NONE:
        return samples
    if isinstance(split, Const) and isinstance(split.value, float) and isinstance(samples, int):
        return math.floor(samples * (1.0 - split.value))
    return ANY
