"""Matrix products and ``numpy.linalg`` (NumPy 2.4)."""

from __future__ import annotations

from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import (
    UNSURE,
    Unsure,
    as_int,
    axes_of,
    is_none,
    items_of,
    kind_of,
    operand,
)
from shapelens.library.arrays.dtypes import promote
from shapelens.library.arrays.einsum import einsum_shape
from shapelens.library.arrays.matmul import dot, inner_shape, matmul, tensordot_shape
from shapelens.library.arrays.rules import array_rule, source_of
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.value import Const, Value

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
