"""What the real Kerases of both interpreters do alike with a case. Needs nothing but NumPy and Python 3.9."""

from __future__ import annotations

from typing import Any, Callable

import numpy

from tests.conformance.cases import Array, Inner, Input, Tensor


def realized(value: Any, tensor: Callable[[Tensor], Any], layer_class: Callable[[str], Any]) -> Any:
    """An argument of a case as the library takes it, with ``tensor`` and ``layer_class`` to make its things."""
    if isinstance(value, Tensor):
        return tensor(value)
    if isinstance(value, Inner):
        args, kwargs = (realized(part, tensor, layer_class) for part in (value.args, value.kwargs))
        return layer_class(value.name)(*args, **kwargs)
    if isinstance(value, dict):
        return {key: realized(item, tensor, layer_class) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(realized(item, tensor, layer_class) for item in value)
    return value


def mapped(nest: object, function: Callable[[Any], object]) -> object:
    """A nest of the library's tensors with ``function`` of each; lists become tuples."""
    if isinstance(nest, dict):
        return {key: mapped(item, function) for key, item in nest.items()}
    if isinstance(nest, (list, tuple)):
        return tuple(mapped(item, function) for item in nest)
    return function(nest)


def drawn(item: Input, generator: numpy.random.Generator) -> Any:
    """A NumPy array for an input of an expression; sizes that are not known are 0."""
    sizes = tuple(size or 0 for size in item.shape)
    if item.dtype == "bool":
        return numpy.asarray(generator.random(sizes) > 0.5)
    if item.dtype.startswith(("float", "bfloat")):
        return generator.random(sizes).astype(item.dtype)
    # Zeros of int64 are indices for every axis.
    return generator.integers(0, 1 if item.dtype == "int64" else 2, sizes).astype(item.dtype)


def plain(thing: Any) -> object:
    """What an expression gave, as plain data: arrays as `Array`, numbers and texts as they are."""
    if isinstance(thing, (list, tuple)):
        return tuple(map(plain, thing))
    if isinstance(thing, dict):
        return {key: plain(item) for key, item in thing.items()}
    if type(thing).__name__ == "TensorShape":
        return tuple(thing)
    if thing is None or isinstance(thing, (str, bool, int, float, complex)):
        return thing
    if isinstance(thing, numpy.generic):
        return thing.item()
    shape, dtype = getattr(thing, "shape", None), getattr(thing, "dtype", None)
    if shape is None or dtype is None:
        return repr(thing)
    known = getattr(shape, "rank", 0) is not None
    symbolic = not hasattr(thing, "__array__") or "KerasTensor" in type(thing).__name__
    dtype_name = getattr(dtype, "name", None) or str(dtype)
    sizes = tuple(shape) if known else None
    number = None if symbolic or sizes != () or dtype_name == "string" else complex(numpy.asarray(thing))
    return Array(sizes, dtype_name, symbolic, number)
