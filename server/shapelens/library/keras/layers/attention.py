"""Attention layers. From runs of Keras 3.15.1."""

from __future__ import annotations

from shapelens.library.keras.layers import config as read
from shapelens.library.keras.layers.naming import short_name
from shapelens.library.keras.layers.results import (
    at_rank,
    dims_known,
    own_name,
    single,
    summed,
    tensor,
    undefined,
    weights,
)
from shapelens.library.machine import Machine
from shapelens.library.registry import LayerCall, LayerResult, layer
from shapelens.shapes.dims import ANY, Dim, same
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, SpecNest, TensorSpec
from shapelens.values.failure import Failure, NotKnown, ShapeFailure


@layer("keras.layers.Attention", "keras.layers.AdditiveAttention")
def attention(machine: Machine, call: LayerCall) -> LayerResult:
    """Weighs values by how keys answer queries; called on ``[query, value]`` or ``[query, value, key]``."""
    name = short_name(call.class_name)
    query, value, key = _inputs(call, name)
    if name == "AdditiveAttention":
        size = query.axis(-1)
        use_scale = read.flag(machine, call.config, "use_scale")
        if size is None and use_scale and not call.built:
            raise _undefined(machine, call, query, (None,), "scale")
        params = None if use_scale is None else weights((int(use_scale), size)) if use_scale else 0
    else:
        use_scale = read.flag(machine, call.config, "use_scale")
        mode = read.text(call.config, "score_mode")
        params = None if use_scale is None or mode is None else int(use_scale) + int(mode == "concat")
    head = query.dims[:-1] if query.dims else ()
    output = tensor(call, Shape((*head, value.axis(-1)), query.open))
    with_scores = read.flag(machine, call.arguments, "return_attention_scores")
    scores = tensor(call, Shape((*head, key.axis(-2)), query.open))
    return _finish(output, scores, with_scores, params)


@layer("keras.layers.MultiHeadAttention")
def multi_head_attention(machine: Machine, call: LayerCall) -> LayerResult:
    """Attention of several heads; the output is as wide as the query, or as ``output_shape`` says."""
    query = single(call).shape
    value, key = _value_and_key(machine, call)
    if not query.open and len(query.dims) < 2:
        raise NotKnown("the query of MultiHeadAttention has no axes to attend over")
    _same_steps(call, value, key)
    heads, key_dim = (read.size(machine, call.config, name) for name in ("num_heads", "key_dim"))
    value_dim = key_dim
    if not read.absent(call.config.get("value_dim")):
        value_dim = read.size(machine, call.config, "value_dim")
    target = _output_shape(machine, call)
    use_bias = read.flag(machine, call.config, "use_bias")
    use_gate = read.flag(machine, call.config, "use_gate")
    width = query.axis(-1)
    kernels = [("query", query, key_dim), ("key", key, key_dim), ("value", value, value_dim)]
    if use_gate:
        kernels.insert(2, ("gate", query, value_dim))
    if not call.built:
        for name, shape, size in kernels:
            if shape.axis(-1) is None:
                raise _undefined(machine, call, shape, (None, heads, size), f"{name}/kernel")
    result = target if target is not None else (width,)
    params: int | None = None
    if use_bias is not None and use_gate is not None:
        bias = int(use_bias)
        projections = [weights((shape.axis(-1), heads, size), (bias, heads, size)) for _, shape, size in kernels]
        params = summed(*projections, weights((heads, value_dim, *result), (bias, *result)))
    head = query.dims[:-1] if query.dims else ()
    output = Shape((*head, *result), query.open)
    if target is None and not read.absent(call.config.get("output_shape")):
        output, params = UNKNOWN_SHAPE, None
    # Keras's symbolic scores repeat the query's length, whatever the length of the keys.
    batch, length = (ANY, ANY) if query.open else query.dims[:2]
    scores = tensor(call, Shape((batch, heads, length, length)))
    with_scores = read.flag(machine, call.arguments, "return_attention_scores")
    return _finish(tensor(call, output), scores, with_scores, params)


@layer("keras.layers.GroupQueryAttention")
def group_query_attention(machine: Machine, call: LayerCall) -> LayerResult:
    """Attention in which several query heads share a head of keys and values."""
    query = single(call).shape
    value, key = _value_and_key(machine, call)
    shapes = (query, value, key)
    if any(not shape.open and len(shape.dims) != 3 for shape in shapes):
        raise NotKnown("GroupQueryAttention works on (batch, steps, features)")
    query, value, key = (at_rank(shape, 3) for shape in shapes)
    heads, shared, size = (
        read.size(machine, call.config, name) for name in ("num_query_heads", "num_key_value_heads", "head_dim")
    )
    use_bias = read.flag(machine, call.config, "use_bias")
    use_gate = read.flag(machine, call.config, "use_gate")
    width = query.dims[-1]
    kernels = [("query", query, heads), ("key", key, shared), ("value", value, shared)]
    if use_gate:
        kernels.insert(2, ("gate", query, heads))
    if not call.built:
        for name, shape, count in kernels:
            if shape.axis(-1) is None:
                raise _undefined(machine, call, shape, (None, count, size), f"{name}/kernel")
    a, b = width, value.dims[-1]
    if same(a, b) is False or ((a is None) != (b is None) and dims_known((a, b))):
        raise _mismatch(
            call,
            f"the query {query} and the value {value} of GroupQueryAttention must have the same last size",
            f"The last dimension of `query_shape` and `value_shape` must be equal, but are {a}, {b}. "
            f"Received: query_shape={query}, value_shape={value}",
            (query, value),
        )
    _same_steps(call, value, key)
    params: int | None = None
    if use_bias is not None and use_gate is not None:
        bias = int(use_bias)
        projections = [weights((shape.axis(-1), count, size), (bias, count, size)) for _, shape, count in kernels]
        params = summed(*projections, weights((heads, size, width), (bias, width)))
    scores = tensor(call, Shape((query.dims[0], heads, query.dims[1], key.dims[1])))
    with_scores = read.flag(machine, call.arguments, "return_attention_scores")
    return _finish(tensor(call, query), scores, with_scores, params)


def _finish(output: TensorSpec, scores: TensorSpec, with_scores: bool | None, params: int | None) -> LayerResult:
    if with_scores is None:
        raise NotKnown("whether the attention scores are returned is not known")
    outputs: SpecNest = (output, scores) if with_scores else output
    return LayerResult(outputs, params, steps=() if params is None else (f"params: {params}",))


def _inputs(call: LayerCall, name: str) -> tuple[Shape, Shape, Shape]:
    nest = call.inputs
    if isinstance(nest, TensorSpec):
        if nest.shape.open:
            raise NotKnown(f"what {name} is called on is not known")
        wording = "namely [query, value] or [query, value, key]"
        raise ShapeFailure(
            Failure(
                "invalid-argument",
                f"{name} takes a list [query, value] or [query, value, key], but {{subject}} is one tensor "
                f"of shape {nest.shape}",
                keras=f"{name} layer must be called on a list of inputs, {wording}. Received: inputs={nest.shape}.",
                subject=0,
                found=nest.shape,
                details={"layer": name},
            )
        )
    if isinstance(nest, dict) or not all(isinstance(item, TensorSpec) for item in nest):
        raise NotKnown(f"what {name} is called on is not a plain list")
    shapes = [item.shape for item in nest if isinstance(item, TensorSpec)]
    if not 2 <= len(shapes) <= 3:
        raise ShapeFailure(
            Failure(
                "invalid-argument",
                f"{name} takes 2 or 3 tensors, but {{subject}} holds {len(shapes)}",
                keras=f"{name} layer accepts inputs list of length 2 or 3, namely [query, value] or "
                f"[query, value, key]. Received length: {len(shapes)}.",
                subject=0,
                details={"layer": name, "found_count": len(shapes)},
            )
        )
    return shapes[0], shapes[1], shapes[-1]


def _value_and_key(machine: Machine, call: LayerCall) -> tuple[Shape, Shape]:
    shapes: list[Shape] = []
    for name in ("value", "key"):
        given = call.arguments.get(name)
        if given is None or read.absent(given):
            shapes.append(shapes[0] if shapes else UNKNOWN_SHAPE)
            continue
        spec = machine.spec(given)
        shapes.append(spec.shape if spec is not None else UNKNOWN_SHAPE)
    return shapes[0], shapes[1]


def _output_shape(machine: Machine, call: LayerCall) -> tuple[Dim, ...] | None:
    """The axes that replace the query's last, `None` when that one stays or they are not known."""
    given = call.config.get("output_shape")
    if read.absent(given):
        return None
    one = read.size_of(machine, given)
    return (one,) if one is not ANY else read.dims_of(machine, given)


def _same_steps(call: LayerCall, value: Shape, key: Shape) -> None:
    """Keras compares the axes between batch and features, dynamic sizes included."""
    if value.open or key.open:
        return
    a, b = value.dims[1:-1], key.dims[1:-1]
    differ = len(a) != len(b) or any(
        same(x, y) is False or ((x is None) != (y is None) and dims_known((x, y))) for x, y in zip(a, b, strict=True)
    )
    if not differ:
        return
    raise _mismatch(
        call,
        f"the value {value} and the key {key} of {short_name(call.class_name)} must have the same steps",
        "All dimensions of `value` and `key`, except the last one, must be equal. Received: "
        f"value_shape={value} and key_shape={key}",
        (value, key),
    )


def _mismatch(call: LayerCall, sentence: str, keras: str, shapes: tuple[Shape, Shape]) -> ShapeFailure:
    return ShapeFailure(
        Failure(
            "merge-mismatch",
            sentence,
            keras=keras if all(dims_known(shape.dims) for shape in shapes) else None,
            subject="value",
            expected=shapes[0],
            found=shapes[1],
            details={"layer": short_name(call.class_name), "shapes": list(shapes)},
        )
    )


def _undefined(machine: Machine, call: LayerCall, given: Shape, weight: tuple[Dim, ...], name: str) -> ShapeFailure:
    path = f"{own_name(machine, call)}/{name}"
    wording = (
        "Shapes used to initialize variables must be fully-defined (no `None` dimensions). "
        f"Received: shape={Shape(weight)} for variable path='{path}'"
    )
    return undefined(call, given, -1, wording)
