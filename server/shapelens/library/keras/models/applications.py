"""Helpers of Keras's own applications, whose source people copy and change."""

from __future__ import annotations

from shapelens.library.keras.models.nests import shape_of
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.shapes.dims import ANY, floordiv, sub
from shapelens.values.value import NONE, Const, OneOf, Opaque, TensorValue, TupleValue, Unknown, Value

HELPERS = "keras.applications.imagenet_utils"


@function(
    f"{HELPERS}.obtain_input_shape",
    "keras_applications.imagenet_utils._obtain_input_shape",
    params="input_shape, default_size, min_size, data_format, require_flatten, weights=None",
)
def obtain_input_shape(m: Machine, a: Arguments) -> Value:
    """The input shape of a network, from what its caller gave (Keras 3.15.1, channels last)."""
    given = a.values["input_shape"]
    default = a.values["default_size"]
    last = a.values["data_format"] != Const("channels_first")
    flatten = m.truth(a.values["require_flatten"])
    square = (default, default, Const(3)) if last else (Const(3), default, default)
    open_ = (NONE, NONE, Const(3)) if last else (Const(3), NONE, NONE)
    if given != NONE:
        if isinstance(given, Unknown | OneOf | Opaque):
            return Unknown("the input shape is not known")
        shape = shape_of(m, given)
        weights = a.values.get("weights", NONE)
        if shape is not None and len(shape.dims) == 3 and weights == Const("imagenet") and flatten:
            return TupleValue(square)
        return given
    if flatten is None:
        return Unknown("the input shape is not known")
    return TupleValue(square if flatten else open_)


@function(f"{HELPERS}.correct_pad", params="inputs, kernel_size")
def correct_pad(m: Machine, a: Arguments) -> Value:
    """The zero padding before a strided convolution (Keras 3.15.1, channels last)."""
    inputs = a.values["inputs"]
    shape = shape_of(m, a.values["kernel_size"])
    if not isinstance(inputs, TensorValue) or shape is None or not shape.dims:
        return Unknown("the padding is not known")
    kernel = shape.dims if len(shape.dims) == 2 else shape.dims * 2
    pads: list[Value] = []
    for axis, size in zip((1, 2), kernel, strict=True):
        length = inputs.spec.shape.axis(axis)
        half = floordiv(size, 2)
        # Of a size that it does not know, Keras assumes that it is even.
        odd = 1 if length is None else 1 - length % 2 if isinstance(length, int) else ANY
        before = sub(half, odd)
        if not isinstance(before, int) or not isinstance(half, int):
            return Unknown("the padding is not known")
        pads.append(TupleValue((Const(before), Const(half))))
    return TupleValue(tuple(pads))


@function(f"{HELPERS}.validate_activation", params="classifier_activation, weights")
def validate_activation(m: Machine, a: Arguments) -> Value:
    """Raises only for weights that are loaded."""
    return NONE


@function("keras.backend.is_keras_tensor", "keras.utils.is_keras_tensor", params="x")
def is_keras_tensor(m: Machine, a: Arguments) -> Value:
    """Whether ``x`` is symbolic."""
    value = a.values["x"]
    if isinstance(value, TensorValue):
        return Const(value.kind == "keras")
    return Const(False) if isinstance(value, Const | TupleValue) else Opaque("bool")
