"""Wrong number of channels or features."""

from __future__ import annotations

from shapelens.problems.kind import Kind

KIND = Kind(
    "channel-mismatch",
    "Wrong number of channels or features",
    "error",
    "The size of an axis is not the one that the layer was built for.",
)
