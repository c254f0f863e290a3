"""Making arrays: ``zeros``, ``array``, ``arange``, ``linspace``, ``eye`` ... (NumPy 2.4)."""

from __future__ import annotations

from dataclasses import replace

from shapelens.library.arrays.constants import settled, tensor
from shapelens.library.arrays.convert import (
    Unsure,
    as_dim,
    as_int,
    as_spec,
    flag,
    int_or,
    is_none,
    is_ragged,
    operand,
    shape_argument,
    text_of,
)
from shapelens.library.arrays.creating import (
    diagonal_matrix,
    even_steps,
    filled,
    folded,
    full_dtype,
    identity,
    range_of,
    spaced,
)
from shapelens.library.arrays.dtypes import dtype_given, dtype_of
from shapelens.library.arrays.failures import ragged_refusal
from shapelens.library.arrays.rules import array_rule, like, source_of
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.dims import ANY
from shapelens.shapes.shape import UNKNOWN_SHAPE, UNKNOWN_SPEC, Shape, TensorSpec
from shapelens.values.failure import NotKnown
from shapelens.values.value import Const, TensorKind, TensorValue, TupleValue, Value


@array_rule(
    "numpy.zeros",
    "numpy.ones",
    "numpy.empty",
    params="shape, dtype=None, order='C', *, device=None, like=None",
)
def zeros(machine: Machine, args: Arguments) -> Value:
    """A new array of a given shape, float64 unless told otherwise."""
    dtype = dtype_given(args, "float64")
    if dtype == "object":
        raise NotKnown("what an array of objects will hold is not followed")
    return filled(machine, shape_argument(machine, args.get("shape")), dtype, "numpy")


@array_rule("numpy.full", params="shape, fill_value, dtype=None, order='C', *, device=None, like=None")
def full(machine: Machine, args: Arguments) -> Value:
    """``np.full``: the dtype of the fill value."""
    dtype = dtype_given(args, full_dtype(args.get("fill_value"), "numpy"))
    return filled(machine, shape_argument(machine, args.get("shape")), dtype, "numpy")


@array_rule(
    "numpy.zeros_like",
    "numpy.ones_like",
    "numpy.empty_like",
    params="a, dtype=None, order='K', subok=True, shape=None, *, device=None",
)
@array_rule("numpy.full_like", params="a, fill_value, dtype=None, order='K', subok=True, shape=None, *, device=None")
def zeros_like(machine: Machine, args: Arguments) -> Value:
    """A new array like another."""
    source = source_of(machine, args, "a", "numpy")
    dtype = dtype_given(args, source.spec.dtype)
    shape = source.spec.shape if is_none(args.get("shape")) else shape_argument(machine, args.get("shape"))
    return tensor(machine, shape, dtype)


@array_rule(
    "numpy.array", params="object, dtype=None, *, copy=True, order='K', subok=False, ndmin=0, ndmax=0, like=None"
)
@array_rule(
    "numpy.asarray",
    "numpy.asanyarray",
    params="a, dtype=None, order=None, *, device=None, copy=None, like=None",
    renamed={"a": "object"},
)
@array_rule(
    "numpy.ascontiguousarray",
    "numpy.asfortranarray",
    params="a, dtype=None, *, like=None",
    renamed={"a": "object"},
)
@array_rule(
    "numpy.asarray_chkfinite",
    params="a, dtype=None, order=None",
    renamed={"a": "object"},
)
def array(machine: Machine, args: Arguments) -> Value:
    """``np.array``: numbers, nested sequences, arrays."""
    value = args.get("object")
    found = None if value is None else as_spec(value, machine)
    if found is None and value is not None and is_none(args.get("dtype")) and is_ragged(machine, value):
        raise ragged_refusal("numpy")
    if found is None:
        found = TensorValue(UNKNOWN_SPEC, "numpy")
    kind: TensorKind = "keras" if found.kind == "keras" else "numpy"
    shape = found.spec.shape
    least = int_or(args, "ndmin", 0)
    if isinstance(least, Unsure):
        shape = Shape(shape.dims, open=True)
    elif not shape.open and len(shape.dims) < least:
        shape = Shape((1,) * (least - len(shape.dims)) + shape.dims)
    result = TensorValue(
        TensorSpec(shape, found.spec.dtype),
        kind,
        found.data if shape == found.spec.shape else None,
        labels=found.labels,
        origin=machine.site,
    )
    return result if is_none(args.get("dtype")) else folded_array(result, args.get("dtype"))


def folded_array(value: TensorValue, dtype: Value | None) -> Value:
    """``value`` in another dtype; an array of no axes stays an array."""
    made = folded(value, dtype_of(dtype))
    if isinstance(made, TensorValue):
        return made
    data = made.value if isinstance(made, Const) else value.data
    return replace(value, spec=TensorSpec(value.spec.shape, dtype_of(dtype)), data=data)


@array_rule("numpy.copy", params="a, order='K', subok=False")
@array_rule("numpy.ndarray.copy", params="a, order='C'")
def copy(machine: Machine, args: Arguments) -> Value:
    """A copy."""
    source = source_of(machine, args, "a", "numpy")
    return like(machine, source, source.spec.shape, "numpy", fold=lambda x: x)


@array_rule("numpy.arange", params="start, stop=None, step=None, dtype=None, *, device=None, like=None")
def arange(machine: Machine, args: Arguments) -> Value:
    """``np.arange``."""
    return range_of(machine, args, "numpy")


@array_rule(
    "numpy.linspace",
    params="start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0, *, device=None",
)
def linspace(machine: Machine, args: Arguments) -> Value:
    """Evenly spaced numbers, float64 unless told otherwise."""
    return _spaced_by(machine, args, linear=True)


@array_rule("numpy.logspace", params="start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0")
@array_rule("numpy.geomspace", params="start, stop, num=50, endpoint=True, dtype=None, axis=0")
def powers(machine: Machine, args: Arguments) -> Value:
    """Numbers whose logarithms are evenly spaced."""
    return _spaced_by(machine, args, linear=False)


def _spaced_by(machine: Machine, args: Arguments, *, linear: bool) -> Value:
    dtype = dtype_given(args, "float64")
    made = spaced(machine, args.get("start"), args.get("stop"), args.get("num"), dtype, "numpy")
    if args.get("axis") is not None and made.spec.shape.rank != 1:
        made = tensor(machine, UNKNOWN_SHAPE, dtype)
    elif linear and dtype == "float64" and args.get("endpoint") in (None, Const(True)):
        made = replace(made, data=even_steps(args, dtype))
    if flag(args, "retstep", False) is True:
        return TupleValue((made, tensor(machine, Shape(()), "float64")))
    return made


@array_rule("numpy.eye", params="N, M=None, k=0, dtype=None, order='C', *, device=None, like=None")
@array_rule("numpy.tri", params="N, M=None, k=0, dtype=None, *, like=None")
@array_rule("numpy.identity", params="n, dtype=None, *, like=None", renamed={"n": "N"})
def eye(machine: Machine, args: Arguments) -> Value:
    """Identity and triangular matrices."""
    dtype = dtype_given(args, "float64")
    return filled(machine, identity(args.get("N"), args.get("M")), dtype, "numpy")


@array_rule("numpy.diag", params="v, k=0")
def diag(machine: Machine, args: Arguments) -> Value:
    """``np.diag``."""
    source = source_of(machine, args, "v", "numpy")
    offset = 0 if args.get("k") is None else as_int(args.get("k"))
    return tensor(machine, diagonal_matrix(source.spec.shape, offset), source.spec.dtype)


@array_rule("numpy.meshgrid", params="*xi, copy=True, sparse=False, indexing='xy'")
def meshgrid(machine: Machine, args: Arguments) -> Value:
    """``np.meshgrid``: one grid for each vector."""
    parts = [operand(machine, value) for value in args.rest]
    sizes = [part.spec.shape.size() for part in parts]
    indexing = text_of(args, "indexing", "xy")
    if isinstance(indexing, Unsure):
        sizes = [ANY] * len(sizes)
    elif indexing == "xy" and len(sizes) > 1:
        sizes[0], sizes[1] = sizes[1], sizes[0]
    if flag(args, "sparse", False) is not False:
        return TupleValue(tuple(tensor(machine, Shape((ANY,) * len(sizes)), part.spec.dtype) for part in parts))
    return TupleValue(tuple(tensor(machine, Shape(tuple(sizes)), part.spec.dtype) for part in parts))


@array_rule("numpy.fromiter", params="iter, dtype, count=-1, *, like=None")
@array_rule("numpy.frombuffer", params="buffer, dtype=None, count=-1, offset=0, *, like=None")
@array_rule("numpy.fromfile", params="file, dtype=None, count=-1, sep='', offset=0, *, like=None")
@array_rule("numpy.fromstring", params="string, dtype=None, count=-1, *, sep='', like=None")
def vector(machine: Machine, args: Arguments) -> Value:
    """Vectors of unknown length from files and buffers."""
    count = args.get("count")
    size = ANY if count is None else as_dim(count)
    return tensor(machine, Shape((size,)), dtype_given(args, None))


@array_rule("numpy.load", params="file, mmap_mode=None, allow_pickle=False, fix_imports=True, encoding='ASCII'")
@array_rule("numpy.loadtxt", "numpy.genfromtxt", params="fname, dtype=None, *args, **kwargs")
def load(machine: Machine, args: Arguments) -> Value:
    """Arrays from files: nothing is known of their shapes."""
    return tensor(machine, UNKNOWN_SHAPE)


@array_rule("numpy.tril", "numpy.triu", params="m, k=0")
def triangle(machine: Machine, args: Arguments) -> Value:
    """Triangles of matrices."""
    source = source_of(machine, args, "m", "numpy")
    return like(machine, source, source.spec.shape, "numpy", keep_labels=False)


@array_rule("numpy.shape", params="a")
def shape(machine: Machine, args: Arguments) -> Value:
    """``np.shape(x)``."""
    value = args.get("a")
    return machine.attribute(operand(machine, value), "shape")


@array_rule("numpy.ndim", params="a")
def ndim(machine: Machine, args: Arguments) -> Value:
    """``np.ndim(x)``."""
    return machine.attribute(operand(machine, args.get("a")), "ndim")


@array_rule("numpy.size", params="a, axis=None")
def size(machine: Machine, args: Arguments) -> Value:
    """``np.size(x, axis)``."""
    source = operand(machine, args.get("a"))
    axis = as_int(args.get("axis"))
    if is_none(args.get("axis")):
        return machine.attribute(source, "size")
    sizes = source.spec.shape
    found = ANY if axis is None else sizes.axis(axis)
    return settled(tensor(machine, Shape(()), "int64", data=found))


@array_rule("numpy.diag_indices", params="n, ndim=2")
def diag_indices(machine: Machine, args: Arguments) -> Value:
    """Index arrays of a diagonal."""
    count = args.get("n")
    one = tensor(machine, Shape((ANY if count is None else as_dim(count),)), "int64")
    return TupleValue((one, one))
