"""Several outputs: which targets and losses go together, by the rules and by real Keras."""

from __future__ import annotations

import pytest

from shapelens.library.keras.training.facts import ModelFacts, OutputLayer
from shapelens.shapes.shape import TensorSpec, shape
from tests.training.support import Arr, Real, judge, really

keras: Real = pytest.importorskip("keras")

pytestmark = [pytest.mark.keras, pytest.mark.filterwarnings("ignore")]

P, Q = Arr((8, 1)), Arr((8, 3))
TARGETS: dict[str, object] = {
    "an array": P,
    "a list of one": [P],
    "a list": [P, Q],
    "a tuple": (P, Q),
    "three": [P, Q, P],
    "a dict": {"p": P, "q": Q},
    "half a dict": {"p": P},
    "a dict with another name": {"p": P, "zz": Q},
    "swapped": [Q, P],
    "another size": [P, Arr((8, 5))],
    "none": None,
}
LOSSES: dict[str, object] = {
    "one": "mse",
    "two": ["mse", "mse"],
    "the first": ["mse", None],
    "a list of one": ["mse"],
    "three": ["mse", "mse", "mse"],
    "a dict": {"p": "mse", "q": "mse"},
    "half a dict": {"p": "mse"},
    "a dict with none": {"p": "mse", "q": None},
    "another name": {"p": "mse", "zz": "mse"},
}
METRICS: tuple[object, ...] = (
    ["mae"],
    ["mae", "mae"],
    ["mae", "mae", "mae"],
    [["mae"], ["mae"]],
    {"p": "mae"},
    {"zz": "mae"},
)
# Keras raises on these for reasons of structure that the rules leave alone.
LEFT_ALONE = {"half a dict", "a dict with another name", "none"}

FACTS = ModelFacts(
    "functional",
    inputs=TensorSpec(shape(None, 4), "float32"),
    outputs=(TensorSpec(shape(None, 1), "float32"), TensorSpec(shape(None, 3), "float32")),
    input_names=("a",),
    output_names=("p", "q"),
    output_layers=(OutputLayer("Dense"), OutputLayer("Dense")),
)


def two_outputs(**compiled: object) -> Real:
    inputs = keras.Input((4,), name="a")
    outputs = [keras.layers.Dense(1, name="p")(inputs), keras.layers.Dense(3, name="q")(inputs)]
    model = keras.Model(inputs, outputs)
    model.compile("sgd", **compiled)
    return model


@pytest.mark.parametrize("loss", LOSSES)
def test_targets_and_losses(loss: str) -> None:
    for name, target in TARGETS.items():
        arguments = {"x": Arr((8, 4)), "y": target}
        raised = really(two_outputs(loss=LOSSES[loss]), "evaluate", arguments)
        error = judge(FACTS, "evaluate", arguments, {"loss": LOSSES[loss]}).error
        assert error is None or raised is not None, (name, error)
        assert raised is None or error is not None or name in LEFT_ALONE, (name, raised)


@pytest.mark.parametrize("metrics", METRICS)
def test_metrics(metrics: object) -> None:
    arguments: dict[str, object] = {"x": Arr((8, 4)), "y": [P, Q]}
    raised = really(two_outputs(loss="mse", metrics=metrics), "evaluate", arguments)
    error = judge(FACTS, "evaluate", arguments, {"loss": "mse", "metrics": metrics}).error
    assert (raised is None) == (error is None), raised


@pytest.mark.parametrize("weights", [[1, 2], [1], [1, 2, 3], {"p": 1, "q": 2}, {"p": 1}])
def test_loss_weights(weights: object) -> None:
    arguments: dict[str, object] = {"x": Arr((8, 4)), "y": [P, Q]}
    compiled = {"loss": ["mse", "mse"], "loss_weights": weights}
    raised = really(two_outputs(**compiled), "evaluate", arguments)
    assert (raised is None) == (judge(FACTS, "evaluate", arguments, compiled).error is None), raised


@pytest.mark.parametrize(
    "data",
    [Arr((8, 4)), [Arr((8, 4))], [Arr((8, 4)), Arr((8, 4))], {"a": Arr((8, 4))}, {"zz": Arr((8, 4))}, Arr((8, 5))],
)
def test_inputs_by_structure(data: object) -> None:
    raised = really(two_outputs(loss="mse"), "predict", {"x": data})
    assert (raised is None) == (judge(FACTS, "predict", {"x": data}).error is None), raised
