"""PIL images as values: objects that convert to arrays (Pillow 13)."""

from __future__ import annotations

from shapelens.library.arrays.constants import tensor
from shapelens.library.machine import Machine
from shapelens.shapes.dims import Dim
from shapelens.shapes.shape import Shape
from shapelens.values.objects import ARRAY_ATTRIBUTE, LibInstance
from shapelens.values.value import Ref, Value

IMAGE = "PIL.Image.Image"


def new_image(m: Machine, height: Dim, width: Dim, channels: int | None, dtype: str | None = "uint8") -> Ref:
    """An image of which this is known; a grey one (1 channel) has no channel axis as an array.

    ``channels`` is `None` when they are not known, and then neither is the rank of its array.
    """
    shape = Shape((height, width)) if channels == 1 else Shape((height, width, channels))
    if channels is None:
        shape = Shape((), open=True)
    attributes: tuple[tuple[str, Value], ...] = ((ARRAY_ATTRIBUTE, tensor(m, shape, dtype)),)
    return m.alloc(LibInstance(IMAGE, attributes, m.site))
