"""``numpy.lib.stride_tricks``, blocks, and what is cut from vectors (NumPy 2.4)."""

from __future__ import annotations

from shapelens.library.arrays.axes import normal_axis
from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import Unsure, as_shape, axes_of, is_none, items_of, operand
from shapelens.library.arrays.dtypes import promote, scalar_type
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.joining import concatenated
from shapelens.library.arrays.rules import array_rule, source_of
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.dims import ANY, sub
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.failure import NotKnown
from shapelens.values.value import TensorValue, Value


@array_rule(
    "numpy.lib.stride_tricks.sliding_window_view",
    params="x, window_shape, axis=None, *, subok=False, writeable=False",
)
def sliding_window_view(machine: Machine, args: Arguments) -> Value:
    """Windows in new last axes, as many as fit."""
    source, window = source_of(machine, args, "x", "numpy"), as_shape(machine, args.get("window_shape"))
    shape, axes = source.spec.shape, axes_of(machine, args.get("axis"))
    if shape.open or window.open or isinstance(axes, Unsure):
        return tensor(machine, UNKNOWN_SHAPE, source.spec.dtype)
    places = list(range(len(shape.dims))) if axes is None else [normal_axis(axis, shape, "numpy") for axis in axes]
    if len(window.dims) != len(places):
        words = (
            "Since axis is `None`, must provide window_shape for all dimensions of `x`; got "
            f"{len(window.dims)} window_shape elements and `x.ndim` is {len(shape.dims)}."
        )
        raise refusal(
            "rank-mismatch",
            f"a window of {len(window.dims)} axes does not fit {len(places)} axes of {{subject}}, {shape}",
            words if axes is None else None,
            found=shape,
            expected=window,
        )
    sizes = list(shape.dims)
    for place, size in zip(places, window.dims, strict=True):
        left = sub(sizes[place], sub(size, 1)) if size is not None else ANY
        if isinstance(left, int) and left <= 0:
            raise refusal(
                "negative-dimension",
                f"a window of {size} entries is larger than axis {place} of {{subject}}, which has {shape.dims[place]}",
                "window shape cannot be larger than input array shape",
                found=shape,
                expected=window,
                axis=place,
            )
        sizes[place] = left
    return tensor(machine, Shape((*sizes, *window.dims)), source.spec.dtype)


@array_rule(
    "numpy.lib.stride_tricks.as_strided",
    params="x, shape=None, strides=None, subok=False, writeable=True",
)
def as_strided(machine: Machine, args: Arguments) -> Value:
    """A view of a given shape."""
    source = source_of(machine, args, "x", "numpy")
    shape = source.spec.shape if is_none(args.get("shape")) else as_shape(machine, args.get("shape"))
    return tensor(machine, shape, source.spec.dtype)


@array_rule("numpy.unwrap", params="p, discont=None, axis=-1, *, period=None")
def unwrap(machine: Machine, args: Arguments) -> Value:
    """The same shape."""
    return tensor(machine, source_of(machine, args, "p", "numpy").spec.shape)


@array_rule("numpy.ediff1d", params="ary, to_end=None, to_begin=None")
def ediff1d(machine: Machine, args: Arguments) -> Value:
    """The differences of all elements, in a vector."""
    source = source_of(machine, args, "ary", "numpy")
    plain = is_none(args.get("to_end")) and is_none(args.get("to_begin"))
    size = source.spec.shape.size()
    count = sub(size, 1) if plain else ANY
    return tensor(machine, Shape((max(0, count) if isinstance(count, int) else count,)), source.spec.dtype)


@array_rule("numpy.trim_zeros", params="filt, trim='fb', axis=None")
def trim_zeros(machine: Machine, args: Arguments) -> Value:
    """How much is left depends on the contents."""
    source = source_of(machine, args, "filt", "numpy")
    rank = source.spec.shape.rank
    return tensor(machine, UNKNOWN_SHAPE if rank is None else Shape((ANY,) * rank), source.spec.dtype)


@array_rule("numpy.block", params="arrays")
def block(machine: Machine, args: Arguments) -> Value:
    """Blocks, innermost lists along the last axis."""
    return _blocks(machine, args.values["arrays"], _depth(machine, args.values["arrays"]))


def _depth(machine: Machine, value: Value) -> int:
    items = items_of(machine, value)
    return 1 + _depth(machine, items[0]) if items else 0


def _blocks(machine: Machine, value: Value, depth: int) -> TensorValue:
    items = items_of(machine, value)
    if items is None or depth == 0:
        if not isinstance(value, TensorValue) and scalar_type(value) is None:
            raise NotKnown("the blocks are not all known")
        part = operand(machine, value)
        return tensor(machine, Shape((1,)), part.spec.dtype) if part.spec.shape.rank == 0 else part
    parts = [_blocks(machine, item, depth - 1) for item in items]
    if any(part.spec.shape.open for part in parts):
        return tensor(machine, UNKNOWN_SHAPE)
    rank = max(depth, *(len(part.spec.shape.dims) for part in parts))
    shapes = [Shape((1,) * (rank - len(part.spec.shape.dims)) + part.spec.shape.dims) for part in parts]
    dtype = promote([part.spec.dtype for part in parts], "numpy")
    return tensor(machine, concatenated(shapes, -depth, "numpy"), dtype)
