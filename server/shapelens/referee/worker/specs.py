"""Structures of the shapes of tensors, as questions about training tell them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..protocol import Wire, decode_scalar, decode_sizes
from .refused import Refused


class Spec:
    """The shape and dtype of a tensor."""

    def __init__(self, sizes: tuple[int | None, ...], dtype: str) -> None:
        self.sizes = sizes
        self.dtype = dtype

    def elements(self) -> int:
        """How many numbers it holds; `Refused` when that is not known."""
        count = 1
        for size in self.sizes:
            if size is None:
                raise Refused("a size of it is not known")
            count *= size
        return count


def is_as_declared(given: Any, declared: Spec) -> bool:
    """Whether data have the declared shape; an axis of size 1 at the end is added or taken away by Keras."""
    if not isinstance(given, Spec):
        return False
    sizes, wanted = list(given.sizes[1:]), list(declared.sizes[1:])
    if abs(len(sizes) - len(wanted)) == 1:
        longer = max(sizes, wanted, key=len)
        if longer[-1] == 1:
            longer.pop()
    if len(sizes) != len(wanted):
        return False
    return all(None in (size, wanted[axis]) or size == wanted[axis] for axis, size in enumerate(sizes))


def structure_of(term: Wire) -> Any:
    """A structure of specs, of the tensors in a term."""
    if isinstance(term, list) and term and term[0] == "T":
        return Spec(decode_sizes(term[1]), term[2])
    if isinstance(term, list) and term and term[0] in ("l", "t"):
        return [structure_of(item) for item in term[1]]
    if isinstance(term, list) and term and term[0] == "m":
        return {str(decode_scalar(key)): structure_of(value) for key, value in term[1]}
    raise Refused("the model's inputs or outputs are not described")


def texts_of(term: Wire) -> list[str]:
    """The texts of a list; none where there is nothing."""
    if term is None:
        return []
    if not isinstance(term, list) or term[0] not in ("l", "t"):
        raise Refused("its names are no list")
    return [str(decode_scalar(item)) for item in term[1]]


def map_nest(function: Callable[[Any], Any], nest: Any) -> Any:
    """The same structure of ``function`` of each leaf."""
    if isinstance(nest, dict):
        return {key: map_nest(function, item) for key, item in nest.items()}
    if isinstance(nest, (list, tuple)):
        return type(nest)(map_nest(function, item) for item in nest)
    return None if nest is None else function(nest)


def flatten(nest: Any) -> Iterator[Any]:
    """The leaves of a structure, without ``None``."""
    if isinstance(nest, dict):
        for item in nest.values():
            yield from flatten(item)
    elif isinstance(nest, (list, tuple)):
        for item in nest:
            yield from flatten(item)
    elif nest is not None:
        yield nest
