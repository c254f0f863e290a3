"""Cases of ``keras.backend``, whose functions real programs for Keras 2 use; ``tf.keras.backend`` still has them."""

from __future__ import annotations

from tests.conformance.ops.draw import Draw, Maker, Sizes
from tests.conformance.ops.shaping import split_into

_ONE = (
    "abs", "cos", "elu", "exp", "hard_sigmoid", "log", "relu", "round", "sigmoid", "sign", "sin", "softplus",
    "softsign", "sqrt", "square", "stop_gradient", "tanh",
)  # fmt: skip
_TWO = ("maximum", "minimum", "equal", "not_equal", "greater", "greater_equal", "less", "less_equal")
_NUMBERS = ("max", "mean", "min", "prod", "std", "sum", "var")


def _given(draw: Draw, sizes: Sizes, dtype: str | None = None) -> str:
    """A tensor: NumPy's arrays are told from tensors by a part of these functions only."""
    if not draw.kind:
        draw.kind = "t"
    return draw.tensor(sizes, dtype or draw.floating())


def _one(name: str) -> Maker:
    return lambda draw: f"K.{name}({_given(draw, draw.sizes())})"


def _two(name: str) -> Maker:
    def made(draw: Draw) -> str:
        sizes = draw.sizes()
        left, right = _given(draw, sizes, "float32"), _given(draw, draw.broadcastable(sizes), "float32")
        if draw.chance(0.15):
            right = str(draw.one(0.0, 1.5))
        elif draw.chance(0.5):
            left, right = right, left
        return f"K.{name}({left}, {right})"

    return made


def _reduction(name: str) -> Maker:
    def made(draw: Draw) -> str:
        sizes = draw.sizes()
        options = f", axis={_several(draw, len(sizes))}" if draw.chance(0.8) else ""
        dtype = "bool" if name in ("any", "all") else draw.floating()
        return f"K.{name}({_given(draw, sizes, dtype)}{options}{draw.options(keepdims=(True, False))})"

    return made


def _several(draw: Draw, rank: int) -> object:
    axes = draw.axes(rank)
    return list(axes) if isinstance(axes, tuple) and draw.chance(0.5) else axes


def _along(name: str, bad: float = 0.1) -> Maker:
    def made(draw: Draw) -> str:
        sizes = draw.sizes(1)
        axis = f", axis={draw.axis(len(sizes), bad)}" if draw.chance(0.7) else ""
        return f"K.{name}({_given(draw, sizes)}{axis})"

    return made


def _reshape(draw: Draw) -> str:
    sizes = draw.sizes(1, 4)
    target = split_into(draw, sizes)
    if draw.chance(0.15) and "k" not in draw.kind:
        return f"K.reshape({_given(draw, sizes)}, {list(target)})"
    return f"K.reshape({_given(draw, sizes)}, {target})"


def _flatten(name: str) -> Maker:
    return lambda draw: f"K.{name}({_given(draw, draw.sizes(0 if draw.chance(0.1) else 1))})"


def _expand_dims(draw: Draw) -> str:
    sizes = draw.sizes()
    axis = f", {draw.axis(len(sizes) + 1, 0.15)}" if draw.chance(0.7) else ""
    return f"K.expand_dims({_given(draw, sizes)}{axis})"


def _squeeze(draw: Draw) -> str:
    sizes = tuple(1 if draw.chance(0.5) else size for size in draw.sizes(1))
    ones = [axis for axis, size in enumerate(sizes) if size == 1]
    axis = draw.chooser.choice(ones) if ones and draw.chance(0.75) else draw.axis(len(sizes))
    return f"K.squeeze({_given(draw, sizes)}, {axis})"


def _permute(draw: Draw) -> str:
    sizes = draw.sizes(1)
    order = list(range(len(sizes)))
    draw.chooser.shuffle(order)
    if draw.chance(0.15):
        order = draw.chooser.choice((order[1:], [*order, len(order)], [order[0], *order[:-1]]))
    return f"K.permute_dimensions({_given(draw, sizes)}, {tuple(order)})"


def _concatenate(draw: Draw) -> str:
    sizes = draw.sizes(1)
    axis = draw.axis(len(sizes), 0.08)
    parts = [sizes]
    for _ in range(draw.number(0, 2)):
        changed = list(sizes)
        if -len(sizes) <= axis < len(sizes):
            changed[axis] = draw.number(1, 4)
        if draw.chance(0.12):
            changed[draw.number(0, len(changed) - 1)] = draw.number(1, 6)
        if draw.chance(0.05):
            changed.append(2)
        parts.append(tuple(changed))
    given = f", axis={axis}" if draw.chance(0.8) or axis != -1 else ""
    return f"K.concatenate([{', '.join(_given(draw, part, 'float32') for part in parts)}]{given})"


def _stack(draw: Draw) -> str:
    sizes = draw.sizes(0, 3)
    parts = [sizes if draw.chance(0.93) else draw.sizes(0, 3) for _ in range(draw.number(1, 3))]
    axis = f", axis={draw.axis(len(sizes) + 1)}" if draw.chance(0.6) else ""
    return f"K.stack([{', '.join(_given(draw, part, 'float32') for part in parts)}]{axis})"


def _dot(draw: Draw) -> str:
    left = draw.sizes(1 if draw.chance(0.1) else 2, 4)
    right = draw.sizes(1 if draw.chance(0.1) else 2, 3)
    if draw.chance(0.85) and len(right) > 1:
        right = (*right[:-2], left[-1], right[-1])
    return f"K.dot({_given(draw, left, 'float32')}, {_given(draw, right, 'float32')})"


def _batch_dot(draw: Draw) -> str:
    left, right = list(draw.sizes(2, 4)), list(draw.sizes(2, 4))
    right[0] = left[0] if draw.chance(0.9) else draw.number(1, 4)
    one, other = draw.number(1, len(left) - 1), draw.number(1, len(right) - 1)
    axes: object = draw.one((one, other), [one, other], (one, other), one, None)
    if axes is None:
        one, other = len(left) - 1, max(1, len(right) - 2)
    if isinstance(axes, int):
        other = min(one, len(right) - 1)
    if draw.chance(0.85):
        right[other] = left[one]
    if draw.chance(0.06):
        axes = draw.one((5, 1), 7, (0, 1), -1)
    given = f", axes={axes}" if axes is not None or draw.chance(0.2) else ""
    return f"K.batch_dot({_given(draw, tuple(left), 'float32')}, {_given(draw, tuple(right), 'float32')}{given})"


def _tile(draw: Draw) -> str:
    sizes = draw.sizes(1)
    many = tuple(draw.number(1, 3) for _ in range(len(sizes) if draw.chance(0.9) else len(sizes) + 1))
    times = draw.one(many, list(many), draw.number(1, 3))
    return f"K.tile({_given(draw, sizes)}, {times})"


def _repeat(draw: Draw) -> str:
    return f"K.repeat({_given(draw, draw.sizes(*((2, 2) if draw.chance(0.85) else (1, 3))))}, {draw.number(1, 4)})"


def _repeat_elements(draw: Draw) -> str:
    sizes = draw.sizes(1)
    return f"K.repeat_elements({_given(draw, sizes)}, {draw.number(1, 3)}, axis={draw.axis(len(sizes), 0.08)})"


def _gather(draw: Draw) -> str:
    return f"K.gather({_given(draw, draw.sizes(1))}, {_given(draw, draw.sizes(0, 2), 'int64')})"


def _one_hot(draw: Draw) -> str:
    return f"K.one_hot({_given(draw, draw.sizes(0, 3), 'int32')}, {draw.number(1, 5)})"


def _filled(name: str) -> Maker:
    def made(draw: Draw) -> str:
        sizes = tuple(draw.number(1, 4) for _ in range(draw.number(0, 3)))
        shape = f"shape={sizes}" if name.startswith(("random", "truncated")) and draw.chance(0.5) else str(sizes)
        return f"K.{name}({shape}{draw.options(dtype=('float32', 'float64'))})"

    return made


def _like(name: str) -> Maker:
    return lambda draw: f"K.{name}({_given(draw, draw.sizes())}{draw.options(dtype=('float32', 'int32'))})"


def _constant(name: str) -> Maker:
    def made(draw: Draw) -> str:
        value = draw.one(0.5, [1.0, 2.0], [[1, 2], [3, 4]], "np.ones((2, 3))")
        return f"K.{name}({value}{draw.options(dtype=('float32', 'float64'))})"

    return made


def _arange(draw: Draw) -> str:
    given = draw.one("5", "1, 5", "1, 9, 2", "0, 4, 1, 'float32'", "0, 3, dtype='int64'")
    return f"K.arange({given})"


def _told(name: str) -> Maker:
    return lambda draw: f"K.{name}({_given(draw, draw.sizes())})"


def _shape(draw: Draw) -> str:
    sizes = draw.sizes(1)
    if draw.chance(0.4):
        return f"K.shape({_given(draw, sizes)})"
    draw.kind = "t"
    return f"K.shape({_given(draw, sizes)})[{draw.axis(len(sizes), 0)}]"


def _cast(draw: Draw) -> str:
    return f"K.cast({_given(draw, draw.sizes())}, '{draw.one('float32', 'int32', 'bool', 'float16')}')"


def _clip(draw: Draw) -> str:
    return f"K.clip({_given(draw, draw.sizes())}, 0.0, {draw.one(1.0, 0.5)})"


def _pow(draw: Draw) -> str:
    return f"K.pow({_given(draw, draw.sizes(), 'float32')}, {draw.one(2, 0.5)})"


def _dropout(draw: Draw) -> str:
    return f"K.dropout({_given(draw, draw.sizes())}, {draw.one(0.5, 0.1)})"


def _bias_add(draw: Draw) -> str:
    sizes = draw.sizes(2, 4)
    last = sizes[-1] or 3
    bias = (last if draw.chance(0.85) else last + 1,)
    return f"K.bias_add({_given(draw, (*sizes[:-1], last), 'float32')}, {_given(draw, bias, 'float32')})"


def _reverse(draw: Draw) -> str:
    sizes = draw.sizes(1)
    axis = draw.axis(len(sizes), 0.08)
    return f"K.reverse({_given(draw, sizes)}, {draw.one(axis, (axis,), [axis])})"


def _picture(draw: Draw, rank: int = 2) -> Sizes:
    sizes = (draw.batch(), *(draw.number(3, 7) for _ in range(rank)), draw.number(1, 3))
    return sizes if draw.chance(0.92) else sizes[1:]


def _resize_images(draw: Draw) -> str:
    layout = draw.one("channels_last", "channels_last", "channels_first")
    options = draw.options(interpolation=("nearest", "bilinear"))
    factors = f"{draw.number(1, 3)}, {draw.number(1, 3)}"
    return f"K.resize_images({_given(draw, _picture(draw), 'float32')}, {factors}, {layout!r}{options})"


def _temporal_padding(draw: Draw) -> str:
    sizes = draw.sizes(*((3, 3) if draw.chance(0.9) else (2, 4)))
    given = f", {(draw.number(0, 2), draw.number(0, 2))}" if draw.chance(0.8) else ""
    return f"K.temporal_padding({_given(draw, sizes)}{given})"


def _spatial_padding(draw: Draw) -> str:
    pairs = tuple((draw.number(0, 2), draw.number(0, 2)) for _ in range(2))
    options = f", {pairs}" if draw.chance(0.8) else ""
    layout = draw.options(data_format=("channels_last", "channels_first"))
    return f"K.spatial_2d_padding({_given(draw, _picture(draw), 'float32')}{options}{layout})"


def _convolution(name: str, rank: int) -> Maker:
    def made(draw: Draw) -> str:
        sizes = _picture(draw, rank)
        window = tuple(draw.number(1, 3) for _ in range(rank))
        given = sizes[-1] if draw.chance(0.9) else 7
        step = draw.number(1, 2)
        strides = step if rank == 1 else (step, step)
        kernel = _given(draw, (*window, given, draw.number(1, 4)), "float32")
        options = draw.options(strides=(strides,), padding=("valid", "same"))
        return f"K.{name}({_given(draw, sizes, 'float32')}, {kernel}{options})"

    return made


def _pool(draw: Draw) -> str:
    window = (draw.number(1, 3), draw.number(1, 3))
    options = draw.options(strides=((1, 1), (2, 2)), padding=("valid", "same"), pool_mode=("max", "avg"))
    return f"K.pool2d({_given(draw, _picture(draw), 'float32')}, {window}{options})"


def _switch(draw: Draw) -> str:
    sizes = draw.sizes(0, 3)
    condition = sizes if draw.chance(0.6) else sizes[:1] if draw.chance(0.5) else ()
    other = sizes if draw.chance(0.9) else draw.broadcastable(sizes)
    parts = [_given(draw, condition, "bool"), _given(draw, sizes, "float32"), _given(draw, other, "float32")]
    # Which of two tensors a scalar chooses is in its contents.
    loose = "~" if condition == () and other != sizes else ""
    return f"{loose}K.switch({', '.join(parts)})"


def _crossentropy(name: str) -> Maker:
    sparse = name.startswith("sparse")

    def made(draw: Draw) -> str:
        output = (*draw.sizes(0, 2), draw.number(2, 4))
        target = output[:-1] if sparse else output
        if draw.chance(0.12):
            target = draw.broadcastable(target)
        given = f"{_given(draw, target, 'int32' if sparse else 'float32')}, {_given(draw, output, 'float32')}"
        # Labels of another rank are laid out flat, and with logits shapes are compared: neither is followed.
        loose = "~" if target != (output[:-1] if sparse else output) and name != "categorical_crossentropy" else ""
        return f"{loose}K.{name}({given}{draw.options(from_logits=(True, False))})"

    return made


def _normalization(draw: Draw) -> str:
    sizes = draw.sizes(2, 4)
    last = sizes[-1] or 3
    vector = _given(draw, (last,), "float32")
    return f"K.batch_normalization({_given(draw, (*sizes[:-1], last), 'float32')}, {', '.join([vector] * 4)})"


MAKERS: dict[str, Maker] = {
    f"keras.backend.{name}": maker
    for name, maker in {
        **{name: _one(name) for name in _ONE},
        **{name: _two(name) for name in _TWO},
        **{name: _reduction(name) for name in (*_NUMBERS, "any", "all")},
        **{name: _along(name) for name in ("argmax", "argmin", "cumsum", "cumprod", "softmax", "l2_normalize")},
        **{name: _flatten(name) for name in ("flatten", "batch_flatten", "transpose")},
        **{name: _filled(name) for name in ("zeros", "ones", "random_normal", "random_uniform", "truncated_normal")},
        **{name: _like(name) for name in ("zeros_like", "ones_like")},
        **{name: _constant(name) for name in ("constant", "variable")},
        **{name: _told(name) for name in ("int_shape", "ndim")},
        **{
            name: _crossentropy(name)
            for name in ("binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy")
        },
        "conv1d": _convolution("conv1d", 1),
        "conv2d": _convolution("conv2d", 2),
        "arange": _arange,
        "batch_dot": _batch_dot,
        "batch_normalization": _normalization,
        "bias_add": _bias_add,
        "cast": _cast,
        "clip": _clip,
        "concatenate": _concatenate,
        "dot": _dot,
        "dropout": _dropout,
        "expand_dims": _expand_dims,
        "gather": _gather,
        "one_hot": _one_hot,
        "permute_dimensions": _permute,
        "pool2d": _pool,
        "pow": _pow,
        "repeat": _repeat,
        "repeat_elements": _repeat_elements,
        "reshape": _reshape,
        "resize_images": _resize_images,
        "reverse": _reverse,
        "shape": _shape,
        "spatial_2d_padding": _spatial_padding,
        "squeeze": _squeeze,
        "stack": _stack,
        "switch": _switch,
        "temporal_padding": _temporal_padding,
        "tile": _tile,
    }.items()
}
