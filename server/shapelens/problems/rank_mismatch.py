"""Wrong number of axes."""

from __future__ import annotations

from collections.abc import Iterator

from shapelens.problems.arrays import expand_dims, reshape, tuple_text
from shapelens.problems.chain import LayerNode, insert_before, layer_at, layers_before, remove
from shapelens.problems.context import Fix, FixContext
from shapelens.problems.declared import correct_declared, declared_sizes, declared_texts
from shapelens.problems.heads import RECURRENT, return_sequences
from shapelens.problems.kind import Kind
from shapelens.problems.spelling import spelled
from shapelens.problems.words import subject_of
from shapelens.shapes.shape import Shape
from shapelens.shapes.span import Span
from shapelens.values.facts import Operand, ProblemFact
from shapelens.values.value import TensorValue

# Layers whose output has two axes whatever comes in.
_FLATTENERS = (
    "Flatten",
    "GlobalAveragePooling1D",
    "GlobalAveragePooling2D",
    "GlobalMaxPooling1D",
    "GlobalMaxPooling2D",
    "GlobalAveragePool2D",
    "GlobalMaxPool2D",
)


def propose(problem: ProblemFact, context: FixContext) -> Iterator[Fix]:
    """The layer before, the declared input, or a `Reshape` in between; an axis of an array."""
    found, wanted = problem.failure.found, problem.failure.details.get("expected_ndim")
    if found is None or found.open or not isinstance(wanted, int):
        return
    operand = subject_of(problem)
    if operand is not None and _is_array(operand):
        yield from _array_fixes(problem, context, operand, found, wanted)
        return
    layer = _layer(problem, context)
    if layer is None:
        return
    before = layers_before(context, layer)
    if len(found) < wanted:
        yield from _too_few_axes(problem, context, layer, before, found, wanted)
    else:
        yield from _too_many_axes(context, problem.span, layer, found, wanted)


def _is_array(operand: Operand) -> bool:
    return isinstance(operand.value, TensorValue) and operand.value.kind in ("numpy", "tensor")


def _array_fixes(
    problem: ProblemFact, context: FixContext, operand: Operand, found: Shape, wanted: int
) -> Iterator[Fix]:
    sizes = declared_texts(context, problem.span)
    if sizes is not None and len(sizes) == wanted - 1:
        yield from reshape(context, operand, (-1, *sizes))
    if len(found) == wanted - 1:
        yield from expand_dims(context, operand, -1)
        yield from expand_dims(context, operand, 0)
    if len(found) == wanted + 1 and found.axis(-1) == 1:
        yield from reshape(context, operand, (-1, *found.dims[1:-1]))


def _layer(problem: ProblemFact, context: FixContext) -> LayerNode | None:
    for span in (problem.span, *(place.span for place in problem.failure.places)):
        layer = layer_at(context, span)
        if layer is not None:
            return layer
    return None


def _too_few_axes(
    problem: ProblemFact,
    context: FixContext,
    layer: LayerNode,
    before: list[LayerNode],
    found: Shape,
    wanted: int,
) -> Iterator[Fix]:
    nearest = next((item for item in before if item.class_name not in ("Dropout", "BatchNormalization")), None)
    if nearest is not None and nearest.class_name in _FLATTENERS:
        edits = remove(context, nearest)
        if edits:
            yield Fix(f"Remove {nearest.class_name}", edits)
    if wanted == 3 and any(item.class_name in RECURRENT for item in before):
        yield from return_sequences(context, before[0], on=True)
    if len(found) == wanted - 1 and all(isinstance(size, int) for size in found.dims[1:]):
        sizes = found.dims[1:]
        # Channels come last; a sequence of single numbers has one feature in each step.
        if declared_sizes(context, problem.span) == sizes:
            yield from correct_declared(context, problem.span, (*sizes, 1))
        yield from _reshape_layer(context, layer, (*sizes, 1))
        if wanted == 3:
            yield from _reshape_layer(context, layer, (1, *sizes))


def _too_many_axes(context: FixContext, span: Span, layer: LayerNode, found: Shape, wanted: int) -> Iterator[Fix]:
    if len(found) == wanted + 1:
        # Often the batch size is written into the input shape, where it does not belong.
        yield from correct_declared(context, span, found.dims[2:])
    if wanted == 2:
        how = spelled(context, "keras.layers.Flatten")
        edits = insert_before(context, layer, f"{how.text}()")
        if edits:
            yield Fix("Insert Flatten", (*how.edits, *edits))


def _reshape_layer(context: FixContext, layer: LayerNode, sizes: tuple[object, ...]) -> Iterator[Fix]:
    how = spelled(context, "keras.layers.Reshape")
    edits = insert_before(context, layer, f"{how.text}({tuple_text(sizes)})")
    if edits:
        yield Fix(f"Insert Reshape({tuple_text(sizes)})", (*how.edits, *edits))


KIND = Kind(
    "rank-mismatch",
    "Wrong number of axes",
    "error",
    "A layer or operation got a tensor with too many or too few axes.",
    propose=propose,
)
