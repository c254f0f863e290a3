"""Weights do not fit."""

from __future__ import annotations

from shapelens.problems.kind import Kind

KIND = Kind(
    "weights-mismatch",
    "Weights do not fit",
    "error",
    "Weights that are set or loaded have other shapes than the layer's.",
)
