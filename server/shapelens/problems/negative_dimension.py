"""A window larger than the map."""

from __future__ import annotations

from collections.abc import Iterator

from shapelens.problems.chain import layer_at, set_keyword
from shapelens.problems.context import Fix, FixContext
from shapelens.problems.kind import Kind
from shapelens.values.facts import ProblemFact


def propose(problem: ProblemFact, context: FixContext) -> Iterator[Fix]:
    """``padding="same"`` keeps the size."""
    if not problem.failure.details.get("padding_fix"):
        return
    spans = (problem.span, *(place.span for place in problem.failure.places))
    for span in spans:
        layer = layer_at(context, span)
        if layer is not None:
            edit = set_keyword(context, layer.unit, layer.made, "padding", '"same"')
            yield Fix('Set padding="same"', (edit,))
            return


KIND = Kind(
    "negative-dimension",
    "A window larger than the map",
    "error",
    "A convolution, pooling or cropping would leave an axis of size zero or less.",
    propose=propose,
)
