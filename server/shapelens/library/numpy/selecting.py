"""Choosing and finding elements: ``where``, ``take``, ``unique``, ``nonzero`` ... (NumPy 2.4)."""

from __future__ import annotations

import numpy

from shapelens.library.arrays.axes import normal_axis
from shapelens.library.arrays.constants import MAX_ITEMS, array_of, contents, settled, tensor
from shapelens.library.arrays.convert import (
    Unsure,
    flag,
    is_none,
    kind_of,
    operand,
    optional_int,
)
from shapelens.library.arrays.dtypes import promote
from shapelens.library.arrays.elementwise import broadcast_all, dtype_like
from shapelens.library.arrays.rules import array_rule, computed, source_of
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.broadcast import Clash, broadcast
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, of_rank
from shapelens.values.failure import NotKnown
from shapelens.values.objects import ListObject
from shapelens.values.value import NONE, Const, Opaque, TensorValue, TupleValue, Value


@array_rule("numpy.where", params="condition, x=None, y=None, /")
def where(machine: Machine, args: Arguments) -> Value:
    """``np.where``: a choice of two, or the places where the condition holds."""
    condition = source_of(machine, args, "condition", "numpy")
    first, second = args.get("x"), args.get("y")
    if first is None or second is None:
        return _places(machine, condition)
    a, b = operand(machine, first), operand(machine, second)
    shape = broadcast_all([part.spec.shape for part in (condition, a, b)])
    dtype = promote((dtype_like(first, a), dtype_like(second, b)), "numpy")
    return computed(machine, shape, dtype, "numpy", numpy.where, condition, a, b)


@array_rule("numpy.nonzero", "numpy.ndarray.nonzero", params="a")
def nonzero(machine: Machine, args: Arguments) -> Value:
    """Places of what is not zero: an index array for each axis."""
    return _places(machine, source_of(machine, args, "a", "numpy"))


@array_rule("numpy.argwhere", params="a")
def argwhere(machine: Machine, args: Arguments) -> Value:
    """``np.argwhere``: a row for each place."""
    rank = source_of(machine, args, "a", "numpy").spec.shape.rank
    return tensor(machine, Shape((ANY, ANY if rank is None else rank)), "int64")


@array_rule("numpy.flatnonzero", params="a")
def flatnonzero(machine: Machine, args: Arguments) -> Value:
    """``np.flatnonzero``."""
    return tensor(machine, of_rank(1), "int64")


@array_rule("numpy.take", "numpy.ndarray.take", params="a, indices, axis=None, out=None, mode='raise'")
def take(machine: Machine, args: Arguments) -> Value:
    """``np.take``: the axis is replaced by the index's axes."""
    source, index = source_of(machine, args, "a", "numpy"), source_of(machine, args, "indices", "numpy")
    axis, shape = optional_int(args, "axis"), source.spec.shape
    if axis is None:
        return computed(machine, index.spec.shape, source.spec.dtype, "numpy", numpy.take, source, index)
    if isinstance(axis, Unsure) or shape.open or index.spec.shape.open:
        return tensor(machine, UNKNOWN_SHAPE, source.spec.dtype)
    place = normal_axis(axis, shape, "numpy")
    sizes = (*shape.dims[:place], *index.spec.shape.dims, *shape.dims[place + 1 :])
    return tensor(machine, Shape(sizes), source.spec.dtype, kind_of([source], "numpy"))


@array_rule("numpy.take_along_axis", params="arr, indices, axis=-1")
def take_along_axis(machine: Machine, args: Arguments) -> Value:
    """``np.take_along_axis``: the index's shape, broadcast off the axis."""
    source, index = source_of(machine, args, "arr", "numpy"), source_of(machine, args, "indices", "numpy")
    axis = -1 if "axis" not in args.values else optional_int(args, "axis")
    if not isinstance(axis, int) or source.spec.shape.open or index.spec.shape.open:
        return tensor(machine, UNKNOWN_SHAPE, source.spec.dtype)
    place = normal_axis(axis, source.spec.shape, "numpy")
    if len(index.spec.shape.dims) != len(source.spec.shape.dims):
        return tensor(machine, UNKNOWN_SHAPE, source.spec.dtype)
    size = index.spec.shape.dims[place]
    met = broadcast(source.spec.shape.replace(place, 1), index.spec.shape.replace(place, 1))
    shape = UNKNOWN_SHAPE if isinstance(met, Clash) else met.replace(place, size)
    return tensor(machine, shape, source.spec.dtype)


@array_rule("numpy.extract", params="condition, arr", renamed={"arr": "a"})
@array_rule("numpy.compress", params="condition, a, axis=None, out=None")
@array_rule("numpy.ndarray.compress", params="a, condition, axis=None, out=None")
def compress(machine: Machine, args: Arguments) -> Value:
    """Chosen by a mask: how many is known for a constant one."""
    source, mask = source_of(machine, args, "a", "numpy"), array_of(source_of(machine, args, "condition", "numpy"))
    chosen: Dim = ANY if mask is None or mask.dtype == object else int((mask != 0).sum())
    if is_none(args.get("axis")):
        return tensor(machine, Shape((chosen,)), source.spec.dtype)
    axis, shape = optional_int(args, "axis"), source.spec.shape
    if not isinstance(axis, int) or shape.open:
        return tensor(machine, UNKNOWN_SHAPE, source.spec.dtype)
    return tensor(machine, shape.replace(normal_axis(axis, shape, "numpy"), chosen), source.spec.dtype)


@array_rule(
    "numpy.unique",
    params=(
        "ar, return_index=False, return_inverse=False, return_counts=False, axis=None, *, equal_nan=True, sorted=True"
    ),
)
def unique(machine: Machine, args: Arguments) -> Value:
    """``np.unique``: how many there are is known for labels and small constants."""
    source = source_of(machine, args, "ar", "numpy")
    shape = Shape((ANY if source.labels is None else source.labels,))
    data: object = None
    array = array_of(source)
    if array is not None and array.dtype != object and is_none(args.get("axis")):
        found = numpy.unique(array)
        shape, data = Shape((int(found.size),)), contents(found)
    if not is_none(args.get("axis")):
        shape = source.spec.shape.replace(0, ANY) if source.spec.shape.rank else UNKNOWN_SHAPE
        if args.get("axis") != Const(0):
            shape = UNKNOWN_SHAPE
    made = tensor(machine, shape, source.spec.dtype, data=data)
    parts: list[Value] = [made]
    count = shape.dims[0] if shape.rank else ANY
    for name, sizes in (
        ("return_index", Shape((count,))),
        ("return_inverse", None),
        ("return_counts", Shape((count,))),
    ):
        wanted = flag(args, name, False)
        if isinstance(wanted, Unsure):
            raise NotKnown("it is not known how many results this has")
        if wanted:
            inverse = source.spec.shape if is_none(args.get("axis")) else UNKNOWN_SHAPE
            parts.append(tensor(machine, inverse if sizes is None else sizes, "int64"))
    return made if len(parts) == 1 else TupleValue(tuple(parts))


@array_rule("numpy.union1d", params="ar1, ar2")
@array_rule("numpy.setdiff1d", params="ar1, ar2, assume_unique=False")
def some(machine: Machine, args: Arguments) -> Value:
    """A vector of a length that depends on the contents."""
    return tensor(machine, of_rank(1))


@array_rule("numpy.isin", "numpy.in1d", params="element, test_elements, **kwargs")
def isin(machine: Machine, args: Arguments) -> Value:
    """``np.isin``: a bool for each element."""
    return tensor(machine, source_of(machine, args, "element", "numpy").spec.shape, "bool")


@array_rule("numpy.intersect1d", params="ar1, ar2, assume_unique=False, return_indices=False")
def intersect1d(machine: Machine, args: Arguments) -> Value:
    """What is in both, and perhaps where."""
    indices = flag(args, "return_indices", False)
    if isinstance(indices, Unsure):
        raise NotKnown("it is not known how many results this has")
    made = tensor(machine, of_rank(1))
    place = tensor(machine, of_rank(1), "int64")
    return TupleValue((made, place, place)) if indices else made


@array_rule("numpy.vectorize", params="pyfunc, *args, **kwargs")
def vectorize(machine: Machine, args: Arguments) -> Value:
    """A function of each element: what it gives is not followed."""
    raise NotKnown("what a vectorized function gives is not followed")


@array_rule("numpy.allclose", params="a, b, rtol=1e-05, atol=1e-08, equal_nan=False")
@array_rule("numpy.array_equal", params="a1, a2, equal_nan=False")
@array_rule("numpy.array_equiv", params="a1, a2")
def answer(machine: Machine, args: Arguments) -> Value:
    """One bool."""
    return Opaque("bool")


@array_rule(
    "numpy.save", "numpy.savez", "numpy.savez_compressed", "numpy.savetxt", "numpy.set_printoptions",
    "numpy.seterr", "numpy.fill_diagonal", "numpy.put", "numpy.copyto", "numpy.place", "numpy.putmask",
    "numpy.put_along_axis", "numpy.random.set_state", params="*args, **kwargs",
)  # fmt: skip
def nothing(machine: Machine, args: Arguments) -> Value:
    """Gives ``None``."""
    return NONE


@array_rule("numpy.ndarray.tolist", params="self")
def tolist(machine: Machine, args: Arguments) -> Value:
    """``a.tolist()``: nested lists where the contents are small and known."""
    source = source_of(machine, args, "self", "numpy")
    if source.data is not None:
        return _listed(machine, source.data)
    if source.spec.shape.rank == 0:
        return settled(source)
    return _rows(machine, source.spec.shape, Opaque(_scalar(source.spec.dtype)))


def _rows(machine: Machine, shape: Shape, scalar: Value) -> Value:
    if shape.open:
        return machine.alloc(ListObject((), open=True))
    if not shape.dims:
        return scalar
    row = _rows(machine, Shape(shape.dims[1:]), scalar)
    size = shape.dims[0]
    if isinstance(size, int) and size <= MAX_ITEMS:
        return machine.alloc(ListObject((row,) * size))
    return machine.alloc(ListObject((), open=True, rest=row))


def _scalar(dtype: str | None) -> str:
    if dtype is None:
        return "object"
    return "float" if dtype.startswith("float") else "int" if "int" in dtype else dtype


def _listed(machine: Machine, data: object) -> Value:
    if isinstance(data, tuple):
        return machine.alloc(ListObject(tuple(_listed(machine, item) for item in data)))
    return Const(data) if isinstance(data, int | float | str | bool) else Opaque("int")


def _places(machine: Machine, source: TensorValue) -> Value:
    rank = source.spec.shape.rank
    if rank is None:
        raise NotKnown("the number of axes is not known")
    return TupleValue((tensor(machine, of_rank(1), "int64"),) * rank)
