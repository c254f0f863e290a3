"""Batches that a stateful RNN does not take: it keeps one state for each sample of the batch that it was made for."""

from __future__ import annotations

from shapelens.library.keras.training.arguments import Given
from shapelens.library.keras.training.data import spec_leaves
from shapelens.library.keras.training.facts import ModelFacts
from shapelens.values.failure import Failure


def check_stateful(model: ModelFacts, given: Given) -> Failure | None:
    """Whether a batch that occurs for certain has another size than the states.

    Keras 3.15.1 and 2.15.0: a size that is seen while tracing is refused by the layer, any other fails in the
    graph, but for a last batch of one sample, which is broadcast.
    """
    if model.stateful is None or model.inputs is None:
        return None
    layer, size = model.stateful
    batches = given.batches
    wrong = next((s for s in batches.sizes if s != size and (s != 1 or batches.static == 1)), None)
    if wrong is None:
        return None
    traced = batches.static == wrong
    last = given.source == "arrays" and len(batches.sizes) > 1 and wrong == batches.sizes[-1]
    which = f"the last batch of its {given.samples} samples has {wrong}" if last else f"a batch has {wrong} samples"
    declared = spec_leaves(model.inputs)[0].shape
    return Failure(
        "input-mismatch",
        f"{{subject}} does not come in batches of {size}, which the stateful {layer} was made for: {which}",
        keras="If an RNN is stateful, the batch size of the input sequences must be the same as the batch size of "
        f"the initial state. \n- Expected batch size: {size}\n- Received batch size: {wrong}"
        if traced
        else None,
        subject="x",
        expected=declared,
        found=None if declared.open else declared.replace(0, wrong),
        axis=0,
    )
