"""Built-in functions that make or walk sequences."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from shapelens.library.arrays.alternatives import any_of
from shapelens.library.arrays.convert import as_dim
from shapelens.library.arrays.index import OBJECT
from shapelens.library.machine import Machine
from shapelens.library.python.numbers import number, size_value
from shapelens.library.registry import Arguments, function
from shapelens.library.tensorflow.elements import iterated
from shapelens.shapes.dims import ANY, Dim, add, ceildiv, counter, sub
from shapelens.values.failure import NotKnown
from shapelens.values.objects import (
    DictObject,
    InstanceObject,
    LibInstance,
    ListObject,
)
from shapelens.values.value import (
    NONE,
    Const,
    DatasetValue,
    Opaque,
    Ref,
    SizeValue,
    TensorValue,
    TupleValue,
    Unknown,
    Value,
)

# Ranges longer than this are not written out.
MAX_RANGE = 2_048
# The number of the counter in what stands for each number of a range; who takes one number renumbers it.
EACH = 0


@function("builtins.len", params="obj, /")
def _len(m: Machine, a: Arguments) -> Value:
    value = a.values["obj"]
    if isinstance(value, TupleValue):
        return Const(len(value.items))
    if isinstance(value, Const) and isinstance(value.value, str | bytes):
        return Const(len(value.value))
    if isinstance(value, TensorValue):
        shape = value.spec.shape
        return Opaque("int") if shape.open or not shape.dims else size_value(shape.dims[0])
    if isinstance(value, DatasetValue) and value.cardinality is not None:
        return size_value(value.cardinality)
    if isinstance(value, Ref):
        obj = m.read(value)
        if isinstance(obj, ListObject):
            return size_value(obj.length)
        if isinstance(obj, DictObject) and not obj.open:
            return Const(len(obj.entries))
        if isinstance(obj, InstanceObject) or (isinstance(obj, LibInstance) and obj.class_name == "pandas.DataFrame"):
            return m.call(m.attribute(value, "__len__"), (), {})
    return Opaque("int")


@function("builtins.range", params="start, stop=None, step=1, /")
def _range(m: Machine, a: Arguments) -> Value:
    given = [number(a.values[n]) for n in ("start", "stop", "step") if n in a.values]
    if any(not isinstance(v, int) for v in given):
        return _long_range(m, a)
    try:
        numbers = range(*given)
    except ValueError:
        raise NotKnown("the range's step is zero") from None
    if len(numbers) > MAX_RANGE:
        return _long_range(m, a)
    return m.alloc(ListObject(tuple(Const(i) for i in numbers)))


def _long_range(m: Machine, a: Arguments) -> Value:
    """A range that is not written out: its length where it is not empty, and between what its numbers lie."""
    first, last, step = (as_dim(a.values[n]) if n in a.values else None for n in ("start", "stop", "step"))
    start, stop = (0, first) if last is None else (first, last)
    if step is None:
        step = 1
    count: Dim = ANY
    rest: Value = Opaque("int")
    if start is not None and stop is not None and isinstance(step, int) and step != 0:
        count = ceildiv(sub(stop, start), step) if step > 0 else ceildiv(sub(start, stop), -step)
        low, high = (start, sub(stop, 1)) if step > 0 else (add(stop, 1), start)
        rest = SizeValue(counter(EACH, low, high))
    return m.alloc(ListObject((), open=True, rest=rest, count=count))


def count_of(m: Machine, value: Value) -> Dim:
    """The number of items of an iterable, as far as it is known."""
    items = m.items(value)
    if items is not None:
        return len(items)
    if isinstance(value, TensorValue):
        return ANY if value.spec.shape.open or not value.spec.shape.dims else value.spec.shape.dims[0] or ANY
    if isinstance(value, DatasetValue):
        known = value.cardinality
        return ANY if known is None or known == -1 else known
    obj = m.read(value) if isinstance(value, Ref) else None
    return obj.length if isinstance(obj, ListObject) else ANY


def _new_list(m: Machine, value: Value | None, kind: Any) -> Value:
    if value is None:
        return m.alloc(ListObject((), type_name=kind))
    items = m.items(value)
    if items is not None:
        return m.alloc(ListObject(tuple(dict.fromkeys(items)) if kind == "set" else items, type_name=kind))
    rest = None
    if isinstance(value, DatasetValue):
        rest = value.element
    elif isinstance(value, Ref):
        obj = m.read(value)
        rest = obj.rest if isinstance(obj, ListObject) else None
    elif isinstance(value, TensorValue):
        rest = some_item(m, value)
    count = ANY if kind == "set" else count_of(m, value)
    return m.alloc(ListObject((), open=True, rest=rest, type_name=kind, count=count))


@function("builtins.list", params="iterable=(), /")
def _list(m: Machine, a: Arguments) -> Value:
    return _new_list(m, a.get("iterable"), "list")


@function("builtins.set", "builtins.frozenset", params="iterable=(), /")
def _set(m: Machine, a: Arguments) -> Value:
    return _new_list(m, a.get("iterable"), "set")


@function("collections.deque", params="iterable=(), maxlen=None")
def _deque(m: Machine, a: Arguments) -> Value:
    return m.alloc(ListObject((), open=True)) if "maxlen" in a.values else _new_list(m, a.get("iterable"), "deque")


@function("builtins.iter", params="obj, sentinel=None, /")
def _iter(m: Machine, a: Arguments) -> Value:
    value = a.values["obj"]
    obj = m.read(value) if isinstance(value, Ref) else None
    if isinstance(obj, ListObject):
        # `next` takes items out of the iterator, and the list keeps them.
        return m.alloc(replace(obj, type_name="iterator"))
    items = m.items(value) if isinstance(obj, DictObject) or isinstance(value, TupleValue | Const) else None
    return value if items is None else m.alloc(ListObject(items, type_name="iterator"))


@function("builtins.next", params="iterator, default=None, /")
def _next(m: Machine, a: Arguments) -> Value:
    value = a.values["iterator"]
    if isinstance(value, DatasetValue):
        return iterated(m, value)
    if isinstance(value, Ref):
        obj = m.read(value)
        if isinstance(obj, InstanceObject):
            return m.call(m.attribute(value, "__next__"), (), {})
        if isinstance(obj, ListObject) and obj.items and not obj.open:
            m.write(value, replace(obj, items=obj.items[1:]))
            return obj.items[0]
        if isinstance(obj, ListObject) and not obj.open and "default" in a.values:
            return a.values["default"]
        if isinstance(obj, ListObject) and obj.rest is not None:
            return obj.rest
    raise NotKnown("which item comes next is not followed")


@function("builtins.tuple", params="iterable=(), /")
def _tuple(m: Machine, a: Arguments) -> Value:
    value = a.get("iterable")
    items = () if value is None else m.items(value)
    if items is None:
        raise NotKnown("the items of this tuple are not known")
    return TupleValue(items)


@function("builtins.reversed", params="sequence, /")
def _reversed(m: Machine, a: Arguments) -> Value:
    value = a.values["sequence"]
    items = m.items(value)
    if items is None:
        return m.alloc(ListObject((), open=True, rest=some_item(m, value), count=count_of(m, value)))
    return m.alloc(ListObject(tuple(reversed(items))))


@function("builtins.enumerate", params="iterable, start=0")
def _enumerate(m: Machine, a: Arguments) -> Value:
    value = a.values["iterable"]
    items = m.items(value)
    first = number(a.values.get("start", Const(0)))
    if items is not None and isinstance(first, int):
        return m.alloc(ListObject(tuple(TupleValue((Const(first + i), v)) for i, v in enumerate(items))))
    pair = TupleValue((Opaque("int"), some_item(m, value)))
    return m.alloc(ListObject((), open=True, rest=pair, count=count_of(m, value)))


def some_item(m: Machine, value: Value) -> Value:
    """One item of an iterable, whichever."""
    if isinstance(value, DatasetValue):
        return iterated(m, value)
    if isinstance(value, TensorValue):
        shape = value.spec.shape
        if not shape.open and shape.dims:
            if len(shape.dims) == 1 and value.spec.dtype == "object":
                return Unknown(OBJECT)
            inner = type(shape)(shape.dims[1:])
            return TensorValue(type(value.spec)(inner, value.spec.dtype), value.kind, origin=value.origin)
    if isinstance(value, Ref):
        obj = m.read(value)
        if isinstance(obj, ListObject) and obj.rest is not None:
            return obj.rest
    items = m.items(value)
    if items:
        return any_of(items)
    return value if isinstance(value, Unknown) else Unknown("the items are not known")


@function("builtins.zip", params="*iterables, strict=False")
def _zip(m: Machine, a: Arguments) -> Value:
    columns = [m.items(value) for value in a.rest]
    if len(set(a.rest)) < len(a.rest) and any(_is_iterator(m, value) for value in a.rest):
        raise NotKnown("an iterator that is walked in two places is not followed")
    if columns and all(column is not None for column in columns):
        rows = zip(*(column or () for column in columns), strict=False)
        return m.alloc(ListObject(tuple(TupleValue(row) for row in rows)))
    if all(isinstance(v, DatasetValue) for v in a.rest) and a.rest:
        return m.alloc(ListObject((), True, TupleValue(tuple(some_item(m, v) for v in a.rest))))
    counts = {count_of(m, value) for value in a.rest}
    count = counts.pop() if len(counts) == 1 else ANY
    rest = TupleValue(tuple(some_item(m, value) for value in a.rest))
    return m.alloc(ListObject((), open=True, rest=rest, count=count))


def _is_iterator(m: Machine, value: Value) -> bool:
    obj = m.read(value) if isinstance(value, Ref) else None
    return isinstance(obj, ListObject) and obj.type_name == "iterator"


@function("builtins.map", params="function, *iterables")
def _map(m: Machine, a: Arguments) -> Value:
    columns = [m.items(value) for value in a.rest]
    callee = a.values["function"]
    if columns and all(column is not None for column in columns):
        rows = zip(*(column or () for column in columns), strict=False)
        return m.alloc(ListObject(tuple(m.call(callee, row, {}) for row in rows)))
    rest = m.call(callee, tuple(some_item(m, v) for v in a.rest), {})
    return m.alloc(ListObject((), open=True, rest=rest, count=count_of(m, a.rest[0]) if len(a.rest) == 1 else ANY))


@function("itertools.chain", params="*iterables")
def _chain(m: Machine, a: Arguments) -> Value:
    return _chained(m, a.rest)


@function("itertools.chain.from_iterable", params="iterable, /")
def _chain_from(m: Machine, a: Arguments) -> Value:
    iterables = m.items(a.values["iterable"])
    if iterables is None:
        raise NotKnown("what is put together is not known")
    return _chained(m, iterables)


def _chained(m: Machine, iterables: tuple[Value, ...]) -> Value:
    items = [m.items(iterable) for iterable in iterables]
    if None in items:
        return m.alloc(ListObject((), open=True))
    return m.alloc(ListObject(tuple(item for part in items if part is not None for item in part)))


@function("builtins.filter", params="function, iterable")
def _filter(m: Machine, a: Arguments) -> Value:
    items = m.items(a.values["iterable"])
    if items is None:
        return m.alloc(ListObject((), open=True, rest=some_item(m, a.values["iterable"])))
    callee = a.values["function"]
    answers = [m.truth(v if callee == NONE else m.call(callee, (v,), {})) for v in items]
    if None in answers:
        return m.alloc(ListObject((), open=True, rest=any_of(items)))
    return m.alloc(ListObject(tuple(v for v, keep in zip(items, answers, strict=True) if keep)))


@function("builtins.all", params="iterable, /")
def _all(m: Machine, a: Arguments) -> Value:
    items = m.items(a.values["iterable"])
    answers = [None] if items is None else [m.truth(v) for v in items]
    return Const(False) if False in answers else Opaque("bool") if None in answers else Const(True)


@function("builtins.any", params="iterable, /")
def _any(m: Machine, a: Arguments) -> Value:
    items = m.items(a.values["iterable"])
    answers = [None] if items is None else [m.truth(v) for v in items]
    return Const(True) if True in answers else Opaque("bool") if None in answers else Const(False)


@function("builtins.dict", params="mapping=(), /, **entries")
def _dict(m: Machine, a: Arguments) -> Value:
    whole = DictObject()
    given = a.get("mapping")
    if given is not None:
        obj = m.read(given) if isinstance(given, Ref) else None
        if isinstance(obj, DictObject):
            whole = replace(obj, factory=None, owner=None)
        else:
            pairs = [m.items(pair) for pair in m.items(given) or ()]
            surplus = m.items(given) is None or any(p is None or len(p) != 2 for p in pairs)
            known = {p[0]: p[1] for p in pairs if p is not None and len(p) == 2}
            whole = DictObject(tuple(known.items()), surplus)
    for name, value in a.extra.items():
        whole = whole.with_entry(Const(name), value)
    return m.alloc(whole)


@function("builtins.slice", params="start, stop=None, step=None, /")
def _slice(m: Machine, a: Arguments) -> Value:
    from shapelens.values.value import SliceValue

    if "stop" not in a.values:
        return SliceValue(NONE, a.values["start"], NONE)
    return SliceValue(a.values["start"], a.values["stop"], a.values.get("step", NONE))
