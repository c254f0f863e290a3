"""Layers around another layer: TimeDistributed, Bidirectional ... From runs of Keras 3.15.1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from shapelens.library.keras.layers import config as read
from shapelens.library.keras.layers.apply import apply_layer
from shapelens.library.keras.layers.inputs import check_inputs
from shapelens.library.keras.layers.naming import short_name
from shapelens.library.keras.layers.results import own_name, single, summed, tensor, weights
from shapelens.library.keras.signatures import canonical
from shapelens.library.machine import Machine
from shapelens.library.registry import LAYERS, LayerCall, LayerResult, layer, layer_rule
from shapelens.shapes import dims as dim
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import Shape, SpecNest, TensorSpec
from shapelens.values.failure import Failure, NotKnown, ShapeFailure
from shapelens.values.objects import InputSpec, LayerObject
from shapelens.values.value import Ref, Value


@layer("keras.layers.Wrapper")
def wrapper(machine: Machine, call: LayerCall) -> LayerResult:
    """Holds a layer for the classes that are derived from it, and has no ``call`` of its own."""
    raise ShapeFailure(
        Failure(
            "invalid-argument",
            "Wrapper is there to be subclassed: it does not say what a call does",
            details={"layer": "Wrapper"},
        )
    )


@layer("keras.layers.TimeDistributed")
def time_distributed(machine: Machine, call: LayerCall) -> LayerResult:
    """Applies a layer to every step: it sees the input without the second axis."""
    shape = single(call).shape
    if not shape.open and len(shape.dims) < 3:
        raise ShapeFailure(
            Failure(
                "rank-mismatch",
                f"{{subject}} has shape {shape}, but TimeDistributed needs at least 3 axes: (batch, steps, ...)",
                keras="`TimeDistributed` Layer should be passed an `input_shape` with at least 3 dimensions, "
                f"received: {shape}",
                subject=0,
                found=shape,
                details={
                    "layer": "TimeDistributed",
                    "expected_ndim": 3,
                    "found_ndim": len(shape.dims),
                    "kind": "min_ndim",
                },
            )
        )
    batch, steps = (ANY, ANY) if shape.open else shape.dims[:2]
    # In an open shape the first two known axes may be the batch and the steps.
    step = Shape(shape.dims[2:], open=True) if shape.open else Shape((batch, *shape.dims[2:]))
    result = child(machine, call, TensorSpec(step, single(call).dtype))
    if not isinstance(result.outputs, TensorSpec):
        raise NotKnown("the layer inside TimeDistributed gives several tensors")
    output = result.outputs.shape
    if not output.open and not output.dims:
        raise NotKnown("the layer inside TimeDistributed gives a scalar")
    if shape.open or output.open:
        spread = Shape(output.dims if output.open else output.dims[1:], open=True)
    else:
        spread = Shape((output.dims[0], steps, *output.dims[1:]))
    return LayerResult(tensor(call, spread), result.params, steps=result.steps)


@layer("keras.layers.Bidirectional")
def bidirectional(machine: Machine, call: LayerCall) -> LayerResult:
    """Runs a recurrent layer forwards and another backwards, and merges what they give."""
    forward = call.config.get("layer")
    specs = _recurrent_specs(machine, forward)
    check_inputs(specs, call.inputs, call.class_name, own_name(machine, call), machine.versions.family)
    first = _inner(machine, call, forward, single(call), {}, name="forward_")
    backward = call.config.get("backward_layer")
    second = first if read.absent(backward) else _inner(machine, call, backward, single(call), {})
    outputs, *states = first.outputs if isinstance(first.outputs, tuple) else (first.outputs,)
    if not isinstance(outputs, TensorSpec):
        raise NotKnown("what the layer inside Bidirectional gives is not known")
    merge = call.config.get("merge_mode")
    mode = read.text(call.config, "merge_mode")
    params = summed(first.params, second.params)
    if read.absent(merge):
        merged: tuple[SpecNest, ...] = (_own(call, outputs), _own(call, outputs))
    elif mode is None:
        raise NotKnown("the merge_mode of Bidirectional is not known")
    else:
        shape = outputs.shape
        if mode == "concat" and shape.dims:
            shape = shape.replace(-1, dim.mul(shape.dims[-1], 2))
        merged = (tensor(call, shape),)
    everything = (*merged, *states, *states)
    steps = () if first.params is None else (f"params: {first.params} forwards, {second.params} backwards",)
    return LayerResult(everything if len(everything) > 1 else everything[0], params, specs, steps)


@layer("keras.layers.SpectralNormalization")
def spectral_normalization(machine: Machine, call: LayerCall) -> LayerResult:
    """Keeps the largest singular value of the wrapped layer's kernel at 1; adds one vector to its weights."""
    shape = single(call).shape
    if not shape.open and not shape.dims:
        raise NotKnown("SpectralNormalization works on tensors with a last axis")
    inner = call.config.get("layer")
    target = machine.read(inner) if isinstance(inner, Ref) else None
    if isinstance(target, LayerObject) and not _has_kernel(target):
        raise ShapeFailure(_no_kernel(target))
    result = child(machine, call, single(call))
    if not isinstance(target, LayerObject) or not isinstance(result.outputs, TensorSpec):
        raise NotKnown("the layer inside SpectralNormalization is not known")
    columns = _kernel_columns(machine, target, shape)
    last = shape.axis(-1)
    spec = InputSpec(min_ndim=1, axes=((-1, last),) if isinstance(last, int) else ())
    params = summed(result.params, weights((columns,)))
    return LayerResult(_own(call, result.outputs), params, (spec,), result.steps)


def wrapped_outputs(machine: Machine, call: LayerCall, argument: str) -> SpecNest:
    """What one of the wrapped layers gives by itself."""
    return _inner(machine, call, call.config.get(argument), single(call), {}).outputs


def child(machine: Machine, call: LayerCall, inputs: TensorSpec) -> LayerResult:
    """Apply the wrapped layer. Keras does so without checking the rank, and may then give nonsense."""
    inner = call.config.get("layer")
    try:
        return _inner(machine, call, inner, inputs, {})
    except ShapeFailure as caught:
        if caught.failure.code not in ("rank-mismatch", "missing-batch-axis"):
            raise
        target = machine.read(inner) if isinstance(inner, Ref) else None
        if not isinstance(target, LayerObject) or not _refuses_ranks(target):
            raise NotKnown("the wrapped layer is given a shape that it cannot take") from None
        raise


def _has_kernel(inner: LayerObject) -> bool:
    """Whether the layer has one kernel, or embeddings, that can be normalized."""
    name = short_name(canonical(inner.class_name))
    if canonical(inner.class_name) not in LAYERS:
        return True
    return name in ("Dense", "EinsumDense", "Embedding", "ReversibleEmbedding") or (
        name.startswith(("Conv", "DepthwiseConv")) and "LSTM" not in name
    )


def _no_kernel(inner: LayerObject) -> Failure:
    name = short_name(canonical(inner.class_name))
    return Failure(
        "invalid-argument",
        f"SpectralNormalization normalizes a kernel, and {name} has none",
        keras=f"{name} object has no attribute 'kernel' nor 'embeddings'",
        details={"layer": "SpectralNormalization"},
    )


def _kernel_columns(machine: Machine, inner: LayerObject, shape: Shape) -> Dim:
    """The last size of the wrapped layer's kernel."""
    config = dict(inner.config)
    name = short_name(canonical(inner.class_name))
    if name.endswith("Transpose"):
        return shape.axis(1) if read.channels_first(config) else shape.axis(-1)
    for argument in ("depth_multiplier", "filters", "units", "output_dim"):
        if argument in config and not name.startswith("Separable"):
            return read.size(machine, config, argument)
    return ANY


def _inner(
    machine: Machine,
    call: LayerCall,
    inner: Value | None,
    inputs: SpecNest,
    arguments: Mapping[str, Value],
    name: str = "",
) -> LayerResult:
    """Apply the wrapped layer; its weights are named below the wrapper's."""
    if inner is None:
        raise NotKnown("the wrapped layer is not known")
    try:
        return apply_layer(machine, inner, inputs, arguments)
    except ShapeFailure as caught:
        failure = caught.failure
        if failure.code in ("rank-mismatch", "missing-batch-axis"):
            # Wrappers build the layer without checking its input first: Keras fails later, in other words.
            raise ShapeFailure(replace(failure, keras=None)) from None
        if failure.keras is None or "variable path='" not in failure.keras:
            raise
        path = f"variable path='{own_name(machine, call)}/{name}"
        raise ShapeFailure(replace(failure, keras=failure.keras.replace("variable path='", path))) from None


def _refuses_ranks(inner: LayerObject) -> bool:
    """Whether building the layer fails for inputs of a wrong rank, as it does for plain convolutions."""
    name = short_name(canonical(inner.class_name))
    return "Conv" in name and not name.endswith("Transpose") and "LSTM" not in name


def _recurrent_specs(machine: Machine, inner: Value | None) -> tuple[InputSpec, ...]:
    target = machine.read(inner) if isinstance(inner, Ref) else None
    family = machine.versions.family
    rule = layer_rule(canonical(target.class_name), family) if isinstance(target, LayerObject) else None
    if rule is None or rule.accepts is None or not isinstance(target, LayerObject):
        return ()
    return tuple(rule.accepts(dict(target.config)))


def _own(call: LayerCall, spec: TensorSpec) -> TensorSpec:
    return tensor(call, spec.shape)
