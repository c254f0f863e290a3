"""``tf.Variable``'s methods and ``tf.TensorArray`` (TensorFlow 2.21)."""

from __future__ import annotations

from dataclasses import replace

from shapelens.library.arrays.attributes import tensor_of
from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import as_dim, as_shape, as_spec, is_none, items_of, meet, operand
from shapelens.library.arrays.dtypes import dtype_of
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.rules import array_rule
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, attribute, method
from shapelens.library.tensorflow.selecting import gathered_nd
from shapelens.shapes.dims import ANY, Dim, same
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.failure import NotKnown
from shapelens.values.objects import ListObject
from shapelens.values.value import NONE, Const, LibObject, Opaque, TensorValue, Value

_ARRAY = "tensorflow.TensorArray"


@method("tensorflow.Variable.value", "tensorflow.Variable.read_value", params="self")
@method("tensorflow.Variable.initialized_value", params="self")
def value_method(machine: Machine, args: Arguments) -> Value:
    """The variable as a tensor."""
    source = tensor_of(args.values["self"])
    return tensor(machine, source.spec.shape, source.spec.dtype, "tensor")


@array_rule("tensorflow.Variable.assign", params="self, value, use_locking=False, name=None, read_value=True")
@array_rule(
    "tensorflow.Variable.assign_add",
    "tensorflow.Variable.assign_sub",
    params="self, delta, use_locking=False, name=None, read_value=True",
    renamed={"delta": "value"},
)
def assign(machine: Machine, args: Arguments) -> Value:
    """The variable, after it took a value of its own shape."""
    source = tensor_of(args.values["self"])
    given = None if args.get("value") is None else as_spec(args.values["value"], machine, "tensorflow")
    shape = source.spec.shape
    if given is not None and not shape.open and not given.spec.shape.open:
        found = given.spec.shape
        unlike = len(found.dims) != len(shape.dims) or any(
            same(a, b) is False for a, b in zip(shape.dims, found.dims, strict=True)
        )
        if unlike:
            raise refusal(
                "broadcast-mismatch",
                f"a variable of shape {shape} cannot take a value of shape {found}",
                None,
                subject=1,
                expected=shape,
                found=found,
            )
    return replace(source, origin=machine.site)


@array_rule(
    "tensorflow.Variable.scatter_nd_update",
    "tensorflow.Variable.scatter_nd_add",
    "tensorflow.Variable.scatter_nd_sub",
    params="self, indices, updates, name=None",
)
@array_rule(
    "tensorflow.Variable.scatter_update",
    "tensorflow.Variable.scatter_add",
    "tensorflow.Variable.scatter_sub",
    "tensorflow.Variable.scatter_mul",
    "tensorflow.Variable.scatter_max",
    "tensorflow.Variable.scatter_min",
    params="self, sparse_delta, use_locking=False, name=None",
)
def scattered(machine: Machine, args: Arguments) -> Value:
    """The variable, with some of its content changed."""
    return tensor_of(args.values["self"])


@array_rule("tensorflow.Variable.gather_nd", params="self, indices, name=None")
def gather_nd(machine: Machine, args: Arguments) -> Value:
    """``tf.gather_nd`` of the variable."""
    source = tensor_of(args.values["self"])
    places = operand(machine, args.get("indices"), "tensorflow").spec.shape
    return tensor(machine, gathered_nd(source.spec.shape, places, 0), source.spec.dtype, "tensor")


@array_rule("tensorflow.Variable.sparse_read", params="self, indices, name=None")
def sparse_read(machine: Machine, args: Arguments) -> Value:
    """Rows of the variable."""
    source = tensor_of(args.values["self"])
    places = operand(machine, args.get("indices"), "tensorflow").spec.shape
    known = source.spec.shape.rank and not places.open
    shape = Shape((*places.dims, *source.spec.shape.dims[1:])) if known else UNKNOWN_SHAPE
    return tensor(machine, shape, source.spec.dtype, "tensor")


@attribute("tensorflow.Variable.trainable")
def trainable(machine: Machine, value: Value) -> Value:
    """``v.trainable``."""
    return Opaque("bool")


@attribute("tensorflow.Variable.name", "tensorflow.Tensor.device", "tensorflow.Variable.device")
def name_of(machine: Machine, value: Value) -> Value:
    """``v.name``."""
    return Opaque("str")


# ``tf.TensorArray``: what was written last is taken for every element.


@array_rule(
    _ARRAY,
    params="dtype, size=None, dynamic_size=None, clear_after_read=None, tensor_array_name=None, handle=None, "
    "flow=None, infer_shape=True, element_shape=None, colocate_with_first_write_call=True, name=None",
)
def tensor_array(machine: Machine, args: Arguments) -> Value:
    """An array of tensors, each of one shape."""
    return LibObject(_ARRAY, tuple(args.values.items()), machine.site)


@array_rule(f"{_ARRAY}.write", params="self, index, value, name=None")
def write(machine: Machine, args: Arguments) -> Value:
    """The array with one element more."""
    array = _array(args)
    written = as_spec(args.values["value"], machine, "tensorflow")
    if written is None:
        return array
    shape, known = written.spec.shape, array.get("element")
    if isinstance(known, TensorValue):
        shape = meet(known.spec.shape, shape) or UNKNOWN_SHAPE
    element = tensor(machine, shape, _dtype(array), "tensor")
    config = {**dict(array.config), "element": element}
    return replace(array, config=tuple(config.items()))


@array_rule(f"{_ARRAY}.unstack", f"{_ARRAY}.scatter", f"{_ARRAY}.split", params="self, *args, **kwargs")
def filled(machine: Machine, args: Arguments) -> Value:
    """The array with the rows of a tensor."""
    array = _array(args)
    given = operand(machine, args.rest[-1] if args.rest else args.extra.get("value"), "tensorflow")
    shape = given.spec.shape
    element = tensor(machine, Shape(shape.dims[1:]) if shape.rank else UNKNOWN_SHAPE, _dtype(array), "tensor")
    config = {**dict(array.config), "element": element}
    if shape.rank and isinstance(shape.dims[0], int):
        config["size"] = Const(shape.dims[0])
    return replace(array, config=tuple(config.items()))


@array_rule(f"{_ARRAY}.read", params="self, index, name=None")
def read(machine: Machine, args: Arguments) -> Value:
    """One element."""
    return _element(machine, _array(args))


@array_rule(f"{_ARRAY}.stack", params="self, name=None")
@array_rule(f"{_ARRAY}.gather", params="self, indices, name=None")
def stack(machine: Machine, args: Arguments) -> Value:
    """The elements along a new first axis."""
    array = _array(args)
    element = _element(machine, array)
    count: Dim = ANY
    size, indices = array.get("size"), args.get("indices")
    if indices is not None:
        count = operand(machine, indices, "tensorflow").spec.shape.axis(0)
    elif size is not None and is_none(array.get("dynamic_size")):
        count = as_dim(size)
    shape = element.spec.shape
    full = Shape((count, *shape.dims)) if not shape.open else UNKNOWN_SHAPE
    return tensor(machine, full, element.spec.dtype, "tensor")


@array_rule(f"{_ARRAY}.concat", params="self, name=None")
def concat(machine: Machine, args: Arguments) -> Value:
    """The elements one after the other."""
    shape = _element(machine, _array(args)).spec.shape
    full = Shape((ANY, *shape.dims[1:])) if shape.rank else UNKNOWN_SHAPE
    return tensor(machine, full, _dtype(_array(args)), "tensor")


@array_rule(f"{_ARRAY}.size", params="self, name=None")
def size_of(machine: Machine, args: Arguments) -> Value:
    """How many elements it has."""
    return tensor(machine, Shape(()), "int32", "tensor")


@array_rule(f"{_ARRAY}.close", f"{_ARRAY}.mark_used", params="self, name=None")
def closed(machine: Machine, args: Arguments) -> Value:
    """Gives ``None``."""
    return NONE


def _array(args: Arguments) -> LibObject:
    array = args.values["self"]
    if not isinstance(array, LibObject):
        raise NotKnown("it is not known to be a TensorArray")
    return array


def _dtype(array: LibObject) -> str | None:
    return dtype_of(array.get("dtype"), "tensorflow")


def _element(machine: Machine, array: LibObject) -> TensorValue:
    known = array.get("element")
    if isinstance(known, TensorValue):
        return known
    given = array.get("element_shape")
    shape = UNKNOWN_SHAPE if given is None or is_none(given) else as_shape(machine, given)
    if any(size is None for size in shape.dims):
        shape = Shape(tuple(ANY if size is None else size for size in shape.dims))
    return tensor(machine, shape, _dtype(array), "tensor")


@array_rule("tensorflow.identity_n", params="input, name=None")
def identity_n(machine: Machine, args: Arguments) -> Value:
    """The same tensors."""
    items = items_of(machine, args.get("input"))
    if items is None:
        raise NotKnown("the tensors are not known")
    parts = [operand(machine, item, "tensorflow") for item in items]
    return machine.alloc(
        ListObject(tuple(tensor(machine, part.spec.shape, part.spec.dtype, "tensor") for part in parts))
    )
