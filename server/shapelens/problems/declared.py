"""Where a model's input shape is written, and how to correct it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from shapelens.problems.arrays import tuple_text
from shapelens.problems.chain import (
    LayerNode,
    argument,
    assigned,
    last_name,
    layer_at,
    layers_before,
    set_keyword,
)
from shapelens.problems.context import Edit, Fix, FixContext
from shapelens.shapes.dims import Dim
from shapelens.shapes.shape import Shape
from shapelens.shapes.span import Span


def correct_declared(context: FixContext, place: Span | None, sizes: Sequence[Dim]) -> Iterator[Fix]:
    """Declare ``sizes`` (without the batch axis) at the layer, or before it."""
    if not all(size is None or isinstance(size, int) for size in sizes) or not sizes:
        return
    for unit, call in declaring_calls(context, place):
        edit = _edit(context, unit, call, sizes)
        if edit is not None:
            yield Fix(f"Declare the input shape {tuple_text(sizes)}", (edit,))
            return


def declared_sizes(context: FixContext, place: Span | None) -> tuple[int, ...] | None:
    """The sizes that are written there, if they are plain numbers."""
    for _, call in declaring_calls(context, place):
        node = _shape_node(call)
        try:
            value = ast.literal_eval(node) if node is not None else None
        except ValueError:
            return None
        if isinstance(value, list | tuple) and all(isinstance(size, int) for size in value):
            return tuple(value)
    return None


def declared_texts(context: FixContext, place: Span | None) -> tuple[str, ...] | None:
    """The sizes as they are written, names included, where they stand in a tuple or list."""
    for unit, call in declaring_calls(context, place):
        node = _shape_node(call)
        if isinstance(node, ast.Tuple | ast.List):
            return tuple(context.source(unit, size) for size in node.elts)
    return None


def declaring_calls(context: FixContext, place: Span | None) -> Iterator[tuple[int | str, ast.Call]]:
    """The call at ``place`` or the nearest layer before it that declares an input shape."""
    node = context.node(place)
    if place is not None and isinstance(node, ast.Call) and _declares(node):
        yield place.unit, node
        return
    if place is not None and isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        made = assigned(context, node.func.id, context.range_of(place.unit, node)[0])
        if made is not None and isinstance(made[1].value, ast.Call) and _declares(made[1].value):
            yield made[0], made[1].value
            return
    layer = layer_at(context, place)
    chain: list[LayerNode] = [] if layer is None else [layer, *layers_before(context, layer)]
    for candidate in chain:
        if _declares(candidate.made):
            yield candidate.unit, candidate.made
            return


def _declares(call: ast.Call) -> bool:
    return _shape_node(call) is not None or argument(call, "input_dim") is not None


def _shape_node(call: ast.Call) -> ast.expr | None:
    if last_name(call.func) in ("Input", "InputLayer"):
        return argument(call, "shape", 0) or argument(call, "input_shape")
    return argument(call, "input_shape")


def _edit(context: FixContext, unit: int | str, call: ast.Call, sizes: Sequence[Dim]) -> Edit | None:
    node = _shape_node(call)
    text = tuple_text(sizes)
    if node is not None:
        start, end = context.range_of(unit, node)
        return Edit(start, end, text)
    for keyword in call.keywords:
        if keyword.arg == "input_dim":
            start, end = context.range_of(unit, keyword.value)
            if len(sizes) == 1:
                return Edit(start, end, str(sizes[0]))
            name_start = start - (len("input_dim") + 1)
            if context.text[name_start:start] == "input_dim=":
                return Edit(name_start, end, f"input_shape={text}")
    return set_keyword(context, unit, call, "input_shape", text) if argument(call, "input_dim") else None


def sample(shape: Shape) -> tuple[Dim, ...]:
    """The sizes of one sample of a batch."""
    return shape.dims[1:]
