"""Python's module ``itertools``, where the items are known."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable

from shapelens.library.arrays.alternatives import any_of
from shapelens.library.machine import Machine
from shapelens.library.python.numbers import number
from shapelens.library.python.sequences import some_item
from shapelens.library.registry import Arguments, function
from shapelens.values.failure import NotKnown
from shapelens.values.objects import ListObject
from shapelens.values.value import NONE, Lib, Opaque, TupleValue, Value

# What gives more is one list of unknown items.
MAX_ITEMS = 4_096


def _known(m: Machine, values: Iterable[Value]) -> list[tuple[Value, ...]]:
    found = [m.items(value) for value in values]
    if None in found:
        raise NotKnown("the items are not known")
    return [items for items in found if items is not None]


def _list(m: Machine, items: Iterable[Value]) -> Value:
    return m.alloc(ListObject(tuple(items)))


def _count(value: Value | None, default: int) -> int:
    if value is None:
        return default
    plain = number(value)
    if not isinstance(plain, int) or plain < 0:
        raise NotKnown("the number of items is not known")
    return plain


def _within(count: int) -> None:
    if count > MAX_ITEMS:
        raise NotKnown("these are too many items to follow")


@function("itertools.product", params="*iterables, repeat=1")
def product(m: Machine, a: Arguments) -> Value:
    """Every choice of one item of each."""
    columns = _known(m, a.rest) * _count(a.get("repeat"), 1)
    _within(math.prod(map(len, columns)))
    return _list(m, (TupleValue(row) for row in itertools.product(*columns)))


@function("itertools.combinations", params="iterable, r")
def combinations(m: Machine, a: Arguments) -> Value:
    """Every choice of ``r`` items, in order."""
    (items,) = _known(m, [a.values["iterable"]])
    chosen = _count(a.values["r"], 0)
    _within(math.comb(len(items), chosen))
    return _list(m, (TupleValue(row) for row in itertools.combinations(items, chosen)))


@function("itertools.permutations", params="iterable, r=None")
def permutations(m: Machine, a: Arguments) -> Value:
    """Every choice of ``r`` items, in every order."""
    (items,) = _known(m, [a.values["iterable"]])
    chosen = _count(a.get("r"), len(items))
    _within(math.perm(len(items), chosen))
    return _list(m, (TupleValue(row) for row in itertools.permutations(items, chosen)))


@function("itertools.accumulate", params="iterable, func=None, *, initial=None")
def accumulate(m: Machine, a: Arguments) -> Value:
    """The first item, the first two put together, ..."""
    (items,) = _known(m, [a.values["iterable"]])
    put = a.values.get("func", NONE)
    put = Lib("operator.add") if put == NONE else put
    if a.values.get("initial", NONE) != NONE:
        items = (a.values["initial"], *items)
    return _list(m, itertools.accumulate(items, lambda x, y: m.call(put, (x, y), {})))


@function("itertools.islice", params="iterable, start, stop=None, step=None, /")
def islice(m: Machine, a: Arguments) -> Value:
    """A part of the items."""
    given = [number(a.values[name]) if a.get(name) not in (None, NONE) else None for name in ("start", "stop", "step")]
    for name, bound in zip(("start", "stop", "step"), given, strict=True):
        if bound is None and a.get(name) not in (None, NONE):
            raise NotKnown("which items these are is not known")
    part = slice(given[0]) if "stop" not in a.values else slice(*given)
    items = m.items(a.values["iterable"])
    if items is None:
        return m.alloc(ListObject((), open=True, rest=some_item(m, a.values["iterable"])))
    return _list(m, items[part])


@function("itertools.repeat", params="object, times=None")
def repeat(m: Machine, a: Arguments) -> Value:
    """The same again and again."""
    if a.values.get("times", NONE) == NONE:
        return m.alloc(ListObject((), open=True, rest=a.values["object"]))
    times = _count(a.values["times"], 0)
    _within(times)
    return _list(m, [a.values["object"]] * times)


@function("itertools.count", params="start=0, step=1")
def count(m: Machine, a: Arguments) -> Value:
    """Numbers without an end."""
    return m.alloc(ListObject((), open=True, rest=Opaque("int")))


@function("itertools.cycle", params="iterable, /")
def cycle(m: Machine, a: Arguments) -> Value:
    """The items from the start again, without an end."""
    (items,) = _known(m, [a.values["iterable"]])
    return m.alloc(ListObject((), open=True, rest=any_of(items) if items else None))


@function("itertools.zip_longest", params="*iterables, fillvalue=None")
def zip_longest(m: Machine, a: Arguments) -> Value:
    """As ``zip``, until all are at their end."""
    rows = itertools.zip_longest(*_known(m, a.rest), fillvalue=a.values.get("fillvalue", NONE))
    return _list(m, (TupleValue(row) for row in rows))


@function("itertools.starmap", params="function, iterable, /")
def starmap(m: Machine, a: Arguments) -> Value:
    """As ``map``, of tuples of arguments."""
    (rows,) = _known(m, [a.values["iterable"]])
    return _list(m, [m.call(a.values["function"], row, {}) for row in _known(m, rows)])


@function("itertools.pairwise", params="iterable, /")
def pairwise(m: Machine, a: Arguments) -> Value:
    """Each item with the one behind it."""
    (items,) = _known(m, [a.values["iterable"]])
    return _list(m, (TupleValue(pair) for pair in itertools.pairwise(items)))


@function("itertools.takewhile", params="predicate, iterable, /")
def takewhile(m: Machine, a: Arguments) -> Value:
    """The items before the first that is refused."""
    return _list(m, _accepted(m, a)[0])


@function("itertools.dropwhile", params="predicate, iterable, /")
def dropwhile(m: Machine, a: Arguments) -> Value:
    """The others."""
    return _list(m, _accepted(m, a)[1])


def _accepted(m: Machine, a: Arguments) -> tuple[tuple[Value, ...], tuple[Value, ...]]:
    (items,) = _known(m, [a.values["iterable"]])
    for number_of, item in enumerate(items):
        answer = m.truth(m.call(a.values["predicate"], (item,), {}))
        if answer is None:
            raise NotKnown("which items these are is not known")
        if not answer:
            return items[:number_of], items[number_of:]
    return items, ()
