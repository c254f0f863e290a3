"""Whether two contents of a cell are the same in all that a user may come to see."""

from __future__ import annotations

from functools import cache

from shapelens.values.value import Const, Unknown


def same_content(a: object, b: object) -> bool:
    """Like ``==``, but stricter, and quick where parts are identical.

    Reasons of unknown values count (to the interpreter's joins they must not, but users read them),
    and so do types: ``1 == True`` in Python.
    """
    try:
        return _same(a, b)
    except RecursionError:
        return False


def _same(a: object, b: object) -> bool:
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(map(_same, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return len(a) == len(b) and all(map(_same, a.items(), b.items()))
    fields = _fields(type(a))  # type: ignore[arg-type]
    if not fields:
        return a == b
    return all(_same(getattr(a, name), getattr(b, name)) for name in fields)


@cache
def _fields(cls: type[object]) -> tuple[str, ...]:
    fields = getattr(cls, "__dataclass_fields__", {}).values()
    return tuple(field.name for field in fields if field.compare or cls in (Unknown, Const))
