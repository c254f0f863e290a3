"""Questions about ``fit`` and its kin are answered as a real fit would, with a real model, does."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from shapelens.referee.wire import question_to_wire
from shapelens.shapes.question import Answer, Call, Constant, Given, Name, Question, Tensor, Term
from tests.referee.asking import array, call, layer, tensor
from tests.referee.conftest import Keras

pytestmark = pytest.mark.keras
FITS = Path(__file__).with_name("fits.py")
N, T = 8, 5
ROW = tensor(None, 4)
X = array(N, 4)
TWO = [tensor(None, 3), tensor(None, 1)]


def training(
    method: str,
    outputs: object,
    arguments: dict[str, object],
    compiled: dict[str, object] | None = None,
    inputs: object = ROW,
    kind: str = "functional",
    **more: object,
) -> Call:
    """A question as `shapes/question.py` says."""
    described: dict[str, object] = {"kind": kind, "inputs": inputs, "outputs": outputs, "arguments": arguments}
    if compiled is not None:
        described["compile"] = compiled
    return call(f"keras.Model.{method}", **described, **more)


def cell(loss: str, output: tuple[int, ...], target: tuple[int, ...]) -> Call:
    """One cell of the table of losses in `docs/keras-facts.md`."""
    data = {"x": array(N, *output[:-1], 4), "y": array(N, *target), "batch_size": N}
    declared = tensor(None, *output[:-1], 4)
    return training("evaluate", tensor(None, *output), data, {"loss": loss}, declared, activations=["sigmoid"])


def fit(method: str = "fit", y: Tensor | None = None, loss: str = "mse", units: int = 3, **arguments: object) -> Call:
    """A model with one output."""
    data: dict[str, object] = {"x": X, **({} if y is None else {"y": y}), **arguments}
    return training(method, tensor(None, units), data, {"loss": loss})


TABLE = {
    f"{loss} {output} {target}": cell(loss, output, target)
    for loss in ("mse", "binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy")
    for output in ((1,), (3,), (T, 3))
    for target in ((), (1,), (3,), (T,), (T, 3))
}
OTHERS = {
    "counts": fit(y=array(7, 3)),
    "counts of weights": fit(y=array(N, 3), sample_weight=array(7)),
    "weights": fit(y=array(N, 3), sample_weight=array(N)),
    "no targets": fit(),
    "batch of 10": fit(y=array(20), x=array(20, 4), units=10, batch_size=10),
    "batch of 32, and some": fit(y=array(33), x=array(33, 4), units=10),
    "batches of 3": fit(y=array(10), x=array(10, 4), units=10, batch_size=3),
    "batches of 1": fit(y=array(N), units=10, batch_size=1),
    "on a batch": fit("train_on_batch", y=array(7, 3)),
    "test on a batch": fit("test_on_batch", y=array(N, 3)),
    "split": fit(y=array(N, 3), validation_split=0.25),
    "split of one": fit(x=array(1, 4), y=array(1, 3), validation_split=0.5),
    "validation": fit(y=array(N, 3), validation_data=(array(4, 4), array(4, 3))),
    "validation of other counts": fit(y=array(N, 3), validation_data=(array(4, 4), array(3, 3))),
    "validation of other features": fit(y=array(N, 3), validation_data=(array(4, 5), array(4, 3))),
    "validation without targets": fit(y=array(N, 3), validation_data=(array(4, 4),)),
    "validation of one array": fit(y=array(N, 3), validation_data=array(4, 4)),
    "validation of a list": fit(y=array(N, 3), validation_data=[array(4, 4), array(4, 3)]),
    "validation in steps": fit(y=array(N, 3), validation_data=(array(4, 4), array(4, 3)), validation_steps=1),
    "labels": fit(y=array(N, dtype="int64"), loss="sparse_categorical_crossentropy", epochs=2),
    "other features": fit(x=array(N, 5), y=array(N, 3)),
    "images": fit(x=array(N, 4, 4), y=array(N, 3)),
    "sequential on images": training(
        "predict", tensor(None, 8, 8, 2), {"x": array(N, 8, 8)}, None, tensor(None, 8, 8, 1), "sequential"
    ),
    "sequential on other images": training(
        "predict", tensor(None, 9, 9, 2), {"x": array(N, 9, 9, 1)}, None, tensor(None, 8, 8, 1), "sequential"
    ),
    "functional on other images": training(
        "predict", tensor(None, 9, 9, 2), {"x": array(N, 9, 9, 1)}, None, tensor(None, 8, 8, 1)
    ),
    "one sample": training("predict", tensor(None, 3), {"x": array(4)}),
    "never compiled": training("fit", tensor(None, 3), {"x": X, "y": array(N, 3)}),
    "unknown loss": fit(y=array(N, 3), loss="no_such_loss"),
    "metrics": training(
        "evaluate", tensor(None, 1), {"x": X, "y": array(N, 3)}, {"loss": "mse", "metrics": [call("keras.metrics.AUC")]}
    ),
    "a loss object": training(
        "evaluate", tensor(None, 3), {"x": X, "y": array(N)}, {"loss": call("keras.losses.CategoricalCrossentropy")}
    ),
    "two outputs": training("fit", TWO, {"x": X, "y": [array(N, 3), array(N, 1)]}, {"loss": "mse"}),
    "a name that is no output": training(
        "fit",
        TWO,
        {"x": X, "y": [array(N, 3), array(N, 1)]},
        {"loss": {"p": "mse", "zz": "mse"}},
        output_names=["p", "q"],
    ),
    "two inputs": training(
        "fit",
        tensor(None, 3),
        {"x": {"a": array(N, 4), "b": array(N, 2)}, "y": array(N, 3)},
        {"loss": "mse"},
        {"a": ROW, "b": tensor(None, 2)},
    ),
    "an input is missing": training(
        "fit",
        tensor(None, 3),
        {"x": {"a": array(N, 4)}, "y": array(N, 3)},
        {"loss": "mse"},
        {"a": ROW, "b": tensor(None, 2)},
    ),
}
# A model that is told itself: here the layers inside get the data.
STEPS: tuple[Term, ...] = (
    call("keras.Input", batch_shape=(None, 4)),
    call(layer("Dense", 6), Given(0)),
    layer("Dense", 3, activation="sigmoid"),
    Call(Given(2), (Given(1),)),
    call("keras.Model", Given(0), Given(3)),
    call(
        "keras.Sequential", [call("keras.Input", batch_shape=(None, 8, 8, 1)), layer("Conv2D", 2, 3), layer("Flatten")]
    ),
    call("keras.Sequential", [layer("LSTM", 5), layer("BatchNormalization"), layer("Dropout", 0.5), layer("Dense", 3)]),
)


def itself(step: int, method: str, arguments: dict[str, object], loss: object = "mse", **more: object) -> Question:
    """A training call of the model that a step makes."""
    compiled = {"loss": loss, "metrics": ["accuracy"], "optimizer": "adam"}
    asked = call(f"keras.Model.{method}", model=Given(step), compile=compiled, arguments=arguments, **more)
    return Question(asked, (), STEPS)


ITSELF = {
    "functional": itself(4, "fit", {"x": X, "y": array(N, 3)}),
    "functional, other features": itself(4, "fit", {"x": array(N, 5), "y": array(N, 3)}),
    "functional, other targets": itself(4, "evaluate", {"x": X, "y": array(N, 5)}),
    "functional, other ranks": itself(4, "fit", {"x": X, "y": array(N)}, "categorical_crossentropy"),
    "functional, validation": itself(
        4, "fit", {"x": X, "y": array(N, 3), "validation_data": (array(4, 5), array(4, 3))}
    ),
    "functional, weights of classes": itself(4, "fit", {"x": X, "y": array(N, 3), "class_weight": {0: 1.0, 1: 2.0}}),
    "functional, weights of classes in vain": itself(4, "fit", {"x": X, "y": array(N, 5), "class_weight": {0: 1.0}}),
    "functional, on a batch": itself(4, "train_on_batch", {"x": X, "y": array(N, 3)}),
    "functional, one sample": itself(4, "predict", {"x": array(4)}),
    "sequential": itself(5, "predict", {"x": array(N, 8, 8, 1)}),
    "sequential, other images": itself(5, "predict", {"x": array(N, 9, 9, 1)}),
    "sequential, other channels": itself(5, "predict", {"x": array(N, 8, 8, 2)}),
    "sequential, without the channel": itself(5, "fit", {"x": array(N, 8, 8), "y": array(N, 72)}),
    "sequential, one image": itself(5, "predict", {"x": array(8, 8, 1)}),
    "of its data": itself(6, "fit", {"x": array(N, T, 4), "y": array(N, 3)}),
    "of its data, a matrix": itself(6, "fit", {"x": X, "y": array(N, 3)}),
}
CASES = {**{name: Question(asked) for name, asked in (TABLE | OTHERS).items()}, **ITSELF}
# Here the layers inside decide, which a stand-in does not have.
UNKNOWABLE = {2: {"images", "one sample"}, 3: {"sequential on other images"}}


@pytest.fixture(scope="session")
def trained() -> dict[str, dict[str, str | None]]:
    """What real fits raised, by interpreter."""
    return {}


@pytest.mark.parametrize("name", CASES)
def test_training_fails_where_it_really_does(
    keras: Keras, trained: dict[str, dict[str, str | None]], name: str
) -> None:
    if keras.python not in trained:
        given = json.dumps([question_to_wire(asked) for asked in CASES.values()])
        done = subprocess.run([keras.python, str(FITS)], input=given, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        trained[keras.python] = dict(zip(CASES, json.loads(done.stdout), strict=True))
    really = trained[keras.python][name]
    answer = keras.answer_to(CASES[name])
    if keras.family == 2 and answer.refused == "the weights of its classes cannot be tried":
        return
    if name in UNKNOWABLE[keras.family]:
        assert answer.refused == "what the layers do with such data is not known"
        return
    assert answer.refused is None
    assert (answer.error is None) == (really is None), f"it raises {really}, not {answer.error}"
    if answer.error is None:
        assert answer.value == Constant(None)


def test_data_of_any_size_cost_nothing(keras: Keras) -> None:
    data = {"x": array(10**9, 4), "y": array(10**9 - 1, 3)}
    answer = keras.answer(training("fit", tensor(None, 3), data, {"loss": "mse"}))
    assert "cardinality" in (answer.error or "")
    data = {"x": array(10**9, 4), "y": array(10**9, 4)}
    assert keras.answer(training("fit", tensor(None, 3), data, {"loss": "mse"})).error


def test_an_unknown_number_of_samples(keras: Keras) -> None:
    unknown = {"x": tensor(None, 4, how="numpy"), "y": tensor(None, 4, how="numpy")}
    assert keras.answer(training("fit", tensor(None, 3), unknown, {"loss": "mse"})).error
    unknown = {"x": tensor(None, 4, how="numpy"), "y": tensor(None, how="numpy")}
    silent = keras.answer(training("fit", tensor(None, 10), unknown, {"loss": "mse"}))
    assert silent.error is None, "it depends on the number"


def test_the_elements_of_a_dataset(keras: Keras) -> None:
    def dataset(*element: Tensor) -> str | None:
        asked = training("fit", tensor(None, 3), {}, {"loss": "mse"}, element=element)
        return keras.answer(asked).error

    assert dataset(tensor(None, 4, how="tensor"), tensor(None, 3, how="tensor")) is None
    assert dataset(tensor(None, 4, how="tensor"), tensor(None, 5, how="tensor"))
    assert dataset(tensor(4, how="tensor"), tensor(3, how="tensor"))
    one_by_one = itself(4, "fit", {}, element=(tensor(4, how="tensor"), tensor(3, how="tensor")))
    assert keras.answer_to(one_by_one).error


def test_a_dataset_to_validate_with(keras: Keras) -> None:
    def validated(*element: Tensor, **arguments: object) -> str | None:
        data = {"x": X, "y": array(N, 3), **arguments}
        asked = training("fit", tensor(None, 3), data, {"loss": "mse"}, validation_element=element)
        return keras.answer(asked).error

    assert validated(tensor(None, 4, how="tensor"), tensor(None, 3, how="tensor")) is None
    assert validated(tensor(None, 4, how="tensor"), tensor(None, 5, how="tensor"))
    assert validated(tensor(None, 5, how="tensor"), tensor(None, 3, how="tensor"))
    assert (validated(tensor(None, 4, how="tensor")) is not None) is (keras.family == 3), "Keras 2 compares nothing"
    assert "cardinality" in str(validated(tensor(None, 4, how="tensor"), tensor(None, 3, how="tensor"), y=array(7, 3)))


def test_samples_are_counted_without_a_model(keras: Keras) -> None:
    def counted(method: str = "fit", **data: object) -> Answer:
        return keras.answer(call(f"keras.Model.{method}", arguments=data))

    assert "cardinality" in (counted(x=X, y=array(7, 3)).error or "")
    assert "cardinality" in (counted("evaluate", x=[X, array(7, 2)], y=array(N)).error or "")
    assert "cardinality" in (counted(x=X, y=array(N), validation_data=(array(4, 4), array(3, 3))).error or "")
    assert counted(x=X, y=array(N, 3)).value == Constant(None)
    assert counted("train_on_batch", x=X, y=array(7, 3)).refused
    assert counted(x=tensor(None, 4, how="numpy"), y=array(7, 3)).refused


def test_keras_2_looks_at_the_activation(keras2: Keras) -> None:
    data = {"x": X, "y": array(N, 3)}
    asked = [
        training("evaluate", tensor(None, 1), data, {"loss": "binary_crossentropy"}, **more)
        for more in ({"activations": ["sigmoid"]}, {"activations": ["linear"]}, {})
    ]
    sigmoid, linear, unknown = map(keras2.answer, asked)
    assert sigmoid.error == "`logits` and `labels` must have the same shape, received ((None, 1) vs (None, 3))."
    assert linear.value == Constant(None)
    assert unknown.refused == "it depends on the activations of the outputs"


def test_what_it_does_not_understand_is_refused(keras: Keras) -> None:
    fine = {"x": X, "y": array(N, 3)}
    for asked in (
        call("keras.Model.fit", X, array(N, 3)),
        call("keras.Model.fit"),
        training("fit", tensor(None, 3), {**fine, "callbacks": [layer("Dense", 3)]}, {"loss": "mse"}),
        training("fit", tensor(None, 3), fine, {"loss": Name("tensorflow.py_function")}),
        training("fit", tensor(None, 3), fine, {"loss": "mse"}, secrets=3),
    ):
        assert keras.answer(asked).refused
