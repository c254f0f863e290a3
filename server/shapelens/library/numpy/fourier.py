"""``numpy.fft`` (NumPy 2.4)."""

from __future__ import annotations

from collections.abc import Sequence

from shapelens.library.arrays.axes import normal_axis
from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import Maybe, Unsure, as_dim, as_shape, axes_of, int_or, is_none
from shapelens.library.arrays.rules import array_rule, like, source_of
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.dims import ANY, Dim, add, floordiv, mul, sub
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.value import Value

_NARROW = ("float32", "complex64")


def _dtype(dtype: str | None, *, real: bool) -> str | None:
    """What a transform of this dtype gives: single precision stays single."""
    if dtype is None or dtype == "float16":
        return None
    if real:
        return "float32" if dtype in _NARROW else "float64"
    return "complex64" if dtype in _NARROW else "complex128"


def _length(last: Dim, how: str) -> Dim:
    """The size of the last axis: of half a spectrum, of what half a spectrum came from, or the same."""
    if how == "half":
        return add(floordiv(last, 2), 1)
    return mul(sub(last, 1), 2) if how == "whole" else last


def _register_one(name: str, how: str) -> None:
    def rule(machine: Machine, args: Arguments) -> Value:
        source = source_of(machine, args, "a", "numpy")
        shape, axis = source.spec.shape, int_or(args, "axis", -1)
        dtype = _dtype(source.spec.dtype, real=how == "whole")
        if shape.open or isinstance(axis, Unsure):
            return tensor(machine, UNKNOWN_SHAPE, dtype)
        place = normal_axis(axis, shape, "numpy", "")
        if is_none(args.get("n")):
            size = _length(shape.dims[place], how)
        else:
            given = as_dim(args.values["n"])
            size = given if how == "whole" else _length(given, how)
        return tensor(machine, shape.replace(place, size), dtype)

    array_rule(f"numpy.fft.{name}", params="a, n=None, axis=-1, norm=None, out=None")(rule)


for _name, _how in (
    ("fft", "same"), ("ifft", "same"), ("rfft", "half"), ("irfft", "whole"), ("hfft", "whole"), ("ihfft", "half"),
):  # fmt: skip
    _register_one(_name, _how)


def _register_many(name: str, how: str, axes: Sequence[int] | None) -> None:
    def rule(machine: Machine, args: Arguments) -> Value:
        source = source_of(machine, args, "a", "numpy")
        shape, dtype = source.spec.shape, _dtype(source.spec.dtype, real=how == "whole")
        chosen: Sequence[int] | Maybe | None = axes_of(machine, args.get("axes")) if "axes" in args.values else axes
        sizes = None if is_none(args.get("s")) else as_shape(machine, args.get("s"))
        if shape.open or isinstance(chosen, Unsure) or (sizes is not None and sizes.open):
            return tensor(machine, UNKNOWN_SHAPE, dtype)
        if chosen is None:
            count = len(shape.dims) if sizes is None else len(sizes.dims)
            chosen = tuple(range(-count, 0))
        places = [normal_axis(axis, shape, "numpy", "") for axis in chosen]
        if sizes is not None and len(sizes.dims) != len(places):
            return tensor(machine, UNKNOWN_SHAPE, dtype)
        made = list(shape.dims)
        for number, place in enumerate(places):
            final = number == len(places) - 1
            size: Dim = shape.dims[place] if sizes is None else sizes.dims[number]
            if final and not (sizes is not None and how == "whole"):
                size = _length(size, how)
            made[place] = size
        return tensor(machine, Shape(tuple(made)), dtype)

    default = "None" if axes is None else str(tuple(axes))
    array_rule(f"numpy.fft.{name}", params=f"a, s=None, axes={default}, norm=None, out=None")(rule)


for _name, _how in (("fft", "same"), ("ifft", "same"), ("rfft", "half"), ("irfft", "whole")):
    _register_many(f"{_name}2", _how, (-2, -1))
    _register_many(f"{_name}n", _how, None)


@array_rule("numpy.fft.fftshift", "numpy.fft.ifftshift", params="x, axes=None")
def shifted(machine: Machine, args: Arguments) -> Value:
    """The same shape."""
    source = source_of(machine, args, "x", "numpy")
    return like(machine, source, source.spec.shape, "numpy", keep_labels=False)


@array_rule("numpy.fft.fftfreq", params="n, d=1.0, device=None")
def fftfreq(machine: Machine, args: Arguments) -> Value:
    """The frequencies of a transform."""
    return tensor(machine, Shape((as_dim(args.values["n"]),)), "float64")


@array_rule("numpy.fft.rfftfreq", params="n, d=1.0, device=None")
def rfftfreq(machine: Machine, args: Arguments) -> Value:
    """The frequencies of half a spectrum."""
    count = as_dim(args.values["n"])
    return tensor(machine, Shape((ANY if count is None else _length(count, "half"),)), "float64")
