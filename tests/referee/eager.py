"""Runs questions for real, with contents and weights. Started by its path in any interpreter.

Reads a JSON list of wire calls (with steps and what came before) from stdin and writes, for each, ``{"outputs": ...,
"params": ...}`` or ``{"error": type}``. A ``KerasTensor`` is a real ``keras.Input``, as in a functional model.
It shares no code with the worker that it is compared with.
"""

from __future__ import annotations

import importlib
import json
import os
import sys

os.environ.update(CUDA_VISIBLE_DEVICES="-1", TF_CPP_MIN_LOG_LEVEL="3")
UNKNOWN = 2
# What arrays are full of.
FILL = [1]
# What the steps of a question made.
GIVEN = []


def real(term: object) -> object:
    import numpy
    import tensorflow

    if not isinstance(term, list):
        return term
    tag, *rest = term
    if tag == "f":
        return float.fromhex(rest[0])
    if tag == "n":
        module, *names = rest[0].split(".")
        found = importlib.import_module(module)
        for name in names:
            if isinstance(found, type):
                return method(name)
            found = getattr(found, name)
        return found
    if tag == "g":
        return GIVEN[rest[0]]
    if tag == "e":
        return ...
    if tag in ("l", "t"):
        items = [real(item) for item in rest[0]]
        return items if tag == "l" else tuple(items)
    if tag == "m":
        return {real(key): real(value) for key, value in rest[0]}
    if tag == "s":
        return slice(*map(real, rest))
    if tag == "T":
        if rest[2] == "keras":
            return tensorflow.keras.Input(rest[0][1:], batch_size=rest[0][0], dtype=rest[1])
        array = numpy.full([UNKNOWN if size is None else size for size in rest[0]], FILL[0], dtype=rest[1])
        return (
            array
            if rest[2] == "numpy"
            else getattr(tensorflow, "Variable" if rest[2] == "variable" else "constant")(array)
        )
    function = real(rest[0])
    return function(*map(real, rest[1]), **{name: real(value) for name, value in rest[2]})


def method(name: str) -> object:
    """The method or attribute of whatever object comes first."""

    def apply(value: object, *args: object, **kwargs: object) -> object:
        found = getattr(value, name)
        return found(*args, **kwargs) if callable(found) else found

    return apply


def shapes(value: object) -> object:
    if isinstance(value, (list, tuple)):
        return [shapes(item) for item in value]
    if isinstance(value, dict):
        return {key: shapes(item) for key, item in value.items()}
    if hasattr(value, "outputs") and hasattr(value, "count_params"):
        return shapes(value.outputs if len(value.outputs) > 1 else value.outputs[0])
    if hasattr(value, "shape"):
        dtype = value.dtype
        return [list(value.shape), dtype if isinstance(dtype, str) else dtype.name]
    return repr(value)


def make(steps: list) -> None:
    """Make the steps of a question."""
    GIVEN.clear()
    for step in steps:
        GIVEN.append(real(step))


def run(call: list, before: list, steps: list) -> dict:
    make(steps)
    try:
        if call[1][0] == "n" or (not before and call[1][0] == "g"):
            return {"outputs": shapes(real(call))}
        layer = real(call[1])
        for term in [*before, call]:
            value = layer(*map(real, term[2]), **{name: real(item) for name, item in term[3]})
        params = int(layer.count_params()) if hasattr(layer, "count_params") else None
        return {"outputs": shapes(value), "params": params}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    answers = sys.stdout
    sys.stdout = sys.stderr
    json.dump([run(item["call"], item["before"], item["steps"]) for item in json.load(sys.stdin)], answers)
