"""Sets of constants, put together and compared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.values.objects import ListObject
from shapelens.values.value import Const, Opaque, Ref, Value

Items = dict[Value, None]
_METHODS: dict[str, tuple[str, Callable[[Items, Items], Any]]] = {
    "union": ("|", lambda a, b: {**a, **b}),
    "intersection": ("&", lambda a, b: [item for item in a if item in b]),
    "difference": ("-", lambda a, b: [item for item in a if item not in b]),
    "symmetric_difference": (
        "^",
        lambda a, b: [*(item for item in a if item not in b), *(item for item in b if item not in a)],
    ),
}
_QUESTIONS: dict[str, Callable[[Items, Items], bool]] = {
    "issubset": lambda a, b: a.keys() <= b.keys(),
    "issuperset": lambda a, b: a.keys() >= b.keys(),
    "isdisjoint": lambda a, b: a.keys().isdisjoint(b.keys()),
}
BY_SYMBOL = dict(_METHODS.values())


def combined(m: Machine, symbol: str, left: Value, right: Value) -> Value | None:
    """``left | right`` and its kin of two sets; `None` where these are no sets."""
    a, b = (m.read(side) if isinstance(side, Ref) else None for side in (left, right))
    if not isinstance(a, ListObject) or not isinstance(b, ListObject) or {a.type_name, b.type_name} != {"set"}:
        return None
    return _made(m, BY_SYMBOL[symbol], left, (right,))


def _made(m: Machine, compute: Callable[[Items, Items], Any], first: Value, others: tuple[Value, ...]) -> Value:
    known = [_constants(m, value) for value in (first, *others)]
    if None in known:
        return m.alloc(ListObject((), open=True, type_name="set"))
    result, *rest = [items for items in known if items is not None]
    for items in rest:
        result = dict.fromkeys(compute(result, items))
    return m.alloc(ListObject(tuple(result), type_name="set"))


def _constants(m: Machine, value: Value) -> Items | None:
    items = m.items(value)
    return None if items is None or not all(isinstance(item, Const) for item in items) else dict.fromkeys(items)


def _register_method(name: str, compute: Callable[[Items, Items], Any]) -> None:
    @function(f"builtins.set.{name}", params="self, *others")
    def rule(m: Machine, a: Arguments) -> Value:
        return _made(m, compute, a.values["self"], a.rest)


def _register_question(name: str, answer: Callable[[Items, Items], bool]) -> None:
    @function(f"builtins.set.{name}", params="self, other, /")
    def rule(m: Machine, a: Arguments) -> Value:
        known = _constants(m, a.values["self"]), _constants(m, a.values["other"])
        return Opaque("bool") if known[0] is None or known[1] is None else Const(answer(known[0], known[1]))


for _name, (_, _compute) in _METHODS.items():
    _register_method(_name, _compute)
for _name, _answer in _QUESTIONS.items():
    _register_question(_name, _answer)
