"""Statistics, histograms, convolution, polynomials (NumPy 2.4)."""

from __future__ import annotations

from shapelens.library.arrays.axes import normal_axis
from shapelens.library.arrays.constants import array_of, settled, tensor
from shapelens.library.arrays.convert import (
    Unsure,
    as_dim,
    as_int,
    axes_of,
    flag,
    int_or,
    is_none,
    items_of,
    operand,
    text_of,
)
from shapelens.library.arrays.dtypes import is_float, promote, scalar_type
from shapelens.library.arrays.elementwise import broadcast_all
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.reducing import FLOAT, reduced, reduced_dtype
from shapelens.library.arrays.rules import array_rule, source_of
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.dims import ANY, Dim, add, mul, same, sub
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, of_rank
from shapelens.values.failure import NotKnown
from shapelens.values.objects import ListObject
from shapelens.values.value import Const, TensorValue, TupleValue, Value


@array_rule(
    "numpy.cov",
    params="m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None, *, dtype=None",
)
@array_rule("numpy.corrcoef", params="x, y=None, rowvar=True, *, dtype=None", renamed={"x": "m"})
def covariance(machine: Machine, args: Arguments) -> Value:
    """A matrix over the variables, which are the rows unless told otherwise."""
    count = _variables(machine, args, "m")
    if not is_none(args.get("y")):
        count = add(count, _variables(machine, args, "y"))
    dtype = "float64" if is_none(args.get("dtype")) else None
    if count == 1:
        return tensor(machine, Shape(()), dtype)
    if not isinstance(count, int):
        # One variable gives a number, several a matrix.
        return tensor(machine, UNKNOWN_SHAPE, dtype)
    return tensor(machine, Shape((count, count)), dtype)


def _variables(machine: Machine, args: Arguments, name: str) -> Dim:
    shape = source_of(machine, args, name, "numpy").spec.shape
    rows = flag(args, "rowvar", True)
    if not shape.open and len(shape.dims) > 2:
        raise refusal(
            "rank-mismatch", f"{{subject}} of shape {shape} has more than 2 axes", f"{name} has more than 2 dimensions",
            found=shape,
        )  # fmt: skip
    if shape.open or isinstance(rows, Unsure):
        return ANY
    if len(shape.dims) < 2:
        return 1
    return shape.dims[0 if rows else 1]


@array_rule("numpy.convolve", params="a, v, mode='full'")
def convolve(machine: Machine, args: Arguments) -> Value:
    """Vectors slid over each other, at every overlap."""
    return _slid(machine, args, "full")


@array_rule("numpy.correlate", params="a, v, mode='valid'")
def correlate(machine: Machine, args: Arguments) -> Value:
    """Vectors slid over each other, where they overlap entirely."""
    return _slid(machine, args, "valid")


def _slid(machine: Machine, args: Arguments, default: str) -> Value:
    a, v = source_of(machine, args, "a", "numpy"), source_of(machine, args, "v", "numpy")
    for part in (a, v):
        if not part.spec.shape.open and len(part.spec.shape.dims) > 1:
            raise refusal(
                "rank-mismatch",
                f"only vectors can be slid over each other, not {part.spec.shape}",
                "object too deep for desired array",
                found=part.spec.shape,
            )
    dtype = promote((a.spec.dtype, v.spec.dtype), "numpy")
    first = a.spec.shape.axis(0) if a.spec.shape.dims else 1 if a.spec.shape.rank == 0 else ANY
    second = v.spec.shape.axis(0) if v.spec.shape.dims else 1 if v.spec.shape.rank == 0 else ANY
    mode = text_of(args, "mode", default)
    if not isinstance(first, int) or not isinstance(second, int) or isinstance(mode, Unsure):
        full = not isinstance(mode, Unsure) and mode == "full"
        return tensor(machine, Shape((sub(add(first, second), 1) if full else ANY,)), dtype)
    long, short = max(first, second), min(first, second)
    size = {"full": first + second - 1, "same": long, "valid": long - short + 1}.get(mode)
    return tensor(machine, Shape((ANY if size is None else size,)), dtype)


@array_rule("numpy.bincount", params="x, /, weights=None, minlength=0")
def bincount(machine: Machine, args: Arguments) -> Value:
    """A count for each number up to the largest."""
    source = source_of(machine, args, "x", "numpy")
    array = array_of(source)
    least = 0 if args.get("minlength") is None else as_int(args.get("minlength"))
    count: Dim = ANY
    if array is not None and array.dtype != object and array.size and least is not None:
        count = max(int(array.max()) + 1, least)
    elif source.labels is not None and least == 0:
        count = source.labels
    return tensor(machine, Shape((count,)), "int64" if is_none(args.get("weights")) else "float64")


@array_rule("numpy.digitize", params="x, bins, right=False")
@array_rule("numpy.searchsorted", params="a, v, side='left', sorter=None", renamed={"v": "x"})
@array_rule("numpy.ndarray.searchsorted", params="a, v, side='left', sorter=None", renamed={"v": "x"})
def places(machine: Machine, args: Arguments) -> Value:
    """A place for each value."""
    source = source_of(machine, args, "x", "numpy")
    return settled(tensor(machine, source.spec.shape, "int64"))


@array_rule("numpy.histogram", params="a, bins=10, range=None, density=None, weights=None")
def histogram(machine: Machine, args: Arguments) -> Value:
    """Counts and edges."""
    count, edges = _bins(machine, args.get("bins"))
    plain = is_none(args.get("density")) and is_none(args.get("weights"))
    counts = tensor(machine, Shape((count,)), "int64" if plain else None)
    return TupleValue((counts, edges))


def _bins(machine: Machine, value: Value | None) -> tuple[Dim, TensorValue]:
    if value is None:
        return 10, tensor(machine, Shape((11,)))
    if isinstance(value, Const) and isinstance(value.value, str):
        return ANY, tensor(machine, of_rank(1))
    found = operand(machine, value)
    if found.spec.shape.rank == 0:
        count = as_dim(value)
        return count, tensor(machine, Shape((add(count, 1),)))
    if found.spec.shape.rank == 1:
        size = found.spec.shape.dims[0]
        return sub(size, 1), tensor(machine, Shape((size,)), found.spec.dtype)
    return ANY, tensor(machine, of_rank(1))


@array_rule("numpy.histogram2d", params="x, y, bins=10, range=None, density=None, weights=None")
def histogram2d(machine: Machine, args: Arguments) -> Value:
    """Counts, and the edges along each axis."""
    bins = args.get("bins")
    items = None if bins is None else items_of(machine, bins)
    first, second = items if items is not None and len(items) == 2 else (bins, bins)
    (rows, left), (columns, right) = _bins(machine, first), _bins(machine, second)
    return TupleValue((tensor(machine, Shape((rows, columns)), "float64"), left, right))


@array_rule("numpy.histogramdd", params="sample, bins=10, range=None, density=None, weights=None")
def histogramdd(machine: Machine, args: Arguments) -> Value:
    """Counts along every column, and the edges."""
    edges = machine.alloc(ListObject((), open=True, rest=tensor(machine, of_rank(1))))
    return TupleValue((tensor(machine, UNKNOWN_SHAPE), edges))


@array_rule("numpy.histogram_bin_edges", params="a, bins=10, range=None, weights=None")
def bin_edges(machine: Machine, args: Arguments) -> Value:
    """The edges alone."""
    return _bins(machine, args.get("bins"))[1]


@array_rule("numpy.trapezoid", "numpy.trapz", params="y, x=None, dx=1.0, axis=-1")
def trapezoid(machine: Machine, args: Arguments) -> Value:
    """The integral along an axis."""
    source, axis = source_of(machine, args, "y", "numpy"), int_or(args, "axis", -1)
    shape = source.spec.shape
    if shape.open or isinstance(axis, Unsure):
        return tensor(machine, UNKNOWN_SHAPE)
    place = normal_axis(axis, shape, "numpy", "")
    return tensor(machine, Shape((*shape.dims[:place], *shape.dims[place + 1 :])))


@array_rule("numpy.polyfit", params="x, y, deg, rcond=None, full=False, w=None, cov=False")
def polyfit(machine: Machine, args: Arguments) -> Value:
    """Coefficients, a column for each column of ``y``."""
    degree, shape = as_int(args.get("deg")), source_of(machine, args, "y", "numpy").spec.shape
    if {"full", "cov"} & args.values.keys():
        raise NotKnown("it is not known how many results this has")
    count: Dim = ANY if degree is None else degree + 1
    return tensor(machine, UNKNOWN_SHAPE if shape.open else Shape((count, *shape.dims[1:])), "float64")


@array_rule("numpy.polyval", params="p, x")
def polyval(machine: Machine, args: Arguments) -> Value:
    """A value for each place."""
    return tensor(machine, source_of(machine, args, "x", "numpy").spec.shape)


@array_rule("numpy.lexsort", params="keys, axis=-1")
def lexsort(machine: Machine, args: Arguments) -> Value:
    """The order of the last key."""
    keys = items_of(machine, args.get("keys"))
    shape = UNKNOWN_SHAPE if not keys else operand(machine, keys[-1]).spec.shape
    return tensor(machine, shape if shape.rank == 1 else UNKNOWN_SHAPE, "int64")


@array_rule("numpy.cross", params="a, b, axisa=-1, axisb=-1, axisc=-1, axis=None")
def cross(machine: Machine, args: Arguments) -> Value:
    """Vectors of 3, at right angles to both."""
    a, b = source_of(machine, args, "a", "numpy"), source_of(machine, args, "b", "numpy")
    shape, dtype = a.spec.shape, promote((a.spec.dtype, b.spec.dtype), "numpy")
    plain = not {"axisa", "axisb", "axisc", "axis"} & args.values.keys()
    alike = plain and not shape.open and shape == b.spec.shape and bool(shape.dims)
    if not alike or same(shape.dims[-1], 3) is not True:
        return tensor(machine, UNKNOWN_SHAPE, dtype)
    return tensor(machine, shape, dtype)


@array_rule("numpy.kron", params="a, b")
def kron(machine: Machine, args: Arguments) -> Value:
    """Every size is a product."""
    a, b = source_of(machine, args, "a", "numpy"), source_of(machine, args, "b", "numpy")
    left, right = a.spec.shape, b.spec.shape
    dtype = promote((a.spec.dtype, b.spec.dtype), "numpy")
    if left.open or right.open:
        return tensor(machine, UNKNOWN_SHAPE, dtype)
    rank = max(len(left.dims), len(right.dims))
    sides = [(1,) * (rank - len(side.dims)) + side.dims for side in (left, right)]
    return tensor(machine, Shape(tuple(mul(x, y) for x, y in zip(*sides, strict=True))), dtype)


@array_rule(
    "numpy.percentile", "numpy.quantile", "numpy.nanpercentile", "numpy.nanquantile",
    params="a, q, axis=None, out=None, overwrite_input=False, method='linear', keepdims=False, *, weights=None, "
    "interpolation=None",
)  # fmt: skip
def percentile(machine: Machine, args: Arguments) -> Value:
    """The shape of ``q``, then what the reduction leaves."""
    source, wanted = source_of(machine, args, "a", "numpy"), source_of(machine, args, "q", "numpy")
    left = reduced(source.spec.shape, axes_of(machine, args.get("axis")), flag(args, "keepdims", False), "numpy")
    dtype = reduced_dtype(source.spec.dtype, FLOAT, "numpy")
    if is_float(source.spec.dtype) and dtype != "float64":
        # A list of percentages is an array of float64, a number adapts.
        dtype = dtype if scalar_type(args.values["q"]) is not None else None
    if wanted.spec.shape.open or left.open:
        return tensor(machine, UNKNOWN_SHAPE, dtype)
    return tensor(machine, Shape((*wanted.spec.shape.dims, *left.dims)), dtype)


@array_rule("numpy.nancumsum", "numpy.nancumprod", params="a, axis=None, dtype=None, out=None")
def cumulative(machine: Machine, args: Arguments) -> Value:
    """Running sums and products, which pass over what is no number."""
    source = source_of(machine, args, "a", "numpy")
    shape = source.spec.shape
    if is_none(args.get("axis")):
        shape = Shape((shape.size(),))
    return tensor(machine, shape)


@array_rule("numpy.select", params="condlist, choicelist, default=0")
def select(machine: Machine, args: Arguments) -> Value:
    """All conditions and choices broadcast together."""
    parts = [*(items_of(machine, args.get("condlist")) or ()), *(items_of(machine, args.get("choicelist")) or ())]
    if not parts:
        raise NotKnown("the conditions are not known")
    return tensor(machine, broadcast_all([operand(machine, part).spec.shape for part in parts]))


@array_rule("numpy.piecewise", params="x, condlist, funclist, *args, **kw")
def piecewise(machine: Machine, args: Arguments) -> Value:
    """The shape and dtype of ``x``."""
    source = source_of(machine, args, "x", "numpy")
    return tensor(machine, source.spec.shape, source.spec.dtype)


@array_rule("numpy.choose", params="a, choices, out=None, mode='raise'")
def choose(machine: Machine, args: Arguments) -> Value:
    """A choice for each place."""
    choices = items_of(machine, args.get("choices"))
    if not choices:
        raise NotKnown("the choices are not known")
    parts = [operand(machine, value) for value in (args.values["a"], *choices)]
    return tensor(machine, broadcast_all([part.spec.shape for part in parts]))


@array_rule(
    "numpy.ma.array",
    "numpy.ma.masked_array",
    "numpy.ma.masked_where",
    "numpy.ma.masked_invalid",
    params="*args, **kwargs",
)
def masked(machine: Machine, args: Arguments) -> Value:
    """Masked arrays."""
    raise NotKnown("masked arrays are not followed")


@array_rule("numpy.packbits", "numpy.unpackbits", params="a, /, axis=None, *args, **kwargs")
def bits(machine: Machine, args: Arguments) -> Value:
    """Bits into bytes, and back."""
    rank = source_of(machine, args, "a", "numpy").spec.shape.rank
    flat = is_none(args.get("axis"))
    return tensor(machine, of_rank(1) if flat else UNKNOWN_SHAPE if rank is None else of_rank(rank), "uint8")


@array_rule("numpy.setxor1d", params="ar1, ar2, assume_unique=False")
def setxor1d(machine: Machine, args: Arguments) -> Value:
    """What is in one of both: how many is not known."""
    return tensor(machine, of_rank(1))
