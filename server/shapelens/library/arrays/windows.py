"""Windows that slide over axes: convolution and pooling arithmetic."""

from __future__ import annotations

from shapelens.shapes.dims import Dim, add, ceildiv, floordiv, mul, sub


def window_count(size: Dim, window: Dim, stride: int, dilation: int, padding: str) -> Dim:
    """How many windows there are along an axis."""
    if padding == "same":
        return ceildiv(size, stride)
    reach = add(1, mul(sub(window, 1), dilation))
    return add(floordiv(sub(size, reach), stride), 1)
