"""``reshape``: the same elements in another shape.

Wordings from runs of NumPy 2.4, TensorFlow 2.21 and Keras 3.15.
"""

from __future__ import annotations

from math import prod

from shapelens.library.arrays.dtypes import Dialect
from shapelens.library.arrays.failures import comma_text, refusal, tuple_text
from shapelens.shapes.dims import ANY, Dim, SymDim, floordiv, product, same
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.failure import ShapeFailure


def reshaped(source: Shape, target: Shape, dialect: Dialect) -> Shape:
    """``source`` in the shape ``target``, where one -1 stands for what is left."""
    if target.open:
        return UNKNOWN_SHAPE
    unknown = [place for place, size in enumerate(target.dims) if isinstance(size, int) and size < 0]
    if len(unknown) > 1:
        raise _refusal(source, target, dialect, _two_unknowns(dialect), "it has more than one unknown size")
    total = source.size()
    given = product(tuple(size for place, size in enumerate(target.dims) if place not in unknown))
    if not unknown:
        _check_total(source, target, total, given, dialect)
        return target
    left = _left_over(source, target, total, given, dialect)
    return Shape(tuple(left if place in unknown else size for place, size in enumerate(target.dims)))


def flattened(source: Shape) -> Shape:
    """``ravel``: all elements in one axis."""
    return Shape((source.size(),))


def _check_total(source: Shape, target: Shape, total: Dim, given: Dim, dialect: Dialect) -> None:
    certain = prod(size for size in source.dims if isinstance(size, int))
    impossible = isinstance(given, int) and (given % certain != 0 if certain else given != 0)
    if same(total, given) is not False and not impossible:
        return
    if dialect == "numpy":
        words = f"cannot reshape array of size {total} into shape {comma_text(target.dims)}"
    elif dialect == "tensorflow":
        words = f"Input to reshape is a tensor with {total} values, but the requested shape has {given}"
    else:
        words = (
            "The total size of the tensor must be unchanged. Received: "
            f"input_shape={tuple_text(source.dims)}, newshape={tuple_text(target.dims)}"
        )
    known = source.known and target.known
    raise _refusal(source, target, dialect, words if known else None, f"{total} elements do not fill {given} places")


def _left_over(source: Shape, target: Shape, total: Dim, given: Dim, dialect: Dialect) -> Dim:
    if not isinstance(total, int) or not isinstance(given, int):
        kept, gone = _without_common(source.dims, target.dims)
        return floordiv(ANY if source.open else product(kept), product(gone))
    if given and total % given == 0:
        return total // given
    if not given and dialect == "tensorflow" and not total:
        return 0
    if dialect == "numpy":
        words = f"cannot reshape array of size {total} into shape {comma_text(target.dims)}"
    elif dialect == "tensorflow":
        words = (
            f"Input to reshape is a tensor with {total} values, but the requested shape requires a multiple of {given}"
        )
    else:
        words = (
            "The total size of the tensor must be unchanged, however, the input size cannot by divided by "
            "the specified dimensions in newshape. Received: "
            f"input_shape={tuple_text(source.dims)}, newshape={tuple_text(target.dims)}"
        )
    raise _refusal(source, target, dialect, words, f"{total} elements are no multiple of {given}")


def _without_common(source: tuple[Dim, ...], target: tuple[Dim, ...]) -> tuple[tuple[Dim, ...], tuple[Dim, ...]]:
    """Both without the symbolic sizes that they share, and without the size to be found."""
    kept, gone = list(source), [size for size in target if not isinstance(size, int) or size >= 0]
    for size in list(gone):
        if isinstance(size, SymDim) and size.terms and size in kept:
            kept.remove(size)
            gone.remove(size)
    return tuple(kept), tuple(gone)


def _two_unknowns(dialect: Dialect) -> str | None:
    return {
        "numpy": "can only specify one unknown dimension",
        "tensorflow": "Only one input size may be -1",
        "keras": "There must be at most one unknown dimension (-1) in newshape.",
    }[dialect]


def _refusal(source: Shape, target: Shape, dialect: Dialect, words: str | None, why: str) -> ShapeFailure:
    return refusal(
        "reshape-size",
        f"{{subject}} of shape {source} cannot be reshaped to {target}: {why}",
        words,
        found=source,
        expected=target,
        size=source.size(),
        target=target.dims,
        dialect=dialect,
    )
