"""The loss broadcasts targets against outputs."""

from __future__ import annotations

from shapelens.problems.kind import Kind

KIND = Kind(
    "loss-broadcast",
    "The loss broadcasts targets against outputs",
    "warning",
    "Targets and output differ, and broadcasting hides it: the loss compares every value with many others.",
)
