"""Weights that do not fit the layer."""

from __future__ import annotations

from shapelens.problems.kind import Kind

KIND = Kind(
    "weights-mismatch",
    "Weights that do not fit the layer",
    "error",
    "`set_weights`, or `weights=`, got another number of arrays or other shapes than the layer has.",
)
