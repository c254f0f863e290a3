"""``keras.ops``: convolutions, pooling, normalization, attention, losses (Keras 3.15)."""

from __future__ import annotations

from collections.abc import Sequence

from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import as_dim, as_int, as_shape, is_none, kind_of, text_of
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.rules import source_of
from shapelens.library.arrays.windows import window_count
from shapelens.library.keras.ops.rules import keras_rule, keras_rules, made
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.library.tensorflow.nn import spread_of
from shapelens.shapes.dims import ANY, Dim, add, floordiv, mul, same, sub
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, of_rank
from shapelens.values.failure import NotKnown, ShapeFailure
from shapelens.values.value import Const, TupleValue, Value

_WINDOW = "strides=1, padding='valid', data_format=None, dilation_rate=1"
_CONV = f"inputs, kernel, {_WINDOW}"


@keras_rules("conv", "depthwise_conv", params=_CONV)
@keras_rules("separable_conv", params=f"inputs, depthwise_kernel, pointwise_kernel, {_WINDOW}")
def convolution(name: str, machine: Machine, args: Arguments) -> Value:
    """Convolution with a given kernel: of all channels, or (depthwise) of each."""
    separable = name.endswith(".separable_conv")
    source = source_of(machine, args, "inputs", "keras")
    kernel = source_of(machine, args, "depthwise_kernel" if separable else "kernel", "keras")
    shape, window = source.spec.shape, kernel.spec.shape
    last = _first_layout(args)
    if last is None or shape.open or window.open:
        return made(machine, name, UNKNOWN_SHAPE if shape.open else of_rank(len(shape.dims)), source, kernel)
    spatial = len(shape.dims) - 2
    if len(window.dims) != len(shape.dims):
        raise refusal(
            "rank-mismatch",
            f"a kernel of shape {window} does not fit {{subject}} of shape {shape}: both need as many axes",
            None,
            expected=window,
            found=shape,
        )
    channels = shape.dims[-1 if last else 1]
    _check_channels(name, shape, window, channels)
    steps, spread = _spread(machine, args, "strides", spatial), _spread(machine, args, "dilation_rate", spatial)
    padding = text_of(args, "padding", "valid")
    try:
        middle = _windows(shape, window.dims[:spatial], steps, spread, padding, last=last)
    except ShapeFailure:
        if name.endswith(".conv") or source.kind == "keras" or spread in (None, [1] * spatial):
            raise
        raise NotKnown("what a dilated kernel makes of a tensor that is too small differs by machine") from None
    if separable:
        filters = source_of(machine, args, "pointwise_kernel", "keras").spec.shape.axis(-1)
    else:
        filters = mul(window.dims[-2], window.dims[-1]) if name.endswith(".depthwise_conv") else window.dims[-1]
    return made(machine, name, _around(shape, middle, filters, last=last), source, kernel)


@keras_rule("conv_transpose", params="inputs, kernel, strides=1, padding='valid', output_padding=None, "
            "data_format=None, dilation_rate=1")  # fmt: skip
def conv_transpose(machine: Machine, args: Arguments) -> Value:
    """The shape that a convolution with this kernel would have been given."""
    source, kernel = source_of(machine, args, "inputs", "keras"), source_of(machine, args, "kernel", "keras")
    shape, window = source.spec.shape, kernel.spec.shape
    last, padding = _first_layout(args), text_of(args, "padding", "valid")
    unknown = UNKNOWN_SHAPE if shape.open else of_rank(len(shape.dims))
    if last is None or shape.open or window.open or len(window.dims) != len(shape.dims):
        return made(machine, "conv_transpose", unknown, source, kernel)
    spatial = len(shape.dims) - 2
    channels = shape.dims[-1 if last else 1]
    if same(channels, window.dims[-1]) is False:
        raise refusal(
            "channel-mismatch",
            f"{{subject}} has {channels} channels, but the kernel {window} is for {window.dims[-1]}",
            None,
            expected=window,
            found=shape,
            axis=-1 if last else 1,
        )
    steps, spread = _spread(machine, args, "strides", spatial), _spread(machine, args, "dilation_rate", spatial)
    given = is_none(args.get("output_padding"))
    if steps is None or spread is None or padding not in ("valid", "same") or not given:
        return made(machine, "conv_transpose", unknown, source, kernel)
    middle: list[Dim] = []
    for axis in range(spatial):
        size, reach = shape.dims[axis + (1 if last else 2)], add(mul(sub(window.dims[axis], 1), spread[axis]), 1)
        whole = mul(size, steps[axis])
        longer = sub(reach, steps[axis])
        middle.append(whole if padding == "same" else add(whole, max(longer, 0) if isinstance(longer, int) else ANY))
    filters = window.dims[-2]
    return made(machine, "conv_transpose", _around(shape, middle, filters, last=last), source, kernel)


@keras_rules("max_pool", "average_pool", params="inputs, pool_size, strides=None, padding='valid', data_format=None")
def pool(name: str, machine: Machine, args: Arguments) -> Value:
    """Pooling: the strides are the window unless told otherwise."""
    source = source_of(machine, args, "inputs", "keras")
    shape, padding = source.spec.shape, text_of(args, "padding", "valid")
    last = _first_layout(args)
    # TensorFlow converts a part of the arrays to float32 first.
    mixed = source.kind == "numpy" and name.endswith(".max_pool") and source.spec.dtype != "float32"
    if shape.open or last is None:
        found = UNKNOWN_SHAPE if shape.open else of_rank(len(shape.dims))
        return tensor(machine, found, None, "tensor") if mixed else made(machine, name, found, source)
    spatial = len(shape.dims) - 2
    window = _spread(machine, args, "pool_size", spatial)
    steps = window if is_none(args.get("strides")) else _spread(machine, args, "strides", spatial)
    middle = _windows(shape, window, steps, [1] * spatial, padding, last=last)
    found = _around(shape, middle, shape.dims[-1 if last else 1], last=last)
    return tensor(machine, found, None, "tensor") if mixed else made(machine, name, found, source)


@keras_rules("adaptive_max_pool", "adaptive_average_pool", params="inputs, output_size, data_format=None")
def adaptive_pool(name: str, machine: Machine, args: Arguments) -> Value:
    """Pooling to a given size; a symbolic call takes no single number for all axes."""
    source = source_of(machine, args, "inputs", "keras")
    shape, wanted = source.spec.shape, args.get("output_size")
    single = as_int(wanted) if isinstance(wanted, Const) else None
    if source.kind == "keras" and single is not None:
        raise refusal(
            "invalid-argument",
            f"`output_size` must be a tuple for a symbolic tensor, not {single}",
            "object of type 'int' has no len()",
            subject="output_size",
        )
    last = _first_layout(args)
    if shape.open or last is None:
        return made(machine, name, UNKNOWN_SHAPE if shape.open else of_rank(len(shape.dims)), source)
    if source.kind == "numpy":
        raise refusal("invalid-argument", "an array is not converted here: a tensor is needed", None, found=shape)
    spatial = len(shape.dims) - 2
    target = Shape((single,) * spatial) if single is not None else as_shape(machine, wanted)
    if source.kind == "keras" and last and not target.open:
        # Keras 3.15 keeps an axis too many.
        return made(machine, name, Shape((*shape.dims[: -len(target.dims)], *target.dims, shape.dims[-1])), source)
    if target.open or len(target.dims) != spatial:
        return made(machine, name, of_rank(len(shape.dims)), source)
    return made(machine, name, _around(shape, target.dims, shape.dims[-1 if last else 1], last=last), source)


@keras_rule(
    "dot_product_attention",
    params="query, key, value, bias=None, mask=None, scale=None, is_causal=False, flash_attention=None, "
    "attn_logits_soft_cap=None",
)
def attention(machine: Machine, args: Arguments) -> Value:
    """The query's shape."""
    query, key, value = (source_of(machine, args, name, "keras") for name in ("query", "key", "value"))
    for part in (query, key, value):
        if part.spec.shape.rank not in (None, 4):
            words = (
                "`dot_product_attention` only supports 4D inputs. Received: "
                f"query.shape={query.spec.shape}, key.shape={key.spec.shape}, value.shape={value.spec.shape}."
            )
            raise refusal("rank-mismatch", f"attention takes tensors of 4 axes, not {part.spec.shape}", words)
    shape, keys = query.spec.shape, key.spec.shape
    symbolic = "keras" in (query.kind, key.kind, value.kind)
    if not symbolic and not shape.open and not keys.open and same(shape.dims[-1], keys.dims[-1]) is False:
        raise refusal(
            "matmul-mismatch",
            f"queries of {shape.dims[-1]} features cannot be compared with keys of {keys.dims[-1]}",
            None,
            subject=1,
            expected=shape,
            found=keys,
            axis=-1,
        )
    left = shape
    if not symbolic:
        left = UNKNOWN_SHAPE if shape.open else shape.replace(-1, value.spec.shape.axis(-1))
    return made(machine, "dot_product_attention", left, query, key)


@keras_rule("unfold", params="x, kernel_size, dilation=1, padding=0, stride=1")
def unfold(machine: Machine, args: Arguments) -> Value:
    """Windows of images, channels first, as columns."""
    source = source_of(machine, args, "x", "keras")
    shape = source.spec.shape
    options = [spread_of(machine, args.get(name), 2) for name in ("kernel_size", "dilation", "stride")]
    padding = [0, 0] if args.get("padding") is None else _pair(machine, args.get("padding"))
    if shape.rank not in (None, 4):
        raise refusal("rank-mismatch", f"{{subject}} must have 4 axes, not {shape}", None, found=shape)
    kernel, dilation, stride = options
    if shape.open or kernel is None or dilation is None or stride is None or padding is None:
        return made(machine, "unfold", of_rank(3), source)
    counts = [
        window_count(add(shape.dims[2 + i], 2 * padding[i]), kernel[i], stride[i], dilation[i], "valid")
        for i in range(2)
    ]
    depth = mul(shape.dims[1], kernel[0] * kernel[1])
    return made(machine, "unfold", Shape((shape.dims[0], depth, mul(*counts))), source)


@keras_rule("fold", params="x, output_size, kernel_size, dilation=1, padding=0, stride=1")
def fold(machine: Machine, args: Arguments) -> Value:
    """Images, channels first, of the columns that `unfold` makes."""
    source = source_of(machine, args, "x", "keras")
    shape = source.spec.shape
    kernel, size = spread_of(machine, args.get("kernel_size"), 2), _pair(machine, args.get("output_size"))
    if shape.rank not in (None, 3):
        raise refusal("rank-mismatch", f"{{subject}} must have 3 axes, not {shape}", None, found=shape)
    kind = kind_of([source], "keras")
    if shape.open or kernel is None or size is None:
        return tensor(machine, of_rank(4), source.spec.dtype, kind)
    columns = shape.dims[1]
    area = kernel[0] * kernel[1]
    if isinstance(columns, int) and columns % area:
        words = f"The second dimension of the input ({columns}) must be divisible by kernel_size product ({area})."
        raise refusal("reshape-size", f"{columns} columns are no multiple of {area}", words, found=shape, axis=1)
    return tensor(machine, Shape((shape.dims[0], floordiv(columns, area), *size)), source.spec.dtype, kind)


@keras_rules("space_to_depth", "depth_to_space", params="x, block_size, data_format='channels_last'")
def blocks(name: str, machine: Machine, args: Arguments) -> Value:
    """Blocks of pixels become channels, or channels blocks of pixels."""
    source = source_of(machine, args, "x", "keras")
    shape, block, last = source.spec.shape, as_int(args.get("block_size")), _first_layout(args)
    if block is not None and block < 2:
        words = f"`block_size` must be at least 2. Received: block_size={block}"
        raise refusal("invalid-argument", f"`block_size` must be at least 2, not {block}", words, subject=1)
    if shape.rank not in (None, 4):
        words = f"`{name.rpartition('.')[2]}` requires a 4D input tensor. Received: x.shape={shape}"
        raise refusal("rank-mismatch", f"{{subject}} must have 4 axes, not {shape}", words, found=shape)
    if shape.open or block is None or last is None:
        return made(machine, name, of_rank(4), source)
    batch, *rest = shape.dims
    height, width, channels = rest if last else (*rest[1:], rest[0])
    deeper = name.endswith(".space_to_depth")
    checks = [(height, block, "Height"), (width, block, "Width")] if deeper else [(channels, block**2, "")]
    for size, unit, what in checks:
        if isinstance(size, int) and size % unit:
            words = (
                f"{what} ({size}) must be divisible by block_size ({block})."
                if what
                else f"The number of channels ({size}) must be divisible by block_size**2 ({unit})."
            )
            raise refusal(
                "reshape-size", f"{size} is no multiple of {unit} in {{subject}}, {shape}", words, found=shape
            )
    if deeper:
        height, width, channels = floordiv(height, block), floordiv(width, block), mul(channels, block**2)
    else:
        height, width, channels = mul(height, block), mul(width, block), floordiv(channels, block**2)
    sizes = (height, width, channels) if last else (channels, height, width)
    return made(machine, name, Shape((batch, *sizes)), source)


@keras_rule("psnr", params="x1, x2, max_val")
def psnr(machine: Machine, args: Arguments) -> Value:
    """One number for two images."""
    a, b = source_of(machine, args, "x1", "keras"), source_of(machine, args, "x2", "keras")
    left, right = a.spec.shape, b.spec.shape
    symbolic = "keras" in (a.kind, b.kind)
    if not left.open and not right.open:
        unlike = any(same(x, y) is False for x, y in zip(left.dims, right.dims, strict=False))
        if len(left.dims) != len(right.dims) or (unlike and not symbolic):
            words = "Inputs must have the same rank" if symbolic else None
            raise refusal("broadcast-mismatch", f"images of shapes {left} and {right} differ", words, subject=1)
    return made(machine, "psnr", Shape(()), a, b)


@keras_rule("ctc_loss", params="target, output, target_length, output_length, mask_index=0")
def ctc_loss(machine: Machine, args: Arguments) -> Value:
    """A loss for each sequence."""
    target, output = source_of(machine, args, "target", "keras"), source_of(machine, args, "output", "keras")
    shape = Shape((target.spec.shape.axis(0) if target.spec.shape.rank else ANY,))
    return tensor(machine, shape, "float32", kind_of([target, output], "keras"))


@keras_rule("ctc_decode", params="inputs, sequence_lengths, strategy='greedy', beam_width=100, top_paths=1, "
            "merge_repeated=True, mask_index=0")  # fmt: skip
def ctc_decode(machine: Machine, args: Arguments) -> Value:
    """Paths, and how likely they are."""
    source = source_of(machine, args, "inputs", "keras")
    shape, strategy = source.spec.shape, text_of(args, "strategy", "greedy")
    wanted = args.get("top_paths")
    paths: Dim = 1 if strategy == "greedy" or wanted is None else as_dim(wanted)
    kind = kind_of([source], "keras")
    batch = shape.axis(0) if shape.rank else ANY
    length = shape.dims[1] if shape.rank == 3 and strategy == "greedy" else ANY
    return TupleValue(
        (
            tensor(machine, Shape((paths, batch, length)), "int32", kind),
            tensor(machine, Shape((batch, paths)), None, kind),
        )
    )


def _first_layout(args: Arguments) -> bool | None:
    """Whether channels come last; `None` when it cannot be told."""
    given = args.get("data_format")
    if is_none(given) or given == Const("channels_last"):
        return True
    return False if given == Const("channels_first") else None


def _spread(machine: Machine, args: Arguments, name: str, spatial: int) -> Sequence[int] | None:
    return spread_of(machine, args.get(name), spatial)


def _pair(machine: Machine, value: Value | None) -> Sequence[int] | None:
    single = as_int(value)
    if single is not None:
        return [single, single]
    found = as_shape(machine, value)
    sizes = [size for size in found.dims if isinstance(size, int)]
    return sizes if len(sizes) == 2 and not found.open else None


def _windows(
    shape: Shape,
    window: Sequence[Dim] | None,
    steps: Sequence[int] | None,
    spread: Sequence[int] | None,
    padding: object,
    *,
    last: bool,
) -> list[Dim]:
    """How many windows there are along each spatial axis."""
    spatial = len(shape.dims) - 2
    if window is None or steps is None or spread is None or padding not in ("valid", "same"):
        return [ANY] * spatial
    found = []
    for axis in range(spatial):
        size = shape.dims[axis + (1 if last else 2)]
        count = window_count(size, window[axis], steps[axis], spread[axis], str(padding))
        if isinstance(count, int) and count <= 0:
            raise refusal(
                "negative-dimension",
                f"a window of {window[axis]} does not fit into {size} entries of {{subject}}, {shape}",
                None,
                found=shape,
                axis=axis + (1 if last else 2),
            )
        found.append(count)
    return found


def _around(shape: Shape, middle: Sequence[Dim], channels: Dim, *, last: bool) -> Shape:
    return Shape((shape.dims[0], *middle, channels) if last else (shape.dims[0], channels, *middle))


def _check_channels(name: str, shape: Shape, window: Shape, channels: Dim) -> None:
    given = window.dims[-2]
    grouped = name.endswith(".conv") and isinstance(channels, int) and isinstance(given, int) and given > 0
    wrong = channels % given != 0 if grouped else same(channels, given) is False  # type: ignore[operator]
    if wrong:
        raise refusal(
            "channel-mismatch",
            f"{{subject}} has {channels} channels, shape {shape}, but the kernel {window} is for {given}",
            None,
            expected=window,
            found=shape,
            axis=-1,
        )
