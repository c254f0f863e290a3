"""Builds what a wire term says, from public names and plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ..protocol import Wire, decode_scalar, decode_sizes, is_scalar
from .names import Names
from .refused import Refused

# Makes a tensor: of these sizes, of this dtype, in this manner.
MakeTensor = Callable[[tuple[Any, ...], str, str], Any]


class Bench:
    """Where the terms of one attempt are made: public names, tensors as ``tensor`` makes them, and the steps.

    All steps are made, each once, of symbolic tensors, when a term first needs one.
    """

    def __init__(self, names: Names, tensor: MakeTensor, steps: Sequence[Wire], symbolic: MakeTensor) -> None:
        self.tensor = tensor
        self.find = names.find
        self._names, self._steps, self._symbolic = names, steps, symbolic
        self._made: list[Any] = []
        self._making = False

    def given(self, number: int) -> Any:
        """What the step ``number`` made."""
        while len(self._made) < len(self._steps) and not self._making:
            self._made.append(self._step(self._steps[len(self._made)]))
        if number >= len(self._made):
            raise Refused("it needs a step that is not made yet")
        return self._made[number]

    def _step(self, term: Wire) -> Any:
        tensor, self.tensor, self._making = self.tensor, self._symbolic, True
        try:
            return build(self, term)
        except (Refused, MemoryError, RecursionError, ImportError):
            raise
        except Exception as error:
            raise Refused(f"an earlier step fails: {str(error)[:200]}") from None
        finally:
            self.tensor, self._making = tensor, False


def build(bench: Bench, term: Wire) -> Any:
    """The object. What the libraries raise on the way comes through; `Refused` where it may not be asked."""
    if is_scalar(term):
        return decode_scalar(term)
    tag = term[0]
    if tag == "n":
        return bench.find(term[1])
    if tag in ("l", "t"):
        items = [build(bench, item) for item in term[1]]
        return items if tag == "l" else tuple(items)
    if tag == "m":
        return _mapping(bench, term[1])
    if tag == "s":
        return slice(*(build(bench, part) for part in term[1:]))
    if tag == "T":
        return bench.tensor(decode_sizes(term[1]), term[2], term[3])
    if tag == "g":
        return bench.given(term[1])
    return call(bench, build(bench, term[1]), term)


def call(bench: Bench, function: Any, term: Wire) -> Any:
    """``function`` with the arguments of the call ``term``."""
    if not callable(function):
        raise Refused("what is called is no function")
    args = [build(bench, item) for item in term[2]]
    kwargs = {name: build(bench, value) for name, value in term[3]}
    return function(*args, **kwargs)


def _mapping(bench: Bench, pairs: Wire) -> dict[Any, Any]:
    built: dict[Any, Any] = {}
    for key_term, value_term in pairs:
        key = build(bench, key_term)
        if isinstance(key, str) and key in ("class_name", "module", "registered_name"):
            # Keras makes any object from its description, code included.
            raise Refused("it describes an object to be made")
        try:
            built[key] = build(bench, value_term)
        except TypeError as error:
            if "unhashable" not in str(error):
                raise
            raise Refused("a key of its dict is none") from None
    return built


def name_of(term: Wire, steps: Sequence[Wire] = ()) -> str:
    """The name that a call starts with: ``keras.layers.Dense`` of ``keras.layers.Dense(3)(x)``."""
    for _ in range(len(steps) + 1):
        while isinstance(term, list) and term and term[0] == "C":
            term = term[1]
        if not isinstance(term, list) or not term or term[0] != "g" or term[1] >= len(steps):
            break
        term = steps[term[1]]
    if isinstance(term, list) and term and term[0] == "n":
        return str(term[1])
    raise Refused("what is called is no function")


def parts(term: Wire) -> Iterator[Wire]:
    """The term and every term in it."""
    pending = [term]
    while pending:
        part = pending.pop()
        yield part
        if is_scalar(part) or part[0] in ("n", "T", "g"):
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


def names_in(term: Wire) -> set[str]:
    """The public names in a term."""
    return {part[1] for part in parts(term) if isinstance(part, list) and part[0] == "n"}


def says_stateful(term: Wire) -> bool:
    """Whether something in it is constructed with ``stateful=True``."""
    return any(
        not is_scalar(part) and part[0] == "C" and any(name == "stateful" and value is True for name, value in part[3])
        for part in parts(term)
    )


def _is_tensor(part: Wire) -> bool:
    return isinstance(part, list) and part[0] == "T"
