"""How array rules say that a call raises."""

from __future__ import annotations

from collections.abc import Sequence

from shapelens.shapes.dims import Dim
from shapelens.shapes.shape import Shape
from shapelens.values.failure import Code, Failure, ShapeFailure


def refusal(
    code: Code,
    sentence: str,
    keras: str | None = None,
    *,
    subject: int | str | None = 0,
    expected: Shape | None = None,
    found: Shape | None = None,
    axis: int | None = None,
    **details: object,
) -> ShapeFailure:
    """What to raise where the library raises for certain. ``keras`` is its own wording."""
    return ShapeFailure(Failure(code, sentence, keras, subject, expected, found, axis, details=details))


def ragged_refusal(dialect: str) -> ShapeFailure:
    """What making an array of unlike rows raises."""
    words = "Can't convert non-rectangular Python sequence to Tensor." if dialect == "tensorflow" else None
    return refusal("concat-mismatch", "its rows have different shapes, and no array can be made of them", words)


def comma_text(dims: Sequence[Dim]) -> str:
    """A shape as NumPy's messages print it: ``(20,5,4)``, ``(3,)``; leading -1 are left out."""
    first = next((i for i, d in enumerate(dims) if not (isinstance(d, int) and d < 0)), len(dims))
    if first == len(dims):
        return "()"
    parts = ["newaxis" if isinstance(d, int) and d < 0 else str(d) for d in dims[first:]]
    return f"({parts[0]},)" if len(dims) == 1 else f"({','.join(parts)})"


def bracket_text(dims: Sequence[Dim]) -> str:
    """A shape as TensorFlow's messages print it: ``[2,3]``."""
    return f"[{','.join(map(str, dims))}]"


def tuple_text(dims: Sequence[Dim]) -> str:
    """A shape as Python prints a tuple: ``(None, 3)``."""
    return str(Shape(tuple(dims)))
