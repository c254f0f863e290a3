"""``tf.nest`` and ``keras.tree``: structures of tuples, lists and dicts (TensorFlow 2.21, Keras 3.15)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from shapelens.library.arrays.convert import items_of
from shapelens.library.arrays.rules import array_rule
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.library.tensorflow.control import mapped_nest
from shapelens.values.failure import NotKnown
from shapelens.values.objects import DictObject, ListObject
from shapelens.values.value import NONE, Const, DatasetValue, Ref, TensorValue, TupleValue, Unknown, Value


@array_rule("tensorflow.nest.flatten", params="structure, expand_composites=False")
@array_rule("keras.tree.flatten", params="structure")
def flatten(machine: Machine, args: Arguments) -> Value:
    """The leaves of a structure, dicts in the order of their keys."""
    return machine.alloc(ListObject(tuple(_leaves(machine, args.values["structure"]))))


@array_rule("tensorflow.nest.map_structure", "keras.tree.map_structure", params="func, *structure, **kwargs")
def map_structure(machine: Machine, args: Arguments) -> Value:
    """The structure with the function's result for each leaf, or for the leaves at one place of several."""
    function, structures = args.values["func"], args.rest
    if len(structures) == 1:
        return mapped_nest(machine, structures[0], lambda part: machine.call(function, (part,), {}))
    return _zipped(machine, structures, lambda parts: machine.call(function, parts, {}))


@array_rule("tensorflow.nest.pack_sequence_as", params="structure, flat_sequence, expand_composites=False")
@array_rule("keras.tree.pack_sequence_as", params="structure, flat_sequence")
def pack_sequence_as(machine: Machine, args: Arguments) -> Value:
    """Leaves in a structure, dicts in the order of their keys."""
    leaves = items_of(machine, args.get("flat_sequence"))
    structure = args.values["structure"]
    if leaves is None or len(leaves) != len(_leaves(machine, structure)):
        raise NotKnown("how many leaves there are is not known, or not what the structure takes")
    return _packed(machine, structure, iter(leaves))


@array_rule("tensorflow.nest.is_nested", params="seq", renamed={"seq": "structure"})
@array_rule("keras.tree.is_nested", params="structure")
def is_nested(machine: Machine, args: Arguments) -> Value:
    """Whether this is a tuple, list or dict."""
    value = args.values["structure"]
    if isinstance(value, TensorValue | Const):
        return Const(False)
    if isinstance(value, TupleValue) or _entries(machine, value) is not None:
        return Const(True)
    raise NotKnown("the structure is not known")


@array_rule(
    "tensorflow.nest.assert_same_structure",
    "keras.tree.assert_same_structure",
    "keras.tree.assert_same_paths",
    params="a, b, **kwargs",
)
def nothing(machine: Machine, args: Arguments) -> Value:
    """Compares, and gives nothing."""
    return NONE


@array_rule("keras.tree.lists_to_tuples", params="structure")
def lists_to_tuples(machine: Machine, args: Arguments) -> Value:
    """The structure with tuples for its lists."""
    return _with_tuples(machine, args.values["structure"])


def _entries(machine: Machine, value: Value) -> ListObject | DictObject | None:
    """A list or dict of which everything is known."""
    obj = machine.read(value) if isinstance(value, Ref) else None
    return obj if isinstance(obj, ListObject | DictObject) and not obj.open else None


def _sorted(obj: DictObject) -> list[tuple[Value, Value]]:
    keys = [(key, item) for key, item in obj.entries if isinstance(key, Const) and isinstance(key.value, str)]
    if len(keys) != len(obj.entries):
        raise NotKnown("the order of the dict's keys is not known")
    return sorted(keys, key=lambda entry: str(entry[0].value))  # type: ignore[union-attr]


def _leaves(machine: Machine, value: Value) -> list[Value]:
    if isinstance(value, Unknown | DatasetValue):
        raise NotKnown("the structure is not known")
    if isinstance(value, TupleValue):
        return [leaf for item in value.items for leaf in _leaves(machine, item)]
    obj = _entries(machine, value)
    if isinstance(obj, ListObject):
        return [leaf for item in obj.items for leaf in _leaves(machine, item)]
    if isinstance(obj, DictObject):
        return [leaf for _, item in _sorted(obj) for leaf in _leaves(machine, item)]
    if isinstance(value, Ref):
        raise NotKnown("the structure is not known")
    return [value]


def _packed(machine: Machine, structure: Value, leaves: Iterator[Value]) -> Value:
    if isinstance(structure, TupleValue):
        return TupleValue(tuple(_packed(machine, item, leaves) for item in structure.items), structure.fields)
    obj = _entries(machine, structure)
    if isinstance(obj, ListObject):
        return machine.alloc(replace(obj, items=tuple(_packed(machine, item, leaves) for item in obj.items)))
    if isinstance(obj, DictObject):
        made = {key: _packed(machine, item, leaves) for key, item in _sorted(obj)}
        return machine.alloc(DictObject(tuple((key, made[key]) for key, _ in obj.entries)))
    return next(leaves)


def _zipped(machine: Machine, structures: tuple[Value, ...], function: Callable[[tuple[Value, ...]], Value]) -> Value:
    first = structures[0]
    if isinstance(first, TupleValue):
        rows = [items_of(machine, structure) for structure in structures]
        return TupleValue(tuple(_rows(machine, rows, function)), first.fields)
    obj = _entries(machine, first)
    if isinstance(obj, ListObject):
        rows = [items_of(machine, structure) for structure in structures]
        return machine.alloc(replace(obj, items=tuple(_rows(machine, rows, function))))
    if isinstance(obj, DictObject):
        others = [_entries(machine, structure) for structure in structures]
        made = []
        for key, _ in obj.entries:
            found = [other.get(key) if isinstance(other, DictObject) else None for other in others]
            made.append((key, _zipped(machine, _known(found), function)))
        return machine.alloc(DictObject(tuple(made)))
    if isinstance(first, Ref | Unknown):
        raise NotKnown("the structure is not known")
    return function(structures)


def _rows(
    machine: Machine,
    rows: list[tuple[Value, ...] | None],
    function: Callable[[tuple[Value, ...]], Value],
) -> Iterator[Value]:
    known = [row for row in rows if row is not None]
    if len(known) != len(rows) or len({len(row) for row in known}) != 1:
        raise NotKnown("the structures are not known to be alike")
    for parts in zip(*known, strict=True):
        yield _zipped(machine, parts, function)


def _known(found: list[Value | None]) -> tuple[Value, ...]:
    known = tuple(item for item in found if item is not None)
    if len(known) != len(found):
        raise NotKnown("the structures are not known to be alike")
    return known


def _with_tuples(machine: Machine, value: Value) -> Value:
    obj = _entries(machine, value)
    if isinstance(value, TupleValue) or isinstance(obj, ListObject):
        items = value.items if isinstance(value, TupleValue) else obj.items if isinstance(obj, ListObject) else ()
        return TupleValue(tuple(_with_tuples(machine, item) for item in items))
    if isinstance(obj, DictObject):
        entries = tuple((key, _with_tuples(machine, item)) for key, item in obj.entries)
        return machine.alloc(DictObject(entries))
    if isinstance(value, Ref | Unknown):
        raise NotKnown("the structure is not known")
    return value
