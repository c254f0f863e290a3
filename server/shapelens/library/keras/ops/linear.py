"""``keras.ops``: products and linear algebra (Keras 3.15)."""

from __future__ import annotations

from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import (
    Unsure,
    as_int,
    flag,
    int_or,
    is_none,
    items_of,
    kind_of,
    operand,
    text_of,
)
from shapelens.library.arrays.dtypes import promote
from shapelens.library.arrays.einsum import einsum_shape
from shapelens.library.arrays.elementwise import broadcast_shapes, dtype_like
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.matmul import dot_shape, inner_shape, matmul_shape, tensordot_shape
from shapelens.library.arrays.rules import source_of
from shapelens.library.keras.ops.rules import keras_rule, keras_rules, made, made_all, made_like
from shapelens.library.machine import Machine
from shapelens.library.numpy.linalg import contraction_axes
from shapelens.library.registry import Arguments
from shapelens.shapes.broadcast import Clash, broadcast
from shapelens.shapes.dims import ANY, Dim, add, mul, same, sub
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.failure import NotKnown
from shapelens.values.value import Const, TensorValue, TupleValue, Value


@keras_rule("matmul", params="x1, x2")
def matmul(machine: Machine, args: Arguments) -> Value:
    """``ops.matmul``."""
    a, b = source_of(machine, args, "x1", "keras"), source_of(machine, args, "x2", "keras")
    return made(machine, "matmul", matmul_shape(a.spec.shape, b.spec.shape, "keras"), a, b)


@keras_rule("dot", params="x1, x2")
def dot(machine: Machine, args: Arguments) -> Value:
    """``ops.dot``."""
    a, b = source_of(machine, args, "x1", "keras"), source_of(machine, args, "x2", "keras")
    likes = [dtype_like(args.get("x1"), a), dtype_like(args.get("x2"), b)]
    if kind_of([a, b], "keras") == "keras" and a.spec.shape.rank == b.spec.shape.rank == 1:
        # A symbolic call does not compare vectors.
        return made_like(machine, "dot", Shape(()), (a, b), likes)
    name = "multiply" if kind_of([a, b], "keras") == "keras" and 0 in (a.spec.shape.rank, b.spec.shape.rank) else "dot"
    return made_like(machine, name, dot_shape(a.spec.shape, b.spec.shape, "keras"), (a, b), likes)


@keras_rule("inner", params="x1, x2")
def inner(machine: Machine, args: Arguments) -> Value:
    """``ops.inner``."""
    a, b = source_of(machine, args, "x1", "keras"), source_of(machine, args, "x2", "keras")
    return made(machine, "inner", inner_shape(a.spec.shape, b.spec.shape), a, b)


@keras_rule("outer", params="x1, x2")
def outer(machine: Machine, args: Arguments) -> Value:
    """``ops.outer``: of the flattened tensors."""
    a, b = source_of(machine, args, "x1", "keras"), source_of(machine, args, "x2", "keras")
    return made(machine, "outer", Shape((a.spec.shape.size(), b.spec.shape.size())), a, b)


@keras_rule("vdot", params="x1, x2")
def vdot(machine: Machine, args: Arguments) -> Value:
    """``ops.vdot``: of the flattened tensors, which must be as long."""
    a, b = source_of(machine, args, "x1", "keras"), source_of(machine, args, "x2", "keras")
    left, right = a.spec.shape.size(), b.spec.shape.size()
    if kind_of([a, b], "keras") != "keras" and same(left, right) is False:
        raise refusal(
            "matmul-mismatch",
            f"{left} elements cannot be multiplied with {right}",
            None,
            subject=1,
            expected=a.spec.shape,
            found=b.spec.shape,
        )
    return made(machine, "vdot", Shape(()), a, b)


@keras_rule("kron", params="x1, x2")
def kron(machine: Machine, args: Arguments) -> Value:
    """``ops.kron``: each axis is as long as the product; a symbolic call drops axes that only one has."""
    a, b = source_of(machine, args, "x1", "keras"), source_of(machine, args, "x2", "keras")
    left, right = a.spec.shape, b.spec.shape
    if left.open or right.open:
        return made(machine, "kron", UNKNOWN_SHAPE, a, b)
    if kind_of([a, b], "keras") == "keras":
        return made(machine, "kron", Shape(tuple(map(mul, left.dims, right.dims))), a, b)
    rank = max(len(left.dims), len(right.dims))
    sides = [(1,) * (rank - len(side.dims)) + side.dims for side in (left, right)]
    return made(machine, "kron", Shape(tuple(map(mul, *sides))), a, b)


@keras_rule("tensordot", params="x1, x2, axes=2")
def tensordot(machine: Machine, args: Arguments) -> Value:
    """``ops.tensordot``: a symbolic call with a count of axes does not compare them."""
    a, b = source_of(machine, args, "x1", "keras"), source_of(machine, args, "x2", "keras")
    axes = contraction_axes(machine, args.get("axes"))
    sides = items_of(machine, args.get("axes")) or ()
    if kind_of([a, b], "keras") == "keras" and any(as_int(side) is not None for side in sides):
        words = "'int' object is not iterable"
        raise refusal(
            "invalid-argument", "a symbolic call needs the axes of each side as a list", words, subject="axes"
        )
    left, right = a.spec.shape, b.spec.shape
    if isinstance(axes, int) and kind_of([a, b], "keras") == "keras" and not (left.open or right.open):
        kept = left.dims if axes <= 0 else left.dims[:-axes]
        return made(machine, "tensordot", Shape((*kept, *right.dims[max(0, axes) :])), a, b)
    return made(machine, "tensordot", tensordot_shape(left, right, axes, "keras"), a, b)


@keras_rule("einsum", params="subscripts, *operands, **kwargs")
def einsum(machine: Machine, args: Arguments) -> Value:
    """``ops.einsum``."""
    equation = args.get("subscripts")
    parts = [operand(machine, value, "keras") for value in args.rest]
    kind = kind_of(parts, "keras")
    dtype = promote([part.spec.dtype for part in parts], "keras")
    if not isinstance(equation, Const) or not isinstance(equation.value, str):
        return tensor(machine, UNKNOWN_SHAPE, dtype, kind)
    shape = einsum_shape(equation.value, [part.spec.shape for part in parts], checked=kind != "keras")
    if len(parts) == 2:
        return made(machine, "einsum", shape, *parts)
    return tensor(machine, shape, dtype, kind)


@keras_rule("cross", params="x1, x2, axisa=-1, axisb=-1, axisc=-1, axis=None")
def cross(machine: Machine, args: Arguments) -> Value:
    """``ops.cross``: of vectors of two or three entries along the last axis."""
    a, b = source_of(machine, args, "x1", "keras"), source_of(machine, args, "x2", "keras")
    left, right = a.spec.shape, b.spec.shape
    plain = all(int_or(args, name, -1) == -1 for name in ("axisa", "axisb", "axisc")) and is_none(args.get("axis"))
    if not plain or left.open or right.open or not left.dims or not right.dims:
        return made(machine, "cross", UNKNOWN_SHAPE, a, b)
    met = broadcast_shapes(_without_last(a), _without_last(b), "keras")
    ends = (left.dims[-1], right.dims[-1])
    for index, size in enumerate(ends):
        if isinstance(size, int) and size not in (2, 3):
            raise refusal(
                "matmul-mismatch",
                f"a cross product needs vectors of 2 or 3 entries, not of {size}",
                None,
                subject=index,
                found=(left, right)[index],
                axis=-1,
            )
    if 3 in ends:
        return made(machine, "cross", Shape((*met.dims, 3)), a, b)
    unsure = any(not isinstance(size, int) for size in ends)
    if not unsure and not met.dims and kind_of([a, b], "keras") == "keras":
        words = "axis -1 is out of bounds for an array with dimension 0."
        raise refusal("axis-out-of-range", "a symbolic product of two plane vectors has no axis", words, found=left)
    return made(machine, "cross", UNKNOWN_SHAPE if unsure else met, a, b)


@keras_rule("cdist", params="x, y")
def cdist(machine: Machine, args: Arguments) -> Value:
    """``ops.cdist``: the distance of each row from each."""
    a, b = source_of(machine, args, "x", "keras"), source_of(machine, args, "y", "keras")
    left, right = a.spec.shape, b.spec.shape
    if left.open or right.open:
        return made(machine, "cdist", UNKNOWN_SHAPE, a, b)
    shown = f"Received shapes: x.shape={left}, y.shape={right}"
    for shape in (left, right):
        if len(shape.dims) < 2:
            words = f"Inputs to `cdist` must have rank >= 2. {shown}"
            raise refusal(
                "rank-mismatch", f"distances are between rows of matrices, not of {shape}", words, found=shape
            )
    if same(left.dims[-1], right.dims[-1]) is False:
        words = f"The last dimension of inputs to `cdist` must match. {shown}"
        raise refusal("matmul-mismatch", f"rows of {left} and {right} differ in length", words, subject=1, found=right)
    batch = broadcast(Shape(left.dims[:-2]), Shape(right.dims[:-2]))
    if isinstance(batch, Clash):
        words = f"Batch dimensions of inputs to `cdist` must be broadcastable. {shown}"
        raise refusal(
            "matmul-mismatch", f"the leading axes of {left} and {right} differ", words, subject=1, found=right
        )
    return made(machine, "cdist", Shape((*batch.dims, left.dims[-2], right.dims[-2])), a, b)


@keras_rule("correlate", params="x1, x2, mode='valid'")
def correlate(machine: Machine, args: Arguments) -> Value:
    """``ops.correlate`` of two vectors."""
    a, b = source_of(machine, args, "x1", "keras"), source_of(machine, args, "x2", "keras")
    mode = text_of(args, "mode", "valid")
    sizes: list[Dim] = []
    for name, part in (("x1", a), ("x2", b)):
        shape = part.spec.shape
        if shape.rank not in (None, 1):
            words = f"`{name}` must be a 1-dimensional tensor, but receivedshape {shape}"
            raise refusal("rank-mismatch", f"only vectors can be correlated, not {shape}", words, found=shape)
        sizes.append(shape.dims[0] if shape.rank else ANY)
    left, right = sizes
    length: Dim = ANY
    if "keras" not in (a.kind, b.kind) and mode == "valid" and isinstance(left, int) and isinstance(right, int):
        if right > left + 1:
            raise refusal("negative-dimension", f"{right} entries do not fit into {left}", None, subject=1)
        length = left - right + 1
    elif mode == "full":
        length = sub(add(left, right), 1)
    elif isinstance(left, int) and isinstance(right, int):
        length = max(left, right) if mode == "same" else max(left, right) - min(left, right) + 1
    return made(machine, "correlate", Shape((length if mode in ("full", "same", "valid") else ANY,)), a, b)


@keras_rule("corrcoef", params="x")
def corrcoef(machine: Machine, args: Arguments) -> Value:
    """``ops.corrcoef``: of each row with each; a symbolic call keeps the shape."""
    source = source_of(machine, args, "x", "keras")
    shape = source.spec.shape
    if source.kind != "keras":
        if shape.rank not in (None, 2):
            raise refusal("rank-mismatch", f"{{subject}} must be a matrix, not {shape}", None, found=shape)
        shape = UNKNOWN_SHAPE if shape.open else Shape((shape.dims[0], shape.dims[0]))
    return made(machine, "corrcoef", shape, source)


@keras_rules("det", params="x")
@keras_rules("inv", "eig", "eigh", "lu_factor", "logdet", "slogdet", params="x")
@keras_rules("cholesky", "cholesky_inverse", params="x, upper=False")
def of_square(name: str, machine: Machine, args: Arguments) -> Value:
    """Of square matrices, the last two axes."""
    source = source_of(machine, args, "x", "keras")
    shape, short = source.spec.shape, name.rpartition(".")[2]
    symbolic = source.kind == "keras"
    if not shape.open:
        if not (short in ("slogdet", "logdet") and symbolic):
            _check_matrix(shape, "" if short in ("eig", "eigh") else None)
        if short not in ("lu_factor", "slogdet", "logdet") or not symbolic:
            _check_square(shape)
        if short == "lu_factor" and not symbolic and len(shape.dims) > 2:
            raise refusal("rank-mismatch", f"TensorFlow factorizes one matrix, not {shape}", None, found=shape)
    batch = Shape(shape.dims[:-2]) if not shape.open else UNKNOWN_SHAPE
    vector = Shape(shape.dims[:-1]) if not shape.open else UNKNOWN_SHAPE
    if short in ("eig", "eigh"):
        return TupleValue(made_all(machine, name, (vector, shape), source))
    if short == "lu_factor":
        return TupleValue(made_all(machine, name, (shape, vector), source))
    if short == "slogdet":
        return TupleValue(made_all(machine, name, (Shape(()) if symbolic else batch, batch), source))
    return made(machine, name, batch if short in ("det", "logdet") else shape, source)


@keras_rule("qr", params="x, mode='reduced'")
def qr(machine: Machine, args: Arguments) -> Value:
    """``ops.qr``."""
    source = source_of(machine, args, "x", "keras")
    shape, mode = source.spec.shape, text_of(args, "mode", "reduced")
    if mode not in ("reduced", "complete") and not isinstance(mode, Unsure):
        raise refusal(
            "invalid-argument",
            f"`mode` must be 'reduced' or 'complete', not {mode!r}",
            f"`mode` argument value not supported. Expected one of {{'reduced', 'complete'}}. Received: mode={mode}",
            subject="mode",
        )
    if shape.open or isinstance(mode, Unsure):
        return TupleValue(made_all(machine, "qr", (UNKNOWN_SHAPE, UNKNOWN_SHAPE), source))
    _check_matrix(shape, f"Input should have rank >= 2. Received: input.shape = {shape}")
    batch, (rows, columns) = shape.dims[:-2], shape.dims[-2:]
    if source.kind == "keras" and None in (rows, columns):
        words = f"Input should have its last 2 dimensions fully-defined. Received: input.shape = {shape}"
        raise refusal("undefined-dimension", f"the last two axes of {shape} must be known", words, found=shape)
    short = min(rows, columns) if isinstance(rows, int) and isinstance(columns, int) else ANY
    shapes = (
        (Shape((*batch, rows, short)), Shape((*batch, short, columns)))
        if mode == "reduced"
        else (Shape((*batch, rows, rows)), Shape((*batch, rows, columns)))
    )
    return TupleValue(made_all(machine, "qr", shapes, source))


@keras_rule("svd", params="x, full_matrices=True, compute_uv=True")
def svd(machine: Machine, args: Arguments) -> Value:
    """``ops.svd``."""
    source = source_of(machine, args, "x", "keras")
    shape = source.spec.shape
    complete, both = flag(args, "full_matrices", True), flag(args, "compute_uv", True)
    if isinstance(both, Unsure):
        raise NotKnown("whether all three parts are computed is not known")
    if shape.open or isinstance(complete, Unsure):
        shapes = (UNKNOWN_SHAPE,) * 3
    else:
        _check_matrix(shape)
        batch, (rows, columns) = shape.dims[:-2], shape.dims[-2:]
        short = _shorter(rows, columns, source)
        width, height = (rows, columns) if complete else (short, short)
        shapes = (Shape((*batch, rows, width)), Shape((*batch, short)), Shape((*batch, height, columns)))
    made_ = made_all(machine, "svd", shapes, source)
    return TupleValue(made_) if both else made_[1]


@keras_rule("pinv", params="x, rcond=None")
def pinv(machine: Machine, args: Arguments) -> Value:
    """``ops.pinv``: the last two axes change places."""
    source = source_of(machine, args, "x", "keras")
    shape = source.spec.shape
    if shape.open:
        return made(machine, "pinv", UNKNOWN_SHAPE, source)
    _check_matrix(shape)
    return made(machine, "pinv", Shape((*shape.dims[:-2], shape.dims[-1], shape.dims[-2])), source)


@keras_rule("matrix_rank", params="x, tol=None")
def matrix_rank(machine: Machine, args: Arguments) -> Value:
    """``ops.matrix_rank``."""
    source = source_of(machine, args, "x", "keras")
    shape = source.spec.shape
    if not shape.open:
        _check_matrix(shape)
    return made(machine, "matrix_rank", UNKNOWN_SHAPE if shape.open else Shape(shape.dims[:-2]), source)


@keras_rules("solve", params="a, b")
@keras_rules("solve_triangular", params="a, b, lower=False")
def solve(name: str, machine: Machine, args: Arguments) -> Value:
    """``ops.solve``: the shape of the right side."""
    a, b = source_of(machine, args, "a", "keras"), source_of(machine, args, "b", "keras")
    left, right = a.spec.shape, b.spec.shape
    if not left.open:
        _check_matrix(left)
        _check_square(left)
    if not left.open and not right.open:
        _check_sides(left, right, symbolic="keras" in (a.kind, b.kind))
    return made(machine, name, right, a, b)


@keras_rule("lstsq", params="a, b, rcond=None")
def lstsq(machine: Machine, args: Arguments) -> Value:
    """``ops.lstsq``."""
    a, b = source_of(machine, args, "a", "keras"), source_of(machine, args, "b", "keras")
    left, right = a.spec.shape, b.spec.shape
    if left.open or right.open:
        return made(machine, "lstsq", UNKNOWN_SHAPE, a, b)
    if len(left.dims) != 2 or len(right.dims) not in (1, 2):
        raise refusal("rank-mismatch", f"{left} and {right} are no matrix and right side", None, found=left)
    if same(left.dims[0], right.dims[0]) is False:
        words = f"Expected b.shape[0] to be equal to a.shape[0]. Received: a.shape={left}, b.shape={right}"
        raise refusal("matmul-mismatch", f"{left} and {right} have different rows", words, subject=1, found=right)
    return made(machine, "lstsq", Shape((left.dims[1], *right.dims[1:])), a, b)


@keras_rule("polar", params="abs_, angle")
def polar(machine: Machine, args: Arguments) -> Value:
    """``ops.polar``: a complex tensor; a symbolic call keeps the first one's shape."""
    a, b = source_of(machine, args, "abs_", "keras"), source_of(machine, args, "angle", "keras")
    if kind_of([a, b], "keras") == "keras":
        return made(machine, "polar", a.spec.shape, a, b)
    return made(machine, "polar", broadcast_shapes(a, b, "keras"), a, b)


def _without_last(value: TensorValue) -> TensorValue:
    return TensorValue(type(value.spec)(Shape(value.spec.shape.dims[:-1]), value.spec.dtype), value.kind)


def _shorter(rows: Dim, columns: Dim, source: TensorValue) -> Dim:
    if isinstance(rows, int) and isinstance(columns, int):
        return min(rows, columns)
    if source.kind == "keras" and None in (rows, columns):
        raise refusal(
            "undefined-dimension",
            f"the last two axes of {source.spec.shape} must be known",
            None,
            found=source.spec.shape,
        )
    return ANY


def _check_matrix(shape: Shape, words: str | None = None) -> None:
    if len(shape.dims) < 2:
        expected = f"Expected input to have rank >= 2. Received input with shape {shape}."
        words = expected if words is None else words or None
        raise refusal("rank-mismatch", f"{{subject}} must be a matrix, not {shape}", words, found=shape)


def _check_square(shape: Shape) -> None:
    if same(shape.dims[-2], shape.dims[-1]) is False:
        words = f"Expected a square matrix. Received non-square input with shape {shape}"
        raise refusal("matmul-mismatch", f"{{subject}} must be square, not {shape}", words, found=shape, axis=-1)


def _check_sides(left: Shape, right: Shape, *, symbolic: bool) -> None:
    if not right.dims:
        raise refusal("rank-mismatch", "the right side must have an axis", None, subject=1, found=right)
    deeper = len(right.dims) - len(left.dims)
    place = -2 if deeper == 0 else -1
    # A symbolic call compares nothing where the right side is a vector for each matrix.
    compared = deeper in (0, 1) or (deeper == -1 and not symbolic)
    if compared and same(left.dims[place], right.dims[place]) is False:
        raise refusal(
            "matmul-mismatch",
            f"a matrix of shape {left} and a right side of shape {right} do not fit",
            None,
            subject=1,
            expected=left,
            found=right,
            axis=place,
        )
