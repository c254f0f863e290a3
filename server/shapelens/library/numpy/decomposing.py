"""``numpy.linalg``: decompositions, solvers, diagonals (NumPy 2.4)."""

from __future__ import annotations

from shapelens.library.arrays.axes import normal_axis
from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import Unsure, as_int, axes_of, flag, int_or, is_none, items_of, operand, text_of
from shapelens.library.arrays.dtypes import promote
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.matmul import dot_shape
from shapelens.library.arrays.reducing import FLOAT, TOTAL, reduced, reduced_dtype
from shapelens.library.arrays.rules import array_rule, source_of
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.dims import ANY, Dim, same
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.failure import NotKnown
from shapelens.values.value import TensorValue, TupleValue, Value


def _matrix(machine: Machine, args: Arguments, name: str = "a", *, square: bool = False) -> tuple[TensorValue, Shape]:
    """The argument ``name`` and its shape, which has two axes at least (or none is known)."""
    source = source_of(machine, args, name, "numpy")
    shape = source.spec.shape
    if not shape.open and len(shape.dims) < 2:
        raise refusal(
            "rank-mismatch",
            f"{{subject}} must be a matrix, or several, and has the shape {shape}",
            f"{len(shape.dims)}-dimensional array given. Array must be at least two-dimensional",
            found=shape,
        )
    if len(shape.dims) < 2:
        return source, UNKNOWN_SHAPE
    if square and same(shape.dims[-1], shape.dims[-2]) is False:
        raise refusal(
            "rank-mismatch",
            f"{{subject}} of shape {shape} is no square matrix",
            "Last 2 dimensions of the array must be square",
            found=shape,
        )
    return source, shape


def _float(source: TensorValue) -> str | None:
    return None if source.spec.dtype == "float16" else reduced_dtype(source.spec.dtype, FLOAT, "numpy")


def _tail(shape: Shape, *sizes: Dim) -> Shape:
    return Shape((*shape.dims[:-2], *sizes), shape.open) if len(shape.dims) > 1 else UNKNOWN_SHAPE


def _least(a: Dim, b: Dim) -> Dim:
    if isinstance(a, int) and isinstance(b, int):
        return min(a, b)
    return a if same(a, b) else ANY


@array_rule("numpy.linalg.inv", "numpy.linalg.cholesky", params="a, *, upper=False")
def square_matrix(machine: Machine, args: Arguments) -> Value:
    """Square matrices in, square matrices out."""
    source, shape = _matrix(machine, args, square=True)
    return tensor(machine, shape, _float(source))


@array_rule("numpy.linalg.matrix_power", params="a, n")
def matrix_power(machine: Machine, args: Arguments) -> Value:
    """Square matrices in, square matrices out."""
    _, shape = _matrix(machine, args, square=True)
    return tensor(machine, shape)


@array_rule("numpy.linalg.pinv", params="a, rcond=None, hermitian=False, *, rtol=None")
def pinv(machine: Machine, args: Arguments) -> Value:
    """The last two axes change places."""
    source, shape = _matrix(machine, args)
    return tensor(machine, _tail(shape, shape.axis(-1), shape.axis(-2)), _float(source))


@array_rule("numpy.linalg.det", params="a")
def determinant(machine: Machine, args: Arguments) -> Value:
    """A number for each matrix."""
    source, shape = _matrix(machine, args, square=True)
    return tensor(machine, _tail(shape), _float(source))


@array_rule("numpy.linalg.slogdet", params="a")
def slogdet(machine: Machine, args: Arguments) -> Value:
    """The sign and the logarithm of each determinant."""
    source, shape = _matrix(machine, args, square=True)
    part = tensor(machine, _tail(shape), _float(source))
    return TupleValue((part, part), ("sign", "logabsdet"))


@array_rule("numpy.linalg.matrix_rank", params="A, tol=None, hermitian=False, *, rtol=None", renamed={"A": "a"})
def matrix_rank(machine: Machine, args: Arguments) -> Value:
    """A number for each matrix."""
    source = source_of(machine, args, "a", "numpy")
    if source.spec.shape.rank in (0, 1):
        return tensor(machine, Shape(()))
    return tensor(machine, _tail(source.spec.shape), "int64" if source.spec.shape.rank else None)


@array_rule("numpy.linalg.cond", params="x, p=None", renamed={"x": "a"})
def cond(machine: Machine, args: Arguments) -> Value:
    """A number for each matrix."""
    source, shape = _matrix(machine, args)
    return tensor(machine, _tail(shape), _float(source))


def _register_eigen(name: str, *, symmetric: bool, vectors: bool) -> None:
    def rule(machine: Machine, args: Arguments) -> Value:
        source, shape = _matrix(machine, args, square=True)
        # The others' dtype depends on whether the values are real.
        dtype = _float(source) if symmetric and not str(source.spec.dtype).startswith("complex") else None
        values = tensor(machine, _tail(shape, shape.axis(-1)), dtype)
        if not vectors:
            return values
        return TupleValue((values, tensor(machine, shape, dtype)), ("eigenvalues", "eigenvectors"))

    array_rule(f"numpy.linalg.{name}", params="a, UPLO='L'" if symmetric else "a")(rule)


_register_eigen("eig", symmetric=False, vectors=True)
_register_eigen("eigh", symmetric=True, vectors=True)
_register_eigen("eigvals", symmetric=False, vectors=False)
_register_eigen("eigvalsh", symmetric=True, vectors=False)


@array_rule("numpy.linalg.svd", params="a, full_matrices=True, compute_uv=True, hermitian=False")
def svd(machine: Machine, args: Arguments) -> Value:
    """``u, s, vh``; ``s`` alone without ``compute_uv``."""
    source, shape = _matrix(machine, args)
    full, both = flag(args, "full_matrices", True), flag(args, "compute_uv", True)
    rows, columns = shape.axis(-2), shape.axis(-1)
    least = _least(rows, columns)
    dtype = _float(source) if not str(source.spec.dtype).startswith("complex") else None
    values = tensor(machine, _tail(shape, least), dtype)
    if both is False:
        return values
    if isinstance(both, Unsure):
        raise NotKnown("it is not known how many results this has")
    sides = (rows, columns) if full is True else (least, least) if full is False else (ANY, ANY)
    left, right = tensor(machine, _tail(shape, rows, sides[0]), dtype), _tail(shape, sides[1], columns)
    return TupleValue((left, values, tensor(machine, right, dtype)), ("U", "S", "Vh"))


@array_rule("numpy.linalg.svdvals", params="x, /")
def svdvals(machine: Machine, args: Arguments) -> Value:
    """Singular values."""
    source, shape = _matrix(machine, args, "x")
    return tensor(machine, _tail(shape, _least(shape.axis(-2), shape.axis(-1))), _float(source))


@array_rule("numpy.linalg.qr", params="a, mode='reduced'")
def qr(machine: Machine, args: Arguments) -> Value:
    """``q, r``."""
    source, shape = _matrix(machine, args)
    mode, rows, columns = text_of(args, "mode", "reduced"), shape.axis(-2), shape.axis(-1)
    least, dtype = _least(rows, columns), _float(source)
    if isinstance(mode, Unsure) or mode not in ("reduced", "complete", "r"):
        raise NotKnown("the mode is not followed")
    inner = rows if mode == "complete" else least
    upper = tensor(machine, _tail(shape, inner, columns), dtype)
    return upper if mode == "r" else TupleValue((tensor(machine, _tail(shape, rows, inner), dtype), upper), ("Q", "R"))


@array_rule("numpy.linalg.solve", params="a, b")
def solve(machine: Machine, args: Arguments) -> Value:
    """The right side's shape: a vector, or matrices."""
    source, shape = _matrix(machine, args, square=True)
    b = source_of(machine, args, "b", "numpy")
    right = b.spec.shape
    dtype = promote([_float(source), _float(b)], "numpy")
    if right.rank not in (1, 2) or shape.rank != 2:
        return tensor(machine, UNKNOWN_SHAPE, dtype)
    if same(shape.dims[-1], right.dims[0]) is False:
        raise refusal(
            "matmul-mismatch",
            f"the matrix {shape} and the right side {right} have different numbers of rows",
            None,
            subject=1,
            expected=shape,
            found=right,
            axis=0,
        )
    return tensor(machine, right, dtype)


@array_rule("numpy.linalg.lstsq", params="a, b, rcond=None")
def lstsq(machine: Machine, args: Arguments) -> Value:
    """The solution, residuals, the rank, singular values."""
    source, shape = _matrix(machine, args)
    b = source_of(machine, args, "b", "numpy")
    right, dtype = b.spec.shape, promote([_float(source), _float(b)], "numpy")
    if right.dims and not right.open and not shape.open and same(shape.dims[-2], right.dims[0]) is False:
        raise refusal(
            "matmul-mismatch",
            f"the matrix {shape} and the right side {right} have different numbers of rows",
            "Incompatible dimensions",
            subject=1,
            expected=shape,
            found=right,
            axis=0,
        )
    solution = Shape((shape.axis(-1), *right.dims[1:])) if right.rank else UNKNOWN_SHAPE
    parts = (
        tensor(machine, solution, dtype),
        tensor(machine, Shape((ANY,)), dtype),
        tensor(machine, Shape(())),
        tensor(machine, Shape((_least(shape.axis(-2), shape.axis(-1)),))),
    )
    return TupleValue(parts)


@array_rule("numpy.linalg.multi_dot", params="arrays, *, out=None")
def multi_dot(machine: Machine, args: Arguments) -> Value:
    """Products from left to right."""
    items = items_of(machine, args.get("arrays"))
    if not items or len(items) < 2:
        raise NotKnown("the matrices are not known")
    parts = [operand(machine, item) for item in items]
    shape = parts[0].spec.shape
    for part in parts[1:]:
        shape = dot_shape(shape, part.spec.shape, "numpy")
    return tensor(machine, shape, promote([part.spec.dtype for part in parts], "numpy"))


@array_rule("numpy.trace", params="a, offset=0, axis1=0, axis2=1, dtype=None, out=None")
@array_rule("numpy.ndarray.trace", params="a, offset=0, axis1=0, axis2=1, dtype=None, out=None")
def trace(machine: Machine, args: Arguments) -> Value:
    """The sum of each diagonal."""
    source, left = _without_axes(machine, args)
    dtype = reduced_dtype(source.spec.dtype, TOTAL, "numpy") if is_none(args.get("dtype")) else None
    return tensor(machine, left, dtype)


@array_rule("numpy.diagonal", "numpy.ndarray.diagonal", params="a, offset=0, axis1=0, axis2=1")
def diagonal(machine: Machine, args: Arguments) -> Value:
    """Diagonals in a new last axis."""
    source, left = _without_axes(machine, args)
    shape = source.spec.shape
    axes = (int_or(args, "axis1", 0), int_or(args, "axis2", 1))
    offset = 0 if args.get("offset") is None else as_int(args.get("offset"))
    length: Dim = ANY
    if not shape.open and offset is not None and not isinstance(axes[0], Unsure) and not isinstance(axes[1], Unsure):
        rows, columns = shape.axis(axes[0]), shape.axis(axes[1])
        if isinstance(rows, int) and isinstance(columns, int):
            length = max(0, min(rows, columns - offset) if offset >= 0 else min(rows + offset, columns))
        elif offset == 0:
            length = _least(rows, columns)
    return tensor(machine, UNKNOWN_SHAPE if left.open else Shape((*left.dims, length)), source.spec.dtype)


def _without_axes(machine: Machine, args: Arguments) -> tuple[TensorValue, Shape]:
    source = source_of(machine, args, "a", "numpy")
    shape = source.spec.shape
    if not shape.open and len(shape.dims) < 2:
        raise refusal(
            "rank-mismatch",
            f"{{subject}} of shape {shape} has no diagonal",
            "diag requires an array of at least two dimensions",
            found=shape,
        )
    axes = (int_or(args, "axis1", 0), int_or(args, "axis2", 1))
    if shape.open or isinstance(axes[0], Unsure) or isinstance(axes[1], Unsure):
        return source, UNKNOWN_SHAPE
    gone = [normal_axis(axis, shape, "numpy", "") for axis in axes if not isinstance(axis, Unsure)]
    return source, Shape(tuple(size for place, size in enumerate(shape.dims) if place not in gone))


@array_rule("numpy.linalg.norm", params="x, ord=None, axis=None, keepdims=False")
@array_rule("numpy.linalg.vector_norm", params="x, /, *, axis=None, keepdims=False, ord=2")
def norm(machine: Machine, args: Arguments) -> Value:
    """The norm of all elements, of vectors, of matrices."""
    source = source_of(machine, args, "x", "numpy")
    axes, keepdims = axes_of(machine, args.get("axis")), flag(args, "keepdims", False)
    shape = reduced(source.spec.shape, axes, keepdims, "numpy")
    complex_ = str(source.spec.dtype).startswith("complex")
    plain = is_none(args.get("ord")) and not complex_
    return tensor(machine, shape, reduced_dtype(source.spec.dtype, FLOAT, "numpy") if plain else None)


@array_rule("numpy.matrix_transpose", "numpy.linalg.matrix_transpose", params="x, /")
def matrix_transpose(machine: Machine, args: Arguments) -> Value:
    """The last two axes change places."""
    source, shape = _matrix(machine, args, "x")
    return tensor(machine, _tail(shape, shape.axis(-1), shape.axis(-2)), source.spec.dtype)
