"""``tf.signal``: frames, Fourier transforms, windows (TensorFlow 2.21)."""

from __future__ import annotations

from shapelens.library.arrays.axes import normal_axis
from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import Unsure, as_dim, as_int, as_shape, flag, int_or, is_none, kind_of
from shapelens.library.arrays.dtypes import dtype_given
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.rules import array_rule, same_spec, source_of
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.dims import ANY, Dim, add, ceildiv, floordiv, mul, sub
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.value import TensorValue, Value

_COMPLEX = {"float32": "complex64", "float64": "complex128"}
_REAL = {"complex64": "float32", "complex128": "float64"}


def _deep(source: TensorValue, rank: int) -> Shape:
    """The shape, which has ``rank`` axes at least."""
    shape = source.spec.shape
    if not shape.open and len(shape.dims) < rank:
        raise refusal(
            "rank-mismatch",
            f"{{subject}} must have {rank} axes or more, and has the shape {shape}",
            None,
            found=shape,
        )
    return shape if len(shape.dims) >= rank else UNKNOWN_SHAPE


def _frames(size: Dim, length: Dim, step: int | None, *, padded: bool) -> Dim:
    if size is None:
        return None
    if not step or step < 1:
        return ANY
    if padded:
        return ceildiv(size, step)
    found = add(floordiv(sub(size, length), step), 1)
    return max(0, found) if isinstance(found, int) else found


@array_rule(
    "tensorflow.signal.frame",
    params="signal, frame_length, frame_step, pad_end=False, pad_value=0, axis=-1, name=None",
)
def frame(machine: Machine, args: Arguments) -> Value:
    """An axis becomes frames of a given length."""
    source = source_of(machine, args, "signal", "tensorflow")
    shape, axis = _deep(source, 1), int_or(args, "axis", -1)
    padded = flag(args, "pad_end", False)
    kind = kind_of([source], "tensorflow")
    if shape.open or isinstance(axis, Unsure) or isinstance(padded, Unsure):
        return tensor(machine, UNKNOWN_SHAPE, source.spec.dtype, kind)
    place = normal_axis(axis, shape, "tensorflow")
    length = as_dim(args.values["frame_length"])
    count = _frames(shape.dims[place], length, as_int(args.values["frame_step"]), padded=padded)
    left = Shape((*shape.dims[:place], count, length, *shape.dims[place + 1 :]))
    return tensor(machine, left, source.spec.dtype, kind)


@array_rule("tensorflow.signal.overlap_and_add", params="signal, frame_step, name=None")
def overlap_and_add(machine: Machine, args: Arguments) -> Value:
    """Frames that overlap, put together again."""
    source = source_of(machine, args, "signal", "tensorflow")
    shape = _deep(source, 2)
    if shape.open:
        return tensor(machine, UNKNOWN_SHAPE, source.spec.dtype, "tensor")
    total = add(mul(sub(shape.dims[-2], 1), as_dim(args.values["frame_step"])), shape.dims[-1])
    return tensor(machine, Shape((*shape.dims[:-2], total)), source.spec.dtype, "tensor")


@array_rule(
    "tensorflow.signal.stft",
    params="signals, frame_length, frame_step, fft_length=None, window_fn=None, pad_end=False, name=None",
)
def stft(machine: Machine, args: Arguments) -> Value:
    """Frames by frequencies."""
    source = source_of(machine, args, "signals", "tensorflow")
    shape, length = _deep(source, 1), as_int(args.get("frame_length"))
    dtype = _COMPLEX.get(str(source.spec.dtype))
    fft = as_int(args.get("fft_length"))
    if fft is None and is_none(args.get("fft_length")) and length is not None:
        fft = 1 << max(0, length - 1).bit_length()
    bins: Dim = ANY if fft is None else fft // 2 + 1
    padded = flag(args, "pad_end", False)
    if shape.open:
        return tensor(machine, Shape((ANY, bins), open=True), dtype, kind_of([source], "tensorflow"))
    frames: Dim = ANY
    if length is not None and not isinstance(padded, Unsure):
        frames = _frames(shape.dims[-1], length, as_int(args.get("frame_step")), padded=padded)
    return tensor(machine, Shape((*shape.dims[:-1], frames, bins)), dtype, kind_of([source], "tensorflow"))


@array_rule(
    "tensorflow.signal.inverse_stft",
    params="stfts, frame_length, frame_step, fft_length=None, window_fn=None, name=None",
)
def inverse_stft(machine: Machine, args: Arguments) -> Value:
    """Samples from frames of frequencies."""
    source = source_of(machine, args, "stfts", "tensorflow")
    shape, dtype = _deep(source, 2), _REAL.get(str(source.spec.dtype))
    if shape.open:
        return tensor(machine, UNKNOWN_SHAPE, dtype, "tensor")
    step, length = as_dim(args.values["frame_step"]), as_dim(args.values["frame_length"])
    total = add(mul(sub(shape.dims[-2], 1), step), length)
    return tensor(machine, Shape((*shape.dims[:-2], total)), dtype, "tensor")


def _register_real(name: str, axes: int, *, inverse: bool) -> None:
    def rule(machine: Machine, args: Arguments) -> Value:
        source = source_of(machine, args, "input_tensor", "tensorflow")
        shape = _deep(source, axes)
        dtype = (_REAL if inverse else _COMPLEX).get(str(source.spec.dtype))
        if not shape.dims:
            return tensor(machine, UNKNOWN_SHAPE, dtype, kind_of([source], "tensorflow"))
        last = shape.dims[-axes:]
        if is_none(args.get("fft_length")):
            length: Dim = mul(sub(last[-1], 1), 2) if inverse else last[-1]
        else:
            given = as_shape(machine, args.get("fft_length"))
            last = (ANY,) * axes if given.open or len(given.dims) != axes else given.dims
            length = last[-1]
        final = length if inverse else add(floordiv(length, 2), 1)
        left = Shape((*shape.dims[:-axes], *last[:-1], final), shape.open)
        return tensor(machine, left, dtype, kind_of([source], "tensorflow"))

    array_rule(f"tensorflow.signal.{name}", params="input_tensor, fft_length=None, name=None")(rule)


for _axes, _suffix in ((1, ""), (2, "2d"), (3, "3d")):
    _register_real(f"rfft{_suffix}", _axes, inverse=False)
    _register_real(f"irfft{_suffix}", _axes, inverse=True)


@array_rule(
    "tensorflow.signal.fft", "tensorflow.signal.ifft", "tensorflow.signal.fft2d", "tensorflow.signal.ifft2d",
    "tensorflow.signal.fft3d", "tensorflow.signal.ifft3d", params="input, name=None",
)  # fmt: skip
@array_rule(
    "tensorflow.signal.fftshift",
    "tensorflow.signal.ifftshift",
    params="x, axes=None, name=None",
    renamed={"x": "input"},
)
@array_rule(
    "tensorflow.signal.mfccs_from_log_mel_spectrograms",
    params="log_mel_spectrograms, name=None",
    renamed={"log_mel_spectrograms": "input"},
)
def unchanged(machine: Machine, args: Arguments) -> Value:
    """The same shape and dtype."""
    return same_spec(machine, args, "input")


@array_rule(
    "tensorflow.signal.dct", "tensorflow.signal.idct", params="input, type=2, n=None, axis=-1, norm=None, name=None"
)
def dct(machine: Machine, args: Arguments) -> Value:
    """Cosine transforms; ``n`` is the new length of the last axis."""
    source = source_of(machine, args, "input", "tensorflow")
    shape = source.spec.shape
    if not is_none(args.get("n")):
        shape = shape.replace(-1, as_dim(args.values["n"])) if shape.dims else UNKNOWN_SHAPE
    return tensor(machine, shape, source.spec.dtype, kind_of([source], "tensorflow"))


@array_rule(
    "tensorflow.signal.hann_window",
    "tensorflow.signal.hamming_window",
    params="window_length, periodic=True, dtype=None, name=None",
)
@array_rule(
    "tensorflow.signal.kaiser_window",
    "tensorflow.signal.kaiser_bessel_derived_window",
    params="window_length, beta=12.0, dtype=None, name=None",
)
@array_rule("tensorflow.signal.vorbis_window", params="window_length, dtype=None, name=None")
def window(machine: Machine, args: Arguments) -> Value:
    """A vector of a given length."""
    dtype = dtype_given(args, "float32", "tensorflow")
    return tensor(machine, Shape((as_dim(args.values["window_length"]),)), dtype, "tensor")


@array_rule(
    "tensorflow.signal.linear_to_mel_weight_matrix",
    params="num_mel_bins=20, num_spectrogram_bins=129, sample_rate=8000, lower_edge_hertz=125.0, "
    "upper_edge_hertz=3800.0, dtype=None, name=None",
)
def mel_weights(machine: Machine, args: Arguments) -> Value:
    """A matrix from frequencies to mel bands."""
    bands, bins = args.get("num_mel_bins"), args.get("num_spectrogram_bins")
    shape = Shape((129 if bins is None else as_dim(bins), 20 if bands is None else as_dim(bands)))
    return tensor(machine, shape, dtype_given(args, "float32", "tensorflow"), "tensor")
