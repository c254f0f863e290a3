"""``sklearn.datasets``: the ones that come with it, and the ones that are made up (scikit-learn 1.9)."""

from __future__ import annotations

from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import as_dim, as_int, flag, is_none
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import Shape
from shapelens.values.failure import NotKnown
from shapelens.values.objects import LibInstance, ListObject
from shapelens.values.value import Const, Opaque, Ref, TupleValue, Value

BUNCH = "sklearn.utils.Bunch"
# Samples, features, and classes where the targets are labels.
BUNDLED: dict[str, tuple[int, int, int | None]] = {
    "load_iris": (150, 4, 3),
    "load_digits": (1797, 64, 10),
    "load_wine": (178, 13, 3),
    "load_breast_cancer": (569, 30, 2),
    "load_diabetes": (442, 10, None),
    "load_boston": (506, 13, None),
    "fetch_california_housing": (20640, 8, None),
}


def _bundled(name: str, samples: int, features: int, classes: int | None) -> None:
    @function(f"sklearn.datasets.{name}", params="*, return_X_y=False, as_frame=False, **options")
    def load(m: Machine, a: Arguments) -> Value:
        if flag(a, "as_frame", False) is not False or a.extra.keys() - {"data_home", "download_if_missing"}:
            raise NotKnown("this form of the dataset is not followed")
        data = tensor(m, Shape((samples, features)), "float64")
        target = tensor(m, Shape((samples,)), "int64" if classes else "float64", labels=classes)
        whole = flag(a, "return_X_y", False)
        if whole is True:
            return TupleValue((data, target))
        if whole is not False:
            raise NotKnown("the form of the dataset is not known")
        attributes: dict[str, Value] = {"data": data, "target": target, "DESCR": Opaque("str")}
        attributes["feature_names"] = m.alloc(ListObject((Opaque("str"),) * features))
        if classes:
            attributes["target_names"] = tensor(m, Shape((classes,)))
        if name == "load_digits":
            attributes["images"] = tensor(m, Shape((samples, 8, 8)), "float64")
        return m.alloc(LibInstance(BUNCH, tuple(attributes.items()), m.site))


for _name, (_samples, _features, _classes) in BUNDLED.items():
    _bundled(_name, _samples, _features, _classes)


@function(f"{BUNCH}.__getitem__", params="self, key")
def item(m: Machine, a: Arguments) -> Value:
    """``bunch["data"]``."""
    key = a.values["key"]
    if isinstance(key, Const) and isinstance(key.value, str):
        return m.attribute(a.values["self"], key.value)
    raise NotKnown("the key is not known")


def _size(a: Arguments, name: str, default: int) -> Dim:
    value = a.get(name)
    return default if value is None else as_dim(value)


def _pair(m: Machine, samples: Dim, width: Dim, target: tuple[Dim, ...], dtype: str, labels: int | None) -> Value:
    return TupleValue(
        (tensor(m, Shape((samples, width)), "float64"), tensor(m, Shape((samples, *target)), dtype, labels=labels))
    )


@function(
    "sklearn.datasets.make_classification",
    params="n_samples=100, n_features=20, *, n_informative=2, n_redundant=2, n_repeated=0, n_classes=2, **options",
)
def make_classification(m: Machine, a: Arguments) -> Value:
    """``n_classes`` clusters with labels."""
    labels = 2 if a.get("n_classes") is None else as_int(a.get("n_classes"))
    if "return_X_y" in a.extra:
        raise NotKnown("this form of the dataset is not followed")
    return _pair(m, _size(a, "n_samples", 100), _size(a, "n_features", 20), (), "int64", labels)


@function(
    "sklearn.datasets.make_regression",
    params="n_samples=100, n_features=100, *, n_informative=10, n_targets=1, coef=False, **options",
)
def make_regression(m: Machine, a: Arguments) -> Value:
    """A linear problem; more than one target gives a second axis."""
    targets = _size(a, "n_targets", 1)
    if flag(a, "coef", False) is not False or not isinstance(targets, int):
        raise NotKnown("what it returns depends on arguments that are not known")
    target = () if targets == 1 else (targets,)
    return _pair(m, _size(a, "n_samples", 100), _size(a, "n_features", 100), target, "float64", None)


@function(
    "sklearn.datasets.make_blobs",
    params="n_samples=100, n_features=2, *, centers=None, cluster_std=1.0, center_box=None, shuffle=True, "
    "random_state=None, return_centers=False",
)
def make_blobs(m: Machine, a: Arguments) -> Value:
    """Blobs around ``centers`` points (3 of them by default)."""
    centers, samples = a.get("centers"), a.get("n_samples")
    if flag(a, "return_centers", False) is not False or isinstance(samples, TupleValue | Ref):
        raise NotKnown("what it returns depends on arguments that are not followed")
    count: int | None
    if centers is None or is_none(centers):
        count, width = 3, _size(a, "n_features", 2)
    elif as_int(centers) is not None:
        count, width = as_int(centers), _size(a, "n_features", 2)
    else:
        places = m.tensor(centers)
        sizes = Shape((ANY, ANY)) if places is None or places.spec.shape.rank != 2 else places.spec.shape
        count, width = (sizes.dims[0] if isinstance(sizes.dims[0], int) else None), sizes.dims[1]
    return _pair(m, _size(a, "n_samples", 100), width, (), "int64", count)


@function(
    "sklearn.datasets.make_moons", "sklearn.datasets.make_circles", params="n_samples=100, *, shuffle=True, **options"
)
def make_moons(m: Machine, a: Arguments) -> Value:
    """Points of the plane in two classes."""
    samples = a.get("n_samples")
    size = ANY if isinstance(samples, TupleValue | Ref) else _size(a, "n_samples", 100)
    return _pair(m, size, 2, (), "int64", 2)


@function("sklearn.datasets.make_swiss_roll", "sklearn.datasets.make_s_curve", params="n_samples=100, **options")
def make_roll(m: Machine, a: Arguments) -> Value:
    """Points of space on a surface, and their place along it."""
    return _pair(m, _size(a, "n_samples", 100), 3, (), "float64", None)


@function(
    "sklearn.datasets.make_multilabel_classification",
    params="n_samples=100, n_features=20, *, n_classes=5, n_labels=2, length=50, allow_unlabeled=True, "
    "random_state=None",
)
def make_multilabel(m: Machine, a: Arguments) -> Value:
    """Zeros and ones for each class."""
    classes = _size(a, "n_classes", 5)
    return _pair(m, _size(a, "n_samples", 100), _size(a, "n_features", 20), (classes,), "int64", None)
