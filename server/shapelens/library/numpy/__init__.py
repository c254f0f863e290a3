"""NumPy's functions and array methods (run against NumPy 2.4)."""

from shapelens.library.arrays import attributes
from shapelens.library.numpy import (
    creation,
    decomposing,
    fourier,
    grids,
    joining,
    linalg,
    manipulation,
    math,
    namespace,
    random,
    selecting,
    statistics,
    ufuncs,
    windows,
)

__all__ = [
    "attributes",
    "creation",
    "decomposing",
    "fourier",
    "grids",
    "joining",
    "linalg",
    "manipulation",
    "math",
    "namespace",
    "random",
    "selecting",
    "statistics",
    "ufuncs",
    "windows",
]
