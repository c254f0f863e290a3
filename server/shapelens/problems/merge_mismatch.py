"""Inputs of a merging layer differ."""

from __future__ import annotations

from shapelens.problems.kind import Kind

KIND = Kind(
    "merge-mismatch",
    "Inputs of a merging layer differ",
    "error",
    "Add, Multiply, Dot and the like got inputs that do not fit each other.",
)
