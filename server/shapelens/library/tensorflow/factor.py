"""``tf.linalg``: decompositions, solvers, diagonals (TensorFlow 2.21)."""

from __future__ import annotations

from shapelens.library.arrays.axes import normal_axis
from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import Unsure, as_int, axes_of, flag, is_none, kind_of, meet, operand
from shapelens.library.arrays.dtypes import dtype_of
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.rules import array_rule, source_of
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.library.tensorflow.control import mapped_nest
from shapelens.shapes.dims import ANY, Dim, add, same
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.failure import NotKnown
from shapelens.values.value import TensorValue, TupleValue, Value

_COMPLEX = {"float32": "complex64", "float64": "complex128", "complex64": "complex64", "complex128": "complex128"}
_REAL = {"complex64": "float32", "complex128": "float64"}


def _matrix(machine: Machine, args: Arguments, name: str, *, square: bool = False) -> tuple[TensorValue, Shape]:
    """The argument ``name`` and its shape, which has two axes at least (or none is known)."""
    source = source_of(machine, args, name, "tensorflow")
    shape = source.spec.shape
    if not shape.open and len(shape.dims) < 2:
        raise refusal(
            "rank-mismatch",
            f"{{subject}} must be a matrix, or several, and has the shape {shape}",
            None,
            found=shape,
        )
    if len(shape.dims) < 2:
        return source, UNKNOWN_SHAPE
    if square and same(shape.dims[-1], shape.dims[-2]) is False:
        raise refusal("rank-mismatch", f"{{subject}} of shape {shape} is no square matrix", None, found=shape)
    if square:
        side = shape.dims[-1] if isinstance(shape.dims[-1], int) else shape.dims[-2]
        shape = Shape((*shape.dims[:-2], side, side), shape.open)
    return source, shape


def _least(a: Dim, b: Dim) -> Dim:
    if isinstance(a, int) and isinstance(b, int):
        return min(a, b)
    return a if same(a, b) else None if a is None or b is None else ANY


def _tail(shape: Shape, *sizes: Dim) -> Shape:
    """``shape`` with other sizes for its last two axes."""
    return Shape((*shape.dims[:-2], *sizes), shape.open) if len(shape.dims) > 1 else UNKNOWN_SHAPE


@array_rule("tensorflow.linalg.svd", params="tensor, full_matrices=False, compute_uv=True, name=None")
def svd(machine: Machine, args: Arguments) -> Value:
    """``s, u, v``; ``s`` alone without ``compute_uv``."""
    source, shape = _matrix(machine, args, "tensor")
    full, both = flag(args, "full_matrices", False), flag(args, "compute_uv", True)
    dtype = source.spec.dtype
    rows, columns = shape.axis(-2), shape.axis(-1)
    least = _least(rows, columns)
    values = tensor(machine, _tail(shape, least), _REAL.get(str(dtype), dtype), "tensor")
    if both is False:
        return values
    if isinstance(both, Unsure):
        raise NotKnown("it is not known how many results this has")
    sides = (rows, columns) if full is True else (least, least) if full is False else (ANY, ANY)
    u, v = _tail(shape, rows, sides[0]), _tail(shape, columns, sides[1])
    return TupleValue((values, tensor(machine, u, dtype, "tensor"), tensor(machine, v, dtype, "tensor")))


@array_rule("tensorflow.linalg.qr", params="input, full_matrices=False, name=None")
def qr(machine: Machine, args: Arguments) -> Value:
    """``q, r``."""
    source, shape = _matrix(machine, args, "input")
    rows, columns = shape.axis(-2), shape.axis(-1)
    full = flag(args, "full_matrices", False)
    inner = rows if full is True else _least(rows, columns) if full is False else ANY
    parts = (_tail(shape, rows, inner), _tail(shape, inner, columns))
    return TupleValue(tuple(tensor(machine, part, source.spec.dtype, "tensor") for part in parts), ("q", "r"))


def _register_eigen(name: str, *, symmetric: bool, vectors: bool) -> None:
    def rule(machine: Machine, args: Arguments) -> Value:
        source, shape = _matrix(machine, args, "tensor", square=True)
        dtype = source.spec.dtype if symmetric else _COMPLEX.get(str(source.spec.dtype))
        values = tensor(machine, _tail(shape, shape.axis(-1)), dtype, "tensor")
        return TupleValue((values, tensor(machine, shape, dtype, "tensor"))) if vectors else values

    array_rule(f"tensorflow.linalg.{name}", params="tensor, name=None")(rule)


_register_eigen("eigh", symmetric=True, vectors=True)
_register_eigen("eig", symmetric=False, vectors=True)
_register_eigen("eigvalsh", symmetric=True, vectors=False)
_register_eigen("eigvals", symmetric=False, vectors=False)


@array_rule("tensorflow.linalg.det", params="input, name=None")
@array_rule("tensorflow.linalg.logdet", params="matrix, name=None", renamed={"matrix": "input"})
def determinant(machine: Machine, args: Arguments) -> Value:
    """A number for each matrix."""
    source, shape = _matrix(machine, args, "input", square=True)
    return tensor(machine, _tail(shape), source.spec.dtype, kind_of([source], "tensorflow"))


@array_rule("tensorflow.linalg.slogdet", params="input, name=None")
def slogdet(machine: Machine, args: Arguments) -> Value:
    """The sign and the logarithm of each determinant."""
    source, shape = _matrix(machine, args, "input", square=True)
    part = tensor(machine, _tail(shape), source.spec.dtype, "tensor")
    return TupleValue((part, part), ("sign", "log_abs_determinant"))


@array_rule("tensorflow.linalg.trace", params="x, name=None")
def trace(machine: Machine, args: Arguments) -> Value:
    """The sum of each diagonal."""
    source, shape = _matrix(machine, args, "x")
    return tensor(machine, _tail(shape), source.spec.dtype, "tensor")


@array_rule("tensorflow.linalg.inv", params="input, adjoint=False, name=None")
@array_rule(
    "tensorflow.linalg.cholesky",
    "tensorflow.linalg.expm",
    "tensorflow.linalg.logm",
    "tensorflow.linalg.sqrtm",
    params="input, name=None",
)
def square(machine: Machine, args: Arguments) -> Value:
    """Square matrices in, square matrices out."""
    source, shape = _matrix(machine, args, "input", square=True)
    return tensor(machine, shape, source.spec.dtype, "tensor")


@array_rule("tensorflow.linalg.pinv", params="a, rcond=None, validate_args=False, name=None")
@array_rule("tensorflow.linalg.adjoint", params="matrix, name=None", renamed={"matrix": "a"})
def turned(machine: Machine, args: Arguments) -> Value:
    """The last two axes change places."""
    source, shape = _matrix(machine, args, "a")
    return tensor(machine, _tail(shape, shape.axis(-1), shape.axis(-2)), source.spec.dtype, "tensor")


@array_rule("tensorflow.linalg.band_part", params="input, num_lower, num_upper, name=None")
@array_rule("tensorflow.linalg.set_diag", params="input, diagonal, name='set_diag', k=0, align='RIGHT_LEFT'")
def same_matrix(machine: Machine, args: Arguments) -> Value:
    """Matrices of the same shape."""
    source, _ = _matrix(machine, args, "input")
    return tensor(machine, source.spec.shape, source.spec.dtype, kind_of([source], "tensorflow"))


@array_rule("tensorflow.linalg.cross", params="a, b, name=None")
def cross(machine: Machine, args: Arguments) -> Value:
    """The same shape, of vectors of 3."""
    a, b = source_of(machine, args, "a", "tensorflow"), source_of(machine, args, "b", "tensorflow")
    return tensor(machine, meet(a.spec.shape, b.spec.shape) or UNKNOWN_SHAPE, a.spec.dtype, "tensor")


@array_rule("tensorflow.linalg.solve", params="matrix, rhs, adjoint=False, name=None")
@array_rule("tensorflow.linalg.triangular_solve", params="matrix, rhs, lower=True, adjoint=False, name=None")
@array_rule("tensorflow.linalg.cholesky_solve", params="chol, rhs, name=None", renamed={"chol": "matrix"})
def solve(machine: Machine, args: Arguments) -> Value:
    """The right sides' shape."""
    source, shape = _matrix(machine, args, "matrix", square=True)
    right, columns = _matrix(machine, args, "rhs")
    if same(shape.axis(-1), columns.axis(-2)) is False:
        raise refusal(
            "matmul-mismatch",
            f"the matrix {source.spec.shape} and the right side {right.spec.shape} have different numbers of rows",
            None,
            subject=1,
            expected=source.spec.shape,
            found=right.spec.shape,
            axis=-2,
        )
    left = UNKNOWN_SHAPE
    if len(columns.dims) == len(shape.dims):
        rows = columns.axis(-2) if isinstance(columns.axis(-2), int) else shape.axis(-2)
        left = _tail(columns, rows, columns.axis(-1))
    return tensor(machine, left, right.spec.dtype or source.spec.dtype, "tensor")


@array_rule("tensorflow.linalg.lstsq", params="matrix, rhs, l2_regularizer=0.0, fast=True, name=None")
def lstsq(machine: Machine, args: Arguments) -> Value:
    """A row for each column of the matrix."""
    source, shape = _matrix(machine, args, "matrix")
    _, right = _matrix(machine, args, "rhs")
    return tensor(machine, _tail(right, shape.axis(-1), right.axis(-1)), source.spec.dtype, "tensor")


@array_rule("tensorflow.linalg.lu", params="input, output_idx_type=None, name=None")
def lu(machine: Machine, args: Arguments) -> Value:
    """Both triangles in one matrix, and the permutation."""
    source, shape = _matrix(machine, args, "input", square=True)
    dtype = "int32" if is_none(args.get("output_idx_type")) else dtype_of(args.get("output_idx_type"), "tensorflow")
    order = tensor(machine, _tail(shape, shape.axis(-1)), dtype, "tensor")
    return TupleValue((tensor(machine, shape, source.spec.dtype, "tensor"), order), ("lu", "p"))


@array_rule("tensorflow.linalg.matrix_rank", params="a, tol=None, validate_args=False, name=None")
def matrix_rank(machine: Machine, args: Arguments) -> Value:
    """A number for each matrix."""
    _, shape = _matrix(machine, args, "a")
    return tensor(machine, _tail(shape), "int32", "tensor")


@array_rule(
    "tensorflow.linalg.diag",
    params="diagonal, name='diag', k=0, num_rows=-1, num_cols=-1, padding_value=0, align='RIGHT_LEFT'",
)
def diag(machine: Machine, args: Arguments) -> Value:
    """A diagonal matrix for each vector."""
    source = source_of(machine, args, "diagonal", "tensorflow")
    shape = source.spec.shape
    offset = 0 if args.get("k") is None else as_int(args.get("k"))
    left = UNKNOWN_SHAPE
    if shape.dims and offset is not None and not {"num_rows", "num_cols"} & args.values.keys():
        side = add(shape.dims[-1], abs(offset))
        left = Shape((*shape.dims[:-1], side, side), shape.open)
    return tensor(machine, left, source.spec.dtype, kind_of([source], "tensorflow"))


@array_rule(
    "tensorflow.linalg.diag_part",
    params="input, name='diag_part', k=0, padding_value=0, align='RIGHT_LEFT'",
)
def diag_part(machine: Machine, args: Arguments) -> Value:
    """The diagonal of each matrix."""
    source, shape = _matrix(machine, args, "input")
    offset = 0 if args.get("k") is None else as_int(args.get("k"))
    rows, columns = shape.axis(-2), shape.axis(-1)
    length: Dim = _least(rows, columns) if offset == 0 else ANY
    if offset and isinstance(rows, int) and isinstance(columns, int):
        length = min(rows, columns - offset) if offset > 0 else min(rows + offset, columns)
    left = UNKNOWN_SHAPE if offset is None else _tail(shape, length)
    return tensor(machine, left, source.spec.dtype, kind_of([source], "tensorflow"))


@array_rule("tensorflow.linalg.tensor_diag", params="diagonal, name=None")
def tensor_diag(machine: Machine, args: Arguments) -> Value:
    """All axes twice."""
    source = source_of(machine, args, "diagonal", "tensorflow")
    shape = source.spec.shape
    left = UNKNOWN_SHAPE if shape.open else Shape((*shape.dims, *shape.dims))
    return tensor(machine, left, source.spec.dtype, "tensor")


@array_rule("tensorflow.linalg.tensor_diag_part", params="input, name=None")
def tensor_diag_part(machine: Machine, args: Arguments) -> Value:
    """The first half of the axes."""
    source = source_of(machine, args, "input", "tensorflow")
    shape = source.spec.shape
    left, half = UNKNOWN_SHAPE, len(shape.dims) // 2
    if not shape.open and not len(shape.dims) % 2:
        left = meet(Shape(shape.dims[:half]), Shape(shape.dims[half:])) or UNKNOWN_SHAPE
    return tensor(machine, left, source.spec.dtype, "tensor")


@array_rule("tensorflow.linalg.normalize", params="tensor, ord='euclidean', axis=None, name=None")
def normalize(machine: Machine, args: Arguments) -> Value:
    """The tensor, and its norms with axes of size 1."""
    source = source_of(machine, args, "tensor", "tensorflow")
    shape, axes = source.spec.shape, axes_of(machine, args.get("axis"))
    norms = UNKNOWN_SHAPE
    if not shape.open and not isinstance(axes, Unsure):
        chosen = range(len(shape.dims)) if axes is None else [normal_axis(axis, shape, "tensorflow") for axis in axes]
        norms = Shape(tuple(1 if place in chosen else size for place, size in enumerate(shape.dims)))
    return TupleValue(
        (tensor(machine, shape, source.spec.dtype, "tensor"), tensor(machine, norms, source.spec.dtype, "tensor"))
    )


@array_rule("tensorflow.linalg.global_norm", params="t_list, name=None")
def global_norm(machine: Machine, args: Arguments) -> Value:
    """One number."""
    return tensor(machine, Shape(()), _dtype_of_list(machine, args.get("t_list")), "tensor")


@array_rule("tensorflow.clip_by_global_norm", params="t_list, clip_norm, use_norm=None, name=None")
def clip_by_global_norm(machine: Machine, args: Arguments) -> Value:
    """The tensors, and their norm."""

    def clipped(part: TensorValue) -> Value:
        return tensor(machine, part.spec.shape, part.spec.dtype, "tensor")

    made = mapped_nest(machine, args.values["t_list"], clipped)
    norm = tensor(machine, Shape(()), _dtype_of_list(machine, args.get("t_list")), "tensor")
    return TupleValue((made, norm))


def _dtype_of_list(machine: Machine, value: Value | None) -> str | None:
    dtypes: set[str | None] = set()

    def note(part: TensorValue) -> Value:
        dtypes.add(part.spec.dtype)
        return part

    if value is not None:
        mapped_nest(machine, value, note)
    return dtypes.pop() if len(dtypes) == 1 else None


@array_rule("tensorflow.complex", "tensorflow.dtypes.complex", params="real, imag, name=None")
def complex_rule(machine: Machine, args: Arguments) -> Value:
    """Complex numbers from two parts."""
    real, imaginary = (operand(machine, args.get(name), "tensorflow") for name in ("real", "imag"))
    dtype = _COMPLEX.get(str(real.spec.dtype)) or _COMPLEX.get(str(imaginary.spec.dtype))
    left = meet(real.spec.shape, imaginary.spec.shape) or UNKNOWN_SHAPE
    return tensor(machine, left, dtype, kind_of([real, imaginary], "tensorflow"))
