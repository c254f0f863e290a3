"""Recurrent layers and wrappers where Keras 2 differs. From runs of Keras 2.15.0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shapelens.library.keras.layers import cells, recurrent, wrappers
from shapelens.library.keras.layers import config as read
from shapelens.library.keras.layers.apply import spec_nest
from shapelens.library.keras.layers.naming import short_name
from shapelens.library.keras.layers.results import single, tensor
from shapelens.library.keras.signatures import canonical
from shapelens.library.machine import Machine
from shapelens.library.registry import LayerCall, LayerResult, LayerRule, layer_of_keras2
from shapelens.shapes import dims as dim
from shapelens.shapes.dims import ANY, Dim, same
from shapelens.shapes.shape import Shape, SpecNest, TensorSpec
from shapelens.values.failure import Failure, NotKnown, ShapeFailure
from shapelens.values.objects import InputSpec, LayerObject
from shapelens.values.value import Const, Ref


@layer_of_keras2("keras.layers.StackedRNNCells")
def stacked_step(machine: Machine, call: LayerCall) -> LayerResult:
    """One step through every cell; each cell's states have the structure in which they were given."""
    result = cells.stacked_step(machine, call)
    if not isinstance(result.outputs, tuple):
        return result
    output, _ = result.outputs
    assert isinstance(output, TensorSpec)
    return replace(result, outputs=(output, cells.states_of_stack(machine, call, output)))


@layer_of_keras2(
    "keras.layers.SimpleRNN",
    "keras.layers.GRU",
    "keras.layers.LSTM",
    accepts=lambda config: (InputSpec(ndim=3),),
)
def gated(machine: Machine, call: LayerCall) -> LayerResult:
    """As in Keras 3, but the steps may come first; states that are given are checked, and tell the batch size."""
    batches = _check_states(machine, call)

    def rule(machine: Machine, call: LayerCall) -> LayerResult:
        result = recurrent.recurrent(machine, call)
        return result if batches is None else _with_batches(machine, call, result, batches)

    return _run(machine, call, rule)


@layer_of_keras2("keras.layers.RNN")
def any_rnn(machine: Machine, call: LayerCall) -> LayerResult:
    """As in Keras 3; cells of Keras's own take vectors, and what they do with other steps is not known."""
    shape = single(call).shape
    if not shape.open and len(shape.dims) != 3:
        raise NotKnown("what the cell of an RNN does with steps that are no vectors is not known")
    return _run(machine, call, recurrent.any_rnn)


def _check_states(machine: Machine, call: LayerCall) -> tuple[Dim, ...] | None:
    """Refuse an ``initial_state`` that is not the cell's; gives the batch size of each state, if any is given."""
    given = call.arguments.get("initial_state")
    steps, name = single(call).shape, short_name(call.class_name)
    time_major = read.flag(machine, call.config, "time_major")
    size = ANY if steps.open or time_major is not False else steps.dims[1]
    if size == 0 or (size is None and read.flag(machine, call.config, "unroll")):
        raise _refused(call, f"{name} needs a number of steps, and {{subject}} has shape {steps}")
    if given is None or read.absent(given):
        return None
    count = 2 if name == "LSTM" else 1
    nest = spec_nest(machine, given)
    if nest is None or isinstance(nest, dict):
        return (ANY,) * count
    states = (nest,) if isinstance(nest, TensorSpec) else nest
    if len(states) != count:
        raise _refused(call, f"{name} has {count} {'state' if count == 1 else 'states'}, and is given {len(states)}")
    units = read.size(machine, call.config, "units")
    batches: list[Dim] = []
    for state in states:
        if not isinstance(state, TensorSpec) or state.shape.open:
            batches.append(ANY)
            continue
        if len(state.shape.dims) != 2 or same(state.shape.dims[1], units) is False:
            raise _refused(call, f"the states of {name} have {units} units, and it is given one of shape {state.shape}")
        batches.append(state.shape.dims[0])
    return tuple(batches)


def _with_batches(machine: Machine, call: LayerCall, result: LayerResult, batches: tuple[Dim, ...]) -> LayerResult:
    """The output has the batch size that input or states tell; each state its own, while no loop is unrolled."""
    steps = single(call).shape
    sizes = (ANY if steps.open else steps.dims[0], *batches)
    known = {size for size in sizes if isinstance(size, int)}
    if len(known) > 1:
        kind = short_name(call.class_name)
        raise _refused(call, f"the inputs and the states of {kind} have batches of {' and '.join(map(str, sizes))}")
    common: Dim = next(iter(known)) if known else None if set(sizes) == {None} else ANY
    unrolled = read.flag(machine, call.config, "unroll")
    if isinstance(result.outputs, TensorSpec):
        return replace(result, outputs=_with_batch(result.outputs, common))
    if isinstance(result.outputs, dict):
        return result
    own = [common if unrolled else dim.join(batch, common) if unrolled is None else batch for batch in batches]
    outputs = tuple(_with_batch(part, batch) for part, batch in zip(result.outputs, (common, *own), strict=True))
    return replace(result, outputs=outputs)


def _with_batch(spec: SpecNest, batch: Dim) -> SpecNest:
    if not isinstance(spec, TensorSpec) or spec.shape.open or not spec.shape.dims:
        return spec
    return TensorSpec(spec.shape.replace(0, batch), spec.dtype)


def _run(machine: Machine, call: LayerCall, rule: LayerRule) -> LayerResult:
    """Apply the rule of Keras 3; with ``time_major`` to a tensor that begins with its steps."""
    time_major = read.flag(machine, call.config, "time_major")
    if time_major is False:
        return rule(machine, call)
    given = single(call)
    if time_major is None or given.shape.open or len(given.shape.dims) < 2:
        raise NotKnown("whether the batch or the steps of the RNN come first is not known")
    result = rule(machine, replace(call, inputs=_swapped(given)))
    outputs, *states = result.outputs if isinstance(result.outputs, tuple) else (result.outputs,)
    sequences = read.flag(machine, call.config, "return_sequences")
    if sequences is None or not isinstance(outputs, TensorSpec):
        raise NotKnown("whether the RNN returns its sequences is not known")
    everything = (_swapped(outputs) if sequences else outputs, *states)
    return replace(result, outputs=everything if len(everything) > 1 else everything[0])


def _swapped(spec: TensorSpec) -> TensorSpec:
    first, second, *rest = spec.shape.dims
    return TensorSpec(Shape((second, first, *rest)), spec.dtype)


@layer_of_keras2("keras.layers.Bidirectional")
def bidirectional(machine: Machine, call: LayerCall) -> LayerResult:
    """As in Keras 3, but what the two layers give is joined as it is."""
    result = wrappers.bidirectional(machine, call)
    backward = call.config.get("backward_layer")
    if read.absent(backward):
        return result
    first, second = (wrappers.wrapped_outputs(machine, call, name) for name in ("layer", "backward_layer"))
    one, other = (nest[0] if isinstance(nest, tuple) else nest for nest in (first, second))
    if not isinstance(one, TensorSpec) or not isinstance(other, TensorSpec) or not one.shape.dims:
        return result
    states = (*_states(first), *_states(second))
    merge = call.config.get("merge_mode")
    if read.absent(merge):
        merged: tuple[SpecNest, ...] = (tensor(call, one.shape), tensor(call, other.shape))
    elif merge == Const("concat"):
        size = dim.add(one.shape.dims[-1], other.shape.axis(-1))
        merged = (tensor(call, one.shape.replace(-1, size)),)
    else:
        a, b = one.shape.axis(-1), other.shape.axis(-1)
        if isinstance(a, int) and isinstance(b, int) and a != b and 1 not in (a, b):
            raise _refused(call, f"the two layers of Bidirectional give {a} and {b} features, which cannot be merged")
        merged = (tensor(call, one.shape),)
    everything = (*merged, *states)
    return replace(result, outputs=everything if len(everything) > 1 else everything[0])


@layer_of_keras2("keras.layers.Wrapper")
def wrapper(machine: Machine, call: LayerCall) -> LayerResult:
    """Builds the layer that it holds, and gives back what it gets."""
    inputs = single(call)
    if inputs.shape.open:
        raise NotKnown("whether the wrapped layer can be built is not known")
    try:
        params = wrappers.child(machine, call, inputs).params
    except ShapeFailure as caught:
        if caught.failure.code == "undefined-dimension":
            raise
        # It is built, and not called: what else a call would refuse it may take.
        raise NotKnown("the wrapped layer is built for a shape that it cannot take") from None
    return LayerResult(tensor(call, inputs.shape), params)


@layer_of_keras2("keras.layers.SpectralNormalization")
def spectral_normalization(machine: Machine, call: LayerCall) -> LayerResult:
    """As in Keras 3, but a depthwise convolution has no kernel to normalize."""
    inner = call.config.get("layer")
    target = machine.read(inner) if isinstance(inner, Ref) else None
    if isinstance(target, LayerObject):
        name = short_name(canonical(target.class_name))
        if name.startswith("DepthwiseConv"):
            raise _refused(call, f"SpectralNormalization normalizes a kernel, and {name} has none")
    return wrappers.spectral_normalization(machine, call)


def _accepts_pictures(rank: int) -> Sequence[InputSpec]:
    return (InputSpec(ndim=rank + 3),)


@layer_of_keras2("keras.layers.ConvLSTM1D", accepts=lambda config: _accepts_pictures(1))
@layer_of_keras2("keras.layers.ConvLSTM2D", accepts=lambda config: _accepts_pictures(2))
@layer_of_keras2("keras.layers.ConvLSTM3D", accepts=lambda config: _accepts_pictures(3))
def conv_lstm(machine: Machine, call: LayerCall) -> LayerResult:
    """As in Keras 3, but dynamic sizes of pictures are fine."""
    padding = read.text(call.config, "padding")
    if padding is not None and padding.lower() == "causal":
        raise _refused(call, f'{short_name(call.class_name)} does not work with padding "causal"')
    return recurrent.conv_lstm(machine, call, static=False)


def _states(nest: SpecNest) -> tuple[SpecNest, ...]:
    return nest[1:] if isinstance(nest, tuple) else ()


def _refused(call: LayerCall, sentence: str) -> ShapeFailure:
    return ShapeFailure(Failure("invalid-argument", sentence, details={"layer": short_name(call.class_name)}))
