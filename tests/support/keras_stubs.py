"""Makes a real run offline and short, without changing a shape.

- `keras.datasets.*.load_data` give zeros of the real data's shapes and dtypes.
- `fit` runs one epoch of at most two batches when there are many, `evaluate` likewise. `predict` runs whole,
  because its result's shape is looked at.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

MOST_STEPS = 2


def _images(train: int, test: int, *size: int, classes: int, column: bool = False) -> Any:
    def part(count: int) -> Any:
        # Every class occurs: `to_categorical` counts them.
        labels = (np.arange(count) % classes).astype("uint8")
        return np.zeros((count, *size), "uint8"), labels.reshape(-1, 1) if column else labels

    return part(train), part(test)


def _sequences(train: int, test: int, classes: int) -> Any:
    def part(count: int) -> Any:
        texts = np.empty(count, dtype=object)
        texts[:] = [[1, 14, 22]] * count
        return texts, np.arange(count) % classes

    return part(train), part(test)


def _table(train: int, test: int, features: int) -> Any:
    return tuple((np.zeros((n, features)), np.zeros((n,))) for n in (train, test))


DATASETS: dict[str, Any] = {
    "mnist": lambda: _images(60000, 10000, 28, 28, classes=10),
    "fashion_mnist": lambda: _images(60000, 10000, 28, 28, classes=10),
    "cifar10": lambda: _images(50000, 10000, 32, 32, 3, classes=10, column=True),
    "cifar100": lambda: _images(50000, 10000, 32, 32, 3, classes=100, column=True),
    "imdb": lambda: _sequences(25000, 25000, 2),
    "reuters": lambda: _sequences(8982, 2246, 46),
    "boston_housing": lambda: _table(404, 102, 13),
    "california_housing": lambda: _table(16512, 4128, 8),
}


def install(recorder: Any) -> None:
    """Put the stand-ins in place, and the recorder behind every layer's call."""
    import keras

    _datasets()
    layer_call = keras.layers.Layer.__call__

    def watched_call(layer: Any, *args: Any, **kwargs: Any) -> Any:
        output = layer_call(layer, *args, **kwargs)
        recorder.called(layer, output)
        return output

    keras.layers.Layer.__call__ = watched_call
    fit, evaluate = keras.Model.fit, keras.Model.evaluate

    def short_fit(model: Any, *args: Any, **kwargs: Any) -> Any:
        kwargs["epochs"], kwargs["verbose"] = 1, 0
        if len(args) > 3:
            args = (*args[:3], 1, *args[4:])
            del kwargs["epochs"]
        if len(args) > 4:
            args = args[:4]
        return fit(model, *args, **_shortened(kwargs, args, "steps_per_epoch"))

    def short_evaluate(model: Any, *args: Any, **kwargs: Any) -> Any:
        return evaluate(model, *args, **_shortened(kwargs, args, "steps"))

    keras.Model.fit, keras.Model.evaluate = short_fit, short_evaluate


def _shortened(kwargs: dict[str, Any], args: tuple[Any, ...], steps: str) -> dict[str, Any]:
    x = args[0] if args else kwargs.get("x")
    while isinstance(x, list | tuple) and x:
        x = x[0]
    batch = (args[2] if len(args) > 2 else kwargs.get("batch_size")) or 32
    if hasattr(x, "shape") and len(x.shape) and x.shape[0] and x.shape[0] > 2 * MOST_STEPS * batch:
        kwargs.setdefault(steps, MOST_STEPS)
        # Keras would divide the data by the number of steps, had the batch size not been said.
        if len(args) <= 2:
            kwargs["batch_size"] = batch
        if steps == "steps_per_epoch" and kwargs.get("validation_data") is not None:
            kwargs.setdefault("validation_steps", 1)
            kwargs.setdefault("validation_batch_size", batch)
    return kwargs


def _datasets() -> None:
    import tensorflow as tf

    tf.keras.datasets  # noqa: B018 - TensorFlow's own copy of the namespace is made when it is first asked for
    for name, make in DATASETS.items():
        for module in list(sys.modules.values()):
            path = getattr(module, "__name__", "")
            if path.startswith("keras") and path.endswith(f"datasets.{name}"):
                module.load_data = lambda *args, _make=make, **kwargs: _make()
