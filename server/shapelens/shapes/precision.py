"""Which of two descriptions of the same thing says more."""

from __future__ import annotations

from shapelens.shapes.dims import Dim, SymDim
from shapelens.shapes.shape import Shape, SpecNest, TensorSpec


def covers(general: SpecNest | None, precise: SpecNest | None) -> bool:
    """Whether everything that ``general`` says also holds of ``precise``: equal, or unknown where that is known."""
    if general is None:
        return True
    if precise is None:
        return False
    if isinstance(general, TensorSpec) and isinstance(precise, TensorSpec):
        return _covers_shape(general.shape, precise.shape)
    if isinstance(general, dict) and isinstance(precise, dict):
        return general.keys() == precise.keys() and all(covers(general[k], precise[k]) for k in general)
    if isinstance(general, tuple) and isinstance(precise, tuple):
        return len(general) == len(precise) and all(map(covers, general, precise))
    return False


def _covers_shape(general: Shape, precise: Shape) -> bool:
    if general.open:
        if len(precise.dims) < len(general.dims):
            return False
        last = precise.dims[len(precise.dims) - len(general.dims) :]
        return all(map(_covers_dim, general.dims, last))
    return (
        not precise.open
        and len(general.dims) == len(precise.dims)
        and all(map(_covers_dim, general.dims, precise.dims))
    )


def _covers_dim(general: Dim, precise: Dim) -> bool:
    return general == precise or (isinstance(general, SymDim) and not general.terms)
