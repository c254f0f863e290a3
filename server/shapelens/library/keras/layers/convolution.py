"""Convolutions: Conv*, Conv*Transpose, DepthwiseConv* and SeparableConv*. From runs of Keras 3.15.1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shapelens.library.keras.layers import config as read
from shapelens.library.keras.layers.naming import short_name
from shapelens.library.keras.layers.results import (
    array_text,
    at_rank,
    axes_spec,
    dims_known,
    refuse_float,
    single,
    summed,
    tensor,
    undefined,
    undefined_weight,
    weights,
)
from shapelens.library.keras.layers.windows import slide, slide_step, spatial_names, unslide
from shapelens.library.machine import Machine
from shapelens.library.registry import LayerCall, LayerResult, layer
from shapelens.shapes import dims as dim
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import Shape
from shapelens.values.failure import Failure, ShapeFailure
from shapelens.values.objects import InputSpec
from shapelens.values.value import Const


@dataclass(frozen=True, slots=True)
class _Settings:
    """A convolution's arguments, as far as they are known."""

    rank: int
    kernel: tuple[Dim, ...]
    strides: tuple[Dim, ...]
    dilation: tuple[Dim, ...]
    padding: str | None
    channels_first: bool | None
    use_bias: bool | None


def accepts_convolution(config: read.Config, rank: int) -> Sequence[InputSpec]:
    """What a convolution over ``rank`` axes accepts before it is built."""
    return (InputSpec(min_ndim=rank + 2),)


def _accepts_1d(config: read.Config) -> Sequence[InputSpec]:
    return accepts_convolution(config, 1)


def _accepts_2d(config: read.Config) -> Sequence[InputSpec]:
    return accepts_convolution(config, 2)


def _accepts_3d(config: read.Config) -> Sequence[InputSpec]:
    return accepts_convolution(config, 3)


@layer("keras.layers.Conv1D", accepts=_accepts_1d)
@layer("keras.layers.Conv2D", accepts=_accepts_2d)
@layer("keras.layers.Conv3D", accepts=_accepts_3d)
def convolution(machine: Machine, call: LayerCall) -> LayerResult:
    """Slides kernels over space: filters take the place of channels."""
    settings = _settings(machine, call)
    filters = read.size(machine, call.config, "filters")
    groups = read.size(machine, call.config, "groups")
    shape = _of_right_rank(call, settings, filters)
    channels = _channels(shape, settings)
    if not call.built:
        if channels is None:
            raise undefined(
                call,
                shape,
                _channel_axis(settings),
                "unsupported operand type(s) for %: 'NoneType' and 'int'",
            )
        _check_groups(call, shape, channels, groups)
    refuse_float(call, "filters", 1, (*settings.kernel, dim.floordiv(channels, groups)))
    output, steps = _slide_all(call, settings, shape, filters)
    kernel = (*settings.kernel, dim.floordiv(channels, groups), filters)
    result = _finish(call, settings, shape, output, steps, [("kernel", kernel)], filters)
    if read.absent(call.config.get("lora_rank")):
        return result
    lora = read.size(machine, call.config, "lora_rank")
    more = weights((*kernel[:-1], lora), (lora, filters))
    return replace(result, params=summed(result.params, more), steps=())


@layer("keras.layers.DepthwiseConv1D", accepts=_accepts_1d)
@layer("keras.layers.DepthwiseConv2D", accepts=_accepts_2d)
def depthwise_convolution(machine: Machine, call: LayerCall) -> LayerResult:
    """Gives each channel kernels of its own: channels are multiplied by ``depth_multiplier``."""
    settings = _settings(machine, call)
    multiplier = read.size(machine, call.config, "depth_multiplier")
    shape = _of_right_rank(call, settings, ANY)
    channels = _defined_channels(call, settings, shape)
    filters = dim.mul(multiplier, channels)
    output, steps = _slide_all(call, settings, shape, filters)
    kernel = (*settings.kernel, channels, multiplier)
    return _finish(call, settings, shape, output, steps, [("kernel", kernel)], filters)


@layer("keras.layers.SeparableConv1D", accepts=_accepts_1d)
@layer("keras.layers.SeparableConv2D", accepts=_accepts_2d)
def separable_convolution(machine: Machine, call: LayerCall) -> LayerResult:
    """A depthwise convolution, then one that mixes channels."""
    settings = _settings(machine, call)
    filters = read.size(machine, call.config, "filters")
    multiplier = read.size(machine, call.config, "depth_multiplier")
    refuse_float(call, "filters", 1, None)
    shape = _of_right_rank(call, settings, filters)
    channels = _defined_channels(call, settings, shape)
    output, steps = _slide_all(call, settings, shape, filters)
    depthwise = (*settings.kernel, channels, multiplier)
    pointwise = (*(1,) * settings.rank, dim.mul(multiplier, channels), filters)
    kernels = [("depthwise_kernel", depthwise), ("pointwise_kernel", pointwise)]
    return _finish(call, settings, shape, output, steps, kernels, filters)


@layer("keras.layers.Conv1DTranspose", accepts=_accepts_1d)
@layer("keras.layers.Conv2DTranspose", accepts=_accepts_2d)
@layer("keras.layers.Conv3DTranspose", accepts=_accepts_3d)
def transposed_convolution(machine: Machine, call: LayerCall) -> LayerResult:
    """The reverse of a convolution: strides multiply sizes."""
    settings = _settings(machine, call)
    filters = read.size(machine, call.config, "filters")
    refuse_float(call, "filters", 1, None)
    shape = _of_right_rank(call, settings, filters)
    channels = _channels(shape, settings)
    kernel = (*settings.kernel, filters, channels)
    if channels is None and not call.built:
        raise undefined_weight(machine, call, shape, _channel_axis(settings), kernel, "kernel")
    extra: tuple[Dim, ...]
    if read.absent(call.config.get("output_padding")):
        extra = (None,) * settings.rank
    else:
        extra = read.sizes(machine, call.config, "output_padding", settings.rank)
    sizes: list[Dim] = []
    steps: list[str] = []
    for axis, name in enumerate(spatial_names(settings.rank)):
        size = _spatial(shape, settings)[axis]
        window, stride, dilation = settings.kernel[axis], settings.strides[axis], settings.dilation[axis]
        result = unslide(size, window, stride, dilation, settings.padding, extra[axis])
        sizes.append(result)
        if isinstance(result, int) and isinstance(size, int):
            how = f"{size} * {stride}" if result == dim.mul(size, stride) else f"from {size}, stride {stride}"
            steps.append(f"{name}: {how} = {result}" if "*" in how else f"{name}: {result} ({how}, kernel {window})")
    output = _assemble(shape, settings, tuple(sizes), filters)
    return _finish(call, settings, shape, output, steps, [("kernel", kernel)], filters)


def _settings(machine: Machine, call: LayerCall) -> _Settings:
    rank = int(short_name(call.class_name).removesuffix("Transpose")[-2])
    padding = read.text(call.config, "padding")
    return _Settings(
        rank,
        read.sizes(machine, call.config, "kernel_size", rank),
        read.sizes(machine, call.config, "strides", rank),
        read.sizes(machine, call.config, "dilation_rate", rank),
        None if padding is None else padding.lower(),
        read.channels_first(call.config),
        read.flag(machine, call.config, "use_bias"),
    )


def _of_right_rank(call: LayerCall, settings: _Settings, filters: Dim) -> Shape:
    """The input's shape, which can only have two axes more than the kernel."""
    shape = at_rank(single(call).shape, settings.rank + 2)
    if len(shape.dims) == settings.rank + 2:
        return shape
    layer_class = short_name(call.class_name)
    wanted, found = settings.rank + 2, len(shape.dims)
    keras: str | None = None
    kernel = (*settings.kernel, shape.axis(-1), filters)
    plain = layer_class.startswith("Conv") and not layer_class.endswith("Transpose")
    grouped = call.config.get("groups") not in (None, Const(1))
    if (
        plain
        and not grouped
        and settings.channels_first is False
        and None not in kernel
        and dims_known(kernel)
        and not shape.open
    ):
        keras = (
            "Kernel shape must have the same length as input, but received kernel of shape "
            f"{Shape(kernel)} and input of shape {shape}."
        )
    raise ShapeFailure(
        Failure(
            "rank-mismatch",
            f"{{subject}} has {found} axes, shape {shape}, but {layer_class} needs {wanted}",
            keras=keras,
            subject=0,
            expected=Shape((None, *(ANY,) * (wanted - 1))),
            found=shape,
            details={"layer": layer_class, "expected_ndim": wanted, "found_ndim": found, "kind": "ndim"},
        )
    )


def _channel_axis(settings: _Settings) -> int:
    return 1 if settings.channels_first else -1


def _channels(shape: Shape, settings: _Settings) -> Dim:
    return ANY if settings.channels_first is None else shape.dims[_channel_axis(settings)]


def _defined_channels(call: LayerCall, settings: _Settings, shape: Shape) -> Dim:
    channels = _channels(shape, settings)
    if channels is None:
        raise undefined(call, shape, _channel_axis(settings), "unsupported operand type(s) for *: 'int' and 'NoneType'")
    return channels


def _spatial(shape: Shape, settings: _Settings) -> tuple[Dim, ...]:
    if settings.channels_first is None:
        return (ANY,) * settings.rank
    return shape.dims[2:] if settings.channels_first else shape.dims[1:-1]


def _assemble(shape: Shape, settings: _Settings, sizes: tuple[Dim, ...], filters: Dim) -> Shape:
    if settings.channels_first is None:
        return Shape((shape.dims[0], *(ANY,) * (settings.rank + 1)))
    if settings.channels_first:
        return Shape((shape.dims[0], filters, *sizes))
    return Shape((shape.dims[0], *sizes, filters))


def _check_groups(call: LayerCall, shape: Shape, channels: Dim, groups: Dim) -> None:
    if isinstance(channels, int) and isinstance(groups, int) and groups > 0 and channels % groups:
        raise ShapeFailure(
            Failure(
                "channel-mismatch",
                f"{{subject}} has {channels} channels, shape {shape}, which {groups} groups do not divide",
                keras="The number of input channels must be evenly divisible by the number of groups. "
                f"Received groups={groups}, but the input has {channels} channels "
                f"(full input shape is {shape}).",
                subject=0,
                found=shape,
                details={"layer": short_name(call.class_name), "groups": groups, "found_size": channels},
            )
        )


def _slide_all(call: LayerCall, settings: _Settings, shape: Shape, filters: Dim) -> tuple[Shape, list[str]]:
    sizes: list[Dim] = []
    steps: list[str] = []
    spatial = _spatial(shape, settings)
    for axis, name in enumerate(spatial_names(settings.rank)):
        window = (settings.kernel[axis], settings.strides[axis], settings.dilation[axis], settings.padding)
        size = slide(spatial[axis], *window)
        if settings.padding == "valid" and isinstance(size, int) and size <= 0:
            raise _too_small(call, settings, shape, axis, name, filters)
        sizes.append(size)
        step = slide_step(name, spatial[axis], *window)
        if step is not None:
            steps.append(step)
    return _assemble(shape, settings, tuple(sizes), filters), steps


def _too_small(call: LayerCall, settings: _Settings, shape: Shape, axis: int, name: str, filters: Dim) -> ShapeFailure:
    size, window = _spatial(shape, settings)[axis], settings.kernel[axis]
    position = axis + (2 if settings.channels_first else 1)
    keras: str | None = None
    kernel = (*settings.kernel, _channels(shape, settings), filters)
    if dims_known((*shape.dims, *kernel, *settings.strides, *settings.dilation)):
        keras = (
            f"Computed output size would be zero or negative. Received `inputs shape={shape}`, "
            f"`kernel shape={Shape(kernel)}`, `dilation_rate={array_text(settings.dilation)}`, "
            f"`strides={Shape(settings.strides)}`, `padding=valid`."
        )
    layer_class = short_name(call.class_name)
    return ShapeFailure(
        Failure(
            "negative-dimension",
            f"{{subject}} is too small for {layer_class}: its {name} is {size}, shape {shape}, "
            f"and the kernel needs {window}",
            keras=keras,
            subject=0,
            found=shape,
            axis=position,
            details={"layer": layer_class, "padding_fix": True, "size": size, "window": window},
        )
    )


def _finish(
    call: LayerCall,
    settings: _Settings,
    shape: Shape,
    output: Shape,
    steps: list[str],
    kernels: Sequence[tuple[str, tuple[Dim, ...]]],
    filters: Dim,
) -> LayerResult:
    bias: tuple[Dim, ...] = (filters,) if settings.use_bias else (0,)
    params = None if settings.use_bias is None else weights(*(kernel for _, kernel in kernels), bias)
    if params is not None:
        steps.append(f"params: {_params_text(kernels, filters, bool(settings.use_bias))} = {params}")
    spec = InputSpec(min_ndim=settings.rank + 2)
    if settings.channels_first is not None:
        spec = axes_spec(None, settings.rank + 2, (_channel_axis(settings), _channels(shape, settings)))
    return LayerResult(tensor(call, output), params, (spec,), tuple(steps))


def _params_text(kernels: Sequence[tuple[str, tuple[Dim, ...]]], filters: Dim, use_bias: bool) -> str:
    kernel = kernels[0][1]
    if use_bias and len(kernels) == 1 and kernel[-1] == filters:
        return f"({'*'.join(map(str, kernel[:-1]))} + 1) * {filters}"
    parts = ["*".join(map(str, sizes)) for _, sizes in kernels]
    return " + ".join([*parts, str(filters)] if use_bias else parts)
