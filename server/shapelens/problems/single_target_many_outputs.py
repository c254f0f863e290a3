"""Fewer targets than outputs."""

from __future__ import annotations

from shapelens.problems.kind import Kind

KIND = Kind(
    "single-target-many-outputs",
    "Fewer targets than outputs",
    "error",
    "A model with several outputs was given targets for fewer of them.",
)
