"""New arrays of a given shape, ranges, identity matrices: shared by the libraries."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy

from shapelens.library.arrays.constants import MAX_ITEMS, array_of, contents, settled, tensor
from shapelens.library.arrays.convert import as_dim, as_int, is_none, kind_of, operand
from shapelens.library.arrays.dtypes import Dialect, default_dtype, dtype_given, promote, scalar_type
from shapelens.library.arrays.elementwise import broadcast_shapes
from shapelens.library.arrays.failures import refusal
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.dims import ANY, Dim, ceildiv, sub
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.value import Const, TensorKind, TensorValue, Value


def new_kind(dialect: Dialect) -> TensorKind:
    """The kind of an array that is made from plain numbers."""
    return "numpy" if dialect == "numpy" else "tensor"


def filled(machine: Machine, shape: Shape, dtype: str | None, dialect: Dialect, labels: int | None = None) -> Value:
    """A new array of ``shape``, refusing negative sizes."""
    negative = [size for size in shape.dims if isinstance(size, int) and size < 0]
    if negative and not shape.open:
        raise refusal(
            "negative-dimension",
            f"an array cannot have the shape {shape}: {negative[0]} is negative",
            "negative dimensions are not allowed" if dialect == "numpy" else None,
            found=shape,
        )
    return tensor(machine, shape, dtype, new_kind(dialect), labels=labels)


def full_dtype(value: Value | None, dialect: Dialect) -> str | None:
    """The dtype that a fill value gives."""
    if isinstance(value, TensorValue):
        return value.spec.dtype
    return None if value is None else default_dtype(scalar_type(value), dialect)


def range_of(machine: Machine, args: Arguments, dialect: Dialect) -> Value:
    """``arange(start, stop, step, dtype)``; with one argument it is the end."""
    start, stop, step = args.get("start"), args.get("stop"), args.get("step")
    if is_none(stop):
        start, stop = None, start
    bounds = (start or Const(0), stop or Const(0), Const(1) if step is None or is_none(step) else step)
    dtype = dtype_given(args, _range_dtype(bounds, dialect), dialect)
    low, high, by = map(_number, bounds)
    data = None
    if low is not None and high is not None and by:
        size: Dim = max(0, math.ceil((high - low) / by))
        if isinstance(size, int) and size <= MAX_ITEMS and dtype not in (None, "bfloat16"):
            data = contents(numpy.arange(low, high, by)[:size].astype(dtype))
    else:
        size = _symbolic_length(bounds)
    return tensor(machine, Shape((size,)), dtype, new_kind(dialect), data)


def spaced(
    machine: Machine,
    start: Value | None,
    stop: Value | None,
    num: Value | None,
    dtype: str | None,
    dialect: Dialect,
) -> TensorValue:
    """``linspace``: ``num`` values from ``start`` to ``stop``, along the first axis."""
    a, b = operand(machine, start, dialect), operand(machine, stop, dialect)
    ends = broadcast_shapes(a, b, dialect)
    count = as_dim(num) if num is not None else 50
    shape = UNKNOWN_SHAPE if ends.open else Shape((count, *ends.dims))
    return tensor(machine, shape, dtype, kind_of([a, b], dialect))


def even_steps(args: Arguments, dtype: str | None) -> object:
    """The contents of ``linspace`` where they are few and known (stochastic depth is scheduled with them)."""
    start, stop, count = args.get("start"), args.get("stop"), args.get("num") or Const(50)
    ends = [v.value for v in (start, stop) if isinstance(v, Const) and isinstance(v.value, int | float)]
    if len(ends) != 2 or not isinstance(count, Const) or not isinstance(count.value, int):
        return None
    if dtype not in ("float32", "float64") or not 0 <= count.value <= MAX_ITEMS:
        return None
    # TensorFlow computes in the result's precision: so these are its numbers, to the last bit.
    first, last = numpy.array(ends, dtype)
    return contents(numpy.linspace(first, last, count.value, dtype=dtype))


def identity(rows: Value | None, columns: Value | None) -> Shape:
    """The shape of ``eye(rows, columns)``."""
    height = ANY if rows is None else as_dim(rows)
    return Shape((height, height if is_none(columns) or columns is None else as_dim(columns)))


def one_hot_shape(source: Shape, depth: Dim, axis: int | None) -> Shape:
    """``source`` with a new axis of ``depth`` classes."""
    if source.open:
        return Shape((depth,), open=True) if axis == -1 else UNKNOWN_SHAPE
    rank = len(source.dims) + 1
    if axis is None:
        return Shape((ANY,) * rank)
    if not -1 <= axis < rank:
        raise refusal(
            "axis-out-of-range",
            f"the classes cannot become axis {axis} of {rank} axes",
            None,
            found=source,
            axis=axis,
        )
    sizes = list(source.dims)
    sizes.insert(axis % rank, depth)
    return Shape(tuple(sizes))


def diagonal_matrix(source: Shape, offset: int | None) -> Shape:
    """``diag``: a matrix from a vector, or a matrix's diagonal."""
    if source.rank == 1:
        size = source.dims[0]
        if offset is None or not isinstance(size, int):
            side: Dim = size if offset == 0 else ANY
        else:
            side = size + abs(offset)
        return Shape((side, side))
    if source.rank == 2 and offset is not None:
        rows, columns = source.dims
        if isinstance(rows, int) and isinstance(columns, int):
            length = min(rows, columns - offset) if offset >= 0 else min(rows + offset, columns)
            return Shape((max(0, length),))
    return UNKNOWN_SHAPE if source.open else Shape((ANY,))


def relabelled(value: TensorValue, labels: int | None) -> TensorValue:
    """``value`` with the number of classes among its contents."""
    return replace(value, labels=labels)


def folded(value: TensorValue, dtype: str | None) -> Value:
    """``value`` in another dtype, contents included."""
    array = array_of(value)
    data: object = None
    if array is not None and array.dtype == object and dtype in ("int32", "int64"):
        data = value.data
    elif array is not None and array.dtype != object and dtype not in (None, "string", "str", "object", "bfloat16"):
        try:
            with numpy.errstate(all="ignore"):
                data = contents(array.astype(dtype))
        except (TypeError, ValueError, OverflowError):
            data = None
    return settled(replace(value, spec=replace(value.spec, dtype=dtype), data=data))


def _range_dtype(bounds: tuple[Value, ...], dialect: Dialect) -> str | None:
    likes = [value.spec.dtype if isinstance(value, TensorValue) else scalar_type(value) for value in bounds]
    kinds = [like for like in likes if isinstance(like, type)]
    if len(kinds) == len(likes):
        return default_dtype(max(kinds, key=[bool, int, float, complex, str].index), dialect)
    return promote(likes, dialect)


def _number(value: Value | None) -> int | float | None:
    if isinstance(value, Const) and isinstance(value.value, int | float):
        return value.value
    if isinstance(value, TensorValue) and isinstance(value.data, int | float):
        return value.data
    return None if value is None else as_int(value)


def _symbolic_length(bounds: tuple[Value | None, ...]) -> Dim:
    low, high, by = (ANY if value is None else as_dim(value) for value in bounds)
    if not isinstance(by, int) or by <= 0:
        return ANY
    length = sub(high, low)
    return length if by == 1 else ceildiv(length, by)
