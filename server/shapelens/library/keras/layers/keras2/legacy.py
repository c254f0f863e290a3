"""Layers that only Keras 2 has: locally connected ones, random Fourier features. From runs of Keras 2.15.0."""

from __future__ import annotations

from collections.abc import Sequence

from shapelens.library.keras.layers import config as read
from shapelens.library.keras.layers.naming import short_name
from shapelens.library.keras.layers.results import at_rank, axes_spec, single, tensor, undefined, weights
from shapelens.library.keras.layers.windows import slide, slide_step, spatial_names
from shapelens.library.machine import Machine
from shapelens.library.registry import LayerCall, LayerResult, layer_of_keras2
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import Shape
from shapelens.values.failure import Failure, ShapeFailure
from shapelens.values.objects import InputSpec


def _accepts_1d(config: read.Config) -> Sequence[InputSpec]:
    return (InputSpec(ndim=3),)


def _accepts_2d(config: read.Config) -> Sequence[InputSpec]:
    return (InputSpec(ndim=4),)


@layer_of_keras2("keras.layers.LocallyConnected1D", accepts=_accepts_1d)
@layer_of_keras2("keras.layers.LocallyConnected2D", accepts=_accepts_2d)
def locally_connected(machine: Machine, call: LayerCall) -> LayerResult:
    """A convolution with kernels of its own at each place; its sizes must be known."""
    name = short_name(call.class_name)
    rank = int(name[-2])
    shape = at_rank(single(call).shape, rank + 2)
    filters = read.size(machine, call.config, "filters")
    kernel = read.sizes(machine, call.config, "kernel_size", rank)
    strides = read.sizes(machine, call.config, "strides", rank)
    padding = read.text(call.config, "padding")
    padding = None if padding is None else padding.lower()
    channels_first = read.channels_first(call.config)
    if channels_first is None:
        return LayerResult(tensor(call, Shape((shape.dims[0], *(ANY,) * (rank + 1)))), params=None)
    start, last = (2, 1) if channels_first else (1, rank + 1)
    spatial, channels = shape.dims[start : start + rank], shape.dims[last]
    implementation = read.size(machine, call.config, "implementation")
    wrong: str | None = None
    if 0 in strides:
        wrong = "a stride of 0"
    elif padding == "causal":
        wrong = 'padding "causal"'
    elif isinstance(implementation, int) and implementation not in (1, 2, 3):
        wrong = f"an unknown implementation: {implementation}"
    if wrong is not None:
        raise ShapeFailure(Failure("invalid-argument", f"{name} has {wrong}", details={"layer": name}))
    for axis in range(1, rank + 2):
        if shape.dims[axis] is None:
            raise undefined(call, shape, axis, "the sizes of the input must be fully-defined")
    sizes: list[Dim] = []
    steps: list[str] = []
    for axis, axis_name in enumerate(spatial_names(rank)):
        size = slide(spatial[axis], kernel[axis], strides[axis], 1, padding)
        if isinstance(size, int) and size <= 0:
            raise _too_small(call, shape, start + axis, axis_name, kernel[axis])
        sizes.append(size)
        step = slide_step(axis_name, spatial[axis], kernel[axis], strides[axis], 1, padding)
        if step is not None:
            steps.append(step)
    frame = (filters, *sizes) if channels_first else (*sizes, filters)
    params = _params(machine, call, kernel, tuple(spatial), tuple(sizes), channels, filters)
    spec = axes_spec(rank + 2, None, (1 if channels_first else -1, channels))
    return LayerResult(tensor(call, Shape((shape.dims[0], *frame))), params, (spec,), tuple(steps))


def _params(
    machine: Machine,
    call: LayerCall,
    kernel: tuple[Dim, ...],
    spatial: tuple[Dim, ...],
    sizes: tuple[Dim, ...],
    channels: Dim,
    filters: Dim,
) -> int | None:
    use_bias = read.flag(machine, call.config, "use_bias")
    implementation = read.size(machine, call.config, "implementation")
    if use_bias is None or not isinstance(implementation, int):
        return None
    bias = (*sizes, filters) if use_bias else (0,)
    if implementation == 2:
        # One matrix from every place of the input to every place of the output.
        return weights((*spatial, channels, *sizes, filters), bias)
    if implementation == 3 and read.text(call.config, "padding") != "valid":
        return None
    return weights((*sizes, *kernel, channels, filters), bias)


def _too_small(call: LayerCall, shape: Shape, position: int, name: str, window: Dim) -> ShapeFailure:
    layer_class = short_name(call.class_name)
    return ShapeFailure(
        Failure(
            "negative-dimension",
            f"{{subject}} is too small for {layer_class}: its {name} is {shape.dims[position]}, shape {shape}, "
            f"and the kernel needs {window}",
            subject=0,
            found=shape,
            axis=position,
            details={
                "layer": layer_class,
                "padding_fix": False,
                "size": shape.dims[position],
                "window": window,
            },
        )
    )


@layer_of_keras2("keras.layers.RandomFourierFeatures")
def random_fourier_features(machine: Machine, call: LayerCall) -> LayerResult:
    """Maps vectors to random features."""
    shape = single(call).shape
    output = read.size(machine, call.config, "output_dim")
    if not shape.open and len(shape.dims) != 2:
        raise ShapeFailure(
            Failure(
                "rank-mismatch",
                f"{{subject}} has {len(shape.dims)} axes, shape {shape}, but RandomFourierFeatures needs 2",
                subject=0,
                found=shape,
                details={
                    "layer": "RandomFourierFeatures",
                    "expected_ndim": 2,
                    "found_ndim": len(shape.dims),
                    "kind": "ndim",
                },
            )
        )
    batch, features = at_rank(shape, 2).dims
    if features is None and not call.built:
        raise undefined(call, shape, -1, "The last dimension of the input tensor should be defined.")
    # The kernel, the bias, and the scale.
    params = weights((features, output), (output,), (1,))
    return LayerResult(tensor(call, Shape((batch, output))), params, (InputSpec(ndim=2),))
