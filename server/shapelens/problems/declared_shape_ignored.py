"""A declared input shape that is ignored."""

from __future__ import annotations

from shapelens.problems.kind import Kind

KIND = Kind(
    "declared-shape-ignored",
    "A declared input shape that is ignored",
    "warning",
    "`input_shape` has no effect on a layer that is called directly, and the real input differs.",
)
