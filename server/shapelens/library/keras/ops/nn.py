"""``keras.ops``: convolutions, pooling, images (Keras 3.15)."""

from __future__ import annotations

from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import Unsure, as_shape, is_none, kind_of, text_of
from shapelens.library.arrays.dtypes import promote
from shapelens.library.arrays.rules import source_of
from shapelens.library.arrays.windows import window_count
from shapelens.library.keras.ops.rules import keras_rule
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.library.tensorflow.image import with_size
from shapelens.library.tensorflow.nn import spread_of
from shapelens.shapes.dims import ANY, Dim, mul
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, of_rank
from shapelens.values.value import Const, Value

_CONV = "inputs, kernel, strides=1, padding='valid', data_format=None, dilation_rate=1"


@keras_rule("conv", params=_CONV)
def conv(machine: Machine, args: Arguments) -> Value:
    """Convolution with a given kernel."""
    return _convolved(machine, args, deep=False)


@keras_rule("depthwise_conv", params=_CONV)
def depthwise_conv(machine: Machine, args: Arguments) -> Value:
    """Convolution of each channel: the kernel's last axis multiplies the channels."""
    return _convolved(machine, args, deep=True)


def _convolved(machine: Machine, args: Arguments, *, deep: bool) -> Value:
    source, kernel = source_of(machine, args, "inputs", "keras"), source_of(machine, args, "kernel", "keras")
    shape, window = source.spec.shape, kernel.spec.shape
    kind = kind_of([source, kernel], "keras")
    dtype = promote((source.spec.dtype, kernel.spec.dtype), "keras")
    padding = text_of(args, "padding", "valid")
    spatial = len(shape.dims) - 2
    plain = is_none(args.get("data_format")) or args.get("data_format") == Const("channels_last")
    steps = spread_of(machine, args.get("strides"), spatial)
    spread = spread_of(machine, args.get("dilation_rate"), spatial)
    if shape.open or window.open or not plain or isinstance(padding, Unsure) or len(window.dims) != spatial + 2:
        return tensor(machine, UNKNOWN_SHAPE, None, kind)
    if steps is None or spread is None or padding not in ("same", "valid"):
        return tensor(machine, of_rank(spatial + 2), None, kind)
    sizes = tuple(
        window_count(shape.dims[axis + 1], window.dims[axis], steps[axis], spread[axis], padding)
        for axis in range(spatial)
    )
    last: Dim = mul(window.dims[-2], window.dims[-1]) if deep else window.dims[-1]
    return tensor(machine, Shape((shape.dims[0], *sizes, last)), dtype, kind)


@keras_rule("max_pool", "average_pool", params="inputs, pool_size, strides=None, padding='valid', data_format=None")
def pool(machine: Machine, args: Arguments) -> Value:
    """Pooling: the strides are the window unless told otherwise."""
    source = source_of(machine, args, "inputs", "keras")
    shape, kind = source.spec.shape, kind_of([source], "keras")
    padding = text_of(args, "padding", "valid")
    spatial = len(shape.dims) - 2
    window = spread_of(machine, args.get("pool_size"), spatial)
    steps = window if is_none(args.get("strides")) else spread_of(machine, args.get("strides"), spatial)
    plain = is_none(args.get("data_format")) or args.get("data_format") == Const("channels_last")
    if shape.open or window is None or steps is None or not plain or padding not in ("same", "valid"):
        return tensor(machine, UNKNOWN_SHAPE if shape.open else of_rank(len(shape.dims)), None, kind)
    sizes = tuple(window_count(shape.dims[axis + 1], window[axis], steps[axis], 1, padding) for axis in range(spatial))
    return tensor(machine, Shape((shape.dims[0], *sizes, shape.dims[-1])), source.spec.dtype, kind)


@keras_rule("keras.ops.image.resize", params="images, size, *args, data_format=None, **kwargs")
def resize(machine: Machine, args: Arguments) -> Value:
    """Images of a given height and width."""
    source = source_of(machine, args, "images", "keras")
    size = as_shape(machine, args.get("size"))
    if size.open or len(size.dims) != 2 or not is_none(args.get("data_format")):
        size = Shape((ANY, ANY))
        if not is_none(args.get("data_format")):
            return tensor(machine, UNKNOWN_SHAPE, None, kind_of([source], "keras"))
    return tensor(machine, with_size(source.spec.shape, size), None, kind_of([source], "keras"))
