"""Dense, EinsumDense, Embedding and Lambda. From runs of Keras 3.15.1."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from shapelens.library.keras.layers import config as read
from shapelens.library.keras.layers.apply import spec_nest
from shapelens.library.keras.layers.einsum import einsum_dense_shapes
from shapelens.library.keras.layers.inputs import flatten
from shapelens.library.keras.layers.results import (
    axes_spec,
    single,
    summed,
    tensor,
    undefined_weight,
    weights,
)
from shapelens.library.machine import Machine
from shapelens.library.registry import LayerCall, LayerResult, layer
from shapelens.shapes import dims as dim
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import Shape, SpecNest, TensorSpec
from shapelens.values.failure import NotKnown
from shapelens.values.objects import DictObject, InputSpec
from shapelens.values.value import (
    FALSE,
    NONE,
    BoundMethod,
    Const,
    FunctionValue,
    Lib,
    PartialValue,
    Ref,
    TensorValue,
    TupleValue,
    Unknown,
    Value,
)


def _accepts_dense(config: read.Config) -> Sequence[InputSpec]:
    return (InputSpec(min_ndim=2),)


@layer("keras.layers.Dense", accepts=_accepts_dense)
def dense(machine: Machine, call: LayerCall) -> LayerResult:
    """Maps the last axis to ``units``; every other axis stays."""
    shape = single(call).shape
    units = read.size(machine, call.config, "units")
    features = shape.axis(-1)
    if features is None and not call.built:
        raise undefined_weight(machine, call, shape, -1, (None, units), "kernel")
    output = shape.replace(-1, units) if shape.dims else Shape((units,), open=True)
    use_bias = read.flag(machine, call.config, "use_bias")
    lora = _lora(machine, call, features, units)
    params = None if use_bias is None else summed(weights((features, units), (units if use_bias else 0,)), lora)
    steps: tuple[str, ...] = ()
    if params is not None:
        factor = f"({features} + 1)" if use_bias else str(features)
        steps = (f"params: {factor} * {units}{f' + {lora} for LoRA' if lora else ''} = {params}",)
    return LayerResult(tensor(call, output), params, (axes_spec(None, 2, (-1, features)),), steps)


@layer("keras.layers.EinsumDense")
def einsum_dense(machine: Machine, call: LayerCall) -> LayerResult:
    """A dense layer whose axes an equation like ``abc,cd->abd`` names."""
    shape = single(call).shape
    equation = read.text(call.config, "equation")
    wanted = call.config.get("output_shape")
    one = read.size_of(machine, wanted)
    target = (one,) if one is not ANY else read.dims_of(machine, wanted)
    bias_axes = None if read.absent(call.config.get("bias_axes")) else read.text(call.config, "bias_axes")
    if equation is None or target is None or shape.open:
        raise NotKnown("the equation of EinsumDense or the shapes that it relates are not known")
    shapes = einsum_dense_shapes(equation, bias_axes, shape, target)
    if None in shapes.kernel and not call.built:
        raise undefined_weight(machine, call, shape, -1, shapes.kernel, "kernel")
    params = summed(weights(shapes.kernel), weights(shapes.bias) if shapes.bias is not None else 0)
    if bias_axes is None and not read.absent(call.config.get("bias_axes")):
        params = None
    steps = () if params is None else (f"params: kernel {Shape(shapes.kernel)}, in total {params}",)
    return LayerResult(tensor(call, Shape(shapes.output)), params, (InputSpec(ndim=len(shape.dims)),), steps)


@layer("keras.layers.Embedding")
def embedding(machine: Machine, call: LayerCall) -> LayerResult:
    """A vector for each integer: one more axis."""
    shape = single(call).shape
    rows = read.size(machine, call.config, "input_dim")
    columns = read.size(machine, call.config, "output_dim")
    params = summed(weights((rows, columns)), _lora(machine, call, rows, columns))
    steps = () if params is None else (f"params: {rows} * {columns} = {params}",)
    return LayerResult(tensor(call, Shape((*shape.dims, columns), shape.open)), params, steps=steps)


@layer("keras.layers.ReversibleEmbedding")
def reversible_embedding(machine: Machine, call: LayerCall) -> LayerResult:
    """An embedding that can also be called backwards, from vectors to logits."""
    tied = read.flag(machine, call.config, "tie_weights")
    backwards = read.flag(machine, call.arguments, "reverse")
    forward = embedding(machine, call)
    params = forward.params
    if tied is None:
        params = None
    elif not tied:
        rows = read.size(machine, call.config, "input_dim")
        params = summed(params, weights((read.size(machine, call.config, "output_dim"), rows)))
    if backwards is None:
        raise NotKnown("whether ReversibleEmbedding is called backwards is not known")
    if not backwards:
        return LayerResult(forward.outputs, params)
    shape = single(call).shape
    if not shape.open and not shape.dims:
        raise NotKnown("ReversibleEmbedding turns vectors back, and was given a scalar")
    rows = read.size(machine, call.config, "input_dim")
    return LayerResult(tensor(call, shape.replace(-1, rows) if shape.dims else Shape((rows,), open=True)), params)


@layer("keras.layers.Lambda")
def lambda_layer(machine: Machine, call: LayerCall) -> LayerResult:
    """The user's function; where ``output_shape`` is given Keras takes that shape and does not call it."""
    declared = call.config.get("output_shape")
    if not read.absent(declared):
        return LayerResult(_declared_output(machine, call, declared))
    function = call.config.get("function")
    if function is None or isinstance(function, Unknown):
        raise NotKnown("the function of the Lambda layer is not known")
    given = _arguments(machine, call.config.get("arguments"))
    expected = _parameters(function)
    # Keras passes these two when the function asks for them.
    if "mask" in expected:
        given["mask"] = call.arguments.get("mask", NONE)
    if "training" in expected:
        given["training"] = call.arguments.get("training", FALSE)
    output = machine.call(function, [_traced(machine, call.inputs)], given)
    specs = spec_nest(machine, output)
    if specs is None:
        reason = output.reason if isinstance(output, Unknown) else ""
        raise NotKnown(reason or "what the Lambda's function gives is not known")
    return LayerResult(_in_dtype(call, specs), value=output)


def _declared_output(machine: Machine, call: LayerCall, declared: Value | None) -> SpecNest:
    assert declared is not None
    if isinstance(declared, (FunctionValue, BoundMethod, PartialValue, Lib)):
        shapes = machine.call(declared, [_shape_value(call.inputs)], {})
        sizes = _sizes(machine, shapes)
        if sizes is None:
            raise NotKnown("the output_shape function of the Lambda layer is not understood")
        return tensor(call, Shape(sizes))
    sizes = _sizes(machine, declared)
    if sizes is None:
        raise NotKnown("the output_shape of the Lambda layer is not known")
    first = flatten(call.inputs)[0].shape
    return tensor(call, Shape((ANY if first.open or not first.dims else first.dims[0], *sizes)))


def _sizes(machine: Machine, value: Value) -> tuple[Dim, ...] | None:
    sizes = read.dims_of(machine, value)
    items = machine.items(value)
    if sizes is None or items is None or any(machine.items(item) is not None for item in items):
        return None
    return sizes


def _shape_value(nest: SpecNest) -> Value:
    if not isinstance(nest, TensorSpec) or nest.shape.open:
        return Unknown("the input's shape is not known")
    return TupleValue(
        tuple(Const(d) if d is None or isinstance(d, int) else Unknown("a size") for d in nest.shape.dims)
    )


def _traced(machine: Machine, nest: SpecNest) -> Value:
    """What the function is given: tensors of the backend, not Keras's symbolic ones."""
    if isinstance(nest, TensorSpec):
        return TensorValue(nest, kind="tensor")
    if isinstance(nest, dict):
        return machine.alloc(DictObject(tuple((Const(key), _traced(machine, nest[key])) for key in nest)))
    return TupleValue(tuple(_traced(machine, child) for child in nest))


def _arguments(machine: Machine, value: Value | None) -> dict[str, Value]:
    if read.absent(value):
        return {}
    target = machine.read(value) if isinstance(value, Ref) else None
    if not isinstance(target, DictObject) or target.open:
        raise NotKnown("the arguments of the Lambda layer are not known")
    return {key.value: entry for key, entry in target.entries if isinstance(key, Const) and isinstance(key.value, str)}


def _parameters(function: Value) -> set[str]:
    if isinstance(function, BoundMethod):
        return _parameters(function.function)
    if not isinstance(function, FunctionValue):
        return set()
    node = function.code.node
    if not isinstance(node, (ast.FunctionDef, ast.Lambda)):
        return set()
    return {argument.arg for argument in (*node.args.posonlyargs, *node.args.args)}


def _in_dtype(call: LayerCall, nest: SpecNest) -> SpecNest:
    if isinstance(nest, TensorSpec):
        return TensorSpec(nest.shape, read.compute_dtype(call.config))
    if isinstance(nest, dict):
        return {key: _in_dtype(call, child) for key, child in nest.items()}
    return tuple(_in_dtype(call, child) for child in nest)


def _lora(machine: Machine, call: LayerCall, rows: Dim, columns: Dim) -> int | None:
    """The weights that ``lora_rank`` adds to a matrix."""
    if read.absent(call.config.get("lora_rank")):
        return 0
    rank = read.size(machine, call.config, "lora_rank")
    return weights((rank, dim.add(rows, columns)))
