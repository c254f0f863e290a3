"""How many entries a slice selects, over sizes that may not be known."""

from __future__ import annotations

from shapelens.library.arrays.convert import UNSURE, Maybe
from shapelens.shapes.dims import ANY, Dim, SymDim, ceildiv, never_below, same, sub


def slice_length(size: Dim, start: Dim | Maybe, stop: Dim | Maybe, step: Dim | Maybe) -> Dim:
    """The length of ``axis[start:stop:step]``, where `None` means "not given"."""
    if UNSURE in (start, stop, step):
        return None if size is None else ANY
    length = _length(size, start, stop, 1 if step is None else step)
    return None if size is None and not isinstance(length, int) else length


def _length(size: Dim, start: Dim | Maybe, stop: Dim | Maybe, step: Dim | Maybe) -> Dim:
    if not isinstance(step, int) or step == 0:
        return ANY
    if isinstance(size, int) and isinstance(start, int | None) and isinstance(stop, int | None):
        return len(range(*slice(start, stop, step).indices(size)))
    if stop == 0 and step > 0:
        return 0
    if start is None and stop is None:
        return size if abs(step) == 1 else ceildiv(size, abs(step))
    if step < 0:
        return ANY
    length = _forward(size, 0 if start is None else start, stop)
    return length if step == 1 else ceildiv(length, step)


def _forward(size: Dim, start: Dim | Maybe, stop: Dim | Maybe) -> Dim:
    if isinstance(start, SymDim) and stop is None and isinstance(size, SymDim) and start.terms:
        return sub(size, start)
    if isinstance(start, int | SymDim) and isinstance(stop, int | SymDim) and _lies_within(start, stop, size):
        return sub(stop, start)
    if not isinstance(start, int) or start < 0:
        return ANY
    if stop is None or _same(stop, size):
        return sub(size, start) if isinstance(size, SymDim) else (size if start == 0 else ANY)
    if isinstance(stop, int) and stop < 0 and isinstance(size, SymDim):
        return sub(sub(size, start), -stop)
    return ANY


def _lies_within(start: Dim, stop: Dim, size: Dim) -> bool:
    """Whether nothing of ``start:stop`` is cut off, in a loop whose counter both may be made of."""
    return never_below(start, 0) and never_below(stop, start) and never_below(size, stop)


def _same(stop: Dim | Maybe, size: Dim) -> bool:
    return isinstance(stop, SymDim) and same(stop, size) is True
