"""Data sets that are read from catalogues and tables: how elements are built is known, sizes are not."""

from __future__ import annotations

from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import as_dim, flag, is_none
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.shapes.dims import ANY
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.failure import NotKnown
from shapelens.values.objects import DictObject, ListObject
from shapelens.values.value import NONE, Const, DatasetValue, Ref, TupleValue, Unknown, Value


@function(
    "tensorflow_datasets.load",
    params="name, split=None, data_dir=None, batch_size=None, shuffle_files=False, download=True, "
    "as_supervised=False, decoders=None, read_config=None, with_info=False, **kwargs",
)
def load(m: Machine, a: Arguments) -> Value:
    """``tfds.load``: pairs when it is ``as_supervised``, dicts otherwise; one data set for each split."""
    supervised, info = flag(a, "as_supervised", False), flag(a, "with_info", False)
    batch = a.values.get("batch_size", NONE)
    if not isinstance(supervised, bool) or not isinstance(info, bool):
        raise NotKnown("which form of data set is asked for is not known")
    some = tensor(m, UNKNOWN_SHAPE, None, "tensor")
    element: Value = TupleValue((some, some)) if supervised else m.alloc(DictObject((), open=True))
    data = DatasetValue(element, None, 0 if is_none(batch) else 1, origin=m.site)
    split = a.values.get("split", NONE)
    loaded: Value = data
    if split == NONE:
        loaded = m.alloc(DictObject(tuple((Const(name), data) for name in ("train", "test", "validation")), open=True))
    elif not isinstance(split, Const):
        names = m.items(split)
        if names is None:
            raise NotKnown("the splits are not known")
        items: tuple[Value, ...] = (data,) * len(names)
        loaded = TupleValue(items) if isinstance(split, TupleValue) else m.alloc(ListObject(items))
    return TupleValue((loaded, Unknown("what is known of a data set is not read"))) if info else loaded


@function("tensorflow.data.experimental.CsvDataset", params="filenames, record_defaults, *args, **kwargs")
def csv_dataset(m: Machine, a: Arguments) -> Value:
    """A tuple of scalars for each line."""
    columns = m.items(a.values["record_defaults"])
    if columns is None:
        return DatasetValue(Unknown("the columns are not known"), origin=m.site)
    return DatasetValue(TupleValue(tuple(tensor(m, Shape(()), None, "tensor") for _ in columns)), origin=m.site)


@function(
    "tensorflow.data.experimental.make_csv_dataset",
    params="file_pattern, batch_size, column_names=None, column_defaults=None, label_name=None, *args, **kwargs",
)
def make_csv_dataset(m: Machine, a: Arguments) -> Value:
    """Batches: a dict of columns, and the label if one is named."""
    size = as_dim(a.values["batch_size"])
    column = tensor(m, Shape((ANY if size is None else size,)), None, "tensor")
    names = m.items(a.values["column_names"]) if not is_none(a.get("column_names")) else None
    label = a.values.get("label_name", NONE)
    features = tuple((name, column) for name in names or () if name != label)
    columns: Value = m.alloc(DictObject(features, open=names is None))
    element = columns if label == NONE else TupleValue((columns, column))
    return DatasetValue(element, -1, 1, origin=m.site)


@function("tensorflow_datasets.as_numpy", params="dataset")
def as_numpy(m: Machine, a: Arguments) -> Value:
    """The same elements."""
    value = a.values["dataset"]
    if isinstance(value, DatasetValue):
        return value
    obj = m.read(value) if isinstance(value, Ref) else None
    if isinstance(obj, DictObject | ListObject):
        return value
    raise NotKnown("the data set is not known")
