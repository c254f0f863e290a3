"""OpenCV and other readers of images. OpenCV is not there to run: its documented sizes (4.x)."""

from __future__ import annotations

from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import as_spec
from shapelens.library.keras.models.nests import shape_of
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.value import FALSE, TRUE, Const, Lib, TensorValue, Value

COLOR, GRAYSCALE = "cv2.IMREAD_COLOR", "cv2.IMREAD_GRAYSCALE"
TO_GRAY = ("cv2.COLOR_BGR2GRAY", "cv2.COLOR_RGB2GRAY", "cv2.COLOR_RGBA2GRAY", "cv2.COLOR_BGRA2GRAY")
TO_THREE = ("BGR", "RGB", "HSV", "LAB", "Lab", "YCrCb", "YUV", "HLS")


@function("cv2.imread", params="filename, flags=None")
def imread(m: Machine, a: Arguments) -> Value:
    """``(height, width, 3)``, bytes; without channels when it is read as grey."""
    flags = a.get("flags")
    if flags is None or flags in (Lib(COLOR), Const(1), TRUE):
        return tensor(m, Shape((ANY, ANY, 3)), "uint8")
    if flags in (Lib(GRAYSCALE), Const(0), FALSE):
        return tensor(m, Shape((ANY, ANY)), "uint8")
    return tensor(m, UNKNOWN_SHAPE)


@function("cv2.resize", params="src, dsize=None, dst=None, fx=0, fy=0, interpolation=None")
def resize(m: Machine, a: Arguments) -> Value:
    """``dsize`` is (width, height); a last axis of size 1 is dropped."""
    source = as_spec(a.values["src"], m)
    size = shape_of(m, a.get("dsize"))
    height, width = (size.dims[1], size.dims[0]) if size is not None and len(size) == 2 else (ANY, ANY)
    dtype = None if source is None else source.spec.dtype
    if source is None or source.spec.shape.open or len(source.spec.shape) not in (2, 3):
        return tensor(m, UNKNOWN_SHAPE, dtype)
    channels = source.spec.shape.dims[2:]
    if channels and not isinstance(channels[0], int):
        return tensor(m, UNKNOWN_SHAPE, dtype)
    return tensor(m, Shape((height, width, *(c for c in channels if c != 1))), dtype)


@function("cv2.cvtColor", params="src, code, dst=None, dstCn=0")
def convert_color(m: Machine, a: Arguments) -> Value:
    """Grey images have no channel axis."""
    source, code = as_spec(a.values["src"], m), a.values["code"]
    dtype = None if source is None else source.spec.dtype
    sizes: tuple[Dim, ...] = (ANY, ANY)
    if source is not None and not source.spec.shape.open and len(source.spec.shape) > 1:
        sizes = source.spec.shape.dims[:2]
    if not isinstance(code, Lib):
        return tensor(m, UNKNOWN_SHAPE, dtype)
    if code.name in TO_GRAY:
        return tensor(m, Shape(sizes), dtype)
    target = code.name.rpartition("2")[2]
    if target in TO_THREE:
        return tensor(m, Shape((*sizes, 3)), dtype)
    return tensor(m, Shape((*sizes, 4)) if target in ("RGBA", "BGRA") else UNKNOWN_SHAPE, dtype)


@function("imageio.imread", "imageio.v2.imread", "imageio.v3.imread", params="uri, *args, **kwargs")
@function("matplotlib.image.imread", "matplotlib.pyplot.imread", params="fname, format=None")
@function("skimage.io.imread", params="fname, *args, **kwargs")
@function("scipy.misc.imread", "scipy.ndimage.imread", params="name, *args, **kwargs")
def read(m: Machine, a: Arguments) -> Value:
    """An array whose rank depends on the file."""
    return tensor(m, UNKNOWN_SHAPE)


@function("skimage.transform.resize", params="image, output_shape, *args, **kwargs")
def resize_to(m: Machine, a: Arguments) -> Value:
    """``output_shape``; axes that it leaves out stay as they are."""
    size = shape_of(m, a.values["output_shape"])
    source: TensorValue | None = as_spec(a.values["image"], m)
    if size is None or size.open or source is None or source.spec.shape.open:
        return tensor(m, UNKNOWN_SHAPE)
    return tensor(m, Shape((*size.dims, *source.spec.shape.dims[len(size) :])))
