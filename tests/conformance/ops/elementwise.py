"""Cases of elementwise operations and activations: ``ops.exp(x)``, ``ops.add(x, y)``."""

from __future__ import annotations

from tests.conformance.ops.draw import COMPLEX, Draw, Maker

ONE = (
    "abs", "absolute", "angle", "arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctanh", "bitwise_invert",
    "bitwise_not", "cbrt", "ceil", "celu", "conj", "conjugate", "copy", "cos", "cosh", "deg2rad", "elu", "erf",
    "erfc", "erfinv", "exp", "exp2", "expm1", "fabs", "floor", "gelu", "hard_shrink", "hard_sigmoid", "hard_silu",
    "hard_swish", "hard_tanh", "i0", "imag", "isfinite", "isinf", "isnan", "isneginf", "isposinf", "isreal",
    "leaky_relu", "log", "log10", "log1p", "log2", "log_sigmoid", "logical_not", "nan_to_num", "negative",
    "rad2deg", "real", "reciprocal", "relu", "relu6", "round", "rsqrt", "selu", "sigmoid", "sign", "signbit",
    "silu", "sin", "sinc", "sinh", "soft_shrink", "softplus", "softsign", "sparse_plus", "sparse_sigmoid", "sqrt",
    "square", "squareplus", "stop_gradient", "swish", "tan", "tanh", "tanh_shrink", "trunc",
)  # fmt: skip
TWO = (
    "add", "arctan2", "bitwise_and", "bitwise_left_shift", "bitwise_or", "bitwise_right_shift", "bitwise_xor",
    "divide", "divide_no_nan", "equal", "floor_divide", "fmax", "fmin", "fmod", "gcd", "greater", "greater_equal",
    "heaviside", "hypot", "isclose", "lcm", "ldexp", "left_shift", "less", "less_equal", "logaddexp", "logaddexp2",
    "logical_and", "logical_or", "logical_xor", "maximum", "minimum", "mod", "multiply", "nextafter", "not_equal",
    "power", "right_shift", "subtract", "true_divide",
)  # fmt: skip
ACTIVATIONS = (
    "celu", "elu", "exponential", "gelu", "hard_shrink", "hard_sigmoid", "hard_silu", "hard_swish", "hard_tanh",
    "leaky_relu", "linear", "log_sigmoid", "mish", "relu", "relu6", "selu", "sigmoid", "silu", "soft_shrink",
    "softplus", "softsign", "sparse_plus", "sparse_sigmoid", "squareplus", "swish", "tanh", "tanh_shrink",
)  # fmt: skip


def _one(name: str) -> Maker:
    def made(draw: Draw) -> str:
        # NumPy computes a part of these, as far as it goes.
        loose = "~" if not draw.kind and name.endswith((".soft_shrink", ".sparse_plus")) else ""
        return f"{loose}{name}({draw.tensor(draw.sizes(), draw.dtype(*COMPLEX))})"

    return made


def _two(name: str) -> Maker:
    def made(draw: Draw) -> str:
        sizes = draw.sizes()
        # Whether an int is divided by 0 is in the contents.
        loose = "~" if draw.kind != "k" and name.endswith(("mod", "floor_divide")) else ""
        left = draw.tensor(sizes, draw.dtype(*COMPLEX))
        if draw.chance(0.2):
            right = str(draw.one(2, 1, 0.5, True))
            if draw.chance(0.3):
                left, right = right, left
            return f"{loose}{name}({left}, {right})"
        right = draw.tensor(draw.broadcastable(sizes), draw.dtype(*COMPLEX))
        if draw.chance(0.5):
            left, right = right, left
        return f"{loose}{name}({left}, {right})"

    return made


def _clip(draw: Draw) -> str:
    low, high = draw.one((0, 1), (0.0, 1.0), (0, 1.5))  # type: ignore[misc]
    return f"ops.clip({draw.any()}, {low}, {high})"


def _allclose(draw: Draw) -> str:
    sizes = draw.sizes()
    return f"ops.allclose({draw.tensor(sizes)}, {draw.tensor(draw.broadcastable(sizes))})"


def _along(name: str) -> Maker:
    def made(draw: Draw) -> str:
        sizes = draw.sizes(1)
        dtype = draw.floating() if draw.chance(0.9) else draw.dtype()
        axis = f", axis={draw.axis(len(sizes))}" if draw.chance(0.5) else ""
        return f"{name}({draw.tensor(sizes, dtype)}{axis})"

    return made


def _glu(name: str) -> Maker:
    def made(draw: Draw) -> str:
        sizes = draw.sizes(1)
        axis = draw.axis(len(sizes), 0.05)
        if -len(sizes) <= axis < len(sizes) and draw.chance(0.8):
            sizes = (*sizes[: axis % len(sizes)], 4, *sizes[axis % len(sizes) + 1 :])
        return f"{name}({draw.tensor(sizes, draw.floating())}, axis={axis})"

    return made


def _threshold(name: str) -> Maker:
    def made(draw: Draw) -> str:
        return f"{name}({draw.tensor(draw.sizes(), draw.floating())}, 0.5, 0.0)"

    return made


def _view_as_real(draw: Draw) -> str:
    return f"ops.view_as_real({draw.tensor(draw.sizes(), str(draw.one(*COMPLEX, 'float32')))})"


def _view_as_complex(draw: Draw) -> str:
    sizes = (*draw.sizes(0, 3), 2) if draw.chance(0.8) else draw.sizes()
    return f"ops.view_as_complex({draw.tensor(sizes, draw.floating())})"


def _cast(name: str) -> Maker:
    def made(draw: Draw) -> str:
        return f"ops.{name}({draw.any()}, {draw.one('float32', 'int32', 'bool', 'float16', 'uint8', 'int64')!r})"

    return made


def _like(name: str) -> Maker:
    def made(draw: Draw) -> str:
        filled = ", 2" if name == "full_like" else ""
        return f"ops.{name}({draw.any()}{filled}{draw.options(dtype=('int32', 'float16', None))})"

    return made


MAKERS: dict[str, Maker] = {
    **{f"keras.ops.{name}": _one(f"ops.{name}") for name in ONE},
    **{f"keras.ops.{name}": _two(f"ops.{name}") for name in TWO},
    **{f"keras.activations.{name}": _one(f"keras.activations.{name}") for name in ACTIVATIONS},
    **{f"keras.ops.{name}": _along(f"ops.{name}") for name in ("softmax", "log_softmax", "sparsemax", "normalize")},
    **{f"keras.activations.{n}": _along(f"keras.activations.{n}") for n in ("softmax", "log_softmax", "sparsemax")},
    "keras.ops.glu": _glu("ops.glu"),
    "keras.activations.glu": _glu("keras.activations.glu"),
    "keras.ops.threshold": _threshold("ops.threshold"),
    "keras.activations.threshold": _threshold("keras.activations.threshold"),
    "keras.ops.clip": _clip,
    "keras.ops.allclose": _allclose,
    "keras.ops.view_as_real": _view_as_real,
    "keras.ops.view_as_complex": _view_as_complex,
    **{f"keras.ops.{name}": _cast(name) for name in ("cast", "saturate_cast")},
    **{f"keras.ops.{name}": _like(name) for name in ("zeros_like", "ones_like", "empty_like", "full_like")},
}
