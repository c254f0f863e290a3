"""Fixes at the end of a model and in ``compile``: units, what comes before the last layer, the loss."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from shapelens.problems.chain import (
    LayerNode,
    argument,
    insert_before,
    last_name,
    layer_at,
    layers_before,
    set_keyword,
)
from shapelens.problems.context import Edit, Fix, FixContext
from shapelens.problems.spelling import spelled
from shapelens.shapes.shape import Shape
from shapelens.shapes.span import Span
from shapelens.values.facts import ProblemFact

RECURRENT = ("LSTM", "GRU", "SimpleRNN", "ConvLSTM2D", "Bidirectional")
# What may stand between the last layer and a recurrent one without changing the number of axes.
_KEEPS_AXES = ("Dense", "Dropout", "Activation", "BatchNormalization", "LayerNormalization", "TimeDistributed")

# Names and classes of the two cross-entropies that people take for each other.
_SWAPS = {
    "categorical_crossentropy": "sparse_categorical_crossentropy",
    "sparse_categorical_crossentropy": "categorical_crossentropy",
    "CategoricalCrossentropy": "SparseCategoricalCrossentropy",
    "SparseCategoricalCrossentropy": "CategoricalCrossentropy",
}


def output_layer(problem: ProblemFact, context: FixContext) -> LayerNode | None:
    """The layer that makes the output, if its constructor is in the document."""
    place = problem.failure.details.get("output_layer")
    return layer_at(context, place) if isinstance(place, Span) else None


def change_units(context: FixContext, layer: LayerNode | None, units: object) -> Iterator[Fix]:
    """Another number of units in the last ``Dense``."""
    if layer is None or layer.class_name != "Dense" or not isinstance(units, int) or units < 1:
        return
    node = argument(layer.made, "units", 0)
    if node is not None:
        start, end = context.range_of(layer.unit, node)
        yield Fix(
            f"Change the last Dense to {units} {'unit' if units == 1 else 'units'}", (Edit(start, end, str(units)),)
        )


def flatten_before(context: FixContext, layer: LayerNode | None, output: Shape) -> Iterator[Fix]:
    """``Flatten`` or a global pooling before the last layer, for an output with too many axes."""
    if layer is None or output.open or len(output) < 3:
        return
    names = ["Flatten"]
    pooling = {3: "GlobalAveragePooling1D", 4: "GlobalAveragePooling2D", 5: "GlobalAveragePooling3D"}
    if len(output) in pooling:
        names.append(pooling[len(output)])
    for name in names:
        how = spelled(context, f"keras.layers.{name}")
        edits = insert_before(context, layer, f"{how.text}()")
        if edits:
            yield Fix(f"Insert {name} before the last layer", (*how.edits, *edits))


def return_sequences(context: FixContext, layer: LayerNode | None, *, on: bool) -> Iterator[Fix]:
    """Switch ``return_sequences`` on the nearest recurrent layer at or before ``layer``."""
    if layer is None:
        return
    for candidate in (layer, *layers_before(context, layer)):
        made = candidate.made
        if candidate.class_name in ("Bidirectional", "TimeDistributed") and made.args:
            inner = made.args[0]
            made = inner if isinstance(inner, ast.Call) else made
        if last_name(made.func) in RECURRENT:
            value = "True" if on else "False"
            present = argument(made, "return_sequences")
            if isinstance(present, ast.Constant) and present.value is on:
                return
            edit = set_keyword(context, candidate.unit, made, "return_sequences", value)
            yield Fix(f"Set return_sequences={value} on {last_name(made.func)}", (edit,))
            return
        if candidate.class_name not in _KEEPS_AXES:
            return


def swap_loss(problem: ProblemFact, context: FixContext) -> Iterator[Fix]:
    """The sparse cross-entropy for the dense one, or the other way round."""
    found = _loss_node(problem, context)
    if found is None:
        return
    unit, node = found
    start, end = context.range_of(unit, node)
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in _SWAPS:
        new = _SWAPS[node.value]
        quote = context.text[end - 1]
        yield Fix(f"Use the loss {new}", (Edit(start, end, f"{quote}{new}{quote}"),))
        return
    function = node.func if isinstance(node, ast.Call) else node
    name = last_name(function)
    if name not in _SWAPS:
        return
    new = _SWAPS[name]
    if isinstance(function, ast.Attribute):
        _, end = context.range_of(unit, function)
        yield Fix(f"Use the loss {new}", (Edit(end - len(name), end, new),))
    else:
        how = spelled(context, f"keras.losses.{new}")
        start, end = context.range_of(unit, function)
        yield Fix(f"Use the loss {new}", (*how.edits, Edit(start, end, how.text)))


def use_loss(problem: ProblemFact, context: FixContext, new: str) -> Iterator[Fix]:
    """Another loss by name."""
    found = _loss_node(problem, context)
    if found is not None:
        unit, node = found
        start, end = context.range_of(unit, node)
        yield Fix(f"Use the loss {new}", (Edit(start, end, f'"{new}"'),))


def _loss_node(problem: ProblemFact, context: FixContext) -> tuple[int | str, ast.expr] | None:
    place = problem.failure.details.get("compile")
    if not isinstance(place, Span):
        return None
    call = context.node(place)
    if not isinstance(call, ast.Call):
        return None
    node = argument(call, "loss", 1)
    # A dict or list says which output it is for; that choice is not ours.
    return None if node is None or isinstance(node, ast.Dict | ast.List | ast.Tuple) else (place.unit, node)
