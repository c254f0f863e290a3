"""``PIL.Image``: opening, resizing, converting (Pillow 13)."""

from __future__ import annotations

from shapelens.library.arrays.convert import as_spec
from shapelens.library.images.image import IMAGE, new_image
from shapelens.library.keras.models.nests import shape_of
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, attribute, function
from shapelens.shapes.dims import ANY, Dim
from shapelens.values.failure import NotKnown
from shapelens.values.value import NONE, Const, Opaque, TensorValue, TupleValue, Value

# Bands of the modes whose pixels are bytes.
BANDS = {"L": 1, "P": 1, "RGB": 3, "RGBA": 4, "CMYK": 4, "YCbCr": 3, "HSV": 3, "LAB": 3, "LA": 2}
OTHERS = {"1": "bool", "F": "float32", "I": "int32"}


@function("PIL.Image.open", params="fp, mode='r', formats=None")
def open_image(m: Machine, a: Arguments) -> Value:
    """An image of unknown size and mode."""
    return new_image(m, ANY, ANY, None, None)


@function("PIL.Image.new", params="mode, size, color=0")
def new(m: Machine, a: Arguments) -> Value:
    """An image of a given mode and size."""
    return _in_mode(m, a.values["mode"], *_size(m, a.values["size"]))


@function("PIL.Image.fromarray", params="obj, mode=None")
def from_array(m: Machine, a: Arguments) -> Value:
    """An image of an array."""
    source = as_spec(a.values["obj"], m)
    if source is None or source.spec.shape.open or len(source.spec.shape) not in (2, 3) or a.get("mode") is not None:
        return new_image(m, ANY, ANY, None, None)
    dims = source.spec.shape.dims
    bands = 1 if len(dims) == 2 else dims[2]
    return new_image(m, dims[0], dims[1], bands if isinstance(bands, int) else None, source.spec.dtype)


@function(f"{IMAGE}.resize", params="self, size, resample=None, box=None, reducing_gap=None")
def resize(m: Machine, a: Arguments) -> Value:
    """``size`` is (width, height)."""
    height, width = _size(m, a.values["size"])
    source = _array(m, a.values["self"])
    return new_image(m, height, width, _bands(source), source.spec.dtype)


@function(f"{IMAGE}.convert", params="self, mode=None, *args, **kwargs")
def convert(m: Machine, a: Arguments) -> Value:
    """Another mode, the same size."""
    height, width = _sizes(_array(m, a.values["self"]))
    return _in_mode(m, a.values.get("mode", NONE), height, width)


@function(f"{IMAGE}.crop", params="self, box=None")
def crop(m: Machine, a: Arguments) -> Value:
    """A part: ``box`` is (left, upper, right, lower)."""
    source = _array(m, a.values["self"])
    box = shape_of(m, a.get("box"))
    sides = [d for d in box.dims if isinstance(d, int)] if box is not None else []
    sizes: tuple[Dim, Dim] = (sides[3] - sides[1], sides[2] - sides[0]) if len(sides) == 4 else (ANY, ANY)
    return new_image(m, *sizes, _bands(source), source.spec.dtype)


@function(f"{IMAGE}.copy", f"{IMAGE}.transpose", f"{IMAGE}.rotate", f"{IMAGE}.filter", params="self, *args, **kwargs")
def changed(m: Machine, a: Arguments) -> Value:
    """As many bands; the size may change."""
    source = _array(m, a.values["self"])
    return new_image(m, ANY, ANY, _bands(source), source.spec.dtype)


@function(f"{IMAGE}.save", f"{IMAGE}.show", f"{IMAGE}.close", f"{IMAGE}.thumbnail", params="self, *args, **kwargs")
def nothing(m: Machine, a: Arguments) -> Value:
    """Methods that give nothing."""
    return NONE


@attribute(f"{IMAGE}.size")
def size(m: Machine, value: Value) -> Value:
    """(width, height)."""
    from shapelens.library.arrays.attributes import dim_value

    height, width = _sizes(_array(m, value))
    return TupleValue((dim_value(width), dim_value(height)))


@attribute(f"{IMAGE}.width", f"{IMAGE}.height")
def side(m: Machine, value: Value) -> Value:
    """A number of pixels."""
    return Opaque("int")


@attribute(f"{IMAGE}.mode", f"{IMAGE}.format")
def mode(m: Machine, value: Value) -> Value:
    """A name."""
    return Opaque("str")


def _array(m: Machine, value: Value) -> TensorValue:
    found = m.tensor(value)
    if found is None:
        raise NotKnown("the image is not known")
    return found


def _sizes(source: TensorValue) -> tuple[Dim, Dim]:
    shape = source.spec.shape
    return (ANY, ANY) if shape.open or len(shape) < 2 else (shape.dims[0], shape.dims[1])


def _bands(source: TensorValue) -> int | None:
    shape = source.spec.shape
    if shape.open:
        return None
    last = 1 if len(shape) == 2 else shape.dims[-1]
    return last if isinstance(last, int) else None


def _size(m: Machine, value: Value) -> tuple[Dim, Dim]:
    """(height, width) of a size that is given as (width, height)."""
    found = shape_of(m, value)
    return (ANY, ANY) if found is None or found.open or len(found) != 2 else (found.dims[1], found.dims[0])


def _in_mode(m: Machine, mode: Value, height: Dim, width: Dim) -> Value:
    name = mode.value if isinstance(mode, Const) and isinstance(mode.value, str) else None
    if name in OTHERS:
        return new_image(m, height, width, 1, OTHERS[name])
    return new_image(m, height, width, None if name is None else BANDS.get(name), None if name is None else "uint8")
