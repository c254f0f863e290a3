"""Built-in functions."""

from __future__ import annotations

import math
from typing import Any

from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.library.tensorflow.elements import iterated
from shapelens.shapes import dims
from shapelens.values.failure import NotKnown
from shapelens.values.objects import (
    DictObject,
    FunctionalObject,
    InstanceObject,
    LayerObject,
    LibInstance,
    ListObject,
    SequentialObject,
)
from shapelens.values.value import (
    NONE,
    Const,
    DatasetValue,
    FunctionValue,
    Lib,
    LibMethod,
    LibObject,
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
        if isinstance(obj, ListObject) and not obj.open:
            return Const(len(obj.items))
        if isinstance(obj, DictObject) and not obj.open:
            return Const(len(obj.entries))
        if isinstance(obj, InstanceObject) or (isinstance(obj, LibInstance) and obj.class_name == "pandas.DataFrame"):
            return m.call(m.attribute(value, "__len__"), (), {})
    return Opaque("int")


@function("builtins.range", params="start, stop=None, step=1, /")
def _range(m: Machine, a: Arguments) -> Value:
    given = [number(a.values[n]) for n in ("start", "stop", "step") if n in a.values]
    if any(not isinstance(v, int) for v in given):
        return Opaque("range")
    try:
        numbers = range(*given)
    except ValueError:
        return Opaque("range")
    if len(numbers) > MAX_RANGE:
        return Opaque("range")
    return m.alloc(ListObject(tuple(Const(i) for i in numbers)))


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
    return m.alloc(ListObject((), open=True, rest=rest, type_name=kind))


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
    return a.values["obj"]


@function("builtins.next", params="iterator, default=None, /")
def _next(m: Machine, a: Arguments) -> Value:
    value = a.values["iterator"]
    if isinstance(value, DatasetValue):
        return iterated(m, value)
    if isinstance(value, Ref):
        obj = m.read(value)
        if isinstance(obj, InstanceObject):
            return m.call(m.attribute(value, "__next__"), (), {})
        if isinstance(obj, ListObject) and len(set(obj.items)) == 1:
            return obj.items[0]
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
    items = m.items(a.values["sequence"])
    return a.values["sequence"] if items is None else m.alloc(ListObject(tuple(reversed(items))))


@function("builtins.enumerate", params="iterable, start=0")
def _enumerate(m: Machine, a: Arguments) -> Value:
    value = a.values["iterable"]
    items = m.items(value)
    first = number(a.values.get("start", Const(0)))
    if items is not None and isinstance(first, int):
        return m.alloc(ListObject(tuple(TupleValue((Const(first + i), v)) for i, v in enumerate(items))))
    return m.alloc(ListObject((), open=True, rest=TupleValue((Opaque("int"), some_item(m, value)))))


def some_item(m: Machine, value: Value) -> Value:
    """One item of an iterable, whichever."""
    if isinstance(value, DatasetValue):
        return iterated(m, value)
    if isinstance(value, TensorValue):
        shape = value.spec.shape
        if not shape.open and shape.dims:
            inner = type(shape)(shape.dims[1:])
            return TensorValue(type(value.spec)(inner, value.spec.dtype), value.kind, origin=value.origin)
    if isinstance(value, Ref):
        obj = m.read(value)
        if isinstance(obj, ListObject) and obj.rest is not None:
            return obj.rest
    if isinstance(value, Opaque) and value.type_name == "range":
        return Opaque("int")
    return Unknown("the items are not known")


@function("builtins.zip", params="*iterables, strict=False")
def _zip(m: Machine, a: Arguments) -> Value:
    columns = [m.items(value) for value in a.rest]
    if columns and all(column is not None for column in columns):
        rows = zip(*(column or () for column in columns), strict=False)
        return m.alloc(ListObject(tuple(TupleValue(row) for row in rows)))
    if all(isinstance(v, DatasetValue) for v in a.rest) and a.rest:
        return m.alloc(ListObject((), True, TupleValue(tuple(some_item(m, v) for v in a.rest))))
    firsts = []
    for column, value in zip(columns, a.rest, strict=True):
        known = column is not None and len(set(column)) == 1
        firsts.append(column[0] if known and column else some_item(m, value))
    return m.alloc(ListObject((), open=True, rest=TupleValue(tuple(firsts))))


@function("builtins.map", params="function, *iterables")
def _map(m: Machine, a: Arguments) -> Value:
    columns = [m.items(value) for value in a.rest]
    callee = a.values["function"]
    if columns and all(column is not None for column in columns):
        rows = zip(*(column or () for column in columns), strict=False)
        return m.alloc(ListObject(tuple(m.call(callee, row, {}) for row in rows)))
    rest = m.call(callee, tuple(some_item(m, v) for v in a.rest), {})
    return m.alloc(ListObject((), open=True, rest=rest))


@function("builtins.filter", params="function, iterable")
def _filter(m: Machine, a: Arguments) -> Value:
    items = m.items(a.values["iterable"])
    if items is None:
        return m.alloc(ListObject((), open=True, rest=some_item(m, a.values["iterable"])))
    callee = a.values["function"]
    answers = [m.truth(v if callee == NONE else m.call(callee, (v,), {})) for v in items]
    if None in answers:
        return m.alloc(ListObject((), open=True))
    return m.alloc(ListObject(tuple(v for v, keep in zip(items, answers, strict=True) if keep)))


@function("builtins.sorted", params="iterable, *, key=None, reverse=False")
def _sorted(m: Machine, a: Arguments) -> Value:
    items = m.items(a.values["iterable"])
    if items is None:
        return m.alloc(ListObject((), open=True, rest=some_item(m, a.values["iterable"])))
    plain = [v.value for v in items if isinstance(v, Const)]
    if len(plain) == len(items) and "key" not in a.values:
        try:
            ordered: list[Any] = sorted(plain)
        except TypeError:
            return m.alloc(ListObject((), open=True))
        if m.truth(a.values.get("reverse", Const(False))):
            ordered.reverse()
        return m.alloc(ListObject(tuple(Const(v) for v in ordered)))
    # The order is not known, the items are: alike ones can be told apart no further.
    return m.alloc(ListObject(items if len(set(items)) <= 1 else (), open=len(set(items)) > 1))


def _extreme(m: Machine, a: Arguments, pick: Any) -> Value:
    values = a.rest
    if len(values) == 1:
        items = m.items(values[0])
        if items is None or not items:
            raise NotKnown("the largest or smallest of unknown items")
        values = items
    numbers = [number(v) for v in values]
    if None in numbers or "key" in a.values:
        if all(isinstance(v, Const | SizeValue | Opaque) for v in values):
            return Opaque("int")
        raise NotKnown("the largest or smallest of unknown items")
    return Const(pick(numbers))


@function("builtins.max", params="*values, key=None, default=None")
def _max(m: Machine, a: Arguments) -> Value:
    return _extreme(m, a, max)


@function("builtins.min", params="*values, key=None, default=None")
def _min(m: Machine, a: Arguments) -> Value:
    return _extreme(m, a, min)


@function("builtins.sum", params="iterable, start=0")
def _sum(m: Machine, a: Arguments) -> Value:
    items = m.items(a.values["iterable"])
    if items is None:
        raise NotKnown("the sum of unknown items")
    numbers = [number(v) for v in items]
    if any(n is None for n in numbers):
        tensors = [v for v in items if isinstance(v, TensorValue)]
        if tensors and len(tensors) == len(items) and all(t.spec == tensors[0].spec for t in tensors):
            return TensorValue(tensors[0].spec, tensors[0].kind, origin=m.site)
        raise NotKnown("the sum of unknown items")
    return Const(sum(numbers) + (number(a.values.get("start", Const(0))) or 0))


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
    return Opaque("float")


@function("builtins.str", params="object='', encoding=None, errors=None")
def _str(m: Machine, a: Arguments) -> Value:
    value = a.values.get("object", Const(""))
    if isinstance(value, Const) and value.value is not Ellipsis:
        return Const(str(value.value))
    return Opaque("str")


@function("builtins.bool", params="x=False, /")
def _bool(m: Machine, a: Arguments) -> Value:
    answer = m.truth(a.values.get("x", Const(False)))
    return Opaque("bool") if answer is None else Const(answer)


@function("builtins.abs", params="x, /")
def _abs(m: Machine, a: Arguments) -> Value:
    value = a.values["x"]
    plain = number(value)
    if plain is not None:
        return Const(abs(plain))
    return value if isinstance(value, TensorValue) else Opaque("float")


@function("builtins.round", params="number, ndigits=None")
def _round(m: Machine, a: Arguments) -> Value:
    plain = number(a.values["number"])
    digits = number(a.values["ndigits"]) if "ndigits" in a.values else None
    if isinstance(plain, int | float) and math.isfinite(plain):
        return Const(round(plain) if digits is None else round(plain, int(digits)))
    return Opaque("float" if "ndigits" in a.values else "int")


@function("builtins.pow", params="base, exp, mod=None")
def _pow(m: Machine, a: Arguments) -> Value:
    base, exponent = number(a.values["base"]), number(a.values["exp"])
    if isinstance(base, int | float) and isinstance(exponent, int) and abs(exponent) < 64 and abs(base) < 1e6:
        if base or exponent >= 0:
            return Const(base**exponent)
    return Opaque("float")


@function("builtins.divmod", params="a, b, /")
def _divmod(m: Machine, a: Arguments) -> Value:
    x, y = number(a.values["a"]), number(a.values["b"])
    if isinstance(x, int) and isinstance(y, int) and y:
        return TupleValue((Const(x // y), Const(x % y)))
    return TupleValue((Opaque("int"), Opaque("int")))


@function("builtins.isinstance", params="obj, classes, /")
def _isinstance(m: Machine, a: Arguments) -> Value:
    classes = a.values["classes"]
    wanted = classes.items if isinstance(classes, TupleValue) else (classes,)
    answers = [_is_instance(m, a.values["obj"], cls) for cls in wanted]
    if True in answers:
        return Const(True)
    return Opaque("bool") if None in answers else Const(False)


def _is_instance(m: Machine, value: Value, cls: Value) -> bool | None:
    if isinstance(cls, Lib):
        actual = python_type(m, value)
        if actual is None:
            return None
        names = {"builtins.bool": ("bool",), "builtins.int": ("int", "bool")}.get(
            cls.name, (cls.name.rpartition(".")[2],)
        )
        return actual in names if cls.name.startswith("builtins.") else None
    if isinstance(cls, Ref) and isinstance(value, Ref):
        obj = m.read(value)
        if isinstance(obj, InstanceObject):
            return True if obj.cls == cls else None
    if isinstance(cls, Ref) and isinstance(value, Const | TupleValue | TensorValue):
        return False
    return None


def python_type(m: Machine, value: Value) -> str | None:
    """The name of the value's Python type where it is certain."""
    if isinstance(value, Const):
        return type(value.value).__name__
    if isinstance(value, Opaque):
        return value.type_name
    if isinstance(value, SizeValue):
        return "int"
    if isinstance(value, TupleValue):
        return "tuple"
    if isinstance(value, TensorValue):
        return "ndarray" if value.kind == "numpy" else "Tensor"
    if isinstance(value, FunctionValue):
        return "function"
    if isinstance(value, Ref):
        obj = m.read(value)
        if isinstance(obj, ListObject):
            return obj.type_name
        if isinstance(obj, DictObject):
            return "dict"
        if isinstance(obj, LayerObject | SequentialObject | FunctionalObject | InstanceObject):
            return "object"
    return None


@function("builtins.callable", params="obj, /")
def _callable(m: Machine, a: Arguments) -> Value:
    value = a.values["obj"]
    if isinstance(value, FunctionValue | Lib | LibMethod):
        return Const(True)
    return Const(False) if isinstance(value, Const | TupleValue | TensorValue) else Opaque("bool")


@function("builtins.type", params="obj, bases=None, dict=None, /")
def _type(m: Machine, a: Arguments) -> Value:
    value = a.values["obj"]
    if isinstance(value, Ref):
        obj = m.read(value)
        if isinstance(obj, InstanceObject):
            return obj.cls
        if isinstance(obj, LayerObject):
            return Lib(obj.class_name)
    name = python_type(m, value)
    return Unknown("its type is not known") if name in (None, "object") else Lib(f"builtins.{name}")


@function("builtins.getattr", params="obj, name, default=None, /")
def _getattr(m: Machine, a: Arguments) -> Value:
    name = a.values["name"]
    if not isinstance(name, Const) or not isinstance(name.value, str):
        raise NotKnown("the attribute's name is not known")
    found = m.attribute(a.values["obj"], name.value)
    return a.values["default"] if isinstance(found, Unknown) and "default" in a.values else found


@function("builtins.hasattr", params="obj, name, /")
def _hasattr(m: Machine, a: Arguments) -> Value:
    name = a.values["name"]
    if isinstance(name, Const) and isinstance(name.value, str):
        found = m.attribute(a.values["obj"], name.value)
        if not isinstance(found, Unknown | Lib):
            return Const(True)
    return Opaque("bool")


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


@function("builtins.print", "builtins.delattr", "builtins.help", params="*values, **options")
def _print(m: Machine, a: Arguments) -> Value:
    return NONE


@function("builtins.input", "builtins.repr", "builtins.chr", "builtins.format", params="*values, **options")
def _text(m: Machine, a: Arguments) -> Value:
    return Opaque("str")


@function("builtins.id", "builtins.hash", "builtins.ord", params="*values, **options")
def _integer(m: Machine, a: Arguments) -> Value:
    return Opaque("int")


@function("builtins.object.__init__", params="self, *args, **kwargs")
def _object_init(m: Machine, a: Arguments) -> Value:
    return NONE


@function("builtins.dict", params="mapping=(), /, **entries")
def _dict(m: Machine, a: Arguments) -> Value:
    entries: dict[Value, Value] = {}
    surplus = False
    given = a.get("mapping")
    if given is not None:
        obj = m.read(given) if isinstance(given, Ref) else None
        if isinstance(obj, DictObject):
            entries.update(obj.entries)
            surplus = obj.open
        else:
            pairs = [m.items(pair) for pair in m.items(given) or ()]
            surplus = m.items(given) is None or any(p is None or len(p) != 2 for p in pairs)
            entries.update((p[0], p[1]) for p in pairs if p is not None and len(p) == 2)
    entries.update((Const(name), value) for name, value in a.extra.items())
    return m.alloc(DictObject(tuple(entries.items()), surplus))


@function("builtins.slice", params="start, stop=None, step=None, /")
def _slice(m: Machine, a: Arguments) -> Value:
    from shapelens.values.value import SliceValue

    if "stop" not in a.values:
        return SliceValue(NONE, a.values["start"], NONE)
    return SliceValue(a.values["start"], a.values["stop"], a.values.get("step", NONE))


@function("copy.copy", "copy.deepcopy", params="x, memo=None")
def _copy(m: Machine, a: Arguments) -> Value:
    value = a.values["x"]
    return m.alloc(m.read(value)) if isinstance(value, Ref) else value


@function("functools.partial", params="func, /, *args, **keywords")
def _partial(m: Machine, a: Arguments) -> Value:
    from shapelens.values.value import PartialValue

    return PartialValue(a.values["func"], a.rest, tuple(a.extra.items()))


@function("dataclasses.field", params="*, default=None, default_factory=None, **options")
def _field(m: Machine, a: Arguments) -> Value:
    return LibObject("dataclasses.Field", tuple(a.values.items()))


def _mathematical(name: str) -> None:
    compute = getattr(math, name)

    @function(f"math.{name}", params="x, y=None, /")
    def rule(m: Machine, a: Arguments) -> Value:
        values = [number(v) for v in a.values.values()]
        if any(v is None for v in values):
            return Opaque("int" if name in ("ceil", "floor") else "float")
        try:
            return Const(compute(*values))
        except (ValueError, OverflowError, TypeError):
            raise NotKnown("math raises an error here") from None


for _name in (
    "ceil",
    "floor",
    "sqrt",
    "log",
    "log2",
    "log10",
    "exp",
    "sin",
    "cos",
    "tan",
    "pow",
    "trunc",
    "gcd",
):
    _mathematical(_name)
