"""Fixes that change an array where it is used: another axis, another shape, its transpose."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from shapelens.problems.context import Edit, Fix, FixContext
from shapelens.problems.spelling import Spelling, imported, spelled
from shapelens.shapes.dims import product
from shapelens.shapes.shape import Shape
from shapelens.values.facts import Operand
from shapelens.values.value import TensorValue

# Transposing more axes than this is hardly what was forgotten.
MOST_AXES = 4


def node_of(context: FixContext, operand: Operand, item: object = None) -> ast.expr | None:
    """The expression of an operand, or of one entry of the list, tuple or dict that it is."""
    node = context.node(operand.span)
    if node is None or item is None:
        return node
    if isinstance(node, ast.List | ast.Tuple) and isinstance(item, int) and item < len(node.elts):
        return node.elts[item]
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == item:
                return value
    return None


def expand_dims(context: FixContext, operand: Operand, axis: int, item: object = None) -> Iterator[Fix]:
    """``np.expand_dims(x, axis=...)`` around the operand, for a sample's batch or an image's channel."""
    value = operand.value
    image = isinstance(value, TensorValue) and len(value.spec.shape) >= 3
    kind = "batch" if axis == 0 else "new" if axis != -1 else "channel" if image else "last"
    yield from called(
        context, operand, "expand_dims", f", axis={axis}", f"Add a {kind} axis with {{function}}", item=item
    )


def reshape(context: FixContext, operand: Operand, target: Sequence[object], item: object = None) -> Iterator[Fix]:
    """``np.reshape(x, (-1, 28, 28, 1))`` around the operand."""
    text = tuple_text(target)
    yield from called(context, operand, "reshape", f", {text}", f"Reshape to {text} with {{function}}", item=item)


def transpose(context: FixContext, operand: Operand, order: Sequence[int] | None, item: object = None) -> Iterator[Fix]:
    """``np.transpose(x, (0, 2, 3, 1))`` around the operand; plainly reversed without ``order``."""
    extra = f", {tuple_text(order)}" if order is not None else ""
    yield from called(context, operand, "transpose", extra, "Transpose with {function}", item=item)


def called(
    context: FixContext, operand: Operand, function: str, extra: str, title: str, item: object = None
) -> Iterator[Fix]:
    """``function`` of the array library that the operand belongs to, around the operand."""
    node = node_of(context, operand, item)
    if node is None or isinstance(node, ast.Starred):
        return
    unit = operand.span.unit
    start, end = context.range_of(unit, node)
    name = array_function(context, operand, function)
    yield Fix(
        title.format(function=name.text),
        (*name.edits, Edit(start, start, f"{name.text}("), Edit(end, end, f"{extra})")),
    )


def array_function(context: FixContext, operand: Operand, function: str) -> Spelling:
    """NumPy's function, or TensorFlow's for its tensors and where only TensorFlow is imported."""
    tensor = isinstance(operand.value, TensorValue) and operand.value.kind in ("tensor", "variable")
    symbolic = isinstance(operand.value, TensorValue) and operand.value.kind == "keras"
    if symbolic:
        return spelled(context, f"keras.ops.{function}")
    if imported(context, "tensorflow") and (tensor or not imported(context, "numpy")):
        return spelled(context, f"tensorflow.{function}")
    return spelled(context, f"numpy.{function}")


def fitting_order(expected: Shape, found: Shape) -> tuple[int, ...] | None:
    """The order of axes, batch first, that makes ``found`` agree with ``expected``."""
    if expected.open or found.open or len(expected) != len(found) or not 3 <= len(found) <= MOST_AXES:
        return None
    left = list(range(1, len(found)))
    order = [0]
    for size in expected.dims[1:]:
        match = next((axis for axis in left if size is None or found.dims[axis] == size), None)
        if match is None:
            return None
        order.append(match)
        left.remove(match)
    return None if order == sorted(order) else tuple(order)


def same_count(expected: Shape, found: Shape) -> bool:
    """Whether the samples of ``found`` can be reshaped into those of ``expected``."""
    if expected.open or found.open or not found.dims:
        return False
    wanted, given = product(expected.dims[1:]), product(found.dims[1:])
    return isinstance(wanted, int) and wanted == given and expected.dims[1:] != found.dims[1:]


def tuple_text(items: Sequence[object]) -> str:
    """A tuple as Python writes it."""
    return f"({items[0]},)" if len(items) == 1 else f"({', '.join(map(str, items))})"
