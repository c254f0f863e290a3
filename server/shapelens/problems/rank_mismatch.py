"""Wrong number of axes."""

from __future__ import annotations

from shapelens.problems.kind import Kind

KIND = Kind(
    "rank-mismatch",
    "Wrong number of axes",
    "error",
    "A layer or operation got a tensor with too many or too few axes.",
)
