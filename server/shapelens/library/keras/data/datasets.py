"""``keras.datasets``: arrays whose shapes are known before they are downloaded (Keras 3.15.1)."""

from __future__ import annotations

from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import UNSURE, as_dim, is_none, text_of
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import Shape
from shapelens.values.failure import NotKnown
from shapelens.values.objects import DictObject
from shapelens.values.value import Const, TupleValue, Value

# Samples, split by a fraction: int(n * (1 - test_split)) are for training.
BOSTON = 506
CALIFORNIA = {"large": 20640, "small": 600}
REUTERS = 11228
SEQUENCES = "num_words=None, skip_top=0, maxlen=None"


@function("keras.datasets.mnist.load_data", params="path='mnist.npz'")
@function("keras.datasets.fashion_mnist.load_data", params="")
def digits(m: Machine, a: Arguments) -> Value:
    """60000 and 10000 grey images of 28 x 28, ten classes."""
    return _parts(m, (60000, 10000), (28, 28), "uint8", (), "uint8", 10)


@function("keras.datasets.cifar10.load_data", params="")
def cifar10(m: Machine, a: Arguments) -> Value:
    """50000 and 10000 colour images; labels of shape ``(n, 1)``."""
    return _parts(m, (50000, 10000), (32, 32, 3), "uint8", (1,), "uint8", 10)


@function("keras.datasets.cifar100.load_data", params="label_mode='fine'")
def cifar100(m: Machine, a: Arguments) -> Value:
    """As CIFAR-10, with 100 classes in 20 groups; labels are int64 here."""
    mode = text_of(a, "label_mode", "fine")
    labels = {"fine": 100, "coarse": 20}.get(mode) if mode is not UNSURE else None
    return _parts(m, (50000, 10000), (32, 32, 3), "uint8", (1,), "int64", labels)


@function(
    "keras.datasets.imdb.load_data",
    params=f"path='imdb.npz', {SEQUENCES}, seed=113, start_char=1, oov_char=2, index_from=3, **kwargs",
)
def imdb(m: Machine, a: Arguments) -> Value:
    """Reviews as lists of word numbers; ``maxlen`` leaves out the long ones."""
    size = 25000 if is_none(a.get("maxlen")) and "maxlen" not in a.extra else ANY
    return _parts(m, (size, size), (), "object", (), "int64", 2)


@function(
    "keras.datasets.reuters.load_data",
    params=f"path='reuters.npz', {SEQUENCES}, test_split=0.2, seed=113, start_char=1, oov_char=2, index_from=3",
)
def reuters(m: Machine, a: Arguments) -> Value:
    """Newswires as lists of word numbers, 46 topics."""
    sizes = _split(a, REUTERS) if is_none(a.get("maxlen")) else (ANY, ANY)
    return _parts(m, sizes, (), "object", (), "int64", 46)


@function("keras.datasets.boston_housing.load_data", params="path='boston_housing.npz', test_split=0.2, seed=113")
def boston_housing(m: Machine, a: Arguments) -> Value:
    """13 features of 506 houses."""
    return _parts(m, _split(a, BOSTON), (13,), None, (), None, None)


@function(
    "keras.datasets.california_housing.load_data",
    params="version='large', path='california_housing.npz', test_split=0.2, seed=113",
)
def california_housing(m: Machine, a: Arguments) -> Value:
    """8 features of 20640 districts, or of the 600 of the small version."""
    version = text_of(a, "version", "large")
    if version is UNSURE or version not in CALIFORNIA:
        return _parts(m, (ANY, ANY), (8,), None, (), None, None)
    return _parts(m, _split(a, CALIFORNIA[version]), (8,), None, (), None, None)


@function(
    "keras.datasets.imdb.get_word_index", "keras.datasets.reuters.get_word_index", params="path='imdb_word_index.json'"
)
def word_index(m: Machine, a: Arguments) -> Value:
    """A dict from words to numbers."""
    return m.alloc(DictObject((), open=True))


@function("keras.datasets.reuters.get_label_names", params="")
def label_names(m: Machine, a: Arguments) -> Value:
    """The names of the 46 topics."""
    raise NotKnown("the names of the topics are not followed")


def _split(a: Arguments, count: int) -> tuple[Dim, Dim]:
    given = a.get("test_split") or Const(0.2)
    fraction = given.value if isinstance(given, Const) else as_dim(given)
    if not isinstance(fraction, int | float) or not 0 <= fraction < 1:
        return ANY, ANY
    first = int(count * (1 - fraction))
    return first, count - first


def _parts(
    m: Machine,
    sizes: tuple[Dim, Dim],
    sample: tuple[Dim, ...],
    dtype: str | None,
    target: tuple[Dim, ...],
    target_dtype: str | None,
    labels: int | None,
) -> Value:
    return TupleValue(
        tuple(
            TupleValue(
                (
                    tensor(m, Shape((size, *sample)), dtype),
                    tensor(m, Shape((size, *target)), target_dtype, labels=labels),
                )
            )
            for size in sizes
        )
    )
