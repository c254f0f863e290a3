"""Making frames: from files, dicts and arrays; joining them (pandas 3.1)."""

from __future__ import annotations

import os

from shapelens.library.arrays.convert import as_int, as_spec, is_none, items_of
from shapelens.library.machine import Machine
from shapelens.library.pandas.frame import Columns, columns_of, is_frame, names, new_frame, series, size
from shapelens.library.registry import Arguments, function
from shapelens.shapes.dims import ANY, Dim, add, same, symbol
from shapelens.values.failure import Failure, NotKnown, ShapeFailure
from shapelens.values.objects import DictObject
from shapelens.values.value import NONE, Const, Ref, TensorValue, Value

READERS = (
    "read_csv",
    "read_table",
    "read_excel",
    "read_parquet",
    "read_json",
    "read_pickle",
    "read_hdf",
    "read_feather",
)
# Arguments that do not change how many rows there are.
HARMLESS = {"sep", "delimiter", "encoding", "dtype", "usecols", "index_col", "parse_dates", "engine", "na_values",
            "thousands", "decimal", "low_memory"}  # fmt: skip


@function(*(f"pandas.{name}" for name in READERS), params="path, *args, **options")
def read(m: Machine, a: Arguments) -> Value:
    """A frame of unknown size; the same file has the same number of rows."""
    path = a.values["path"]
    rows: Dim = ANY
    if isinstance(path, Const) and isinstance(path.value, str) and not a.rest and a.extra.keys() <= HARMLESS:
        rows = symbol(f"rows of {os.path.basename(path.value)}"[:60])
    if a.extra.keys() & {"chunksize", "iterator"}:
        raise NotKnown("frames read in pieces are not followed")
    used = None if is_none(a.extra.get("usecols")) else names(m, a.extra["usecols"])
    if a.extra.get("index_col") is None and used is not None and all(isinstance(name, str) for name in used):
        return new_frame(m, rows, len(used), used if len(used) == 1 else None)
    given = names(m, a.extra.get("names"))
    if given is not None and not a.extra.keys() & {"usecols", "index_col"}:
        return new_frame(m, rows, ANY, given)
    return new_frame(m, rows, ANY)


@function("pandas.DataFrame", params="data=None, index=None, columns=None, dtype=None, copy=None")
def make(m: Machine, a: Arguments) -> Value:
    """A frame of a dict of columns, of an array or of another frame."""
    data, wanted = a.get("data"), a.get("columns")
    given = None if wanted is None or is_none(wanted) else names(m, wanted)
    if wanted is not None and not is_none(wanted) and given is None:
        width: Dim = ANY if items_of(m, wanted) is None else len(items_of(m, wanted) or ())
    else:
        width = ANY
    obj = m.read(data) if isinstance(data, Ref) else None
    if isinstance(obj, DictObject):
        return _of_dict(m, obj, given)
    source = None if data is None else as_spec(data, m)
    if source is None or source.spec.shape.open:
        items = None if data is None else items_of(m, data)
        return new_frame(m, ANY if items is None else len(items), width, given)
    shape = source.spec.shape
    if len(shape) not in (1, 2):
        raise NotKnown("only arrays of rank 1 and 2 make a frame")
    columns = shape.dims[1] if len(shape) == 2 else 1
    named = width if given is None else len(given)
    # From a frame columns are selected; an array has to have as many as are named.
    is_array = isinstance(data, TensorValue) and data.kind == "numpy"
    if is_array and isinstance(named, int) and isinstance(columns, int) and named != columns:
        raise ShapeFailure(
            Failure(
                "invalid-argument",
                f"{named} columns are named, but {{subject}} of shape {shape} has {columns}",
                keras=f"Shape of passed values is ({shape.dims[0]}, {columns}), indices imply "
                f"({shape.dims[0]}, {named})",
                subject=0,
            )
        )
    if given is None and wanted is None:
        old = columns_of(m, data) if data is not None and is_frame(m, data) else None
        given = old or (tuple(range(columns)) if isinstance(columns, int) and columns < 64 else None)
    return new_frame(m, shape.dims[0], columns if given is None else len(given), given)


def _of_dict(m: Machine, data: DictObject, given: Columns | None) -> Value:
    rows: Dim = ANY
    for _, value in data.entries:
        column = as_spec(value, m)
        found = None if column is None or column.spec.shape.rank != 1 else column.spec.shape.dims[0]
        if found is None:
            items = items_of(m, value)
            found = None if items is None else len(items)
        if found is not None and (rows is ANY or isinstance(found, int)):
            rows = found
    keys = [key.value for key, _ in data.entries if isinstance(key, Const) and isinstance(key.value, str | int)]
    if given is None and not data.open and len(keys) == len(data.entries):
        given = tuple(keys)
    return new_frame(m, rows, ANY, given)


@function("pandas.Series", params="data=None, index=None, dtype=None, name=None, copy=None")
def make_series(m: Machine, a: Arguments) -> Value:
    """A series of what is given."""
    data = a.get("data")
    source = None if data is None else as_spec(data, m)
    if source is None or source.spec.shape.rank != 1:
        return series(m, ANY)
    return series(m, source.spec.shape.dims[0], None, source.labels)


@function("pandas.concat", params="objs, *, axis=0, join='outer', ignore_index=False, **options")
def concat(m: Machine, a: Arguments) -> Value:
    """Frames below each other (their columns merge), or side by side."""
    parts = items_of(m, a.values["objs"])
    axis = 0 if a.get("axis") is None else as_int(a.get("axis"))
    if parts is None or not all(is_frame(m, part) for part in parts):
        if parts and all(isinstance(part, TensorValue) and part.kind == "series" for part in parts) and axis == 0:
            return series(m, ANY)
        return new_frame(m, ANY, ANY)
    sizes = [size(m, part) for part in parts]
    columns = [columns_of(m, part) for part in parts]
    if axis == 0:
        rows: Dim = 0
        for count, _ in sizes:
            rows = add(rows, count)
        alike = all(found is not None and found == columns[0] for found in columns)
        return new_frame(m, rows, ANY, columns[0] if alike else None)
    width: Dim = 0
    for _, count in sizes:
        width = add(width, count)
    alike = all(same(count, sizes[0][0]) for count, _ in sizes)
    return new_frame(m, sizes[0][0] if alike else ANY, width)


@function(
    "pandas.get_dummies",
    params="data, prefix=None, prefix_sep='_', dummy_na=False, columns=None, sparse=False, drop_first=False, "
    "dtype=None",
)
def get_dummies(m: Machine, a: Arguments) -> Value:
    """A column for each category: as many as the data have."""
    data = a.values["data"]
    source = as_spec(data, m)
    rows = ANY if source is None else source.spec.shape.axis(0)
    labels = None if source is None or source.spec.shape.rank != 1 else source.labels
    plain = not a.values.keys() - {"data", "prefix", "prefix_sep", "dtype"}
    return new_frame(m, rows, labels if labels is not None and plain else ANY)


@function("pandas.factorize", params="values, *args, **options")
def factorize(m: Machine, a: Arguments) -> Value:
    """Numbers for the values, and the values."""
    raise NotKnown("how many different values there are is not known")


@function("pandas.set_option", "pandas.reset_option", params="*args, **options")
def set_option(m: Machine, a: Arguments) -> Value:
    """Options of display."""
    return NONE


@function("pandas.to_datetime", "pandas.to_numeric", params="arg, *args, **options")
def converted(m: Machine, a: Arguments) -> Value:
    """The same length."""
    source = as_spec(a.values["arg"], m)
    if source is None or source.spec.shape.rank != 1:
        raise NotKnown("what is converted is not known")
    return series(m, source.spec.shape.dims[0])
