"""Reshape to another number of elements."""

from __future__ import annotations

from shapelens.problems.kind import Kind

KIND = Kind(
    "reshape-size",
    "Reshape to another number of elements",
    "error",
    "A reshape keeps every element, and the sizes do not multiply to the same number.",
)
