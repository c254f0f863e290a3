"""``keras.backend``: products, choices and losses (Keras 2.15 and what 3.15 still has of it)."""

from __future__ import annotations

from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import as_int, as_shape, flag, is_none, items_of, kind_of
from shapelens.library.arrays.elementwise import broadcast_shapes
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.matmul import dot_shape
from shapelens.library.arrays.rules import array_rule, source_of
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.dims import Dim, same
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.shapes.shape import join as join_shapes
from shapelens.values.failure import NotKnown
from shapelens.values.value import FALSE, TensorValue, Value

_K = "keras.backend"


@array_rule(f"{_K}.dot", params="x, y")
def dot(machine: Machine, args: Arguments) -> Value:
    """``K.dot``."""
    a, b = source_of(machine, args, "x", "tensorflow"), source_of(machine, args, "y", "tensorflow")
    left, right = a.spec.shape, b.spec.shape
    if (left.rank == 1 and right.rank in (1, 2)) or right.rank == 1:
        raise refusal("rank-mismatch", f"`K.dot` multiplies no vectors: {left} and {right}", None, found=left)
    shape = dot_shape(left, right, "tensorflow")
    return tensor(machine, shape, a.spec.dtype, kind_of([a, b], "tensorflow"))


@array_rule(f"{_K}.batch_dot", params="x, y, axes=None")
def batch_dot(machine: Machine, args: Arguments) -> Value:
    """``K.batch_dot``: one product for each sample; of two vectors ``(batch, 1)``."""
    a, b = source_of(machine, args, "x", "tensorflow"), source_of(machine, args, "y", "tensorflow")
    kind = kind_of([a, b], "tensorflow")
    left, right = a.spec.shape, b.spec.shape
    for shape in (left, right):
        if not shape.open and len(shape.dims) < 2:
            raise refusal("rank-mismatch", f"batch_dot needs a batch and an axis, not {shape}", None, found=shape)
    if left.open or right.open:
        return tensor(machine, UNKNOWN_SHAPE, a.spec.dtype, kind)
    check_batches(left, right)
    axes = _axes(machine, args.get("axes"), left, right)
    if axes is None:
        return tensor(machine, UNKNOWN_SHAPE, a.spec.dtype, kind)
    first, second = (_place(axis, shape) for axis, shape in zip(axes, (left, right), strict=True))
    if same(left.dims[first], right.dims[second]) is False:
        raise refusal(
            "matmul-mismatch",
            f"axis {first} of {{subject}} has {left.dims[first]} entries, shape {left}, but axis {second} of the "
            f"other has {right.dims[second]}, shape {right}",
            None,
            expected=left,
            found=right,
        )
    return tensor(machine, batch_dot_shape(left, right, first, second), a.spec.dtype, kind)


def batch_dot_shape(left: Shape, right: Shape, first: int, second: int) -> Shape:
    """The shape of ``K.batch_dot`` over axis ``first`` of one tensor and ``second`` of the other."""
    # While the sizes are not known, a batch of 1 might be broadcast.
    sizes = (left.dims[0], right.dims[0])
    batch = next((size for size in sizes if size not in (None, 1)), None if None in sizes else 1)
    rest: tuple[Dim, ...] = tuple(size for place, size in enumerate(left.dims) if place not in (0, first))
    rest += tuple(size for place, size in enumerate(right.dims) if place not in (0, second))
    return Shape((batch, *(rest or (1,))))


def check_batches(left: Shape, right: Shape) -> None:
    """``K.batch_dot`` broadcasts no batch."""
    if same(left.dims[0], right.dims[0]) is False:
        raise refusal(
            "broadcast-mismatch",
            f"{{subject}} has a batch of {left.dims[0]}, shape {left}, but the other one of {right.dims[0]}, {right}",
            None,
            expected=left,
            found=right,
            axis=0,
        )


def _axes(machine: Machine, given: Value | None, left: Shape, right: Shape) -> tuple[int, int] | None:
    if is_none(given):
        return len(left.dims) - 1, max(len(right.dims) - 2, 1)
    single = as_int(given) if items_of(machine, given) is None else None
    if single is not None:
        return single, single
    several = as_shape(machine, given)
    first, second = several.dims if not several.open and len(several.dims) == 2 else (None, None)
    return (first, second) if isinstance(first, int) and isinstance(second, int) else None


def _place(axis: int, shape: Shape) -> int:
    place = axis + len(shape.dims) if axis < 0 else axis
    if not 0 < place < len(shape.dims):
        raise refusal(
            "axis-out-of-range",
            f"batch_dot cannot go over axis {axis} of a tensor of shape {shape}",
            None,
            found=shape,
            axis=axis,
        )
    return place


@array_rule(f"{_K}.switch", params="condition, then_expression, else_expression")
def switch(machine: Machine, args: Arguments) -> Value:
    """``K.switch``: one of two tensors, or each element from one of them."""
    condition = source_of(machine, args, "condition", "tensorflow")
    parts = [source_of(machine, args, name, "tensorflow") for name in ("then_expression", "else_expression")]
    kind = kind_of([condition, *parts], "tensorflow")
    chosen, then, other = condition.spec.shape, parts[0].spec.shape, parts[1].spec.shape
    dtype = parts[0].spec.dtype
    if chosen.rank == 0:
        return tensor(machine, join_shapes(then, other), dtype, kind)
    if chosen.open or then.open or other.open:
        return tensor(machine, UNKNOWN_SHAPE, dtype, kind)
    if len(chosen.dims) > len(then.dims):
        raise refusal(
            "rank-mismatch",
            f"{{subject}} has {len(chosen.dims)} axes, shape {chosen}, but what it chooses from has {len(then.dims)}",
            None,
            found=chosen,
            expected=then,
        )
    if len(chosen.dims) > 1 and chosen != then:
        # The condition is repeated along axes that are shorter.
        raise NotKnown("what `K.switch` makes of a condition of another shape is not followed")
    joined = broadcast_shapes(condition, parts[0], "tensorflow") if len(chosen.dims) == 1 else then
    return tensor(machine, broadcast_shapes(_shaped(parts[0], joined), parts[1], "tensorflow"), dtype, kind)


def _shaped(source: TensorValue, shape: Shape) -> TensorValue:
    return TensorValue(type(source.spec)(shape, source.spec.dtype), source.kind)


@array_rule(f"{_K}.categorical_crossentropy", params="target, output, from_logits=False, axis=-1")
def categorical_crossentropy(machine: Machine, args: Arguments) -> Value:
    """``K.categorical_crossentropy``: a loss for each distribution."""
    target, source = source_of(machine, args, "target", "tensorflow"), source_of(machine, args, "output", "tensorflow")
    shape, given = source.spec.shape, target.spec.shape
    if not shape.open and not given.open:
        alike = len(shape.dims) == len(given.dims)
        if not alike or any(same(a, b) is False for a, b in zip(shape.dims, given.dims, strict=True)):
            raise refusal(
                "target-mismatch",
                f"{{subject}} has the shape {given}, the output {shape}: they must have the same",
                None,
                expected=shape,
                found=given,
            )
    if machine.truth(args.get("from_logits") or FALSE) is not False and not shape.open and not given.open:
        # TensorFlow learns the number of distributions from either (2.15).
        known = tuple(a if b is None else b for a, b in zip(given.dims, shape.dims, strict=True))
        shape = Shape(known) if len(known) == 2 else shape
    return tensor(machine, _without_last(args, shape), source.spec.dtype, kind_of([source], "tensorflow"))


@array_rule(
    f"{_K}.sparse_categorical_crossentropy", params="target, output, from_logits=False, axis=-1, ignore_class=None"
)
def sparse_crossentropy(machine: Machine, args: Arguments) -> Value:
    """``K.sparse_categorical_crossentropy``: a loss for each label."""
    target, source = source_of(machine, args, "target", "tensorflow"), source_of(machine, args, "output", "tensorflow")
    shape = _without_last(args, source.spec.shape)
    given = target.spec.shape
    fits = not given.open and not shape.open and len(given.dims) == len(shape.dims)
    if not fits or not all(same(a, b) for a, b in zip(given.dims, shape.dims, strict=True) if a is not None):
        # Labels and distributions are laid out flat: other shapes may run, too.
        raise NotKnown("what these labels give for these distributions is not followed")
    return tensor(machine, shape, source.spec.dtype, kind_of([source], "tensorflow"))


def _without_last(args: Arguments, shape: Shape) -> Shape:
    return Shape(shape.dims[:-1]) if shape.rank and "axis" not in args.values else UNKNOWN_SHAPE


@array_rule(f"{_K}.binary_crossentropy", params="target, output, from_logits=False")
def binary_crossentropy(machine: Machine, args: Arguments) -> Value:
    """``K.binary_crossentropy``: a loss for each element."""
    target, source = source_of(machine, args, "target", "tensorflow"), source_of(machine, args, "output", "tensorflow")
    logits, kind = flag(args, "from_logits", False), kind_of([target, source], "tensorflow")
    if target.spec.shape == source.spec.shape:
        return tensor(machine, source.spec.shape, source.spec.dtype, kind)
    if logits is not False or kind == "keras":
        # With logits, to which symbolic tensors go back, the shapes are compared.
        raise NotKnown("what targets and outputs of different shapes give is not followed")
    return tensor(machine, broadcast_shapes(target, source, "tensorflow"), source.spec.dtype, kind)
