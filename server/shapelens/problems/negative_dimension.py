"""A window larger than the map."""

from __future__ import annotations

from shapelens.problems.kind import Kind

KIND = Kind(
    "negative-dimension",
    "A window larger than the map",
    "error",
    "A convolution, pooling or cropping would leave an axis of size zero or less.",
)
