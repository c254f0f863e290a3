"""Tiny models and calls of their training methods, and what the real Keras makes of them.

The interpreter of Keras 2.15 reads this module too: it needs nothing but Keras, NumPy and Python 3.9.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import TypeAlias

    # Keras and NumPy objects, which the type checker does not see.
    Real: TypeAlias = Any


@dataclass(frozen=True)
class Arr:
    """An array of ``shape``; with ``labels``, of the integers below it."""

    shape: tuple[int, ...]
    labels: int | None = None

    def real(self) -> Real:
        """The NumPy array."""
        import numpy as np

        if self.labels is not None:
            return np.arange(int(np.prod(self.shape))).reshape(self.shape) % self.labels
        return np.zeros(self.shape, "float32")


@dataclass(frozen=True)
class Made:
    """A Keras object by its canonical class name."""

    name: str
    config: dict[str, Any] = field(default_factory=dict)

    def real(self) -> Real:
        """The object."""
        import keras

        found: Any = keras
        for part in self.name.split(".")[1:]:
            found = getattr(found, part)
        return found(**self.config)


@dataclass(frozen=True)
class Net:
    """A model: ``layers`` are ("dense", units), ("flatten",), ("conv", filters), ("pool",), ("lstm", units)."""

    declared: tuple[int | None, ...]
    layers: tuple[tuple[Any, ...], ...]
    kind: str = "functional"
    activation: str = "sigmoid"

    def model(self) -> Real:
        """The real model."""
        import keras

        layers = [_real_layer(layer, self.activation) for layer in self.layers]
        inputs = keras.Input(self.declared)
        if self.kind == "sequential":
            return keras.Sequential([inputs, *layers])
        x = inputs
        for layer in layers:
            x = layer(x)
        return keras.Model(inputs, x)


@dataclass(frozen=True)
class Training:
    """``net`` compiled with ``compiled`` (if any), then ``method(**arguments)``."""

    net: Net
    method: str
    arguments: dict[str, Any]
    compiled: dict[str, Any] | None = None

    def __str__(self) -> str:
        given = ", ".join(f"{name}={value}" for name, value in self.arguments.items())
        layers = " ".join(str(layer[0]) for layer in self.net.layers)
        net = f"{self.net.kind}({self.net.declared}: {layers} {self.net.layers[-1][1:]} {self.net.activation})"
        return f"{net}.compile({self.compiled}).{self.method}({given})"


def refusal(case: Training) -> str | None:
    """What Keras raises over ``case``, or `None`."""
    model = case.net.model()
    if case.compiled is not None:
        model.compile("sgd", **{name: real(value) for name, value in case.compiled.items()})
    return really(model, case.method, case.arguments)


def real(data: object) -> Real:
    """What the value is in a real program."""
    if isinstance(data, (Arr, Made)):
        return data.real()
    if isinstance(data, tuple):
        return tuple(map(real, data))
    if isinstance(data, list):
        return list(map(real, data))
    if isinstance(data, dict):
        return {key: real(value) for key, value in data.items()}
    return data


def really(model: Real, method: str, arguments: dict[str, Any]) -> str | None:
    """What Keras raises, or `None`."""
    call = model if method == "call" else getattr(model, method)
    given = {name: real(value) for name, value in arguments.items()}
    if method in ("fit", "evaluate", "predict"):
        given["verbose"] = 0
    try:
        if method == "call":
            call(given["x"])
        else:
            call(**given)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


def _real_layer(layer: tuple[Any, ...], activation: str) -> Real:
    from keras import layers

    if layer[0] == "dense":
        return layers.Dense(layer[1], activation=activation)
    if layer[0] == "flatten":
        return layers.Flatten()
    if layer[0] == "lstm":
        return layers.LSTM(layer[1])
    return layers.GlobalAveragePooling2D() if layer[0] == "pool" else layers.Conv2D(layer[1], 3)
