"""Targets do not fit the model's output."""

from __future__ import annotations

from collections.abc import Iterator

from shapelens.problems.arrays import called, expand_dims, node_of
from shapelens.problems.chain import layers_before
from shapelens.problems.context import Edit, Fix, FixContext
from shapelens.problems.heads import (
    change_units,
    flatten_before,
    output_layer,
    return_sequences,
    swap_loss,
    use_loss,
)
from shapelens.problems.kind import Kind
from shapelens.problems.spelling import spelled
from shapelens.problems.words import subject_of
from shapelens.shapes.shape import Shape
from shapelens.values.facts import Operand, ProblemFact
from shapelens.values.value import TensorValue


def propose(problem: ProblemFact, context: FixContext) -> Iterator[Fix]:
    """Another loss, other units, fewer or more axes before the last layer, or other targets."""
    failure = problem.failure
    if "weights" in failure.details or failure.expected is None or failure.found is None:
        return
    yield from head_fixes(problem, context, failure.expected, failure.found)
    operand = subject_of(problem)
    if operand is not None:
        yield from _other_targets(problem, context, operand, failure.expected, failure.found)


def head_fixes(problem: ProblemFact, context: FixContext, output: Shape, target: Shape) -> Iterator[Fix]:
    """What can be done about the model and its loss."""
    loss, layer = problem.failure.details.get("loss"), output_layer(problem, context)
    classes = problem.failure.details.get("classes")
    if classes is not None:
        yield from change_units(context, layer, classes)
        return
    integers = len(target) == len(output) - 1 or (len(target) == len(output) and target.axis(-1) == 1)
    if loss in ("categorical_crossentropy", "sparse_categorical_crossentropy"):
        if (loss == "categorical_crossentropy") == integers or target.dims[1:] == output.dims[1:]:
            yield from swap_loss(problem, context)
    elif loss == "binary_crossentropy" and integers and output.axis(-1) != 1:
        yield from use_loss(problem, context, "sparse_categorical_crossentropy")
    before = layers_before(context, layer) if layer is not None else []
    if len(output) > len(target):
        if before and any(item.class_name in ("LSTM", "GRU", "SimpleRNN", "Bidirectional") for item in before):
            yield from return_sequences(context, layer, on=False)
        flattened = list(flatten_before(context, layer, output))
        swaps = list(swap_loss(problem, context)) if loss == "categorical_crossentropy" and len(target) == 1 else []
        # Two mistakes at once: neither change alone would help.
        for swap in swaps:
            yield from (Fix(f"{f.title}, and {lower(swap.title)}", (*f.edits, *swap.edits)) for f in flattened)
        yield from flattened
    if len(target) > len(output):
        yield from return_sequences(context, layer, on=True)
    if len(target) == len(output) and loss != "sparse_categorical_crossentropy":
        yield from change_units(context, layer, target.axis(-1))
    if len(target) == 1 and loss not in ("categorical_crossentropy", "sparse_categorical_crossentropy"):
        yield from change_units(context, layer, 1)


def lower(title: str) -> str:
    """A title as the second half of another."""
    return title[:1].lower() + title[1:]


def _other_targets(
    problem: ProblemFact, context: FixContext, operand: Operand, output: Shape, target: Shape
) -> Iterator[Fix]:
    item = problem.failure.details.get("item")
    loss = problem.failure.details.get("loss")
    node = node_of(context, operand, item)
    if node is None or not isinstance(operand.value, TensorValue):
        return
    classes = output.axis(-1)
    integers = len(target) == len(output) - 1 or (len(target) == len(output) and target.axis(-1) == 1)
    if loss == "categorical_crossentropy" and integers and isinstance(classes, int):
        how = spelled(context, "keras.utils.to_categorical")
        start, end = context.range_of(operand.span.unit, node)
        edits = (Edit(start, start, f"{how.text}("), Edit(end, end, f", {classes})"))
        yield Fix(f"One-hot encode the targets with {how.text}", (*how.edits, *edits))
    if loss == "sparse_categorical_crossentropy" and target.dims[1:] == output.dims[1:]:
        yield from called(context, operand, "argmax", ", axis=-1", "Turn one-hot targets into labels", item=item)
    if len(target) == len(output) - 1 and output.axis(-1) == 1:
        yield from expand_dims(context, operand, -1, item)


KIND = Kind(
    "target-mismatch",
    "Targets do not fit the model's output",
    "error",
    "The loss or a metric cannot compare targets and output of these shapes.",
    propose=propose,
)
