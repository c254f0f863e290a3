"""Merging layers: TensorFlow itself broadcasts there, and knows more of dynamic sizes. Keras 2.15.0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shapelens.library.keras.layers import config as read
from shapelens.library.keras.layers import merging
from shapelens.library.keras.layers.naming import short_name
from shapelens.library.machine import Machine
from shapelens.library.registry import LayerCall, LayerResult, layer_of_keras2
from shapelens.shapes.dims import ANY, Dim, same
from shapelens.shapes.shape import Shape, TensorSpec
from shapelens.values.failure import Failure, ShapeFailure


@layer_of_keras2(*merging.ELEMENTWISE)
def elementwise(machine: Machine, call: LayerCall) -> LayerResult:
    """As in Keras 3, but a dynamic size beside a known one, not 1, is that one."""
    result = merging.elementwise(machine, call)
    shapes = _shapes(call)
    outputs = result.outputs
    assert isinstance(outputs, TensorSpec)
    if any(shape.open for shape in shapes):
        vague = tuple(ANY if size is None else size for size in outputs.shape.dims)
        return replace(result, outputs=TensorSpec(Shape(vague, outputs.shape.open), outputs.dtype))
    rank = max(len(shape.dims) for shape in shapes)
    if any(not shape.dims for shape in shapes):
        return result
    # Shorter shapes get their missing axes after the batch.
    rows = [(*shape.dims[:1], *(1,) * (rank - len(shape.dims)), *shape.dims[1:]) for shape in shapes]
    columns = list(zip(*rows, strict=True))
    for axis, sizes in enumerate(columns):
        known = {size for size in sizes if isinstance(size, int) and size != 1}
        if len(known) > 1:
            # Keras compares two and two, and stops where one does not know its size; TensorFlow goes on.
            raise _cannot_merge(call, shapes, axis, known)
    merged = tuple(map(_broadcast, columns))
    return replace(result, outputs=TensorSpec(Shape(merged), outputs.dtype))


@layer_of_keras2("keras.layers.Concatenate")
def concatenate(machine: Machine, call: LayerCall) -> LayerResult:
    """As in Keras 3, but sizes that one tensor does not know are taken from the others."""
    result = merging.concatenate(machine, call)
    shapes = _shapes(call)
    axis = read.size(machine, call.config, "axis")
    outputs = result.outputs
    assert isinstance(outputs, TensorSpec)
    rank = len(outputs.shape.dims)
    if not isinstance(axis, int) or any(shape.open for shape in shapes):
        vague = tuple(ANY if size is None else size for size in outputs.shape.dims)
        return replace(result, outputs=TensorSpec(Shape(vague, outputs.shape.open), outputs.dtype))
    if axis >= rank:
        # Keras 3 lets a single tensor through.
        raise ShapeFailure(
            Failure(
                "axis-out-of-range",
                f"Concatenate works along axis {axis}, but the tensors in {{subject}} have {rank} axes",
                subject=0,
                axis=axis,
                details={"layer": "Concatenate"},
            )
        )
    dims = tuple(
        size if place == axis % rank else _common([shape.dims[place] for shape in shapes])
        for place, size in enumerate(outputs.shape.dims)
    )
    return replace(result, outputs=TensorSpec(Shape(dims), outputs.dtype))


@layer_of_keras2("keras.layers.Dot")
def dot(machine: Machine, call: LayerCall) -> LayerResult:
    """As in Keras 3, but a batch that one tensor does not know is taken from the other."""
    result = merging.dot(machine, call)
    outputs, shapes = result.outputs, _shapes(call)
    assert isinstance(outputs, TensorSpec)
    if any(shape.open or not shape.dims for shape in shapes) or not outputs.shape.dims:
        return result
    batches = [shape.dims[0] for shape in shapes]
    if same(*batches) is False:
        # Keras 3 broadcasts a batch of 1.
        raise _cannot_merge(call, shapes, 0, {size for size in batches if isinstance(size, int)})
    # While the sizes are not known, a batch of 1 might be broadcast.
    return replace(result, outputs=TensorSpec(outputs.shape.replace(0, _broadcast(batches)), outputs.dtype))


def _shapes(call: LayerCall) -> list[Shape]:
    assert not isinstance(call.inputs, (TensorSpec, dict)), short_name(call.class_name)
    return [item.shape for item in call.inputs if isinstance(item, TensorSpec)]


def _cannot_merge(call: LayerCall, shapes: Sequence[Shape], axis: int, sizes: set[int]) -> ShapeFailure:
    name = short_name(call.class_name)
    return ShapeFailure(
        Failure(
            "merge-mismatch",
            f"{name} cannot combine the tensors in {{subject}}: {' and '.join(map(str, shapes))} "
            f"differ on axis {axis}, {' against '.join(map(str, sorted(sizes)))}",
            subject=0,
            axis=axis,
            details={"layer": name, "shapes": list(shapes)},
        )
    )


def _broadcast(sizes: Sequence[Dim]) -> Dim:
    known = [size for size in sizes if isinstance(size, int) and size != 1]
    if known:
        return known[0]
    symbolic = {size for size in sizes if size is not None and not isinstance(size, int)}
    if symbolic:
        return symbolic.pop() if len(symbolic) == 1 and None not in sizes else ANY
    return None if None in sizes else 1


def _common(sizes: Sequence[Dim]) -> Dim:
    known = [size for size in sizes if isinstance(size, int)]
    if known:
        return known[0]
    return None if all(size is None for size in sizes) else ANY
