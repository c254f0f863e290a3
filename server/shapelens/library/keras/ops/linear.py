"""``keras.ops``: products and linear algebra (Keras 3.15)."""

from __future__ import annotations

from collections.abc import Sequence

from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import (
    as_int,
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
from shapelens.library.keras.ops.rules import keras_rule, made, made_like
from shapelens.library.machine import Machine
from shapelens.library.numpy.linalg import contraction_axes
from shapelens.library.registry import Arguments
from shapelens.shapes.broadcast import Clash, broadcast
from shapelens.shapes.dims import ANY, Dim, add, mul, same, sub
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.failure import NotKnown, ShapeFailure
from shapelens.values.value import Const, TensorValue, Value


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
    shapes, symbolic = [part.spec.shape for part in parts], kind == "keras"
    try:
        shape = einsum_shape(equation.value, shapes, checked=not symbolic, ones_broadcast=symbolic)
    except ShapeFailure as failure:
        if symbolic:
            raise
        if failure.failure.code != "rank-mismatch":
            if not _is_batched_product(equation.value, shapes):
                raise
            return made(machine, "einsum", einsum_shape(equation.value, shapes), *parts)
        raise NotKnown("equations that are a matrix product take more axes than they have letters") from None
    if len(parts) == 1 and dtype in ("int8", "uint8"):
        # A part of them is added up as int32.
        dtype = None
    if len(parts) == 2:
        return made(machine, "einsum", shape, *parts)
    return tensor(machine, shape, dtype, kind)


def _is_batched_product(equation: str, shapes: Sequence[Shape]) -> bool:
    """Whether Keras takes it for a matrix product of two stacks, which spreads the stacks' axes of one entry.

    Eager calls of Keras 3.15.1 do so where each term has four letters, two of them the stacks'.
    """
    left, _, right = equation.replace(" ", "").partition("->")
    terms = left.split(",")
    if len(terms) != 2 or any(len(term) != 4 or len(set(term)) != 4 or "." in term for term in terms):
        return False
    shared = set(terms[0]) & set(terms[1])
    summed = shared - set(right)
    if len(shared) != 3 or len(summed) != 1 or any(shape.rank != 4 for shape in shapes):
        return False
    letter = summed.pop()
    ends = [shape.dims[term.index(letter)] for term, shape in zip(terms, shapes, strict=True)]
    return same(*ends) is not False


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
        # A window that is one entry too long gives something else on every machine.
        length = ANY if right == left + 1 else left - right + 1
    elif mode == "full":
        length = sub(add(left, right), 1)
    elif isinstance(left, int) and isinstance(right, int):
        length = max(left, right) if mode == "same" else max(left, right) - min(left, right) + 1
    return made(machine, "correlate", Shape((length if mode in ("full", "same", "valid") else ANY,)), a, b)


def _without_last(value: TensorValue) -> TensorValue:
    return TensorValue(type(value.spec)(Shape(value.spec.shape.dims[:-1]), value.spec.dtype), value.kind)
