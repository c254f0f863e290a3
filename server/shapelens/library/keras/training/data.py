"""The data arguments of a training call, read from the program's values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from shapelens.library.machine import Machine
from shapelens.shapes.shape import SpecNest, TensorSpec
from shapelens.values.objects import DictObject, LibInstance, ListObject
from shapelens.values.value import Const, Ref, TensorValue, TupleValue, Value

ARRAY_KINDS = ("numpy", "tensor", "variable", "frame", "series", "keras")


@dataclass(frozen=True, slots=True)
class Datum:
    """One array. ``item``: its place in the list or dict that was given; `None` for the argument itself.

    ``labels``: the number of classes, when it holds integer labels. ``highest``: the largest of its contents,
    when they are known and none is negative.
    """

    spec: TensorSpec
    labels: int | None = None
    item: int | str | None = None
    highest: int | None = None


@dataclass(frozen=True, slots=True)
class PlainNumber:
    """A Python number where Keras wants an array."""


PLAIN = PlainNumber()

# `None` stands for what is not known.
DataNest: TypeAlias = "Datum | PlainNumber | tuple[DataNest, ...] | dict[str, DataNest] | None"


def read(machine: Machine, value: Value, *, numbers: bool = False) -> DataNest:
    """The arrays of an argument, in their structure. ``numbers``: lists of numbers count as arrays."""
    return _read(machine, value, None, numbers, 0)


def _read(machine: Machine, value: Value, item: int | str | None, numbers: bool, depth: int) -> DataNest:
    if isinstance(value, TensorValue):
        return Datum(value.spec, value.labels, item, _highest(value.data))
    if isinstance(value, Const):
        # Of strings nothing is said: Keras 2.15 takes a list of them, Keras 3 does not.
        return None if value.value is None or isinstance(value.value, str) else PLAIN
    if depth > 4:
        return None
    if isinstance(value, TupleValue):
        return tuple(_entry(machine, x, i, item, numbers, depth) for i, x in enumerate(value.items))
    if not isinstance(value, Ref):
        return None
    found = machine.read(value)
    if isinstance(found, LibInstance):
        array = machine.tensor(value)
        return None if array is None else Datum(array.spec, array.labels, item)
    if isinstance(found, ListObject) and not found.open and found.type_name == "list" and found.items:
        entries = tuple(_entry(machine, x, i, item, numbers, depth) for i, x in enumerate(found.items))
        if numbers and any(isinstance(entry, PlainNumber) for entry in entries):
            spec = machine.spec(value)
            return Datum(spec, None, item) if spec is not None else None
        return entries
    if isinstance(found, DictObject) and not found.open:
        result: dict[str, DataNest] = {}
        for key, entry in found.entries:
            if not isinstance(key, Const) or not isinstance(key.value, str):
                return None
            result[key.value] = _entry(machine, entry, key.value, item, numbers, depth)
        return result
    return None


def _highest(data: object) -> int | None:
    if isinstance(data, tuple):
        found = [_highest(item) for item in data]
        known = [number for number in found if number is not None]
        return max(known) if known and len(known) == len(found) else None
    whole = isinstance(data, int | float) and not isinstance(data, bool) and 0 <= data < 1 << 53 and data == int(data)
    return int(data) if whole and isinstance(data, int | float) else None


def _entry(
    machine: Machine, value: Value, index: int | str, outer: int | str | None, numbers: bool, depth: int
) -> DataNest:
    return _read(machine, value, index if outer is None else outer, numbers, depth + 1)


def leaves(nest: DataNest) -> Iterator[Datum | PlainNumber | None]:
    """Every array of a nest in Keras's order (dicts by sorted key), unknown ones as `None`."""
    if isinstance(nest, tuple):
        for entry in nest:
            yield from leaves(entry)
    elif isinstance(nest, dict):
        for name in sorted(nest):
            yield from leaves(nest[name])
    else:
        yield nest


def spec_leaves(nest: SpecNest) -> list[TensorSpec]:
    """Every specification of a nest in Keras's order."""
    if isinstance(nest, TensorSpec):
        return [nest]
    items = nest if isinstance(nest, tuple) else [nest[name] for name in sorted(nest)]
    return [leaf for item in items for leaf in spec_leaves(item)]
