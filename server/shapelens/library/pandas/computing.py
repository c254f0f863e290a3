"""Computing with frames and series: reductions, arithmetic, conversions (pandas 3.1)."""

from __future__ import annotations

from shapelens.library.machine import Machine
from shapelens.library.pandas.frame import FRAME, SERIES, columns_of, new_frame, series, size
from shapelens.library.registry import Arguments, function
from shapelens.shapes.dims import ANY, same
from shapelens.values.failure import NotKnown
from shapelens.values.objects import ListObject
from shapelens.values.value import Const, Opaque, TensorValue, Value


@function(f"{FRAME}.describe", f"{FRAME}.groupby", f"{FRAME}.merge", f"{FRAME}.apply", params="self, *args, **options")
def not_followed(m: Machine, a: Arguments) -> Value:
    """Results whose size the data decide."""
    raise NotKnown("the size of this result depends on the data")


@function(
    f"{FRAME}.mean",
    f"{FRAME}.std",
    f"{FRAME}.min",
    f"{FRAME}.max",
    f"{FRAME}.sum",
    f"{FRAME}.median",
    params="self, axis=0, *args, **options",
)
def reduced(m: Machine, a: Arguments) -> Value:
    """One number for each column."""
    rows, width = size(m, a.values["self"])
    return series(m, width if a.values.get("axis", Const(0)) in (Const(0), Const("index")) else rows)


@function(
    f"{SERIES}.mean",
    f"{SERIES}.std",
    f"{SERIES}.min",
    f"{SERIES}.max",
    f"{SERIES}.sum",
    f"{SERIES}.median",
    params="self, *args, **options",
)
def one_number(m: Machine, a: Arguments) -> Value:
    """One number."""
    return Opaque("float")


@function(f"{SERIES}.nunique", params="self, *args, **options")
def count_unique(m: Machine, a: Arguments) -> Value:
    """How many different values there are."""
    return Opaque("int")


@function(f"{SERIES}.unique", f"{SERIES}.value_counts", f"{SERIES}.dropna", params="self, *args, **options")
def some(m: Machine, a: Arguments) -> Value:
    """As many as the data say."""
    return series(m, ANY)


@function(f"{SERIES}.tolist", f"{SERIES}.to_list", params="self")
def to_list(m: Machine, a: Arguments) -> Value:
    """A list of the values."""
    return m.alloc(ListObject((), open=True))


@function(f"{SERIES}.to_frame", params="self, name=None")
def to_frame(m: Machine, a: Arguments) -> Value:
    """A frame of one column."""
    source = a.values["self"]
    return new_frame(m, source.spec.shape.axis(0) if isinstance(source, TensorValue) else ANY, 1)


OPERATORS = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow")


@function(
    *(f"{FRAME}.__{side}{name}__" for name in OPERATORS for side in ("", "r")),
    f"{FRAME}.__eq__",
    f"{FRAME}.__lt__",
    f"{FRAME}.__gt__",
    params="self, other",
)
def operated(m: Machine, a: Arguments) -> Value:
    """Arithmetic with a number or a series keeps the size; with another frame the columns merge."""
    frame, other = a.values["self"], a.values["other"]
    rows, width = size(m, frame)
    plain = isinstance(other, Const | Opaque)
    if plain or (isinstance(other, TensorValue) and other.spec.shape.rank == 0):
        return new_frame(m, rows, width, columns_of(m, frame))
    if not isinstance(other, TensorValue):
        return new_frame(m, ANY, ANY)
    if other.kind == "series":
        # A number for each column, as `df.mean()` gives; any other series adds columns.
        length = other.spec.shape.axis(0)
        by_column = same(length, width) is True and same(rows, width) is not True
        return new_frame(m, rows, width if by_column else ANY)
    return new_frame(m, rows, width, columns_of(m, frame))
