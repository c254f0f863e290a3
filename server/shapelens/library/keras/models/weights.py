"""The weights of layers and models, one by one: ``layer.weights``, ``get_weights``, ``set_weights`` (Keras 3.15.1)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from shapelens.library.keras.layers import config as read
from shapelens.library.keras.layers.naming import layer_name, name_of, short_name
from shapelens.library.keras.models.attributes import layers_of
from shapelens.library.keras.models.fitting import Weight, compare_weight
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.shapes.dims import ANY, Dim, floordiv, mul, product
from shapelens.shapes.shape import Shape, TensorSpec
from shapelens.values.failure import Failure, ShapeFailure
from shapelens.values.objects import FunctionalObject, InstanceObject, LayerObject, ListObject, SequentialObject
from shapelens.values.value import FALSE, NONE, Const, Ref, TensorValue, Value


def weights_of(m: Machine, layer: Value) -> tuple[Weight, ...] | None:
    """The weights of a layer or model in the order of ``get_weights``; `None` when they are not known."""
    obj = m.read(layer) if isinstance(layer, Ref) else None
    if isinstance(obj, LayerObject):
        return _of_layer(m, obj)
    if isinstance(obj, InstanceObject) and (obj.model is None or obj.model.outputs is None):
        return None
    if isinstance(obj, SequentialObject | FunctionalObject | InstanceObject):
        layers = layers_of(m, layer)
        if layers is None:
            return None
        found: list[Weight] = []
        for inner in dict.fromkeys(layers):
            weights = weights_of(m, inner)
            if weights is None:
                return None
            found.extend(weights)
        return tuple(found)
    return None


def weight_attribute(m: Machine, ref: Ref, obj: LayerObject, name: str) -> Value | None:
    """``layer.kernel`` and its kin."""
    found = next((w for w in _of_layer(m, obj) or () if w.name == name), None) if obj.state.built else None
    return None if found is None else _value(found, "variable")


def weight_list(m: Machine, layer: Value, kind: str) -> Value:
    """All weights as a list of variables or arrays."""
    weights = weights_of(m, layer)
    if weights is None:
        return m.alloc(ListObject((), open=True))
    return m.alloc(ListObject(tuple(_value(weight, kind) for weight in weights)))


def _value(weight: Weight, kind: str) -> TensorValue:
    spec = TensorSpec(Shape(weight.shape), "float32")
    return TensorValue(spec, "numpy" if kind == "numpy" else "variable")


def _of_layer(m: Machine, obj: LayerObject) -> tuple[Weight, ...] | None:
    if obj.state.params == 0:
        return ()
    if not obj.state.built:
        # Or it is, by something that is not followed: `layer.build(...)`, a `fit` with unknown data.
        return None
    rule = _RULES.get(short_name(obj.class_name))
    given = obj.state.inputs
    if rule is None or not isinstance(given, TensorSpec) or given.shape.open:
        return None
    found = tuple(rule(m, obj, given.shape))
    sizes = [product(weight.shape) for weight in found]
    # The number of weights is known from the layer's own rule: whatever differs from it is not said.
    known = [size for size in sizes if isinstance(size, int)]
    return found if len(known) == len(sizes) and sum(known) == obj.state.params else None


def _size(m: Machine, obj: LayerObject, name: str) -> Dim:
    return read.size_of(m, obj.get(name))


def _bias(m: Machine, obj: LayerObject, *shape: Dim) -> tuple[Weight, ...]:
    return () if obj.get("use_bias") == FALSE else (Weight("bias", shape),)


def _window(m: Machine, obj: LayerObject, rank: int) -> tuple[Dim, ...]:
    given = obj.get("kernel_size")
    dims = read.dims_of(m, given)
    if dims is None:
        return (read.size_of(m, given),) * rank
    return dims * rank if len(dims) == 1 else dims


def _dense(m: Machine, obj: LayerObject, given: Shape) -> Sequence[Weight]:
    units = _size(m, obj, "units")
    return (Weight("kernel", (given.axis(-1), units)), *_bias(m, obj, units))


def _convolution(m: Machine, obj: LayerObject, given: Shape) -> Sequence[Weight]:
    channels, filters = _channels(obj, given), _size(m, obj, "filters")
    per_group = floordiv(channels, _size(m, obj, "groups")) if obj.get("groups") is not None else channels
    return (Weight("kernel", (*_window(m, obj, len(given) - 2), per_group, filters)), *_bias(m, obj, filters))


def _transposed(m: Machine, obj: LayerObject, given: Shape) -> Sequence[Weight]:
    filters = _size(m, obj, "filters")
    kernel = (*_window(m, obj, len(given) - 2), filters, _channels(obj, given))
    return (Weight("kernel", kernel), *_bias(m, obj, filters))


def _depthwise(m: Machine, obj: LayerObject, given: Shape) -> Sequence[Weight]:
    channels, times = _channels(obj, given), _size(m, obj, "depth_multiplier")
    kernel = (*_window(m, obj, len(given) - 2), channels, times)
    return (Weight("kernel", kernel), *_bias(m, obj, mul(channels, times)))


def _separable(m: Machine, obj: LayerObject, given: Shape) -> Sequence[Weight]:
    rank, channels = len(given) - 2, _channels(obj, given)
    times, filters = _size(m, obj, "depth_multiplier"), _size(m, obj, "filters")
    return (
        Weight("depthwise_kernel", (*_window(m, obj, rank), channels, times)),
        Weight("pointwise_kernel", (*(1,) * rank, mul(channels, times), filters)),
        *_bias(m, obj, filters),
    )


def _channels(obj: LayerObject, given: Shape) -> Dim:
    return given.axis(1 if obj.get("data_format") == Const("channels_first") else -1)


def _batch_norm(m: Machine, obj: LayerObject, given: Shape) -> Sequence[Weight]:
    axis = obj.get("axis")
    size = given.axis(axis.value) if isinstance(axis, Const) and isinstance(axis.value, int) else ANY
    names = [] if obj.get("scale") == FALSE else ["gamma"]
    names += [] if obj.get("center") == FALSE else ["beta"]
    return [Weight(name, (size,)) for name in (*names, "moving_mean", "moving_variance")]


def _layer_norm(m: Machine, obj: LayerObject, given: Shape) -> Sequence[Weight]:
    axis = obj.get("axis")
    axes = m.items(axis) if axis is not None and not isinstance(axis, Const) else (axis,)
    sizes = tuple(given.axis(a.value) for a in axes or () if isinstance(a, Const) and isinstance(a.value, int))
    names = [] if obj.get("scale") == FALSE else ["gamma"]
    return [Weight(name, sizes) for name in (*names, *(() if obj.get("center") == FALSE else ("beta",)))]


def _embedding(m: Machine, obj: LayerObject, given: Shape) -> Sequence[Weight]:
    return (Weight("embeddings", (_size(m, obj, "input_dim"), _size(m, obj, "output_dim"))),)


def _recurrent(gates: int) -> Callable[[Machine, LayerObject, Shape], Sequence[Weight]]:
    def weights(m: Machine, obj: LayerObject, given: Shape) -> Sequence[Weight]:
        units = _size(m, obj, "units")
        wide = mul(units, gates)
        bias: tuple[Dim, ...] = (2, wide) if gates == 3 and obj.get("reset_after") != FALSE else (wide,)
        kernels = (Weight("kernel", (given.axis(-1), wide)), Weight("recurrent_kernel", (units, wide)))
        return (*kernels, *_bias(m, obj, *bias))

    return weights


_RULES: dict[str, Callable[[Machine, LayerObject, Shape], Sequence[Weight]]] = {
    "Dense": _dense,
    **{f"Conv{rank}D": _convolution for rank in (1, 2, 3)},
    **{f"Conv{rank}DTranspose": _transposed for rank in (1, 2, 3)},
    **{f"DepthwiseConv{rank}D": _depthwise for rank in (1, 2)},
    **{f"SeparableConv{rank}D": _separable for rank in (1, 2)},
    "BatchNormalization": _batch_norm,
    "LayerNormalization": _layer_norm,
    "Embedding": _embedding,
    "SimpleRNN": _recurrent(1),
    "GRU": _recurrent(3),
    "LSTM": _recurrent(4),
}


@function("keras.layers.Layer.get_weights", params="self")
def get_weights(m: Machine, a: Arguments) -> Value:
    """``layer.get_weights()``: NumPy arrays."""
    return weight_list(m, a.values["self"], "numpy")


@function("keras.layers.Layer.set_weights", params="self, weights")
def set_weights(m: Machine, a: Arguments) -> Value:
    """``layer.set_weights([kernel, bias])``: as many as the layer has, each of its shape."""
    wanted = weights_of(m, a.values["self"])
    given = m.items(a.values["weights"])
    if wanted is None or given is None:
        return NONE
    check_weights(m, a.values["self"], wanted, given)
    return NONE


def check_weights(m: Machine, layer: Value, wanted: Sequence[Weight], given: Sequence[Value]) -> None:
    """Raise where Keras refuses these weights for the layer."""
    name = shown_name(m, layer)
    if len(given) != len(wanted):
        raise ShapeFailure(
            Failure(
                "weights-mismatch",
                f"{{subject}} holds {len(given)} arrays, but the layer has {len(wanted)} weights",
                keras=f"You called `set_weights(weights)` on layer '{name}' with a weight list of length {len(given)}, "
                f"but the layer was expecting {len(wanted)} weights.",
                subject="weights",
            )
        )
    for index, (weight, value) in enumerate(zip(wanted, given, strict=True)):
        compare_weight(name, weight, value, index)


def shown_name(m: Machine, layer: Value) -> str:
    """What Keras calls a layer or model in its messages."""
    obj = m.read(layer) if isinstance(layer, Ref) else None
    if isinstance(obj, LayerObject):
        return name_of(m, obj.state) or layer_name(obj)
    if isinstance(obj, SequentialObject | FunctionalObject):
        usual = "sequential" if isinstance(obj, SequentialObject) else "functional"
        return name_of(m, obj.state) or usual
    return "layer"
