"""Layers that run a cell over steps, and ConvLSTM. From runs of Keras 3.15.1."""

from __future__ import annotations

from collections.abc import Sequence

from shapelens.library.keras.layers import config as read
from shapelens.library.keras.layers.cells import GATES, Cell, States, gated_cell, read_cell
from shapelens.library.keras.layers.naming import short_name
from shapelens.library.keras.layers.results import (
    array_text,
    at_rank,
    dims_known,
    refuse_float,
    single,
    tensor,
    undefined,
    undefined_weight,
    weights,
)
from shapelens.library.keras.layers.windows import slide, slide_step, spatial_names
from shapelens.library.machine import Machine
from shapelens.library.registry import InputSpecRule, LayerCall, LayerResult, layer
from shapelens.shapes import dims as dim
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import UNKNOWN_SHAPE, UNKNOWN_SPEC, Shape, SpecNest, TensorSpec
from shapelens.values.failure import Failure, NotKnown, ShapeFailure
from shapelens.values.objects import InputSpec, LayerObject
from shapelens.values.value import Ref


def _accepts(ndim: int) -> InputSpecRule:
    specs = (InputSpec(ndim=ndim),)

    def accepts(config: read.Config) -> Sequence[InputSpec]:
        return specs

    return accepts


@layer("keras.layers.SimpleRNN", "keras.layers.GRU", "keras.layers.LSTM", accepts=_accepts(3))
def recurrent(machine: Machine, call: LayerCall) -> LayerResult:
    """Runs a cell over the steps and keeps its last output, or all of them."""
    kind = short_name(call.class_name)
    shape = at_rank(single(call).shape, 3)
    refuse_float(call, "units", GATES[kind], (shape.dims[-1],))
    cell = gated_cell(machine, kind, call.config, shape.dims[-1])
    return _run(machine, call, shape, cell)


@layer("keras.layers.RNN")
def any_rnn(machine: Machine, call: LayerCall) -> LayerResult:
    """Runs any cell; the axes after the steps are the cell's."""
    shape = single(call).shape
    if not shape.open and len(shape.dims) < 3:
        raise NotKnown("RNN needs steps and features")
    cell = read_cell(machine, call.config.get("cell"), shape.axis(-1))
    return _run(machine, call, shape, cell)


def _run(machine: Machine, call: LayerCall, shape: Shape, cell: Cell) -> LayerResult:
    if not call.built:
        if shape.axis(-1) is None and cell.kernel is not None:
            weight = (None, cell.columns)
            raise undefined_weight(machine, call, shape, -1, weight, cell.kernel)
        _check_stateful(machine, call, shape)
    else:
        _check_features(machine, call, shape)
    batch, steps = (ANY, ANY) if shape.open else shape.dims[:2]
    outputs = _outputs(machine, call, cell.states, batch, (batch, cell.output), (batch, steps, cell.output))
    note = () if cell.params is None else (f"params: {cell.params}",)
    return LayerResult(outputs, cell.params, steps=note)


def _check_features(machine: Machine, call: LayerCall, shape: Shape) -> None:
    """A layer that was built for other features fails inside its cell: Keras does not check it before."""
    built = machine.read(call.layer) if isinstance(call.layer, Ref) else None
    first = built.state.inputs if isinstance(built, LayerObject) else None
    if not isinstance(first, TensorSpec):
        return
    expected, found = first.shape.axis(-1), shape.axis(-1)
    if not isinstance(expected, int) or not isinstance(found, int) or expected == found:
        return
    kind = short_name(call.class_name)
    raise ShapeFailure(
        Failure(
            "channel-mismatch",
            f"{{subject}} has {found} features, shape {shape}, but this {kind} was built for {expected}",
            keras=f"Exception encountered when calling {kind}Cell.call().\n\nMatrix size-incompatible: "
            f"In[0]: [{shape.axis(0)},{found}], In[1]: [{expected},",
            subject=0,
            expected=Shape((None, None, expected)),
            found=shape,
            axis=-1,
            details={"layer": kind},
        )
    )


def _outputs(
    machine: Machine,
    call: LayerCall,
    states: tuple[States, ...] | None,
    batch: Dim,
    last: tuple[Dim, ...],
    every: tuple[Dim, ...],
) -> SpecNest:
    sequences = read.flag(machine, call.config, "return_sequences")
    shape = UNKNOWN_SHAPE if sequences is None else Shape(every if sequences else last)
    if sequences is None:
        shape = Shape(last[-1:], open=True)
    output = tensor(call, shape)
    return_state = read.flag(machine, call.config, "return_state")
    if return_state is None:
        return UNKNOWN_SPEC
    if not return_state:
        return output
    if states is None:
        raise NotKnown("the states of the RNN's cell are not known")
    return (output, *(_state(call, state, batch) for state in states))


def _state(call: LayerCall, state: States, batch: Dim) -> SpecNest:
    if isinstance(state, tuple):
        return tuple(_state(call, inner, batch) for inner in state)
    return tensor(call, Shape((batch, state)))


def _check_stateful(machine: Machine, call: LayerCall, shape: Shape) -> None:
    if not read.flag(machine, call.config, "stateful") or shape.open or shape.dims[0] is not None:
        return
    raise ShapeFailure(
        Failure(
            "undefined-dimension",
            f"the batch size of {{subject}} is not fixed, shape {shape}, but a stateful "
            f"{short_name(call.class_name)} must know it",
            keras="When using `stateful=True` in a RNN, the batch size must be static. Found dynamic batch "
            f"size: sequence.shape={shape}",
            subject=0,
            found=shape,
            axis=0,
            details={"layer": short_name(call.class_name), "stateful": True},
        )
    )


@layer("keras.layers.ConvLSTM1D", accepts=_accepts(4))
@layer("keras.layers.ConvLSTM2D", accepts=_accepts(5))
@layer("keras.layers.ConvLSTM3D", accepts=_accepts(6))
def conv_lstm(machine: Machine, call: LayerCall, static: bool = True) -> LayerResult:
    """An LSTM whose gates are convolutions, over steps of pictures; ``static``: their sizes must be known."""
    rank = int(short_name(call.class_name)[-2])
    given = at_rank(single(call).shape, rank + 3)
    batch, steps, *rest = given.dims
    step_shape = Shape((batch, *rest))
    channels_first = read.channels_first(call.config)
    filters = read.size(machine, call.config, "filters")
    kernel = read.sizes(machine, call.config, "kernel_size", rank)
    if channels_first is None:
        frame: tuple[Dim, ...] = (ANY,) * (rank + 1)
        outputs = _outputs(machine, call, None, batch, (batch, *frame), (batch, steps, *frame))
        return LayerResult(outputs, params=None)
    spatial, channels = (rest[1:], rest[0]) if channels_first else (rest[:-1], rest[-1])
    if not call.built:
        _check_defined(call, given, step_shape, tuple(spatial) if static else (), channels)
        _check_stateful(machine, call, given)
    sizes, notes = _slide_all(machine, call, step_shape, tuple(spatial), channels, kernel, filters)
    frame = (filters, *sizes) if channels_first else (*sizes, filters)
    outputs = _outputs(machine, call, (), batch, (batch, *frame), (batch, steps, *frame))
    if isinstance(outputs, tuple):
        state = tensor(call, Shape((batch, *frame)))
        outputs = (*outputs, state, state)
    use_bias = read.flag(machine, call.config, "use_bias")
    params: int | None = None
    if use_bias is not None:
        gates = dim.mul(filters, 4)
        params = weights((*kernel, channels, gates), (*kernel, filters, gates), (int(use_bias), gates))
        notes.append(f"params: {params}")
    return LayerResult(outputs, params, steps=tuple(notes) if params is not None else ())


def _check_defined(call: LayerCall, given: Shape, step: Shape, spatial: tuple[Dim, ...], channels: Dim) -> None:
    if None in spatial:
        raise undefined(
            call,
            given,
            given.dims.index(None, 2),
            "ConvLSTM layers only support static input shapes for the spatial dimension. "
            f"Received invalid input shape: input_shape={step}",
        )
    if channels is None:
        raise undefined(
            call,
            given,
            given.dims.index(None, 2),
            "The channel dimension of the inputs (last axis) should be defined. Found None. "
            f"Full input shape received: input_shape={step}",
        )


def _slide_all(
    machine: Machine,
    call: LayerCall,
    step: Shape,
    spatial: tuple[Dim, ...],
    channels: Dim,
    kernel: tuple[Dim, ...],
    filters: Dim,
) -> tuple[list[Dim], list[str]]:
    rank = len(kernel)
    strides = read.sizes(machine, call.config, "strides", rank)
    dilation = read.sizes(machine, call.config, "dilation_rate", rank)
    padding = read.text(call.config, "padding")
    padding = None if padding is None else padding.lower()
    sizes: list[Dim] = []
    notes: list[str] = []
    for axis, name in enumerate(spatial_names(rank)):
        window = (kernel[axis], strides[axis], dilation[axis], padding)
        size = slide(spatial[axis], *window)
        if padding == "valid" and isinstance(size, int) and size <= 0:
            raise _too_small(call, step, name, spatial[axis], kernel, channels, filters, strides, dilation, axis)
        sizes.append(size)
        note = slide_step(name, spatial[axis], *window)
        if note is not None:
            notes.append(note)
    return sizes, notes


def _too_small(
    call: LayerCall,
    step: Shape,
    name: str,
    size: Dim,
    kernel: tuple[Dim, ...],
    channels: Dim,
    filters: Dim,
    strides: tuple[Dim, ...],
    dilation: tuple[Dim, ...],
    axis: int,
) -> ShapeFailure:
    layer_class = short_name(call.class_name)
    keras: str | None = None
    if dims_known((*step.dims, *kernel, channels, filters, *strides, *dilation)):
        keras = (
            f"Computed output size would be zero or negative. Received `inputs shape={step}`, `kernel shape="
            f"{Shape((*kernel, channels, filters))}`, `dilation_rate={array_text(dilation)}`, "
            f"`strides={Shape(strides)}`, `padding=valid`."
        )
    return ShapeFailure(
        Failure(
            "negative-dimension",
            f"the frames of {{subject}} are too small for {layer_class}: their {name} is {size}, "
            f"and the kernel needs {kernel[axis]}",
            keras=keras,
            subject=0,
            found=step,
            details={"layer": layer_class, "padding_fix": True, "size": size, "window": kernel[axis]},
        )
    )
