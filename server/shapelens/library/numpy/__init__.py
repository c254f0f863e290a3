"""NumPy's functions and array methods (run against NumPy 2.4)."""

from shapelens.library.arrays import attributes
from shapelens.library.numpy import (
    creation,
    joining,
    linalg,
    manipulation,
    math,
    namespace,
    random,
    selecting,
)

__all__ = [
    "attributes",
    "creation",
    "joining",
    "linalg",
    "manipulation",
    "math",
    "namespace",
    "random",
    "selecting",
]
