"""NumPy's constants, dtype names and scalar types."""

from __future__ import annotations

import math

import numpy

from shapelens.library.arrays.constants import settled
from shapelens.library.arrays.convert import as_spec
from shapelens.library.arrays.creating import folded
from shapelens.library.arrays.dtypes import NAMES, DTypeLike, dtype_named, dtype_of, promote, scalar_type
from shapelens.library.arrays.rules import array_rule
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, attribute
from shapelens.values.failure import NotKnown
from shapelens.values.value import Const, Lib, LibObject, Opaque, TensorValue, TupleValue, Value

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


@array_rule("numpy.finfo", params="dtype")
@array_rule("numpy.iinfo", params="int_type", renamed={"int_type": "dtype"})
def limits(machine: Machine, args: Arguments) -> Value:
    """The limits of a dtype."""
    return LibObject("numpy.finfo", tuple(args.values.items()), machine.site)


def _limit(name: str) -> None:
    def rule(machine: Machine, owner: Value) -> Value:
        dtype = dtype_of(owner.get("dtype")) if isinstance(owner, LibObject) else None
        if dtype is None or dtype in ("string", "str", "object", "bfloat16", "bool"):
            raise NotKnown("the dtype is not known")
        kind = numpy.dtype(dtype).kind
        found = numpy.finfo(dtype) if kind in "fc" else numpy.iinfo(dtype)
        value = getattr(found, name, None)
        if value is None:
            raise NotKnown(f"{dtype} has no `{name}`")
        return Const(float(value) if kind in "fc" and name != "bits" else int(value))

    attribute(f"numpy.finfo.{name}")(rule)


for _name in ("eps", "max", "min", "tiny", "bits"):
    _limit(_name)


@array_rule("numpy.isscalar", params="element")
def isscalar(machine: Machine, args: Arguments) -> Value:
    """Whether this is a number or text."""
    value = args.values["element"]
    if isinstance(value, Const):
        return Const(value.value is not None)
    if isinstance(value, TupleValue) or (isinstance(value, TensorValue) and value.spec.shape.dims):
        return Const(False)
    return Opaque("bool")


@array_rule("numpy.issubdtype", params="arg1, arg2")
@array_rule("numpy.can_cast", params="from_, to, casting='safe'")
@array_rule("numpy.iterable", params="y")
@array_rule("numpy.iscomplexobj", "numpy.isrealobj", params="x")
@array_rule("numpy.shares_memory", "numpy.may_share_memory", params="a, b, /, max_work=None")
def one_bool(machine: Machine, args: Arguments) -> Value:
    """One bool."""
    return Opaque("bool")


@array_rule("numpy.result_type", "numpy.promote_types", params="*args")
def result_type(machine: Machine, args: Arguments) -> Value:
    """The dtype that all promote to."""
    likes: list[DTypeLike] = []
    for value in args.rest:
        named = dtype_of(value) if not isinstance(value, TensorValue) else value.spec.dtype
        likes.append(named or scalar_type(value))
    name = promote(likes, "numpy")
    if name is None:
        raise NotKnown("the dtype is not known")
    return Lib(f"numpy.{name}")
