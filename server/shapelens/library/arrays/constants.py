"""Small constant contents of arrays, folded by NumPy itself.

``TensorValue.data`` holds nested tuples of Python scalars. An entry may also be a `SymDim` (a size
that this analysis does not know) or `DYNAMIC` (a size that Keras does not know while it builds).
"""

from __future__ import annotations

from enum import Enum
from typing import Any, TypeAlias

import numpy

from shapelens.library.machine import Machine
from shapelens.shapes.dims import Dim, SymDim
from shapelens.shapes.shape import Shape, TensorSpec
from shapelens.values.value import Const, SizeValue, TensorKind, TensorValue, Value

Array: TypeAlias = "numpy.ndarray[Any, Any]"

# Contents with more elements than this are not kept.
MAX_ITEMS = 64


class Dynamic(Enum):
    """A size that exists only while the graph runs."""

    SIZE = "dynamic"


DYNAMIC = Dynamic.SIZE


def array_of(tensor: TensorValue) -> Array | None:
    """The contents as a real array (of objects where a size is symbolic), if they are known."""
    shape = tensor.spec.shape
    if tensor.data is None or not shape.known or any(not isinstance(d, int) or d < 0 for d in shape.dims):
        return None
    flat = list(_leaves(tensor.data))
    sizes = tuple(int(d) for d in shape.dims if isinstance(d, int))
    if len(flat) != int(numpy.prod(sizes, dtype=object) if sizes else 1):
        return None
    symbolic = any(isinstance(leaf, SymDim | Dynamic) for leaf in flat)
    if symbolic or tensor.spec.dtype in (None, "object", "string", "bfloat16"):
        array = numpy.empty(len(flat), dtype=object)
        array[:] = flat
        return array.reshape(sizes)
    try:
        return numpy.array(flat, dtype=tensor.spec.dtype).reshape(sizes)
    except (ValueError, TypeError, OverflowError):
        return None


def contents(array: Array) -> object:
    """``array`` as nested tuples, or `None` when it is too large to keep."""
    if array.size > MAX_ITEMS:
        return None
    return _tuples(array.tolist())


def is_small(shape: Shape) -> bool:
    """Whether contents of this shape are kept."""
    size = shape.size()
    return isinstance(size, int) and size <= MAX_ITEMS


def tensor(
    machine: Machine,
    shape: Shape,
    dtype: str | None = None,
    kind: TensorKind = "numpy",
    data: object = None,
    labels: int | None = None,
) -> TensorValue:
    """A new array, made at the present call."""
    return TensorValue(TensorSpec(shape, dtype), kind, data, labels=labels, origin=machine.site)


def settled(value: TensorValue) -> Value:
    """``value``, or the plain number that stands for it: sizes are computed with arrays."""
    data = value.data
    if value.spec.shape.rank != 0 or data is None or value.kind == "variable":
        return value
    if isinstance(data, SymDim):
        return SizeValue(data) if data.terms else value
    if isinstance(data, int) and (value.kind == "numpy" or not isinstance(data, bool)):
        return Const(data, numpy=value.kind == "numpy" and not isinstance(data, bool))
    return value


def size_entry(size: Dim) -> object:
    """How a size is kept among an array's contents."""
    return DYNAMIC if size is None else size


def _leaves(data: object) -> Any:
    if isinstance(data, tuple):
        for item in data:
            yield from _leaves(item)
    else:
        yield data


def _tuples(value: object) -> object:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value
