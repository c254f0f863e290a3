"""Images as Keras loads them: files to PIL images to arrays (Keras 3.15.1, Pillow 13)."""

from __future__ import annotations

from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import UNSURE, flag, is_none, text_of
from shapelens.library.arrays.dtypes import dtype_given
from shapelens.library.images.image import new_image
from shapelens.library.keras.models.nests import shape_of
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.value import NONE, Opaque, Value

CHANNELS: dict[str, int] = {"rgb": 3, "rgba": 4, "grayscale": 1}


@function(
    "keras.utils.load_img",
    params="path, color_mode='rgb', target_size=None, interpolation='nearest', keep_aspect_ratio=False, "
    "grayscale=False",
)
def load_img(m: Machine, a: Arguments) -> Value:
    """A PIL image; its array has no channel axis when it is grey."""
    size = shape_of(m, a.get("target_size"))
    height, width = size.dims if size is not None and not size.open and len(size) == 2 else (ANY, ANY)
    mode = text_of(a, "color_mode", "rgb")
    if flag(a, "grayscale", False) is True:
        mode = "grayscale"
    return new_image(m, height, width, None if mode is UNSURE else CHANNELS.get(mode))


@function("keras.utils.img_to_array", params="img, data_format=None, dtype=None")
def img_to_array(m: Machine, a: Arguments) -> Value:
    """``(height, width, channels)``; grey images get a last axis of size 1. float32 unless told."""
    dtype = dtype_given(a, "float32")
    source = m.tensor(a.values["img"])
    if source is None:
        return tensor(m, Shape((ANY, ANY, ANY)), dtype)
    shape = source.spec.shape
    if shape.open:
        shape = Shape((ANY, ANY, ANY))
    elif len(shape) == 2:
        shape = Shape((*shape.dims, 1))
    if not is_none(a.get("data_format")):
        layout = text_of(a, "data_format", "channels_last")
        if layout != "channels_last":
            shape = UNKNOWN_SHAPE if layout is UNSURE else Shape((shape.dims[2], *shape.dims[:2]))
    return tensor(m, shape, dtype)


@function(
    "keras.utils.array_to_img",
    params="x, data_format=None, scale=True, dtype=None",
)
def array_to_img(m: Machine, a: Arguments) -> Value:
    """A PIL image of an array."""
    source = m.tensor(a.values["x"])
    sizes: tuple[Dim, ...] = (ANY, ANY, ANY)
    if source is not None and source.spec.shape.rank == 3 and is_none(a.get("data_format")):
        sizes = source.spec.shape.dims
    channels = sizes[2] if isinstance(sizes[2], int) else None
    return new_image(m, sizes[0], sizes[1], channels)


@function(
    "keras.utils.save_img",
    "keras.utils.plot_model",
    "keras.utils.model_to_dot",
    "keras.utils.enable_interactive_logging",
    "keras.utils.disable_interactive_logging",
    "keras.utils.print_summary",
    params="*args, **kwargs",
)
def nothing(m: Machine, a: Arguments) -> Value:
    """Functions that give nothing to follow."""
    return NONE


@function("keras.utils.get_file", params="fname=None, origin=None, *args, **kwargs")
def get_file(m: Machine, a: Arguments) -> Value:
    """The path of a downloaded file."""
    return Opaque("str")
