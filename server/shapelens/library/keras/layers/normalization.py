"""Normalization along axes, with weights of those axes' sizes. From runs of Keras 3.15.1."""

from __future__ import annotations

from shapelens.library.keras.layers import config as read
from shapelens.library.keras.layers.naming import short_name
from shapelens.library.keras.layers.results import (
    axes_spec,
    single,
    tensor,
    undefined,
    undefined_weight,
    weights,
)
from shapelens.library.machine import Machine
from shapelens.library.registry import LayerCall, LayerResult, layer
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import Shape
from shapelens.values.failure import Failure, ShapeFailure
from shapelens.values.value import Const


@layer("keras.layers.BatchNormalization")
def batch_normalization(machine: Machine, call: LayerCall) -> LayerResult:
    """Normalizes each position of ``axis`` over the batch and all other axes."""
    shape = single(call).shape
    axis = _axis(machine, call)
    if axis is None:
        return LayerResult(tensor(call, shape), params=None)
    size = _size(call, shape, axis)
    scale, center, renorm = (read.flag(machine, call.config, name) for name in ("scale", "center", "renorm"))
    if size is None and not call.built:
        name = "gamma" if scale else "beta" if center else "moving_mean"
        raise undefined_weight(machine, call, shape, axis, (None,), name)
    params: int | None = None
    if scale is not None and center is not None and renorm is not None:
        params = weights((scale + center + 2 + 3 * renorm, size))
    spec = axes_spec(None if shape.open else len(shape.dims), None, (axis, size))
    return LayerResult(tensor(call, shape), params, (spec,), _steps(params, size))


@layer("keras.layers.LayerNormalization")
def layer_normalization(machine: Machine, call: LayerCall) -> LayerResult:
    """Normalizes each sample over ``axis``."""
    scale, center, rms = (read.flag(machine, call.config, name) for name in ("scale", "center", "rms_scaling"))
    tensors: int | None = None
    if scale is not None and center is not None and rms is not None:
        tensors = int(scale or rms) + int(center and not rms)
    name = "gamma" if scale or rms else "beta"
    return _over_axes(machine, call, tensors, name)


@layer("keras.layers.RMSNormalization")
def rms_normalization(machine: Machine, call: LayerCall) -> LayerResult:
    """Divides by the root of the mean square over ``axis``."""
    return _over_axes(machine, call, 1, "scale")


@layer("keras.layers.GroupNormalization")
def group_normalization(machine: Machine, call: LayerCall) -> LayerResult:
    """Normalizes groups of channels; -1 makes a group of each channel."""
    shape = single(call).shape
    axis = _axis(machine, call)
    if axis is None:
        return LayerResult(tensor(call, shape), params=None)
    size = _size(call, shape, axis)
    groups = read.size(machine, call.config, "groups")
    if not call.built:
        if size is None:
            raise undefined(
                call,
                shape,
                axis,
                f"Axis {axis} of input tensor should have a defined dimension but the layer received an "
                f"input with shape {shape}.",
            )
        _check_groups(call, shape, axis, size, groups)
    scale, center = (read.flag(machine, call.config, name) for name in ("scale", "center"))
    params = weights((scale + center, size)) if scale is not None and center is not None else None
    spec = axes_spec(None if shape.open else len(shape.dims), None, (axis, size))
    return LayerResult(tensor(call, shape), params, (spec,), _steps(params, size))


@layer("keras.layers.UnitNormalization")
def unit_normalization(machine: Machine, call: LayerCall) -> LayerResult:
    """Scales to length 1 along ``axis``; no weights."""
    shape = single(call).shape
    axes = _axes(machine, call)
    for axis in axes or ():
        if not shape.open and isinstance(axis, int) and not -len(shape.dims) <= axis < len(shape.dims):
            shown = axis if len(axes or ()) == 1 else list(axes or ())
            raise _out_of_range(call, shape, axis, f"Axis {shown} is out of bounds for input shape {shape}.")
    return LayerResult(tensor(call, shape))


def _over_axes(machine: Machine, call: LayerCall, tensors: int | None, name: str) -> LayerResult:
    """Layers whose weights have the sizes of one or several axes, and which check no later input."""
    shape = single(call).shape
    axes = _axes(machine, call)
    if axes is None or not all(isinstance(axis, int) for axis in axes):
        return LayerResult(tensor(call, shape), params=None)
    known = sorted(axis for axis in axes if isinstance(axis, int))
    sizes = tuple(_size(call, shape, axis) for axis in known)
    if None in sizes and not call.built and tensors:
        raise undefined_weight(machine, call, shape, known[sizes.index(None)], sizes, name)
    params = None if tensors is None else weights((tensors, *sizes))
    return LayerResult(tensor(call, shape), params, steps=_steps(params, *sizes))


def _axis(machine: Machine, call: LayerCall) -> int | None:
    value = call.config.get("axis")
    if isinstance(value, Const) and isinstance(value.value, float):
        return int(value.value)
    axis = read.size_of(machine, value)
    return axis if isinstance(axis, int) else None


def _axes(machine: Machine, call: LayerCall) -> tuple[Dim, ...] | None:
    value = call.config.get("axis")
    one = read.size_of(machine, value)
    return (one,) if one is not ANY else read.dims_of(machine, value)


def _size(call: LayerCall, shape: Shape, axis: int) -> Dim:
    """The size of an axis, which must exist."""
    rank = len(shape.dims)
    if not shape.open and not -rank <= axis < rank:
        raise _out_of_range(call, shape, axis, "tuple index out of range")
    return shape.axis(axis)


def _out_of_range(call: LayerCall, shape: Shape, axis: int, keras: str) -> ShapeFailure:
    layer_class = short_name(call.class_name)
    return ShapeFailure(
        Failure(
            "axis-out-of-range",
            f"{layer_class} works on axis {axis}, which {{subject}} of shape {shape} does not have",
            keras=keras,
            subject=0,
            found=shape,
            axis=axis,
            details={"layer": layer_class, "axis": axis, "found_ndim": len(shape.dims)},
        )
    )


def _check_groups(call: LayerCall, shape: Shape, axis: int, size: Dim, groups: Dim) -> None:
    if not isinstance(size, int) or not isinstance(groups, int) or groups <= 0:
        return
    if size < groups:
        keras = f"Number of groups ({groups}) cannot be more than the number of channels ({size})."
    elif size % groups:
        keras = f"Number of groups ({groups}) must be a multiple of the number of channels ({size})."
    else:
        return
    raise ShapeFailure(
        Failure(
            "channel-mismatch",
            f"{{subject}} has {size} channels, shape {shape}, which cannot be split into {groups} groups",
            keras=keras,
            subject=0,
            found=shape,
            axis=axis,
            details={"layer": short_name(call.class_name), "groups": groups, "found_size": size},
        )
    )


def _steps(params: int | None, *sizes: Dim) -> tuple[str, ...]:
    product = " * ".join(map(str, sizes))
    if not params or not all(isinstance(size, int) and size for size in sizes):
        return ()
    count = params
    for size in sizes:
        assert isinstance(size, int)
        count //= size
    return (f"params: {count} * {product} = {params}",)
