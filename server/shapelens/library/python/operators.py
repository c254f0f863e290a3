"""Python's module ``operator``, and ``functools.reduce``, which is mostly given a function of it."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from shapelens.library.arrays.elementwise import binary
from shapelens.library.arrays.index import subscript
from shapelens.library.machine import Machine
from shapelens.library.python.numbers import number, size_value
from shapelens.library.registry import Arguments, function
from shapelens.shapes import dims
from shapelens.values.failure import NotKnown
from shapelens.values.objects import ListObject
from shapelens.values.value import Const, Lib, Opaque, PartialValue, Ref, SizeValue, TensorValue, TupleValue, Value

# A longer number costs more to compute than it is worth.
MAX_BITS = 256
_ARITHMETIC: dict[str, tuple[str, Callable[[Any, Any], Any]]] = {
    "add": ("+", operator.add),
    "sub": ("-", operator.sub),
    "mul": ("*", operator.mul),
    "truediv": ("/", operator.truediv),
    "floordiv": ("//", operator.floordiv),
    "mod": ("%", operator.mod),
}
# Operators that sizes have, too.
OF_SIZES: dict[str, Callable[[dims.Dim, dims.Dim], dims.Dim]] = {
    "+": dims.add,
    "-": dims.sub,
    "*": dims.mul,
    "//": dims.floordiv,
}


@function("operator.getitem", params="a, b")
def getitem(m: Machine, a: Arguments) -> Value:
    """``operator.getitem(x, index)``, and what a subscript is in the graph of a model."""
    value = a.values["a"]
    if not isinstance(value, TensorValue):
        raise NotKnown("what is indexed here is not known")
    return subscript(value, a.values["b"], m)


def _register(name: str, symbol: str, compute: Callable[[Any, Any], Any]) -> None:
    @function(f"operator.{name}", params="a, b, /")
    def rule(m: Machine, a: Arguments) -> Value:
        left, right = a.values["a"], a.values["b"]
        if isinstance(left, TensorValue) or isinstance(right, TensorValue):
            return binary(symbol, left, right, m)
        numbers = number(left), number(right)
        if None not in numbers and all(_is_short(n) for n in numbers):
            try:
                return Const(compute(*numbers))
            except (ZeroDivisionError, OverflowError, TypeError):
                raise NotKnown("this operator raises an error") from None
        sizes = _size(left), _size(right)
        if symbol in OF_SIZES and None not in sizes:
            return size_value(OF_SIZES[symbol](*sizes))
        if symbol == "+":
            return _put_together(m, left, right)
        raise NotKnown("the result of this operator is not known")


def _is_short(value: Any) -> bool:
    return not isinstance(value, int) or value.bit_length() <= MAX_BITS


def _size(value: Value) -> dims.Dim:
    if isinstance(value, SizeValue):
        return value.dim
    plain = number(value)
    if isinstance(plain, int):
        return plain
    return dims.ANY if isinstance(value, Opaque) and value.type_name == "int" else None


def _put_together(m: Machine, left: Value, right: Value) -> Value:
    if isinstance(left, TupleValue) and isinstance(right, TupleValue):
        return TupleValue(left.items + right.items)
    first, second = (m.read(side) if isinstance(side, Ref) else None for side in (left, right))
    if isinstance(first, ListObject) and isinstance(second, ListObject) and not (first.open or second.open):
        return m.alloc(ListObject(first.items + second.items))
    raise NotKnown("the result of this operator is not known")


for _name, (_symbol, _compute) in _ARITHMETIC.items():
    _register(_name, _symbol, _compute)


@function("operator.itemgetter", params="*items")
def itemgetter(m: Machine, a: Arguments) -> Value:
    """A function that takes an item out of what it gets; several as a tuple."""
    return PartialValue(Lib("operator.itemgetter.get"), (TupleValue(a.rest),))


@function("operator.itemgetter.get", params="items, value, /")
def item_got(m: Machine, a: Arguments) -> Value:
    """What such a function gives."""
    items, value = a.values["items"], a.values["value"]
    assert isinstance(items, TupleValue)
    known = m.items(value) if isinstance(value, TupleValue) else None
    found = []
    for item in items.items:
        index = item.value if isinstance(item, Const) else None
        if known is None or not isinstance(index, int) or not -len(known) <= index < len(known):
            raise NotKnown("the item is not known")
        found.append(known[index])
    return found[0] if len(found) == 1 else TupleValue(tuple(found))


@function("functools.reduce", params="function, iterable, initial=None, /")
def reduce(m: Machine, a: Arguments) -> Value:
    """One value after the other put into a function of two."""
    items = m.items(a.values["iterable"])
    if items is None:
        raise NotKnown("what is put together is not known")
    if "initial" in a.values:
        items = (a.values["initial"], *items)
    if not items:
        raise NotKnown("there is nothing to put together")
    value, *others = items
    for other in others:
        value = m.call(a.values["function"], (value, other), {})
    return value
