"""A size that must be known is not."""

from __future__ import annotations

from collections.abc import Iterator

from shapelens.problems.chain import layer_at, layers_before
from shapelens.problems.context import Edit, Fix, FixContext
from shapelens.problems.kind import Kind
from shapelens.problems.spelling import spelled
from shapelens.values.facts import ProblemFact

_POOLING = {"Conv1D": "GlobalAveragePooling1D", "Conv2D": "GlobalAveragePooling2D", "Conv3D": "GlobalAveragePooling3D"}


def propose(problem: ProblemFact, context: FixContext) -> Iterator[Fix]:
    """Global pooling in place of `Flatten`: it gives a known size whatever the map's."""
    for span in (problem.span, *(place.span for place in problem.failure.places)):
        layer = layer_at(context, span)
        if layer is None:
            continue
        before = layers_before(context, layer)
        flatten = next((item for item in before if item.class_name == "Flatten"), None)
        convolution = next((item for item in before if item.class_name in _POOLING), None)
        if flatten is None or convolution is None:
            continue
        how = spelled(context, f"keras.layers.{_POOLING[convolution.class_name]}")
        start, end = context.range_of(flatten.unit, flatten.made.func)
        yield Fix(f"Use {_POOLING[convolution.class_name]}", (*how.edits, Edit(start, end, how.text)))
        return


KIND = Kind(
    "undefined-dimension",
    "A size that must be known is not",
    "error",
    "A layer needs the size of an axis that the model leaves undefined (`None`).",
    propose=propose,
)
