"""Initializers, called with the shape of a variable (TensorFlow 2.21)."""

from __future__ import annotations

from shapelens.library.arrays.convert import shape_argument
from shapelens.library.arrays.creating import filled
from shapelens.library.arrays.dtypes import dtype_given
from shapelens.library.arrays.rules import array_rule
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.values.value import LibObject, Value

_TENSORFLOW = {
    "random_normal_initializer": "mean=0.0, stddev=0.05, seed=None",
    "random_uniform_initializer": "minval=-0.05, maxval=0.05, seed=None",
    "constant_initializer": "value=0, support_partition=False",
    "ones_initializer": "",
    "zeros_initializer": "",
}


def _register(name: str, params: str) -> None:
    def rule(machine: Machine, args: Arguments) -> Value:
        return LibObject(f"tensorflow.{name}", tuple(args.values.items()), machine.site)

    array_rule(f"tensorflow.{name}", params=params)(rule)


for _name, _params in _TENSORFLOW.items():
    _register(_name, _params)


@array_rule(
    *(f"tensorflow.{name}.__call__" for name in _TENSORFLOW),
    params="self, shape, dtype=None, **kwargs",
)
def called(machine: Machine, args: Arguments) -> Value:
    """A tensor of the given shape, float32 unless told otherwise."""
    shape = shape_argument(machine, args.get("shape"))
    return filled(machine, shape, dtype_given(args, "float32", "tensorflow"), "tensorflow")
