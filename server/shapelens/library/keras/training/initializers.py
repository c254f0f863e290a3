"""Initializers that a program calls itself: ``keras.initializers.RandomNormal()((784, 256))`` (Keras 3.15.1)."""

from __future__ import annotations

from shapelens.library.arrays.convert import as_shape
from shapelens.library.arrays.dtypes import dtype_of
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.shapes.shape import TensorSpec
from shapelens.values.value import TensorValue, Value

CLASSES = (
    "Constant", "GlorotNormal", "GlorotUniform", "HeNormal", "HeUniform", "Identity", "LecunNormal",
    "LecunUniform", "Ones", "Orthogonal", "RandomNormal", "RandomUniform", "TruncatedNormal",
    "VarianceScaling", "Zeros",
)  # fmt: skip


@function(*(f"keras.initializers.{name}.__call__" for name in CLASSES), params="self, shape, dtype=None, **kwargs")
def initialized(m: Machine, a: Arguments) -> Value:
    """A tensor of the shape that is asked for, float32 unless told otherwise."""
    dtype = "float32" if a.get("dtype") is None else dtype_of(a.get("dtype"), "tensorflow")
    return TensorValue(TensorSpec(as_shape(m, a.values["shape"]), dtype), "tensor", origin=m.site)
