"""Ufuncs and reductions (NumPy 2.4): elementwise functions are found by asking NumPy itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy

from shapelens.library.arrays.axes import normal_axis
from shapelens.library.arrays.constants import array_of, contents, is_small, settled, tensor
from shapelens.library.arrays.convert import (
    Unsure,
    axes_of,
    flag,
    int_or,
    is_none,
    kind_of,
    operand,
    optional_int,
)
from shapelens.library.arrays.dtypes import DTypeLike, dtype_given, is_float, is_integer, numpy_promote, ufunc_dtype
from shapelens.library.arrays.elementwise import broadcast_shapes, combine, dtype_like
from shapelens.library.arrays.reducing import BOOL, FLOAT, INDEX, SAME, TOTAL, reduce, reduced_dtype
from shapelens.library.arrays.reshaping import flattened
from shapelens.library.arrays.rules import array_rule, computed, like, source_of
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.dims import sub
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, of_rank
from shapelens.values.failure import NotKnown
from shapelens.values.value import TensorValue, TupleValue, Value

# Reductions: how their dtype comes about, and NumPy's name where small constants are folded.
_REDUCTIONS: dict[str, tuple[str, str]] = {
    "sum": (TOTAL, "sum"), "prod": (TOTAL, "prod"), "product": (TOTAL, "prod"), "nansum": (TOTAL, ""),
    "nanprod": (TOTAL, ""), "mean": (FLOAT, "mean"), "nanmean": (FLOAT, ""), "median": (FLOAT, ""),
    "nanmedian": (FLOAT, ""), "std": (FLOAT, ""), "nanstd": (FLOAT, ""), "var": (FLOAT, ""),
    "nanvar": (FLOAT, ""), "max": (SAME, "max"), "amax": (SAME, "max"), "nanmax": (SAME, ""),
    "min": (SAME, "min"), "amin": (SAME, "min"), "nanmin": (SAME, ""), "ptp": (SAME, ""),
    "any": (BOOL, "any"), "all": (BOOL, "all"), "argmax": (INDEX, "argmax"), "argmin": (INDEX, "argmin"),
    "nanargmax": (INDEX, ""), "nanargmin": (INDEX, ""), "count_nonzero": (INDEX, ""),
}  # fmt: skip
_ARRAY_METHODS = ("sum", "prod", "mean", "std", "var", "max", "min", "any", "all", "argmax", "argmin", "ptp")
_OPTIONS = "axis=None, dtype=None, out=None, ddof=0, keepdims=False, initial=None, where=None, overwrite_input=False"


def _register_ufunc(name: str, ufunc: numpy.ufunc) -> None:
    def one(machine: Machine, args: Arguments) -> Value:
        return _unary(machine, args, ufunc)

    def two(machine: Machine, args: Arguments) -> Value:
        left, right = args.get("x1"), args.get("x2")
        if ufunc.nout == 1:
            return combine(machine, name, left, right, "numpy")
        a, b = operand(machine, left), operand(machine, right)
        dtype = ufunc_dtype(ufunc, (dtype_like(left, a), dtype_like(right, b)))
        part = tensor(machine, broadcast_shapes(a, b, "numpy"), dtype, kind_of([a, b], "numpy"))
        return TupleValue((part,) * ufunc.nout)

    params = "x, /" if ufunc.nin == 1 else "x1, x2, /"
    array_rule(f"numpy.{name}", params=f"{params}, out=None, **kwargs")(one if ufunc.nin == 1 else two)


for _name, _function in sorted(vars(numpy).items()):
    if isinstance(_function, numpy.ufunc) and _function.signature is None and _function.nin <= 2:
        _register_ufunc(_name, _function)


def _unary(machine: Machine, args: Arguments, ufunc: numpy.ufunc) -> Value:
    value = args.get("x")
    source = operand(machine, value)
    like_of: DTypeLike = dtype_like(value, source)
    dtype = ufunc_dtype(ufunc, (like_of,))
    array = array_of(source) if is_small(source.spec.shape) else None
    data = None
    if array is not None and array.dtype != object and array.dtype.kind not in "US" and ufunc.nout == 1:
        try:
            with numpy.errstate(all="ignore"):
                data = contents(numpy.asarray(ufunc(array)))
        except TypeError:
            data = None
    kind = source.kind if source.kind in ("frame", "series") else kind_of([source], "numpy")
    made = settled(tensor(machine, source.spec.shape, dtype, kind, data))
    return made if ufunc.nout == 1 else TupleValue((made,) * ufunc.nout)


def _register_reduction(name: str, how: str, fold: str) -> None:
    def rule(machine: Machine, args: Arguments) -> Value:
        return reduce(machine, args, "numpy", how, fold, source="a")

    names = [f"numpy.{name}"]
    if name in _ARRAY_METHODS:
        names.append(f"numpy.ndarray.{name}")
    options = _OPTIONS if how != INDEX else "axis=None, out=None, *, keepdims=False"
    array_rule(*names, params=f"a, {options}")(rule)


for _name, (_how, _fold) in _REDUCTIONS.items():
    _register_reduction(_name, _how, _fold)


@array_rule("numpy.around", "numpy.round", "numpy.ndarray.round", params="a, decimals=0, out=None")
def rounded(machine: Machine, args: Arguments) -> Value:
    """``np.round``: sizes are computed with it."""
    made = _of_each(machine, args)
    array = array_of(source_of(machine, args, "a", "numpy"))
    decimals = int_or(args, "decimals", 0)
    if array is None or made.spec.dtype is None or isinstance(decimals, Unsure) or not is_small(made.spec.shape):
        return made
    return settled(replace(made, data=contents(numpy.round(array, decimals))))


@array_rule("numpy.ndarray.conj", "numpy.ndarray.conjugate", params="a")
@array_rule("numpy.fix", params="x, out=None", renamed={"x": "a"})
@array_rule("numpy.nan_to_num", params="x, copy=True, nan=0.0, posinf=None, neginf=None", renamed={"x": "a"})
@array_rule("numpy.real_if_close", params="a, tol=100")
def elementwise(machine: Machine, args: Arguments) -> Value:
    """Functions of each element that keep its dtype and are no ufuncs."""
    return _of_each(machine, args)


def _of_each(machine: Machine, args: Arguments) -> TensorValue:
    source = source_of(machine, args, "a", "numpy")
    kept = source.spec.dtype if is_float(source.spec.dtype) or is_integer(source.spec.dtype) else None
    return tensor(machine, source.spec.shape, kept, kind_of([source], "numpy"))


@array_rule("numpy.real", "numpy.imag", params="val", renamed={"val": "a"})
@array_rule("numpy.angle", params="z, deg=False", renamed={"z": "a"})
@array_rule("numpy.i0", "numpy.sinc", params="x", renamed={"x": "a"})
def elementwise_float(machine: Machine, args: Arguments) -> Value:
    """Functions of each element: floats stay as they are."""
    source = source_of(machine, args, "a", "numpy")
    kept = source.spec.dtype if source.spec.dtype in ("float32", "float64") else None
    return tensor(machine, source.spec.shape, kept, kind_of([source], "numpy"))


@array_rule("numpy.iscomplex", "numpy.isreal", params="x", renamed={"x": "a"})
@array_rule("numpy.isneginf", "numpy.isposinf", params="x, out=None", renamed={"x": "a"})
def elementwise_bool(machine: Machine, args: Arguments) -> Value:
    """A bool for each element."""
    source = source_of(machine, args, "a", "numpy")
    return tensor(machine, source.spec.shape, "bool", kind_of([source], "numpy"))


@array_rule("numpy.clip", "numpy.ndarray.clip", params="a, a_min=None, a_max=None, out=None, *, min=None, max=None")
def clip(machine: Machine, args: Arguments) -> Value:
    """``np.clip``: broadcasts over the limits."""
    source = source_of(machine, args, "a", "numpy")
    shape, likes = source, [dtype_like(args.get("a"), source)]
    for name in ("a_min", "a_max", "min", "max"):
        value = args.get(name)
        if is_none(value):
            continue
        limit = operand(machine, value)
        likes.append(dtype_like(value, limit))
        shape = tensor(machine, broadcast_shapes(shape, limit, "numpy"))
    dtype = None if None in likes else numpy_promote(likes)
    return tensor(machine, shape.spec.shape, dtype, kind_of([source], "numpy"))


@array_rule("numpy.isclose", params="a, b, *args, **kwargs")
def isclose(machine: Machine, args: Arguments) -> Value:
    """``np.isclose``."""
    return combine(machine, "equal", args.get("a"), args.get("b"), "numpy")


@array_rule("numpy.cumsum", "numpy.ndarray.cumsum", params="a, axis=None, dtype=None, out=None")
def cumsum(machine: Machine, args: Arguments) -> Value:
    """Running sums: flat without an axis."""
    return _cumulative(machine, args, numpy.cumsum)


@array_rule("numpy.cumprod", "numpy.ndarray.cumprod", params="a, axis=None, dtype=None, out=None")
def cumprod(machine: Machine, args: Arguments) -> Value:
    """Running products: flat without an axis."""
    return _cumulative(machine, args, numpy.cumprod)


def _cumulative(machine: Machine, args: Arguments, running: Callable[..., object]) -> Value:
    source = source_of(machine, args, "a", "numpy")
    axis, shape = optional_int(args, "axis"), source.spec.shape
    if axis is None:
        shape = flattened(shape)
    elif not isinstance(axis, Unsure) and not shape.open:
        normal_axis(axis, shape, "numpy")
    dtype = dtype_given(args, reduced_dtype(source.spec.dtype, TOTAL, "numpy"))
    if isinstance(axis, Unsure):
        return tensor(machine, shape if shape.rank == 1 else UNKNOWN_SHAPE, dtype, kind_of([source], "numpy"))
    return computed(machine, shape, dtype, "numpy", lambda x: running(x, axis=axis), source)


@array_rule("numpy.diff", params="a, n=1, axis=-1, prepend=None, append=None")
def diff(machine: Machine, args: Arguments) -> Value:
    """``np.diff``: ``n`` entries fewer along the axis."""
    source = source_of(machine, args, "a", "numpy")
    axis, times = optional_int(args, "axis"), optional_int(args, "n")
    shape = source.spec.shape
    if "axis" not in args.values:
        axis = -1
    times = 1 if times is None else times
    plain = is_none(args.get("prepend")) and is_none(args.get("append"))
    if shape.open or not isinstance(axis, int) or not isinstance(times, int) or not plain:
        return tensor(machine, UNKNOWN_SHAPE if shape.open else of_rank(len(shape.dims)), source.spec.dtype)
    place = normal_axis(axis, shape, "numpy")
    size = shape.dims[place]

    left = max(0, size - times) if isinstance(size, int) else sub(size, times)
    dtype = source.spec.dtype
    return computed(machine, shape.replace(place, left), dtype, "numpy", lambda x: numpy.diff(x, times, axis), source)


@array_rule("numpy.gradient", params="f, *varargs, axis=None, edge_order=1")
def gradient(machine: Machine, args: Arguments) -> Value:
    """``np.gradient``: one array for each axis."""
    source = source_of(machine, args, "f", "numpy")
    part = tensor(machine, source.spec.shape, None)
    rank, axes = source.spec.shape.rank, axes_of(machine, args.get("axis"))
    count = rank if axes is None else None if isinstance(axes, Unsure) else len(axes)
    if count is None:
        raise NotKnown("the number of axes is not known")
    return part if count == 1 else TupleValue((part,) * count)


@array_rule("numpy.average", params="a, axis=None, weights=None, returned=False, *, keepdims=False")
def average(machine: Machine, args: Arguments) -> Value:
    """``np.average``, and the sum of the weights where that is asked for."""
    found = reduce(machine, args, "numpy", FLOAT, source="a")
    if not is_none(args.get("weights")) and isinstance(found, TensorValue):
        found = tensor(machine, found.spec.shape, None)
    returned = flag(args, "returned", False)
    if isinstance(returned, Unsure):
        raise NotKnown("it is not known how many results this has")
    return TupleValue((found, found)) if returned else found


@array_rule("numpy.interp", params="x, xp, fp, left=None, right=None, period=None")
def interp(machine: Machine, args: Arguments) -> Value:
    """``np.interp``: the shape of the places."""
    return tensor(machine, source_of(machine, args, "x", "numpy").spec.shape, "float64")


@array_rule("numpy.ndarray.item", params="self, *args")
def item(machine: Machine, args: Arguments) -> Value:
    """``x.item()``: a Python scalar."""
    source = source_of(machine, args, "self", "numpy")
    found = tensor(machine, Shape(()), source.spec.dtype)
    data = source.data
    while isinstance(data, tuple) and len(data) == 1:
        data = data[0]
    return settled(TensorValue(found.spec, "numpy", None if isinstance(data, tuple) else data))


@array_rule("numpy.argsort", "numpy.ndarray.argsort", params="a, axis=-1, kind=None, order=None, *, stable=None")
@array_rule("numpy.argpartition", "numpy.ndarray.argpartition", params="a, kth, axis=-1, kind=None, order=None")
def argsort(machine: Machine, args: Arguments) -> Value:
    """The order of the elements along an axis."""
    source = source_of(machine, args, "a", "numpy")
    shape = _sorted_shape(args, source.spec.shape)
    if not args.values.keys() <= {"a"} or len(shape.dims) != 1:
        return tensor(machine, shape, "int64", kind_of([source], "numpy"))
    return computed(machine, shape, "int64", "numpy", lambda x: numpy.argsort(x, kind="stable"), source)


@array_rule("numpy.sort", params="a, axis=-1, kind=None, order=None, *, stable=None")
@array_rule("numpy.partition", params="a, kth, axis=-1, kind=None, order=None")
def sort(machine: Machine, args: Arguments) -> Value:
    """Sorted along an axis."""
    source = source_of(machine, args, "a", "numpy")
    plain = args.values.keys() <= {"a"}
    return like(machine, source, _sorted_shape(args, source.spec.shape), "numpy", fold=numpy.sort if plain else None)


def _sorted_shape(args: Arguments, shape: Shape) -> Shape:
    axis = -1 if "axis" not in args.values else optional_int(args, "axis")
    if axis is None:
        return flattened(shape)
    if isinstance(axis, Unsure) or shape.open:
        return shape if isinstance(axis, int) else UNKNOWN_SHAPE
    normal_axis(axis, shape, "numpy")
    return shape
