"""What only the installed library itself could tell."""

from __future__ import annotations

from shapelens.problems.kind import Kind

KIND = Kind(
    "keras-refuses",
    "The installed Keras refuses the call",
    "error",
    "No rule covers this call; the installed library was asked, and it raises.",
)
