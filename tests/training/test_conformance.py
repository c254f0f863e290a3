"""The same calls put to the rules and to real Keras: both raise, or neither does.

Real models, tiny, through their real ``fit``, ``evaluate`` and ``predict``. ``evaluate`` checks losses
and metrics as ``fit`` does and takes half the time, so ``fit`` is left for what only it does.
"""

from __future__ import annotations

import os
import warnings

import pytest

from shapelens.library.keras.training.facts import Method
from tests.conformance.training.draw import countings
from tests.training.support import Arr, Made, Net, Real, judge, real, really

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
keras: Real = pytest.importorskip("keras")

pytestmark = [pytest.mark.keras, pytest.mark.filterwarnings("ignore")]

N, T = 8, 5
TARGETS = ((), (1,), (3,), (10,), (T,), (T, 1), (T, 3))
OUTPUTS = ((1,), (3,), (10,), (T, 1), (T, 3))
FAMILIES = ("mse", "binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy")
OTHER_LOSSES = (
    "mae", "mape", "msle", "huber", "log_cosh", "hinge", "squared_hinge", "categorical_hinge",
    "kl_divergence", "poisson", "cosine_similarity", "dice", "tversky",
    "categorical_focal_crossentropy", "binary_focal_crossentropy", "crossentropy",
)  # fmt: skip
OTHER_CELLS = (((3,), (3,)), ((3,), ()), ((3,), (1,)), ((1,), (3,)), ((T, 1), (1,)), ((T, 3), (T,)))
METRICS = (
    "accuracy", "AUC", "Precision", "TruePositives", "mae", "binary_accuracy", "RootMeanSquaredError",
    "sparse_categorical_accuracy", "sparse_top_k_categorical_accuracy", "F1Score", "R2Score",
    "CosineSimilarity",
)  # fmt: skip
METRIC_CELLS = (
    ("mse", (1,), (3,)),
    ("mse", (3,), (1,)),
    ("mse", (3,), (3,)),
    ("mse", (1,), ()),
    ("sparse_categorical_crossentropy", (3,), ()),
    ("sparse_categorical_crossentropy", (T, 3), (T,)),
    ("categorical_crossentropy", (T, 3), (T, 3)),
)


def dense(output: tuple[int, ...], kind: str = "functional") -> Net:
    return Net((*output[:-1], 4), (("dense", output[-1]),), kind)


def agree(net: Net, method: Method, arguments: dict[str, object], compiled: dict[str, object] | None = None) -> None:
    model = net.model()
    if compiled is not None:
        model.compile("sgd", **{name: real(value) for name, value in compiled.items()})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        raised = really(model, method, arguments)
    verdict = judge(net.facts(None), method, arguments, compiled)
    if (raised is None) != (verdict.error is None):
        pytest.fail(f"Keras: {raised}\nrules: {verdict.error}")


def trained(output: tuple[int, ...], target: tuple[int, ...], samples: int = N, **more: object) -> dict[str, object]:
    return {"x": Arr((samples, *output[:-1], 4)), "y": Arr((samples, *target)), **more}


@pytest.mark.parametrize("loss", FAMILIES)
@pytest.mark.parametrize("output", OUTPUTS)
def test_targets_and_outputs(loss: str, output: tuple[int, ...]) -> None:
    for target in TARGETS:
        agree(dense(output), "evaluate", trained(output, target, batch_size=N), {"loss": loss})


@pytest.mark.parametrize("loss", OTHER_LOSSES)
def test_other_losses(loss: str) -> None:
    for output, target in OTHER_CELLS:
        agree(dense(output), "evaluate", trained(output, target, batch_size=N), {"loss": loss})


def test_loss_objects() -> None:
    for name in ("MeanSquaredError", "Huber", "CategoricalCrossentropy", "SparseCategoricalCrossentropy"):
        for target in ((), (3,), (10,)):
            agree(dense((3,)), "evaluate", trained((3,), target), {"loss": Made(f"keras.losses.{name}")})


@pytest.mark.parametrize(
    ("samples", "batch_size"),
    [
        (8, 8),
        (8, 3),
        (100, None),
        (33, 32),
        (10, None),
        (10, 10),
        (20, 10),
        (21, 10),
        (10, 3),
        (8, 1),
        (1, 1),
    ],
)
def test_broadcasting_over_the_batch(samples: int, batch_size: int | None) -> None:
    agree(dense((10,)), "fit", trained((10,), (), samples, batch_size=batch_size), {"loss": "mse"})


@pytest.mark.parametrize("metric", METRICS)
def test_metrics(metric: str) -> None:
    for loss, output, target in METRIC_CELLS:
        agree(dense(output), "evaluate", trained(output, target), {"loss": loss, "metrics": [metric]})


@pytest.mark.parametrize("weights", [(N,), (N, 1), (N, T), (N, T, 1), (N, 3)])
def test_sample_weights(weights: tuple[int, ...]) -> None:
    for loss, output, target in (
        ("mse", (4,), (4,)),
        ("mse", (T, 3), (T, 3)),
        ("sparse_categorical_crossentropy", (T, 3), (T,)),
        ("sparse_categorical_crossentropy", (3,), ()),
    ):
        agree(dense(output), "fit", trained(output, target, sample_weight=Arr(weights)), {"loss": loss})


def test_class_weights() -> None:
    for loss, output, target in (
        ("mse", (4,), (4,)),
        ("mse", (T, 3), (T, 3)),
        ("sparse_categorical_crossentropy", (T, 3), (T,)),
        ("sparse_categorical_crossentropy", (3,), ()),
    ):
        agree(dense(output), "fit", trained(output, target, class_weight={0: 1.0, 1: 2.0}), {"loss": loss})


@pytest.mark.parametrize("method", ["fit", "evaluate"])
def test_label_ranges(method: Method) -> None:
    loss = {"loss": "sparse_categorical_crossentropy"}
    for units, labels in ((3, 3), (3, 4), (4, 3)):
        arguments = {"x": Arr((160, 4)), "y": Arr((160,), labels=labels)}
        agree(dense((units,)), method, arguments, loss)


INPUTS: list[tuple[Net, tuple[int, ...]]] = [
    (Net(declared, layers, kind), data)
    for kind in ("functional", "sequential")
    for declared, layers, datas in (
        (
            (6, 6, 1),
            (("conv", 2), ("flatten",), ("dense", 1)),
            ((N, 6, 6), (N, 6, 6, 1), (N, 6, 6, 1, 1), (6, 6, 1), (6, 6), (N, 36), (N,), (N, 7, 7, 1),
             (N, 6, 6, 3), (N, 7, 7)),
        ),
        ((6, 6, 3), (("conv", 2), ("pool",), ("dense", 1)), ((N, 6, 6), (6, 6, 3), (N, 8, 8, 3), (N, 6, 6, 1))),
        ((5, 4), (("lstm", 2), ("dense", 1)), ((N, 5, 4), (N, 7, 4), (5, 4), (N, 4), (N, 5, 4, 1), (N, 5))),
        ((6, 1), (("lstm", 2), ("dense", 1)), ((N, 6), (6, 1), (N, 6, 1), (6,))),
        ((6, 1), (("flatten",), ("dense", 1)), ((6, 1), (N, 6), (N, 7, 1))),
        ((4,), (("dense", 1),), ((4,), (N,), (N, 4), (N, 4, 1), (N, 3), (N, 1, 4))),
        ((1,), (("dense", 1),), ((N,), (N, 1), (N, 1, 1), (1,), (N, 2))),
        ((None, 4), (("lstm", 2), ("dense", 1)), ((N, 10), (10, 4), (N, 3, 4), (N, 3, 5))),
    )
    for data in datas
]  # fmt: skip


@pytest.mark.parametrize(("net", "data"), INPUTS)
def test_inputs(net: Net, data: tuple[int, ...]) -> None:
    agree(net, "predict", {"x": Arr(data)})
    agree(net, "call", {"x": Arr(data)})


@pytest.mark.parametrize(("net", "data"), INPUTS[::6])
def test_inputs_in_fit(net: Net, data: tuple[int, ...]) -> None:
    agree(net, "fit", {"x": Arr(data), "y": Arr((data[0], 1))}, {"loss": "mse"})


def test_counts_and_kinds_of_data() -> None:
    net = dense((1,))
    mse = {"loss": "mse"}
    x, y = Arr((N, 4)), Arr((N, 1))
    for method, arguments in (
        *countings(N),
        ("fit", {"x": x, "y": Arr(())}),
        ("evaluate", {"x": Arr(()), "y": y}),
        ("predict", {"x": Arr(())}),
        ("train_on_batch", {"x": x, "y": Arr(())}),
    ):
        agree(net, method, arguments, mse)


@pytest.mark.parametrize(
    "loss", ["mse", "binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy"]
)
def test_one_sample_beside_several(loss: str) -> None:
    agree(dense((3,)), "train_on_batch", {"x": Arr((N, 4)), "y": Arr((1, 3))}, {"loss": loss})
    agree(dense((3,)), "test_on_batch", {"x": Arr((1, 4)), "y": Arr((N, 3))}, {"loss": loss})
    agree(dense((1,)), "train_on_batch", {"x": Arr((N, 4)), "y": Arr((1,))}, {"loss": loss})
