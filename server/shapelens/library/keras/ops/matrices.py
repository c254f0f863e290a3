"""``keras.ops``: what is worked out of one matrix, and systems of equations (Keras 3.15)."""

from __future__ import annotations

from shapelens.library.arrays.convert import (
    Unsure,
    flag,
    kind_of,
    text_of,
)
from shapelens.library.arrays.elementwise import broadcast_shapes
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.rules import source_of
from shapelens.library.keras.ops.rules import keras_rule, keras_rules, made, made_all
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.dims import ANY, Dim, same
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.failure import NotKnown
from shapelens.values.value import TensorValue, TupleValue, Value


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
