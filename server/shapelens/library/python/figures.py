"""Matplotlib's grids of axes: arrays in which programs take places (Matplotlib 3.11)."""

from __future__ import annotations

from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import Unsure, flag, int_or
from shapelens.library.arrays.rules import array_rule
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.value import LibObject, TupleValue, Value

_AXES = "matplotlib.axes.Axes"


@array_rule("matplotlib.pyplot.subplots", params="nrows=1, ncols=1, *, squeeze=True, **kwargs")
def subplots(machine: Machine, args: Arguments) -> Value:
    """A figure, and its axes: rows or columns of one go."""
    figure = LibObject("matplotlib.figure.Figure", origin=machine.site)
    sizes = [int_or(args, name, 1) for name in ("nrows", "ncols")]
    dims: tuple[Dim, ...] = tuple(ANY if isinstance(size, Unsure) else size for size in sizes)
    squeezed = flag(args, "squeeze", True)
    if squeezed is True and ANY not in dims:
        dims = tuple(size for size in dims if size != 1)
    elif squeezed is not False:
        return TupleValue((figure, tensor(machine, UNKNOWN_SHAPE, "object")))
    if not dims:
        return TupleValue((figure, LibObject(_AXES, origin=machine.site)))
    return TupleValue((figure, tensor(machine, Shape(dims), "object")))
