"""Data frames as values: objects that convert to arrays of rank 2, with their columns where known.

A frame changes in place, so it lives on the heap; a series is an immutable array of kind ``series``.
"""

from __future__ import annotations

from dataclasses import replace

from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import items_of
from shapelens.library.machine import Machine
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import Shape
from shapelens.values.failure import NotKnown
from shapelens.values.objects import ARRAY_ATTRIBUTE, LibInstance
from shapelens.values.value import Const, Ref, TensorValue, TupleValue, Value

FRAME = "pandas.DataFrame"
SERIES = "pandas.Series"
COLUMNS = "\0columns"
Columns = tuple[str | int, ...]


def new_frame(m: Machine, rows: Dim, width: Dim, columns: Columns | None = None, dtype: str | None = None) -> Ref:
    """A frame of which this is known; ``columns`` are the names of all of its columns."""
    return m.alloc(_object(m, rows, width if columns is None else len(columns), columns, dtype))


def _object(m: Machine, rows: Dim, width: Dim, columns: Columns | None, dtype: str | None) -> LibInstance:
    attributes: list[tuple[str, Value]] = [(ARRAY_ATTRIBUTE, tensor(m, Shape((rows, width)), dtype))]
    if columns is not None:
        attributes.append((COLUMNS, TupleValue(tuple(map(Const, columns)))))
    return LibInstance(FRAME, tuple(attributes), m.site)


def is_frame(m: Machine, value: Value | None) -> bool:
    """Whether ``value`` is a data frame."""
    obj = m.read(value) if isinstance(value, Ref) else None
    return isinstance(obj, LibInstance) and obj.class_name == FRAME


def array(m: Machine, value: Value) -> TensorValue:
    """The array that a frame is."""
    obj = m.read(value) if isinstance(value, Ref) else None
    found = dict(obj.attributes).get(ARRAY_ATTRIBUTE) if isinstance(obj, LibInstance) else None
    if not isinstance(found, TensorValue):
        raise NotKnown("the data frame is not known")
    return found


def size(m: Machine, value: Value) -> tuple[Dim, Dim]:
    """Rows and columns."""
    shape = array(m, value).spec.shape
    return (ANY, ANY) if shape.rank != 2 else (shape.dims[0], shape.dims[1])


def columns_of(m: Machine, value: Value) -> Columns | None:
    """The names of the columns, if they are all known."""
    obj = m.read(value) if isinstance(value, Ref) else None
    attributes = dict(obj.attributes) if isinstance(obj, LibInstance) else {}
    # `df.columns = [...]` renames them.
    renamed = attributes.get("columns")
    if renamed is not None:
        return names(m, renamed)
    return names(m, attributes[COLUMNS]) if COLUMNS in attributes else None


def names(m: Machine, value: Value | None) -> Columns | None:
    """A list of names, or one."""
    if isinstance(value, Const) and isinstance(value.value, str | int):
        return (value.value,)
    items = None if value is None else items_of(m, value)
    found = [item.value for item in items or () if isinstance(item, Const) and isinstance(item.value, str | int)]
    return None if items is None or len(found) != len(items) else tuple(found)


def change(m: Machine, value: Value, rows: Dim, width: Dim, columns: Columns | None) -> None:
    """Change a frame in place."""
    if not isinstance(value, Ref):
        return
    obj = m.read(value)
    if isinstance(obj, LibInstance):
        changed = _object(m, rows, width if columns is None else len(columns), columns, None)
        m.write(value, replace(changed, origin=obj.origin))


def series(m: Machine, length: Dim, dtype: str | None = None, labels: int | None = None) -> TensorValue:
    """One column."""
    return tensor(m, Shape((length,)), dtype, "series", labels=labels)
