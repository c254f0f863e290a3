"""An argument that cannot work."""

from __future__ import annotations

from shapelens.problems.kind import Kind

KIND = Kind(
    "invalid-argument",
    "An argument that cannot work",
    "error",
    "An argument's value makes the call raise, whatever the input.",
)
