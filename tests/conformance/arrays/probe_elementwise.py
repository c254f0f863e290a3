"""Finds TensorFlow's elementwise functions by calling them, and writes the rules' table.

Run ``python -m tests.conformance.arrays.probe_elementwise`` after a new TensorFlow.
A function is elementwise when it keeps (one array) or broadcasts (two) each of several shapes. Its
dtype is the input's (``same``), ``bool``, or a float even of integers (``float``, ``float64``).
"""

from __future__ import annotations

import inspect
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

Shape: TypeAlias = tuple[int, ...]

TARGET = Path("server/shapelens/library/tensorflow/elementwise_table.py")
ONE: list[Shape] = [(2, 3, 4), (4,), (3, 3), ()]
TWO: list[tuple[Shape, Shape]] = [((2, 1, 3), (4, 1)), ((3,), (2, 3)), ((5, 1), (1, 4)), ((), (3,))]
BROADCAST: list[Shape] = [(2, 4, 3), (2, 3), (5, 4), (3,)]
# Functions that change the state of the process, or are no functions of arrays.
SKIPPED = {
    "constant", "convert_to_tensor", "get_static_value", "guarantee_const", "tuple", "stack",
    "squeeze", "type_spec_from_value", "as_string", "exit", "fold", "unfold", "saturate_cast",
    "argsort", "sort", "cumsum", "cumprod", "flip", "roll", "copy", "array", "ones_like",
    "zeros_like", "empty_like", "normalize", "l2_normalize", "softmax", "log_softmax", "nan_to_num",
    "stop_gradient", "identity", "shuffle", "unravel_index", "flipud", "fliplr", "view",
    "rms_normalization", "convert_to_numpy", "einsum", "isin", "is_tensor", "logaddexp2",
}  # fmt: skip


def table() -> dict[str, tuple[int, str]]:
    """Canonical name -> number of arrays, and what the dtype comes from."""
    import tensorflow as tf

    modules: dict[str, ModuleType] = {
        "tensorflow": tf,
        "tensorflow.math": tf.math,
        "tensorflow.nn": tf.nn,
        "tensorflow.bitwise": tf.bitwise,
    }
    found: dict[str, tuple[int, str]] = {}
    for prefix, module in modules.items():
        for name in sorted(dir(module)):
            function = getattr(module, name)
            if name.startswith("_") or name in SKIPPED or not callable(function) or inspect.isclass(function):
                continue
            for arity, inputs, expected in ((1, [(shape,) for shape in ONE], ONE), (2, TWO, BROADCAST)):
                kind = _kind(function, inputs, expected)
                if kind is not None and f"{prefix}.{name}" not in found:
                    found[f"{prefix}.{name}"] = (arity, kind)
    return found


def _kind(function: Any, inputs: list[Any], expected: list[Shape]) -> str | None:
    results = {dtype: _dtype(function, inputs, expected, dtype) for dtype in ("float32", "int32", "bool")}
    known = {dtype: result for dtype, result in results.items() if result is not None}
    if not known:
        return None
    if set(known.values()) == {"bool"}:
        return "bool"
    if known.get("int32") in ("float32", "float64") and known.get("float32") == "float32":
        return "float" if known["int32"] == "float32" else "float64"
    return "same" if all(result == dtype for dtype, result in known.items() if dtype != "bool") else None


def _dtype(function: Any, inputs: list[Any], expected: list[Shape], dtype: str) -> str | None:
    import tensorflow as tf

    results = []
    for shapes, wanted in zip(inputs, expected, strict=True):
        try:
            result = function(*[tf.cast(tf.fill(shape, 0.5 if dtype == "float32" else 1), dtype) for shape in shapes])
            if tuple(result.shape) != wanted:
                return None
            results.append(tf.as_dtype(result.dtype).name)
        except Exception:
            return None
    return results[0] if len(set(results)) == 1 else None


def text_of(found: dict[str, tuple[int, str]]) -> str:
    """The table as a Python module."""
    import tensorflow as tf

    lines = [
        f'"""Elementwise functions of TensorFlow {tf.__version__}.',
        "",
        "Found by calling them: name -> number of arrays, source of the dtype.",
        "Written by tests/conformance/arrays/probe_elementwise.py.",
        '"""',
        "",
        "from __future__ import annotations",
        "",
        "ELEMENTWISE: dict[str, tuple[int, str]] = {",
        *(f'    "{name}": {arity, kind},'.replace("'", '"') for name, (arity, kind) in sorted(found.items())),
        "}",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TARGET.write_text(text_of(table()))
