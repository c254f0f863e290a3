"""Methods of strings, computed where the text is known."""

from __future__ import annotations

import re

from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.values.objects import ListObject
from shapelens.values.value import Const, Opaque, TupleValue, Value

MAX_TEXT = 10_000
# To which a text is filled up.
MAX_WIDTH = 1_000
# Methods whose result is text, and that are safe to compute on short text.
TEXT = (
    "lower", "upper", "strip", "lstrip", "rstrip", "title", "capitalize", "replace",
    "removeprefix", "removesuffix", "swapcase", "casefold", "zfill", "center", "ljust", "rjust", "expandtabs",
)  # fmt: skip
PREDICATES = (
    "startswith",
    "endswith",
    "isdigit",
    "isalpha",
    "isupper",
    "islower",
    "isnumeric",
    "isalnum",
    "isspace",
    "isidentifier",
)
LISTS = ("split", "rsplit", "splitlines")
NUMBERS = ("find", "rfind", "index", "count")


def _plain(a: Arguments) -> tuple[str, tuple[object, ...]] | None:
    text = a.values["self"]
    if not isinstance(text, Const) or not isinstance(text.value, str) or len(text.value) > MAX_TEXT or a.extra:
        return None
    given = []
    for value in a.rest:
        if not isinstance(value, Const) or (isinstance(value.value, str) and len(value.value) > 100):
            return None
        if isinstance(value.value, int) and abs(value.value) > MAX_WIDTH:
            return None
        given.append(value.value)
    return text.value, tuple(given)


def _compute(m: Machine, a: Arguments, method: str, otherwise: Value) -> Value:
    plain = _plain(a)
    if plain is None:
        return otherwise
    try:
        result = getattr(plain[0], method)(*plain[1])
    except (TypeError, ValueError):
        return otherwise
    if isinstance(result, list):
        return m.alloc(ListObject(tuple(Const(part) for part in result)))
    return Const(result)


def _register(method: str, kind: str) -> None:
    @function(f"builtins.str.{method}", params="self, /, *args, **kwargs")
    def rule(m: Machine, a: Arguments) -> Value:
        otherwise = m.alloc(ListObject((), True, Opaque("str"))) if kind == "list" else Opaque(kind)
        return _compute(m, a, method, otherwise)


for _names, _kind in ((TEXT, "str"), (PREDICATES, "bool"), (LISTS, "list"), (NUMBERS, "int")):
    for _name in _names:
        _register(_name, _kind)


@function("builtins.str.join", params="self, items, /")
def _join(m: Machine, a: Arguments) -> Value:
    items = m.items(a.values["items"])
    text = a.values["self"]
    if items is None or not isinstance(text, Const):
        return Opaque("str")
    parts = [v.value for v in items if isinstance(v, Const) and isinstance(v.value, str)]
    if len(parts) != len(items) or sum(map(len, parts)) > MAX_TEXT:
        return Opaque("str")
    return Const(str(text.value).join(parts))


# What is replaced in a template, with its format.
_FIELD = re.compile(r"\{[^{}]*\}")


@function("builtins.str.format", params="self, /, *args, **kwargs")
def _format(m: Machine, a: Arguments) -> Value:
    text = a.values["self"]
    values = [*a.rest, *a.extra.values()]
    if (
        not isinstance(text, Const)
        or not isinstance(text.value, str)
        or not all(isinstance(v, Const) and v.value is not Ellipsis for v in values)
        # A width is a size: "{:1000000000d}" must not be computed, nor ".__class__" looked up.
        or any(c in field for field in _FIELD.findall(text.value) for c in ".[")
        or any(len(run) > 3 for run in "".join(c if c.isdigit() else " " for c in text.value).split())
    ):
        return Opaque("str")
    try:
        args = [v.value for v in a.rest if isinstance(v, Const)]
        kwargs = {k: v.value for k, v in a.extra.items() if isinstance(v, Const)}
        return Const(text.value.format(*args, **kwargs))
    except (ValueError, IndexError, KeyError, TypeError):
        return Opaque("str")


@function("builtins.str.encode", params="self, /, *args, **kwargs")
def _encode(m: Machine, a: Arguments) -> Value:
    return Opaque("bytes")


@function("builtins.str.partition", "builtins.str.rpartition", params="self, sep, /")
def _partition(m: Machine, a: Arguments) -> Value:
    return TupleValue((Opaque("str"),) * 3)
