"""The outputs of a model do not come from its inputs."""

from __future__ import annotations

from shapelens.problems.kind import Kind

KIND = Kind(
    "graph-disconnected",
    "The outputs of a model do not come from its inputs",
    "error",
    "A functional model is made of inputs and outputs that no chain of layers connects.",
)
