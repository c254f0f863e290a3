"""No such axis."""

from __future__ import annotations

from shapelens.problems.kind import Kind

KIND = Kind(
    "axis-out-of-range",
    "No such axis",
    "error",
    "An axis number is outside the tensor's rank.",
)
