"""Reductions: ``sum``, ``mean``, ``max``, ``argmax`` and their like.

Wordings and dtypes from runs of NumPy 2.4, TensorFlow 2.21 and Keras 3.15.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy

from shapelens.library.arrays.axes import normal_axis
from shapelens.library.arrays.constants import array_of, contents, is_small, settled, tensor
from shapelens.library.arrays.convert import Maybe, Unsure, axes_of, flag, kind_of, operand
from shapelens.library.arrays.dtypes import Dialect, dtype_given, is_float, is_integer
from shapelens.library.arrays.failures import refusal
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, of_rank
from shapelens.values.value import TensorKind, TensorValue, Value

# What the result's dtype is: the input's, the accumulator's, a float, bool, or an index.
SAME, TOTAL, FLOAT, BOOL, INDEX = "same", "total", "float", "bool", "index"
_FOLDED = {
    "sum": numpy.sum,
    "prod": numpy.prod,
    "max": numpy.max,
    "min": numpy.min,
    "mean": numpy.mean,
    "argmax": numpy.argmax,
    "argmin": numpy.argmin,
    "any": numpy.any,
    "all": numpy.all,
}


def reduce(machine: Machine, args: Arguments, dialect: Dialect, how: str, fold: str = "", source: str = "x") -> Value:
    """A reduction of the argument ``source`` over ``axis`` with ``keepdims``."""
    array = operand(machine, args.get(source), dialect)
    axes = axes_of(machine, args.get("axis"))
    keepdims = flag(args, "keepdims", False)
    if array.kind in ("frame", "series") and axes is None:
        axes = (0,)
    if array.spec.shape.rank == 0 and dialect == "numpy" and how != FLOAT and axes in ((0,), (-1,)):
        # NumPy's ufunc reductions take a scalar for a vector.
        axes = None
    shape = reduced(array.spec.shape, axes, keepdims, dialect)
    dtype = dtype_given(args, reduced_dtype(array.spec.dtype, how, dialect), dialect)
    data = None
    if fold in _FOLDED and is_small(shape) and not isinstance(axes, Unsure) and not isinstance(keepdims, Unsure):
        data = _folded(array, fold, axes, keepdims, dtype)
    kind: TensorKind = "series" if array.kind in ("frame", "series") else kind_of([array], dialect)
    return settled(tensor(machine, shape, dtype, kind, data))


def reduced(shape: Shape, axes: Sequence[int] | Maybe | None, keepdims: bool | Maybe, dialect: Dialect) -> Shape:
    """The shape that is left when ``axes`` (`None`: all) are reduced."""
    if isinstance(axes, Unsure) or isinstance(keepdims, Unsure):
        return of_rank(len(shape.dims)) if keepdims is True and not shape.open else UNKNOWN_SHAPE
    if axes is None:
        if not keepdims:
            return Shape(())
        return UNKNOWN_SHAPE if shape.open else Shape((1,) * len(shape.dims))
    if shape.open:
        return _reduced_open(shape, axes, keepdims)
    rank = len(shape.dims)
    gone: list[int] = []
    for axis in axes:
        words = None
        if dialect == "tensorflow":
            words = f"Invalid reduction dimension ({axis} for input with {rank} dimension(s)"
        gone.append(normal_axis(axis, shape, dialect, words))
    if len(set(gone)) < len(gone) and dialect == "numpy":
        raise refusal("invalid-argument", "an axis is given twice", None, subject="axis")
    if keepdims:
        return Shape(tuple(1 if place in gone else size for place, size in enumerate(shape.dims)))
    return Shape(tuple(size for place, size in enumerate(shape.dims) if place not in gone))


def reduced_dtype(dtype: str | None, how: str, dialect: Dialect) -> str | None:
    """The dtype of a reduction's result."""
    if how == BOOL:
        return "bool"
    if how == INDEX:
        return "int32" if dialect == "keras" else "int64"
    if dtype is None or how == SAME or (dialect == "tensorflow" and how != FLOAT):
        return dtype
    if how == FLOAT:
        if is_float(dtype) or dtype.startswith("complex"):
            return dtype
        return {"numpy": "float64", "tensorflow": None, "keras": "float32"}[dialect]
    if dialect == "numpy" and (dtype == "bool" or is_integer(dtype)):
        return "uint64" if dtype.startswith("uint") else "int64"
    if dialect == "keras" and dtype in ("bool", "int8", "int16", "uint8", "uint16"):
        return "uint32" if dtype.startswith("uint") else "int32"
    return dtype


def _reduced_open(shape: Shape, axes: Sequence[int], keepdims: bool) -> Shape:
    count = len(shape.dims)
    if any(not -count <= axis < 0 for axis in axes):
        return UNKNOWN_SHAPE
    gone = {axis % count for axis in axes}
    if keepdims:
        return Shape(tuple(1 if place in gone else size for place, size in enumerate(shape.dims)), open=True)
    return Shape(tuple(size for place, size in enumerate(shape.dims) if place not in gone), open=True)


def _folded(source: TensorValue, name: str, axes: Sequence[int] | None, keepdims: bool, dtype: str | None) -> object:
    array = array_of(source)
    if array is None or array.dtype == object or not array.size or array.dtype.kind in "US":
        return None
    axis = None if axes is None else axes[0] if name.startswith("arg") else tuple(axes)
    try:
        with numpy.errstate(all="ignore"):
            result = _FOLDED[name](array, axis=axis, keepdims=keepdims)  # type: ignore[operator]
        return contents(numpy.asarray(result, dtype=dtype))
    except (TypeError, ValueError, OverflowError):
        return None
