"""One sample without its batch axis."""

from __future__ import annotations

from shapelens.problems.kind import Kind

KIND = Kind(
    "missing-batch-axis",
    "One sample without its batch axis",
    "error",
    "A model got a single sample where it takes a batch of samples.",
)
