"""Matrix products: ``@``, ``matmul``, ``dot``, ``tensordot``, ``inner``, ``outer``.

Wordings from runs of NumPy 2.4, TensorFlow 2.21 and Keras 3.15.
"""

from __future__ import annotations

import numpy

from shapelens.library.arrays.constants import array_of, contents, is_small, settled, tensor
from shapelens.library.arrays.convert import Unsure, kind_of, operand
from shapelens.library.arrays.dtypes import Dialect, promote
from shapelens.library.arrays.failures import bracket_text, comma_text, refusal, tuple_text
from shapelens.library.machine import Machine
from shapelens.shapes.broadcast import Clash, broadcast
from shapelens.shapes.dims import Dim, same
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.failure import ShapeFailure
from shapelens.values.value import TensorValue, Value


def matmul(machine: Machine, left: Value | None, right: Value | None, dialect: Dialect) -> Value:
    """``left @ right``."""
    a, b = operand(machine, left, dialect), operand(machine, right, dialect)
    shape = matmul_shape(a.spec.shape, b.spec.shape, dialect)
    return _product(machine, a, b, shape, dialect, "matmul")


def dot(machine: Machine, left: Value | None, right: Value | None, dialect: Dialect) -> Value:
    """``dot(left, right)``: sums over the last axis of one and the last but one of the other."""
    a, b = operand(machine, left, dialect), operand(machine, right, dialect)
    shape = dot_shape(a.spec.shape, b.spec.shape, dialect)
    return _product(machine, a, b, shape, dialect, "dot")


def matmul_shape(left: Shape, right: Shape, dialect: Dialect) -> Shape:
    """The shape of a matrix product with broadcast batch axes."""
    if 0 in (left.rank, right.rank) or (dialect == "tensorflow" and 1 in (left.rank, right.rank)):
        raise _refusal_rank(left, right, dialect)
    _check_contraction(left, right, dialect, "matmul")
    if left.open or right.open:
        # The last axis comes from a right operand that certainly has two axes.
        return Shape(right.dims[-1:], open=True) if len(right.dims) > 1 else UNKNOWN_SHAPE
    if len(right.dims) == 1:
        return Shape(left.dims[:-1])
    if len(left.dims) == 1:
        return Shape((*right.dims[:-2], right.dims[-1]))
    batch = broadcast(Shape(left.dims[:-2]), Shape(right.dims[:-2]))
    if isinstance(batch, Clash):
        raise _refusal_batch(left, right, batch, dialect)
    return Shape((*batch.dims, left.dims[-2], right.dims[-1]))


def dot_shape(left: Shape, right: Shape, dialect: Dialect) -> Shape:
    """The shape of ``numpy.dot``."""
    if 0 in (left.rank, right.rank):
        return right if left.rank == 0 else left
    _check_contraction(left, right, dialect, "dot")
    if left.open or right.open:
        return UNKNOWN_SHAPE
    return Shape((*left.dims[:-1], *right.dims[:-2], *right.dims[-1:][: len(right.dims) - 1]))


def inner_shape(left: Shape, right: Shape) -> Shape:
    """The shape of ``numpy.inner``: sums over the last axes."""
    if 0 in (left.rank, right.rank):
        return right if left.rank == 0 else left
    if left.dims and right.dims and same(left.dims[-1], right.dims[-1]) is False:
        raise refusal(
            "matmul-mismatch",
            f"the last axes of {left} and {right} differ: {left.dims[-1]} and {right.dims[-1]}",
            None,
            subject=1,
            expected=left,
            found=right,
            axis=-1,
        )
    return UNKNOWN_SHAPE if left.open or right.open else Shape((*left.dims[:-1], *right.dims[:-1]))


def tensordot_shape(
    left: Shape, right: Shape, axes: tuple[tuple[int, ...], tuple[int, ...]] | int | Unsure, dialect: Dialect
) -> Shape:
    """The shape of ``tensordot`` over ``axes`` (a count, or the axes of each side)."""
    if isinstance(axes, Unsure) or left.open or right.open:
        return UNKNOWN_SHAPE
    if isinstance(axes, int):
        if axes > min(len(left.dims), len(right.dims)):
            raise _refusal_tensordot(left, right, dialect)
        pairs = (tuple(range(len(left.dims) - axes, len(left.dims))), tuple(range(axes)))
    else:
        pairs = axes
    first, second = pairs
    if len(first) != len(second):
        raise _refusal_tensordot(left, right, dialect)
    for a, b in zip(first, second, strict=True):
        outside = not -len(left.dims) <= a < len(left.dims) or not -len(right.dims) <= b < len(right.dims)
        if outside or same(left.dims[a], right.dims[b]) is False:
            raise _refusal_tensordot(left, right, dialect)
    gone_left = {a % len(left.dims) for a in first}
    gone_right = {b % len(right.dims) for b in second}
    kept: list[Dim] = [d for i, d in enumerate(left.dims) if i not in gone_left]
    kept += [d for i, d in enumerate(right.dims) if i not in gone_right]
    return Shape(tuple(kept))


def _product(machine: Machine, a: TensorValue, b: TensorValue, shape: Shape, dialect: Dialect, name: str) -> Value:
    dtype = promote((a.spec.dtype, b.spec.dtype), dialect)
    data = None
    if a.data is not None and b.data is not None and is_small(shape):
        left, right = array_of(a), array_of(b)
        if left is not None and right is not None and object not in (left.dtype, right.dtype):
            data = contents(numpy.asarray(getattr(numpy, name)(left, right)))
    return settled(tensor(machine, shape, dtype, kind_of([a, b], dialect), data))


def _check_contraction(left: Shape, right: Shape, dialect: Dialect, name: str) -> None:
    if not left.dims or not right.dims or (right.open and len(right.dims) < 2):
        return
    axis = len(right.dims) - 2 if len(right.dims) > 1 else 0
    inner, outer = left.dims[-1], right.dims[axis]
    if same(inner, outer) is not False:
        return
    known = left.known and right.known
    if dialect == "numpy" and name == "dot":
        words = (
            f"shapes {comma_text(left.dims)} and {comma_text(right.dims)} not aligned: "
            f"{inner} (dim {len(left.dims) - 1}) != {outer} (dim {axis})"
        )
    elif dialect == "numpy":
        words = (
            "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature "
            f"(n?,k),(k,m?)->(n?,m?) (size {outer} is different from {inner})"
        )
        known = True
    elif dialect == "keras" and name == "dot":
        words = (
            "Shape must match on the last axis of `x1` and second last axis of `x2` when `x1` is N-d array "
            f"while `x2` is M-D, but received `x1.shape={tuple_text(left.dims)}` and "
            f"x2.shape=`{tuple_text(right.dims)}`."
        )
        known = len(right.dims) > 1 and not left.open and not right.open
    elif dialect == "tensorflow":
        words = f"Matrix size-incompatible: In[0]: {bracket_text(left.dims)}, In[1]: {bracket_text(right.dims)}"
    else:
        words = (
            "Inner dimensions (`x1.shape[-1]` and `x2.shape[-2]`) must be equal, but received "
            f"`x1.shape={tuple_text(_matrix(left, first=True))}` and "
            f"`x2.shape={tuple_text(_matrix(right, first=False))}`."
        )
        known = not left.open and not right.open
    raise refusal(
        "matmul-mismatch",
        f"matrices of shapes {left} and {right} cannot be multiplied: the inner axes are {inner} and {outer}",
        words if known else None,
        subject=1,
        expected=left,
        found=right,
        axis=-2 if len(right.dims) > 1 else -1,
    )


def _matrix(side: Shape, *, first: bool) -> tuple[Dim, ...]:
    """A vector as Keras counts it in."""
    if len(side.dims) != 1:
        return side.dims
    return (1, *side.dims) if first else (*side.dims, 1)


def _refusal_rank(left: Shape, right: Shape, dialect: Dialect) -> ShapeFailure:
    first = left.rank == 0 or (dialect == "tensorflow" and left.rank == 1)
    if dialect == "numpy":
        words = (
            f"matmul: Input operand {0 if first else 1} does not have enough dimensions (has 0, gufunc core "
            "with signature (n?,k),(k,m?)->(n?,m?) requires 1)"
        )
    else:
        words = f"In[{0 if first else 1}] ndims must be >= {2 if dialect == 'tensorflow' else 1}"
    # Of vectors TensorFlow's kernels speak in other words on other machines.
    plain = dialect == "tensorflow" and max(len(left.dims), len(right.dims)) < 3
    return refusal(
        "matmul-mismatch",
        f"a matrix product needs matrices, and one side has the shape {left if first else right}",
        None
        if plain
        else words
        if dialect == "numpy" or (dialect == "tensorflow" and left.known and right.known)
        else None,
        subject=0 if first else 1,
        found=left if first else right,
    )


def _refusal_batch(left: Shape, right: Shape, clash: Clash, dialect: Dialect) -> ShapeFailure:
    words = None
    if dialect == "tensorflow" and left.known and right.known:
        words = (
            "In[0] and In[1] must have compatible batch dimensions: "
            f"{bracket_text(left.dims)} vs. {bracket_text(right.dims)}"
        )
    return refusal(
        "matmul-mismatch",
        f"matrices of shapes {left} and {right} cannot be multiplied: "
        f"the leading axes differ ({clash.left} and {clash.right})",
        words,
        subject=1,
        expected=left,
        found=right,
        axis=clash.axis - 2,
    )


def _refusal_tensordot(left: Shape, right: Shape, dialect: Dialect) -> ShapeFailure:
    return refusal(
        "matmul-mismatch",
        f"the axes to sum over do not match in shapes {left} and {right}",
        "shape-mismatch for sum" if dialect == "numpy" else None,
        subject=1,
        expected=left,
        found=right,
    )
