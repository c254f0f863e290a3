"""``keras.ops``: normalization (Keras 3.15)."""

from __future__ import annotations

from shapelens.library.arrays.convert import as_int, is_none
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.rules import source_of
from shapelens.library.keras.ops.rules import keras_rule, keras_rules, made
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.dims import ANY, same
from shapelens.shapes.shape import Shape, of_rank
from shapelens.values.value import TensorValue, Value

_WINDOW = "strides=1, padding='valid', data_format=None, dilation_rate=1"
_CONV = f"inputs, kernel, {_WINDOW}"


@keras_rules("layer_normalization", params="x, gamma=None, beta=None, axis=-1, epsilon=None, **kwargs")
@keras_rules("rms_normalization", params="x, scale=None, axis=-1, epsilon=None")
def normalization(name: str, machine: Machine, args: Arguments) -> Value:
    """The same shape."""
    source = source_of(machine, args, "x", "keras")
    return made(machine, name, source.spec.shape, source)


@keras_rule("batch_normalization", params="x, mean, variance, axis, offset=None, scale=None, epsilon=0.001")
def batch_normalization(machine: Machine, args: Arguments) -> Value:
    """The same shape; mean and variance are vectors of the axis's size."""
    source, mean = source_of(machine, args, "x", "keras"), source_of(machine, args, "mean", "keras")
    shape, axis = source.spec.shape, as_int(args.get("axis"))
    if axis is not None and not shape.open and -len(shape.dims) <= axis < len(shape.dims):
        given, size = mean.spec.shape, shape.dims[axis]
        symbolic = "keras" in (source.kind, mean.kind)
        # Eagerly they are broadcast.
        spread = not symbolic and given.rank == 1 and (size == 1 or given.dims[0] == 1)
        if spread:
            return _broadcast_normalization(machine, args, source, axis)
        if not given.open and (len(given.dims) != 1 or same(given.dims[0], size) is False):
            words = (
                f"Arguments `mean` must be a vector of length `x.shape[axis]`. Expected: `({size},)`. "
                f"Received: `{given}."
            )
            raise refusal(
                "broadcast-mismatch",
                f"`mean` has the shape {given}, but axis {axis} of the tensor has {size} entries",
                words,
                subject=1,
                expected=Shape((size,)),
                found=given,
            )
    if axis is None and not shape.open and "keras" not in (source.kind, mean.kind):
        # Along an axis of one entry they are broadcast.
        return made(machine, "batch_normalization", of_rank(len(shape.dims)), source, mean)
    return made(machine, "batch_normalization", shape, source, mean)


def _broadcast_normalization(machine: Machine, args: Arguments, source: TensorValue, axis: int) -> Value:
    """Vectors against an axis of 1 entry, or vectors of 1 entry: the axis is as long as the longest."""
    shape, sizes = source.spec.shape, [source.spec.shape.dims[axis]]
    vectors = [source_of(machine, args, name, "keras") for name in ("mean", "variance", "offset", "scale")
               if not is_none(args.get(name))]  # fmt: skip
    for vector in vectors:
        if vector.spec.shape.rank != 1:
            return made(machine, "batch_normalization", of_rank(len(shape.dims)), source, vectors[0])
        sizes.append(vector.spec.shape.dims[0])
    longer = {size for size in sizes if size != 1}
    size = longer.pop() if len(longer) == 1 else ANY if longer else 1
    return made(machine, "batch_normalization", shape.replace(axis, size), source, vectors[0])
