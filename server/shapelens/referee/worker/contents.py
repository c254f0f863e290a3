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
# Arrays that take no memory themselves, but may be copied.
MAX_EMPTY = 100_000_000
# What is raised before NumPy looks at any content.
ABOUT_SHAPES = ("ValueError", "IndexError", "AxisError")
# A layer with more is not made with content.
MAX_WEIGHTS = 1_000_000
CONTENTS = ("zeros", "ones", "mixed")
# For a size that is not known.
STAND_INS = (1, 2, 5)


def affordable(term: Wire, most: int = MAX_ELEMENTS) -> bool:
    """Whether the tensors of a term are small enough to be made."""
    total = 0
    for sizes, _, _ in tensors(term):
        count = 1
        for size in sizes:
            count *= max(STAND_INS) if size is None else size
        total += count
    return total <= most


def all_sizes_known(term: Wire) -> bool:
    """Whether no tensor of a term has a size that is not known."""
    return all(None not in sizes for sizes, _, _ in tensors(term))


def empty_array(libraries: Libraries, sizes: tuple[int | None, ...], dtype: str) -> Any:
    """An array that takes no memory, for what does not look at contents. It can be written to, as any other."""
    if any(size is None for size in sizes):
        raise Refused("a size of an array is not known")
    try:
        one = libraries.numpy.zeros((), dtype)
        return libraries.numpy.lib.stride_tricks.as_strided(one, sizes, [0] * len(sizes))
    except (TypeError, ValueError, OverflowError) as error:
        raise Refused(f"there is no such array: {error}") from None


def on_contents(term: Wire, libraries: Libraries, put: Callable[[MakeTensor], dict[str, Wire]]) -> dict[str, Wire]:
    """What ``put`` gives whatever the contents are: the answer on which all agree, else `Refused`."""
    if not all_sizes_known(term) or not affordable(term, MAX_EMPTY):
        raise Refused("it can only be tried on arrays, and the sizes of these are not known or too big")
    if not affordable(term):
        found = put(lambda sizes, dtype, how: empty_array(libraries, sizes, dtype))
        if found.get("error_type") not in ABOUT_SHAPES:
            raise Refused("it raises nothing because of the shapes, and the arrays are too big for more")
        return only_on_arrays(found)
    return _agreed([put(_maker(libraries, content, 0)) for content in CONTENTS])


def fails_on_contents(term: Wire, libraries: Libraries, put: Callable[[MakeTensor], dict[str, Wire]]) -> bool:
    """Whether ``put`` fails whatever the contents are, and whatever the unknown sizes.

    Those get the same size everywhere, since nothing fits better than that.
    """
    stand_ins = (0,) if all_sizes_known(term) else STAND_INS
    return all("error" in put(_maker(libraries, content, size)) for size in stand_ins for content in CONTENTS)


def only_on_arrays(fields: dict[str, Wire]) -> dict[str, Wire]:
    """An error that may be one of the contents that were tried: it proves what a rule found, and nothing else."""
    return {**fields, "error_type": f"{fields['error_type']} on arrays"}


def _agreed(answers: list[dict[str, Wire]]) -> dict[str, Wire]:
    first = answers[0]
    for other in answers[1:]:
        if {**first, "error": None} != {**other, "error": None} or ("error" in first) != ("error" in other):
            raise Refused("it depends on the contents of the arrays")
    return first


def _maker(libraries: Libraries, content: str, stand_in: int) -> MakeTensor:
    random = libraries.numpy.random.default_rng(3)

    def make(sizes: tuple[Any, ...], dtype: str, how: str) -> Any:
        whole = tuple(stand_in if size is None else size for size in sizes)
        array = _array(libraries.numpy, random, content, whole, dtype)
        if how == "numpy":
            return array
        return libraries.variable(array) if how == "variable" else libraries.tensor(array)

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
