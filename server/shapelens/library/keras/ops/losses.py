"""``keras.ops``: the losses of the backend (Keras 3.15)."""

from __future__ import annotations

from shapelens.library.arrays.convert import as_int
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.rules import source_of
from shapelens.library.keras.ops.rules import keras_rule, keras_rules, made
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.dims import Dim, same
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.failure import ShapeFailure
from shapelens.values.value import Value


@keras_rules("binary_crossentropy", params="target, output, from_logits=False")
@keras_rules("categorical_crossentropy", params="target, output, from_logits=False, axis=-1")
def crossentropy(name: str, machine: Machine, args: Arguments) -> Value:
    """A loss for each element, or for each distribution; target and output have one shape."""
    target, output = source_of(machine, args, "target", "keras"), source_of(machine, args, "output", "keras")
    a, b = target.spec.shape, output.spec.shape
    symbolic = "keras" in (target.kind, output.kind)
    if not a.open and not b.open and _unlike(a.dims, b.dims, symbolic=symbolic):
        raise _mismatch(a, b, "the same shape")
    if name.endswith("binary_crossentropy"):
        return made(machine, name, b, target, output)
    if b.rank == 0:
        words = "Arguments `target` and `output` must be at least rank 1. Received: target.shape=(), output.shape=()"
        raise refusal("rank-mismatch", "scalars are no distributions", words, found=b)
    return made(machine, name, _without(b, args), target, output)


@keras_rule("sparse_categorical_crossentropy", params="target, output, from_logits=False, axis=-1")
def sparse_crossentropy(machine: Machine, args: Arguments) -> Value:
    """A loss for each label."""
    target, output = source_of(machine, args, "target", "keras"), source_of(machine, args, "output", "keras")
    a, b = target.spec.shape, output.spec.shape
    left = _without(b, args)
    symbolic = "keras" in (target.kind, output.kind)
    if not a.open and not left.open:
        labels = a.dims
        if len(labels) == len(b.dims) and labels and (labels[-1] == 1 or not isinstance(labels[-1], int | None)):
            labels = labels[:-1]
        if _unlike(labels, left.dims, symbolic=symbolic):
            raise _mismatch(a, b, "the same shape up until the last dimension")
    return made(machine, "sparse_categorical_crossentropy", left, target, output)


def _without(shape: Shape, args: Arguments) -> Shape:
    axis = -1 if args.get("axis") is None else as_int(args.get("axis"))
    if shape.open or axis is None or not -len(shape.dims) <= axis < len(shape.dims):
        return Shape(shape.dims[:-1], open=True) if shape.open and axis == -1 else UNKNOWN_SHAPE
    place = axis % len(shape.dims)
    return Shape((*shape.dims[:place], *shape.dims[place + 1 :]))


def _unlike(left: tuple[Dim, ...], right: tuple[Dim, ...], *, symbolic: bool) -> bool:
    """Whether shapes differ for certain; a symbolic call compares dynamic sizes as they are written."""
    if len(left) != len(right):
        return True
    pairs = list(zip(left, right, strict=True))
    one_sided = symbolic and any(
        (a is None and isinstance(b, int)) or (b is None and isinstance(a, int)) for a, b in pairs
    )
    return one_sided or any(same(a, b) is False for a, b in pairs)


def _mismatch(target: Shape, output: Shape, how: str) -> ShapeFailure:
    mark = ":" if how.endswith("dimension") else ". Received:"
    return refusal(
        "target-mismatch",
        f"the target has the shape {target}, the output {output}: they must have {how}",
        f"Arguments `target` and `output` must have {how}{mark} target.shape={target}, output.shape={output}",
        expected=output,
        found=target,
    )
