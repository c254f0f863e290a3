"""Subscripts of arrays and tensors: ``x[1:, ..., None]``, integer arrays, boolean masks.

Run against NumPy 2.4, TensorFlow 2.21 (eager) and Keras 3.15 (symbolic).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from shapelens.library.arrays.constants import array_of, contents, settled
from shapelens.library.arrays.convert import UNSURE, Maybe, as_dim, as_spec, is_none, items_of
from shapelens.library.arrays.dtypes import is_integer, scalar_type
from shapelens.library.arrays.failures import comma_text, refusal, tuple_text
from shapelens.library.arrays.slicing import slice_length
from shapelens.library.machine import Machine
from shapelens.library.registry import FUNCTIONS, Arguments
from shapelens.shapes.broadcast import Clash, broadcast
from shapelens.shapes.dims import ANY, Dim, same
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, TensorSpec
from shapelens.values.failure import NotKnown
from shapelens.values.value import (
    Const,
    Lib,
    LibObject,
    Opaque,
    SizeValue,
    SliceValue,
    TensorValue,
    TupleValue,
    Value,
)

# Labels in a part of the data surely include the last class when there are this many for each.
SURE_PER_CLASS = 20


@dataclass(frozen=True, slots=True)
class _Int:
    value: int | None


@dataclass(frozen=True, slots=True)
class _Slice:
    start: Dim | Maybe
    stop: Dim | Maybe
    step: Dim | Maybe


@dataclass(frozen=True, slots=True)
class _Array:
    value: TensorValue


@dataclass(frozen=True, slots=True)
class _Mask:
    value: TensorValue
    rank: int


_Item: TypeAlias = "_Int | _Slice | _Array | _Mask | Literal['new', 'ellipsis']"


# Why an item of an array of objects is unknown: it may be a list, or anything else.
OBJECT = "what an array of objects holds is not known"


def subscript(value: Value, index: Value, machine: Machine) -> Value:
    """``value[index]`` for arrays, tensors, and library objects that can be subscripted."""
    if not isinstance(value, TensorValue) or value.kind in ("frame", "series"):
        return _by_rule(machine, value, index)
    items = _items(machine, value, index)
    if items is None:
        return _result(machine, value, UNKNOWN_SHAPE, labels=None)
    shape = _Indexing(value, items).shape()
    if shape.rank == 0 and value.spec.dtype == "object":
        raise NotKnown(OBJECT)
    data = _selected(value, items, shape)
    labels = value.labels
    if labels is not None:
        size = shape.size()
        plain = all(isinstance(item, _Slice | str) for item in items)
        if not plain or not isinstance(size, int) or size < SURE_PER_CLASS * labels:
            labels = None
    return settled(replace(_result(machine, value, shape, labels), data=data))


def type_name(value: Value) -> str | None:
    """The library type whose methods ``value`` has."""
    if isinstance(value, TensorValue):
        return {
            "numpy": "numpy.ndarray",
            "tensor": "tensorflow.Tensor",
            "variable": "tensorflow.Variable",
            "keras": "keras.KerasTensor",
            "frame": "pandas.DataFrame",
            "series": "pandas.Series",
        }[value.kind]
    if isinstance(value, Lib):
        return value.name
    return value.class_name if isinstance(value, LibObject) else None


def _by_rule(machine: Machine, value: Value, index: Value) -> Value:
    rule = FUNCTIONS.get(f"{type_name(value)}.__getitem__")
    if rule is None:
        raise NotKnown("what this subscript selects is not known")
    return rule.rule(machine, Arguments({"self": value, "key": index}))


def _result(machine: Machine, source: TensorValue, shape: Shape, labels: int | None) -> TensorValue:
    kind = "tensor" if source.kind == "variable" else source.kind
    spec = TensorSpec(shape, source.spec.dtype)
    return TensorValue(spec, kind, labels=labels, origin=source.origin or machine.site)


def _items(machine: Machine, source: TensorValue, index: Value) -> list[_Item] | None:
    parts = index.items if isinstance(index, TupleValue) else (index,)
    if source.kind != "numpy" and not isinstance(index, TupleValue):
        # TensorFlow reads a list as it reads a tuple.
        listed = items_of(machine, index)
        parts = parts if listed is None else listed
    items: list[_Item] = []
    for part in parts:
        item = _item(machine, source, part)
        if item is None:
            return None
        items.append(item)
    return items


def _item(machine: Machine, source: TensorValue, part: Value) -> _Item | None:
    if isinstance(part, SliceValue):
        return _Slice(_bound(part.start), _bound(part.stop), _bound(part.step))
    if isinstance(part, Const) and part.value is Ellipsis:
        return "ellipsis"
    if is_none(part) or (isinstance(part, Lib) and part.name.endswith(".newaxis")):
        return "new"
    if isinstance(part, Const) and isinstance(part.value, bool):
        return None
    if isinstance(part, Const | SizeValue | Opaque):
        if scalar_type(part) is not int:
            return None
        size = as_dim(part)
        return _Int(size if isinstance(size, int) else None)
    array = as_spec(part, machine)
    if array is None:
        return None
    dtype, rank = array.spec.dtype, array.spec.shape.rank
    if dtype == "bool":
        return _Mask(array, rank) if rank else None
    if rank == 0 and (is_integer(dtype) or source.kind != "numpy"):
        size = as_dim(array)
        return _Int(size if isinstance(size, int) else None)
    if not rank or not (is_integer(dtype) or array.spec.shape.dims == (0,)):
        return None
    if source.kind in ("tensor", "variable"):
        raise refusal(
            "invalid-argument",
            "TensorFlow tensors cannot be indexed with arrays of integers; tf.gather does that",
            "Only integers, slices (`:`), ellipsis (`...`), tf.newaxis (`None`) and scalar tf.int32/tf.int64 "
            "tensors are valid indices",
        )
    return _Array(array) if source.kind == "numpy" else None


def _bound(value: Value) -> Dim | Maybe:
    if is_none(value):
        return None
    size = as_dim(value)
    return UNSURE if size is None else size


class _Indexing:
    """Walks the axes of ``source`` along the items of one subscript."""

    def __init__(self, source: TensorValue, items: list[_Item]) -> None:
        self.source = source
        self.dims = source.spec.shape.dims
        self.items = items
        # NumPy looks at masks first: which words come is not certain then.
        self.masked = any(isinstance(item, _Mask) for item in items)

    def shape(self) -> Shape:
        shape = self.source.spec.shape
        used = sum(_consumed(item) for item in self.items)
        if shape.open:
            return self._open_shape(used)
        if used > len(self.dims):
            self._too_many(used)
        if "ellipsis" not in self.items:
            return self._walk([*self.items, "ellipsis"], len(self.dims) - used)
        return self._walk(self.items, len(self.dims) - used)

    def _open_shape(self, used: int) -> Shape:
        if any(isinstance(item, _Array | _Mask) for item in self.items):
            return UNKNOWN_SHAPE
        if "ellipsis" not in self.items:
            return Shape(self.dims[used:], open=True)
        place = self.items.index("ellipsis")
        before, after = self.items[:place], self.items[place + 1 :]
        tail = sum(_consumed(item) for item in after)
        lead = sum(_consumed(item) for item in before)
        if tail > len(self.dims):
            return UNKNOWN_SHAPE
        cut = len(self.dims) - tail
        walker = _Indexing(replace(self.source, spec=TensorSpec(Shape(self.dims[cut:]))), after)
        return Shape((*self.dims[min(lead, cut) : cut], *walker.shape().dims), open=True)

    def _walk(self, items: list[_Item], skipped: int) -> Shape:
        result: list[Dim] = []
        advanced: list[Shape] = []
        places: list[int] = []
        apart = False
        axis = 0
        has_array = any(isinstance(item, _Array | _Mask) for item in items)
        for item in items:
            if item == "ellipsis":
                result += self.dims[axis : axis + skipped]
                axis += skipped
                apart = apart or (bool(places) and skipped >= 0)
                continue
            if item == "new":
                result.append(1)
                apart = apart or bool(places)
                continue
            if isinstance(item, _Slice):
                result.append(slice_length(self.dims[axis], item.start, item.stop, item.step))
                apart = apart or bool(places)
                axis += 1
                continue
            if isinstance(item, _Int):
                self._check_int(item, axis)
            if has_array:
                if places and apart:
                    places.append(-1)
                places.append(len(result))
                advanced.append(self._advanced_shape(item, axis))
            axis += _consumed(item)
        if not has_array:
            return Shape(tuple(result))
        selection = self._broadcast(advanced)
        if selection.open:
            return UNKNOWN_SHAPE
        position = 0 if -1 in places else places[0]
        return Shape((*result[:position], *selection.dims, *result[position:]))

    def _check_int(self, item: _Int, axis: int) -> None:
        size = self.dims[axis]
        if item.value is None or not isinstance(size, int) or -size <= item.value < size:
            return
        words: str | None
        if self.masked:
            words = None
        elif self.source.kind == "numpy":
            words = f"index {item.value} is out of bounds for axis {axis} with size {size}"
        elif self.source.kind == "keras":
            words = f"Array has shape {tuple_text(self.dims)} but out-of-bounds index"
        else:
            # TensorFlow has counted from the front by then.
            place = item.value if item.value >= 0 else item.value + size
            words = f"slice index {place} of dimension {axis} out of bounds."
        raise refusal(
            "axis-out-of-range",
            f"index {item.value} is out of bounds: axis {axis} of {{subject}} has {size} entries",
            words,
            found=self.source.spec.shape,
            axis=axis,
            index=item.value,
        )

    def _advanced_shape(self, item: _Int | _Array | _Mask, axis: int) -> Shape:
        if isinstance(item, _Int):
            return Shape(())
        if isinstance(item, _Array):
            self._check_array(item.value, axis)
            return item.value.spec.shape
        for offset, (size, mask) in enumerate(
            zip(self.dims[axis : axis + item.rank], item.value.spec.shape.dims, strict=True)
        ):
            if same(size, mask) is False:
                where = axis + offset
                raise refusal(
                    "axis-out-of-range",
                    f"the mask has {mask} entries, but axis {where} of {{subject}} has {size}",
                    f"boolean index did not match indexed array along axis {where}; size of axis is {size} "
                    f"but size of corresponding boolean axis is {mask}"
                    if self.source.kind == "numpy" and isinstance(size, int) and isinstance(mask, int)
                    else None,
                    expected=self.source.spec.shape,
                    found=item.value.spec.shape,
                    axis=where,
                )
        chosen = array_of(item.value)
        return Shape((ANY if chosen is None else int(chosen.sum()),))

    def _check_array(self, index: TensorValue, axis: int) -> None:
        size, chosen = self.dims[axis], array_of(index)
        if not isinstance(size, int) or chosen is None or chosen.dtype == object or not chosen.size:
            return
        outside = chosen[(chosen >= size) | (chosen < -size)]
        if outside.size and self.source.kind == "numpy":
            value = int(outside.flat[0])
            raise refusal(
                "axis-out-of-range",
                f"index {value} is out of bounds: axis {axis} of {{subject}} has {size} entries",
                None if self.masked else f"index {value} is out of bounds for axis {axis} with size {size}",
                found=self.source.spec.shape,
                axis=axis,
                index=value,
            )

    def _broadcast(self, shapes: list[Shape]) -> Shape:
        result = shapes[0]
        for shape in shapes[1:]:
            found = broadcast(result, shape)
            if isinstance(found, Clash):
                given = " ".join(comma_text(item.dims) for item in shapes if item.dims)
                raise refusal(
                    "broadcast-mismatch",
                    f"the index arrays of {{subject}} do not fit together: {given}",
                    f"shape mismatch: indexing arrays could not be broadcast together with shapes {given}"
                    if all(item.known for item in shapes) and not self.masked
                    else None,
                    found=shape,
                    expected=result,
                )
            result = found
        return result

    def _too_many(self, used: int) -> None:
        rank = len(self.dims)
        if self.source.kind == "numpy":
            words = f"too many indices for array: array is {rank}-dimensional, but {used} were indexed"
        elif self.source.kind == "keras":
            words = f"Array has shape {tuple_text(self.dims)} but slice has to many indices."
        else:
            words = f"Index out of range using input dim {rank}; input has only {rank} dims"
        raise refusal(
            "axis-out-of-range",
            f"{used} indices for {{subject}}, which has {rank} axes",
            words,
            found=self.source.spec.shape,
            axis=rank,
            count=used,
        )


def _consumed(item: _Item) -> int:
    if isinstance(item, _Mask):
        return item.rank
    return 0 if isinstance(item, str) else 1


def _selected(source: TensorValue, items: list[_Item], shape: Shape) -> object:
    array = array_of(source)
    if array is None or not shape.known:
        return None
    key: list[Any] = []
    for item in items:
        if item == "new":
            key.append(None)
        elif item == "ellipsis":
            key.append(Ellipsis)
        elif isinstance(item, _Int):
            if item.value is None:
                return None
            key.append(item.value)
        elif isinstance(item, _Slice):
            bounds = (item.start, item.stop, item.step)
            if any(bound is not None and not isinstance(bound, int) for bound in bounds):
                return None
            key.append(slice(*bounds))
        elif isinstance(item, _Array | _Mask):
            chosen = array_of(item.value)
            if chosen is None or chosen.dtype == object:
                return None
            key.append(chosen)
    found = array[tuple(key)]
    return contents(found) if hasattr(found, "tolist") and hasattr(found, "size") else found
