"""Padding, cropping and upsampling of the axes between batch and channels. From runs of Keras 3.15.1."""

from __future__ import annotations

from collections.abc import Sequence

from shapelens.library.keras.layers import config as read
from shapelens.library.keras.layers.naming import short_name
from shapelens.library.keras.layers.results import at_rank, dims_known, single, tensor
from shapelens.library.keras.layers.windows import spatial_names
from shapelens.library.machine import Machine
from shapelens.library.registry import InputSpecRule, LayerCall, LayerResult, layer
from shapelens.shapes import dims as dim
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import Shape
from shapelens.values.failure import Failure, ShapeFailure
from shapelens.values.objects import InputSpec
from shapelens.values.value import Value

Margins = tuple[tuple[Dim, Dim], ...]


def _accepts(rank: int) -> InputSpecRule:
    specs = (InputSpec(ndim=rank + 2),)

    def accepts(config: read.Config) -> Sequence[InputSpec]:
        return specs

    return accepts


@layer("keras.layers.ZeroPadding1D", accepts=_accepts(1))
@layer("keras.layers.ZeroPadding2D", accepts=_accepts(2))
@layer("keras.layers.ZeroPadding3D", accepts=_accepts(3))
def zero_padding(machine: Machine, call: LayerCall) -> LayerResult:
    """Adds zeros before and after each spatial axis."""
    rank = _rank(call)
    shape = at_rank(single(call).shape, rank + 2)
    margins = margins_of(machine, call.config.get("padding"), rank)
    start = _start(call)
    if start is None:
        return LayerResult(tensor(call, _unknown_space(shape)))
    steps: list[str] = []
    for axis, (name, (before, after)) in enumerate(zip(spatial_names(rank), margins, strict=True)):
        size = shape.dims[start + axis]
        result = dim.add(size, dim.add(before, after))
        if isinstance(result, int):
            steps.append(f"{name}: {size} + {before} + {after} = {result}")
        shape = shape.replace(start + axis, result)
    for position, size in enumerate(shape.dims):
        if isinstance(size, int) and size < 0:
            raise _below_zero(call, single(call).shape, shape, position)
    return LayerResult(tensor(call, shape), steps=tuple(steps))


@layer("keras.layers.Cropping1D", accepts=_accepts(1))
@layer("keras.layers.Cropping2D", accepts=_accepts(2))
@layer("keras.layers.Cropping3D", accepts=_accepts(3))
def cropping(machine: Machine, call: LayerCall) -> LayerResult:
    """Cuts the ends off each spatial axis; something must be left."""
    rank = _rank(call)
    given = at_rank(single(call).shape, rank + 2)
    margins = margins_of(machine, call.config.get("cropping"), rank)
    start = _start(call)
    if start is None:
        return LayerResult(tensor(call, _unknown_space(given)))
    steps: list[str] = []
    shape = given
    for axis, (name, (before, after)) in enumerate(zip(spatial_names(rank), margins, strict=True)):
        size = given.dims[start + axis]
        result = dim.sub(size, dim.add(before, after))
        if isinstance(result, int):
            if result <= 0:
                raise _nothing_left(call, given, margins, start + axis, name)
            steps.append(f"{name}: {size} - {before} - {after} = {result}")
        shape = shape.replace(start + axis, result)
    return LayerResult(tensor(call, shape), steps=tuple(steps))


@layer("keras.layers.UpSampling1D", accepts=_accepts(1))
@layer("keras.layers.UpSampling2D", accepts=_accepts(2))
@layer("keras.layers.UpSampling3D", accepts=_accepts(3))
def up_sampling(machine: Machine, call: LayerCall) -> LayerResult:
    """Repeats each row, column and slice."""
    rank = _rank(call)
    shape = at_rank(single(call).shape, rank + 2)
    factors = read.sizes(machine, call.config, "size", rank)
    start = _start(call)
    if start is None:
        return LayerResult(tensor(call, _unknown_space(shape)))
    steps: list[str] = []
    for axis, (name, factor) in enumerate(zip(spatial_names(rank), factors, strict=True)):
        size = shape.dims[start + axis]
        result = dim.mul(size, factor)
        if isinstance(result, int):
            steps.append(f"{name}: {size} * {factor} = {result}")
        shape = shape.replace(start + axis, result)
    return LayerResult(tensor(call, shape), steps=tuple(steps))


def _rank(call: LayerCall) -> int:
    return int(short_name(call.class_name)[-2])


def _start(call: LayerCall) -> int | None:
    """The first spatial axis; layers without ``data_format`` have channels last."""
    channels_first = read.channels_first(call.config)
    return None if channels_first is None else 2 if channels_first else 1


def _unknown_space(shape: Shape) -> Shape:
    return Shape((shape.dims[0], *(ANY,) * (len(shape.dims) - 1)))


def at_given_rank(call: LayerCall, rank: int) -> Shape:
    """The input's shape, of ``rank`` spatial axes."""
    return at_rank(single(call).shape, rank + 2)


def margins_of(machine: Machine, value: Value | None, rank: int) -> Margins:
    """Margins are one number for all sides, one for each axis, or a pair for each axis.

    For one axis two numbers are its two ends.
    """
    single_size = read.size_of(machine, value)
    if single_size is not ANY:
        return ((single_size, single_size),) * rank
    items = read.items_of(machine, value)
    unknown = ((ANY, ANY),) * rank
    if items is None:
        return unknown
    if rank == 1:
        return (_pair(machine, value),) if len(items) == 2 else unknown
    return tuple(_pair(machine, item) for item in items) if len(items) == rank else unknown


def _pair(machine: Machine, value: Value | None) -> tuple[Dim, Dim]:
    both = read.size_of(machine, value)
    if both is not ANY:
        return both, both
    ends = read.dims_of(machine, value)
    if ends is None or len(ends) != 2 or None in ends:
        return ANY, ANY
    return ends[0], ends[1]


def _below_zero(call: LayerCall, given: Shape, padded: Shape, position: int) -> ShapeFailure:
    """Negative padding, which Keras lets through for one number, has cut off more than there was."""
    layer_class = short_name(call.class_name)
    return ShapeFailure(
        Failure(
            "negative-dimension",
            f"{layer_class} makes axis {position} of {{subject}}, shape {given}, smaller than nothing",
            keras=f"Cannot convert '{padded}' to a shape. Negative dimensions are not allowed."
            if dims_known(padded.dims)
            else None,
            subject=0,
            found=given,
            axis=position,
            details={"layer": layer_class, "padding_fix": False},
        )
    )


def _nothing_left(call: LayerCall, shape: Shape, margins: Margins, position: int, name: str) -> ShapeFailure:
    layer_class = short_name(call.class_name)
    size = shape.dims[position]
    keras: str | None = None
    if dims_known((*shape.dims, *(end for pair in margins for end in pair))):
        if len(margins) == 1:
            keras = (
                f"`cropping` parameter of `{layer_class}` layer must be smaller than the input length. "
                f"Received: input_shape={shape}, cropping={margins[0]}"
            )
        else:
            keras = (
                "Values in `cropping` argument should be smaller than the corresponding spatial dimension "
                f"of the input. Received: input_shape={shape}, cropping={margins}"
            )
    return ShapeFailure(
        Failure(
            "negative-dimension",
            f"{layer_class} leaves nothing of {{subject}}: its {name} is {size}, shape {shape}",
            keras=keras,
            subject=0,
            found=shape,
            axis=position,
            details={"layer": layer_class, "padding_fix": False, "size": size},
        )
    )
