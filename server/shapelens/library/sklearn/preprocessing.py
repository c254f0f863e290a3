"""Scalers, encoders and projections: ``fit``, ``transform``, ``fit_transform`` (scikit-learn 1.9).

An estimator is an object with what it learnt: the number of features that it was fitted on, and of
those (or of the classes) that it gives.
"""

from __future__ import annotations

from dataclasses import replace

from shapelens.library.arrays.constants import array_of, tensor
from shapelens.library.arrays.convert import as_int, as_spec, flag
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, attribute, function
from shapelens.shapes.dims import ANY, Dim, same
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.failure import Failure, NotKnown, ShapeFailure
from shapelens.values.objects import LibInstance
from shapelens.values.value import NONE, Const, Ref, TensorValue, Value

PREPROCESSING = "sklearn.preprocessing"
SCALERS = (
    "StandardScaler",
    "MinMaxScaler",
    "RobustScaler",
    "MaxAbsScaler",
    "Normalizer",
    "QuantileTransformer",
    "PowerTransformer",
)
FITTED = "\0features"
CLASSES = "\0classes"

_SAME = tuple(f"{PREPROCESSING}.{name}" for name in SCALERS)
_PROJECTIONS = {
    "sklearn.decomposition.PCA": "n_components=None, *, copy=True, **kwargs",
    "sklearn.decomposition.KernelPCA": "n_components=None, *, kernel='linear', **kwargs",
    "sklearn.decomposition.IncrementalPCA": "n_components=None, *, whiten=False, **kwargs",
    "sklearn.decomposition.TruncatedSVD": "n_components=2, *, algorithm='randomized', **kwargs",
    "sklearn.decomposition.NMF": "n_components='auto', *, init=None, **kwargs",
    "sklearn.decomposition.FastICA": "n_components=None, *, algorithm='parallel', **kwargs",
    "sklearn.manifold.TSNE": "n_components=2, *, perplexity=30.0, **kwargs",
}
_LABELS = (f"{PREPROCESSING}.LabelEncoder", f"{PREPROCESSING}.LabelBinarizer")
_ONE_HOT = f"{PREPROCESSING}.OneHotEncoder"
_ALL = (*_SAME, *_PROJECTIONS, *_LABELS, _ONE_HOT)


def _constructor(name: str, params: str) -> None:
    @function(name, params=params)
    def make(m: Machine, a: Arguments) -> Value:
        return m.alloc(LibInstance(name, (*a.values.items(), *a.extra.items()), m.site))


for _name in _SAME:
    _constructor(_name, "*args, **kwargs")
for _name, _params in _PROJECTIONS.items():
    _constructor(_name, _params)
_constructor(_LABELS[0], "")
_constructor(_LABELS[1], "*, neg_label=0, pos_label=1, sparse_output=False")
_constructor(_ONE_HOT, "*, categories='auto', drop=None, sparse_output=True, **kwargs")


def _estimator(m: Machine, a: Arguments) -> tuple[Ref, LibInstance]:
    ref = a.values["self"]
    obj = m.read(ref) if isinstance(ref, Ref) else None
    if not isinstance(ref, Ref) or not isinstance(obj, LibInstance):
        raise NotKnown("what is fitted is not known")
    return ref, obj


def _learnt(m: Machine, ref: Ref, obj: LibInstance, **found: Value) -> None:
    m.write(ref, replace(obj, attributes=tuple({**dict(obj.attributes), **found}.items())))


def _table(m: Machine, value: Value, name: str) -> TensorValue:
    """Samples by features; anything else is refused."""
    source = as_spec(value, m)
    if source is None:
        raise NotKnown("what is transformed is not known")
    shape = source.spec.shape
    if not shape.open and len(shape) != 2:
        last = name.rpartition(".")[2]
        words = (
            f"Found array with dim {len(shape)}, while dim <= 2 is required by {last}."
            if len(shape) > 2
            else f"Expected 2D array, got {'1D' if len(shape) else 'scalar'} array instead"
        )
        if len(shape) < 2:
            raise _refusal(shape, f"{{subject}} has shape {shape}, but {last} takes samples by features", words)
        raise _refusal(shape, f"{{subject}} has {len(shape)} axes, but {last} takes samples by features", words)
    return source


def _refusal(shape: Shape, sentence: str, words: str) -> ShapeFailure:
    return ShapeFailure(Failure("rank-mismatch", sentence, keras=words, subject=0, found=shape))


def _features(source: TensorValue) -> Dim:
    return source.spec.shape.dims[1] if source.spec.shape.rank == 2 else ANY


def _float(dtype: str | None) -> str | None:
    return dtype if dtype is None or dtype.startswith("float") else "float64"


@function(*(f"{name}.fit" for name in (*_SAME, *_PROJECTIONS, _ONE_HOT)), params="self, X, y=None, *args, **kwargs")
@function(*(f"{name}.partial_fit" for name in _SAME), params="self, X, y=None, *args, **kwargs")
def fit(m: Machine, a: Arguments) -> Value:
    """Learns the number of features; gives the estimator."""
    ref, obj = _estimator(m, a)
    source = _table(m, a.values["X"], obj.class_name)
    width = _features(source)
    _learnt(m, ref, obj, **{FITTED: Const(width) if isinstance(width, int) else NONE})
    return ref


@function(*(f"{name}.fit_transform" for name in _SAME), params="self, X, y=None, **kwargs")
def fit_scaled(m: Machine, a: Arguments) -> Value:
    """Fitted, then scaled."""
    fit(m, a)
    return scaled(m, a)


@function(*(f"{name}.transform" for name in _SAME), params="self, X, copy=None")
@function(*(f"{name}.inverse_transform" for name in _SAME), params="self, X, copy=None")
def scaled(m: Machine, a: Arguments) -> Value:
    """The same shape, in floats."""
    _, obj = _estimator(m, a)
    source = _table(m, a.values["X"], obj.class_name)
    fitted = as_int(dict(obj.attributes).get(FITTED))
    width = _features(source)
    name = obj.class_name.rpartition(".")[2]
    if fitted is not None and same(width, fitted) is False:
        raise ShapeFailure(
            Failure(
                "input-mismatch",
                f"{{subject}} has {width} features, but the {name} was fitted on {fitted}",
                keras=f"X has {width} features, but {name} is expecting {fitted} features as input.",
                subject=0,
                expected=Shape((None, fitted)),
                found=source.spec.shape,
                axis=1,
            )
        )
    return tensor(m, source.spec.shape, _float(source.spec.dtype))


@function(*(f"{name}.fit_transform" for name in _PROJECTIONS), params="self, X, y=None, **kwargs")
def fit_projected(m: Machine, a: Arguments) -> Value:
    """Fitted, then projected."""
    if not _estimator(m, a)[1].class_name.endswith("TSNE"):
        fit(m, a)
    return projected(m, a)


@function(*(f"{name}.transform" for name in _PROJECTIONS), params="self, X")
def projected(m: Machine, a: Arguments) -> Value:
    """As many columns as there are components; without a number of them it depends on the data."""
    _, obj = _estimator(m, a)
    source = _table(m, a.values["X"], obj.class_name)
    given = dict(obj.attributes).get("n_components")
    default = 2 if obj.class_name.endswith(("TSNE", "TruncatedSVD")) else None
    whole = isinstance(given, Const) and isinstance(given.value, float)
    count = default if given is None else None if whole else as_int(given)
    return tensor(m, Shape((source.spec.shape.axis(0), ANY if count is None else count)), _float(source.spec.dtype))


@function(*(f"{name}.inverse_transform" for name in _PROJECTIONS), params="self, X")
def unprojected(m: Machine, a: Arguments) -> Value:
    """As many columns as it was fitted on."""
    _, obj = _estimator(m, a)
    source = as_spec(a.values["X"], m)
    fitted = as_int(dict(obj.attributes).get(FITTED))
    rows = ANY if source is None else source.spec.shape.axis(0)
    return tensor(m, Shape((rows, ANY if fitted is None else fitted)))


@function(*(f"{name}.fit" for name in _LABELS), params="self, y")
def fit_labels(m: Machine, a: Arguments) -> Value:
    """Learns the classes."""
    ref, obj = _estimator(m, a)
    source = as_spec(a.values["y"], m)
    found = None if source is None else class_count(source)
    _learnt(m, ref, obj, **{CLASSES: NONE if found is None else Const(found)})
    return ref


def class_count(source: TensorValue) -> int | None:
    """How many different labels an array holds, where that is known."""
    contents = array_of(source)
    if contents is not None and contents.size:
        return len(set(contents.reshape(-1).tolist()))
    return source.labels


@function(f"{_LABELS[0]}.fit_transform", params="self, y")
def fit_encoded(m: Machine, a: Arguments) -> Value:
    """Fitted, then encoded."""
    fit_labels(m, a)
    return encoded(m, a)


@function(f"{_LABELS[0]}.transform", params="self, y")
def encoded(m: Machine, a: Arguments) -> Value:
    """One number for each label, below the number of classes; a column is flattened."""
    _, obj = _estimator(m, a)
    source = as_spec(a.values["y"], m)
    shape = Shape((ANY,)) if source is None or source.spec.shape.open else Shape((source.spec.shape.axis(0),))
    return tensor(m, shape, "int64", labels=as_int(dict(obj.attributes).get(CLASSES)))


@function(f"{_LABELS[0]}.inverse_transform", params="self, y")
def decoded(m: Machine, a: Arguments) -> Value:
    """The labels."""
    source = as_spec(a.values["y"], m)
    return tensor(m, Shape((ANY if source is None else source.spec.shape.axis(0),)))


@attribute(f"{_LABELS[0]}.classes_", f"{_LABELS[1]}.classes_")
def classes(m: Machine, value: Value) -> Value:
    """The classes, each once."""
    obj = m.read(value) if isinstance(value, Ref) else None
    count = as_int(dict(obj.attributes).get(CLASSES)) if isinstance(obj, LibInstance) else None
    return tensor(m, Shape((ANY if count is None else count,)))


@function(f"{_LABELS[1]}.fit_transform", params="self, y")
def fit_binarized(m: Machine, a: Arguments) -> Value:
    """Fitted, then binarized."""
    fit_labels(m, a)
    return binarized(m, a)


@function(f"{_LABELS[1]}.transform", params="self, y")
def binarized(m: Machine, a: Arguments) -> Value:
    """A column for each class; one only for two classes."""
    _, obj = _estimator(m, a)
    source = as_spec(a.values["y"], m)
    count = as_int(dict(obj.attributes).get(CLASSES))
    width = ANY if count is None else 1 if count <= 2 else count
    return tensor(m, Shape((ANY if source is None else source.spec.shape.axis(0), width)), "int64")


@function(f"{_ONE_HOT}.fit_transform", params="self, X, y=None, **kwargs")
def fit_one_hot(m: Machine, a: Arguments) -> Value:
    """Fitted, then encoded."""
    fit(m, a)
    return one_hot(m, a)


@function(f"{_ONE_HOT}.transform", params="self, X")
def one_hot(m: Machine, a: Arguments) -> Value:
    """A column for each category of each feature; a sparse matrix unless told otherwise."""
    _, obj = _estimator(m, a)
    source = _table(m, a.values["X"], obj.class_name)
    width: Dim = ANY
    if _features(source) == 1 and obj.attributes == tuple(
        entry for entry in obj.attributes if entry[0] in ("sparse_output", "sparse", "handle_unknown", FITTED)
    ):
        found = class_count(source)
        width = ANY if found is None else found
    made = tensor(m, Shape((source.spec.shape.axis(0), width)), "float64")
    options = dict(obj.attributes)
    dense = flag(Arguments(options), "sparse_output" if "sparse_output" in options else "sparse", True)
    return made if dense is False else m.alloc(LibInstance("scipy.sparse", (("\0dense", made),), m.site))


@function("scipy.sparse.toarray", "scipy.sparse.todense", params="self, *args, **kwargs")
def dense(m: Machine, a: Arguments) -> Value:
    """A sparse matrix as an array."""
    _, obj = _estimator(m, a)
    return dict(obj.attributes)["\0dense"]


@attribute("scipy.sparse.shape")
def sparse_shape(m: Machine, value: Value) -> Value:
    """The shape of a sparse matrix."""
    return m.attribute(dense(m, Arguments({"self": value})), "shape")


@function(f"{PREPROCESSING}.scale", f"{PREPROCESSING}.minmax_scale", params="X, *args, **kwargs")
@function(f"{PREPROCESSING}.normalize", params="X, *args, **kwargs")
def rescaled(m: Machine, a: Arguments) -> Value:
    """The same shape, in floats."""
    source = as_spec(a.values["X"], m)
    return tensor(m, UNKNOWN_SHAPE if source is None else source.spec.shape, None)
