"""Finds the dtypes of what ``keras.ops`` and ``keras.activations`` give, by calling them, and writes the table.

Run ``python -m tests.conformance.ops.probe_dtypes`` after a new Keras. Each expression is evaluated for every
dtype of ``x`` (and of ``y``), once with symbolic tensors and once with eager ones. With names of operations of one
operand, what these give is printed instead.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

from tests.conformance.ops.elementwise import ACTIVATIONS, ONE, TWO
from tests.conformance.ops.reductions import QUANTILES, RUNNING, SEVERAL, SINGLE

TARGET = Path(__file__).parents[3] / "server/shapelens/library/keras/ops/dtypes.json"
Real: TypeAlias = Any

LETTERS = {
    "bool": "?", "uint8": "B", "uint16": "H", "uint32": "I", "uint64": "L", "int8": "b", "int16": "h", "int32": "i",
    "int64": "l", "bfloat16": "E", "float16": "e", "float32": "f", "float64": "d", "complex64": "F",
    "complex128": "D",
}  # fmt: skip
# Python scalars adapt to their partner.
WEAK: dict[str, Real] = {"pybool": True, "pyint": 1, "pyfloat": 1.0}
UNKNOWN, REFUSED = "-", "!"

_X = (
    *ONE, *SEVERAL, *SINGLE, *RUNNING, "array", "convert_to_tensor", "convert_to_numpy", "count_nonzero", "norm",
    "softmax", "log_softmax", "sparsemax", "normalize", "glu", "sort", "argsort", "trapezoid", "diff",
    "average", "transpose", "squeeze", "ravel", "flip", "fliplr", "flipud", "rot90", "tril", "triu", "diagonal",
    "trace", "diag", "diagflat", "size", "nonzero", "unique", "unstack", "zeros_like", "ones_like", "empty_like",
    "layer_normalization", "rms_normalization", "det", "eig", "eigh", "logdet", "slogdet", "lu_factor", "cholesky",
    "cholesky_inverse", "inv", "qr", "svd", "pinv", "matrix_rank", "corrcoef", "rfft", "view_as_real",
)  # fmt: skip
_VECTOR = ("bincount", "histogram", "vander")
_MORE = {
    "reshape": "x, (-1,)", "expand_dims": "x, 0", "swapaxes": "x, 0, 1", "moveaxis": "x, 0, 1", "roll": "x, 1",
    "tile": "x, 2", "repeat": "x, 2", "pad": "x, ((1, 1), (1, 1))", "take": "x, [0]", "slice": "x, (0, 0), (1, 1)",
    "broadcast_to": "x, (4, 4)", "one_hot": "x, 3", "multi_hot": "x, 3", "unravel_index": "x, (4, 4)",
    "argpartition": "x, 1", "top_k": "x, 1", "moments": "x, 0", "split": "x, 2", "array_split": "x, 2",
    "hsplit": "x, 2", "vsplit": "x, 2", "full_like": "x, 2", "threshold": "x, 0.5, 0", "stack": "[x, x]",
    "concatenate": "[x, x]", "vstack": "[x, x]", "hstack": "[x, x]", "dstack": "[x, x]", "meshgrid": "x[0], x[0]",
    "fft": "(x, x)", "fft2": "(x, x)", "ifft2": "(x, x)", "irfft": "(x, x)", "extract_sequences": "x, 2, 1",
    "stft": "x, 2, 1, 2", "get_item": "x, 0", "rearrange": "x, 'a b -> b a'", "view_as_complex": "x[:, :2]",
    **dict.fromkeys(QUANTILES, "x, 0.5"),
    "segment_max": "x, IDS, 2", "segment_min": "x, IDS, 2", "segment_prod": "x, IDS, 2",
    "segment_sum": "x, IDS, 2", "in_top_k": "IDS, x, 2",
    "max_pool": "x[None, :, :, None], 2", "average_pool": "x[None, :, :, None], 2",
    "adaptive_max_pool": "x[None, :, :, None], (2, 2)", "adaptive_average_pool": "x[None, :, :, None], (2, 2)",
    "space_to_depth": "x[None, :, :, None], 2", "depth_to_space": "x[None, None], 2",
    "unfold": "x[None, None], 2", "image.resize": "x[None, :, :, None], (2, 2)",
    "image.rgb_to_grayscale": "x[None, :, :3]", "image.rgb_to_hsv": "x[None, :, :3]",
    "image.hsv_to_rgb": "x[None, :, :3]", "image.sobel_edges": "x[None, :, :, None]",
    "image.crop_images": "x[None, :, :, None], 1, 1, 1, 1", "image.pad_images": "x[None, :, :, None], 1, 1, 1, 1",
    "image.extract_patches": "x[None, :, :, None], 2",
    "image.extract_patches_3d": "x[None, None, :, :, None], (1, 2, 2)",
    "image.gaussian_blur": "x[None, :, :, None]", "image.elastic_transform": "x[None, :, :, None]",
    "image.affine_transform": "x[None, :, :, None], FLOAT[:1, :1] * EIGHT",
    "image.perspective_transform": "x[None, :, :, None], CORNERS, CORNERS",
    "image.map_coordinates": "x, FLOAT[:2], 0", "image.scale_and_translate":
    "x[None, :, :, None], (1, 2, 2, 1), FLOAT[0, :2], FLOAT[0, :2], (1, 2), 'linear'",
}  # fmt: skip
_PAIRS = (
    "append",
    "allclose",
    "isin",
    "inner",
    "outer",
    "kron",
    "dot",
    "matmul",
    "vdot",
    "cdist",
    "polar",
    "tensordot",
)
_MORE_PAIRS = {
    "tensordot": "x, y, axes=1", "cross": "x[:, :3], y[:, :3]", "correlate": "x[0], y[0]", "clip": "x, y, y",
    "where": "True, x, y", "einsum": "'ij,jk->ik', x, y", "solve": "x, y", "solve_triangular": "x, y",
    "lstsq": "x, y", "searchsorted": "x[0], y[0]", "digitize": "x, y[0]", "select": "[True], [x], y",
    "conv": "x[None, :, :, None], y[:, :, None, None]", "depthwise_conv": "x[None, :, :, None], y[:, :, None, None]",
    "conv_transpose": "x[None, :, :, None], y[:, :, None, None]",
    "separable_conv": "x[None, :, :, None], y[:, :, None, None], y[:1, :1, None, None]",
    "binary_crossentropy": "x, y", "categorical_crossentropy": "x, y", "psnr": "x, y, 1.0",
    "sparse_categorical_crossentropy": "x[0], y", "slice_update": "x, (0, 0), y",
    "scatter_update": "x, [[0, 0], [1, 1]], y[0, :2]", "take_along_axis": "x, y, axis=0",
    "batch_normalization": "x, y[0], y[0], -1", "dot_product_attention": "x[None, None], y[None, None], y[None, None]",
    "image.ssim": "ops.tile(x, (4, 4))[None, :, :, None], ops.tile(y, (4, 4))[None, :, :, None]",
}  # fmt: skip
# Operations in which Python scalars take part as they are.
_WITH_SCALARS = {*TWO, "allclose", "clip", "where"}


def expressions() -> tuple[dict[str, str], dict[str, str]]:
    """Canonical name -> expression over ``x``, and over ``x`` and ``y``."""
    one = {f"keras.ops.{name}": f"ops.{name}(x)" for name in _X}
    one |= {f"keras.ops.{name}": f"ops.{name}(x[0])" for name in _VECTOR}
    one |= {f"keras.ops.{name}": f"ops.{name}({arguments})" for name, arguments in _MORE.items()}
    names = (*ACTIVATIONS, "softmax", "log_softmax", "sparsemax", "glu")
    one |= {f"keras.activations.{name}": f"keras.activations.{name}(x)" for name in names}
    one["keras.activations.threshold"] = "keras.activations.threshold(x, 0.5, 0)"
    two = {f"keras.ops.{name}": f"ops.{name}(x, y)" for name in (*TWO, *_PAIRS)}
    two |= {f"keras.ops.{name}": f"ops.{name}({arguments})" for name, arguments in _MORE_PAIRS.items()}
    return one, two


def table() -> tuple[dict[str, tuple[str, str]], dict[str, tuple[tuple[str, ...], tuple[str, ...]]]]:
    """For each operation: what it gives for each dtype, symbolic and eager; matrices for two operands."""
    one, two = expressions()
    both = makers()
    singles = {
        name: _pair(" ".join(letters(text, make, x) for x in LETTERS) for make in both) for name, text in one.items()
    }
    return singles, {name: _pair(_matrix(name, text, make) for make in both) for name, text in two.items()}


def _pair(items: Iterator[Any]) -> tuple[Any, Any]:
    first, second = items
    return first, second


def _matrix(name: str, text: str, make: Callable[[str, str], Real]) -> tuple[str, ...]:
    kinds = [*LETTERS, *WEAK]
    weak = name.removeprefix("keras.ops.") in _WITH_SCALARS
    rows = []
    for x in kinds:
        cells = [
            UNKNOWN
            if (x in WEAK or y in WEAK) and (not weak or (x in WEAK and y in WEAK))
            else letters(text, make, x, y)
            for y in kinds
        ]
        rows.append("".join(cell if len(cell) == 1 else UNKNOWN for cell in cells))
    return tuple(rows)


def makers() -> tuple[Callable[[str, str], Real], Callable[[str, str], Real]]:
    """What makes the operands ``x`` and ``y`` of a dtype: symbolic ones, and eager ones."""
    import keras
    import tensorflow as tf

    def symbolic(name: str, dtype: str) -> Real:
        return WEAK[dtype] if dtype in WEAK else keras.KerasTensor((4, 4), dtype=dtype)

    def eager(name: str, dtype: str) -> Real:
        # A matrix that can be inverted, and one by which can be divided.
        return WEAK[dtype] if dtype in WEAK else tf.cast(tf.eye(4) if name == "x" else tf.ones((4, 4)), dtype)

    return symbolic, eager


def letters(text: str, make: Callable[[str, str], Real], x: str, y: str = "float32") -> str:
    """The letters of what the expression gives for operands of these dtypes."""
    import keras
    import tensorflow as tf

    names = {
        "keras": keras, "ops": keras.ops, "FLOAT": tf.eye(4), "EIGHT": tf.ones((1, 8)),
        "CORNERS": tf.constant([[[0.0, 0.0], [0.0, 3.0], [3.0, 0.0], [3.0, 3.0]]]), "IDS": tf.constant([0, 0, 0, 1]),
        "x": make("x", x), "y": make("y", y),
    }  # fmt: skip
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _code(eval(text, names))
    except (tf.errors.NotFoundError, tf.errors.UnimplementedError):
        # Whether there is a kernel depends on the device.
        return UNKNOWN
    except Exception as error:
        return UNKNOWN if "OpKernel" in str(error) or "device" in str(error) else REFUSED


def _code(result: Real) -> str:
    if isinstance(result, tuple | list):
        return "".join(map(_code, result))
    dtype = getattr(result, "dtype", None)
    return LETTERS.get(getattr(dtype, "name", str(dtype)), UNKNOWN)


def text_of() -> str:
    """The table as JSON, an entry a line."""
    import keras
    import tensorflow as tf

    singles, pairs = table()
    matrices = list(dict.fromkeys(matrix for both in pairs.values() for matrix in both))
    parts = {
        "versions": {"keras": keras.__version__, "tensorflow": tf.__version__},
        "single": {name: [_short(symbolic), _short(eager)] for name, (symbolic, eager) in sorted(singles.items())},
        "pair": {name: [matrices.index(matrix) for matrix in both] for name, both in sorted(pairs.items())},
        "matrices": matrices,
    }
    blocks = []
    for key, value in parts.items():
        rows = [json.dumps(row) for row in value] if isinstance(value, list) else _rows(value)
        open_, close = "[]" if isinstance(value, list) else "{}"
        blocks.append(f'"{key}": {open_}\n' + ",\n".join(rows) + f"\n{close}")
    return "{\n" + ",\n".join(blocks) + "\n}\n"


def _rows(entries: dict[str, Any]) -> list[str]:
    return [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in entries.items()]


def _short(codes: str) -> str:
    parts = codes.split()
    return "".join(parts) if all(len(part) == 1 for part in parts) else codes


def single(name: str) -> list[list[str]]:
    """What an operation of one operand gives for each dtype: symbolic, eager."""
    one, _ = expressions()
    return [[letters(one[name], make, dtype) for dtype in LETTERS] for make in makers()]


if __name__ == "__main__":
    if sys.argv[1:]:
        print(json.dumps([single(name) for name in sys.argv[1:]]))
    else:
        TARGET.write_text(text_of(), encoding="utf-8")
