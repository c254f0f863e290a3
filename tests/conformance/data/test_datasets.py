"""``keras.datasets`` against Keras's own loading code, on stand-ins for the files it downloads."""

from __future__ import annotations

import gzip
import pickle
from pathlib import Path

import numpy
import pytest

from tests.support.programs import disagreements

# Of the real files: the number of samples, their sizes and their dtypes.
FILES = {
    "mnist.npz": {
        "x_train": ((60000, 28, 28), "uint8"),
        "y_train": ((60000,), "uint8"),
        "x_test": ((10000, 28, 28), "uint8"),
        "y_test": ((10000,), "uint8"),
    },
    "boston_housing.npz": {"x": ((506, 13), "float64"), "y": ((506,), "float64")},
    "california_housing.npz": {"x": ((20640, 8), "float32"), "y": ((20640,), "float32")},
}
SEQUENCES = {"imdb.npz": (25000, 25000), "reuters.npz": (11228, 0)}

PROGRAMS = {
    "mnist": "(x, y), (xt, yt) = keras.datasets.mnist.load_data()\n"
    "(x1, _), _rest = keras.datasets.mnist.load_data(path='mnist.npz')\n",
    "fashion_mnist": "a, b = keras.datasets.fashion_mnist.load_data()\n",
    "cifar10": "(x, y), (xt, yt) = keras.datasets.cifar10.load_data()\n",
    "cifar100": "(x, y), (xt, yt) = keras.datasets.cifar100.load_data(label_mode='coarse')\n",
    "imdb": "(x, y), (xt, yt) = keras.datasets.imdb.load_data(num_words=1000)\n"
    "p = keras.utils.pad_sequences(x, maxlen=20)\nvague_p = keras.utils.pad_sequences(xt)\n"
    "(vague_x, vague_y), vague_rest = keras.datasets.imdb.load_data(maxlen=5)\n",
    "reuters": "(x, y), (xt, yt) = keras.datasets.reuters.load_data(num_words=1000, test_split=0.3)\n"
    "a, b = keras.datasets.reuters.load_data()\n",
    "boston_housing": "(x, y), (xt, yt) = keras.datasets.boston_housing.load_data()\n"
    "a, b = keras.datasets.boston_housing.load_data(test_split=0.35)\n"
    "c, d = keras.datasets.boston_housing.load_data(test_split=0)\n",
    "california_housing": "(x, y), (xt, yt) = keras.datasets.california_housing.load_data()\n"
    "a, b = keras.datasets.california_housing.load_data('small', test_split=0.1)\n",
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("datasets")
    for name, arrays in FILES.items():
        numpy.savez(folder / name, **{k: numpy.zeros(shape, dtype) for k, (shape, dtype) in arrays.items()})
    for name, (train, test) in SEQUENCES.items():
        parts = {"x_train": train, "x_test": test} if test else {"x": train}
        arrays = {}
        for key, count in parts.items():
            sequences = numpy.empty(count, dtype=object)
            sequences[:] = [[1, 2, 3][: 1 + i % 3] for i in range(count)]
            arrays[key] = sequences
            arrays[key.replace("x", "y")] = numpy.arange(count) % 2
        numpy.savez(folder / name, **arrays)
    batches = folder / "cifar"
    for base, names, key in (
        ("cifar-10-batches-py", [*(f"data_batch_{i}" for i in range(1, 6)), "test_batch"], "labels"),
        ("cifar-100-python", ["train", "test"], "coarse_labels"),
    ):
        (batches / base).mkdir(parents=True)
        for name in names:
            count = 50000 if name == "train" else 10000
            content = {b"data": numpy.zeros((count, 3072), "uint8"), key.encode(): [0] * count}
            (batches / base / name).write_bytes(pickle.dumps(content, protocol=4))
    for prefix, count in (("train", 60000), ("t10k", 10000)):
        with gzip.open(folder / f"{prefix}-labels-idx1-ubyte.gz", "wb", 1) as file:
            file.write(bytes(8 + count))
        with gzip.open(folder / f"{prefix}-images-idx3-ubyte.gz", "wb", 1) as file:
            file.write(bytes(16 + count * 784))
    return folder


@pytest.mark.keras
@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_shapes(name: str, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = __import__(f"keras.src.datasets.{name}", fromlist=["get_file"])

    def get_file(fname: str, **options: object) -> str:
        return str(files / "cifar" if fname.startswith("cifar") else files / fname)

    monkeypatch.setattr(module, "get_file", get_file)
    assert disagreements(PROGRAMS[name], prelude="import keras\n") == []
