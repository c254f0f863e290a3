"""Methods of ufuncs: ``np.add.reduce``, ``np.multiply.outer`` ... (NumPy 2.4)."""

from __future__ import annotations

import numpy

from shapelens.library.arrays.axes import normal_axis
from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import Unsure, axes_of, flag, int_or, is_none
from shapelens.library.arrays.dtypes import dtype_given, ufunc_dtype
from shapelens.library.arrays.elementwise import dtype_like
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.reducing import TOTAL, reduced, reduced_dtype
from shapelens.library.arrays.rules import array_rule, source_of
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.value import NONE, TensorValue, Value


def _register(name: str, ufunc: numpy.ufunc) -> None:
    def dtype_of(args: Arguments, source: TensorValue) -> str | None:
        if name in ("add", "multiply"):
            return dtype_given(args, reduced_dtype(source.spec.dtype, TOTAL, "numpy"))
        return dtype_given(args, ufunc_dtype(ufunc, (source.spec.dtype,) * 2))

    def reduce(machine: Machine, args: Arguments) -> Value:
        source = source_of(machine, args, "array", "numpy")
        axes = axes_of(machine, args.get("axis")) if "axis" in args.values else (0,)
        if source.spec.shape.rank == 0 and "axis" not in args.values:
            raise refusal(
                "axis-out-of-range",
                "a scalar has no axis to reduce",
                f"cannot {'reduce'} on a scalar",
                found=source.spec.shape,
            )
        shape = reduced(source.spec.shape, axes, flag(args, "keepdims", False), "numpy")
        return tensor(machine, shape, dtype_of(args, source))

    def accumulate(machine: Machine, args: Arguments) -> Value:
        source = source_of(machine, args, "array", "numpy")
        axis, shape = int_or(args, "axis", 0), source.spec.shape
        if not isinstance(axis, Unsure) and not shape.open:
            normal_axis(axis, shape, "numpy", "")
        return tensor(machine, shape, dtype_of(args, source))

    def outer(machine: Machine, args: Arguments) -> Value:
        a, b = source_of(machine, args, "A", "numpy"), source_of(machine, args, "B", "numpy")
        dtype = ufunc_dtype(ufunc, (dtype_like(args.get("A"), a), dtype_like(args.get("B"), b)))
        left, right = a.spec.shape, b.spec.shape
        shape = UNKNOWN_SHAPE if left.open or right.open else Shape((*left.dims, *right.dims))
        return tensor(machine, shape, dtype)

    prefix = f"numpy.{name}"
    array_rule(
        f"{prefix}.reduce", params="array, axis=0, dtype=None, out=None, keepdims=False, initial=None, where=True"
    )(reduce)
    array_rule(f"{prefix}.accumulate", params="array, axis=0, dtype=None, out=None")(accumulate)
    array_rule(f"{prefix}.outer", params="A, B, /, **kwargs")(outer)
    array_rule(f"{prefix}.at", params="a, indices, b=None, /")(_at)


def _at(machine: Machine, args: Arguments) -> Value:
    return NONE


for _name, _function in sorted(vars(numpy).items()):
    if isinstance(_function, numpy.ufunc) and _function.nin == 2 and _function.nout == 1 and not _function.signature:
        _register(_name, _function)


@array_rule("numpy.apply_along_axis", params="func1d, axis, arr, *args, **kwargs")
def apply_along_axis(machine: Machine, args: Arguments) -> Value:
    """The function's result for one vector, in the place of the axis."""
    source, axis = source_of(machine, args, "arr", "numpy"), int_or(args, "axis", 0)
    shape = source.spec.shape
    if shape.open or isinstance(axis, Unsure):
        return tensor(machine, UNKNOWN_SHAPE)
    place = normal_axis(axis, shape, "numpy")
    row = tensor(machine, Shape((shape.dims[place],)), source.spec.dtype)
    result = machine.tensor(machine.call(args.values["func1d"], (row, *args.rest), dict(args.extra)))
    if result is None or result.spec.shape.open:
        return tensor(machine, UNKNOWN_SHAPE)
    sizes = (*shape.dims[:place], *result.spec.shape.dims, *shape.dims[place + 1 :])
    return tensor(machine, Shape(sizes), result.spec.dtype)


@array_rule("numpy.apply_over_axes", params="func, a, axes")
def apply_over_axes(machine: Machine, args: Arguments) -> Value:
    """A reduction that keeps its axes."""
    source, axes = source_of(machine, args, "a", "numpy"), axes_of(machine, args.get("axes"))
    if isinstance(axes, Unsure) or is_none(args.get("axes")):
        return tensor(machine, UNKNOWN_SHAPE)
    return tensor(machine, reduced(source.spec.shape, axes, True, "numpy"))
