"""``tf.image``: one image or a batch of images (TensorFlow 2.21)."""

from __future__ import annotations

import numpy

from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import Unsure, as_dim, as_int, as_shape, flag, kind_of
from shapelens.library.arrays.dtypes import dtype_of, scalar_type
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.rules import array_rule, source_of
from shapelens.library.arrays.windows import window_count
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.dims import ANY, Dim, add, same
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, of_rank
from shapelens.values.value import Const, Lib, Opaque, Value

# Functions that keep the shape: what their first parameter is called, the least number of axes, and the
# number of channels that they need.
_KEEP = {
    "adjust_brightness": ("image, delta", 0, None),
    "adjust_gamma": ("image, gamma=1, gain=1", 0, None),
    "random_brightness": ("image, max_delta, seed=None", 0, None),
    "stateless_random_brightness": ("image, max_delta, seed", 0, None),
    "flip_left_right": ("image", 3, None),
    "flip_up_down": ("image", 3, None),
    "random_flip_left_right": ("image, seed=None", 3, None),
    "random_flip_up_down": ("image, seed=None", 3, None),
    "stateless_random_flip_left_right": ("image, seed", 3, None),
    "stateless_random_flip_up_down": ("image, seed", 3, None),
    "adjust_contrast": ("images, contrast_factor", 3, None),
    "random_contrast": ("image, lower, upper, seed=None", 3, None),
    "stateless_random_contrast": ("image, lower, upper, seed", 3, None),
    "random_jpeg_quality": ("image, min_jpeg_quality, max_jpeg_quality, seed=None", 3, None),
    "adjust_hue": ("image, delta, name=None", 3, 3),
    "random_hue": ("image, max_delta, seed=None", 3, 3),
    "stateless_random_hue": ("image, max_delta, seed", 3, 3),
    "adjust_saturation": ("image, saturation_factor, name=None", 3, 3),
    "random_saturation": ("image, lower, upper, seed=None", 3, 3),
    "stateless_random_saturation": ("image, lower, upper, seed", 3, 3),
    "rgb_to_hsv": ("images, name=None", 1, 3),
    "hsv_to_rgb": ("images, name=None", 1, 3),
    "rgb_to_yuv": ("images", 1, 3),
    "yuv_to_rgb": ("images", 1, 3),
    "rgb_to_yiq": ("images", 1, 3),
    "yiq_to_rgb": ("images", 1, 3),
}


def _register_kept(name: str, params: str, least: int, channels: int | None) -> None:
    def rule(machine: Machine, args: Arguments) -> Value:
        source = source_of(machine, args, "image", "tensorflow")
        _check_rank(source.spec.shape, least)
        shape = source.spec.shape
        if channels is not None:
            _check_channels(shape, channels)
            shape = shape.replace(-1, channels) if shape.dims else shape
        return tensor(machine, shape, source.spec.dtype, kind_of([source], "tensorflow"))

    array_rule(f"tensorflow.image.{name}", params=params, renamed={"images": "image"})(rule)


def _check_rank(shape: Shape, least: int, most: int = 9) -> None:
    if not shape.open and not least <= len(shape.dims) <= most:
        raise refusal(
            "rank-mismatch",
            f"{{subject}} must be an image (height, width, channels) or a batch of images, not {shape}",
            None,
            found=shape,
        )


def _check_channels(shape: Shape, channels: int) -> None:
    if shape.dims and same(shape.dims[-1], channels) is False:
        raise refusal(
            "channel-mismatch",
            f"the last axis of {{subject}}, {shape}, must have {channels} channels",
            None,
            found=shape,
            axis=-1,
        )


for _name, (_params, _least, _channels) in _KEEP.items():
    _register_kept(_name, _params, _least, _channels)


@array_rule("tensorflow.image.per_image_standardization", params="image")
def per_image_standardization(machine: Machine, args: Arguments) -> Value:
    """Images of the same shape, float32."""
    source = source_of(machine, args, "image", "tensorflow")
    _check_rank(source.spec.shape, 3)
    return tensor(machine, source.spec.shape, "float32", kind_of([source], "tensorflow"))


@array_rule("tensorflow.image.convert_image_dtype", params="image, dtype, saturate=False, name=None")
def convert_image_dtype(machine: Machine, args: Arguments) -> Value:
    """Another dtype."""
    source = source_of(machine, args, "image", "tensorflow")
    return tensor(
        machine, source.spec.shape, dtype_of(args.get("dtype"), "tensorflow"), kind_of([source], "tensorflow")
    )


@array_rule(
    "tensorflow.image.resize",
    params="images, size, method='bilinear', preserve_aspect_ratio=False, antialias=False, name=None, "
    "align_corners=None",
)
def resize(machine: Machine, args: Arguments) -> Value:
    """Images of a given height and width: float32, unless the nearest pixels are taken."""
    source = source_of(machine, args, "images", "tensorflow")
    size = as_shape(machine, args.get("size"))
    if (not size.open and len(size.dims) != 2) or scalar_type(args.values["size"]) is int:
        raise refusal(
            "invalid-argument",
            f"the size must be a height and a width, not {size}",
            "'size' must be a 1-D Tensor of 2 elements: new_height, new_width",
            subject="size",
        )
    method = args.get("method")
    plain = isinstance(method, Const) and isinstance(method.value, str)
    nearest = method == Const("nearest") or (isinstance(method, Lib) and method.name.endswith("NEAREST_NEIGHBOR"))
    known = method is None or plain or isinstance(method, Lib)
    dtype = source.spec.dtype if nearest else "float32" if known else None
    keeps = flag(args, "preserve_aspect_ratio", False)
    if size.open or isinstance(keeps, Unsure):
        size = Shape((ANY, ANY))
    elif keeps:
        size = _fitted(source.spec.shape, size)
    return tensor(machine, with_size(source.spec.shape, size), dtype, kind_of([source], "tensorflow"))


@array_rule(
    "tensorflow.image.resize_images",
    "tensorflow.image.resize_bilinear",
    "tensorflow.image.resize_bicubic",
    "tensorflow.image.resize_area",
    "tensorflow.image.resize_nearest_neighbor",
    params="images, size, *args, **kwargs",
)
def resize_of_tensorflow_1(machine: Machine, args: Arguments) -> Value:
    """The old names, which ``tf.compat.v1`` still has; how pixels are found makes no difference to the shape."""
    if isinstance(flag(args, "preserve_aspect_ratio", False), Unsure) or "preserve_aspect_ratio" in args.extra:
        return resize(machine, Arguments({**args.values, "preserve_aspect_ratio": args.extra["preserve_aspect_ratio"]}))
    return resize(machine, Arguments({**args.values, "method": Opaque("str")}))


def _fitted(shape: Shape, size: Shape) -> Shape:
    """The largest size within ``size`` that has the aspect of ``shape``; scales are float32, as TensorFlow's."""
    height, width = shape.axis(-3), shape.axis(-2)
    if not size.known or not isinstance(height, int) or not isinstance(width, int) or not height or not width:
        return Shape((ANY, ANY))
    wanted = [numpy.float32(d) for d in size.dims if isinstance(d, int)]
    scale = min(wanted[0] / numpy.float32(height), wanted[1] / numpy.float32(width))
    return Shape(tuple(max(1, round(float(scale * numpy.float32(side)))) for side in (height, width)))


@array_rule(
    "tensorflow.image.resize_with_pad",
    params="image, target_height, target_width, method='bilinear', antialias=False",
)
def resize_with_pad(machine: Machine, args: Arguments) -> Value:
    """Images of a given height and width, float32."""
    return _in_size(machine, args, float_unless_nearest=True)


@array_rule("tensorflow.image.resize_with_crop_or_pad", params="image, target_height, target_width")
def resize_with_crop_or_pad(machine: Machine, args: Arguments) -> Value:
    """Images of a given height and width."""
    return _in_size(machine, args, float_unless_nearest=False)


def _in_size(machine: Machine, args: Arguments, *, float_unless_nearest: bool) -> Value:
    source = source_of(machine, args, "image", "tensorflow")
    _check_rank(source.spec.shape, 3, 4)
    size = Shape(tuple(as_dim(args.values[name]) for name in ("target_height", "target_width")))
    dtype = source.spec.dtype
    if float_unless_nearest:
        dtype = "float32" if args.get("method") is None else None
    return tensor(machine, with_size(source.spec.shape, size), dtype, kind_of([source], "tensorflow"))


def with_size(shape: Shape, size: Shape) -> Shape:
    """One image or a batch of images with another height and width."""
    if shape.open:
        return UNKNOWN_SHAPE if len(shape.dims) < 1 else Shape((*size.dims, shape.dims[-1]), open=True)
    if len(shape.dims) not in (3, 4):
        raise refusal(
            "rank-mismatch",
            f"{{subject}} must be an image (height, width, channels) or a batch of images, not {shape}",
            "'images' must have either 3 or 4 dimensions.",
            found=shape,
        )
    return Shape((*shape.dims[:-3], *size.dims, shape.dims[-1]))


def _register_channels(name: str, before: int, after: int, least: int) -> None:
    def rule(machine: Machine, args: Arguments) -> Value:
        source = source_of(machine, args, "images", "tensorflow")
        shape = source.spec.shape
        _check_rank(shape, least)
        _check_channels(shape, before)
        left = Shape((*shape.dims[:-1], after), shape.open)
        return tensor(machine, left, source.spec.dtype, kind_of([source], "tensorflow"))

    array_rule(f"tensorflow.image.{name}", params="images, name=None")(rule)


_register_channels("rgb_to_grayscale", 3, 1, 1)
_register_channels("grayscale_to_rgb", 1, 3, 1)


@array_rule("tensorflow.image.central_crop", params="image, central_fraction")
def central_crop(machine: Machine, args: Arguments) -> Value:
    """The middle of images: what is cut off is rounded down on each side."""
    source = source_of(machine, args, "image", "tensorflow")
    shape, fraction = source.spec.shape, args.get("central_fraction")
    _check_rank(shape, 3, 4)
    part = fraction.value if isinstance(fraction, Const) else None

    def cut(size: Dim) -> Dim:
        if not isinstance(size, int) or not isinstance(part, float | int) or not 0 < part <= 1:
            return None if size is None else ANY
        return size - 2 * int((size - size * part) / 2)

    left = UNKNOWN_SHAPE
    if len(shape.dims) >= 3:
        left = Shape((*shape.dims[:-3], cut(shape.dims[-3]), cut(shape.dims[-2]), shape.dims[-1]), shape.open)
    return tensor(machine, left, source.spec.dtype, kind_of([source], "tensorflow"))


@array_rule("tensorflow.image.random_crop", params="value, size, seed=None, name=None")
@array_rule("tensorflow.image.stateless_random_crop", params="value, size, seed, name=None")
def random_crop(machine: Machine, args: Arguments) -> Value:
    """A part of a given shape, which must fit."""
    source, size = source_of(machine, args, "value", "tensorflow"), as_shape(machine, args.get("size"))
    shape = source.spec.shape
    if not shape.open and not size.open:
        larger = [a for a, b in zip(size.dims, shape.dims, strict=False) if _exceeds(a, b)]
        if len(size.dims) != len(shape.dims) or larger:
            raise refusal(
                "rank-mismatch",
                f"a part of shape {size} cannot be cut from {{subject}} of shape {shape}",
                None,
                found=shape,
                expected=size,
            )
    return tensor(machine, size, source.spec.dtype, kind_of([source], "tensorflow"))


def _exceeds(part: Dim, whole: Dim) -> bool:
    return isinstance(part, int) and isinstance(whole, int) and part > whole


@array_rule(
    "tensorflow.image.crop_to_bounding_box",
    params="image, offset_height, offset_width, target_height, target_width",
)
def crop_to_bounding_box(machine: Machine, args: Arguments) -> Value:
    """A part of a given height and width, which must lie inside."""
    return _boxed(machine, args, inside=True)


@array_rule(
    "tensorflow.image.pad_to_bounding_box",
    params="image, offset_height, offset_width, target_height, target_width",
)
def pad_to_bounding_box(machine: Machine, args: Arguments) -> Value:
    """A frame of a given height and width, in which the image must lie."""
    return _boxed(machine, args, inside=False)


def _boxed(machine: Machine, args: Arguments, *, inside: bool) -> Value:
    source = source_of(machine, args, "image", "tensorflow")
    shape = source.spec.shape
    _check_rank(shape, 3, 4)
    size = tuple(as_dim(args.values[name]) for name in ("target_height", "target_width"))
    offset = tuple(as_dim(args.values[name]) for name in ("offset_height", "offset_width"))
    for axis, target, start in zip((-3, -2), size, offset, strict=True):
        part, whole = (target, shape.axis(axis)) if inside else (shape.axis(axis), target)
        if isinstance(start, int) and _exceeds(add(part, start), whole):
            raise refusal(
                "invalid-argument",
                f"the box does not fit: {part} entries from place {start} on are more than {whole}",
                None,
                found=shape,
                axis=axis,
            )
    return tensor(machine, with_size(shape, Shape(size)), source.spec.dtype, kind_of([source], "tensorflow"))


@array_rule("tensorflow.image.rot90", params="image, k=1, name=None")
def rot90(machine: Machine, args: Arguments) -> Value:
    """Turned images."""
    source = source_of(machine, args, "image", "tensorflow")
    shape, turns = source.spec.shape, 1 if args.get("k") is None else as_int(args.get("k"))
    _check_rank(shape, 3, 4)
    if turns is None or len(shape.dims) < 3:
        return tensor(machine, UNKNOWN_SHAPE, source.spec.dtype, kind_of([source], "tensorflow"))
    height, width = shape.dims[-3:-1]
    turned = (width, height) if turns % 2 else (height, width)
    if None in turned:
        # A graph loses both.
        turned = (None, None)
    left = Shape((*shape.dims[:-3], *turned, shape.dims[-1]), shape.open)
    return tensor(machine, left, source.spec.dtype, kind_of([source], "tensorflow"))


@array_rule("tensorflow.image.extract_patches", params="images, sizes, strides, rates, padding, name=None")
def extract_patches(machine: Machine, args: Arguments) -> Value:
    """Patches in the last axis."""
    source = source_of(machine, args, "images", "tensorflow")
    shape = source.spec.shape
    options = [as_shape(machine, args.get(name)) for name in ("sizes", "strides", "rates")]
    padding = getattr(args.get("padding"), "value", None)
    known = all(option.known and len(option.dims) == 4 for option in options)
    if shape.rank != 4 or not known or padding not in ("SAME", "VALID"):
        return tensor(machine, of_rank(4), source.spec.dtype, kind_of([source], "tensorflow"))
    window, stride, rate = ([size for size in option.dims if isinstance(size, int)] for option in options)
    sizes = [window_count(shape.dims[axis], window[axis], stride[axis], rate[axis], padding.lower()) for axis in (1, 2)]
    if None in sizes:
        # A graph loses both.
        sizes = [None, None]
    depth = shape.dims[3]
    last: Dim = window[1] * window[2] * depth if isinstance(depth, int) else None if depth is None else ANY
    return tensor(machine, Shape((shape.dims[0], *sizes, last)), source.spec.dtype, kind_of([source], "tensorflow"))
