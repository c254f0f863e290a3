"""Joining and cutting arrays: ``concatenate``, ``stack``, ``split``.

Wordings from runs of NumPy 2.4, TensorFlow 2.21 and Keras 3.15.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy

from shapelens.library.arrays.axes import axis_refusal, normal_axis
from shapelens.library.arrays.constants import array_of, contents, is_small, settled, tensor
from shapelens.library.arrays.convert import Maybe, Unsure, items_of, kind_of, operand
from shapelens.library.arrays.dtypes import Dialect, promote
from shapelens.library.arrays.failures import bracket_text, refusal, tuple_text
from shapelens.library.machine import Machine
from shapelens.shapes.dims import ANY, Dim, add, mul, same
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.failure import ShapeFailure
from shapelens.values.objects import ListObject
from shapelens.values.value import Ref, TensorValue, Value


def parts_of(machine: Machine, value: Value | None, dialect: Dialect) -> list[TensorValue] | None:
    """The arrays of a sequence (an array is the sequence of its rows)."""
    if isinstance(value, TensorValue):
        shape = value.spec.shape
        count = shape.dims[0] if shape.rank else None
        if not isinstance(count, int) or count > 4096:
            return None
        row = TensorValue(type(value.spec)(Shape(shape.dims[1:]), value.spec.dtype), value.kind)
        return [row] * count
    items = items_of(machine, value)
    return None if items is None else [operand(machine, item, dialect) for item in items]


def alike_parts(machine: Machine, value: Value | None, dialect: Dialect) -> tuple[TensorValue, Dim] | None:
    """What each array of a sequence is like, and their number, where they are not known one by one."""
    if isinstance(value, TensorValue) and value.spec.shape.rank:
        shape = value.spec.shape
        count = shape.dims[0]
        return TensorValue(type(value.spec)(Shape(shape.dims[1:]), value.spec.dtype), value.kind), count
    obj = machine.read(value) if isinstance(value, Ref) else None
    if not isinstance(obj, ListObject) or not obj.open or obj.rest is None:
        return None
    return operand(machine, obj.rest, dialect), obj.count


def concatenated_alike(shape: Shape, count: Dim, axis: int | Maybe, dialect: Dialect) -> Shape:
    """The shape of ``count`` arrays of one shape, joined along ``axis``."""
    if shape.open:
        return UNKNOWN_SHAPE
    once = concatenated([shape], axis, dialect)
    return once if isinstance(axis, Unsure) else once.replace(axis, mul(once.axis(axis), count))


def concatenate(machine: Machine, value: Value | None, axis: int | Maybe | None, dialect: Dialect) -> Value:
    """Arrays joined along an axis that they have; along all (flat) for ``axis`` `None`."""
    parts = parts_of(machine, value, dialect)
    if parts is None:
        alike = alike_parts(machine, value, dialect)
        if alike is None or axis is None:
            return _joined(machine, [], UNKNOWN_SHAPE, None, dialect)
        row, count = alike
        return _joined(machine, [row], concatenated_alike(row.spec.shape, count, axis, dialect), None, dialect)
    if axis is None:
        flat = [Shape((part.spec.shape.size(),)) for part in parts]
        return _joined(machine, parts, concatenated(flat, 0, dialect), None, dialect)
    shape = concatenated([part.spec.shape for part in parts], axis, dialect)

    def fold(arrays: list[Any]) -> Any:
        return numpy.concatenate(arrays, axis=0 if isinstance(axis, Unsure) else axis)

    return _joined(machine, parts, shape, None if isinstance(axis, Unsure) else fold, dialect)


def stack(machine: Machine, value: Value | None, axis: int | Maybe, dialect: Dialect) -> Value:
    """Arrays of one shape joined along a new axis."""
    parts = parts_of(machine, value, dialect)
    if parts is None:
        alike = alike_parts(machine, value, dialect)
        if alike is None:
            return _joined(machine, [], UNKNOWN_SHAPE, None, dialect)
        row, count = alike
        once = stacked([row.spec.shape], axis, dialect)
        whole = once if once.open or isinstance(axis, Unsure) else once.replace(axis, count)
        return _joined(machine, [row], whole, None, dialect)
    shape = stacked([part.spec.shape for part in parts], axis, dialect)

    def fold(arrays: list[Any]) -> Any:
        return numpy.stack(arrays, axis=0 if isinstance(axis, Unsure) else axis)

    return _joined(machine, parts, shape, None if isinstance(axis, Unsure) else fold, dialect)


def concatenated(shapes: Sequence[Shape], axis: int | Maybe, dialect: Dialect) -> Shape:
    """The shape of a concatenation."""
    if not shapes:
        raise refusal("concat-mismatch", "there is nothing to concatenate", "need at least one array to concatenate")
    closed = [(index, shape) for index, shape in enumerate(shapes) if not shape.open]
    if not closed:
        return UNKNOWN_SHAPE
    first = closed[0][1]
    if not first.dims:
        raise refusal(
            "concat-mismatch",
            "scalars cannot be concatenated",
            "zero-dimensional arrays cannot be concatenated" if dialect == "numpy" else None,
            found=first,
        )
    rank = len(first.dims)
    words = None
    if dialect == "tensorflow":
        words = f"ConcatOp : Expected concatenating dimensions in the range [{-rank}, {rank}), but got {axis}"
    place = None if isinstance(axis, Unsure) else normal_axis(axis, first, dialect, words)
    result: list[Dim] = list(first.dims)
    for index, shape in closed[1:]:
        if len(shape.dims) != rank:
            raise _rank_refusal(shapes, first, shape, index, dialect)
        for other, size in enumerate(shape.dims):
            if other == place:
                result[other] = add(result[other], size)
            elif place is not None and same(result[other], size) is False:
                raise _concat_refusal(shapes, first, shape, index, other, dialect)
            elif not isinstance(result[other], int) and dialect != "keras":
                result[other] = size
    if place is None:
        return Shape((ANY,) * rank)
    if len(closed) < len(shapes):
        result[place] = ANY
    if dialect == "keras" and shapes[0].open:
        # Of symbolic tensors the first one tells the sizes, and it may not know what the others do.
        return Shape((ANY,) * rank)
    return Shape(tuple(result))


def stacked(shapes: Sequence[Shape], axis: int | Maybe, dialect: Dialect) -> Shape:
    """The shape of a stack."""
    if not shapes:
        raise refusal("concat-mismatch", "there is nothing to stack", "need at least one array to stack")
    closed = [shape for shape in shapes if not shape.open]
    if not closed:
        return UNKNOWN_SHAPE
    first = closed[0]
    row: list[Dim] = list(first.dims)
    rank = len(row) + 1
    if dialect == "keras" and not isinstance(axis, Unsure) and not -rank <= axis < rank:
        raise axis_refusal(axis, rank, first, dialect)
    for index, shape in enumerate(shapes):
        if shape.open:
            continue
        if len(shape.dims) != len(row):
            raise _stack_refusal(first, shape, index, dialect)
        for place, size in enumerate(shape.dims):
            if same(row[place], size) is False:
                raise _stack_refusal(first, shape, index, dialect)
            if not isinstance(row[place], int) and dialect != "keras":
                row[place] = size
    if dialect == "keras" and shapes[0].open:
        row = [ANY] * len(row)
    if isinstance(axis, Unsure):
        return Shape((ANY,) * rank)
    if not -rank <= axis < rank:
        raise axis_refusal(axis, rank, first, dialect)
    row.insert(axis % rank, len(shapes))
    return Shape(tuple(row))


def pieces(machine: Machine, source: TensorValue, axis: int, sizes: Sequence[Dim], dialect: Dialect) -> list[Value]:
    """Parts of ``source`` along ``axis``, with their contents where those are known."""
    shape = source.spec.shape
    made: list[Value] = []
    whole, begin = array_of(source), 0
    for size in sizes:
        part = UNKNOWN_SHAPE if shape.open else shape.replace(axis, size)
        data = None
        if whole is not None and isinstance(size, int):
            data = contents(whole.take(range(begin, begin + size), axis=axis))
            begin += size
        else:
            whole = None
        made.append(tensor(machine, part, source.spec.dtype, kind_of([source], dialect), data))
    return made


def _joined(
    machine: Machine,
    parts: Sequence[TensorValue],
    shape: Shape,
    fold: Callable[[list[Any]], Any] | None,
    dialect: Dialect,
) -> Value:
    dtype = promote([part.spec.dtype for part in parts], dialect)
    if dtype is None and dialect == "tensorflow":
        owned = {part.spec.dtype for part in parts if part.kind in ("tensor", "variable", "keras")}
        dtype = owned.pop() if len(owned) == 1 else None
    data = None
    if fold is not None and is_small(shape) and all(part.data is not None for part in parts):
        arrays = [array_of(part) for part in parts]
        if all(array is not None for array in arrays):
            data = contents(fold(arrays))
    classes = {part.labels for part in parts}
    labels = classes.pop() if len(classes) == 1 else None
    return settled(tensor(machine, shape, dtype, kind_of(list(parts), dialect), data, labels))


def _rank_refusal(shapes: Sequence[Shape], first: Shape, shape: Shape, index: int, dialect: Dialect) -> ShapeFailure:
    words = None
    if dialect == "numpy" and first is shapes[0]:
        words = (
            "all the input arrays must have same number of dimensions, but the array at index 0 has "
            f"{len(first.dims)} dimension(s) and the array at index {index} has {len(shape.dims)} dimension(s)"
        )
    elif dialect == "tensorflow" and first.known and shape.known and first is shapes[0]:
        words = (
            "ConcatOp : Ranks of all input tensors should match: "
            f"shape[0] = {bracket_text(first.dims)} vs. shape[{index}] = {bracket_text(shape.dims)}"
        )
    elif dialect == "keras" and first is shapes[0]:
        words = _keras_words(shape, first)
    return refusal(
        "concat-mismatch",
        f"shapes {first} and {shape} have different numbers of axes and cannot be concatenated",
        words,
        expected=first,
        found=shape,
        index=index,
    )


def _concat_refusal(
    shapes: Sequence[Shape], first: Shape, shape: Shape, index: int, axis: int, dialect: Dialect
) -> ShapeFailure:
    words = None
    if dialect == "numpy" and first is shapes[0]:
        words = (
            "all the input array dimensions except for the concatenation axis must match exactly, "
            f"but along dimension {axis}, the array at index 0 has size "
            f"{first.dims[axis]} and the array at index {index} has size {shape.dims[axis]}"
        )
    elif dialect == "tensorflow" and first.known and shape.known and first is shapes[0]:
        words = (
            f"ConcatOp : Dimension {axis} in both shapes must be equal: "
            f"shape[0] = {bracket_text(first.dims)} vs. shape[{index}] = {bracket_text(shape.dims)}"
        )
    elif dialect == "keras" and first is shapes[0]:
        words = _keras_words(shape, first)
    return refusal(
        "concat-mismatch",
        f"shapes {first} and {shape} cannot be concatenated: "
        f"axis {axis} is {first.dims[axis]} in one and {shape.dims[axis]} in the other",
        words,
        expected=first,
        found=shape,
        axis=axis,
        index=index,
    )


def _stack_refusal(first: Shape, shape: Shape, index: int, dialect: Dialect) -> ShapeFailure:
    words: str | None = "all input arrays must have the same shape"
    if dialect == "tensorflow":
        words = None
        if first.known and shape.known:
            words = (
                "Shapes of all inputs must match: "
                f"values[0].shape = {bracket_text(first.dims)} != "
                f"values[{index}].shape = {bracket_text(shape.dims)}"
            )
    elif dialect == "keras":
        words = (
            "Every value in `x` must have the same shape. But found element of shape "
            f"{tuple_text(shape.dims)},  which is different from the first element's shape "
            f"{tuple_text(first.dims)}."
        )
    return refusal(
        "concat-mismatch",
        f"shapes {first} and {shape} differ and cannot be stacked",
        words,
        expected=first,
        found=shape,
        index=index,
    )


def _keras_words(shape: Shape, first: Shape) -> str:
    return (
        "Every value in `xs` must have the same shape except on the `axis` dim. But found element of shape "
        f"{tuple_text(shape.dims)}, which is different from the first element's shape "
        f"{tuple_text(first.dims)}."
    )
