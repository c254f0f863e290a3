"""How far a window that slides over an axis gets: convolutions and pooling."""

from __future__ import annotations

from shapelens.shapes import dims as dim
from shapelens.shapes.dims import ANY, Dim, SymDim

_SPATIAL_NAMES = {1: ("steps",), 2: ("height", "width"), 3: ("depth", "height", "width")}


def spatial_names(rank: int) -> tuple[str, ...]:
    """What people call the axes that a window slides over."""
    return _SPATIAL_NAMES[rank]


def slide(size: Dim, window: Dim, stride: Dim, dilation: Dim, padding: str | None) -> Dim:
    """The number of places of a window: Keras's ``compute_conv_output_shape`` for one axis.

    A known result of 0 or less means that Keras raises (with ``valid``).
    """
    if size is None:
        return None
    if padding in ("same", "causal"):
        return dim.ceildiv(size, stride)
    if padding == "valid":
        room = dim.sub(size, reach(window, dilation))
        if isinstance(room, int) and room < 0:
            return 0
        return _plus_one(dim.floordiv(room, stride))
    room = slide(size, window, stride, dilation, "valid")
    return room if room == dim.ceildiv(size, stride) and room is not ANY else ANY


def reach(window: Dim, dilation: Dim) -> Dim:
    """The extent of a window whose elements are ``dilation`` apart."""
    if dilation == 1:
        return window
    return _plus_one(dim.mul(dim.sub(window, 1), dilation))


def slide_step(name: str, size: Dim, window: Dim, stride: Dim, dilation: Dim, padding: str | None) -> str | None:
    """How the result of `slide` came about, or `None` when there is nothing to tell."""
    result = slide(size, window, stride, dilation, padding)
    if not isinstance(result, int) and not (isinstance(result, SymDim) and result.terms):
        return None
    if padding in ("same", "causal"):
        return f"{name}: ceil({size} / {stride}) = {result}"
    extent = reach(window, dilation)
    exact = _divides(dim.sub(size, extent), stride)
    quotient = f"({size} - {extent}) / {stride}"
    spread = "" if extent == window else f" (kernel {window} with dilation {dilation} reaches over {extent})"
    return f"{name}: {quotient if exact else f'floor({quotient})'} + 1 = {result}{spread}"


def unslide(size: Dim, window: Dim, stride: Dim, dilation: Dim, padding: str | None, extra: Dim) -> Dim:
    """The size that a transposed convolution gives; ``extra`` is ``output_padding`` or None."""
    if size is None:
        return None
    extent = reach(window, dilation)
    if padding == "valid":
        if extra is None:
            if not isinstance(extent, int) or not isinstance(stride, int):
                return ANY
            extra = max(extent, stride) - extent
        return dim.add(dim.add(dim.mul(dim.sub(size, 1), stride), extent), extra)
    if padding == "same":
        if extra is None:
            return dim.mul(size, stride)
        if not isinstance(extent, int):
            return ANY
        return dim.add(dim.mul(dim.sub(size, 1), stride), dim.add(extent % 2, extra))
    return ANY


def _plus_one(size: Dim) -> Dim:
    return dim.add(size, 1)


def _divides(size: Dim, stride: Dim) -> bool:
    return isinstance(size, int) and isinstance(stride, int) and stride > 0 and size % stride == 0
