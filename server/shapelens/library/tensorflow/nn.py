"""``tf.nn``: convolutions, pooling, embeddings (TensorFlow 2.21)."""

from __future__ import annotations

from collections.abc import Sequence

from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import Unsure, as_int, as_shape, is_none, kind_of, text_of
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.rules import array_rule, source_of
from shapelens.library.arrays.windows import window_count
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.dims import Dim, floordiv, mul, same
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, of_rank
from shapelens.values.value import Value

_CONV = "input, filters, strides=None, padding='VALID', data_format=None, dilations=None, name=None"


@array_rule(
    "tensorflow.nn.conv1d",
    params="input, filters, stride, padding, data_format=None, dilations=None, name=None",
)
@array_rule(
    "tensorflow.nn.conv2d",
    params="input, filters, strides, padding, data_format=None, dilations=None, name=None",
)
@array_rule(
    "tensorflow.nn.conv3d",
    params="input, filters, strides, padding, data_format=None, dilations=None, name=None",
)
@array_rule("tensorflow.nn.convolution", params=_CONV)
@array_rule("tensorflow.nn.depthwise_conv2d", params=_CONV.replace("filters", "filter"))
def convolution(machine: Machine, args: Arguments) -> Value:
    """Convolutions with given filters."""
    source = source_of(machine, args, "input", "tensorflow")
    deep = "filter" in args.values
    filters = source_of(machine, args, "filter" if deep else "filters", "tensorflow").spec.shape
    shape = source.spec.shape
    kind = kind_of([source], "tensorflow")
    padding = text_of(args, "padding", "VALID")
    strides = args.get("stride") or args.get("strides")
    plain = is_none(args.get("data_format")) or text_of(args, "data_format", "") in ("NHWC", "NWC", "NDHWC")
    if shape.open or filters.open or not plain or isinstance(padding, Unsure):
        return tensor(machine, UNKNOWN_SHAPE, source.spec.dtype, kind)
    spatial = len(shape.dims) - 2
    if len(filters.dims) != spatial + 2 or spatial < 1:
        raise refusal(
            "rank-mismatch",
            f"{{subject}} of shape {shape} does not fit filters of shape {filters}",
            None,
            found=shape,
            expected=filters,
        )
    channels = shape.dims[-1]
    groups_fit = (
        not isinstance(channels, int) or not isinstance(filters.dims[-2], int) or channels % filters.dims[-2] == 0
    )
    if not groups_fit:
        raise refusal(
            "channel-mismatch",
            f"{{subject}} has {channels} channels, but the filters take {filters.dims[-2]}",
            None,
            found=shape,
            expected=filters,
            axis=-1,
        )
    steps, spread = spread_of(machine, strides, spatial), spread_of(machine, args.get("dilations"), spatial)
    if steps is None or spread is None or padding.upper() not in ("SAME", "VALID"):
        return tensor(machine, of_rank(spatial + 2), source.spec.dtype, kind)
    sizes = tuple(
        window_count(shape.dims[axis + 1], filters.dims[axis], steps[axis], spread[axis], padding.lower())
        for axis in range(spatial)
    )
    if any(isinstance(size, int) and size <= 0 for size in sizes):
        # Eager oneDNN kernels give something, traced functions raise.
        return tensor(machine, of_rank(spatial + 2), source.spec.dtype, kind)
    last = mul(filters.dims[-1], filters.dims[-2]) if deep else filters.dims[-1]
    return tensor(machine, Shape((shape.dims[0], *sizes, last)), source.spec.dtype, kind)


@array_rule(
    *(f"tensorflow.nn.{kind}_pool{rank}" for kind in ("max", "avg") for rank in ("", "1d", "2d", "3d")),
    params="input, ksize, strides, padding, data_format=None, name=None",
)
def pool(machine: Machine, args: Arguments) -> Value:
    """Pooling."""
    source = source_of(machine, args, "input", "tensorflow")
    shape = source.spec.shape
    kind = kind_of([source], "tensorflow")
    padding = text_of(args, "padding", "VALID")
    if shape.open or isinstance(padding, Unsure) or not is_none(args.get("data_format")):
        return tensor(machine, UNKNOWN_SHAPE, source.spec.dtype, kind)
    spatial = len(shape.dims) - 2
    windows, steps = (
        spread_of(machine, args.get("ksize"), spatial),
        spread_of(machine, args.get("strides"), spatial),
    )
    if windows is None or steps is None or padding.upper() not in ("SAME", "VALID") or spatial < 1:
        return tensor(machine, of_rank(len(shape.dims)), source.spec.dtype, kind)
    sizes = tuple(
        window_count(shape.dims[axis + 1], windows[axis], steps[axis], 1, padding.lower()) for axis in range(spatial)
    )
    return tensor(machine, Shape((shape.dims[0], *sizes, shape.dims[-1])), source.spec.dtype, kind)


@array_rule(
    "tensorflow.nn.conv2d_transpose", "tensorflow.nn.conv1d_transpose", "tensorflow.nn.conv3d_transpose",
    params="input, filters, output_shape, strides, padding='SAME', *args, **kwargs",
)  # fmt: skip
def conv_transpose(machine: Machine, args: Arguments) -> Value:
    """The output shape is an argument."""
    source = source_of(machine, args, "input", "tensorflow")
    shape = as_shape(machine, args.get("output_shape"))
    return tensor(machine, shape, source.spec.dtype, kind_of([source], "tensorflow"))


@array_rule("tensorflow.nn.bias_add", params="value, bias, data_format=None, name=None")
def bias_add(machine: Machine, args: Arguments) -> Value:
    """The same shape; the bias fits the last axis."""
    source, bias = (
        source_of(machine, args, "value", "tensorflow"),
        source_of(machine, args, "bias", "tensorflow"),
    )
    shape, width = source.spec.shape, bias.spec.shape
    if (
        width.rank == 1
        and shape.dims
        and is_none(args.get("data_format"))
        and same(shape.dims[-1], width.dims[0]) is False
    ):
        raise refusal(
            "channel-mismatch",
            f"the last axis of {{subject}} has {shape.dims[-1]} entries, but the bias has {width.dims[0]}",
            None,
            found=shape,
            expected=width,
            axis=-1,
        )
    return tensor(machine, shape, source.spec.dtype, kind_of([source], "tensorflow"))


@array_rule(
    "tensorflow.nn.batch_normalization",
    params="x, mean, variance, offset, scale, variance_epsilon, name=None",
)
@array_rule(
    "tensorflow.nn.local_response_normalization",
    "tensorflow.nn.lrn",
    params="input, depth_radius=5, bias=1, alpha=1, beta=0.5, name=None",
    renamed={"input": "x"},
)
def normalization(machine: Machine, args: Arguments) -> Value:
    """The same shape."""
    source = source_of(machine, args, "x", "tensorflow")
    return tensor(machine, source.spec.shape, source.spec.dtype, kind_of([source], "tensorflow"))


@array_rule("tensorflow.nn.embedding_lookup", params="params, ids, max_norm=None, name=None")
def embedding_lookup(machine: Machine, args: Arguments) -> Value:
    """A row for each id."""
    table, ids = (
        source_of(machine, args, "params", "tensorflow"),
        source_of(machine, args, "ids", "tensorflow"),
    )
    shape = table.spec.shape
    if shape.open or ids.spec.shape.open:
        return tensor(machine, UNKNOWN_SHAPE, table.spec.dtype, kind_of([ids], "tensorflow"))
    return tensor(
        machine,
        Shape((*ids.spec.shape.dims, *shape.dims[1:])),
        table.spec.dtype,
        kind_of([ids, table], "tensorflow"),
    )


@array_rule("tensorflow.nn.space_to_depth", params="input, block_size, *args, **kwargs")
def space_to_depth(machine: Machine, args: Arguments) -> Value:
    """Blocks into channels."""
    source = source_of(machine, args, "input", "tensorflow")
    shape = _blocks(source.spec.shape, as_int(args.get("block_size")), deeper=True)
    return tensor(machine, shape, source.spec.dtype, kind_of([source], "tensorflow"))


@array_rule("tensorflow.nn.depth_to_space", params="input, block_size, *args, **kwargs")
def depth_to_space(machine: Machine, args: Arguments) -> Value:
    """Channels into blocks."""
    source = source_of(machine, args, "input", "tensorflow")
    shape = _blocks(source.spec.shape, as_int(args.get("block_size")), deeper=False)
    return tensor(machine, shape, source.spec.dtype, kind_of([source], "tensorflow"))


def _blocks(shape: Shape, block: int | None, *, deeper: bool) -> Shape:
    if shape.rank != 4 or not block or block < 1:
        return of_rank(4)
    batch, height, width, depth = shape.dims
    if deeper:
        return Shape((batch, floordiv(height, block), floordiv(width, block), mul(depth, block * block)))
    return Shape((batch, mul(height, block), mul(width, block), floordiv(depth, block * block)))


def spread_of(machine: Machine, value: Value | None, spatial: int) -> Sequence[int] | None:
    """Strides or windows of the spatial axes, from one number, one for each, or one for each axis."""
    if value is None or is_none(value):
        return [1] * spatial
    single = as_int(value)
    if single is not None:
        return [single] * spatial
    found = as_shape(machine, value)
    sizes: list[Dim] = list(found.dims)
    known = [size for size in sizes if isinstance(size, int)]
    if found.open or len(known) != len(sizes) or any(size < 1 for size in known):
        return None
    if len(known) == 1:
        return known * spatial
    if len(known) == spatial + 2:
        return known[1:-1]
    return known if len(known) == spatial else None


@array_rule(
    "tensorflow.nn.separable_conv2d",
    params="input, depthwise_filter, pointwise_filter, strides, padding, data_format=None, dilations=None, name=None",
)
def separable_conv2d(machine: Machine, args: Arguments) -> Value:
    """A depthwise convolution, then one of windows of size 1."""
    values = {("filter" if name == "depthwise_filter" else name): value for name, value in args.values.items()}
    point = values.pop("pointwise_filter")
    middle = convolution(machine, Arguments(values))
    return convolution(machine, Arguments({"input": middle, "filters": point}))


@array_rule("tensorflow.nn.atrous_conv2d", params="value, filters, rate, padding, name=None")
def atrous_conv2d(machine: Machine, args: Arguments) -> Value:
    """A convolution with holes."""
    renamed = {"value": "input", "rate": "dilations"}
    return convolution(machine, Arguments({renamed.get(name, name): value for name, value in args.values.items()}))


@array_rule(
    "tensorflow.nn.pool",
    params="input, window_shape, pooling_type, strides=None, padding='VALID', data_format=None, dilations=None, "
    "name=None",
)
def pool_rule(machine: Machine, args: Arguments) -> Value:
    """Pooling of any rank; with dilations it is not followed."""
    source = source_of(machine, args, "input", "tensorflow")
    if not is_none(args.get("dilations")):
        return tensor(machine, UNKNOWN_SHAPE, source.spec.dtype, kind_of([source], "tensorflow"))
    return pool(machine, Arguments({"ksize": args.values["window_shape"], **args.values}))


@array_rule(
    "tensorflow.nn.conv_transpose",
    params="input, filters, output_shape, strides, padding='SAME', data_format=None, dilations=None, name=None",
)
def any_conv_transpose(machine: Machine, args: Arguments) -> Value:
    """The output shape is an argument."""
    return conv_transpose(machine, args)
