"""Puts generated cases to the rules and to the real Keras 2.15: everything that is no layer and no model."""

from __future__ import annotations

import random

from tests.conformance import keras2
from tests.conformance.cases import Expression
from tests.conformance.ops import backend, scoring, utils
from tests.conformance.ops.draw import Draw, Maker, case
from tests.conformance.ops.run import Tally, count_unknown
from tests.support.array_cases import compare_blurred, compare_exact, parse

# Names that Keras 2.15 has not.
_NEW = {
    "losses": (
        "CTC",
        "CategoricalGeneralizedCrossEntropy",
        "Circle",
        "Dice",
        "Tversky",
        "circle",
        "ctc",
        "dice",
        "tversky",
    ),
    "metrics": ("ConcordanceCorrelation", "PearsonCorrelation", "concordance_correlation", "pearson_correlation"),
}
_ACTIVATIONS = (
    "elu", "exponential", "gelu", "hard_sigmoid", "linear", "mish", "relu", "selu", "sigmoid", "softmax", "softplus",
    "softsign", "swish", "tanh",
)  # fmt: skip


def _floats(maker: Maker) -> Maker:
    """Without integers: eagerly a part of these functions refuses them, which the rules say nothing of."""
    return lambda draw: maker(draw).replace(":int32", ":float32")


def _activation(name: str) -> Maker:
    def made(draw: Draw) -> str:
        if name == "softmax":
            sizes = draw.sizes(1)
            axis = f", axis={draw.axis(len(sizes))}" if draw.chance(0.5) else ""
            return f"keras.activations.softmax({draw.tensor(sizes, draw.floating())}{axis})"
        dtype = draw.dtype() if draw.chance(0.2) else draw.floating()
        # Of integers a part is refused, which the rules say nothing of.
        loose = "" if dtype.startswith("float") else "~"
        return f"{loose}keras.activations.{name}({draw.tensor(draw.sizes(), dtype)})"

    return made


MAKERS: dict[str, Maker] = {
    **backend.MAKERS,
    **utils.MAKERS,
    **{
        name: _floats(maker)
        if name in ("keras.losses.cosine_similarity", "keras.losses.CosineSimilarity", "keras.metrics.binary_accuracy")
        else maker
        for name, maker in scoring.MAKERS.items()
        if name.rpartition(".")[2] not in _NEW[name.split(".")[1]]
    },
    **{f"keras.activations.{name}": _activation(name) for name in _ACTIVATIONS},
}


def put(name: str, count: int, seed: int) -> Tally:
    """Put ``count`` cases of the function ``name`` to both sides."""
    chooser = random.Random(f"{seed} {name}")
    texts = [case(MAKERS[name], chooser) for _ in range(count)]
    cases = [parse(text) for text in texts]
    answers = keras2.evaluate(
        [Expression(case.source, dict(case.inputs), seed + number) for number, case in enumerate(cases)]
    )
    tally = Tally()
    for text, parsed, real in zip(texts, cases, answers, strict=True):
        tally.cases += 1
        tally.refused += real.error is not None
        tally.unknown += count_unknown(parsed, keras2.VERSIONS)
        problem = compare_exact(parsed, real.value, real.error, keras2.VERSIONS)
        if problem is None and real.error is None:
            problem = compare_blurred(parsed, real.value, chooser, keras2.VERSIONS)
        if problem:
            tally.disagreements.append(f"{text}: {problem}")
    return tally
