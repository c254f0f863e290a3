"""Elementwise operations and operators: broadcasting, dtypes, small constant contents.

Wordings from runs of NumPy 2.4, TensorFlow 2.21 and Keras 3.15.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

import numpy

from shapelens.library.arrays.constants import Dynamic, array_of, contents, is_small, settled, tensor
from shapelens.library.arrays.convert import kind_of, operand
from shapelens.library.arrays.dtypes import (
    Dialect,
    DTypeLike,
    is_float,
    promote,
    scalar_type,
    ufunc_dtype,
)
from shapelens.library.arrays.failures import bracket_text, comma_text, refusal
from shapelens.library.arrays.matmul import matmul
from shapelens.library.arrays.symbolic import NUMPY_WORDS, is_symbolic, symbolic_refusal
from shapelens.library.machine import Machine
from shapelens.shapes import dims as dim
from shapelens.shapes.broadcast import Clash, broadcast
from shapelens.shapes.dims import Dim, SymDim
from shapelens.shapes.shape import Shape, TensorSpec
from shapelens.values.failure import NotKnown
from shapelens.values.value import Const, TensorKind, TensorValue, Value

UFUNCS: dict[str, numpy.ufunc] = {
    "+": numpy.add,
    "-": numpy.subtract,
    "*": numpy.multiply,
    "/": numpy.true_divide,
    "//": numpy.floor_divide,
    "%": numpy.remainder,
    "**": numpy.power,
    "&": numpy.bitwise_and,
    "|": numpy.bitwise_or,
    "^": numpy.bitwise_xor,
    "<<": numpy.left_shift,
    ">>": numpy.right_shift,
    "<": numpy.less,
    "<=": numpy.less_equal,
    ">": numpy.greater,
    ">=": numpy.greater_equal,
    "==": numpy.equal,
    "!=": numpy.not_equal,
}
COMPARISONS = frozenset(("<", "<=", ">", ">=", "==", "!="))
_SIZES: dict[str, Callable[[Dim, Dim], Dim]] = {
    "+": dim.add,
    "-": dim.sub,
    "*": dim.mul,
    "//": dim.floordiv,
}
_UNARY: dict[str, Callable[[Any], Any]] = {
    "-": operator.neg,
    "+": operator.pos,
    "~": operator.invert,
}


def binary(op: str, left: Value | None, right: Value | None, machine: Machine) -> Value:
    """``left op right``, where at least one side is an array; ``op`` as it is written (``"+"``, ``"@"``).

    Python scalars are best passed as they are, because they adapt to the array's dtype; `None` is
    an operand of which nothing is known. ``"+="`` works in NumPy arrays, which keep shape and dtype.
    """
    dialect = dialect_of(left, right)
    if dialect == "keras" and _numpy_first(left) and is_symbolic(machine, right):
        # NumPy's operator comes first, and converts the other side to an array.
        raise symbolic_refusal("numpy.ndarray", NUMPY_WORDS)
    if op not in COMPARISONS and op.endswith("="):
        return _in_place(machine, op[:-1], left, right, dialect)
    if op == "@":
        return matmul(machine, left, right, dialect)
    return combine(machine, op, left, right, dialect)


def _numpy_first(left: Value | None) -> bool:
    """Whether this left operand is surely a NumPy array; a Python float may stand as an array of no axes."""
    return isinstance(left, TensorValue) and left.kind == "numpy" and bool(left.spec.shape.dims)


def unary(op: str, value: TensorValue, machine: Machine) -> Value:
    """``-x``, ``+x``, ``~x``, ``abs(x)``."""
    array = array_of(value)
    data = None
    if array is not None and op in _UNARY and array.dtype != object:
        try:
            data = contents(_UNARY[op](array))
        except TypeError:
            data = None
    return settled(tensor(machine, value.spec.shape, value.spec.dtype, _plain_kind(value), data))


def _keras_words(left: Shape, right: Shape) -> str | None:
    # Keras looks from the first axis on.
    rank = max(len(left.dims), len(right.dims))
    sides = [(1,) * (rank - len(side.dims)) + side.dims for side in (left, right)]
    for a, b in zip(*sides, strict=True):
        if isinstance(a, int) and isinstance(b, int) and a != b and 1 not in (a, b):
            return (
                f"Cannot broadcast shape, the failure dim has value {a}, which cannot be broadcasted "
                f"to {b}. Input shapes are: {list(left.dims)} and {list(right.dims)}."
            )
    return None


def broadcast_all(shapes: Sequence[Shape]) -> Shape:
    """NumPy's broadcast of several shapes."""
    result = shapes[0]
    for shape in shapes[1:]:
        found = broadcast(result, shape)
        if isinstance(found, Clash):
            given = " ".join(comma_text(item.dims) for item in shapes)
            raise refusal(
                "broadcast-mismatch",
                f"shapes {result} and {shape} cannot be combined element by element",
                f"operands could not be broadcast together with shapes {given}"
                if all(item.known for item in shapes)
                else None,
                subject=1,
                expected=result,
                found=shape,
                axis=found.axis,
            )
        result = found
    return result


def dialect_of(*values: Value | None) -> Dialect:
    """Whose operators apply to these operands."""
    kinds = {value.kind for value in values if isinstance(value, TensorValue)}
    if "keras" in kinds:
        return "keras"
    return "tensorflow" if kinds & {"tensor", "variable"} else "numpy"


def combine(machine: Machine, op: str, left: Value | None, right: Value | None, dialect: Dialect) -> Value:
    """An elementwise operation on two operands; ``op`` is an operator or a NumPy ufunc's name."""
    a = operand(machine, left, dialect)
    b = operand(machine, right, dialect)
    ufunc = UFUNCS.get(op) or getattr(numpy, op)
    dtype = _binary_dtype(ufunc, dtype_like(left, a), dtype_like(right, b), dialect, op in COMPARISONS, (a, b))
    shape = broadcast_shapes(a, b, dialect, op)
    if {a.kind, b.kind} & {"frame", "series"}:
        return _frame_result(machine, a, b, shape, dtype)
    data = _folded(ufunc, op, a, b, shape, dtype)
    return settled(tensor(machine, shape, dtype, kind_of([a, b], dialect), data))


def broadcast_shapes(a: TensorValue, b: TensorValue, dialect: Dialect, op: str = "+") -> Shape:
    """The shape of an elementwise result, or a failure in the dialect's words."""
    left, right = a.spec.shape, b.spec.shape
    found = broadcast(left, right)
    if not isinstance(found, Clash):
        return found
    if {a.kind, b.kind} & {"frame", "series"} or (op in ("==", "!=") and dialect != "numpy"):
        # pandas aligns by labels; TensorFlow and Keras compare unequal shapes to False.
        raise NotKnown("the two shapes do not fit together here")
    words: str | None
    if dialect == "numpy":
        words = (
            f"operands could not be broadcast together with shapes {comma_text(left.dims)} {comma_text(right.dims)} "
        )
    elif dialect == "tensorflow":
        words = f"Incompatible shapes: {bracket_text(left.dims)} vs. {bracket_text(right.dims)}"
    else:
        words = _keras_words(left, right)
    known = not (left.open or right.open) and (dialect == "keras" or (left.known and right.known))
    raise refusal(
        "broadcast-mismatch",
        f"shapes {left} and {right} cannot be combined element by element: "
        f"axis {found.axis} is {found.left} on one side and {found.right} on the other",
        words if known else None,
        subject=1,
        expected=left,
        found=right,
        axis=found.axis,
    )


def _in_place(machine: Machine, op: str, left: Value | None, right: Value | None, dialect: Dialect) -> Value:
    found = binary(op, left, right, machine)
    if dialect != "numpy" or not isinstance(left, TensorValue) or not left.spec.shape.rank:
        return found
    if left.kind != "numpy" or not isinstance(found, TensorValue):
        return found
    kept, made = left.spec.shape, found.spec.shape
    longer = not made.open and len(made.dims) > len(kept.dims)
    if longer or any(dim.same(a, b) is False for a, b in zip(kept.dims[::-1], made.dims[::-1], strict=False)):
        raise refusal(
            "broadcast-mismatch",
            f"{{subject}} of shape {kept} cannot take the result of shape {made} in place",
            f"non-broadcastable output operand with shape {comma_text(kept.dims)} "
            f"doesn't match the broadcast shape {comma_text(made.dims)}"
            if kept.known and made.known
            else None,
            expected=kept,
            found=made,
        )
    return tensor(machine, kept, left.spec.dtype, data=found.data if found.spec == left.spec else None)


def dtype_like(value: Value | None, found: TensorValue) -> DTypeLike:
    """How an operand takes part in promotion: Python scalars adapt to their partner."""
    if isinstance(value, Const) and value.numpy:
        return "int64"
    python_type = None if value is None else scalar_type(value)
    return python_type or found.spec.dtype


def _plain_kind(value: TensorValue) -> TensorKind:
    return "tensor" if value.kind == "variable" else value.kind


def _binary_dtype(
    ufunc: numpy.ufunc,
    left: DTypeLike,
    right: DTypeLike,
    dialect: Dialect,
    comparison: bool,
    operands: tuple[TensorValue, TensorValue],
) -> str | None:
    if comparison or (ufunc.nin == 2 and {signature[-1] for signature in ufunc.types} <= {"?", "O"}):
        return "bool"
    if dialect == "numpy":
        return ufunc_dtype(ufunc, (left, right))
    found = promote((left, right), dialect) if dialect == "keras" else _tensor_dtype(left, right, operands)
    if ufunc is numpy.true_divide and found is not None and not is_float(found):
        if found.startswith("complex"):
            return found
        return "float64" if dialect == "tensorflow" else "float32"
    return found


def _tensor_dtype(left: DTypeLike, right: DTypeLike, operands: tuple[TensorValue, TensorValue]) -> str | None:
    # TensorFlow converts what is no tensor to the dtype of the tensor.
    owners = [item for item in operands if item.kind in ("tensor", "variable") and item.spec.dtype]
    strong = [d for d, item in zip((left, right), operands, strict=True) if isinstance(d, str) and item in owners]
    if strong:
        return strong[0] if len(set(strong)) == 1 else None
    if isinstance(left, str) and not any(item.kind == "tensor" for item in operands):
        return left
    if left is None or right is None:
        return None
    return promote((left, right), "tensorflow")


def _folded(ufunc: numpy.ufunc, op: str, a: TensorValue, b: TensorValue, shape: Shape, dtype: str | None) -> object:
    if a.data is None or b.data is None or not is_small(shape):
        return None
    left, right = array_of(a), array_of(b)
    if left is None or right is None:
        return None
    if left.dtype == object or right.dtype == object:
        return _folded_sizes(op, left, right)
    try:
        with numpy.errstate(all="ignore"):
            result = ufunc(left, right)
        if dtype is not None and dtype not in ("string", "str", "object", "bfloat16"):
            result = result.astype(dtype)
    except (TypeError, ValueError, OverflowError):
        return None
    return contents(numpy.asarray(result))


def _folded_sizes(op: str, left: Any, right: Any) -> object:
    operation = _SIZES.get(op)
    if operation is None:
        return None

    def entry(x: object, y: object) -> object:
        if isinstance(x, Dynamic) or isinstance(y, Dynamic):
            return Dynamic.SIZE
        if not isinstance(x, int | SymDim) or not isinstance(y, int | SymDim):
            raise TypeError
        return operation(x, y)

    try:
        return contents(numpy.asarray(numpy.frompyfunc(entry, 2, 1)(left, right), dtype=object))
    except TypeError:
        return None


def _frame_result(machine: Machine, a: TensorValue, b: TensorValue, shape: Shape, dtype: str | None) -> TensorValue:
    kind: TensorKind = "frame" if "frame" in (a.kind, b.kind) else "series"
    source = a if a.kind == kind else b
    if {a.kind, b.kind} == {"frame", "series"}:
        shape = source.spec.shape
    return TensorValue(TensorSpec(shape, dtype), kind, origin=machine.site)
