"""Core layers, activations, normalization and attention where Keras 2 differs. From runs of Keras 2.15.0."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from shapelens.library.keras.layers import attention, core, normalization, reshaping
from shapelens.library.keras.layers import config as read
from shapelens.library.keras.layers.naming import short_name
from shapelens.library.keras.layers.results import axes_spec, kept_dtype, same_shape, single, tensor, weights
from shapelens.library.machine import Machine
from shapelens.library.registry import LayerCall, LayerResult, layer_of_keras2
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import UNKNOWN_SPEC, Shape, TensorSpec
from shapelens.values.failure import Failure, NotKnown, ShapeFailure
from shapelens.values.value import Const


@layer_of_keras2("keras.layers.Activation")
def activation(machine: Machine, call: LayerCall) -> LayerResult:
    """As in Keras 3, but softmax needs two axes, and integers may stay what they are."""
    given = single(call)
    function = call.config.get("activation")
    if function == Const("softmax"):
        _refuse_vectors(call, given.shape)
    result = same_shape(machine, call)
    if read.absent(function) or function in (Const("linear"), Const("relu")):
        return replace(result, outputs=TensorSpec(given.shape, kept_dtype(call, given)))
    return result


@layer_of_keras2("keras.layers.Softmax")
def softmax(machine: Machine, call: LayerCall) -> LayerResult:
    """As in Keras 3, but it needs two axes, and ``axis`` must be one of the input's."""
    shape = single(call).shape
    axes = _axes(machine, call)
    if axes is not None and len(axes) == 1:
        _refuse_vectors(call, shape)
    for axis in axes or ():
        _check_axis(call, shape, axis)
    return same_shape(machine, call)


@layer_of_keras2("keras.layers.AlphaDropout", "keras.layers.GaussianDropout")
def dropout(machine: Machine, call: LayerCall) -> LayerResult:
    """Looks at its rate only when it is called."""
    rate = read.plain(machine, call.config.get("rate"))
    if rate is None or isinstance(rate, str):
        raise _refused(call, f"the rate of {short_name(call.class_name)} is no number: {rate!r}")
    return same_shape(machine, call)


@layer_of_keras2("keras.layers.Embedding")
def embedding(machine: Machine, call: LayerCall) -> LayerResult:
    """As in Keras 3; sizes that are floats fail when it is called."""
    for name in ("input_dim", "output_dim"):
        value = call.config.get(name)
        if isinstance(value, Const) and isinstance(value.value, float):
            raise _refused(call, f"`{name}` of Embedding is {value.value}, a float, but it must be an int")
    return core.embedding(machine, call)


@layer_of_keras2("keras.layers.EinsumDense")
def einsum_dense(machine: Machine, call: LayerCall) -> LayerResult:
    """As in Keras 3, but the output's sizes are worked out where ``output_shape`` says None.

    What ``...`` before the letters stands for keeps its order, which Keras 3 turns around.
    """
    result = core.einsum_dense(machine, call)
    outputs, given = result.outputs, single(call).shape
    equation = (read.text(call.config, "equation") or "").replace(" ", "")
    if not isinstance(outputs, TensorSpec) or given.open:
        return result
    if equation.startswith("..."):
        elided = max(1, len(given.dims) - len(equation.partition(",")[0]) + len("..."))
        kept = (*outputs.shape.dims[:1], *given.dims[1:elided], *outputs.shape.dims[elided:])
        return replace(result, outputs=TensorSpec(Shape(kept), outputs.dtype))
    if "." in equation:
        return result
    inputs, _, rest = equation.partition(",")
    if len(inputs) != len(given.dims):
        raise _refused(call, f"{{subject}} of shape {given} has another number of axes than the equation {equation}")
    labels = rest.partition("->")[2]
    sizes = dict(zip(inputs, given.dims, strict=False))
    dims = tuple(
        sizes.get(label) if size is None else size for label, size in zip(labels, outputs.shape.dims, strict=False)
    )
    return replace(result, outputs=TensorSpec(Shape(dims), outputs.dtype))


@layer_of_keras2("keras.layers.Reshape")
def reshape(machine: Machine, call: LayerCall) -> LayerResult:
    """As in Keras 3, but None is no size, any negative size is the free one, and there is one of those."""
    given = single(call)
    target = read.dims_of(machine, call.config.get("target_shape"))
    if target is None:
        return reshaping.reshape(machine, call)
    if None in target:
        raise _refused(call, f"Reshape cannot reshape to {Shape(target)}: None is no size")
    rest = given.shape.dims[1:]
    static = not given.shape.open and None not in rest
    free = sum(1 for size in target if isinstance(size, int) and size < 0)
    if free > 1 and (static or given.shape.open):
        if given.shape.open or not all(isinstance(size, int) for size in rest):
            return LayerResult(tensor(call, Shape((ANY,) * (len(target) + 1))))
        raise _refused(call, f"Reshape to {Shape(target)}: only one size can be -1")
    _check_multiple(call, given.shape, target)
    below = any(isinstance(size, int) and size < -1 for size in target)
    if below and not given.shape.open and not static:
        raise _refused(call, f"Reshape to {Shape(target)}: a size is negative")
    if below:
        target = tuple(-1 if isinstance(size, int) and size < 0 else size for size in target)
        call = replace(call, config={**call.config, "target_shape": read.value_of(target)})
    return reshaping.reshape(machine, call)


def _check_multiple(call: LayerCall, shape: Shape, target: tuple[Dim, ...]) -> None:
    """With a known batch and an unknown axis TensorFlow still compares what is known of the sizes."""
    if shape.open or None not in shape.dims[1:] or not shape.dims:
        return
    known = [size for size in shape.dims[1:] if size is not None]
    if not isinstance(shape.dims[0], int) or not all(isinstance(size, int) for size in known):
        return
    if any(not isinstance(size, int) or size < 0 for size in target):
        return
    of, total = (math.prod(size for size in sizes if isinstance(size, int)) for sizes in (known, target))
    if (of == 0 and total) or (of and total % of):
        raise _refused(call, f"{{subject}} of shape {shape} cannot be reshaped to {Shape(target)}")


@layer_of_keras2("keras.layers.ActivityRegularization")
def activity_regularization(machine: Machine, call: LayerCall) -> LayerResult:
    """As in Keras 3, but it needs a batch."""
    shape = single(call).shape
    if not shape.open and not shape.dims:
        raise _refused(call, "{subject} is a scalar, but ActivityRegularization needs a batch")
    return same_shape(machine, call)


@layer_of_keras2("keras.layers.RepeatVector", accepts=reshaping.accepts_vector)
def repeat_vector(machine: Machine, call: LayerCall) -> LayerResult:
    """As in Keras 3; a negative number of times is not known."""
    times = read.size(machine, call.config, "n")
    if isinstance(times, int) and times < 0:
        shape = single(call).shape
        last = shape.axis(-1) if shape.dims else ANY
        return LayerResult(tensor(call, Shape((ANY if shape.open else shape.dims[0], None, last))))
    return reshaping.repeat_vector(machine, call)


@layer_of_keras2("keras.layers.BatchNormalization", "keras.layers.SyncBatchNormalization")
def batch_normalization(machine: Machine, call: LayerCall) -> LayerResult:
    """As in Keras 3, but ``axis`` may list several axes."""
    axes = _axes(machine, call)
    if axes is None or len(axes) == 1:
        config = call.config if axes is None else {**call.config, "axis": read.value_of(axes[0])}
        return normalization.batch_normalization(machine, replace(call, config=config))
    shape = single(call).shape
    for axis in axes:
        _check_axis(call, shape, axis)
    known = [axis for axis in axes if isinstance(axis, int)]
    if shape.open or len(known) != len(axes):
        return LayerResult(tensor(call, shape), params=None)
    sizes = tuple(shape.dims[axis] for axis in known)
    if len({axis % len(shape.dims) for axis in known}) != len(known) or None in sizes:
        raise _refused(call, f"{short_name(call.class_name)} cannot normalize axes {known} of {{subject}}, {shape}")
    flags = [read.flag(machine, call.config, name) for name in ("scale", "center")]
    params = None if None in flags else weights((sum(map(bool, flags)) + 2, *sizes))
    return LayerResult(
        tensor(call, shape), params, (axes_spec(len(shape.dims), None, *zip(known, sizes, strict=True)),)
    )


@layer_of_keras2("keras.layers.LayerNormalization")
def layer_normalization(machine: Machine, call: LayerCall) -> LayerResult:
    """As in Keras 3, but an axis may not be named twice."""
    _check_duplicates(machine, call)
    axes, rank = read.plain(machine, call.config.get("axis")), single(call).shape.rank
    if isinstance(axes, (tuple, list)) and len(axes) == rank and rank is not None:
        places = [axis % rank if isinstance(axis, int) else 0 for axis in axes]
        if places != sorted(places):
            raise NotKnown("all axes in another order fit only where their sizes do")
    return normalization.layer_normalization(machine, call)


@layer_of_keras2("keras.layers.UnitNormalization")
def unit_normalization(machine: Machine, call: LayerCall) -> LayerResult:
    """As in Keras 3, but an axis may not be named twice."""
    _check_duplicates(machine, call)
    return normalization.unit_normalization(machine, call)


@layer_of_keras2("keras.layers.GroupNormalization")
def group_normalization(machine: Machine, call: LayerCall) -> LayerResult:
    """As in Keras 3; what Keras 3 refuses when the layer is made fails when it is called."""
    groups = read.plain(machine, call.config.get("groups"))
    if isinstance(groups, float) or groups == 0:
        raise _refused(call, f"GroupNormalization cannot make {groups} groups")
    axis, shape = read.size(machine, call.config, "axis"), single(call).shape
    if not shape.open and isinstance(axis, int) and shape.dims and axis in (0, -len(shape.dims)):
        raise NotKnown("what GroupNormalization of Keras 2 does along the batch is not known")
    return normalization.group_normalization(machine, call)


@layer_of_keras2("keras.layers.MultiHeadAttention")
def multi_head_attention(machine: Machine, call: LayerCall) -> LayerResult:
    """As in Keras 3; scores have the lengths of query and key, and sizes are checked when it is called."""
    for name in ("num_heads", "key_dim", "value_dim"):
        value = read.plain(machine, call.config.get(name))
        if isinstance(value, (str, float)) or (name == "key_dim" and value == 0):
            raise _refused(call, f"`{name}` of MultiHeadAttention is {value!r}")
    if call.config.get("value_dim") == Const(0):
        call = replace(call, config={**call.config, "value_dim": Const(None)})
    result = attention.multi_head_attention(machine, call)
    if isinstance(result.outputs, (TensorSpec, dict)):
        return result
    output, scores = result.outputs
    query = single(call).shape
    given = call.arguments.get("key")
    given = call.arguments.get("value") if read.absent(given) else given
    spec = machine.spec(given) if given is not None else None
    if not isinstance(scores, TensorSpec) or query.open or spec is None or spec.shape.open:
        return replace(result, outputs=(output, UNKNOWN_SPEC))
    heads = read.size(machine, call.config, "num_heads")
    middle: tuple[Dim, ...] = (*query.dims[1:-1], *spec.shape.dims[1:-1])
    return replace(result, outputs=(output, TensorSpec(Shape((query.dims[0], heads, *middle)), scores.dtype)))


def _axes(machine: Machine, call: LayerCall) -> Sequence[Dim] | None:
    value = call.config.get("axis")
    one = read.size_of(machine, value)
    return (one,) if one is not ANY else read.dims_of(machine, value)


def _check_axis(call: LayerCall, shape: Shape, axis: Dim) -> None:
    rank = len(shape.dims)
    if shape.open or not isinstance(axis, int) or -rank <= axis < rank:
        return
    name = short_name(call.class_name)
    raise ShapeFailure(
        Failure(
            "axis-out-of-range",
            f"{name} works on axis {axis}, which {{subject}} of shape {shape} does not have",
            subject=0,
            found=shape,
            axis=axis,
            details={"layer": name, "axis": axis, "found_ndim": rank},
        )
    )


def _check_duplicates(machine: Machine, call: LayerCall) -> None:
    axes, shape = _axes(machine, call), single(call).shape
    if axes is None or shape.open or not shape.dims:
        return
    known = [axis % len(shape.dims) for axis in axes if isinstance(axis, int)]
    if len(set(known)) != len(known):
        raise _refused(call, f"{short_name(call.class_name)} names an axis twice")


def _refuse_vectors(call: LayerCall, shape: Shape) -> None:
    if shape.open or len(shape.dims) > 1:
        return
    name = short_name(call.class_name)
    raise ShapeFailure(
        Failure(
            "rank-mismatch",
            f"softmax needs two axes, and {{subject}} has shape {shape}",
            subject=0,
            found=shape,
            details={"layer": name, "expected_ndim": 2, "found_ndim": len(shape.dims), "kind": "min_ndim"},
        )
    )


def _refused(call: LayerCall, sentence: str) -> ShapeFailure:
    return ShapeFailure(
        Failure("invalid-argument", sentence, subject=0, details={"layer": short_name(call.class_name)})
    )
