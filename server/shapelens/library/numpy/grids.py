"""``np.r_``, ``np.c_``, ``np.mgrid``, ``np.ogrid``, ``np.ix_``, and index arrays (NumPy 2.4)."""

from __future__ import annotations

import math

import numpy

from shapelens.library.arrays.constants import MAX_ITEMS, array_of, contents, tensor
from shapelens.library.arrays.convert import as_dim, as_int, as_shape, is_none, operand
from shapelens.library.arrays.creating import range_of
from shapelens.library.arrays.dtypes import promote, scalar_type
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.joining import concatenated
from shapelens.library.arrays.rules import array_rule, source_of
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, of_rank
from shapelens.values.failure import NotKnown
from shapelens.values.value import Const, OneOf, SliceValue, TensorValue, TupleValue, Unknown, Value


def _keys(args: Arguments) -> tuple[Value, ...]:
    key = args.values["key"]
    return key.items if isinstance(key, TupleValue) else (key,)


def _ranged(machine: Machine, part: SliceValue) -> TensorValue:
    """``start:stop:step`` as numbers; an imaginary step counts them."""
    step = part.step
    if isinstance(step, Const) and isinstance(step.value, complex):
        return tensor(machine, Shape((int(abs(step.value)),)), "float64")
    start = Const(0) if is_none(part.start) else part.start
    values: dict[str, Value] = {"start": start, "stop": part.stop}
    if not is_none(step):
        values["step"] = step
    made = range_of(machine, Arguments(values), "numpy")
    return made if isinstance(made, TensorValue) else tensor(machine, of_rank(1))


def _parts(machine: Machine, args: Arguments) -> list[TensorValue]:
    parts: list[TensorValue] = []
    for key in _keys(args):
        if isinstance(key, OneOf | Unknown) or scalar_type(key) is str:
            raise NotKnown("directives of np.r_ are not followed")
        parts.append(_ranged(machine, key) if isinstance(key, SliceValue) else operand(machine, key))
    return parts


@array_rule("numpy.r_.__getitem__", params="self, key")
def rows(machine: Machine, args: Arguments) -> Value:
    """``np.r_[a, b]``: one after the other along the first axis."""
    parts = _parts(machine, args)
    shapes = [Shape((1,)) if part.spec.shape.rank == 0 else part.spec.shape for part in parts]
    data: object = None
    known = [array_of(part) for part in parts]
    if all(array is not None and array.dtype != object and array.ndim < 2 for array in known):
        data = contents(numpy.concatenate([numpy.atleast_1d(array) for array in known if array is not None]))
    dtype = promote([part.spec.dtype for part in parts], "numpy")
    return tensor(machine, concatenated(shapes, 0, "numpy"), dtype, data=data)


@array_rule("numpy.c_.__getitem__", params="self, key")
def columns(machine: Machine, args: Arguments) -> Value:
    """``np.c_[a, b]``: vectors become columns, beside each other."""
    parts = _parts(machine, args)
    shapes: list[Shape] = []
    for part in parts:
        shape = part.spec.shape
        if shape.rank in (0, 1):
            shape = Shape((*(shape.dims or (1,)), 1))
        shapes.append(shape)
    dtype = promote([part.spec.dtype for part in parts], "numpy")
    return tensor(machine, concatenated(shapes, -1, "numpy"), dtype)


@array_rule("numpy.mgrid.__getitem__", params="self, key")
def mgrid(machine: Machine, args: Arguments) -> Value:
    """``np.mgrid[0:3, 0:4]``: a grid for each axis, in a first axis."""
    parts = _grid_parts(machine, args)
    dtype = promote([part.spec.dtype for part in parts], "numpy")
    if not isinstance(args.values["key"], TupleValue):
        return parts[0]
    sizes = tuple(part.spec.shape.axis(0) for part in parts)
    return tensor(machine, Shape((len(parts), *sizes)), dtype)


@array_rule("numpy.ogrid.__getitem__", params="self, key")
def ogrid(machine: Machine, args: Arguments) -> Value:
    """``np.ogrid[0:3, 0:4]``: axes that broadcast to a grid."""
    parts = _grid_parts(machine, args)
    if not isinstance(args.values["key"], TupleValue):
        return parts[0]
    return TupleValue(_opened(machine, parts))


def _grid_parts(machine: Machine, args: Arguments) -> list[TensorValue]:
    parts: list[TensorValue] = []
    for key in _keys(args):
        if not isinstance(key, SliceValue):
            raise NotKnown("the grid's ranges are not known")
        parts.append(_ranged(machine, key))
    return parts


def _opened(machine: Machine, parts: list[TensorValue]) -> tuple[Value, ...]:
    made: list[Value] = []
    for place, part in enumerate(parts):
        sizes: list[Dim] = [1] * len(parts)
        sizes[place] = part.spec.shape.axis(0)
        made.append(tensor(machine, Shape(tuple(sizes)), part.spec.dtype))
    return tuple(made)


@array_rule("numpy.s_.__getitem__", "numpy.index_exp.__getitem__", params="self, key")
def index_expression(machine: Machine, args: Arguments) -> Value:
    """``np.s_[1:3]``: the index itself."""
    return args.values["key"]


@array_rule("numpy.ix_", params="*args")
def ix(machine: Machine, args: Arguments) -> Value:
    """``np.ix_``: vectors that broadcast to a grid of indices."""
    parts: list[TensorValue] = []
    for value in args.rest:
        part = operand(machine, value)
        if part.spec.shape.rank not in (None, 1):
            raise refusal(
                "rank-mismatch",
                f"np.ix_ takes vectors, not the shape {part.spec.shape}",
                "Cross index must be 1 dimensional",
                found=part.spec.shape,
            )
        mask = array_of(part) if part.spec.dtype == "bool" else None
        if part.spec.dtype in ("bool", None):
            count: Dim = ANY if mask is None else int(mask.sum())
            part = tensor(machine, Shape((count,)), "int64")
        parts.append(part)
    opened = _opened(machine, parts)
    made: list[Value] = []
    for part, one in zip(parts, opened, strict=True):
        array = array_of(part)
        if array is not None and array.dtype != object and isinstance(one, TensorValue) and one.spec.shape.known:
            sizes = [size for size in one.spec.shape.dims if isinstance(size, int)]
            one = tensor(machine, one.spec.shape, part.spec.dtype, data=contents(array.reshape(sizes)))
        made.append(one)
    return TupleValue(tuple(made))


@array_rule("numpy.indices", params="dimensions, dtype=None, sparse=False")
def indices(machine: Machine, args: Arguments) -> Value:
    """``np.indices``: a grid of places for each axis."""
    sizes = as_shape(machine, args.get("dimensions"))
    if args.get("sparse") is not None and args.get("sparse") != Const(False):
        raise NotKnown("sparse grids are not followed")
    shape = UNKNOWN_SHAPE if sizes.open else Shape((len(sizes.dims), *sizes.dims))
    return tensor(machine, shape, "int64" if is_none(args.get("dtype")) else None)


@array_rule("numpy.unravel_index", params="indices, shape, order='C'")
def unravel_index(machine: Machine, args: Arguments) -> Value:
    """An array of places for each axis."""
    source, sizes = source_of(machine, args, "indices", "numpy"), as_shape(machine, args.get("shape"))
    if sizes.open:
        raise NotKnown("the number of axes is not known")
    return TupleValue((tensor(machine, source.spec.shape, "int64"),) * len(sizes.dims))


@array_rule("numpy.ravel_multi_index", params="multi_index, dims, mode='raise', order='C'")
def ravel_multi_index(machine: Machine, args: Arguments) -> Value:
    """One place for the places along each axis."""
    shape = source_of(machine, args, "multi_index", "numpy").spec.shape
    return tensor(machine, Shape(shape.dims[1:]) if shape.rank else UNKNOWN_SHAPE, "int64")


@array_rule("numpy.tril_indices", "numpy.triu_indices", params="n, k=0, m=None")
def triangle_indices(machine: Machine, args: Arguments) -> Value:
    """Places of a triangle; how many is known for the whole one."""
    side = as_dim(args.values["n"])
    count: Dim = ANY
    if isinstance(side, int) and not {"k", "m"} & args.values.keys():
        count = side * (side + 1) // 2
    return TupleValue((tensor(machine, Shape((count,)), "int64"),) * 2)


@array_rule("numpy.tril_indices_from", "numpy.triu_indices_from", params="arr, k=0")
@array_rule("numpy.diag_indices_from", params="arr")
@array_rule("numpy.mask_indices", params="n, mask_func, k=0")
def some_indices(machine: Machine, args: Arguments) -> Value:
    """Places in a matrix."""
    return TupleValue((tensor(machine, of_rank(1), "int64"),) * 2)


@array_rule("numpy.diagflat", params="v, k=0")
def diagflat(machine: Machine, args: Arguments) -> Value:
    """All elements on a diagonal."""
    source = source_of(machine, args, "v", "numpy")
    offset, size = 0 if args.get("k") is None else as_int(args.get("k")), source.spec.shape.size()
    side: Dim = size + abs(offset) if isinstance(size, int) and offset is not None else ANY
    return tensor(machine, Shape((side, side)), source.spec.dtype)


@array_rule("numpy.vander", params="x, N=None, increasing=False")
def vander(machine: Machine, args: Arguments) -> Value:
    """A row of powers for each entry."""
    source = source_of(machine, args, "x", "numpy")
    rows_ = source.spec.shape.axis(0) if source.spec.shape.rank == 1 else ANY
    count = rows_ if is_none(args.get("N")) else as_dim(args.values["N"])
    return tensor(machine, Shape((rows_, count)), source.spec.dtype)


@array_rule("numpy.fromfunction", params="function, shape, *, dtype=None, like=None, **kwargs")
def fromfunction(machine: Machine, args: Arguments) -> Value:
    """The function, called once with a grid for each axis."""
    sizes = as_shape(machine, args.get("shape"))
    if sizes.open:
        raise NotKnown("the number of axes is not known")
    grids = tuple(tensor(machine, sizes, "float64") for _ in sizes.dims)
    return machine.call(args.values["function"], grids, dict(args.extra))


@array_rule("numpy.hanning", "numpy.hamming", "numpy.blackman", "numpy.bartlett", params="M")
@array_rule("numpy.kaiser", params="M, beta")
def window(machine: Machine, args: Arguments) -> Value:
    """A vector of a given length."""
    count = as_dim(args.values["M"])
    return tensor(machine, Shape((max(0, count) if isinstance(count, int) else count,)), "float64")


@array_rule("numpy.ndindex", params="*shape")
def ndindex(machine: Machine, args: Arguments) -> Value:
    """Every place of an array, one after the other."""
    sizes = as_shape(machine, args.rest[0]) if len(args.rest) == 1 else Shape(tuple(map(as_dim, args.rest)))
    total = math.prod(d for d in sizes.dims if isinstance(d, int))
    if not sizes.known or total > MAX_ITEMS:
        raise NotKnown("there are too many places to follow")
    places = numpy.ndindex(*(d for d in sizes.dims if isinstance(d, int)))
    return TupleValue(tuple(TupleValue(tuple(map(Const, place))) for place in places))
