"""NumPy's constants, dtype names and scalar types."""

from __future__ import annotations

import math

from shapelens.library.arrays.constants import settled
from shapelens.library.arrays.convert import as_spec
from shapelens.library.arrays.creating import folded
from shapelens.library.arrays.dtypes import NAMES, dtype_named, dtype_of
from shapelens.library.arrays.rules import array_rule
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, attribute
from shapelens.values.failure import NotKnown
from shapelens.values.value import Const, Lib, TensorValue, Value

_CONSTANTS = {
    "pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan, "newaxis": None,
    "euler_gamma": 0.5772156649015329, "NaN": math.nan, "Inf": math.inf, "NAN": math.nan,
}  # fmt: skip
_ALIASES = ("float_", "int_", "bool_", "double", "single", "half", "intp", "uint")
_SCALARS = sorted({*NAMES, *_ALIASES} - {"string", "bfloat16", "str", "object"})


def _constant(name: str, value: float | None) -> None:
    def rule(machine: Machine, owner: Value) -> Value:
        return Const(value)

    attribute(f"numpy.{name}")(rule)


for _name, _value in _CONSTANTS.items():
    _constant(_name, _value)


def _scalar_type(name: str) -> None:
    def rule(machine: Machine, args: Arguments) -> Value:
        value = args.get("value")
        found = None if value is None else as_spec(value, machine)
        if found is None:
            raise NotKnown("the number is not known")
        made = TensorValue(found.spec, "numpy", found.data, origin=machine.site)
        return settled(made) if dtype_named(name) is None else folded(made, dtype_named(name))

    array_rule(f"numpy.{name}", params="value=0, /")(rule)


for _name in _SCALARS:
    _scalar_type(_name)


@array_rule("numpy.dtype", params="dtype, align=False, copy=False")
def dtype(machine: Machine, args: Arguments) -> Value:
    """``np.dtype("float32")``."""
    name = dtype_of(args.get("dtype"))
    if name is None:
        raise NotKnown("the dtype is not known")
    return Lib(f"numpy.{name}")
