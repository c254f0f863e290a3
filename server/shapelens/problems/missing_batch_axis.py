"""One sample without its batch axis."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from shapelens.problems.arrays import expand_dims, node_of
from shapelens.problems.context import Edit, Fix, FixContext
from shapelens.problems.kind import Kind
from shapelens.problems.words import subject_of
from shapelens.values.facts import ProblemFact
from shapelens.values.value import DatasetValue

# What people write most.
USUAL_BATCH = 32


def propose(problem: ProblemFact, context: FixContext) -> Iterator[Fix]:
    """Batch the dataset, keep the axis while indexing, or add it."""
    operand = subject_of(problem)
    if operand is None:
        return
    item = problem.failure.details.get("item")
    node = node_of(context, operand, item)
    if node is None:
        return
    unit = operand.span.unit
    if isinstance(operand.value, DatasetValue):
        _, end = context.range_of(unit, node)
        yield Fix(f"Batch the dataset: .batch({USUAL_BATCH})", (Edit(end, end, f".batch({USUAL_BATCH})"),))
        return
    if isinstance(node, ast.Subscript):
        index = _plain_index(node.slice)
        if index is not None:
            start, end = context.range_of(unit, node.slice)
            stop = "" if index == -1 else str(index + 1)
            yield Fix(f"Keep the batch axis: [{index}:{stop}]", (Edit(start, end, f"{index}:{stop}"),))
    yield from expand_dims(context, operand, 0, item)


def _plain_index(node: ast.expr) -> int | None:
    """The int of ``x[3]`` or ``x[-1]``; `None` for anything else."""
    try:
        value = ast.literal_eval(node)
    except ValueError:
        return None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


KIND = Kind(
    "missing-batch-axis",
    "One sample without its batch axis",
    "error",
    "A model got a single sample where it takes a batch of samples.",
    propose=propose,
)
