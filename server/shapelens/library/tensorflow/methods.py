"""Methods of tensors, variables and shapes, and TensorFlow's constants (TensorFlow 2.21)."""

from __future__ import annotations

from dataclasses import replace

from shapelens.library.arrays.attributes import dim_value, shape_value, tensor_of
from shapelens.library.arrays.constants import settled, tensor
from shapelens.library.arrays.convert import as_shape, items_of
from shapelens.library.arrays.dtypes import NAMES
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.reshaping import reshaped
from shapelens.library.arrays.rules import array_rule
from shapelens.library.arrays.symbolic import is_symbolic
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, attribute, method
from shapelens.shapes.dims import product
from shapelens.values.failure import NotKnown
from shapelens.values.objects import ListObject
from shapelens.values.value import NONE, Const, Lib, LibObject, Opaque, Value

_TENSORS = ("tensorflow.Tensor", "tensorflow.Variable", "keras.KerasTensor")


@method("tensorflow.Tensor.numpy", "tensorflow.Variable.numpy", params="self")
def numpy_method(machine: Machine, args: Arguments) -> Value:
    """``t.numpy()``: an array; a single string gives its bytes."""
    source = tensor_of(args.values["self"])
    if source.spec.dtype == "string" and source.spec.shape.rank == 0:
        return Opaque("bytes")
    return settled(replace(source, kind="numpy", node=None, origin=machine.site))


@method(*(f"{name}.get_shape" for name in _TENSORS), params="self")
def get_shape(machine: Machine, args: Arguments) -> Value:
    """``t.get_shape()``; Keras 3's symbolic tensors have none."""
    source = tensor_of(args.values["self"])
    if is_symbolic(machine, source):
        raise refusal(
            "invalid-argument",
            "a symbolic tensor of Keras 3 has no `get_shape()`; its sizes are in `.shape`",
            "'KerasTensor' object has no attribute 'get_shape'",
            found=source.spec.shape,
        )
    return shape_value(source.spec.shape)


@method("tensorflow.Tensor.set_shape", params="self, shape")
@method("tensorflow.Variable.set_shape", params="self, shape")
def set_shape(machine: Machine, args: Arguments) -> Value:
    """In place: gives ``None``."""
    return NONE


@array_rule("keras.KerasTensor.reshape", params="self, newshape")
def keras_reshape(machine: Machine, args: Arguments) -> Value:
    """``KerasTensor.reshape``."""
    source = tensor_of(args.values["self"])
    target = as_shape(machine, args.get("newshape"))
    return tensor(machine, reshaped(source.spec.shape, target, "keras"), source.spec.dtype, "keras")


@array_rule("tensorflow.TensorShape", params="dims")
def tensor_shape(machine: Machine, args: Arguments) -> Value:
    """``tf.TensorShape([None, 3])``: as the tuple that it behaves like."""
    return shape_value(as_shape(machine, args.get("dims")))


@method("tensorflow.TensorShape.as_list", params="self")
def as_list(machine: Machine, args: Arguments) -> Value:
    """``t.shape.as_list()``."""
    items = items_of(machine, args.get("self"))
    if items is None:
        raise NotKnown("the shape is not known")
    return machine.alloc(ListObject(items))


@method("builtins.tuple.as_list", params="self")
def as_list_of_keras2(machine: Machine, args: Arguments) -> Value:
    """The shape of a symbolic tensor, which Keras 2 has as a `TensorShape` and Keras 3 as a tuple."""
    if machine.versions.family == 3:
        raise NotKnown("a tuple has no `as_list()`")
    return as_list(machine, args)


@method("tensorflow.TensorShape.num_elements", params="self")
def num_elements(machine: Machine, args: Arguments) -> Value:
    """``t.shape.num_elements()``."""
    return dim_value(product(as_shape(machine, args.get("self")).dims))


@method("tensorflow.TensorShape.is_fully_defined", params="self")
def is_fully_defined(machine: Machine, args: Arguments) -> Value:
    """``t.shape.is_fully_defined()``."""
    return Const(None not in as_shape(machine, args.get("self")).dims)


@attribute("tensorflow.TensorShape.rank", "tensorflow.TensorShape.ndims")
def rank_of(machine: Machine, value: Value) -> Value:
    """``t.shape.rank``."""
    items = items_of(machine, value)
    if items is None:
        raise NotKnown("the number of axes is not known")
    return Const(len(items))


@attribute("builtins.tuple.rank", "builtins.tuple.ndims")
def rank_of_keras2(machine: Machine, value: Value) -> Value:
    """As `as_list_of_keras2`."""
    if machine.versions.family == 3:
        raise NotKnown("a tuple has no rank")
    return rank_of(machine, value)


@array_rule("tensorflow.TensorSpec", params="shape, dtype=None, name=None")
@array_rule("tensorflow.TensorSpec.from_tensor", params="tensor, name=None")
def tensor_spec(machine: Machine, args: Arguments) -> Value:
    """``tf.TensorSpec``: keeps its arguments."""
    return LibObject("tensorflow.TensorSpec", tuple(args.values.items()), machine.site)


@attribute("tensorflow.TensorSpec.shape")
def spec_shape(machine: Machine, value: Value) -> Value:
    """The shape of a ``tf.TensorSpec``."""
    if not isinstance(value, LibObject):
        raise NotKnown("it is not known to be a TensorSpec")
    return shape_value(as_shape(machine, value.get("shape")))


@array_rule("tensorflow.as_dtype", params="type_value")
def as_dtype(machine: Machine, args: Arguments) -> Value:
    """``tf.as_dtype``: itself."""
    return args.values["type_value"]


@array_rule("tensorflow.executing_eagerly", params="")
def executing_eagerly(machine: Machine, args: Arguments) -> Value:
    """True in programs; inside traced functions it is not."""
    raise NotKnown("it depends on whether the function is traced")


def _dtype_constant(name: str) -> None:
    def rule(machine: Machine, owner: Value) -> Value:
        return Lib(f"tensorflow.{name}")

    for prefix in ("tensorflow", "tensorflow.dtypes"):
        attribute(f"{prefix}.{name}")(rule)


for _name in sorted(NAMES - {"str", "object"}):
    _dtype_constant(_name)


@attribute("tensorflow.newaxis")
def newaxis(machine: Machine, owner: Value) -> Value:
    """``tf.newaxis``."""
    return NONE
