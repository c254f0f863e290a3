"""The shapes that a program declares: ``Input``, ``InputLayer``, and ``input_shape=`` of a first layer."""

from __future__ import annotations

from shapelens.library.keras.layers import config as read
from shapelens.library.machine import Machine
from shapelens.shapes.dims import Dim
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, TensorSpec
from shapelens.values.value import Value


def declared_input(machine: Machine, config: read.Config) -> TensorSpec:
    """What ``keras.Input`` or an ``InputLayer`` with these arguments stands for (Keras 3.15.1)."""
    dtype = read.compute_dtype(config)
    batch_shape = _given(config, "batch_shape", "batch_input_shape")
    if batch_shape is not None:
        return TensorSpec(_shape(machine, batch_shape), dtype)
    shape = _given(config, "shape", "input_shape")
    batch = config.get("batch_size")
    size: Dim = None if read.absent(batch) else read.size_of(machine, batch)
    return TensorSpec(_with_batch(machine, shape, size), dtype)


def declared_by_layer(machine: Machine, config: read.Config) -> Shape | None:
    """The batch shape that ``input_shape=`` or ``input_dim=`` of a first layer declares, if it does."""
    size = config.get("input_dim")
    # Embedding's own ``input_dim`` is the size of its vocabulary.
    if not read.absent(size) and "output_dim" not in config:
        return Shape((None, read.size_of(machine, size)))
    shape = _given(config, "input_shape")
    return None if shape is None else _with_batch(machine, shape, None)


def _given(config: read.Config, *names: str) -> Value | None:
    return next((config[name] for name in names if not read.absent(config.get(name))), None)


def _with_batch(machine: Machine, shape: Value | None, batch: Dim) -> Shape:
    dims = read.dims_of(machine, shape)
    return UNKNOWN_SHAPE if dims is None else Shape((batch, *dims))


def _shape(machine: Machine, shape: Value) -> Shape:
    dims = read.dims_of(machine, shape)
    return UNKNOWN_SHAPE if dims is None else Shape(dims)
