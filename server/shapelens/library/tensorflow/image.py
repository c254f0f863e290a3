"""``tf.image``, ``tf.io``, ``tf.signal``, ``tf.strings`` (TensorFlow 2.21)."""

from __future__ import annotations

from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import as_dim, as_int, as_shape, flag, is_none, kind_of, operand
from shapelens.library.arrays.dtypes import dtype_given, dtype_of
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.rules import array_rule, source_of
from shapelens.library.arrays.windows import window_count
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.dims import ANY, Dim, same
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, of_rank
from shapelens.values.value import TupleValue, Value

_KEEP = (
    "flip_left_right", "flip_up_down", "random_flip_left_right", "random_flip_up_down", "adjust_brightness",
    "adjust_contrast", "adjust_gamma", "adjust_hue", "adjust_saturation", "random_brightness",
    "random_contrast", "random_hue", "random_saturation", "random_jpeg_quality", "rgb_to_hsv", "hsv_to_rgb",
    "rgb_to_yuv", "yuv_to_rgb", "stateless_random_flip_left_right", "stateless_random_flip_up_down",
    "stateless_random_brightness", "stateless_random_contrast", "stateless_random_hue",
    "stateless_random_saturation",
)  # fmt: skip


@array_rule(*(f"tensorflow.image.{name}" for name in _KEEP), params="image, *args, **kwargs")
@array_rule("tensorflow.image.per_image_standardization", params="image")
def keep(machine: Machine, args: Arguments) -> Value:
    """Images of the same shape."""
    source = source_of(machine, args, "image", "tensorflow")
    dtype = source.spec.dtype if source.spec.dtype == "float32" else None
    return tensor(machine, source.spec.shape, dtype, kind_of([source], "tensorflow"))


@array_rule("tensorflow.image.convert_image_dtype", params="image, dtype, saturate=False, name=None")
def convert_image_dtype(machine: Machine, args: Arguments) -> Value:
    """Another dtype."""
    source = source_of(machine, args, "image", "tensorflow")
    return tensor(
        machine, source.spec.shape, dtype_of(args.get("dtype"), "tensorflow"), kind_of([source], "tensorflow")
    )


@array_rule(
    "tensorflow.image.resize",
    params="images, size, method='bilinear', preserve_aspect_ratio=False, *args, **kwargs",
)
@array_rule(
    "tensorflow.image.resize_with_pad",
    "tensorflow.image.resize_with_crop_or_pad",
    params="images, target_height, target_width, *args, **kwargs",
)
def resize(machine: Machine, args: Arguments) -> Value:
    """Images of a given height and width."""
    source = source_of(machine, args, "images", "tensorflow")
    if "size" in args.values:
        size = as_shape(machine, args.get("size"))
    else:
        size = Shape(tuple(as_dim(args.values[name]) for name in ("target_height", "target_width")))
    plain = "method" not in args.values and not args.rest
    cropped = "target_height" in args.values
    dtype = "float32" if plain and not cropped else None
    if "preserve_aspect_ratio" in args.values or len(size.dims) != 2 or size.open:
        size = Shape((ANY, ANY))
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


def _register_channels(name: str, before: int, after: int) -> None:
    def rule(machine: Machine, args: Arguments) -> Value:
        source = source_of(machine, args, "images", "tensorflow")
        shape = source.spec.shape
        if shape.rank == 0 or (shape.dims and same(shape.dims[-1], before) is False):
            raise refusal(
                "channel-mismatch",
                f"the last axis of {{subject}}, {shape}, must have {before} channels",
                None,
                found=shape,
                axis=-1,
            )
        left = Shape((*shape.dims[:-1], after), shape.open)
        return tensor(machine, left, source.spec.dtype, kind_of([source], "tensorflow"))

    array_rule(f"tensorflow.image.{name}", params="images, name=None")(rule)


_register_channels("rgb_to_grayscale", 3, 1)
_register_channels("grayscale_to_rgb", 1, 3)


@array_rule("tensorflow.image.central_crop", params="image, central_fraction")
def central_crop(machine: Machine, args: Arguments) -> Value:
    """The middle of images."""
    source = source_of(machine, args, "image", "tensorflow")
    shape = source.spec.shape
    left = UNKNOWN_SHAPE if shape.open or len(shape.dims) < 3 else Shape((*shape.dims[:-3], ANY, ANY, shape.dims[-1]))
    return tensor(machine, left, source.spec.dtype, kind_of([source], "tensorflow"))


@array_rule(
    "tensorflow.image.random_crop",
    "tensorflow.image.stateless_random_crop",
    params="value, size, *args, **kwargs",
)
def random_crop(machine: Machine, args: Arguments) -> Value:
    """A part of a given shape."""
    source = source_of(machine, args, "value", "tensorflow")
    return tensor(machine, as_shape(machine, args.get("size")), source.spec.dtype, kind_of([source], "tensorflow"))


@array_rule(
    "tensorflow.image.crop_to_bounding_box",
    params="image, offset_height, offset_width, target_height, target_width, name=None",
)
@array_rule(
    "tensorflow.image.pad_to_bounding_box",
    params="image, offset_height, offset_width, target_height, target_width, name=None",
)
def bounding_box(machine: Machine, args: Arguments) -> Value:
    """Images of a given height and width."""
    source = source_of(machine, args, "image", "tensorflow")
    size = Shape(tuple(as_dim(args.values[name]) for name in ("target_height", "target_width")))
    return tensor(machine, with_size(source.spec.shape, size), source.spec.dtype, kind_of([source], "tensorflow"))


@array_rule("tensorflow.image.rot90", params="image, k=1, name=None")
def rot90(machine: Machine, args: Arguments) -> Value:
    """Turned images."""
    source = source_of(machine, args, "image", "tensorflow")
    shape, turns = source.spec.shape, 1 if args.get("k") is None else as_int(args.get("k"))
    if shape.open or turns is None or len(shape.dims) < 3:
        return tensor(machine, UNKNOWN_SHAPE, source.spec.dtype, kind_of([source], "tensorflow"))
    height, width = shape.dims[-3:-1]
    turned = (width, height) if turns % 2 else (height, width)
    return tensor(
        machine,
        Shape((*shape.dims[:-3], *turned, shape.dims[-1])),
        source.spec.dtype,
        kind_of([source], "tensorflow"),
    )


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
    depth = shape.dims[3]
    last: Dim = window[1] * window[2] * depth if isinstance(depth, int) else None if depth is None else ANY
    return tensor(machine, Shape((shape.dims[0], *sizes, last)), source.spec.dtype, kind_of([source], "tensorflow"))


@array_rule(
    "tensorflow.image.decode_jpeg", "tensorflow.image.decode_png", "tensorflow.io.decode_jpeg",
    "tensorflow.io.decode_png", "tensorflow.io.decode_and_crop_jpeg", "tensorflow.image.decode_bmp",
    params="contents, channels=0, *args, **kwargs",
)  # fmt: skip
def decode_jpeg(machine: Machine, args: Arguments) -> Value:
    """An image of unknown height and width."""
    channels = as_int(args.get("channels"))
    plain = not args.rest and not args.extra
    return tensor(machine, Shape((ANY, ANY, channels or ANY)), "uint8" if plain else None, "tensor")


@array_rule(
    "tensorflow.image.decode_image",
    "tensorflow.io.decode_image",
    params="contents, channels=None, dtype=None, name=None, expand_animations=True",
)
def decode_image(machine: Machine, args: Arguments) -> Value:
    """An image, or the images of an animation."""
    still = flag(args, "expand_animations", True) is False
    shape = Shape((ANY, ANY, as_int(args.get("channels")) or ANY)) if still else UNKNOWN_SHAPE
    return tensor(machine, shape, dtype_given(args, "uint8", "tensorflow"), "tensor")


@array_rule("tensorflow.io.read_file", params="filename, name=None")
@array_rule(
    "tensorflow.io.serialize_tensor",
    "tensorflow.io.encode_jpeg",
    "tensorflow.io.encode_png",
    params="tensor, *args, **kwargs",
)
def read_file(machine: Machine, args: Arguments) -> Value:
    """One string."""
    return tensor(machine, Shape(()), "string", "tensor")


@array_rule("tensorflow.io.decode_raw", params="input_bytes, out_type, *args, **kwargs")
def decode_raw(machine: Machine, args: Arguments) -> Value:
    """Numbers in a new last axis."""
    shape = operand(machine, args.get("input_bytes"), "tensorflow").spec.shape
    left = UNKNOWN_SHAPE if shape.open else Shape((*shape.dims, ANY))
    return tensor(machine, left, dtype_of(args.get("out_type"), "tensorflow"), "tensor")


@array_rule("tensorflow.audio.decode_wav", params="contents, desired_channels=-1, desired_samples=-1, name=None")
def decode_wav(machine: Machine, args: Arguments) -> Value:
    """Samples by channels, and the rate."""
    channels, samples = as_int(args.get("desired_channels")), as_int(args.get("desired_samples"))
    sizes: tuple[Dim, Dim] = (
        samples if samples and samples > 0 else ANY,
        channels if channels and channels > 0 else ANY,
    )
    audio = tensor(machine, Shape(sizes), "float32", "tensor")
    return TupleValue((audio, tensor(machine, Shape(()), "int32", "tensor")), ("audio", "sample_rate"))


@array_rule("tensorflow.signal.stft", params="signals, frame_length, frame_step, fft_length=None, *args, **kwargs")
def stft(machine: Machine, args: Arguments) -> Value:
    """Frames by frequencies."""
    source = source_of(machine, args, "signals", "tensorflow")
    shape, frame, step = source.spec.shape, as_int(args.get("frame_length")), as_int(args.get("frame_step"))
    fft = as_int(args.get("fft_length"))
    if shape.open or not shape.dims:
        return tensor(machine, UNKNOWN_SHAPE, "complex64", kind_of([source], "tensorflow"))
    length = fft
    if length is None and is_none(args.get("fft_length")) and frame is not None:
        length = 1 << max(0, frame - 1).bit_length()
    last = shape.dims[-1]
    frames: Dim = None if last is None else ANY
    if isinstance(last, int) and frame is not None and step and not args.rest and not args.extra:
        frames = max(0, 1 + (last - frame) // step)
    bins: Dim = ANY if length is None else length // 2 + 1
    return tensor(machine, Shape((*shape.dims[:-1], frames, bins)), None, kind_of([source], "tensorflow"))


@array_rule(
    "tensorflow.signal.fft", "tensorflow.signal.ifft", "tensorflow.signal.fft2d", "tensorflow.signal.ifft2d",
    "tensorflow.strings.lower", "tensorflow.strings.upper", "tensorflow.strings.strip",
    "tensorflow.strings.to_number", "tensorflow.strings.length", "tensorflow.strings.regex_replace",
    "tensorflow.strings.as_string", "tensorflow.strings.substr", "tensorflow.as_string",
    "tensorflow.strings.to_hash_bucket_fast",
    params="input, *args, **kwargs",
)  # fmt: skip
def each(machine: Machine, args: Arguments) -> Value:
    """Something for each element."""
    source = source_of(machine, args, "input", "tensorflow")
    return tensor(machine, source.spec.shape, None, kind_of([source], "tensorflow"))


@array_rule("tensorflow.strings.split", params="input, *args, **kwargs")
@array_rule("tensorflow.strings.reduce_join", "tensorflow.strings.unicode_split", params="input, *args, **kwargs")
@array_rule("tensorflow.strings.join", params="input, separator='', name=None")
def strings(machine: Machine, args: Arguments) -> Value:
    """Not followed."""
    return tensor(machine, UNKNOWN_SHAPE, "string", "tensor")
