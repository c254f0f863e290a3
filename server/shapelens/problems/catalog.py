"""Every problem code."""

from __future__ import annotations

from collections.abc import Mapping

from shapelens.problems import (
    axis_out_of_range,
    broadcast_mismatch,
    channel_mismatch,
    concat_mismatch,
    declared_shape_ignored,
    graph_disconnected,
    input_mismatch,
    invalid_argument,
    keras_refuses,
    loss_broadcast,
    matmul_mismatch,
    merge_mismatch,
    missing_batch_axis,
    negative_dimension,
    never_called,
    rank_mismatch,
    reshape_size,
    sample_count,
    softmax_one_unit,
    stated_shape_mismatch,
    target_mismatch,
    undefined_dimension,
    unknown_layer,
    weights_mismatch,
)
from shapelens.problems.kind import Kind
from shapelens.values.failure import Code

# In the order of the documentation: what goes wrong most, first within each group.
_MODULES = (
    rank_mismatch,
    channel_mismatch,
    input_mismatch,
    missing_batch_axis,
    target_mismatch,
    sample_count,
    reshape_size,
    broadcast_mismatch,
    matmul_mismatch,
    concat_mismatch,
    merge_mismatch,
    negative_dimension,
    undefined_dimension,
    axis_out_of_range,
    unknown_layer,
    never_called,
    graph_disconnected,
    weights_mismatch,
    invalid_argument,
    declared_shape_ignored,
    loss_broadcast,
    softmax_one_unit,
    stated_shape_mismatch,
    keras_refuses,
)

CATALOG: Mapping[Code, Kind] = {module.KIND.code: module.KIND for module in _MODULES}
