"""Preprocessing of numbers, categories and text where Keras 2 differs. From runs of Keras 2.15.0."""

from __future__ import annotations

from dataclasses import replace

from shapelens.library.keras.layers import config as read
from shapelens.library.keras.layers import features
from shapelens.library.keras.layers.naming import short_name
from shapelens.library.keras.layers.results import single
from shapelens.library.machine import Machine
from shapelens.library.registry import LayerCall, LayerResult, layer_of_keras2
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import Shape, TensorSpec
from shapelens.values.failure import Failure, NotKnown, ShapeFailure


@layer_of_keras2("keras.layers.CategoryEncoding")
def category_encoding(machine: Machine, call: LayerCall) -> LayerResult:
    """As in Keras 3, but what comes out has two axes at most."""
    _check_encoding(call)
    return features.category_encoding(machine, call)


@layer_of_keras2("keras.layers.Hashing")
def hashing(machine: Machine, call: LayerCall) -> LayerResult:
    """As in Keras 3, but an encoding has two axes at most."""
    _check_encoding(call)
    result, shape = features.hashing(machine, call), single(call).shape
    if read.text(call.config, "output_mode") != "one_hot" or not isinstance(result.outputs, TensorSpec):
        return result
    depth = read.size(machine, call.config, "num_bins")
    return replace(result, outputs=TensorSpec(features.one_hot(shape, depth), result.outputs.dtype))


@layer_of_keras2("keras.layers.StringLookup", "keras.layers.IntegerLookup")
def lookup(machine: Machine, call: LayerCall) -> LayerResult:
    """As in Keras 3, but an encoding has two axes at most."""
    _check_encoding(call)
    return features.lookup(machine, call)


@layer_of_keras2("keras.layers.Discretization")
def discretization(machine: Machine, call: LayerCall) -> LayerResult:
    """As in Keras 3, but bins are numbered in int64, and how many there are is learnt."""
    _check_encoding(call)
    result = features.discretization(machine, call)
    shape = single(call).shape
    if read.text(call.config, "output_mode") == "int":
        return replace(result, outputs=TensorSpec(shape, "int64"))
    if not read.absent(call.config.get("bin_boundaries")):
        depth: Dim = None
    else:
        # Without boundaries there is one bin, until `adapt` makes more.
        depth = 1 if read.absent(call.config.get("num_bins")) else ANY
    outputs = result.outputs
    assert isinstance(outputs, TensorSpec)
    if depth is None or not outputs.shape.dims:
        return result
    return replace(result, outputs=TensorSpec(outputs.shape.replace(-1, depth), outputs.dtype))


@layer_of_keras2("keras.layers.HashedCrossing")
def hashed_crossing(machine: Machine, call: LayerCall) -> LayerResult:
    """As in Keras 3, for vectors and columns alone."""
    nest = call.inputs
    for spec in nest if isinstance(nest, tuple) else ():
        if not isinstance(spec, TensorSpec) or spec.shape.open:
            continue
        dims = spec.shape.dims
        last = dims[-1] if len(dims) == 2 else 1
        if len(dims) > 2 or last is None or (isinstance(last, int) and last != 1):
            raise _refused(call, f"HashedCrossing takes vectors and columns, but {{subject}} has shape {spec.shape}")
    return features.hashed_crossing(machine, call)


@layer_of_keras2("keras.layers.TextVectorization")
def text_vectorization(machine: Machine, call: LayerCall) -> LayerResult:
    """Splits vectors and columns of texts; further axes of the input stay."""
    shape = single(call).shape
    if read.absent(call.config.get("split")) or shape.open:
        raise NotKnown("what TextVectorization of Keras 2 gives without splitting is not known")
    if len(shape.dims) > 1 and (shape.dims[-1] is None or (isinstance(shape.dims[-1], int) and shape.dims[-1] != 1)):
        raise _refused(call, f"TextVectorization splits texts: {{subject}} has shape {shape}, its last axis must be 1")
    texts = Shape(shape.dims[:-1]) if len(shape.dims) > 1 else shape
    mode = read.text(call.config, "output_mode")
    if mode is None:
        raise NotKnown("the output_mode of TextVectorization is not known")
    if mode == "int":
        result = features.text_vectorization(machine, call)
        outputs = result.outputs
        assert isinstance(outputs, TensorSpec)
        length = outputs.shape.axis(-1)
        return replace(result, outputs=TensorSpec(Shape((*texts.dims, length)), outputs.dtype))
    if len(texts.dims) > 1:
        raise _refused(call, f"TextVectorization cannot encode texts of shape {texts}")
    inner = replace(call, inputs=TensorSpec(texts, single(call).dtype))
    result = features.text_vectorization(machine, inner)
    # The weights of the words are one weight of the layer.
    return replace(result, params=None) if mode in ("tf_idf", "tf-idf") else result


def _check_encoding(call: LayerCall) -> None:
    """Anything but indices has at most two axes."""
    shape, mode = single(call).shape, read.text(call.config, "output_mode")
    if shape.open or mode in (None, "int"):
        return
    rank = len(shape.dims)
    last = shape.dims[-1] if shape.dims else 1
    if mode == "one_hot" and (last is None or (isinstance(last, int) and last != 1)):
        rank += 1
    if rank > 2:
        raise _refused(
            call, f"{short_name(call.class_name)} gives {rank} axes for {{subject}} of shape {shape}, and 2 is the most"
        )


def _refused(call: LayerCall, sentence: str) -> ShapeFailure:
    found = call.inputs.shape if isinstance(call.inputs, TensorSpec) else None
    details = {"layer": short_name(call.class_name)}
    return ShapeFailure(Failure("invalid-argument", sentence, subject=0, found=found, details=details))
