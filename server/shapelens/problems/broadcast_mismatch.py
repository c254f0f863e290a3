"""Shapes cannot be broadcast."""

from __future__ import annotations

from shapelens.problems.kind import Kind

KIND = Kind(
    "broadcast-mismatch",
    "Shapes cannot be broadcast",
    "error",
    "An elementwise operation got shapes that NumPy's broadcasting cannot join.",
)
