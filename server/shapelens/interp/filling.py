"""``x[i] = window``: whether a NumPy array has that place, and room for what is put there."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from shapelens.library import consult
from shapelens.library.arrays.index import subscript
from shapelens.shapes.shape import Shape
from shapelens.values.failure import Failure, NotKnown, ShapeFailure
from shapelens.values.value import Lib, TensorValue, Value

if TYPE_CHECKING:
    from shapelens.interp.machine import Interpreter

SETITEM = Lib("operator.setitem")


def check_filled(m: Interpreter, target: ast.Subscript, array: TensorValue, index: Value, item: Value) -> None:
    """Note an error where assigning ``item`` to ``array[index]`` raises (run: NumPy 2.4)."""
    if array.kind != "numpy" or array.spec.dtype in (None, "object"):
        return
    failure: Failure | None = None
    try:
        with m.at(target, ((target.value, "self", array),)):
            place = subscript(array, index, m)
    except ShapeFailure as refused:
        failure = refused.failure
    except NotKnown:
        return
    else:
        given = m.spec(item)
        if isinstance(place, TensorValue) and given is not None:
            failure = _no_room(place.spec.shape, given.shape)
    if failure is None:
        return
    try:
        consult.confirm(m, SETITEM, (array, index, item), {}, failure)
    except ShapeFailure as refused:
        m.failed_at(target, refused.failure, ((target.value, "self", array),))


def _no_room(place: Shape, given: Shape) -> Failure | None:
    """An array is spread over its place, which does not grow; leading axes of size 1 do not count."""
    if place.open or given.open or not place.dims:
        return None
    surplus = given.dims[: max(0, len(given) - len(place))]
    pairs = zip(reversed(given.dims), reversed(place.dims), strict=False)
    fits = all(size == 1 or not isinstance(size, int) for size in surplus) and all(
        size == 1 or size == room or not (isinstance(size, int) and isinstance(room, int)) for size, room in pairs
    )
    if fits:
        return None
    return Failure(
        "broadcast-mismatch",
        f"what is put here has shape {given}, but the place has {place}",
        keras=f"could not broadcast input array from shape {_bare(given)} into shape {_bare(place)}",
    )


def _bare(shape: Shape) -> str:
    return str(shape).replace(" ", "")
