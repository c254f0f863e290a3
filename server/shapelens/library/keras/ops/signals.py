"""``keras.ops``: Fourier transforms and frames of signals (Keras 3.15)."""

from __future__ import annotations

from shapelens.library.arrays.convert import Unsure, as_int, flag, is_none, items_of, operand
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.rules import source_of
from shapelens.library.keras.ops.rules import keras_rule, keras_rules, made, made_all
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.dims import ANY, Dim, add, floordiv, mul, same, sub
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, TensorSpec
from shapelens.values.value import TensorValue, TupleValue, Value


@keras_rules("fft", "fft2", "ifft2", params="x")
def fft(name: str, machine: Machine, args: Arguments) -> Value:
    """Of a pair, the real and the imaginary part; the shape stays."""
    pair = _parts(machine, args)
    if pair is None:
        return made(machine, name, UNKNOWN_SHAPE, operand(machine, None, "keras"))
    real, imaginary = pair
    shape = real.spec.shape
    count = 1 if name.endswith(".fft") else 2
    _check_rank(shape, count)
    if real.kind == "keras" and not shape.open and None in shape.dims[-count:]:
        which = "last dimension" if count == 1 else "(-2, -1) axes"
        words = f"Input should have its {which} fully-defined. Received: input.shape = {shape}"
        raise refusal("undefined-dimension", f"the axes that are transformed must be known in {shape}", words)
    return TupleValue(made_all(machine, name, (shape, imaginary.spec.shape), real))


@keras_rule("rfft", params="x, fft_length=None")
def rfft(machine: Machine, args: Arguments) -> Value:
    """Half of the frequencies along the last axis."""
    source = source_of(machine, args, "x", "keras")
    shape = source.spec.shape
    _check_rank(shape, 1)
    length = _length(args, "fft_length", shape.axis(-1))
    shape = _with_last(shape, add(floordiv(length, 2), 1))
    if source.kind == "numpy":
        # TensorFlow converts an array to another dtype than Keras does.
        part = TensorValue(TensorSpec(shape), "tensor", origin=machine.site)
        return TupleValue((part, part))
    return TupleValue(made_all(machine, "rfft", (shape, shape), source))


@keras_rule("irfft", params="x, fft_length=None")
def irfft(machine: Machine, args: Arguments) -> Value:
    """The signal of half of the frequencies."""
    pair = _parts(machine, args)
    if pair is None:
        return made(machine, "irfft", UNKNOWN_SHAPE, operand(machine, None, "keras"))
    shape = pair[0].spec.shape
    _check_rank(shape, 1)
    length = _length(args, "fft_length", mul(2, sub(shape.axis(-1), 1)))
    return made(machine, "irfft", _with_last(shape, length), pair[0])


@keras_rule("extract_sequences", params="x, sequence_length, sequence_stride")
def extract_sequences(machine: Machine, args: Arguments) -> Value:
    """Frames of the last axis."""
    source = source_of(machine, args, "x", "keras")
    shape = source.spec.shape
    _check_rank(shape, 1)
    length, stride = as_int(args.get("sequence_length")), as_int(args.get("sequence_stride"))
    if length is None or stride is None:
        return made(machine, "extract_sequences", Shape((ANY if length is None else length,), open=True), source)
    frames = add(1, floordiv(sub(shape.axis(-1), length), stride))
    left = Shape((*shape.dims[:-1], frames, length), shape.open)
    return made(machine, "extract_sequences", left, source)


@keras_rule("stft", params="x, sequence_length, sequence_stride, fft_length, window='hann', center=True")
def stft(machine: Machine, args: Arguments) -> Value:
    """Frames, and half of the frequencies of each."""
    source = source_of(machine, args, "x", "keras")
    shape = source.spec.shape
    stride, length = as_int(args.get("sequence_stride")), as_int(args.get("fft_length"))
    center, frame = flag(args, "center", True), as_int(args.get("sequence_length"))
    _check_rank(shape, 1)
    if source.kind != "keras" and not shape.open and length is not None and frame is not None and length < frame:
        raise refusal(
            "invalid-argument", f"`fft_length` {length} is smaller than `sequence_length` {frame}", None, subject=3
        )
    if stride is None or length is None or isinstance(center, Unsure):
        unknown = Shape((ANY if length is None else length // 2 + 1,), open=True)
        return TupleValue(made_all(machine, "stft", (unknown, unknown), source))
    padded = length // 2 * 2 if center else 0
    frames = add(1, floordiv(sub(add(shape.axis(-1), padded), length), stride))
    left = Shape((*shape.dims[:-1], frames, length // 2 + 1), shape.open)
    return TupleValue(made_all(machine, "stft", (left, left), source))


@keras_rule("istft", params="x, sequence_length, sequence_stride, fft_length, length=None, window='hann', center=True")
def istft(machine: Machine, args: Arguments) -> Value:
    """The signal of frames of frequencies."""
    pair = _parts(machine, args)
    stride, length = as_int(args.get("sequence_stride")), as_int(args.get("fft_length"))
    center = flag(args, "center", True)
    if pair is None or stride is None or length is None or isinstance(center, Unsure):
        return made(machine, "istft", UNKNOWN_SHAPE, operand(machine, None, "keras"))
    shape = pair[0].spec.shape
    _check_rank(shape, 2)
    whole = add(mul(sub(shape.axis(-2), 1), stride), length)
    found = _length(args, "length", sub(whole, length // 2 * 2) if center else whole)
    if pair[0].kind != "keras" and not is_none(args.get("length")):
        # There is no more signal than the frames have; a symbolic call promises it all the same.
        most = sub(whole, length // 2) if center else whole
        found = min(found, most) if isinstance(found, int) and isinstance(most, int) else ANY
    left = UNKNOWN_SHAPE if shape.open else Shape((*shape.dims[:-2], found))
    return made(machine, "istft", left, pair[0])


def _parts(machine: Machine, args: Arguments) -> tuple[TensorValue, TensorValue] | None:
    """The real and the imaginary part; `None` when they cannot be told."""
    items = items_of(machine, args.get("x"))
    if items is None:
        return None
    if len(items) != 2:
        raise refusal("invalid-argument", "a pair is needed: the real and the imaginary part", None, subject="x")
    real, imaginary = (operand(machine, item, "keras") for item in items)
    a, b = real.spec.shape, imaginary.spec.shape
    if not a.open and not b.open:
        # A symbolic call compares dynamic sizes as they are written.
        symbolic = "keras" in (real.kind, imaginary.kind)
        pairs = list(zip(a.dims, b.dims, strict=False))
        one_sided = symbolic and any(None in pair and any(isinstance(size, int) for size in pair) for pair in pairs)
        unlike = len(a.dims) != len(b.dims) or one_sided or any(same(x, y) is False for x, y in pairs)
        if unlike:
            raise refusal(
                "broadcast-mismatch",
                f"the real part has the shape {a}, the imaginary part {b}",
                "Input `x` should be a tuple of two tensors - real and imaginary. Both the real and imaginary parts "
                f"should have the same shape. Received: x[0].shape = {a}, x[1].shape = {b}",
                expected=a,
                found=b,
            )
    return real, imaginary


def _check_rank(shape: Shape, rank: int) -> None:
    if not shape.open and len(shape.dims) < rank:
        words = f"Input should have rank >= {rank}. Received: input.shape = {shape}"
        raise refusal("rank-mismatch", f"{{subject}} needs {rank} axes or more, not {shape}", words, found=shape)


def _length(args: Arguments, name: str, default: Dim) -> Dim:
    value = args.get(name)
    if is_none(value):
        return default
    found = as_int(value)
    return ANY if found is None else found


def _with_last(shape: Shape, size: Dim) -> Shape:
    return Shape((*shape.dims[:-1], size), shape.open)
