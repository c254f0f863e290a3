"""Different numbers of samples."""

from __future__ import annotations

from shapelens.problems.kind import Kind

KIND = Kind(
    "sample-count",
    "Different numbers of samples",
    "error",
    "Inputs, targets and weights do not have the same number of samples.",
)
