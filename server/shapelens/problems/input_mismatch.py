"""Data do not fit the model's input."""

from __future__ import annotations

from shapelens.problems.kind import Kind

KIND = Kind(
    "input-mismatch",
    "Data do not fit the model's input",
    "error",
    "The data given to a model have another shape than its declared input.",
)
