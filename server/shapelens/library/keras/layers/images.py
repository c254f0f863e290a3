"""Layers that prepare pictures and sounds. From runs of Keras 3.15.1, which checks little here."""

from __future__ import annotations

from collections.abc import Sequence

from shapelens.library.keras.layers import config as read
from shapelens.library.keras.layers.apply import apply_layer
from shapelens.library.keras.layers.naming import short_name
from shapelens.library.keras.layers.results import (
    at_rank,
    kept_dtype,
    same_shape,
    single,
    summed,
    tensor,
    weights,
)
from shapelens.library.keras.layers.windows import slide
from shapelens.library.machine import Machine
from shapelens.library.registry import LayerCall, LayerResult, layer
from shapelens.shapes import dims as dim
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, SpecNest, TensorSpec
from shapelens.values.failure import Failure, NotKnown, ShapeFailure
from shapelens.values.objects import InputSpec


@layer(
    "keras.layers.AugMix",
    "keras.layers.AutoContrast",
    "keras.layers.ContrastLimitedAdaptiveHistogramEqualization",
    "keras.layers.CutMix",
    "keras.layers.MaxNumBoundingBoxes",
    "keras.layers.MixUp",
    "keras.layers.RandAugment",
    "keras.layers.RandomBrightness",
    "keras.layers.RandomColorJitter",
    "keras.layers.RandomContrast",
    "keras.layers.RandomElasticTransform",
    "keras.layers.RandomErasing",
    "keras.layers.RandomFlip",
    "keras.layers.RandomGaussianBlur",
    "keras.layers.RandomHue",
    "keras.layers.RandomInvert",
    "keras.layers.RandomPerspective",
    "keras.layers.RandomPosterization",
    "keras.layers.RandomRotation",
    "keras.layers.RandomSaturation",
    "keras.layers.RandomSharpness",
    "keras.layers.RandomShear",
    "keras.layers.RandomTranslation",
    "keras.layers.RandomZoom",
    "keras.layers.Rescaling",
    "keras.layers.Solarization",
)
def augmentation(machine: Machine, call: LayerCall) -> LayerResult:
    """Changes pictures, not their shape."""
    if isinstance(call.inputs, TensorSpec):
        return same_shape(machine, call)
    raise NotKnown(f"{short_name(call.class_name)} was given a structure of tensors")


@layer("keras.layers.Equalization", "keras.layers.RandomGrayscale")
def dtype_keeping_augmentation(machine: Machine, call: LayerCall) -> LayerResult:
    """Augmentation whose output has the dtype of its input."""
    given = single(call)
    return LayerResult(TensorSpec(given.shape, kept_dtype(call, given)))


@layer("keras.layers.RandomColorDegeneration")
def color_degeneration(machine: Machine, call: LayerCall) -> LayerResult:
    """Augmentation that needs a red, a green and a blue."""
    shape = single(call).shape
    rank = len(shape.dims)
    if not shape.open and rank not in (3, 4):
        raise _wrong_rank(
            call,
            shape,
            "Invalid images rank: expected rank 3 (single image) or rank 4 (batch of images). "
            f"Received: input_shape={shape}",
        )
    channels_first = read.channels_first(call.config)
    channels = ANY if channels_first is None else shape.axis(-3 if channels_first else -1)
    if isinstance(channels, int) and channels != 3:
        raise ShapeFailure(
            Failure(
                "channel-mismatch",
                f"{{subject}} has {channels} channels, shape {shape}, but RandomColorDegeneration needs 3",
                keras=f"Input images must have 3 channels, but received images with {channels} channels.",
                subject=0,
                found=shape,
                axis=-3 if channels_first else -1,
                details={"layer": "RandomColorDegeneration", "expected_size": 3, "found_size": channels},
            )
        )
    return same_shape(machine, call)


@layer("keras.layers.Resizing", "keras.layers.CenterCrop")
def resizing(machine: Machine, call: LayerCall) -> LayerResult:
    """Gives pictures, or one picture, a height and a width."""
    shape = single(call).shape
    name = short_name(call.class_name)
    size = (read.size(machine, call.config, "height"), read.size(machine, call.config, "width"))
    channels_first = read.channels_first(call.config)
    rank = len(shape.dims)
    if name == "CenterCrop" and not shape.open and rank not in (3, 4):
        raise _wrong_rank(
            call,
            shape,
            "`input_shape` must be a non-nested tuple or list of rank-1 with size 3 (unbatched) or 4 (batched). ",
        )
    if channels_first is None or shape.open:
        known = () if channels_first is not False else (*size, shape.axis(-1))
        return LayerResult(tensor(call, Shape(known, open=True)))
    # Whatever has not 4 axes is taken for one picture.
    start = int(channels_first) + int(rank == 4)
    if rank < start + 2:
        raise _wrong_rank(call, shape, "list assignment index out of range")
    dims = (*shape.dims[:start], *size, *shape.dims[start + 2 :])
    return LayerResult(tensor(call, Shape(dims)), steps=(f"size: {size[0]} x {size[1]}",))


def _wrong_rank(call: LayerCall, shape: Shape, keras: str) -> ShapeFailure:
    name = short_name(call.class_name)
    rank = len(shape.dims)
    return ShapeFailure(
        Failure(
            "rank-mismatch",
            f"{{subject}} has {rank} axes, shape {shape}, but {name} needs a picture (3) or many (4)",
            keras=keras,
            subject=0,
            found=shape,
            details={"layer": name, "expected_ndim": 4, "found_ndim": rank, "kind": "ndim"},
        )
    )


@layer("keras.layers.RandomHeight", "keras.layers.RandomWidth")
def random_size(machine: Machine, call: LayerCall) -> LayerResult:
    """Stretches pictures along one axis; ``tf.keras.layers`` alone has these."""
    shape = single(call).shape
    place = -3 if short_name(call.class_name) == "RandomHeight" else -2
    if shape.open and len(shape.dims) < 3:
        return LayerResult(tensor(call, Shape(shape.dims[-1:], open=True)))
    if len(shape.dims) < -place:
        raise _wrong_rank(call, shape, "list assignment index out of range")
    return LayerResult(tensor(call, shape.replace(place, None)))


@layer("keras.layers.RandomCrop")
def random_crop(machine: Machine, call: LayerCall) -> LayerResult:
    """Cuts a piece of a height and a width out of pictures of any rank."""
    shape = single(call).shape
    channels_first = read.channels_first(call.config)
    if channels_first is None:
        return LayerResult(tensor(call, UNKNOWN_SHAPE))
    first = -2 if channels_first else -3
    if len(shape.dims) < -first:
        if not shape.open:
            raise _wrong_rank(call, shape, "list assignment index out of range")
        shape = Shape((ANY,) * (-first - len(shape.dims)) + shape.dims, open=True)
    shape = shape.replace(first, read.size(machine, call.config, "height"))
    return LayerResult(tensor(call, shape.replace(first + 1, read.size(machine, call.config, "width"))))


@layer("keras.layers.Pipeline")
def pipeline(machine: Machine, call: LayerCall) -> LayerResult:
    """Applies layers one after another."""
    layers = call.config.get("layers")
    items = machine.items(layers) if layers is not None else None
    if items is None:
        raise NotKnown("the layers of the Pipeline are not known")
    outputs: SpecNest = call.inputs
    params: int | None = 0
    for item in items:
        result = apply_layer(machine, item, outputs, {})
        outputs, params = result.outputs, summed(params, result.params)
    return LayerResult(outputs, params)


@layer("keras.layers.MelSpectrogram")
def mel_spectrogram(machine: Machine, call: LayerCall) -> LayerResult:
    """(batch, samples) to (batch, mel bins, frames)."""
    shape = single(call).shape
    if not shape.open and len(shape.dims) not in (1, 2):
        raise NotKnown("MelSpectrogram works on (batch, samples)")
    step = read.size(machine, call.config, "sequence_stride")
    samples = shape.axis(-1)
    frames: Dim = None if samples is None else dim.add(dim.floordiv(samples, step), 1)
    bins = read.size(machine, call.config, "num_mel_bins")
    return LayerResult(tensor(call, Shape((*shape.dims[:-1], bins, frames), shape.open)))


def _accepts_sound(config: read.Config) -> Sequence[InputSpec]:
    return (InputSpec(ndim=3),)


@layer("keras.layers.STFTSpectrogram", accepts=_accepts_sound)
def stft_spectrogram(machine: Machine, call: LayerCall) -> LayerResult:
    """(batch, samples, channels) to (batch, frames, channels times frequencies)."""
    batch, *rest = at_rank(single(call).shape, 3).dims
    channels_first = read.channels_first(call.config)
    expanded = read.flag(machine, call.config, "expand_dims")
    length = read.size(machine, call.config, "frame_length")
    mode = read.text(call.config, "mode")
    if channels_first is None or expanded is None or mode is None or not isinstance(length, int):
        raise NotKnown("the arguments of STFTSpectrogram are not known")
    step: Dim = length // 2
    if not read.absent(call.config.get("frame_step")):
        step = read.size(machine, call.config, "frame_step")
    transform: Dim = 1 << max(length - 1, 0).bit_length()
    if not read.absent(call.config.get("fft_length")):
        transform = read.size(machine, call.config, "fft_length")
    channels, samples = rest if channels_first else reversed(rest)
    frames = slide(samples, length, step, 1, read.text(call.config, "padding"))
    if read.text(call.config, "padding") == "valid" and isinstance(frames, int) and frames <= 0:
        raise ShapeFailure(
            Failure(
                "negative-dimension",
                f"{{subject}} has {samples} samples, and STFTSpectrogram needs at least {length}",
                subject=0,
                found=single(call).shape,
                axis=2 if channels_first else 1,
                details={"layer": "STFTSpectrogram", "padding_fix": True, "size": samples, "window": length},
            )
        )
    bins = dim.add(dim.floordiv(transform, 2), 1)
    params = weights((length, bins, 1 if mode in ("real", "imag") else 2))
    if mode == "stft":
        bins = dim.mul(bins, 2)
    if expanded:
        space = (channels, frames, bins) if channels_first else (frames, bins, channels)
        return LayerResult(tensor(call, Shape((batch, *space))), params)
    merged = dim.mul(channels, bins)
    flat = (merged, frames) if channels_first else (frames, merged)
    return LayerResult(tensor(call, Shape((batch, *flat))), params)
