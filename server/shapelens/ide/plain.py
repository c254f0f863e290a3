"""Shapes as plain data, for JSON."""

from __future__ import annotations

from typing import TypeAlias

from shapelens.shapes.dims import Dim
from shapelens.shapes.shape import SpecNest, TensorSpec

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"


def shape_json(nest: SpecNest | None) -> Json:
    """A shape as a list of sizes; nested for several tensors; `None` when nothing is known."""
    if nest is None:
        return None
    if isinstance(nest, TensorSpec):
        return None if nest.shape.open else [dim_json(size) for size in nest.shape.dims]
    if isinstance(nest, dict):
        return {str(key): shape_json(item) for key, item in nest.items()}
    return [shape_json(item) for item in nest]


def dim_json(size: Dim) -> Json:
    """A size: an int, a string for a symbolic one, `None` for one that is dynamic or not known."""
    if size is None or isinstance(size, int):
        return size
    return str(size) if size.terms else None


def dtype_of(nest: SpecNest | None) -> str | None:
    """The dtype that all tensors of a nest share."""
    found = set(_dtypes(nest))
    return found.pop() if len(found) == 1 else None


def _dtypes(nest: SpecNest | None) -> list[str | None]:
    if nest is None:
        return []
    if isinstance(nest, TensorSpec):
        return [nest.dtype]
    items = nest.values() if isinstance(nest, dict) else nest
    return [dtype for item in items for dtype in _dtypes(item)]
