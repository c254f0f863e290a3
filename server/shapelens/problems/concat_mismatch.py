"""Shapes cannot be concatenated."""

from __future__ import annotations

from shapelens.problems.kind import Kind

KIND = Kind(
    "concat-mismatch",
    "Shapes cannot be concatenated",
    "error",
    "Concatenating needs equal sizes on every axis but one.",
)
