"""Layers that rearrange axes: Flatten, Reshape, Permute, RepeatVector. From runs of Keras 3.15.1."""

from __future__ import annotations

import math
from collections.abc import Sequence

from shapelens.library.keras.layers import config as read
from shapelens.library.keras.layers.inputs import check_inputs
from shapelens.library.keras.layers.naming import short_name
from shapelens.library.keras.layers.results import at_rank, kept_dtype, own_name, single, tensor
from shapelens.library.machine import Machine
from shapelens.library.registry import LayerCall, LayerResult, layer
from shapelens.shapes import dims as dim
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, TensorSpec
from shapelens.values.failure import Failure, ShapeFailure
from shapelens.values.objects import InputSpec


def _accepts_flatten(config: read.Config) -> Sequence[InputSpec]:
    return (InputSpec(min_ndim=1),)


def accepts_vector(config: read.Config) -> Sequence[InputSpec]:
    """What `RepeatVector` accepts."""
    return (InputSpec(ndim=2),)


@layer("keras.layers.Flatten", accepts=_accepts_flatten)
def flatten(machine: Machine, call: LayerCall) -> LayerResult:
    """Keeps the batch axis and lays the others out in one."""
    given = single(call)
    shape = given.shape
    if shape.open:
        return LayerResult(TensorSpec(Shape((ANY, ANY)), kept_dtype(call, given)))
    rest = shape.dims[1:]
    size: Dim = None if None in rest else dim.product(rest)
    steps = (f"{' * '.join(map(str, rest))} = {size}",) if isinstance(size, int) and len(rest) > 1 else ()
    return LayerResult(TensorSpec(Shape((shape.dims[0], size)), kept_dtype(call, given)), steps=steps)


@layer("keras.layers.Reshape")
def reshape(machine: Machine, call: LayerCall) -> LayerResult:
    """Gives the axes after the batch other sizes; Keras checks the count only when every size is defined."""
    given = single(call)
    shape, dtype = given.shape, kept_dtype(call, given)
    target = read.dims_of(machine, call.config.get("target_shape"))
    if not shape.open and not shape.dims:
        raise _scalar(call, shape)
    batch = ANY if shape.open else shape.dims[0]
    if target is None:
        return LayerResult(TensorSpec(UNKNOWN_SHAPE, dtype))
    # In an open shape the first known axis may be the batch.
    rest = shape.dims[1:]
    if not shape.open and None not in rest and None not in target:
        return _count(call, shape, target, dtype)
    # With a dynamic size on either side Keras leaves a -1 dynamic and checks nothing.
    free = None if None in rest or None in target else ANY
    resolved = tuple(free if size == -1 else size for size in target)
    return LayerResult(TensorSpec(Shape((batch, *resolved)), dtype))


@layer("keras.layers.Permute")
def permute(machine: Machine, call: LayerCall) -> LayerResult:
    """Puts the axes after the batch into another order; axes count from 1."""
    given = single(call)
    order = read.dims_of(machine, call.config.get("dims"))
    dtype = kept_dtype(call, given)
    if order is None:
        return LayerResult(TensorSpec(UNKNOWN_SHAPE, dtype))
    specs = (InputSpec(ndim=len(order) + 1),)
    check_inputs(specs, given, call.class_name, own_name(machine, call), machine.versions.family)
    shape = at_rank(given.shape, len(order) + 1)
    sizes = (shape.axis(axis) if isinstance(axis, int) and axis > 0 else ANY for axis in order)
    return LayerResult(TensorSpec(Shape((shape.dims[0], *sizes)), dtype), input_specs=specs)


@layer("keras.layers.RepeatVector", accepts=accepts_vector)
def repeat_vector(machine: Machine, call: LayerCall) -> LayerResult:
    """Repeats each vector ``n`` times along a new second axis."""
    batch, features = at_rank(single(call).shape, 2).dims
    return LayerResult(tensor(call, Shape((batch, read.size(machine, call.config, "n"), features))))


def _count(call: LayerCall, shape: Shape, target: tuple[Dim, ...], dtype: str | None) -> LayerResult:
    """Resolve a -1 and compare the numbers of elements, as far as sizes are known."""
    rest = shape.dims[1:]
    total = dim.product(rest)
    listed = " * ".join(map(str, rest)) or "1"
    if -1 not in target:
        wanted = dim.product(target)
        if isinstance(total, int) and isinstance(wanted, int) and total != wanted:
            raise _refuse(call, shape, target, total, f"{wanted} elements", ". ")
        steps = (f"{listed} = {' * '.join(map(str, target))} = {total}",) if isinstance(total, int) else ()
        return LayerResult(TensorSpec(Shape((shape.dims[0], *target)), dtype), steps=steps)
    others = dim.product(tuple(size for size in target if size != -1))
    if isinstance(total, int) and isinstance(others, int):
        if others == 0 or total % others:
            raise _refuse(call, shape, target, total, f"a multiple of {others} elements", _INDIVISIBLE)
        steps = (f"-1: {listed} / {others} = {total // others}",)
    else:
        steps = ()
    free = dim.floordiv(total, others)
    resolved = tuple(free if size == -1 else size for size in target)
    return LayerResult(TensorSpec(Shape((shape.dims[0], *resolved)), dtype), steps=steps)


_INDIVISIBLE = ", however, the input size cannot by divided by the specified dimensions in target_shape. "


def _refuse(
    call: LayerCall, shape: Shape, target: tuple[Dim, ...], total: int, needs: str, middle: str
) -> ShapeFailure:
    goal = Shape(target)
    rest = Shape(shape.dims[1:])
    return ShapeFailure(
        Failure(
            "reshape-size",
            f"{{subject}} has {total} elements per sample, shape {rest}, but Reshape to {goal} needs {needs}",
            keras=f"The total size of the tensor must be unchanged{middle}"
            f"Received: input_shape={rest}, target_shape={goal}",
            subject=0,
            expected=goal,
            found=shape,
            details={
                "layer": short_name(call.class_name),
                "elements": total,
                "needed": math.prod(size for size in target if isinstance(size, int) and size != -1),
                "target": goal,
            },
        )
    )


def _scalar(call: LayerCall, shape: Shape) -> ShapeFailure:
    return ShapeFailure(
        Failure(
            "rank-mismatch",
            "{subject} is a scalar, but Reshape needs a batch axis",
            keras="tuple index out of range",
            subject=0,
            found=shape,
            details={
                "layer": short_name(call.class_name),
                "expected_ndim": 1,
                "found_ndim": 0,
                "kind": "min_ndim",
            },
        )
    )
