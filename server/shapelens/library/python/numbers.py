"""Numbers and sizes: what ``int``, ``max``, ``round`` and ``math`` make of them."""

from __future__ import annotations

import math
from typing import Any

from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.shapes import dims
from shapelens.values.failure import NotKnown
from shapelens.values.objects import ListObject
from shapelens.values.value import (
    NONE,
    Const,
    Lib,
    Opaque,
    Ref,
    SizeValue,
    TensorValue,
    TupleValue,
    Value,
)


def size_value(dim: dims.Dim) -> Value:
    """A size as a Python int."""
    if isinstance(dim, int):
        return Const(dim)
    return SizeValue(dim) if dim is not None and dim.terms else Opaque("int")


def number(value: Value) -> Any:
    """The Python number of a constant or a scalar array, or `None`."""
    if isinstance(value, Const) and isinstance(value.value, int | float | complex):
        return value.value
    if isinstance(value, TensorValue) and value.spec.shape.rank == 0 and isinstance(value.data, int | float):
        return value.data
    return None


@function("builtins.sum", params="iterable, start=0")
def _sum(m: Machine, a: Arguments) -> Value:
    items = m.items(a.values["iterable"])
    if items is None:
        raise NotKnown("the sum of unknown items")
    start = a.values.get("start", Const(0))
    lists = [start, *items]
    if isinstance(start, TupleValue | Ref):
        # `sum(lists, [])` puts them together.
        parts = [m.items(v) for v in lists if isinstance(v, TupleValue | Ref)]
        if len(parts) != len(lists) or None in parts:
            raise NotKnown("the sum of unknown items")
        joined = tuple(item for part in parts if part is not None for item in part)
        return TupleValue(joined) if isinstance(start, TupleValue) else m.alloc(ListObject(joined))
    numbers = [number(v) for v in items]
    if any(n is None for n in numbers):
        tensors = [v for v in items if isinstance(v, TensorValue)]
        if tensors and len(tensors) == len(items) and all(t.spec == tensors[0].spec for t in tensors):
            return TensorValue(tensors[0].spec, tensors[0].kind, origin=m.site)
        raise NotKnown("the sum of unknown items")
    return Const(sum(numbers) + (number(start) or 0))


@function("builtins.int", params="x=0, base=10, /")
def _int(m: Machine, a: Arguments) -> Value:
    value = a.values.get("x", Const(0))
    if isinstance(value, SizeValue):
        return value
    plain = number(value)
    if plain is None and isinstance(value, Const):
        plain = value.value
    if isinstance(plain, int | float | str) and "base" not in a.values:
        try:
            return Const(int(plain)) if not isinstance(plain, str) or len(plain) < 80 else Opaque("int")
        except (ValueError, OverflowError):
            raise NotKnown("int() raises an error here") from None
    return Opaque("int")


@function("builtins.float", params="x=0.0, /")
def _float(m: Machine, a: Arguments) -> Value:
    plain = number(a.values.get("x", Const(0.0)))
    if isinstance(plain, int | float):
        return Const(float(plain)) if abs(plain) < 1e300 else Opaque("float")
    text = a.values.get("x")
    if isinstance(text, Const) and isinstance(text.value, str) and len(text.value) < 40:
        try:
            return Const(float(text.value))
        except ValueError:
            raise NotKnown("float() raises an error here") from None
    return Opaque("float")


@function("builtins.abs", params="x, /")
def _abs(m: Machine, a: Arguments) -> Value:
    value = a.values["x"]
    plain = number(value)
    if plain is not None:
        return Const(abs(plain))
    if isinstance(value, TensorValue):
        names: dict[str, str] = {"keras": "keras.ops.absolute", "numpy": "numpy.absolute", "tensor": "tensorflow.abs"}
        return m.call(Lib(names[value.kind]), (value,), {}) if value.kind in names else value
    _refuse_unknown(value)
    return Opaque("float")


def _refuse_unknown(*values: Value) -> None:
    """What is no number for certain may be an array, or an object with an answer of its own."""
    for value in values:
        scalar = isinstance(value, TensorValue) and value.spec.shape.rank == 0
        if scalar or isinstance(value, Const | SizeValue | Opaque):
            continue
        raise NotKnown("it is not known to be a number")


@function("builtins.round", params="number, ndigits=None")
def _round(m: Machine, a: Arguments) -> Value:
    plain = number(a.values["number"])
    digits = number(a.values["ndigits"]) if "ndigits" in a.values else None
    if isinstance(plain, int | float) and math.isfinite(plain):
        return Const(round(plain) if digits is None else round(plain, int(digits)))
    _refuse_unknown(a.values["number"])
    return Opaque("float" if "ndigits" in a.values else "int")


@function("builtins.pow", params="base, exp, mod=None")
def _pow(m: Machine, a: Arguments) -> Value:
    base, exponent = number(a.values["base"]), number(a.values["exp"])
    if a.values.get("mod", NONE) != NONE:
        return Opaque("int")
    if isinstance(base, int | float) and isinstance(exponent, int) and abs(exponent) < 64 and abs(base) < 1e6:
        if base or exponent >= 0:
            return Const(base**exponent)
    _refuse_unknown(a.values["base"], a.values["exp"])
    return Opaque("float")


@function("builtins.divmod", params="a, b, /")
def _divmod(m: Machine, a: Arguments) -> Value:
    x, y = number(a.values["a"]), number(a.values["b"])
    if isinstance(x, int) and isinstance(y, int) and y:
        return TupleValue((Const(x // y), Const(x % y)))
    _refuse_unknown(a.values["a"], a.values["b"])
    return TupleValue((Opaque("int"), Opaque("int")))


@function("math.prod", params="iterable, /, *, start=1")
def _prod(m: Machine, a: Arguments) -> Value:
    items = m.items(a.values["iterable"])
    if items is None:
        raise NotKnown("the product of unknown items")
    product = a.values.get("start", Const(1))
    for item in items:
        product = m.call(Lib("operator.mul"), (product, item), {})
    return product


def _mathematical(name: str) -> None:
    compute = getattr(math, name)

    @function(f"math.{name}", params="*values, **options")
    def rule(m: Machine, a: Arguments) -> Value:
        values = [number(v) for v in a.rest]
        options = {key: number(v) for key, v in a.extra.items()}
        if None in values or None in options.values() or (name in _GROWING and max(values, default=0) > MOST):
            return Opaque(_KINDS.get(name, "float"))
        try:
            return Const(compute(*values, **options))
        except (ValueError, OverflowError, TypeError):
            raise NotKnown("math raises an error here") from None


# What these give of larger numbers is longer than it is worth.
_GROWING = ("factorial", "comb", "perm")
MOST = 100
_KINDS = {
    **dict.fromkeys(("ceil", "floor", "trunc", "gcd", "lcm", "isqrt", *_GROWING), "int"),
    **dict.fromkeys(("isclose", "isfinite", "isinf", "isnan"), "bool"),
}
for _name in (
    *("sqrt", "log", "log2", "log10", "log1p", "exp", "expm1", "pow", "fabs", "fmod", "hypot", "copysign"),
    *("sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "degrees", "radians", "erf"),
    *_KINDS,
):
    _mathematical(_name)
