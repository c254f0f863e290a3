"""``layer.compute_output_shape``: what a layer would give, without a call."""

from __future__ import annotations

from shapelens.library.keras.layers.apply import apply_layer
from shapelens.library.keras.models.nests import shape_of, shape_value
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.shapes.shape import TensorSpec
from shapelens.values.failure import NotKnown, ShapeFailure
from shapelens.values.objects import LayerObject
from shapelens.values.value import Ref, TensorValue, TupleValue, Value


@function("keras.layers.Layer.compute_output_shape", params="self, input_shape, **kwargs")
def compute_output_shape(m: Machine, a: Arguments) -> Value:
    """The output's shape for one input of a given shape; it checks less than a call, so nothing is refused."""
    layer, given = a.values["self"], a.values["input_shape"]
    if not isinstance(layer, Ref) or not isinstance(m.read(layer), LayerObject):
        raise NotKnown("the layer is none of the library's")
    if isinstance(given, TensorValue) or any(isinstance(item, TupleValue | Ref) for item in m.items(given) or ()):
        raise NotKnown("the layer has several inputs")
    shape = shape_of(m, given)
    if shape is None:
        raise NotKnown("the input's shape is not known")
    try:
        result = apply_layer(m, layer, TensorSpec(shape, "float32"), {})
    except ShapeFailure:
        raise NotKnown("a call on this shape would be refused") from None
    return shape_value(result.outputs, m)
