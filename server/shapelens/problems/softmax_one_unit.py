"""Softmax over a single unit."""

from __future__ import annotations

from shapelens.problems.kind import Kind

KIND = Kind(
    "softmax-one-unit",
    "Softmax over a single unit",
    "warning",
    "A softmax over one unit is always 1: the model cannot learn.",
)
