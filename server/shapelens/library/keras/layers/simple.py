"""Layers that keep shapes and have no weights: dropout, noise, activations. From runs of Keras 3.15.1."""

from __future__ import annotations

from collections.abc import Sequence

from shapelens.library.keras.layers import config as read
from shapelens.library.keras.layers.results import (
    axes_spec,
    kept_dtype,
    same_shape,
    single,
    tensor,
    undefined_weight,
    weights,
)
from shapelens.library.machine import Machine
from shapelens.library.registry import InputSpecRule, LayerCall, LayerResult, layer
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import SpecNest, TensorSpec
from shapelens.values.failure import Failure, ShapeFailure
from shapelens.values.objects import InputSpec


def _accepts(ndim: int) -> InputSpecRule:
    specs = (InputSpec(ndim=ndim),)

    def accepts(config: read.Config) -> Sequence[InputSpec]:
        return specs

    return accepts


layer(
    "keras.layers.Activation",
    "keras.layers.ActivityRegularization",
    "keras.layers.AlphaDropout",
    "keras.layers.Dropout",
    "keras.layers.ELU",
    "keras.layers.GaussianDropout",
    "keras.layers.GaussianNoise",
    "keras.layers.LeakyReLU",
    "keras.layers.ReLU",
    "keras.layers.Softmax",
    # Of these only ``tf.keras.layers`` has this one.
    "keras.layers.ThresholdedReLU",
)(same_shape)
layer("keras.layers.SpatialDropout1D", accepts=_accepts(3))(same_shape)
layer("keras.layers.SpatialDropout2D", accepts=_accepts(4))(same_shape)
layer("keras.layers.SpatialDropout3D", accepts=_accepts(5))(same_shape)


@layer("keras.layers.Identity")
def identity(machine: Machine, call: LayerCall) -> LayerResult:
    """Gives back its inputs, of any structure."""
    return LayerResult(_cast(call, call.inputs))


@layer("keras.layers.Masking")
def masking(machine: Machine, call: LayerCall) -> LayerResult:
    """Marks the steps in which every feature has one value, so it needs an axis of features."""
    shape = single(call).shape
    if not shape.open and not shape.dims:
        raise ShapeFailure(
            Failure(
                "rank-mismatch",
                "{subject} is a scalar, but Masking needs an axis of features",
                keras="axis -1 is out of bounds for an array with dimension 0.",
                subject=0,
                found=shape,
                details={"layer": "Masking", "expected_ndim": 1, "found_ndim": 0, "kind": "min_ndim"},
            )
        )
    return same_shape(machine, call)


@layer("keras.layers.PReLU")
def prelu(machine: Machine, call: LayerCall) -> LayerResult:
    """A slope for each element, shared along ``shared_axes`` (which count from 1)."""
    shape = single(call).shape
    shared_value = call.config.get("shared_axes")
    shared: tuple[Dim, ...] | None = ()
    if not read.absent(shared_value):
        one = read.size_of(machine, shared_value)
        shared = (one,) if one is not ANY else read.dims_of(machine, shared_value)
    if shape.open or shared is None or not all(isinstance(axis, int) for axis in shared):
        return LayerResult(tensor(call, shape), params=None)
    rank = len(shape.dims)
    slopes = list(shape.dims[1:])
    for axis in shared:
        assert isinstance(axis, int)
        if not -len(slopes) <= axis - 1 < len(slopes):
            raise ShapeFailure(
                Failure(
                    "axis-out-of-range",
                    f"PReLU shares axis {axis}, which {{subject}} of shape {shape} does not have",
                    keras="list assignment index out of range",
                    subject=0,
                    found=shape,
                    axis=axis,
                )
            )
        slopes[axis - 1] = 1
    if None in slopes and not call.built:
        axis = slopes.index(None) + 1
        raise undefined_weight(machine, call, shape, axis, tuple(slopes), "alpha")
    fixed = [(axis, shape.dims[axis]) for axis in range(1, rank) if shared and axis not in shared]
    return LayerResult(tensor(call, shape), weights(tuple(slopes)), (axes_spec(rank, None, *fixed),))


def _cast(call: LayerCall, nest: SpecNest) -> SpecNest:
    if isinstance(nest, TensorSpec):
        return TensorSpec(nest.shape, kept_dtype(call, nest))
    if isinstance(nest, dict):
        return {key: _cast(call, child) for key, child in nest.items()}
    return tuple(_cast(call, child) for child in nest)
