"""``einsum`` over sizes that may not be known."""

from __future__ import annotations

from collections.abc import Sequence

from shapelens.library.arrays.failures import refusal
from shapelens.shapes.broadcast import Clash, broadcast
from shapelens.shapes.dims import ANY, Dim, same
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.failure import ShapeFailure


def einsum_shape(equation: str, shapes: Sequence[Shape], *, checked: bool = True, ones_broadcast: bool = True) -> Shape:
    """The shape of ``einsum(equation, ...)``.

    Keras does not check (``checked``) symbolic sizes that are summed over; TensorFlow does not take an axis of size 1
    for any other size (``ones_broadcast``), as NumPy does.
    """
    note = _note if ones_broadcast else _note_strictly
    text = equation.replace(" ", "")
    left, arrow, right = text.partition("->")
    terms = left.split(",")
    if len(terms) != len(shapes):
        raise refusal(
            "invalid-argument",
            f"the equation {equation!r} has {len(terms)} terms for {len(shapes)} arrays",
            None,
            subject=0,
        )
    sizes: dict[str, Dim] = {}
    spread = Shape(())
    # Which letters' sizes are compared: symbolic calls of Keras broadcast those of the result.
    seen = left if checked else right
    for index, (term, shape) in enumerate(zip(terms, shapes, strict=True)):
        if shape.open:
            _note_open(term, sizes, ones_broadcast)
            spread = UNKNOWN_SHAPE if "." in term else spread
            continue
        before, dots, after = term.partition("...")
        extra = len(shape.dims) - len(before) - len(after)
        if extra < 0 or (extra > 0 and not dots):
            raise _rank_refusal(equation, term, shape, index)
        for letters, dims in ((before, shape.dims[: len(before)]), (after, shape.dims[len(before) + extra :])):
            note(equation, *((letters, dims) if checked else _first(letters, dims)), sizes, index, seen)
        left_out = Shape(shape.dims[len(before) : len(before) + extra])
        met = broadcast(spread, left_out)
        if isinstance(met, Clash):
            raise refusal(
                "matmul-mismatch",
                f"the axes that '...' stands for in {equation!r} do not fit together: {spread} and {left_out}",
                None,
                subject=index + 1,
            )
        spread = met
    return _output(left, right if arrow else None, sizes, spread)


def _first(letters: str, dims: tuple[Dim, ...]) -> tuple[str, tuple[Dim, ...]]:
    """Each letter once: along a diagonal, a symbolic call takes the first of the sizes."""
    found = dict(reversed(list(zip(letters, dims, strict=True))))
    return "".join(found), tuple(found.values())


def _output(left: str, right: str | None, sizes: dict[str, Dim], spread: Shape) -> Shape:
    if right is None:
        letters = left.replace(",", "").replace(".", "")
        once = sorted(letter for letter in set(letters) if letters.count(letter) == 1)
        right = ("..." if "..." in left else "") + "".join(once)
    before, dots, after = right.partition("...")
    if any(letter not in sizes for letter in before + after):
        return UNKNOWN_SHAPE
    head = tuple(sizes[letter] for letter in before)
    tail = tuple(sizes[letter] for letter in after)
    if not dots:
        return Shape(head)
    return Shape(tail, open=True) if spread.open else Shape((*head, *spread.dims, *tail))


def _note(equation: str, letters: str, dims: Sequence[Dim], sizes: dict[str, Dim], index: int, checked: str) -> None:
    for letter, size in zip(letters, dims, strict=True):
        known = sizes.get(letter, 1)
        if known == 1 or not isinstance(known, int):
            if known == 1 or isinstance(size, int):
                sizes[letter] = size if known == 1 or size != 1 else known
        elif letter in checked and size != 1 and same(known, size) is False:
            raise _size_refusal(equation, letter, letters, known, size, index)


def _note_strictly(
    equation: str, letters: str, dims: Sequence[Dim], sizes: dict[str, Dim], index: int, checked: str
) -> None:
    for letter, size in zip(letters, dims, strict=True):
        known = sizes.get(letter, size)
        if letter in checked and same(known, size) is False:
            raise _size_refusal(equation, letter, letters, known, size, index)
        sizes[letter] = known if isinstance(known, int) else size


def _size_refusal(equation: str, letter: str, letters: str, known: Dim, size: Dim, index: int) -> ShapeFailure:
    return refusal(
        "matmul-mismatch",
        f"axis {letter!r} of {equation!r} is {known} in one array and {size} in another",
        None,
        subject=index + 1,
        axis=letters.index(letter),
    )


def _note_open(term: str, sizes: dict[str, Dim], ones_broadcast: bool) -> None:
    for letter in term.replace(".", ""):
        if sizes.setdefault(letter, ANY) in (1, None) and ones_broadcast:
            sizes[letter] = ANY


def _rank_refusal(equation: str, term: str, shape: Shape, index: int) -> ShapeFailure:
    return refusal(
        "rank-mismatch",
        f"{term!r} in {equation!r} names {len(term.replace('.', ''))} axes, but the array has the shape {shape}",
        None,
        subject=index + 1,
        found=shape,
    )
