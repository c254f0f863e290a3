"""Asking frames and series: columns, rows, values (pandas 3.1)."""

from __future__ import annotations

from shapelens.library.arrays.attributes import dim_value
from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import as_dim, as_int, as_spec, flag, is_none, items_of
from shapelens.library.arrays.dtypes import dtype_of
from shapelens.library.arrays.index import subscript
from shapelens.library.machine import Machine
from shapelens.library.pandas.frame import (
    FRAME,
    SERIES,
    Columns,
    change,
    columns_of,
    is_frame,
    names,
    new_frame,
    series,
    size,
)
from shapelens.library.registry import Arguments, attribute, function
from shapelens.shapes.dims import ANY, Dim, add
from shapelens.shapes.shape import Shape, TensorSpec
from shapelens.values.failure import NotKnown
from shapelens.values.objects import LibInstance, ListObject
from shapelens.values.value import (
    NONE,
    Const,
    Opaque,
    Ref,
    SliceValue,
    TensorValue,
    TupleValue,
    Value,
)

WHOLE = SliceValue(NONE, NONE, NONE)
# Methods that keep the size of a frame.
SAME_SIZE = ("fillna", "astype", "copy", "replace", "round", "abs", "sort_values", "sort_index", "interpolate", "ffill",
             "bfill", "shift", "clip", "rank", "applymap", "map", "where", "mask", "isna", "isnull", "notna", "notnull",
             "cumsum", "diff", "pct_change", "infer_objects", "convert_dtypes", "sub", "div", "mul", "add")  # fmt: skip


@attribute(f"{FRAME}.values", f"{SERIES}.values", f"{SERIES}.array")
def values(m: Machine, value: Value) -> Value:
    """The array."""
    found = m.tensor(value)
    if found is None:
        raise NotKnown("the data frame is not known")
    return TensorValue(found.spec, "numpy", labels=found.labels, origin=m.site)


@function(f"{FRAME}.to_numpy", f"{SERIES}.to_numpy", params="self, dtype=None, *args, **options")
def to_numpy(m: Machine, a: Arguments) -> Value:
    """The array, in another dtype if asked for."""
    found = m.tensor(a.values["self"])
    if found is None:
        raise NotKnown("the data frame is not known")
    dtype = found.spec.dtype if is_none(a.get("dtype")) else dtype_of(a.get("dtype"))
    return TensorValue(TensorSpec(found.spec.shape, dtype), "numpy", labels=found.labels, origin=m.site)


@attribute(f"{FRAME}.shape")
def shape(m: Machine, value: Value) -> Value:
    """(rows, columns)."""
    return TupleValue(tuple(map(dim_value, size(m, value))))


@function(f"{FRAME}.__len__", params="self")
def length(m: Machine, a: Arguments) -> Value:
    """The number of rows."""
    return dim_value(size(m, a.values["self"])[0])


@attribute(f"{FRAME}.columns")
def columns(m: Machine, value: Value) -> Value:
    """The names of the columns."""
    found = columns_of(m, value)
    if found is not None:
        return m.alloc(ListObject(tuple(map(Const, found))))
    return m.alloc(ListObject((), open=True, rest=Opaque("str")))


@attribute(f"{FRAME}.index", f"{SERIES}.index")
def index(m: Machine, value: Value) -> Value:
    """The labels of the rows."""
    found = m.tensor(value)
    return tensor(m, Shape((ANY if found is None else found.spec.shape.axis(0),)))


@attribute(f"{FRAME}.T")
def transposed(m: Machine, value: Value) -> Value:
    """Columns as rows."""
    rows, width = size(m, value)
    return new_frame(m, width, rows)


@function(f"{FRAME}.__getitem__", params="self, key")
def select(m: Machine, a: Arguments) -> Value:
    """``df["a"]`` is a series, ``df[["a", "b"]]`` a frame, ``df[mask]`` and ``df[1:9]`` are rows."""
    frame, key = a.values["self"], a.values["key"]
    rows, width = size(m, frame)
    if isinstance(key, Const) and isinstance(key.value, str):
        return series(m, rows)
    if isinstance(key, SliceValue):
        return _rows(m, frame, key)
    mask = m.tensor(key)
    if mask is not None and mask.spec.dtype == "bool":
        return new_frame(m, ANY, width, columns_of(m, frame))
    found = items_of(m, key)
    if found is not None:
        return new_frame(m, rows, len(found), names(m, key))
    obj = m.read(key) if isinstance(key, Ref) else None
    if isinstance(obj, ListObject):
        return new_frame(m, rows, ANY)
    if isinstance(key, Opaque) and key.type_name == "bool":
        return new_frame(m, ANY, width, columns_of(m, frame))
    raise NotKnown("what is selected from the data frame is not known")


@function(f"{SERIES}.__getitem__", params="self, key")
def select_rows(m: Machine, a: Arguments) -> Value:
    """Some rows of a series."""
    source, key = a.values["self"], a.values["key"]
    if isinstance(source, TensorValue) and isinstance(key, SliceValue):
        return series(m, _count(m, source.spec.shape.axis(0), key), source.spec.dtype)
    if isinstance(key, Const) or (isinstance(key, Opaque) and key.type_name in ("int", "str")):
        return Opaque("float") if not isinstance(source, TensorValue) else tensor(m, Shape(()), source.spec.dtype)
    return series(m, ANY)


@function(f"{FRAME}.__setitem__", params="self, key, value")
def store(m: Machine, a: Arguments) -> Value:
    """A new column, or another content for an old one."""
    frame, added = a.values["self"], names(m, a.values["key"])
    rows, _ = size(m, frame)
    old = columns_of(m, frame)
    if added is None or old is None:
        change(m, frame, rows, ANY, None)
    else:
        change(m, frame, rows, ANY, (*old, *(name for name in added if name not in old)))
    return NONE


@function(f"{FRAME}.insert", params="self, loc, column, value, allow_duplicates=False")
def insert(m: Machine, a: Arguments) -> Value:
    """A new column somewhere."""
    frame = a.values["self"]
    rows, width = size(m, frame)
    change(m, frame, rows, add(width, 1), None)
    return NONE


@function(f"{FRAME}.pop", params="self, item")
def pop(m: Machine, a: Arguments) -> Value:
    """A column, taken out of the frame."""
    frame = a.values["self"]
    rows, width = size(m, frame)
    old, taken = columns_of(m, frame), names(m, a.values["item"])
    left = None if old is None or taken is None else tuple(name for name in old if name not in taken)
    change(m, frame, rows, add(width, -1), left)
    return series(m, rows)


@function(f"{FRAME}.__delitem__", params="self, key")
def delete(m: Machine, a: Arguments) -> Value:
    """``del df["a"]``."""
    pop(m, Arguments({"self": a.values["self"], "item": a.values["key"]}))
    return NONE


@function(
    f"{FRAME}.drop",
    params="self, labels=None, *, axis=0, index=None, columns=None, level=None, inplace=False, errors='raise'",
)
def drop(m: Machine, a: Arguments) -> Value:
    """Without some columns (or rows)."""
    frame = a.values["self"]
    rows, width = size(m, frame)
    old = columns_of(m, frame)
    by_column = a.get("columns") is not None or a.values.get("axis", Const(0)) in (Const(1), Const("columns"))
    gone = a.get("columns") or a.get("labels")
    left: Columns | None = None
    count: Dim = width
    if by_column:
        taken = names(m, gone)
        if old is not None and taken is not None:
            left = tuple(name for name in old if name not in taken)
        sure = taken is not None and a.values.get("errors", Const("raise")) == Const("raise")
        count = add(width, -len(set(taken or ()))) if sure else ANY
    else:
        rows, left = ANY, old
    return _result(m, a, frame, rows, count, left)


@function(
    f"{FRAME}.dropna",
    f"{FRAME}.drop_duplicates",
    f"{FRAME}.query",
    params="self, *args, inplace=False, axis=0, **options",
)
def some_rows(m: Machine, a: Arguments) -> Value:
    """As many rows as the data say."""
    frame = a.values["self"]
    width, old = size(m, frame)[1], columns_of(m, frame)
    if a.values.get("axis", Const(0)) not in (Const(0), Const("index")):
        width, old = ANY, None
    return _result(m, a, frame, ANY, width, old)


def _result(m: Machine, a: Arguments, frame: Value, rows: Dim, width: Dim, left: Columns | None) -> Value:
    """A new frame, or the old one changed where ``inplace`` says so."""
    where = flag(a, "inplace", False)
    if where is False:
        return new_frame(m, rows, width, left)
    if where is True:
        change(m, frame, rows, width, left)
        return NONE
    change(m, frame, ANY, ANY, None)
    raise NotKnown("whether the data frame is changed is not known")


@function(*(f"{FRAME}.{name}" for name in SAME_SIZE), params="self, *args, inplace=False, **options")
def same_size(m: Machine, a: Arguments) -> Value:
    """A frame of the same size."""
    frame = a.values["self"]
    return _result(m, a, frame, *size(m, frame), columns_of(m, frame))


@function(
    *(f"{SERIES}.{name}" for name in SAME_SIZE),
    f"{SERIES}.apply",
    f"{SERIES}.reset_index",
    params="self, *args, inplace=False, **options",
)
def same_length(m: Machine, a: Arguments) -> Value:
    """A series of the same length."""
    source = a.values["self"]
    if not isinstance(source, TensorValue):
        raise NotKnown("the series is not known")
    if flag(a, "inplace", False) is not False:
        return NONE
    return series(m, source.spec.shape.axis(0))


@function(
    f"{FRAME}.rename", f"{FRAME}.reset_index", f"{FRAME}.set_index", params="self, *args, inplace=False, **options"
)
def renamed(m: Machine, a: Arguments) -> Value:
    """The same rows; what becomes of the columns is not followed."""
    frame = a.values["self"]
    return _result(m, a, frame, size(m, frame)[0], ANY, None)


@function(f"{FRAME}.head", f"{FRAME}.tail", f"{SERIES}.head", f"{SERIES}.tail", params="self, n=5")
def head(m: Machine, a: Arguments) -> Value:
    """At most ``n`` rows."""
    found, source = m.tensor(a.values["self"]), a.values["self"]
    rows = ANY if found is None else found.spec.shape.axis(0)
    wanted = 5 if a.get("n") is None else as_int(a.get("n"))
    count = min(rows, wanted) if isinstance(rows, int) and wanted is not None and wanted >= 0 else ANY
    if not is_frame(m, source):
        return series(m, count)
    return new_frame(m, count, size(m, source)[1], columns_of(m, source))


@function(f"{FRAME}.sample", params="self, n=None, frac=None, replace=False, *args, **options")
def sample(m: Machine, a: Arguments) -> Value:
    """``n`` rows, or a fraction of them."""
    frame = a.values["self"]
    rows, width = size(m, frame)
    count: Dim = 1
    if not is_none(a.get("n")):
        count = as_dim(a.values["n"])
    elif not is_none(a.get("frac")):
        fraction = a.values["frac"]
        whole = fraction in (Const(1), Const(1.0))
        count = rows if whole else ANY
        if isinstance(fraction, Const) and isinstance(fraction.value, float) and isinstance(rows, int):
            count = round(fraction.value * rows)
    return new_frame(m, count, width, columns_of(m, frame))


@attribute(f"{FRAME}.iloc", f"{FRAME}.loc", f"{SERIES}.iloc", f"{SERIES}.loc")
def locator(m: Machine, value: Value) -> Value:
    """``df.iloc`` and ``df.loc``: what their subscripts select from."""
    return m.alloc(LibInstance("pandas.iloc", (("\0source", value),), m.site))


@function("pandas.iloc.__getitem__", params="self, key")
def located(m: Machine, a: Arguments) -> Value:
    """By position: as arrays are indexed. Labels select as many columns as there are names."""
    owner = a.values["self"]
    obj = m.read(owner) if isinstance(owner, Ref) else None
    source = dict(obj.attributes).get("\0source") if isinstance(obj, LibInstance) else None
    if source is None:
        raise NotKnown("what is selected from is not known")
    if not is_frame(m, source):
        return select_rows(m, Arguments({"self": source, "key": a.values["key"]}))
    key = a.values["key"]
    parts = key.items if isinstance(key, TupleValue) else (key, WHOLE)
    if len(parts) != 2:
        raise NotKnown("what is selected from the data frame is not known")
    rows, width = size(m, source)
    count = _selected(m, rows, parts[0])
    across = _selected(m, width, parts[1])
    if count is None and across is None:
        return tensor(m, Shape(()))
    if count is None or across is None:
        return series(m, count if across is None else across)
    whole = parts[1] == WHOLE
    return new_frame(m, count, across, columns_of(m, source) if whole else None)


def _selected(m: Machine, count: Dim, key: Value) -> Dim:
    """How many rows or columns ``key`` selects; `None` for one without its axis."""
    if isinstance(key, SliceValue):
        return _count(m, count, key)
    if isinstance(key, Const) or (isinstance(key, Opaque) and key.type_name in ("int", "str")):
        return None
    found = as_spec(key, m)
    if found is not None and found.spec.shape.rank == 1 and found.spec.dtype not in ("bool", None):
        return found.spec.shape.dims[0]
    items = items_of(m, key)
    return ANY if items is None else len(items)


def _count(m: Machine, count: Dim, key: SliceValue) -> Dim:
    if any(isinstance(part, Const) and isinstance(part.value, str) for part in (key.start, key.stop)):
        return ANY
    picked = subscript(TensorValue(TensorSpec(Shape((count,))), "numpy"), key, m)
    return picked.spec.shape.axis(0) if isinstance(picked, TensorValue) else ANY


def _rows(m: Machine, frame: Value, key: SliceValue) -> Value:
    rows, width = size(m, frame)
    return new_frame(m, _count(m, rows, key), width, columns_of(m, frame))


@function(f"{FRAME}.__getattr__", params="self, name")
def column(m: Machine, a: Arguments) -> Value:
    """``df.price``: a column, where there is one of this name."""
    name, frame = a.values["name"], a.values["self"]
    known = columns_of(m, frame)
    if known is not None and isinstance(name, Const) and name.value in known:
        return series(m, size(m, frame)[0])
    raise NotKnown("it is not known to be a column of the data frame")


@function(
    *(f"{FRAME}.{name}" for name in ("info", "plot", "hist", "to_csv", "to_pickle")),
    *(f"{SERIES}.{name}" for name in ("plot", "hist", "to_csv")),
    params="self, *args, **options",
)
def nothing(m: Machine, a: Arguments) -> Value:
    """Methods of which nothing is followed."""
    return NONE
