"""Shapes in words, as Keras writes them."""

from __future__ import annotations

from shapelens.shapes.shape import Shape, SpecNest, TensorSpec

# Where many tensors go in or out, the first few tell the rest.
_MOST_ITEMS = 4


def shape_text(shape: Shape) -> str:
    """A shape as Keras writes it: ``(None, 28, 28, 1)``; ``?`` for what is not known."""
    if shape.open and not shape.dims:
        return "?"
    return str(shape)


def nest_text(nest: SpecNest, *, dtypes: bool = False) -> str:
    """One shape, or several in brackets: ``[(None, 4), (None, 8)]``."""
    if isinstance(nest, TensorSpec):
        return f"{shape_text(nest.shape)} {nest.dtype}" if dtypes and nest.dtype else shape_text(nest.shape)
    if isinstance(nest, dict):
        items = [f"{key!r}: {nest_text(item, dtypes=dtypes)}" for key, item in nest.items()]
        return "{" + _listed(items) + "}"
    return "[" + _listed([nest_text(item, dtypes=dtypes) for item in nest]) + "]"


def _listed(items: list[str]) -> str:
    more = ["..."] if len(items) > _MOST_ITEMS else []
    return ", ".join(items[:_MOST_ITEMS] + more)
