"""Trains for real what a question about training describes. Started by its path in any interpreter.

Like `eager`, which it takes real values from. The model is the one that is told, or one ``Dense`` for each output.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile

os.environ.update(CUDA_VISIBLE_DEVICES="-1", TF_CPP_MIN_LOG_LEVEL="3")

from eager import FILL, make, real

# Labels that every number of classes has.
FILL[0] = 0


def inputs_of(term: list, name: str | None = None) -> object:
    import tensorflow

    tag, rest = term[0], term[1]
    if tag == "T":
        return tensorflow.keras.Input(rest[1:], batch_size=rest[0], dtype=term[2], name=name)
    if tag == "m":
        return {key: inputs_of(value, key) for key, value in rest}
    return [inputs_of(item) for item in rest]


def outputs_of(term: list, inputs: object, names: list) -> object:
    from tensorflow.keras import layers

    tag, rest = term[0], term[1]
    if tag != "T":
        return [outputs_of(item, inputs, names) for item in rest]
    leaves = list(inputs.values()) if isinstance(inputs, dict) else inputs
    joined = layers.Concatenate()(leaves) if isinstance(leaves, list) else leaves
    return layers.Dense(rest[-1], activation="sigmoid", name=names.pop(0) if names else None)(joined)


def model_of(asked: dict) -> object:
    from tensorflow import keras

    if "model" in asked:
        return real(asked["model"])
    names = list(real(asked["output_names"])) if "output_names" in asked else []
    inputs = inputs_of(asked["inputs"])
    if asked["kind"] == "sequential":
        return keras.Sequential([inputs, keras.layers.Dense(asked["outputs"][1][-1], activation="sigmoid")])
    return keras.Model(inputs, outputs_of(asked["outputs"], inputs, names))


def run(call: list, steps: list) -> str | None:
    """What it raises."""
    from tensorflow import keras

    keras.backend.clear_session()
    asked, method = dict(call[3]), call[1][1].rsplit(".", 1)[1]
    make(steps)
    try:
        model = model_of(asked)
        if "compile" in asked:
            model.compile(**{"jit_compile": False, **real(asked["compile"])})
        quiet = {} if method.endswith("on_batch") else {"verbose": 0}
        getattr(model, method)(**{**quiet, **real(asked["arguments"])})
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


if __name__ == "__main__":
    answers = sys.stdout
    sys.stdout = sys.stderr
    os.chdir(tempfile.mkdtemp())
    json.dump([run(item["call"], item["steps"]) for item in json.load(sys.stdin)], answers)
