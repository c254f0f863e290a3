"""``keras.utils`` on arrays: one-hot encoding, normalizing, padding sequences (Keras 3.15.1)."""

from __future__ import annotations

from shapelens.library.arrays.alternatives import each_alternative
from shapelens.library.arrays.axes import normal_axis
from shapelens.library.arrays.constants import array_of, tensor
from shapelens.library.arrays.convert import as_dim, as_int, as_spec, is_none, items_of
from shapelens.library.arrays.dtypes import dtype_given, dtype_of
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.failure import Failure, NotKnown, ShapeFailure
from shapelens.values.objects import ListObject
from shapelens.values.value import (
    NONE,
    Const,
    DatasetValue,
    OneOf,
    Opaque,
    Ref,
    TensorValue,
    TupleValue,
    Unknown,
    Value,
)

HALVES = ("float16", "float32")


@function("keras.utils.to_categorical", params="x=None, num_classes=None, dtype=None, y=None")
def to_categorical(m: Machine, a: Arguments) -> Value:
    """A new last axis of classes; a last axis of size 1 gives way to it.

    An array of float64 in Keras 3, of float32 in Keras 2; Keras 3 makes tensors of tensors, of float32.
    """
    return each_alternative(_one_hot)(m, a)


def _one_hot(m: Machine, a: Arguments) -> Value:
    # Keras 2 calls it `y`.
    value = a.get("x") or a.get("y")
    if value is None:
        raise NotKnown("no labels are given")
    source = as_spec(value, m)
    old = m.versions.family == 2
    backend = source is not None and source.kind in ("tensor", "variable") and not old
    dtype = dtype_given(a, "float32" if backend or old else "float64")
    count = _classes(a.get("num_classes"), source)
    if source is None:
        return tensor(m, Shape((count,), open=True), dtype)
    _check_labels(source, count)
    shape = source.spec.shape
    if shape.open:
        grown = Shape((count,), open=True)
    elif len(shape) > 1 and shape.dims[-1] == 1:
        grown = Shape((*shape.dims[:-1], count))
    elif len(shape) > 1 and not isinstance(shape.dims[-1], int):
        # It may be a 1 that gives way.
        grown = Shape((count,), open=True)
    else:
        grown = Shape((*shape.dims, count))
    kind = "numpy" if old else source.kind if source.kind in ("tensor", "keras") else "tensor" if backend else "numpy"
    return tensor(m, grown, dtype, kind)


def _classes(given: Value | None, source: TensorValue | None) -> Dim:
    if given is not None and given not in (Const(None), Const(0)):
        return as_dim(given)
    if source is None or isinstance(given, Unknown):
        return ANY
    contents = array_of(source)
    if contents is not None and contents.size and contents.dtype.kind in "iufb":
        return int(contents.max()) + 1
    return ANY if source.labels is None else source.labels


def _check_labels(source: TensorValue, count: Dim) -> None:
    contents = array_of(source)
    if contents is None or source.kind != "numpy" or not isinstance(count, int) or contents.dtype.kind not in "iuf":
        return
    largest = int(contents.max()) if contents.size else 0
    if largest >= count and count > 0:
        raise ShapeFailure(
            Failure(
                "invalid-argument",
                f"{{subject}} has the label {largest}, which needs at least {largest + 1} classes, not {count}",
                keras=f"index {largest} is out of bounds for axis 1 with size {count}",
                subject=0,
                details={"classes": largest + 1},
            )
        )


@function("keras.utils.normalize", params="x, axis=-1, order=2")
def normalize(m: Machine, a: Arguments) -> Value:
    """The same shape: NumPy's division of arrays, float32 tensors of all else."""
    value = a.values["x"]
    source = as_spec(value, m)
    if source is None:
        raise NotKnown("what is normalized is not known")
    if source.kind == "numpy" and isinstance(value, TensorValue):
        dtype = source.spec.dtype
        if dtype is not None and dtype not in HALVES:
            dtype = "float64"
        shape, axis = source.spec.shape, as_int(a.get("axis"))
        if axis is not None and not shape.open:
            normal_axis(axis, shape, "numpy")
        told = "axis" not in a.values or axis is not None
        if not told or (len(shape) > 1 and axis == 0):
            # Along axis 0 Keras puts the norm at the last axis: it broadcasts, or it fails.
            shape = UNKNOWN_SHAPE
        return tensor(m, Shape((1, *shape.dims)) if len(shape) == 1 and not shape.open else shape, dtype)
    return tensor(m, source.spec.shape, None, "keras" if source.kind == "keras" else "tensor")


@function(
    "keras.utils.pad_sequences",
    params="sequences, maxlen=None, dtype='int32', padding='pre', truncating='pre', value=0.0",
)
def pad_sequences(m: Machine, a: Arguments) -> Value:
    """``(number of sequences, maxlen)``, and the sizes of what each item of a sequence is."""
    sequences = a.values["sequences"]
    given = a.get("maxlen")
    length = ANY if is_none(given) or given is None else as_dim(given)
    source = as_spec(sequences, m)
    items = items_of(m, sequences)
    inner: tuple[Dim, ...] | None = ()
    count: Dim = ANY if items is None else len(items)
    if source is not None:
        shape = source.spec.shape
        count = shape.axis(0)
        if source.spec.dtype != "object":
            inner = None if shape.open else shape.dims[2:]
            if is_none(given) and not shape.open and len(shape) > 1:
                length = shape.dims[1]
    elif not _holds_plain_sequences(m, sequences):
        inner = None
    elif is_none(given):
        length = _longest(m, items)
    return tensor(m, UNKNOWN_SHAPE if inner is None else Shape((count, length, *inner)), dtype_given(a, "int32"))


def _longest(m: Machine, items: tuple[Value, ...] | None) -> Dim:
    lengths = [items_of(m, item) for item in items or ()]
    known = [len(length) for length in lengths if length is not None]
    return max(known) if known and len(known) == len(lengths) else ANY


def _holds_plain_sequences(m: Machine, value: Value) -> bool:
    """Whether this is a list of lists of what is neither list nor array, as far as can be seen."""
    inner = _some_item(m, value)
    item = None if inner is None else _some_item(m, inner)
    if isinstance(inner, TensorValue):
        return inner.spec.shape.rank == 1
    return inner is not None and not isinstance(item, TensorValue | TupleValue | Ref | OneOf)


def _some_item(m: Machine, value: Value) -> Value | None:
    if isinstance(value, TupleValue):
        return value.items[0] if value.items else None
    obj = m.read(value) if isinstance(value, Ref) else None
    if isinstance(obj, ListObject):
        return obj.items[0] if obj.items else obj.rest
    return None


@function(
    "keras.utils.split_dataset", params="dataset, left_size=None, right_size=None, shuffle=False, seed=None, **options"
)
def split_dataset(m: Machine, a: Arguments) -> Value:
    """Two datasets of the elements of one; arrays are split into rows."""
    from shapelens.library.keras.models.nests import map_tensors

    source = a.values["dataset"]
    if isinstance(source, DatasetValue):
        part = DatasetValue(source.element, None, source.batched, origin=m.site)
    else:
        array = m.tensor(source)
        if array is None and not isinstance(source, TupleValue):
            raise NotKnown("what is split is not known")

        def row(value: TensorValue) -> TensorValue:
            shape = value.spec.shape
            inner = UNKNOWN_SHAPE if shape.open else Shape(shape.dims[1:])
            return tensor(m, inner, value.spec.dtype, "tensor", labels=value.labels)

        element = map_tensors(m, source if array is None else array, row)
        part = DatasetValue(element, None, 0, origin=m.site)
    return TupleValue((part, part))


@function("keras.utils.pack_x_y_sample_weight", params="x, y=None, sample_weight=None")
def pack(m: Machine, a: Arguments) -> Value:
    """What `fit` takes for one batch: only a structure of inputs alone gets a tuple around it."""
    given = [value for value in (a.values["x"], a.get("y"), a.get("sample_weight")) if value is not None]
    while len(given) > 1 and is_none(given[-1]):
        given.pop()
    x = given[0]
    if len(given) == 1 and not isinstance(x, TupleValue | Ref):
        return x
    return TupleValue(tuple(given))


@function("keras.utils.unpack_x_y_sample_weight", params="data")
def unpack(m: Machine, a: Arguments) -> Value:
    """Inputs, targets and weights of a batch; what is missing is None."""
    data = a.values["data"]
    if isinstance(data, TensorValue):
        return TupleValue((data, NONE, NONE))
    items = items_of(m, data)
    if items is None:
        raise NotKnown("the structure of the batch is not known")
    if not 0 < len(items) <= 3:
        words = "Data is expected to be in format `x`, `(x,)`, `(x, y)`, or `(x, y, sample_weight)`"
        raise ShapeFailure(Failure("invalid-argument", f"{{subject}} has {len(items)} parts", keras=words, subject=0))
    return TupleValue((*items, *(NONE,) * (3 - len(items))))


@function("keras.utils.standardize_dtype", params="dtype")
def standardize_dtype(m: Machine, a: Arguments) -> Value:
    """The name of a dtype; that of floats where None is given."""
    found = dtype_of(a.values["dtype"], "tensorflow")
    given = a.values["dtype"]
    if is_none(given):
        return Const("float32")
    if found is None or given == Const("int"):
        return Const("int64") if given == Const("int") else Opaque("str")
    return Const(found)
