"""Builds what a wire term says, from public names and plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..protocol import Wire, decode_scalar, decode_sizes, is_scalar
from .names import Names
from .refused import Refused

# Makes a tensor: of these sizes, of this dtype, in this manner.
MakeTensor = Callable[[tuple[Any, ...], str, str], Any]


def build(names: Names, term: Wire, tensor: MakeTensor) -> Any:
    """The object. What the libraries raise on the way comes through; `Refused` where it may not be asked."""
    if is_scalar(term):
        return decode_scalar(term)
    tag = term[0]
    if tag == "n":
        return names.find(term[1])
    if tag in ("l", "t"):
        items = [build(names, item, tensor) for item in term[1]]
        return items if tag == "l" else tuple(items)
    if tag == "m":
        return _mapping(names, term[1], tensor)
    if tag == "s":
        return slice(*(build(names, part, tensor) for part in term[1:]))
    if tag == "T":
        return tensor(decode_sizes(term[1]), term[2], term[3])
    function = build(names, term[1], tensor)
    return call(names, function, term, tensor)


def call(names: Names, function: Any, term: Wire, tensor: MakeTensor) -> Any:
    """``function`` with the arguments of the call ``term``."""
    if not callable(function):
        raise Refused("what is called is no function")
    args = [build(names, item, tensor) for item in term[2]]
    kwargs = {name: build(names, value, tensor) for name, value in term[3]}
    return function(*args, **kwargs)


def _mapping(names: Names, pairs: Wire, tensor: MakeTensor) -> dict[Any, Any]:
    built: dict[Any, Any] = {}
    for key_term, value_term in pairs:
        key = build(names, key_term, tensor)
        if isinstance(key, str) and key in ("class_name", "module", "registered_name"):
            # Keras makes any object from its description, code included.
            raise Refused("it describes an object to be made")
        try:
            built[key] = build(names, value_term, tensor)
        except TypeError as error:
            if "unhashable" not in str(error):
                raise
            raise Refused("a key of its dict is none") from None
    return built


def name_of(term: Wire) -> str:
    """The name that a call starts with: ``keras.layers.Dense`` of ``keras.layers.Dense(3)(x)``."""
    while isinstance(term, list) and term and term[0] == "C":
        term = term[1]
    if isinstance(term, list) and term and term[0] == "n":
        return str(term[1])
    raise Refused("what is called is no function")


def parts(term: Wire) -> Iterator[Wire]:
    """The term and every term in it."""
    pending = [term]
    while pending:
        part = pending.pop()
        yield part
        if is_scalar(part) or part[0] in ("n", "T"):
            continue
        if part[0] in ("l", "t"):
            pending += part[1]
        elif part[0] == "m":
            pending += [item for pair in part[1] for item in pair]
        elif part[0] == "s":
            pending += part[1:]
        else:
            pending += [part[1], *part[2], *(value for _, value in part[3])]


def tensors(term: Wire) -> list[tuple[tuple[int | None, ...], str, str]]:
    """The sizes, dtype and manner of every tensor in a term."""
    return [(decode_sizes(part[1]), part[2], part[3]) for part in parts(term) if _is_tensor(part)]


def says_stateful(term: Wire) -> bool:
    """Whether something in it is constructed with ``stateful=True``."""
    return any(
        not is_scalar(part) and part[0] == "C" and any(name == "stateful" and value is True for name, value in part[3])
        for part in parts(term)
    )


def _is_tensor(part: Wire) -> bool:
    return isinstance(part, list) and part[0] == "T"
