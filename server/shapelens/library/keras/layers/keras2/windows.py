"""Convolutions, pooling, padding and cropping where Keras 2 differs. From runs of Keras 2.15.0."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from shapelens.library.keras.layers import config as read
from shapelens.library.keras.layers import convolution, pooling, spatial
from shapelens.library.keras.layers.naming import short_name
from shapelens.library.keras.layers.results import single, tensor
from shapelens.library.machine import Machine
from shapelens.library.registry import InputSpecRule, LayerCall, LayerResult, LayerRule, layer_of_keras2
from shapelens.shapes import dims as dim
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, TensorSpec, of_rank
from shapelens.values.failure import Failure, NotKnown, ShapeFailure
from shapelens.values.objects import InputSpec
from shapelens.values.value import Const, Value


def _at_least(rank: int) -> InputSpecRule:
    specs = (InputSpec(min_ndim=rank + 2),)
    return lambda config: specs


def _exactly(rank: int) -> InputSpecRule:
    specs = (InputSpec(ndim=rank + 2),)
    return lambda config: specs


@layer_of_keras2("keras.layers.Conv1D", accepts=_at_least(1))
@layer_of_keras2("keras.layers.Conv2D", accepts=_at_least(2))
@layer_of_keras2("keras.layers.Conv3D", accepts=_at_least(3))
def convolve(machine: Machine, call: LayerCall) -> LayerResult:
    """As in Keras 3, but several axes may stand before the picture: all of them are batches."""
    if read.size(machine, call.config, "groups") == 0:
        call = replace(call, config={**call.config, "groups": Const(1)})
    rank = int(short_name(call.class_name)[-2])
    given = single(call)
    more = len(given.shape.dims) - (rank + 2)
    if given.shape.open and more <= 0:
        result = convolution.convolution(machine, call)
        outputs = result.outputs
        assert isinstance(outputs, TensorSpec)
        # There may be more axes in front.
        return replace(result, outputs=TensorSpec(Shape(outputs.shape.dims[1:], open=True), outputs.dtype))
    if more <= 0:
        return convolution.convolution(machine, call)
    if read.channels_first(call.config) is not False:
        raise NotKnown("a convolution of Keras 2 with several axes of batches and channels first")
    inner = TensorSpec(Shape(given.shape.dims[more:]), given.dtype)
    result = convolution.convolution(machine, replace(call, inputs=inner))
    outputs = result.outputs
    assert isinstance(outputs, TensorSpec)
    dims = (*given.shape.dims[: more + 1], *outputs.shape.dims[1:])
    return replace(result, outputs=TensorSpec(Shape(dims, given.shape.open), outputs.dtype))


@layer_of_keras2("keras.layers.Conv1DTranspose", accepts=_at_least(1))
@layer_of_keras2("keras.layers.Conv2DTranspose", accepts=_at_least(2))
@layer_of_keras2("keras.layers.Conv3DTranspose", accepts=_at_least(3))
def transposed(machine: Machine, call: LayerCall) -> LayerResult:
    """As in Keras 3, but three axes are never dilated."""
    _refuse_causal(call)
    if short_name(call.class_name) == "Conv3DTranspose":
        call = replace(call, config={**call.config, "dilation_rate": Const(1)})
    elif short_name(call.class_name) == "Conv2DTranspose":
        first, second = read.sizes(machine, call.config, "dilation_rate", 2)
        if isinstance(first, int) and isinstance(second, int) and first != second:
            raise _refused(call, f"Conv2DTranspose is dilated by {first} and {second}, which must be equal")
    return convolution.transposed_convolution(machine, call)


@layer_of_keras2("keras.layers.SeparableConv1D", accepts=_at_least(1))
@layer_of_keras2("keras.layers.SeparableConv2D", accepts=_at_least(2))
def separable(machine: Machine, call: LayerCall) -> LayerResult:
    """As in Keras 3; a ``depth_multiplier`` of 0 fails when the layer is called."""
    result = _dilated(machine, call, convolution.separable_convolution)
    if read.size(machine, call.config, "depth_multiplier") == 0:
        raise _refused(call, f"{short_name(call.class_name)} has a depth_multiplier of 0, so it has no kernels")
    return result


@layer_of_keras2("keras.layers.DepthwiseConv2D", accepts=_at_least(2))
def depthwise(machine: Machine, call: LayerCall) -> LayerResult:
    """As in Keras 3, but dilated kernels know neither side where one is not known."""
    return _dilated(machine, call, convolution.depthwise_convolution)


def _dilated(machine: Machine, call: LayerCall, rule: LayerRule) -> LayerResult:
    """Apply the rule of Keras 3; where one side of a picture is dynamic a dilated kernel knows neither."""
    dilation = read.sizes(machine, call.config, "dilation_rate", int(short_name(call.class_name)[-2]))
    given, channels_first = single(call), read.channels_first(call.config)
    if len(dilation) < 2 or dilation == (1, 1) or channels_first is None:
        return rule(machine, call)
    start = 2 if channels_first else 1
    certain = all(isinstance(size, int) for size in dilation)
    if certain and not given.shape.open and None in given.shape.dims[start : start + 2]:
        return rule(machine, replace(call, inputs=_both_or_none(given, start)))
    result = rule(machine, call)
    outputs = result.outputs
    assert isinstance(outputs, TensorSpec)
    if not certain or any(not isinstance(size, int) for size in outputs.shape.dims[start : start + 2]):
        unknown = outputs.shape.replace(start, ANY).replace(start + 1, ANY)
        return replace(result, outputs=TensorSpec(unknown, outputs.dtype))
    return result


@layer_of_keras2("keras.layers.MaxPooling1D", "keras.layers.AveragePooling1D", accepts=_exactly(1))
@layer_of_keras2("keras.layers.MaxPooling2D", "keras.layers.AveragePooling2D", accepts=_exactly(2))
@layer_of_keras2("keras.layers.MaxPooling3D", "keras.layers.AveragePooling3D", accepts=_exactly(3))
def pool(machine: Machine, call: LayerCall) -> LayerResult:
    """As in Keras 3, with ``padding`` in any case of letters."""
    _refuse_causal(call)
    return pooling.pooling(machine, replace(call, config=_lower_padding(call.config)))


@layer_of_keras2("keras.layers.ZeroPadding1D", accepts=_exactly(1))
@layer_of_keras2("keras.layers.ZeroPadding2D", accepts=_exactly(2))
@layer_of_keras2("keras.layers.ZeroPadding3D", accepts=_exactly(3))
def pad(machine: Machine, call: LayerCall) -> LayerResult:
    """As in Keras 3, but negative padding fails."""
    padding = read.plain(machine, call.config.get("padding"))
    if isinstance(padding, int) and padding < 0:
        raise _refused(call, f"the padding of {short_name(call.class_name)} is negative: {padding}")
    return spatial.zero_padding(machine, call)


@layer_of_keras2("keras.layers.Cropping2D", accepts=_exactly(2))
@layer_of_keras2("keras.layers.Cropping3D", accepts=_exactly(3))
def crop(machine: Machine, call: LayerCall) -> LayerResult:
    """Slices, as Python does: what is cut off may be more than there is."""
    rank = int(short_name(call.class_name)[-2])
    if rank == 2 and not _negative(machine, call):
        return spatial.cropping(machine, call)
    shape = spatial.at_given_rank(call, rank)
    margins = spatial.margins_of(machine, call.config.get("cropping"), rank)
    channels_first = read.channels_first(call.config)
    if channels_first is None:
        return LayerResult(tensor(call, Shape((shape.dims[0], *(ANY,) * (rank + 1)))))
    start = 2 if channels_first else 1
    for axis, (before, after) in enumerate(margins):
        shape = shape.replace(start + axis, _sliced(shape.dims[start + axis], before, after))
    return LayerResult(tensor(call, shape))


@layer_of_keras2("keras.layers.UpSampling1D", accepts=_exactly(1))
def up_sample_steps(machine: Machine, call: LayerCall) -> LayerResult:
    """As in Keras 3; a size below 1 fails when the layer is called."""
    size = read.size(machine, call.config, "size")
    if isinstance(size, int) and size < 1:
        raise _refused(call, f"the size of UpSampling1D must be above 0, not {size}")
    return spatial.up_sampling(machine, call)


@layer_of_keras2("keras.layers.UpSampling2D", accepts=_exactly(2))
def up_sample_pictures(machine: Machine, call: LayerCall) -> LayerResult:
    """As in Keras 3, but where one side is not known neither is."""
    result = spatial.up_sampling(machine, call)
    outputs, channels_first = result.outputs, read.channels_first(call.config)
    assert isinstance(outputs, TensorSpec)
    if channels_first is None:
        return result
    return replace(result, outputs=_both_or_none(outputs, 2 if channels_first else 1))


@layer_of_keras2("keras.layers.UpSampling3D")
def up_sample_volumes(machine: Machine, call: LayerCall) -> LayerResult:
    """As in Keras 3, but other ranks are let through, as long as there are axes to repeat."""
    shape = single(call).shape
    channels_first = read.channels_first(call.config)
    if shape.open:
        return LayerResult(tensor(call, UNKNOWN_SHAPE))
    if channels_first is None:
        return LayerResult(tensor(call, of_rank(len(shape.dims))))
    start = 2 if channels_first else 1
    if len(shape.dims) < start + 3:
        raise _refused(call, f"{{subject}} of shape {shape} has no three axes that UpSampling3D could repeat")
    for axis, factor in enumerate(read.sizes(machine, call.config, "size", 3)):
        shape = shape.replace(start + axis, dim.mul(shape.dims[start + axis], factor))
    return LayerResult(tensor(call, shape))


def _both_or_none(spec: TensorSpec, start: int) -> TensorSpec:
    """Where one of two sides is dynamic, the other one is, too."""
    sides = spec.shape.dims[start : start + 2]
    if None not in sides:
        # A side that we do not know may be dynamic.
        unsure = any(not isinstance(size, int) for size in sides)
        return TensorSpec(spec.shape.replace(start, ANY).replace(start + 1, ANY), spec.dtype) if unsure else spec
    return TensorSpec(spec.shape.replace(start, None).replace(start + 1, None), spec.dtype)


def _negative(machine: Machine, call: LayerCall) -> bool:
    value = read.plain(machine, call.config.get("cropping"))
    return isinstance(value, int) and value < 0


def _sliced(size: Dim, before: Dim, after: Dim) -> Dim:
    """The size of ``x[before : -after]`` (of ``x[before:]`` where ``after`` is 0)."""
    if size is None:
        return None
    if isinstance(size, int) and isinstance(before, int) and isinstance(after, int):
        return len(range(size)[before : -after if after else None])
    if (isinstance(before, int) and before < 0) or (isinstance(after, int) and after < 0):
        return ANY
    return dim.sub(size, dim.add(before, after)) if not isinstance(size, int) else ANY


def _lower_padding(config: read.Config) -> Mapping[str, Value]:
    padding = read.text(config, "padding")
    return config if padding is None else {**config, "padding": Const(padding.lower())}


def _refuse_causal(call: LayerCall) -> None:
    padding = read.text(call.config, "padding")
    if padding is not None and padding.lower() == "causal":
        raise _refused(call, f'{short_name(call.class_name)} does not work with padding "causal"')


def _refused(call: LayerCall, sentence: str) -> ShapeFailure:
    return ShapeFailure(Failure("invalid-argument", sentence, details={"layer": short_name(call.class_name)}))
