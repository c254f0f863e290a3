"""Matrix products and ``numpy.linalg`` (NumPy 2.4)."""

from __future__ import annotations

from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import (
    UNSURE,
    Unsure,
    as_int,
    axes_of,
    flag,
    is_none,
    items_of,
    kind_of,
    operand,
)
from shapelens.library.arrays.dtypes import promote
from shapelens.library.arrays.einsum import einsum_shape
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.matmul import dot, inner_shape, matmul, tensordot_shape
from shapelens.library.arrays.reducing import FLOAT, reduced_dtype
from shapelens.library.arrays.reducing import reduced as reduced_shape
from shapelens.library.arrays.rules import array_rule, source_of
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.dims import ANY, same
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, of_rank
from shapelens.values.value import Const, TupleValue, Value

Axes = tuple[tuple[int, ...], tuple[int, ...]]


@array_rule("numpy.matmul", params="a, b, /, out=None, **kwargs")
def matmul_rule(machine: Machine, args: Arguments) -> Value:
    """``np.matmul``."""
    return matmul(machine, args.get("a"), args.get("b"), "numpy")


@array_rule("numpy.dot", "numpy.ndarray.dot", params="a, b, out=None")
def dot_rule(machine: Machine, args: Arguments) -> Value:
    """``np.dot``."""
    return dot(machine, args.get("a"), args.get("b"), "numpy")


@array_rule("numpy.inner", params="a, b, /")
def inner(machine: Machine, args: Arguments) -> Value:
    """``np.inner``."""
    a, b = source_of(machine, args, "a", "numpy"), source_of(machine, args, "b", "numpy")
    dtype = promote((a.spec.dtype, b.spec.dtype), "numpy")
    return tensor(machine, inner_shape(a.spec.shape, b.spec.shape), dtype, kind_of([a, b], "numpy"))


@array_rule("numpy.outer", params="a, b, out=None")
def outer(machine: Machine, args: Arguments) -> Value:
    """``np.outer``: of the flattened arrays."""
    a, b = source_of(machine, args, "a", "numpy"), source_of(machine, args, "b", "numpy")
    dtype = promote((a.spec.dtype, b.spec.dtype), "numpy")
    return tensor(machine, Shape((a.spec.shape.size(), b.spec.shape.size())), dtype)


@array_rule("numpy.vdot", params="a, b, /")
def vdot(machine: Machine, args: Arguments) -> Value:
    """``np.vdot``: one number."""
    a, b = source_of(machine, args, "a", "numpy"), source_of(machine, args, "b", "numpy")
    return tensor(machine, Shape(()), promote((a.spec.dtype, b.spec.dtype), "numpy"))


@array_rule("numpy.tensordot", params="a, b, axes=2")
def tensordot(machine: Machine, args: Arguments) -> Value:
    """``np.tensordot``."""
    a, b = source_of(machine, args, "a", "numpy"), source_of(machine, args, "b", "numpy")
    shape = tensordot_shape(a.spec.shape, b.spec.shape, contraction_axes(machine, args.get("axes")), "numpy")
    return tensor(machine, shape, promote((a.spec.dtype, b.spec.dtype), "numpy"))


@array_rule("numpy.einsum", params="subscripts, *operands, out=None, **kwargs")
def einsum(machine: Machine, args: Arguments) -> Value:
    """``np.einsum("ij,jk->ik", a, b)``."""
    equation = args.get("subscripts")
    parts = [operand(machine, value) for value in args.rest]
    dtype = promote([part.spec.dtype for part in parts], "numpy")
    if not isinstance(equation, Const) or not isinstance(equation.value, str):
        return tensor(machine, UNKNOWN_SHAPE, dtype)
    shape = einsum_shape(equation.value, [part.spec.shape for part in parts])
    return tensor(machine, shape, dtype, kind_of(parts, "numpy"))


@array_rule("numpy.cross", params="a, b, *args, **kwargs")
@array_rule(
    "numpy.kron",
    "numpy.convolve",
    "numpy.correlate",
    "numpy.cov",
    "numpy.corrcoef",
    params="a, *args, **kwargs",
)
def products(machine: Machine, args: Arguments) -> Value:
    """Products whose sizes are not followed."""
    return tensor(machine, UNKNOWN_SHAPE)


@array_rule("numpy.trace", params="a, offset=0, axis1=0, axis2=1, dtype=None, out=None")
def trace(machine: Machine, args: Arguments) -> Value:
    """``np.trace`` of a matrix is a number."""
    rank = source_of(machine, args, "a", "numpy").spec.shape.rank
    return tensor(machine, Shape(()) if rank == 2 else UNKNOWN_SHAPE)


@array_rule("numpy.diagonal", params="a, offset=0, axis1=0, axis2=1")
def diagonal(machine: Machine, args: Arguments) -> Value:
    """``np.diagonal``."""
    source = source_of(machine, args, "a", "numpy")
    return tensor(machine, of_rank(1) if source.spec.shape.rank == 2 else UNKNOWN_SHAPE, source.spec.dtype)


@array_rule("numpy.linalg.norm", params="x, ord=None, axis=None, keepdims=False")
def norm(machine: Machine, args: Arguments) -> Value:
    """``np.linalg.norm``: of all elements, of vectors, of matrices."""
    source = source_of(machine, args, "x", "numpy")
    axes, keepdims = axes_of(machine, args.get("axis")), flag(args, "keepdims", False)
    shape = reduced_shape(source.spec.shape, axes, keepdims, "numpy")
    return tensor(machine, shape, reduced_dtype(source.spec.dtype, FLOAT, "numpy"))


@array_rule("numpy.linalg.inv", "numpy.linalg.cholesky", params="a, **kwargs")
@array_rule("numpy.linalg.matrix_power", params="a, n")
def square(machine: Machine, args: Arguments) -> Value:
    """Square matrices in, square matrices out."""
    source = source_of(machine, args, "a", "numpy")
    shape = source.spec.shape
    if len(shape.dims) > 1 and same(shape.dims[-1], shape.dims[-2]) is False:
        raise refusal(
            "rank-mismatch",
            f"{{subject}} of shape {shape} is no square matrix",
            "Last 2 dimensions of the array must be square",
            found=shape,
        )
    dtype = None if "n" in args.values else reduced_dtype(source.spec.dtype, FLOAT, "numpy")
    return tensor(machine, shape, dtype)


@array_rule("numpy.linalg.det", params="a")
@array_rule("numpy.linalg.matrix_rank", params="a, *args, **kwargs")
def determinant(machine: Machine, args: Arguments) -> Value:
    """A number for each matrix."""
    shape = source_of(machine, args, "a", "numpy").spec.shape
    return tensor(machine, Shape(shape.dims[:-2], shape.open) if len(shape.dims) > 1 else UNKNOWN_SHAPE)


@array_rule("numpy.linalg.solve", params="a, b")
def solve(machine: Machine, args: Arguments) -> Value:
    """``np.linalg.solve``: the right side's shape."""
    b = source_of(machine, args, "b", "numpy")
    return tensor(machine, b.spec.shape if (b.spec.shape.rank or 9) <= 2 else UNKNOWN_SHAPE)


@array_rule("numpy.linalg.eig", "numpy.linalg.eigh", params="a, **kwargs")
def eig(machine: Machine, args: Arguments) -> Value:
    """Eigenvalues and eigenvectors."""
    shape = source_of(machine, args, "a", "numpy").spec.shape
    values = Shape(shape.dims[:-1]) if not shape.open and len(shape.dims) > 1 else UNKNOWN_SHAPE
    return TupleValue((tensor(machine, values), tensor(machine, shape)))


@array_rule("numpy.linalg.svd", params="a, full_matrices=True, compute_uv=True, hermitian=False")
def svd(machine: Machine, args: Arguments) -> Value:
    """``u, s, vh`` of a matrix."""
    source = source_of(machine, args, "a", "numpy")
    shape = source.spec.shape
    full = flag(args, "full_matrices", True)
    if shape.rank != 2 or flag(args, "compute_uv", True) is not True or isinstance(full, Unsure):
        return TupleValue((tensor(machine, UNKNOWN_SHAPE),) * 3)
    rows, columns = shape.dims
    least = min(rows, columns) if isinstance(rows, int) and isinstance(columns, int) else ANY
    sizes = ((rows, rows), (least,), (columns, columns)) if full else ((rows, least), (least,), (least, columns))
    return TupleValue(tuple(tensor(machine, Shape(size)) for size in sizes))


def contraction_axes(machine: Machine, value: Value | None) -> Axes | int | Unsure:
    """The ``axes`` of ``tensordot``: a count, or the axes of each side."""
    if value is None or is_none(value):
        return 2
    count = as_int(value)
    if count is not None:
        return count
    sides = items_of(machine, value)
    if sides is None or len(sides) != 2:
        return UNSURE
    first, second = axes_of(machine, sides[0]), axes_of(machine, sides[1])
    if first is None or second is None or isinstance(first, Unsure) or isinstance(second, Unsure):
        return UNSURE
    return first, second
