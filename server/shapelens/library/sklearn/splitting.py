"""``sklearn.model_selection``: how many samples each part gets (scikit-learn 1.9)."""

from __future__ import annotations

from math import ceil, floor

from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import as_dim, as_spec, is_none, items_of
from shapelens.library.arrays.index import SURE_PER_CLASS
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.shapes.dims import ANY, Dim, SymDim, same, sub
from shapelens.shapes.shape import Shape, TensorSpec
from shapelens.values.failure import Failure, NotKnown, ShapeFailure
from shapelens.values.objects import ARRAY_ATTRIBUTE, LibInstance, ListObject
from shapelens.values.value import Const, LibObject, Ref, TensorValue, TupleValue, Value

# Lists up to this length are split into items, longer ones into lists of unknown length.
MAX_LIST = 256


@function(
    "sklearn.model_selection.train_test_split",
    params="*arrays, test_size=None, train_size=None, random_state=None, shuffle=True, stratify=None",
)
def train_test_split(m: Machine, a: Arguments) -> Value:
    """Two parts of every array: the test part is rounded up, the train part down."""
    lengths = [length_of(m, array) for array in a.rest]
    _check_lengths(m, a.rest, lengths)
    known = next((length for length in lengths if isinstance(length, int)), lengths[0] if lengths else ANY)
    train, test = _sizes(a, known)
    parts: list[Value] = []
    for array in a.rest:
        parts += [part_of(m, array, train), part_of(m, array, test)]
    return m.alloc(ListObject(tuple(parts)))


def length_of(m: Machine, value: Value) -> Dim:
    """The number of samples of an array, frame or list."""
    array = as_spec(value, m)
    if array is not None:
        return array.spec.shape.axis(0)
    items = items_of(m, value)
    return ANY if items is None else len(items)


def part_of(m: Machine, value: Value, size: Dim) -> Value:
    """``size`` samples of an array, frame or list, whichever they are."""
    obj = m.read(value) if isinstance(value, Ref) else None
    if isinstance(obj, LibInstance):
        array = dict(obj.attributes).get(ARRAY_ATTRIBUTE)
        if isinstance(array, TensorValue):
            attributes = {**dict(obj.attributes), ARRAY_ATTRIBUTE: _rows(m, array, size)}
            return m.alloc(LibInstance(obj.class_name, tuple(attributes.items()), m.site))
    if isinstance(value, TensorValue):
        return _rows(m, value, size)
    if isinstance(obj, ListObject) or isinstance(value, TupleValue):
        items = items_of(m, value)
        rest = obj.rest if isinstance(obj, ListObject) else None
        if items:
            array = as_spec(value, m)
            alike = len(set(items)) == 1
            if alike and isinstance(size, int) and size <= MAX_LIST:
                return m.alloc(ListObject(items[:1] * size))
            if array is not None and array.spec.shape.rank is not None:
                # A list of numbers: what matters is the array that it becomes.
                return _rows(m, array, size)
        return m.alloc(ListObject((), open=True, rest=rest))
    raise NotKnown("what is split is not known")


def _rows(m: Machine, array: TensorValue, size: Dim) -> TensorValue:
    shape = array.spec.shape
    labels = array.labels
    if labels is not None and (not isinstance(size, int) or size < SURE_PER_CLASS * labels):
        labels = None
    rows = shape if shape.open or not shape.dims else Shape((size, *shape.dims[1:]))
    return TensorValue(TensorSpec(rows, array.spec.dtype), array.kind, labels=labels, origin=m.site)


def _sizes(a: Arguments, count: Dim) -> tuple[Dim, Dim]:
    test, train = a.get("test_size"), a.get("train_size")
    if is_none(test) and is_none(train):
        test = Const(0.25)
    wanted_test = None if test is None or is_none(test) else _part(test, count, up=True)
    wanted_train = None if train is None or is_none(train) else _part(train, count, up=False)
    if wanted_train is None:
        wanted_train = sub(count, wanted_test)
    elif wanted_test is None:
        wanted_test = sub(count, wanted_train)
    if isinstance(count, int) and isinstance(wanted_train, int) and isinstance(wanted_test, int):
        if wanted_train <= 0 or wanted_test < 0 or wanted_train + wanted_test > count:
            raise NotKnown("the sizes of the parts do not fit the number of samples")
    return wanted_train, wanted_test


def _part(given: Value, count: Dim, *, up: bool) -> Dim:
    if isinstance(given, Const) and isinstance(given.value, float):
        if not isinstance(count, int):
            return ANY
        return ceil(given.value * count) if up else floor(given.value * count)
    size = as_dim(given)
    return size if isinstance(size, int | SymDim) else ANY


def _check_lengths(m: Machine, arrays: tuple[Value, ...], lengths: list[Dim]) -> None:
    for index, length in enumerate(lengths[1:], 1):
        if same(lengths[0], length) is False:
            first, other = as_spec(arrays[0], m), as_spec(arrays[index], m)
            raise ShapeFailure(
                Failure(
                    "sample-count",
                    f"{{subject}} has {length} samples, but the first array has {lengths[0]}",
                    keras=_wording(lengths),
                    subject=index,
                    expected=None if first is None else first.spec.shape,
                    found=None if other is None else other.spec.shape,
                    axis=0,
                )
            )


def _wording(lengths: list[Dim]) -> str | None:
    if not all(isinstance(length, int) for length in lengths):
        return None
    return f"Found input variables with inconsistent numbers of samples: {lengths}"


SPLITTERS = (
    "KFold",
    "StratifiedKFold",
    "GroupKFold",
    "TimeSeriesSplit",
    "ShuffleSplit",
    "StratifiedShuffleSplit",
    "RepeatedKFold",
    "RepeatedStratifiedKFold",
    "LeaveOneOut",
)


@function(
    *(f"sklearn.model_selection.{name}.split" for name in SPLITTERS),
    params="self, X, y=None, groups=None",
)
def split(m: Machine, a: Arguments) -> Value:
    """Pairs of index arrays; the sizes of folds differ by one, so they are left open."""
    indices = tensor(m, Shape((ANY,)), "int64")
    return m.alloc(ListObject((), open=True, rest=TupleValue((indices, indices))))


@function(*(f"sklearn.model_selection.{name}.get_n_splits" for name in SPLITTERS), params="self, *args, **kwargs")
def count_splits(m: Machine, a: Arguments) -> Value:
    """The number of folds that the splitter was made with."""
    splitter = a.values["self"]
    given = splitter.get("n_splits") or splitter.get("0") if isinstance(splitter, LibObject) else None
    if given is None:
        raise NotKnown("the number of folds is not known")
    return given


@function("sklearn.utils.shuffle", params="*arrays, random_state=None, n_samples=None")
@function(
    "sklearn.utils.resample",
    params="*arrays, replace=True, n_samples=None, random_state=None, stratify=None, sample_weight=None",
)
def shuffle(m: Machine, a: Arguments) -> Value:
    """The same arrays in another order; ``n_samples`` of them."""
    count = a.get("n_samples")
    lengths = [length_of(m, array) for array in a.rest]
    _check_lengths(m, a.rest, lengths)
    parts = tuple(
        part_of(m, array, length if count is None or is_none(count) else as_dim(count))
        for array, length in zip(a.rest, lengths, strict=True)
    )
    return parts[0] if len(parts) == 1 else m.alloc(ListObject(parts))
