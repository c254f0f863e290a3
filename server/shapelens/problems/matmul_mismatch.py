"""Inner sizes of a product differ."""

from __future__ import annotations

from shapelens.problems.kind import Kind

KIND = Kind(
    "matmul-mismatch",
    "Inner sizes of a product differ",
    "error",
    "A matrix product, dot or einsum got operands whose contracted axes differ.",
)
