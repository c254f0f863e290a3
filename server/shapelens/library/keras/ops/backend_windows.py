"""``keras.backend``: windows, pictures and what stands around them (Keras 2.15 and what 3.15 still has of it)."""

from __future__ import annotations

from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import Unsure, as_int, as_shape, is_none, items_of, kind_of, text_of
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.rules import array_rule, like, source_of
from shapelens.library.arrays.windows import window_count
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.library.tensorflow.nn import spread_of
from shapelens.shapes.dims import ANY, Dim, add, mul, same
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, of_rank
from shapelens.values.failure import ShapeFailure
from shapelens.values.value import TensorKind, Value

_K = "keras.backend"
_WINDOW = "padding='valid', data_format=None, dilation_rate=1"


@array_rule(f"{_K}.conv1d", params=f"x, kernel, strides=1, {_WINDOW}")
@array_rule(f"{_K}.conv2d", params=f"x, kernel, strides=1, {_WINDOW}")
@array_rule(f"{_K}.conv3d", params=f"x, kernel, strides=1, {_WINDOW}")
def convolution(machine: Machine, args: Arguments) -> Value:
    """``K.conv1d`` and its kin: with a given kernel."""
    source, kernel = source_of(machine, args, "x", "tensorflow"), source_of(machine, args, "kernel", "tensorflow")
    shape, window = source.spec.shape, kernel.spec.shape
    kind = kind_of([source, kernel], "tensorflow")
    if window.open:
        return tensor(machine, UNKNOWN_SHAPE, source.spec.dtype, kind)
    spatial = len(window.dims) - 2
    if not shape.open and len(shape.dims) < spatial + 2:
        raise _rank(shape, spatial + 2)
    if shape.open or len(shape.dims) > spatial + 2 or not _channels_last(args):
        return tensor(machine, UNKNOWN_SHAPE, source.spec.dtype, kind)
    channels = shape.dims[-1]
    taken = window.dims[-2]
    if isinstance(channels, int) and isinstance(taken, int) and taken and channels % taken:
        raise refusal(
            "channel-mismatch",
            f"{{subject}} has {channels} channels, but the kernel takes {taken}",
            None,
            found=shape,
            expected=window,
            axis=-1,
        )
    return _slid(machine, args, shape, window.dims[:spatial], window.dims[-1], "strides", source.spec.dtype, kind)


@array_rule(f"{_K}.pool2d", params="x, pool_size, strides=1, padding='valid', data_format=None, pool_mode='max'")
@array_rule(f"{_K}.pool3d", params="x, pool_size, strides=1, padding='valid', data_format=None, pool_mode='max'")
def pool(machine: Machine, args: Arguments) -> Value:
    """``K.pool2d``: one step at a time unless told otherwise."""
    source = source_of(machine, args, "x", "tensorflow")
    shape, window = source.spec.shape, as_shape(machine, args.get("pool_size"))
    kind = kind_of([source], "tensorflow")
    if shape.open or window.open or not _channels_last(args):
        return tensor(machine, UNKNOWN_SHAPE, source.spec.dtype, kind)
    if len(shape.dims) != len(window.dims) + 2:
        raise _rank(shape, len(window.dims) + 2)
    return _slid(machine, args, shape, window.dims, shape.dims[-1], "strides", source.spec.dtype, kind)


def _slid(
    machine: Machine,
    args: Arguments,
    shape: Shape,
    window: tuple[Dim, ...],
    last: Dim,
    strides: str,
    dtype: str | None,
    kind: TensorKind,
) -> Value:
    spatial = len(window)
    padding = text_of(args, "padding", "valid")
    steps = spread_of(machine, args.get(strides), spatial)
    spread = spread_of(machine, args.get("dilation_rate"), spatial)
    if steps is None or spread is None or isinstance(padding, Unsure) or padding not in ("same", "valid"):
        return tensor(machine, of_rank(spatial + 2), dtype, kind)
    sizes = tuple(
        window_count(shape.dims[axis + 1], window[axis], steps[axis], spread[axis], padding) for axis in range(spatial)
    )
    if any(isinstance(size, int) and size <= 0 for size in sizes):
        # Kernels differ from machine to machine: some give an empty tensor, others raise.
        return tensor(machine, of_rank(spatial + 2), dtype, kind)
    return tensor(machine, Shape((shape.dims[0], *sizes, last)), dtype, kind)


def _channels_last(args: Arguments) -> bool:
    return is_none(args.get("data_format")) or text_of(args, "data_format", "") == "channels_last"


def _rank(shape: Shape, rank: int) -> ShapeFailure:
    return refusal("rank-mismatch", f"{{subject}} must have {rank} axes, not {shape}", None, found=shape)


@array_rule(f"{_K}.resize_images", params="x, height_factor, width_factor, data_format, interpolation='nearest'")
def resize_images(machine: Machine, args: Arguments) -> Value:
    """``K.resize_images``: height and width some times as long."""
    source = source_of(machine, args, "x", "tensorflow")
    shape, layout = source.spec.shape, text_of(args, "data_format", "")
    plain = shape.rank == 3 and layout == "channels_last"
    if shape.rank not in (None, 4) and not plain:
        raise _rank(shape, 4)
    # Bilinear pictures are float32, as far as they are not float32 before.
    dtype = "float32" if source.spec.dtype == "float32" else None
    kind = kind_of([source], "tensorflow")
    if shape.open or isinstance(layout, Unsure) or layout not in ("channels_first", "channels_last"):
        return tensor(machine, of_rank(4) if shape.rank == 4 else UNKNOWN_SHAPE, dtype, kind)
    first = 1 if layout == "channels_last" else 2
    sizes = list(shape.dims)
    for axis, name in ((first, "height_factor"), (first + 1, "width_factor")):
        times = as_int(args.get(name))
        sizes[axis] = ANY if times is None else mul(sizes[axis], times)
    # Of one picture the sizes are taken from the axes after the first, as if it were a batch.
    return tensor(machine, Shape((*sizes[1:], shape.dims[-1]) if plain else tuple(sizes)), dtype, kind)


@array_rule(f"{_K}.temporal_padding", params="x, padding=(1, 1)")
def temporal_padding(machine: Machine, args: Arguments) -> Value:
    """``K.temporal_padding``: before and after the steps."""
    return _padded(machine, args, [args.get("padding")], first=1, rank=3)


@array_rule(f"{_K}.spatial_2d_padding", params="x, padding=((1, 1), (1, 1)), data_format=None")
def spatial_padding(machine: Machine, args: Arguments) -> Value:
    """``K.spatial_2d_padding``: around pictures."""
    layout = text_of(args, "data_format", "channels_last") if not is_none(args.get("data_format")) else "channels_last"
    given = args.get("padding")
    pairs = items_of(machine, given) if given is not None else (None, None)
    first = {"channels_last": 1, "channels_first": 2}.get(str(layout))
    return _padded(machine, args, None if pairs is None or len(pairs) != 2 else list(pairs), first=first, rank=4)


def _padded(
    machine: Machine, args: Arguments, pairs: list[Value | None] | None, *, first: int | None, rank: int
) -> Value:
    """``pairs``: what each axis from ``first`` on is padded with, None for the default of one on each side."""
    source = source_of(machine, args, "x", "tensorflow")
    shape = source.spec.shape
    if shape.rank not in (None, rank):
        raise _rank(shape, rank)
    if shape.open or pairs is None or first is None:
        return like(machine, source, of_rank(rank), "tensorflow")
    sizes = list(shape.dims)
    for axis, pair in enumerate(pairs, start=first):
        widths = Shape((1, 1)) if pair is None else as_shape(machine, pair)
        known = not widths.open and len(widths.dims) == 2
        sizes[axis] = add(sizes[axis], add(widths.dims[0], widths.dims[1])) if known else ANY
    return like(machine, source, Shape(tuple(sizes)), "tensorflow")


@array_rule(f"{_K}.batch_normalization", params="x, mean, var, beta, gamma, axis=-1, epsilon=0.001")
def batch_normalization(machine: Machine, args: Arguments) -> Value:
    """``K.batch_normalization``: the same shape."""
    source = source_of(machine, args, "x", "tensorflow")
    return like(machine, source, source.spec.shape, "tensorflow")


@array_rule(f"{_K}.bias_add", params="x, bias, data_format=None")
def bias_add(machine: Machine, args: Arguments) -> Value:
    """``K.bias_add``: the same shape; a vector fits the channels."""
    source, bias = source_of(machine, args, "x", "tensorflow"), source_of(machine, args, "bias", "tensorflow")
    shape, width = source.spec.shape, bias.spec.shape
    if not width.open and not shape.open:
        if len(width.dims) not in (1, len(shape.dims) - 1):
            raise refusal(
                "rank-mismatch", f"a bias of shape {width} does not fit {{subject}}, {shape}", None, found=shape
            )
        place = -1 if _channels_last(args) else 1
        known = (
            len(width.dims) == 1 and len(shape.dims) > 1 and not isinstance(text_of(args, "data_format", ""), Unsure)
        )
        if known and same(shape.dims[place], width.dims[0]) is False:
            raise refusal(
                "channel-mismatch",
                f"{{subject}} has {shape.dims[place]} channels, shape {shape}, but the bias has {width.dims[0]}",
                None,
                found=shape,
                expected=width,
                axis=place,
            )
    return like(machine, source, shape, "tensorflow")
