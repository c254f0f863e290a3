"""Targets do not fit the model's output."""

from __future__ import annotations

from shapelens.problems.kind import Kind

KIND = Kind(
    "target-mismatch",
    "Targets do not fit the model's output",
    "error",
    "The loss or a metric cannot compare targets and output of these shapes.",
)
