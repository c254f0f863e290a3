"""Arrays with contents, for what cannot be asked without: several, so that only what agrees is believed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..protocol import Wire
from .libraries import Libraries
from .refused import Refused
from .terms import MakeTensor, tensors

# All arrays of one question together.
MAX_ELEMENTS = 2_000_000
CONTENTS = ("zeros", "ones", "mixed")


def affordable(term: Wire) -> bool:
    """Whether the tensors of a term have sizes that are known, and small enough to be made."""
    total = 0
    for sizes, _, _ in tensors(term):
        count = 1
        for size in sizes:
            if size is None:
                return False
            count *= size
        total += count
    return total <= MAX_ELEMENTS


def on_contents(term: Wire, libraries: Libraries, put: Callable[[MakeTensor], dict[str, Wire]]) -> dict[str, Wire]:
    """What ``put`` gives whatever the contents are: the answer on which all agree, else `Refused`."""
    if not affordable(term):
        raise Refused("it can only be tried on arrays, and the sizes of these are not known or too big")
    answers = [put(_maker(libraries, content)) for content in CONTENTS]
    first = answers[0]
    for other in answers[1:]:
        if {**first, "error": None} != {**other, "error": None} or ("error" in first) != ("error" in other):
            raise Refused("it depends on the contents of the arrays")
    return first


def _maker(libraries: Libraries, content: str) -> MakeTensor:
    random = libraries.numpy.random.default_rng(3)

    def make(sizes: tuple[Any, ...], dtype: str, how: str) -> Any:
        array = _array(libraries.numpy, random, content, sizes, dtype)
        if how == "numpy" or libraries.tensorflow is None:
            return array
        if how == "variable":
            return libraries.tensorflow.Variable(array)
        return libraries.tensorflow.constant(array)

    return make


def _array(numpy: Any, random: Any, content: str, sizes: tuple[int, ...], dtype: str) -> Any:
    if dtype == "string":
        return numpy.full(sizes, {"zeros": "", "ones": "1", "mixed": "some words"}[content], dtype=object)
    try:
        kind = numpy.dtype(dtype)
    except TypeError:
        raise Refused(f"{dtype} is no dtype of NumPy's") from None
    if kind.kind not in "biufc":
        raise Refused(f"arrays of {dtype} cannot be tried")
    if content == "mixed":
        # Signs for what has them; small numbers, because they may be indices.
        values = random.integers(0, 4, sizes) if kind.kind in "iu" else random.normal(size=sizes)
        return (values > 0 if kind.kind == "b" else values).astype(kind)
    return numpy.full(sizes, content == "ones", dtype=kind)
