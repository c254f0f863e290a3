"""Properties of arrays and tensors: ``shape``, ``ndim``, ``size``, ``dtype``, ``T``, ``len()``."""

from __future__ import annotations

from shapelens.library.arrays.constants import array_of, contents, settled
from shapelens.library.arrays.dtypes import item_bytes
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.symbolic import is_symbolic
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, attribute, method
from shapelens.shapes.dims import Dim, SymDim, mul
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, TensorSpec
from shapelens.values.failure import NotKnown
from shapelens.values.value import Const, Lib, Opaque, SizeValue, TensorValue, TupleValue, Value

ARRAYS = ("numpy.ndarray", "pandas.Series")
TENSORS = ("tensorflow.Tensor", "tensorflow.Variable", "keras.KerasTensor")


def dim_value(size: Dim) -> Value:
    """A size as the program sees it in ``x.shape``."""
    if isinstance(size, SymDim):
        return SizeValue(size) if size.terms else Opaque("int")
    return Const(size)


def shape_value(shape: Shape) -> Value:
    """A shape as the program sees it."""
    if shape.open:
        raise NotKnown("the number of axes is not known")
    return TupleValue(tuple(map(dim_value, shape.dims)))


def tensor_of(value: Value) -> TensorValue:
    """The array that a property is asked of."""
    if not isinstance(value, TensorValue):
        raise NotKnown("it is not known to be an array")
    return value


@attribute(*(f"{name}.shape" for name in (*ARRAYS, *TENSORS)))
def shape_of(machine: Machine, value: Value) -> Value:
    """``x.shape``."""
    return shape_value(tensor_of(value).spec.shape)


@attribute(*(f"{name}.ndim" for name in (*ARRAYS, *TENSORS)))
def ndim_of(machine: Machine, value: Value) -> Value:
    """``x.ndim``."""
    rank = tensor_of(value).spec.shape.rank
    return Opaque("int") if rank is None else Const(rank)


@attribute(*(f"{name}.size" for name in ARRAYS))
def size_of(machine: Machine, value: Value) -> Value:
    """``x.size``."""
    return dim_value(tensor_of(value).spec.shape.size())


@attribute("numpy.ndarray.itemsize")
def itemsize(machine: Machine, value: Value) -> Value:
    """``x.itemsize``: the bytes of one element."""
    width = item_bytes(tensor_of(value).spec.dtype)
    return Opaque("int") if width is None else Const(width)


@attribute("numpy.ndarray.nbytes")
def nbytes(machine: Machine, value: Value) -> Value:
    """``x.nbytes``: the bytes of all elements."""
    array = tensor_of(value)
    width = item_bytes(array.spec.dtype)
    return Opaque("int") if width is None else dim_value(mul(array.spec.shape.size(), width))


@attribute(*(f"{name}.dtype" for name in (*ARRAYS, *TENSORS)))
def dtype_attribute(machine: Machine, value: Value) -> Value:
    """``x.dtype``: a string for symbolic tensors, else the library's dtype object."""
    array = tensor_of(value)
    name = array.spec.dtype
    if name is None:
        raise NotKnown("the dtype is not known")
    if array.kind == "keras":
        return Const(name)
    return Lib(f"{'tensorflow' if array.kind in ('tensor', 'variable') else 'numpy'}.{name}")


@attribute(*(f"{name}.T" for name in (*ARRAYS, "keras.KerasTensor")))
def transposed(machine: Machine, value: Value) -> Value:
    """``x.T``: the axes in reverse."""
    array = tensor_of(value)
    shape = array.spec.shape
    contents_of = array_of(array)
    data = None if contents_of is None else contents(contents_of.T)
    turned = UNKNOWN_SHAPE if shape.open else Shape(shape.dims[::-1])
    return TensorValue(TensorSpec(turned, array.spec.dtype), array.kind, data, origin=machine.site)


@attribute("numpy.ndarray.flat", "numpy.ndarray.real", "numpy.ndarray.imag")
def same_contents(machine: Machine, value: Value) -> Value:
    """Views whose sizes are those of the array."""
    return tensor_of(value)


@method(*(f"{name}.__len__" for name in (*ARRAYS, *TENSORS)), params="self")
def length(machine: Machine, args: Arguments) -> Value:
    """``len(x)``."""
    array = tensor_of(args.values["self"])
    shape = array.spec.shape
    if is_symbolic(machine, array):
        raise refusal(
            "invalid-argument",
            "a symbolic tensor of Keras has no length",
            "object of type 'KerasTensor' has no len()",
            found=shape,
        )
    if shape.rank == 0:
        raise refusal(
            "axis-out-of-range",
            "{subject} is a scalar and has no length",
            "len() of unsized object",
            found=shape,
        )
    first = dim_value(shape.dims[0]) if not shape.open else Opaque("int")
    return Opaque("int") if first == Const(None) else first


@method(*(f"{name}.__array__" for name in ARRAYS), params="self, dtype=None")
def as_array(machine: Machine, args: Arguments) -> Value:
    """``np.asarray(x)``'s protocol."""
    array = tensor_of(args.values["self"])
    return settled(TensorValue(array.spec, "numpy", array.data, labels=array.labels, origin=array.origin))
