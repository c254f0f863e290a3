"""``keras.ops.image`` (Keras 3.15)."""

from __future__ import annotations

from collections.abc import Sequence

from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import Unsure, as_dim, as_int, as_shape, is_none, kind_of, text_of
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.rules import source_of
from shapelens.library.arrays.windows import window_count
from shapelens.library.keras.ops.rules import keras_rule, keras_rules, made
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.library.tensorflow.nn import spread_of
from shapelens.shapes.dims import ANY, Dim, add, mul, same, sub
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, of_rank
from shapelens.values.value import Const, Ref, TensorValue, TupleValue, Value

_SIDES = (("top", "bottom", "height"), ("left", "right", "width"))


@keras_rule(
    "image.resize",
    params="images, size, interpolation='bilinear', antialias=False, crop_to_aspect_ratio=False, "
    "pad_to_aspect_ratio=False, fill_mode='constant', fill_value=0.0, data_format=None",
)
def resize(machine: Machine, args: Arguments) -> Value:
    """Images of a given height and width."""
    source = _images(machine, args)
    size = as_shape(machine, args.get("size"))
    if size.open or len(size.dims) != 2:
        size = Shape((ANY, ANY))
    found = made(machine, "image.resize", _resized(source.spec.shape, args, size.dims), source)
    kept = text_of(args, "interpolation", "bilinear") == "bilinear"
    return found if kept or source.spec.dtype == "float32" else tensor(machine, found.spec.shape, None, found.kind)


@keras_rule("image.rgb_to_grayscale", params="images, data_format=None")
def rgb_to_grayscale(machine: Machine, args: Arguments) -> Value:
    """One channel instead of three."""
    source = _images(machine, args)
    shape, axis = source.spec.shape, _channels(args)
    if axis is None or len(shape.dims) < -axis:
        return made(machine, "image.rgb_to_grayscale", _loose(shape), source)
    size = shape.dims[axis]
    if isinstance(size, int) and size not in (1, 3):
        words = (
            f"Invalid channel size: expected 3 (RGB) or 1 (Grayscale). Received input with shape: images.shape={shape}"
        )
        raise _channel_refusal(shape, axis, "3 channels, or 1", words)
    return made(machine, "image.rgb_to_grayscale", shape.replace(axis, 1), source)


@keras_rules("image.rgb_to_hsv", "image.hsv_to_rgb", params="images, data_format=None")
def colours(name: str, machine: Machine, args: Arguments) -> Value:
    """Another way to write colours."""
    source = _images(machine, args)
    shape, axis = source.spec.shape, _channels(args)
    found = made(machine, name, shape, source)
    if axis is not None and len(shape.dims) >= -axis and same(shape.dims[axis], 3) is False:
        words = f"Input images must have 3 channels, but received images with {shape.dims[axis]} channels."
        raise _channel_refusal(shape, axis, "3 channels", words)
    return found


@keras_rule("image.sobel_edges", params="images, data_format=None")
def sobel_edges(machine: Machine, args: Arguments) -> Value:
    """A new last axis of the two directions."""
    source = source_of(machine, args, "images", "keras")
    shape = source.spec.shape
    if shape.rank not in (None, 4):
        words = f"Invalid images rank: expected rank 4 (batch of images). Received: images.shape={list(shape.dims)}"
        raise refusal("rank-mismatch", f"a batch of images is needed, not {shape}", words, found=shape)
    return made(machine, "image.sobel_edges", Shape((*shape.dims, 2), shape.open), source)


@keras_rules(
    "image.affine_transform",
    params="images, transform, interpolation='bilinear', fill_mode='constant', fill_value=0, data_format=None",
)
@keras_rules(
    "image.perspective_transform",
    params="images, start_points, end_points, interpolation='bilinear', fill_value=0, data_format=None",
)
@keras_rules("image.gaussian_blur", params="images, kernel_size=(3, 3), sigma=(1.0, 1.0), data_format=None")
@keras_rules(
    "image.elastic_transform",
    params="images, alpha=20.0, sigma=5.0, interpolation='bilinear', fill_mode='reflect', fill_value=0.0, "
    "seed=None, data_format=None",
)
def same_shape(name: str, machine: Machine, args: Arguments) -> Value:
    """The same shape."""
    source = _images(machine, args)
    return made(machine, name, source.spec.shape, source)


@keras_rule(
    "image.crop_images",
    params="images, top_cropping=None, left_cropping=None, bottom_cropping=None, right_cropping=None, "
    "target_height=None, target_width=None, data_format=None",
)
def crop_images(machine: Machine, args: Arguments) -> Value:
    """Fewer pixels at the sides."""
    return _cut(machine, args, "cropping", -1)


@keras_rule(
    "image.pad_images",
    params="images, top_padding=None, left_padding=None, bottom_padding=None, right_padding=None, "
    "target_height=None, target_width=None, data_format=None",
)
def pad_images(machine: Machine, args: Arguments) -> Value:
    """More pixels at the sides."""
    return _cut(machine, args, "padding", 1)


@keras_rules(
    "image.extract_patches",
    params="images, size, strides=None, dilation_rate=1, padding='valid', data_format=None",
)
@keras_rules(
    "image.extract_patches_3d",
    params="volumes, size, strides=None, dilation_rate=1, padding='valid', data_format=None",
)
def extract_patches(name: str, machine: Machine, args: Arguments) -> Value:
    """Windows, each as one vector of channels."""
    source = source_of(machine, args, "volumes" if name.endswith("_3d") else "images", "keras")
    shape, given = source.spec.shape, args.get("size")
    spatial = 3 if name.endswith("_3d") else _window_axes(machine, given)
    if spatial is None:
        # Whether these are images or volumes, the size will tell.
        return made(machine, name, _loose(shape), source)
    if not shape.open and len(shape.dims) not in (spatial + 1, spatial + 2):
        what = "image and no batch of images" if spatial == 2 else "volume and no batch of volumes"
        raise refusal("rank-mismatch", f"{shape} is no {what}", None, found=shape)
    size = spread_of(machine, given, spatial)
    steps = size if is_none(args.get("strides")) else spread_of(machine, args.get("strides"), spatial)
    spread = spread_of(machine, args.get("dilation_rate"), spatial)
    padding = text_of(args, "padding", "valid")
    known = _channels(args) == -1 and size is not None and steps is not None and spread is not None
    if shape.open or not known or isinstance(padding, Unsure) or padding not in ("valid", "same"):
        return made(machine, name, _loose(shape), source)
    assert size is not None
    assert steps is not None
    assert spread is not None
    start = len(shape.dims) - spatial - 1
    counts: list[Dim] = []
    for axis in range(spatial):
        count = window_count(shape.dims[start + axis], size[axis], steps[axis], spread[axis], padding)
        if isinstance(count, int) and count <= 0:
            raise refusal("negative-dimension", f"patches of {size[axis]} do not fit into {shape}", None, found=shape)
        counts.append(count)
    depth: Dim = shape.dims[-1]
    for length in size:
        depth = mul(depth, length)
    return made(machine, name, Shape((*shape.dims[:start], *counts, depth)), source)


@keras_rule("image.map_coordinates", params="inputs, coordinates, order, fill_mode='constant', fill_value=0")
def map_coordinates(machine: Machine, args: Arguments) -> Value:
    """The shape of the coordinates without their first axis."""
    source, places = source_of(machine, args, "inputs", "keras"), source_of(machine, args, "coordinates", "keras")
    shape, wanted = source.spec.shape, places.spec.shape
    if wanted.open or not wanted.dims:
        return made(machine, "image.map_coordinates", UNKNOWN_SHAPE, source)
    if not shape.open and same(wanted.dims[0], len(shape.dims)) is False:
        words = (
            "First dim of `coordinates` must be the same as the rank of `inputs`. Received inputs with shape: "
            f"{shape} and coordinate leading dim of {wanted.dims[0]}"
        )
        raise refusal(
            "rank-mismatch",
            f"coordinates for {wanted.dims[0]} axes do not fit {{subject}}, {shape}",
            words,
            found=shape,
        )
    return made(machine, "image.map_coordinates", Shape(wanted.dims[1:]), source)


@keras_rule("image.scale_and_translate", params=
            "images, output_shape, scale, translation, spatial_dims, method, antialias=True")  # fmt: skip
def scale_and_translate(machine: Machine, args: Arguments) -> Value:
    """The shape that is asked for."""
    source = source_of(machine, args, "images", "keras")
    return made(machine, "image.scale_and_translate", as_shape(machine, args.get("output_shape")), source)


@keras_rule(
    "image.ssim",
    params="image1, image2, max_val=1.0, filter_size=11, filter_sigma=1.5, k1=0.01, k2=0.03, data_format=None",
)
def ssim(machine: Machine, args: Arguments) -> Value:
    """A number for each pair of images."""
    first, second = _images(machine, args, "image1"), _images(machine, args, "image2")
    shape, other = first.spec.shape, second.spec.shape
    kind = kind_of([first, second], "keras")
    unlike = (
        not shape.open
        and not other.open
        and any(same(a, b) is False for a, b in zip(shape.dims, other.dims, strict=False))
    )
    if unlike and kind != "keras":
        raise refusal("broadcast-mismatch", f"images of shapes {shape} and {other} differ", None, subject=1)
    left = UNKNOWN_SHAPE if shape.open else Shape(shape.dims[:1] if len(shape.dims) == 4 else ())
    return made(machine, "image.ssim", left, first, second)


def _window_axes(machine: Machine, size: Value | None) -> int | None:
    """How many axes the windows of ``extract_patches`` have: two, or three where ``size`` has three numbers."""
    if as_int(size) is not None:
        return 2
    sizes = as_shape(machine, size)
    # A size that is one unknown number may as well be a tuple that is not known.
    if sizes.open or not isinstance(size, TupleValue | Ref):
        return None
    if len(sizes.dims) not in (2, 3):
        raise refusal("invalid-argument", f"windows have two or three sizes, not {len(sizes.dims)}", None)
    return len(sizes.dims)


def _images(machine: Machine, args: Arguments, name: str = "images") -> TensorValue:
    source = source_of(machine, args, name, "keras")
    shape = source.spec.shape
    if not shape.open and len(shape.dims) not in (3, 4):
        raise refusal(
            "rank-mismatch", f"{{subject}} must be an image or a batch of images, not {shape}", None, found=shape
        )
    return source


def _channels(args: Arguments) -> int | None:
    """The axis of the channels, from the end; `None` when it cannot be told."""
    given = args.get("data_format")
    if is_none(given) or given == Const("channels_last"):
        return -1
    return -3 if given == Const("channels_first") else None


def _loose(shape: Shape) -> Shape:
    return UNKNOWN_SHAPE if shape.open else of_rank(len(shape.dims))


def _resized(shape: Shape, args: Arguments, size: Sequence[Dim]) -> Shape:
    axis = _channels(args)
    if axis is None:
        return _loose(shape)
    if axis == -3:
        return Shape((*shape.dims[:-2], *size), shape.open)
    if shape.open:
        return Shape((*size, *shape.dims[-1:]), open=True) if shape.dims else UNKNOWN_SHAPE
    return Shape((*shape.dims[:-3], *size, shape.dims[-1]))


def _cut(machine: Machine, args: Arguments, what: str, sign: int) -> Value:
    source = _images(machine, args)
    shape, axis = source.spec.shape, _channels(args)
    name = f"image.{'crop' if sign < 0 else 'pad'}_images"
    first = -3 if axis == -1 else -2
    sizes: list[Dim] = []
    for place, (before, after, target) in enumerate(_SIDES):
        given = [args.get(f"{before}_{what}"), args.get(f"{after}_{what}"), args.get(f"target_{target}")]
        if sum(value is not None and not is_none(value) for value in given) != 2:
            words = (
                f"Must specify exactly two of {before}_{what}, {after}_{what}, target_{target}. Received: "
                f"{before}_{what}={_shown(given[0])}, {after}_{what}={_shown(given[1])}, "
                f"target_{target}={_shown(given[2])}"
            )
            raise refusal("invalid-argument", f"exactly two of {before}, {after} and target {target} are needed", words)
        size = ANY if shape.open or axis is None else shape.dims[first + place]
        sizes.append(_side(shape, size, given, sign, source, target))
    return made(machine, name, _resized(shape, args, sizes), source)


def _side(shape: Shape, size: Dim, given: Sequence[Value | None], sign: int, source: TensorValue, name: str) -> Dim:
    before, after, target = (None if value is None or is_none(value) else as_dim(value) for value in given)
    if target is not None:
        known = before if before is not None else after
        difference = sub(target, size) if sign > 0 else sub(size, target)
        rest = sub(difference, known)
        if isinstance(rest, int) and rest < 0:
            raise _negative(shape, name)
        return target
    both = add(before, after)
    if sign < 0 and size is None and source.kind == "keras":
        raise refusal("undefined-dimension", f"the {name} of {shape} must be known", None, found=shape)
    found = add(size, both) if sign > 0 else sub(size, both)
    if isinstance(found, int) and found < 0:
        raise _negative(shape, name)
    return found


def _negative(shape: Shape, name: str) -> Exception:
    return refusal("negative-dimension", f"the {name} of {{subject}}, {shape}, is too small", None, found=shape)


def _shown(value: Value | None) -> object:
    return as_int(value) if value is not None and not is_none(value) else None


def _channel_refusal(shape: Shape, axis: int, wanted: str, words: str) -> Exception:
    return refusal("channel-mismatch", f"{{subject}} must have {wanted}, not {shape}", words, found=shape, axis=axis)
