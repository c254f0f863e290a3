"""``keras.activations`` of Keras 2.15, where TensorFlow computes at once, whatever the tensor."""

from __future__ import annotations

from shapelens.library.arrays.axes import normal_axis
from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import kind_of
from shapelens.library.arrays.dtypes import FLOATS
from shapelens.library.arrays.failures import refusal
from shapelens.library.machine import Machine
from shapelens.values.value import TensorValue, Value


def is_of_keras2(machine: Machine, name: str) -> bool:
    """Whether ``name`` is an activation as Keras 2 has it."""
    return machine.versions.family == 2 and name.startswith("keras.activations.")


def activation(machine: Machine, name: str, source: TensorValue) -> Value:
    """The same shape; floats keep their dtype, of others a part is refused."""
    if source.kind == "numpy" and not source.spec.shape.open and name.endswith(".hard_sigmoid"):
        raise refusal("invalid-argument", "{subject} is an array, and `hard_sigmoid` takes tensors alone", None)
    dtype = source.spec.dtype if source.spec.dtype in FLOATS else None
    return tensor(machine, source.spec.shape, dtype, kind_of([source], "tensorflow"))


def check_softmax(source: TensorValue, axis: int | None) -> None:
    """Refuse what ``softmax`` of Keras 2 does not take: arrays, vectors, an axis that is not there."""
    shape = source.spec.shape
    if shape.open:
        return
    if source.kind == "numpy":
        raise refusal("invalid-argument", "{subject} is an array, and `softmax` takes tensors alone", None)
    if len(shape.dims) < 2:
        raise refusal("rank-mismatch", f"`softmax` needs two axes, and {{subject}} is {shape}", None, found=shape)
    if axis is not None:
        normal_axis(axis, shape, "tensorflow")
