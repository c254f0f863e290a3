"""Prints the Markdown table of `docs/keras-facts.md`: which targets fit which output under which loss.

Run it with an interpreter that has Keras: `python tests/support/loss_table.py`. Every cell is one real `fit`.
"""

from __future__ import annotations

import os
from typing import Any

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

SAMPLES, STEPS = 8, 5
SIZES: dict[str, tuple[int, ...]] = {
    "(N,)": (),
    "(N, 1)": (1,),
    "(N, 3)": (3,),
    "(N, 10)": (10,),
    "(N, T)": (STEPS,),
    "(N, T, 1)": (STEPS, 1),
    "(N, T, 3)": (STEPS, 3),
}
OUTPUTS = ("(N, 1)", "(N, 3)", "(N, 10)", "(N, T, 1)", "(N, T, 3)")
# The sentence that each letter of the table stands for: how Keras's message begins.
SENTENCES = {
    "Dimensions must be equal": "D",
    "Arguments `target` and `output` must have the same rank": "R",
    "Arguments `target` and `output` must have the same shape up until": "U",
    "Arguments `target` and `output` must have the same shape": "S",
    "Argument `output` must have rank (ndim) `target.ndim - 1`": "K",
}
LOSSES = ("mse", "mae", "binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy")


def squeezed(target: tuple[int, ...], output: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """What Keras's losses do to ranks that differ by one, batch axis left out."""
    if len(target) == len(output) + 1 and target[-1] == 1:
        target = target[:-1]
    elif len(output) == len(target) + 1 and output[-1] == 1:
        if target:
            output = output[:-1]
        else:
            target = (1,)
    return target, output


def cell(loss: str, output: tuple[int, ...], target: tuple[int, ...], metrics: list[str] | None) -> str:
    """`fits`, `broadcasts` or the letter of what `fit` raises."""
    import keras
    import numpy as np

    keras.backend.clear_session()
    features = keras.Input((STEPS, 4) if len(output) == 2 else (4,))
    activation = "softmax" if loss.endswith("categorical_crossentropy") else "sigmoid"
    model: Any = keras.Model(features, keras.layers.Dense(output[-1], activation=activation)(features))
    model.compile("sgd", loss=loss, metrics=metrics)
    x = np.zeros((SAMPLES, *features.shape[1:]), "float32")
    y = np.zeros((SAMPLES, *target), "int32" if loss.startswith("sparse") else "float32")
    try:
        model.fit(x, y, batch_size=SAMPLES, verbose=0)
    except Exception as error:
        found = [letter for sentence, letter in SENTENCES.items() if str(error).startswith(sentence)]
        return f"**{found[0]}**" if found else f"**{error}**"
    sparse = loss.startswith("sparse")
    same = sparse or squeezed(target, output)[0] == squeezed(target, output)[1]
    return "fits" if same else "broadcasts"


def main() -> None:
    """Print one table a loss, and say where `metrics=["accuracy"]` changes the outcome."""
    import warnings

    warnings.simplefilter("ignore")
    for loss in LOSSES:
        print(f"\n| `{loss}`: output \\ targets | " + " | ".join(f"`{t}`" for t in SIZES) + " |")
        print("| --- |" + " --- |" * len(SIZES))
        for output in OUTPUTS:
            cells = [cell(loss, SIZES[output], target, None) for target in SIZES.values()]
            with_metric = [cell(loss, SIZES[output], target, ["accuracy"]) for target in SIZES.values()]
            print(f"| `{output}` | " + " | ".join(cells) + " |")
            if cells != with_metric:
                print(f"accuracy changes this row: {with_metric}")


if __name__ == "__main__":
    main()
