"""Random calls of training methods: targets against outputs, data against inputs, counts."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.conformance.training.models import Arr, Made, Net, Training

SAMPLES, STEPS = 8, 5
TARGETS = ((), (1,), (3,), (10,), (STEPS,), (STEPS, 1), (STEPS, 3))
OUTPUTS = ((1,), (3,), (10,), (STEPS, 1), (STEPS, 3))
LOSSES = (
    "mse", "mae", "mape", "msle", "huber", "log_cosh", "hinge", "squared_hinge", "categorical_hinge",
    "kl_divergence", "poisson", "cosine_similarity", "binary_crossentropy", "categorical_crossentropy",
    "sparse_categorical_crossentropy", "binary_focal_crossentropy", "categorical_focal_crossentropy",
)  # fmt: skip
FREQUENT = ("mse", "binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy")
CLASSES = (
    "MeanSquaredError", "Huber", "CategoricalCrossentropy", "SparseCategoricalCrossentropy", "BinaryCrossentropy",
    "KLDivergence", "Poisson", "CosineSimilarity",
)  # fmt: skip
METRICS = (
    "accuracy", "AUC", "Precision", "TruePositives", "mae", "binary_accuracy", "RootMeanSquaredError",
    "sparse_categorical_accuracy", "sparse_top_k_categorical_accuracy", "CosineSimilarity", "F1Score", "R2Score",
)  # fmt: skip
# Models, and data that people give them.
INPUTS: tuple[tuple[Net, tuple[tuple[int, ...], ...]], ...] = (
    (
        Net((6, 6, 1), (("conv", 2), ("flatten",), ("dense", 1))),
        (
            (8, 6, 6), (8, 6, 6, 1), (8, 6, 6, 1, 1), (6, 6, 1), (6, 6), (8, 36), (8,), (8, 7, 7, 1), (8, 6, 6, 3),
            (8, 7, 7), (8, 1, 6, 6, 1),
        ),
    ),
    (
        Net((6, 6, 3), (("conv", 2), ("pool",), ("dense", 1))),
        ((8, 6, 6), (6, 6, 3), (8, 8, 8, 3), (8, 6, 6, 1), (8, 6, 6, 3)),
    ),
    (
        Net((5, 4), (("lstm", 2), ("dense", 1))),
        ((8, 5, 4), (8, 7, 4), (5, 4), (8, 4), (8, 5, 4, 1), (8, 5)),
    ),
    (Net((6, 1), (("lstm", 2), ("dense", 1))), ((8, 6), (6, 1), (8, 6, 1), (6,))),
    (Net((6, 1), (("flatten",), ("dense", 1))), ((6, 1), (8, 6), (8, 7, 1))),
    (Net((4,), (("dense", 1),)), ((4,), (8,), (8, 4), (8, 4, 1), (8, 3), (8, 1, 4))),
    (Net((1,), (("dense", 1),)), ((8,), (8, 1), (8, 1, 1), (1,), (8, 2))),
    (Net((None, 4), (("lstm", 2), ("dense", 1))), ((8, 10), (10, 4), (8, 3, 4), (8, 3, 5))),
)  # fmt: skip


def dense(random: Random, output: tuple[int, ...]) -> Net:
    """A model with this output for each sample."""
    kind = random.choice(("functional", "sequential"))
    activation = random.choice(("sigmoid", "sigmoid", "relu", "softmax"))
    return Net((*output[:-1], 4), (("dense", output[-1]),), kind, activation)


def scored(random: Random) -> Training:
    """Targets against the output under a loss."""
    output = random.choice(OUTPUTS)
    target = random.choice((output, *TARGETS, *TARGETS))
    loss: Any = random.choice((*FREQUENT, *FREQUENT, *LOSSES))
    if random.random() < 0.25:
        loss = Made(f"keras.losses.{random.choice(CLASSES)}")
    samples = random.choice((SAMPLES, SAMPLES, SAMPLES, 10, 11, 1))
    arguments: dict[str, Any] = {"x": Arr((samples, *output[:-1], 4)), "y": Arr((samples, *target))}
    if random.random() < 0.6:
        arguments["batch_size"] = random.choice((samples, samples, 3, 10, 1))
    return Training(dense(random, output), random.choice(("evaluate", "evaluate", "fit")), arguments, {"loss": loss})


def measured(random: Random) -> Training:
    """Targets against the output under a loss that fits more often, and a metric."""
    output = random.choice(OUTPUTS)
    loss = random.choice(FREQUENT)
    fitting = output[:-1] if loss.startswith("sparse") else output
    target = random.choice((fitting, fitting, *TARGETS))
    arguments = {"x": Arr((SAMPLES, *output[:-1], 4)), "y": Arr((SAMPLES, *target))}
    metric: Any = random.choice(METRICS)
    if metric[0].isupper():
        metric = Made(f"keras.metrics.{metric}")
    return Training(dense(random, output), "evaluate", arguments, {"loss": loss, "metrics": [metric]})


def weighted(random: Random) -> Training:
    """Weights of samples, or of classes."""
    loss, output, target = random.choice(
        (
            ("mse", (4,), (4,)),
            ("mse", (STEPS, 3), (STEPS, 3)),
            ("sparse_categorical_crossentropy", (STEPS, 3), (STEPS,)),
            ("sparse_categorical_crossentropy", (3,), ()),
        )
    )
    arguments: dict[str, Any] = {"x": Arr((SAMPLES, *output[:-1], 4)), "y": Arr((SAMPLES, *target))}
    if random.random() < 0.75:
        arguments["sample_weight"] = Arr(random.choice(((8,), (8, 1), (8, STEPS), (8, STEPS, 1), (8, 3), (7,))))
    else:
        arguments["class_weight"] = {0: 1.0, 1: 2.0}
    return Training(dense(random, output), "fit", arguments, {"loss": loss})


def fed(random: Random) -> Training:
    """Data against the declared input."""
    net, datas = random.choice(INPUTS)
    net = Net(net.declared, net.layers, random.choice(("functional", "sequential")))
    data = random.choice(datas)
    method = random.choice(("predict", "predict", "call", "fit"))
    arguments: dict[str, Any] = {"x": Arr(data)}
    if method == "fit":
        arguments["y"] = Arr((data[0], 1))
    return Training(net, method, arguments, {"loss": "mse"} if method == "fit" else None)


def countings(samples: int) -> tuple[tuple[str, dict[str, Any]], ...]:
    """Kinds of data and counts of samples, for models of four features that are trained with `mse`."""
    x, y = Arr((samples, 4)), Arr((samples, 1))
    return (
        ("fit", {"x": x, "y": Arr((7, 1))}),
        ("fit", {"x": x, "y": y, "sample_weight": Arr((7,))}),
        ("fit", {"x": x, "y": y, "validation_data": (x, Arr((7, 1)))}),
        ("fit", {"x": x, "y": y, "validation_data": [x, y]}),
        ("fit", {"x": x, "y": y, "validation_data": (x, Arr((samples, 3, 4)))}),
        ("fit", {"x": x, "y": y, "validation_data": (Arr((samples, 5)), y)}),
        ("fit", {"x": x, "y": y, "validation_split": 0.25}),
        ("fit", {"x": x}),
        ("evaluate", {"x": x}),
        ("evaluate", {"x": Arr((4,)), "y": y}),
        ("train_on_batch", {"x": x, "y": Arr((7, 1))}),
        ("train_on_batch", {"x": x, "y": y}),
        ("test_on_batch", {"x": x, "y": Arr((samples, 5, 5))}),
        ("predict_on_batch", {"x": Arr((samples, 5))}),
        ("fit", {"x": x, "y": [0.0] * samples}),
        ("fit", {"x": [[0.0] * 4] * samples, "y": y}),
        ("predict", {"x": [[0.0] * 4] * samples}),
        ("predict", {"x": [x]}),
        ("predict", {"x": [x, x]}),
        ("fit", {"x": x, "y": [y]}),
        ("fit", {"x": x, "y": [y, y]}),
    )


def counted(random: Random) -> Training:
    """Kinds of data and counts of samples."""
    method, arguments = random.choice(countings(SAMPLES))
    return Training(dense(random, (1,)), method, arguments, {"loss": "mse"})


DRAWN = {"losses": scored, "metrics": measured, "weights": weighted, "inputs": fed, "counts": counted}
