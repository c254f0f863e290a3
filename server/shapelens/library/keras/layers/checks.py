"""Checks of single constructor arguments: each gives Keras 3.15.1's wording when it refuses a value.

A check looks at plain values; what is not known (`UNSURE`, symbolic sizes) is never refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, TypeAlias

from shapelens.library.keras.layers.config import UNSURE, NumpyInt
from shapelens.library.keras.signatures import Family, names
from shapelens.shapes.dims import SymDim

Values: TypeAlias = "Mapping[str, object]"
# No argument of a layer: set where Keras may know more names of functions than its own.
ANY_NAME = "\0any name"
Check: TypeAlias = "Callable[[Values], str | None]"

FORMATS = ("channels_first", "channels_last")


def unsure(value: object) -> bool:
    """Whether some part of a plain value is not known."""
    if isinstance(value, (tuple, list)):
        return any(map(unsure, value))
    return value is UNSURE or isinstance(value, SymDim)


def not_int(value: object, allow_bool: bool = True) -> bool:
    """Whether Python says that the value is no int, for certain."""
    return not unsure(value) and (not isinstance(value, int) or (isinstance(value, bool) and not allow_bool))


def below(value: object, bound: float) -> bool:
    """Whether the value is a number below ``bound``."""
    return isinstance(value, (int, float)) and value < bound


def comparison(value: object, operator: str, left: bool = True) -> str | None:
    """Python's wording when a value that is no number is compared with an int."""
    if unsure(value) or isinstance(value, (int, float)):
        return None
    kinds = (type(value).__name__, "int") if left else ("int", type(value).__name__)
    return f"'{operator}' not supported between instances of '{kinds[0]}' and '{kinds[1]}'"


def positive(name: str, wording: str, allow_bool: bool = True) -> Check:
    """An int above 0; ``{value}`` and ``{type}`` in ``wording`` stand for what was given."""

    def check(values: Values) -> str | None:
        value = values.get(name)
        if not_int(value, allow_bool) or below(value, 1) or isinstance(value, NumpyInt):
            kind = "int64" if isinstance(value, NumpyInt) else type(value).__name__
            return wording.format(value=value, type=kind)
        return None

    return check


def above_zero(name: str, wording: str, optional: bool = False) -> Check:
    """A number that compares above 0, as ``value <= 0`` finds out."""

    def check(values: Values) -> str | None:
        value = values.get(name)
        if optional and value is None:
            return None
        if isinstance(value, (int, float)) and value <= 0:
            return wording.format(value=value)
        return comparison(value, "<=")

    return check


def tuple_of(name: str, count: int, zero: bool = False, label: str | None = None) -> Check:
    """An int, or ``count`` of them, above 0 (or 0)."""

    def check(values: Values) -> str | None:
        return tuple_wording(values.get(name), count, zero, label or name)

    return check


def tuple_wording(value: object, count: int, zero: bool, label: str) -> str | None:
    """Keras's ``standardize_tuple``."""
    if value is UNSURE or isinstance(value, SymDim):
        return None
    wording = f"The `{label}` argument must be a tuple of {count} integers. Received {label}={value}"
    items: tuple[object, ...]
    if isinstance(value, int):
        items = (value,) * count
    elif isinstance(value, (tuple, list, str, dict)):
        items = tuple(value)
    else:
        return wording
    if len(items) != count:
        return wording
    if unsure(value):
        return None
    for item in items:
        try:
            int(item)  # type: ignore[call-overload]
        except (ValueError, TypeError):
            return f"{wording}including element {item} of type {type(item)}"
    wrong = {item for item in items if below(item, 0 if zero else 1e-300)}
    if wrong:
        return f"{wording}, including values {wrong} that do not satisfy `value {'>= 0' if zero else '> 0'}`"
    return None


def shape_wording(shape: object) -> str | None:
    """Keras's ``standardize_shape``."""
    if shape is UNSURE or isinstance(shape, SymDim):
        return None
    if not isinstance(shape, (tuple, list, str)):
        return f"Cannot convert '{shape}' to a shape."
    for size in shape:
        if isinstance(size, (str, float)):
            kind = type(size)
            return f"Cannot convert '{shape}' to a shape. Found invalid dimension '{size}' of type '{kind}'. "
        if below(size, 0):
            return f"Cannot convert '{shape}' to a shape. Negative dimensions are not allowed."
    return None


def padding(causal: bool = False) -> Check:
    """``padding`` of convolutions, in any case of letters; Keras also takes a list."""
    allowed = ["same", "valid", *(["causal"] if causal else [])]

    def check(values: Values) -> str | None:
        value = values.get("padding")
        if unsure(value) or isinstance(value, (tuple, list)):
            return None
        if not isinstance(value, str):
            return f"'{type(value).__name__}' object has no attribute 'lower'"
        if value.lower() not in allowed:
            listed = ", ".join(map(repr, allowed))
            wording = f"The `padding` argument must be a list/tuple or one of {{{listed}}}"
            return f"{wording}. Received: {value.lower()}"
        return None

    return check


def data_format(values: Values) -> str | None:
    """``data_format``."""
    value = values.get("data_format")
    if value is None or unsure(value) or str(value).lower() in FORMATS:
        return None
    listed = "{'channels_first', 'channels_last'}"
    return f"The `data_format` argument must be one of {listed}. Received: data_format={str(value).lower()}"


def activation(name: str = "activation", family: Family = 3) -> Check:
    """A name of an activation function; anything callable is not a plain value."""
    return _identifier(name, "activation", "activation function", family)


def regularizer(name: str, family: Family = 3) -> Check:
    """A name of a regularizer."""
    return _identifier(name, "regularizer", "regularizer", family)


def _identifier(name: str, kind: Literal["activation", "regularizer"], shown: str, family: Family) -> Check:
    def check(values: Values) -> str | None:
        value = values.get(name)
        if value is None or unsure(value) or isinstance(value, dict):
            return None
        if isinstance(value, str) and (values.get(ANY_NAME) or value in names(kind, family)):
            return None
        return f"Could not interpret {shown} identifier: {value}"

    return check


def fraction(name: str) -> Check:
    """A number from 0 to 1."""

    def check(values: Values) -> str | None:
        value = values.get(name)
        if isinstance(value, (int, float)):
            if 0 <= value <= 1:
                return None
            return (
                f"Invalid value received for argument `{name}`. Expected a float value between 0 and 1. "
                f"Received: {name}={value}"
            )
        return comparison(value, "<=", left=False)

    return check


def one_of(name: str, allowed: tuple[object, ...], wording: str) -> Check:
    """One of a few values."""

    def check(values: Values) -> str | None:
        value = values.get(name)
        return None if unsure(value) or value in allowed else wording.format(value=value)

    return check


def base(values: Values) -> str | None:
    """What every layer's base class checks: ``name`` and ``trainable``."""
    name = values.get("name")
    if not unsure(name) and name is not None and (not isinstance(name, str) or "/" in name):
        return (
            "Argument `name` must be a string and cannot contain character `/`. "
            f"Received: name={name} (of type {type(name)})"
        )
    trainable = values.get("trainable", True)
    if not unsure(trainable) and not isinstance(trainable, bool):
        kind = type(trainable)
        return f"Expected `trainable` to be a boolean. Received: trainable={trainable} (of type {kind})"
    return None
