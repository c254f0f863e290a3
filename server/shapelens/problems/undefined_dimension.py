"""A size that must be known is not."""

from __future__ import annotations

from shapelens.problems.kind import Kind

KIND = Kind(
    "undefined-dimension",
    "A size that must be known is not",
    "error",
    "A layer needs the size of an axis that the model leaves undefined (`None`).",
)
