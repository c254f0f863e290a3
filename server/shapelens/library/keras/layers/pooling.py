"""Pooling over windows, over everything, and to a given size. From runs of Keras 3.15.1."""

from __future__ import annotations

from collections.abc import Sequence

from shapelens.library.keras.layers import config as read
from shapelens.library.keras.layers.naming import short_name
from shapelens.library.keras.layers.results import array_text, at_rank, dims_known, single, tensor
from shapelens.library.keras.layers.windows import slide, slide_step, spatial_names
from shapelens.library.machine import Machine
from shapelens.library.registry import InputSpecRule, LayerCall, LayerResult, layer
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.failure import Failure, ShapeFailure
from shapelens.values.objects import InputSpec


def _accepts(rank: int) -> InputSpecRule:
    specs = (InputSpec(ndim=rank + 2),)

    def accepts(config: read.Config) -> Sequence[InputSpec]:
        return specs

    return accepts


@layer("keras.layers.MaxPooling1D", "keras.layers.AveragePooling1D", accepts=_accepts(1))
@layer("keras.layers.MaxPooling2D", "keras.layers.AveragePooling2D", accepts=_accepts(2))
@layer("keras.layers.MaxPooling3D", "keras.layers.AveragePooling3D", accepts=_accepts(3))
def pooling(machine: Machine, call: LayerCall) -> LayerResult:
    """One value for each window."""
    rank = _rank(call)
    shape = at_rank(single(call).shape, rank + 2)
    window = read.sizes(machine, call.config, "pool_size", rank)
    strides = window
    if not read.absent(call.config.get("strides")):
        strides = read.sizes(machine, call.config, "strides", rank)
    padding = read.text(call.config, "padding")
    _check_padding(call, padding)
    channels_first = read.channels_first(call.config)
    if channels_first is None:
        return LayerResult(tensor(call, Shape((shape.dims[0], *(ANY,) * (rank + 1)))))
    start = 2 if channels_first else 1
    sizes: list[Dim] = []
    steps: list[str] = []
    for axis, name in enumerate(spatial_names(rank)):
        given = shape.dims[start + axis]
        size = slide(given, window[axis], strides[axis], 1, padding)
        if padding == "valid" and isinstance(size, int) and size <= 0:
            raise _too_small(call, shape, start + axis, name, window[axis], window, strides)
        sizes.append(size)
        step = slide_step(name, given, window[axis], strides[axis], 1, padding)
        if step is not None:
            steps.append(step)
    dims = (*shape.dims[:start], *sizes, *shape.dims[start + rank :])
    return LayerResult(tensor(call, Shape(dims)), steps=tuple(steps))


@layer("keras.layers.GlobalMaxPooling1D", "keras.layers.GlobalAveragePooling1D", accepts=_accepts(1))
@layer("keras.layers.GlobalMaxPooling2D", "keras.layers.GlobalAveragePooling2D", accepts=_accepts(2))
@layer("keras.layers.GlobalMaxPooling3D", "keras.layers.GlobalAveragePooling3D", accepts=_accepts(3))
def global_pooling(machine: Machine, call: LayerCall) -> LayerResult:
    """One value for each channel."""
    rank = _rank(call)
    batch, *rest = at_rank(single(call).shape, rank + 2).dims
    keepdims = read.flag(machine, call.config, "keepdims")
    channels_first = read.channels_first(call.config)
    channels = ANY if channels_first is None else rest[0] if channels_first else rest[-1]
    if keepdims is None:
        return LayerResult(tensor(call, UNKNOWN_SHAPE))
    if not keepdims:
        return LayerResult(tensor(call, Shape((batch, channels))))
    if channels_first is None:
        return LayerResult(tensor(call, Shape((batch, *(ANY,) * (rank + 1)))))
    ones = (1,) * rank
    dims = (batch, channels, *ones) if channels_first else (batch, *ones, channels)
    return LayerResult(tensor(call, Shape(dims)))


@layer("keras.layers.AdaptiveMaxPooling1D", "keras.layers.AdaptiveAveragePooling1D")
@layer("keras.layers.AdaptiveMaxPooling2D", "keras.layers.AdaptiveAveragePooling2D")
@layer("keras.layers.AdaptiveMaxPooling3D", "keras.layers.AdaptiveAveragePooling3D")
def adaptive_pooling(machine: Machine, call: LayerCall) -> LayerResult:
    """A fixed number of values along each axis; Keras does not check the input's rank."""
    rank = _rank(call)
    shape = single(call).shape
    sizes = read.sizes(machine, call.config, "output_size", rank)
    channels_first = read.channels_first(call.config)
    if not shape.open and len(shape.dims) < (2 if channels_first else 1):
        raise ShapeFailure(
            Failure(
                "rank-mismatch",
                f"{{subject}} of shape {shape} has no axis of channels for {short_name(call.class_name)}",
                keras="tuple index out of range",
                subject=0,
                found=shape,
                details={"layer": short_name(call.class_name), "found_ndim": len(shape.dims)},
            )
        )
    batch = ANY if shape.open else shape.axis(0)
    if channels_first is None:
        dims: tuple[Dim, ...] = (batch, *(ANY,) * (rank + 1))
    elif channels_first:
        dims = (batch, at_rank(shape, rank + 2).axis(1), *sizes)
    else:
        dims = (batch, *sizes, shape.axis(-1))
    return LayerResult(tensor(call, Shape(dims)))


def _check_padding(call: LayerCall, padding: str | None) -> None:
    """Pooling looks at ``padding`` only when it is called, and takes it literally."""
    if padding is None or padding in ("valid", "same"):
        return
    layer_class = short_name(call.class_name)
    raise ShapeFailure(
        Failure(
            "invalid-argument",
            f'the padding of {layer_class} is "{padding}", and it can only be "valid" or "same"',
            keras=f"Argument `padding` must be either 'valid' or 'same'. Received: padding={padding}",
            details={"layer": layer_class, "argument": "padding"},
        )
    )


def _rank(call: LayerCall) -> int:
    return int(short_name(call.class_name)[-2])


def _too_small(
    call: LayerCall,
    shape: Shape,
    position: int,
    name: str,
    window: Dim,
    windows: tuple[Dim, ...],
    strides: tuple[Dim, ...],
) -> ShapeFailure:
    layer_class = short_name(call.class_name)
    size = shape.dims[position]
    keras: str | None = None
    if dims_known((*shape.dims, *windows, *strides)):
        # Keras has put -1 for dynamic sizes between batch and channels when it prints them.
        space = slice(2, None) if read.channels_first(call.config) else slice(1, -1)
        shown = list(map(str, shape.dims))
        shown[space] = ["-1" if size is None else str(size) for size in shape.dims[space]]
        sizes = f"[{' '.join(shown)}]" if None in shape.dims else array_text(shape.dims)
        keras = (
            "Computed output size would be zero or negative. Received: "
            f"`inputs.shape={sizes}`, `pool_size={array_text(windows)}`, "
            f"`strides={Shape(strides)}`, `padding=valid`."
        )
    return ShapeFailure(
        Failure(
            "negative-dimension",
            f"{{subject}} is too small for {layer_class}: its {name} is {size}, shape {shape}, "
            f"and the window needs {window}",
            keras=keras,
            subject=0,
            found=shape,
            axis=position,
            details={"layer": layer_class, "padding_fix": True, "size": size, "window": window},
        )
    )
