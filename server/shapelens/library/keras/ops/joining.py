"""``keras.ops``: joining and cutting (Keras 3.15)."""

from __future__ import annotations

from dataclasses import replace

from shapelens.library.arrays import axes as on_axes
from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import Unsure, as_int, as_shape, int_or, items_of, kind_of, operand, optional_int
from shapelens.library.arrays.dtypes import promote
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.joining import concatenate, concatenated, parts_of, pieces, stack
from shapelens.library.arrays.rules import like, source_of
from shapelens.library.keras.ops.rules import keras_rule, keras_rules
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.dims import ANY, Dim, sub
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, of_rank
from shapelens.values.failure import ShapeFailure
from shapelens.values.objects import ListObject
from shapelens.values.value import TupleValue, Value


@keras_rule("concatenate", params="xs, axis=0")
def concatenate_rule(machine: Machine, args: Arguments) -> Value:
    """``ops.concatenate``."""
    return concatenate(machine, args.get("xs"), int_or(args, "axis", 0), "keras")


@keras_rule("stack", params="x, axis=0")
def stack_rule(machine: Machine, args: Arguments) -> Value:
    """``ops.stack``."""
    return stack(machine, args.get("x"), int_or(args, "axis", 0), "keras")


@keras_rules("vstack", "hstack", "dstack", params="xs")
def stacked(name: str, machine: Machine, args: Arguments) -> Value:
    """Joined along the first, second or third axis; tensors that lack it get it.

    Only ``dstack`` does that under TensorFlow, and ``hstack`` joins vectors along the only axis they have.
    """
    parts = parts_of(machine, args.get("xs"), "keras")
    if not parts or any(part.spec.shape.open for part in parts):
        return tensor(machine, UNKNOWN_SHAPE, None, kind_of(parts or [], "keras"))
    axis = ("vstack", "hstack", "dstack").index(name.rpartition(".")[2])
    kind = kind_of(parts, "keras")
    shapes = [part.spec.shape for part in parts]
    if axis == 2:
        shapes = [_deep_enough(shape) for shape in shapes]
    elif axis == 1 and kind != "keras" and len(shapes[0].dims) == 1:
        axis = 0
    _check_axis(shapes[0], axis)
    dtype = promote([part.spec.dtype for part in parts], "keras")
    try:
        joined = concatenated(shapes, axis, "keras")
    except ShapeFailure as failure:
        # The wording of `dstack` differs.
        raise (failure if axis < 2 else ShapeFailure(replace(failure.failure, keras=None))) from None
    return tensor(machine, joined, dtype, kind)


@keras_rule("append", params="x1, x2, axis=None")
def append(machine: Machine, args: Arguments) -> Value:
    """``ops.append``: flattens unless an axis is given; a symbolic call takes no dynamic size along it."""
    axis = optional_int(args, "axis")
    a, b = operand(machine, args.get("x1"), "keras"), operand(machine, args.get("x2"), "keras")
    if isinstance(axis, Unsure):
        return tensor(machine, UNKNOWN_SHAPE, None, kind_of([a, b], "keras"))
    left, right = a.spec.shape, b.spec.shape
    if axis is not None and kind_of([a, b], "keras") == "keras" and not left.open and not right.open:
        both = (left.axis(axis), right.axis(axis)) if -len(left.dims) <= axis < len(left.dims) else ()
        if len(left.dims) == len(right.dims) and None in both:
            raise refusal(
                "undefined-dimension",
                f"axis {axis} of {left} and of {right} must be known to append along it",
                None,
                found=left,
                axis=axis,
            )
    try:
        return concatenate(machine, TupleValue((args.values["x1"], args.values["x2"])), axis, "keras")
    except ShapeFailure as failure:
        raise ShapeFailure(replace(failure.failure, keras=None)) from None


@keras_rules("split", "array_split", params="x, indices_or_sections, axis=0")
@keras_rules("vsplit", "hsplit", "dsplit", params="x, indices_or_sections")
def split(name: str, machine: Machine, args: Arguments) -> Value:
    """Equal parts, or parts that end at given places; ``array_split`` makes the first ones longer."""
    source = source_of(machine, args, "x", "keras")
    short, shape = name.rpartition(".")[2], source.spec.shape
    axis = {"vsplit": 0, "hsplit": 1, "dsplit": 2}.get(short, int_or(args, "axis", 0))
    where = args.get("indices_or_sections")
    count = as_int(where) if not isinstance(where, TupleValue) and items_of(machine, where) is None else None
    if not shape.open and (source.kind == "keras" or short == "hsplit"):
        _check_rank(short, shape)
    if short == "hsplit" and shape.rank == 1:
        axis = 0
    places = None if count is not None else items_of(machine, where)
    if isinstance(axis, Unsure) or shape.open or (count is None and places is None):
        part = like(machine, source, UNKNOWN_SHAPE if shape.open else of_rank(len(shape.dims)), "keras")
        return machine.alloc(ListObject((part,) * count) if count else ListObject((), open=True, rest=part))
    if short == "array_split":
        if count is None:
            raise refusal("invalid-argument", "`array_split` takes a number of parts, no places", None, subject=1)
        if source.kind == "keras" and axis < 0:
            # A symbolic call adds the number of axes, and counts from the end once more.
            axis += len(shape.dims)
    words = "tuple index out of range" if short == "array_split" and source.kind == "keras" else None
    place = on_axes.normal_axis(axis, shape, "keras", words)
    length = shape.dims[place]
    if count is None:
        ends: list[Dim] = [0, *as_shape(machine, where).dims, length]
        parts = [_between(ends[i], ends[i + 1]) for i in range(len(ends) - 1)]
    else:
        parts = _equal_parts(shape, place, count, uneven=short == "array_split")
    made = tuple(pieces(machine, source, place, parts, "keras"))
    if short == "array_split" and length is None and source.kind == "keras":
        return TupleValue(made)
    return machine.alloc(ListObject(made))


def _check_rank(name: str, shape: Shape) -> None:
    wanted = {"hsplit": 1, "vsplit": 2, "dsplit": 3}.get(name, 0)
    if len(shape.dims) < wanted:
        words = (
            f"`{name}` only works on arrays of at least {wanted} dimension{'s' if wanted > 1 else ''}. "
            f"Received array with shape {shape}."
        )
        raise refusal("rank-mismatch", f"{{subject}} needs {wanted} axes, not {shape}", words, found=shape)


def _check_axis(shape: Shape, axis: int) -> None:
    if len(shape.dims) <= axis:
        raise refusal(
            "axis-out-of-range",
            f"{{subject}} of shape {shape} has no axis {axis}",
            None,
            found=shape,
            axis=axis,
        )


def _deep_enough(shape: Shape) -> Shape:
    if len(shape.dims) < 2:
        return Shape((1, *(shape.dims or (1,)), 1))
    return shape if len(shape.dims) > 2 else Shape((*shape.dims, 1))


def _equal_parts(shape: Shape, axis: int, count: int, *, uneven: bool) -> list[Dim]:
    length = shape.dims[axis]
    if not isinstance(length, int) or count <= 0:
        return [None if length is None else ANY] * max(0, count)
    if uneven:
        return [length // count + (1 if place < length % count else 0) for place in range(count)]
    if length % count:
        raise refusal(
            "invalid-argument",
            f"axis {axis} of {{subject}} has {length} entries, no multiple of {count} equal parts",
            "`x` size on given `axis` must be divisible by `indices_or_sections` when "
            f"`indices_or_sections` is an int. But received {length} and {count}.",
            found=shape,
            axis=axis,
        )
    return [length // count] * count


def _between(start: Dim, end: Dim) -> Dim:
    size = None if start is None or end is None else sub(end, start)
    if isinstance(size, int) and size < 0:
        raise refusal("axis-out-of-range", f"a part from {start} to {end} has no entries", None)
    return size
