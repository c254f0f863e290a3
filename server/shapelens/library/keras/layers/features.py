"""Layers that prepare numbers, categories and text. From runs of Keras 3.15.1.

What they learn in ``adapt`` is not followed: sizes that depend on it are unknown.
"""

from __future__ import annotations

from shapelens.library.keras.layers import config as read
from shapelens.library.keras.layers.naming import short_name
from shapelens.library.keras.layers.results import single, tensor, undefined, weights
from shapelens.library.machine import Machine
from shapelens.library.registry import LayerCall, LayerResult, layer
from shapelens.shapes import dims as dim
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import Shape, TensorSpec
from shapelens.values.failure import Failure, NotKnown, ShapeFailure
from shapelens.values.value import OneOf, Unknown, Value


@layer("keras.layers.Normalization")
def normalization(machine: Machine, call: LayerCall) -> LayerResult:
    """Shifts and scales by a mean and a variance for each position of ``axis``."""
    shape = single(call).shape
    value = call.config.get("axis")
    axes: tuple[Dim, ...] | None = ()
    if not read.absent(value):
        one = read.size_of(machine, value)
        axes = (one,) if one is not ANY else read.dims_of(machine, value)
    given = call.config.get("mean")
    if axes is None or shape.open or not all(isinstance(axis, int) for axis in axes):
        return LayerResult(tensor(call, shape), params=None)
    numbers = tuple(axis for axis in axes if isinstance(axis, int))
    shown = f"({numbers[0]},)" if len(numbers) == 1 else str(numbers)
    rank = len(shape.dims)
    for axis in numbers:
        if not -rank <= axis < rank:
            raise ShapeFailure(
                Failure(
                    "axis-out-of-range",
                    f"Normalization works on axis {axis}, which {{subject}} of shape {shape} does not have",
                    keras="All `axis` values must be in the range [-ndim, ndim). Received inputs with "
                    f"ndim={rank}, while axis={shown}",
                    subject=0,
                    found=shape,
                    axis=axis,
                    details={"layer": "Normalization", "axis": axis},
                )
            )
    for axis in numbers:
        if shape.dims[axis] is None and not call.built:
            raise undefined(
                call,
                shape,
                axis,
                f"All `axis` values to be kept must have a known shape. Received axis={shown}, "
                f"inputs.shape={shape}, with unknown axis at index {axis % rank}",
            )
    if not read.absent(given):
        return LayerResult(tensor(call, shape), params=None if isinstance(given, (Unknown, OneOf)) else 0)
    params = weights((2, *(shape.dims[axis] for axis in numbers)), (1,))
    return LayerResult(tensor(call, shape), params)


@layer("keras.layers.CategoryEncoding")
def category_encoding(machine: Machine, call: LayerCall) -> LayerResult:
    """One-hot, multi-hot or counts of integers."""
    shape = single(call).shape
    mode = read.text(call.config, "output_mode")
    depth = read.size(machine, call.config, "num_tokens")
    if not shape.open and not shape.dims:
        return LayerResult(tensor(call, Shape((depth,))))
    if mode == "one_hot":
        return LayerResult(tensor(call, one_hot(shape, depth)))
    if mode is None:
        return LayerResult(tensor(call, Shape((depth,), open=True)))
    return LayerResult(tensor(call, Shape((*shape.dims[:-1], depth), shape.open)))


@layer("keras.layers.Discretization")
def discretization(machine: Machine, call: LayerCall) -> LayerResult:
    """The numbers of the bins in which values lie, or an encoding of them."""
    shape = single(call).shape
    mode = read.text(call.config, "output_mode")
    boundaries = call.config.get("bin_boundaries")
    depth: Dim
    if read.absent(boundaries):
        depth = read.size(machine, call.config, "num_bins")
    else:
        known = machine.items(boundaries) if boundaries is not None else None
        depth = len(known) + 1 if known is not None else ANY
    if mode is None:
        raise NotKnown("the output_mode of Discretization is not known")
    if mode == "int":
        return LayerResult(TensorSpec(shape, "int32"))
    if mode == "one_hot":
        return LayerResult(tensor(call, one_hot(shape, depth)))
    if shape.open:
        return LayerResult(tensor(call, Shape((depth,), open=True)))
    dims = (shape.dims[0], *shape.dims[2:], depth) if len(shape.dims) >= 2 else (depth,)
    return LayerResult(tensor(call, Shape(dims)))


@layer("keras.layers.Hashing")
def hashing(machine: Machine, call: LayerCall) -> LayerResult:
    """The hash of each value, or an encoding of it."""
    shape = single(call).shape
    mode = read.text(call.config, "output_mode")
    dtype = read.compute_dtype(call.config)
    if mode == "int":
        return LayerResult(TensorSpec(shape, "int64" if read.absent(call.config.get("dtype")) else dtype))
    depth = read.size(machine, call.config, "num_bins")
    if mode is None:
        raise NotKnown("the output_mode of Hashing is not known")
    return LayerResult(TensorSpec(Shape((*shape.dims[:-1], depth), shape.open), dtype))


@layer("keras.layers.HashedCrossing")
def hashed_crossing(machine: Machine, call: LayerCall) -> LayerResult:
    """The hash of pairs of values of two tensors."""
    nest = call.inputs
    if isinstance(nest, (TensorSpec, dict)) or len(nest) != 2 or not isinstance(nest[0], TensorSpec):
        raise NotKnown("HashedCrossing works on two tensors")
    shape = nest[0].shape
    mode = read.text(call.config, "output_mode")
    if mode == "int":
        given = not read.absent(call.config.get("dtype"))
        return LayerResult(TensorSpec(shape, read.compute_dtype(call.config) if given else "int64"))
    depth = read.size(machine, call.config, "num_bins")
    if mode is None:
        raise NotKnown("the output_mode of HashedCrossing is not known")
    if shape.open:
        return LayerResult(tensor(call, Shape((depth,), open=True)))
    if not shape.dims or shape.dims[-1] == 1:
        return LayerResult(tensor(call, Shape((*shape.dims[:-1], depth))))
    if isinstance(shape.dims[-1], int) or shape.dims[-1] is None:
        return LayerResult(tensor(call, Shape((*shape.dims, depth))))
    return LayerResult(tensor(call, Shape((depth,), open=True)))


@layer("keras.layers.StringLookup", "keras.layers.IntegerLookup")
def lookup(machine: Machine, call: LayerCall) -> LayerResult:
    """The index of each value in a vocabulary, or an encoding of it."""
    shape = single(call).shape
    mode = read.text(call.config, "output_mode")
    if mode is None:
        raise NotKnown(f"the output_mode of {short_name(call.class_name)} is not known")
    if mode == "int":
        return LayerResult(TensorSpec(shape, "int64"), params=0)
    depth = _vocabulary_size(machine, call)
    return LayerResult(TensorSpec(_encoded(shape, mode, depth), "float32"))


@layer("keras.layers.TextVectorization")
def text_vectorization(machine: Machine, call: LayerCall) -> LayerResult:
    """Texts to indices of words, padded to a length, or to an encoding of the words."""
    shape = single(call).shape
    mode = read.text(call.config, "output_mode")
    ragged = read.flag(machine, call.config, "ragged")
    if mode is None or ragged is not False:
        raise NotKnown("the output of TextVectorization is ragged, or its output_mode is not known")
    if mode == "int":
        length: Dim = None
        if not read.absent(call.config.get("output_sequence_length")):
            length = read.size(machine, call.config, "output_sequence_length")
        if shape.open:
            return LayerResult(TensorSpec(Shape((length,), open=True), "int64"))
        # One text without a batch axis, as in a dataset that is not batched, gives a vector.
        return LayerResult(TensorSpec(Shape((shape.dims[0], length) if shape.dims else (length,)), "int64"))
    depth = _vocabulary_size(machine, call)
    split = call.config.get("split")
    if shape.open:
        return LayerResult(TensorSpec(Shape((depth,), open=True), "float32"))
    words = shape
    if not read.absent(split):
        words = Shape((*shape.dims, None))
    elif len(shape.dims) <= 1:
        words = Shape((*shape.dims, 1))
    mode = {"binary": "multi_hot", "tf-idf": "tf_idf"}.get(mode, mode)
    return LayerResult(TensorSpec(_encoded(words, mode, depth), "float32"))


def _encoded(shape: Shape, mode: str, depth: Dim) -> Shape:
    if mode == "one_hot":
        return one_hot(shape, depth)
    return Shape((*shape.dims[:-1], depth), shape.open)


def one_hot(shape: Shape, depth: Dim) -> Shape:
    """The shape of a one-hot encoding: a last axis of size 1 is replaced, any other is followed by the new one."""
    if shape.open:
        return Shape((depth,), open=True)
    if len(shape.dims) > 1 and shape.dims[-1] == 1:
        return Shape((*shape.dims[:-1], depth))
    if len(shape.dims) > 1 and not isinstance(shape.dims[-1], int) and shape.dims[-1] is not None:
        return Shape((depth,), open=True)
    return Shape((*shape.dims, depth))


def _vocabulary_size(machine: Machine, call: LayerCall) -> Dim:
    """The number of tokens, out-of-vocabulary ones included, as far as the arguments tell."""
    if read.flag(machine, call.config, "pad_to_max_tokens"):
        return read.size(machine, call.config, "max_tokens")
    vocabulary = call.config.get("vocabulary")
    items = machine.items(vocabulary) if vocabulary is not None and not read.absent(vocabulary) else None
    if items is None:
        return ANY
    unknown: Dim = 1
    if "num_oov_indices" in call.config:
        unknown = read.size(machine, call.config, "num_oov_indices")
    if _starts_with_unknown_token(call.config.get("oov_token"), items):
        return ANY
    return dim.add(len(items), unknown)


def _starts_with_unknown_token(token: Value | None, items: tuple[Value, ...]) -> bool:
    """Whether the vocabulary may bring its own out-of-vocabulary token."""
    return bool(items) and (read.plain_text(items[0]) in (None, "[UNK]") or items[0] == token)
