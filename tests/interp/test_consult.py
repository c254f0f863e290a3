"""What the interpreter asks the installed library, and what it makes of the answers."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest

from shapelens.interp.result import REFEREE, VERSIONS, Cell, Content
from shapelens.library.consult import PENDING
from shapelens.shapes.dims import ANY
from shapelens.shapes.question import Answer, Call, Constant, Given, Mapping, Name, Question, Sequence, Tensor, Versions
from shapelens.shapes.shape import SpecNest, TensorSpec, shape
from shapelens.values.objects import NodeObject
from shapelens.values.value import Const, TensorValue, Unknown
from tests.support.interpreting import Outcome, interpret

KERAS = Versions(python="3.11.0", keras="3.15.1", tensorflow="2.21.0", numpy="2.3.0")
WHO = "Keras 3.15.1"
HEAD = "import keras\nimport numpy as np\nimport tensorflow as tf\nfrom keras import layers\n"
# Library names that no rule will ever be written for.
UNRULED = "keras.ops.unruled"
CONV_ON_MATRIX = "x = keras.Input((4,))\ny = layers.Conv2D(3, 2)(x)\n"


def interpreted(source: str, answer: Callable[[Question], Answer | None] | None = None) -> Outcome:
    """The program after every answer has come; without answers, as it is before."""
    known: dict[Cell, Content] = {VERSIONS: KERAS, REFEREE: KERAS}
    while True:
        outcome = interpret(HEAD + source, known=known)
        found = {q: answer(q) for q in outcome.questions if q not in known} if answer else {}
        fresh = {question: content for question, content in found.items() if content is not None}
        if not fresh:
            return outcome
        known.update(fresh)


def giving(outputs: SpecNest, params: int | None = None) -> Callable[[Question], Answer]:
    return lambda question: Answer(outputs=outputs, params=params, version=WHO)


def raising(sentence: str, error_type: str = "ValueError") -> Callable[[Question], Answer]:
    return lambda question: Answer(error=sentence, error_type=error_type, version=WHO)


def spec(*sizes: int | None, dtype: str = "float32") -> TensorSpec:
    return TensorSpec(shape(*sizes), dtype)


def question(function: str, *args: object, **kwargs: object) -> Question:
    return Question(Call(Name(function), args, tuple(kwargs.items())))  # type: ignore[arg-type]


# What is asked


@pytest.mark.parametrize(
    ("call", "asked"),
    [
        (
            "keras.ops.unruled(keras.Input((3,)), axis=1)",
            question(UNRULED, Tensor((None, 3), "float32"), axis=Constant(1)),
        ),
        (
            "np.unruled(np.ones((9, 9)), [1, (2, None)], True)",
            question(
                "numpy.unruled",
                Tensor((9, 9), "float64", "numpy"),
                Sequence((Constant(1), Sequence((Constant(2), Constant(None)), "tuple"))),
                Constant(True),
            ),
        ),
        (
            "tf.unruled(np.array([1, 2]), tf.nn.relu)",
            question(
                "tensorflow.unruled",
                Call(Name("numpy.array"), (Sequence((Constant(1), Constant(2))),), (("dtype", Constant("int64")),)),
                Name("tensorflow.nn.relu"),
            ),
        ),
        (
            "keras.ops.unruled(layers.Dense(3, activation='relu'), keras.regularizers.L2(0.1))",
            question(
                UNRULED,
                Call(
                    Name("keras.layers.Dense"), (), (("units", Constant(3)), ("activation", Constant("relu")))
                ),
                Call(Name("keras.regularizers.L2"), (Constant(0.1),)),
            ),
        ),
    ],
)  # fmt: skip
def test_a_call_is_asked_as_plain_data(call: str, asked: Question) -> None:
    assert interpreted(f"y = {call}\n").questions == (asked,)


@pytest.mark.parametrize(
    "argument",
    [
        "input()",
        "lambda x: x",
        "np.load('x.npy')",
        "{1, 2}",
        "object()",
        "keras.Sequential([layers.Lambda(lambda x: x)])",
        "list(range(1000))",
        "...",
    ],
)
def test_what_is_not_plain_data_is_not_asked(argument: str) -> None:
    outcome = interpreted(f"y = keras.ops.unruled(keras.Input((3,)), {argument})\n")
    assert outcome.questions == ()
    assert outcome.value("y") == Unknown()


def test_nothing_is_asked_where_nobody_can_answer() -> None:
    outcome = interpret(HEAD + CONV_ON_MATRIX + "z = keras.ops.unruled(x)\n")
    assert outcome.questions == ()
    assert [problem.failure.code for problem in outcome.problems] == ["rank-mismatch"]


def test_nothing_is_asked_of_another_keras_than_the_program_means() -> None:
    assert interpreted("import tf_keras\n" + CONV_ON_MATRIX).questions == ()
    assert interpreted("import tensorflow.compat.v1 as tf1\n" + CONV_ON_MATRIX).questions == ()
    assert interpreted("tf1 = tf.compat.v1\n" + CONV_ON_MATRIX).questions == ()


def test_what_says_nothing_of_shapes_is_not_asked() -> None:
    assert interpreted("a = tf.config.unruled('GPU')\nb = keras.utils.unruled()\n").questions == ()


def test_rules_that_know_ask_nothing() -> None:
    assert interpreted("y = layers.Dense(3)(keras.Input((4,)))\nz = np.zeros((2, 3)).reshape(6)\n").questions == ()


def test_one_statement_does_not_ask_without_end() -> None:
    calls = "".join(f"    keras.ops.unruled(x, {number})\n" for number in range(300))
    outcome = interpreted(f"x = keras.Input((3,))\nif True:\n{calls}")
    assert len(outcome.questions) == 200


def test_an_earlier_call_that_built_the_layer_is_told() -> None:
    source = "d = layers.Dense(3)\nd(np.ones((20, 5)))\nd(np.ones((20, 6)))\n"
    (asked,) = interpreted(source).questions
    dense = Call(Name("keras.layers.Dense"), (), (("units", Constant(3)),))
    assert asked == Question(
        Call(dense, (Tensor((20, 6), "float64", "numpy"),)), (Call(dense, (Tensor((20, 5), "float64", "tensor"),)),)
    )


# What is made of the answers


def test_an_answer_gives_the_value_its_node_and_its_source() -> None:
    source = f"x = keras.Input((4,))\ny = {UNRULED}(x)\n"
    waiting = interpreted(source).value("y")
    assert isinstance(waiting, Unknown)
    assert waiting.reason == PENDING
    outcome = interpreted(source, giving(spec(None, 7)))
    value = outcome.value("y")
    assert isinstance(value, TensorValue)
    assert (value.spec, value.kind, value.answered_by) == (spec(None, 7), "keras", WHO)
    assert value.node is not None
    assert isinstance(outcome.state[value.node], NodeObject)


def test_sizes_that_were_not_told_are_not_keras_s_dynamic_ones() -> None:
    source = "x = np.load('a').reshape(-1, 3).astype('float32')\ny = tf.unruled(x)\nz = tf.unruled(keras.Input((3,)))\n"
    outcome = interpreted(source, giving(spec(None, 7)))
    (unsure, sure) = (outcome.value(name) for name in "yz")
    assert isinstance(unsure, TensorValue)
    assert isinstance(sure, TensorValue)
    assert unsure.spec.shape.dims == (ANY, 7)
    assert sure.spec.shape.dims == (None, 7)


def test_plain_answers_are_plain_values() -> None:
    outcome = interpreted("y = np.unruled(np.ones((9, 9)))\n", lambda q: Answer(value=Constant(3), version=WHO))
    assert outcome.value("y") == Const(3)


def test_a_refused_question_leaves_the_reason_as_it_was() -> None:
    without = interpret(HEAD + f"y = {UNRULED}(keras.Input((3,)))\n").value("y")
    outcome = interpreted(f"y = {UNRULED}(keras.Input((3,)))\n", lambda q: Answer(refused="not public"))
    value = outcome.value("y")
    assert isinstance(value, Unknown)
    assert isinstance(without, Unknown)
    assert value.reason == without.reason
    assert outcome.problems == ()


def test_what_raises_for_certain_is_an_error() -> None:
    (problem,) = interpreted(f"y = {UNRULED}(keras.Input((3,)))\n", raising("It is wrong.\nVery.")).problems
    assert problem.failure.code == "keras-refuses"
    assert problem.failure.sentence == f"{WHO} refuses this: It is wrong."
    assert (problem.failure.keras, problem.failure.confirmed) == ("Very.", WHO)


def test_what_arrays_of_some_contents_raise_is_an_error_only_where_a_rule_says_so() -> None:
    on_arrays = raising("No.", "ValueError on arrays")
    assert not interpreted(f"y = {UNRULED}(np.ones((2, 3)))\n", on_arrays).problems
    (problem,) = interpreted("y = np.ones((2, 3)).reshape(4, 4)\n", on_arrays).problems
    assert problem.failure.confirmed == WHO


def test_what_raises_because_of_the_machine_or_of_unknown_sizes_is_not() -> None:
    for error_type in ("ImportError", "MemoryError", "ResourceExhaustedError"):
        assert not interpreted(f"y = {UNRULED}(keras.Input((3,)))\n", raising("No.", error_type)).problems
    unsure = "x = np.load('a').reshape(-1, 3).astype('float32')\ny = tf.unruled(x)\n"
    outcome = interpreted(unsure, raising("No."))
    assert outcome.questions
    assert not outcome.problems


# Confirmation


def test_an_error_is_shown_until_it_is_confirmed_and_then_with_keras_s_words() -> None:
    (before,) = interpreted(CONV_ON_MATRIX).problems
    assert before.failure.confirmed is None
    (after,) = interpreted(CONV_ON_MATRIX, raising("Keras's own words.")).problems
    assert (after.failure.code, after.failure.sentence) == (before.failure.code, before.failure.sentence)
    assert (after.failure.keras, after.failure.confirmed) == ("Keras's own words.", WHO)
    (refused,) = interpreted(CONV_ON_MATRIX, lambda q: Answer(refused="no time")).problems
    assert refused == before


def test_an_error_that_keras_does_not_make_is_withdrawn(caplog: pytest.LogCaptureFixture) -> None:
    source = CONV_ON_MATRIX.replace("3, 2", "4, 2")
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            outcome = interpreted(source, giving(spec(None, 9), params=5))
    assert not outcome.problems
    value = outcome.value("y")
    assert isinstance(value, TensorValue)
    assert value.spec == spec(None, 9)
    (site,) = [site for site in outcome.sites if site.kind == "layer"]
    assert (site.output, site.params, site.answered_by) == (spec(None, 9), 5, WHO)
    assert caplog.text.count("a rule is wrong") == 1


def test_unknown_sizes_prove_nothing() -> None:
    source = "x = np.load('a').reshape(-1, 3).astype('float32')\ny = layers.Conv2D(3, 2)(x)\n"
    outcome = interpreted(source, giving(spec(None, 9)))
    assert [(p.failure.code, p.failure.confirmed) for p in outcome.problems] == [("rank-mismatch", None)]


ON_ARRAYS = """\
g = layers.GRU(3)
g(np.ones((20, 8, 2)))
y = g({})
"""


def test_what_arrays_meet_is_not_proved_by_symbolic_tensors() -> None:
    tried = interpreted(ON_ARRAYS.format("np.ones((20, 2, 8))"), giving(spec(20, 3)))
    assert not tried.problems, "an array for an array"
    source = "g = layers.GRU(3)\ng(keras.Input((8, 2)))\ny = g(np.ones((20, 2, 8)))\n"
    assert interpreted(source).problems
    assert interpreted(source, giving(spec(20, 3))).problems, "the layer was built on a batch of any size"
    (problem,) = interpreted(source, raising("No.")).problems
    assert problem.failure.confirmed == WHO


def test_constructors_are_asked_alone() -> None:
    source = "d = layers.Dense(-3)\ny = d(keras.Input((4,)))\n"
    (problem,) = interpreted(source, raising("Received an invalid value.")).problems
    assert (problem.failure.keras, problem.failure.confirmed) == ("Received an invalid value.", WHO)
    outcome = interpreted(source, lambda q: Answer(value=Name("keras.layers.Dense"), version=WHO))
    assert question("keras.layers.Dense", Constant(-3)) in outcome.questions
    assert not outcome.problems


def test_a_keyword_of_another_version_is_accepted_when_keras_takes_it() -> None:
    source = "d = layers.Dense(3, novelty=1)\ny = d(keras.Input((4,)))\n"
    assert [problem.failure.code for problem in interpreted(source).problems] == ["invalid-argument"]
    outcome = interpreted(source, lambda q: Answer(value=Name("keras.layers.Dense"), version=WHO))
    assert not outcome.problems
    value = outcome.value("y")
    assert isinstance(value, TensorValue)
    assert value.spec == spec(None, 3)


def test_a_layer_in_a_sequential_is_confirmed_where_it_is_added() -> None:
    source = "m = keras.Sequential([keras.Input((4,)), layers.Conv1D(3, 2), layers.Flatten()])\n"
    (problem,) = interpreted(source, raising("Too few axes.")).problems
    assert (problem.failure.keras, problem.failure.confirmed) == ("Too few axes.", WHO)
    outcome = interpreted(source, giving(spec(None, 9, 3)))
    assert not outcome.problems
    assert [site.output for site in outcome.sites if site.layer == "Flatten"] == [spec(None, 27)]


# The training boundary

FIT = """\
model = keras.Sequential([keras.Input((4,)), layers.Dense(3, activation="softmax")])
model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
model.fit({x}, {y}, epochs=2, batch_size=8, verbose=0)
"""
WRONG_TARGETS = FIT.format(x="np.random.rand(80, 4)", y="np.random.rand(80, 5)")


def test_a_training_call_is_asked_of_the_model_itself() -> None:
    (asked,) = interpreted(WRONG_TARGETS).questions
    assert asked.call.function == Name("keras.Model.fit")
    told = dict(asked.call.kwargs)
    assert told["model"] == Given(1)
    named = (("units", Constant(3)), ("activation", Constant("softmax")), ("name", Constant("dense")))
    assert asked.steps[0] == Call(Name("keras.layers.Dense"), (), named)
    shape_of_input = Sequence((Constant(None), Constant(4)), "tuple")
    declared = Call(Name("keras.Input"), (), (("batch_shape", shape_of_input), ("dtype", Constant("float32"))))
    called = (("name", Constant("sequential")),)
    assert asked.steps[1] == Call(Name("keras.Sequential"), (Sequence((declared, Given(0))),), called)
    assert told["compile"] == Mapping(
        (
            (Constant("loss"), Constant("categorical_crossentropy")),
            (Constant("metrics"), Sequence((Constant("accuracy"),))),
        )
    )
    assert told["arguments"] == Mapping(
        (
            (Constant("x"), Tensor((80, 4), "float64", "numpy")),
            (Constant("y"), Tensor((80, 5), "float64", "numpy")),
            (Constant("batch_size"), Constant(8)),
        )
    )


def of_the_model_itself(question: Question) -> bool:
    return "model" in dict(question.call.kwargs)


def test_a_model_that_cannot_be_made_is_asked_from_outside() -> None:
    def cannot(question: Question) -> Answer | None:
        return Answer(refused="the model cannot be made") if of_the_model_itself(question) else None

    lambda_inside = WRONG_TARGETS.replace("layers.Dense(3,", "layers.Lambda(lambda x: x), layers.Dense(3,")
    for outcome in (interpreted(WRONG_TARGETS, cannot), interpreted(lambda_inside)):
        (asked,) = [question for question in outcome.questions if not of_the_model_itself(question)]
        told = dict(asked.call.kwargs)
        assert told["kind"] == Constant("sequential")
        assert told["inputs"] == Tensor((None, 4), "float32")
        assert told["outputs"] == Tensor((None, 3), "float32")
        assert asked.steps == ()


def test_an_error_of_the_training_boundary_is_confirmed_or_withdrawn() -> None:
    (before,) = interpreted(WRONG_TARGETS).problems
    assert (before.failure.code, before.failure.confirmed) == ("target-mismatch", None)
    (after,) = interpreted(WRONG_TARGETS, raising("The words of Keras.")).problems
    assert (after.failure.keras, after.failure.confirmed) == ("The words of Keras.", WHO)
    assert not interpreted(WRONG_TARGETS, lambda q: Answer(value=Constant(None), version=WHO)).problems


def accepting(question: Question) -> Answer:
    return Answer(value=Constant(None), version=WHO)


INSIDE = FIT.format(x="np.random.rand(80, 5)", y="np.random.rand(80, 3)")


def test_a_stand_in_proves_nothing_of_layers_inside_and_the_model_does() -> None:
    assert interpreted(INSIDE).problems
    assert not interpreted(INSIDE, accepting).problems
    lambda_inside = INSIDE.replace("layers.Dense(3,", "layers.Lambda(lambda x: x), layers.Dense(3,")
    assert interpreted(lambda_inside).questions
    assert interpreted(lambda_inside, accepting).problems


def test_nothing_proves_anything_of_labels() -> None:
    labels = FIT.replace("categorical", "sparse_categorical").format(
        x="np.random.rand(80000, 4)", y="np.random.randint(0, 5, 80000)"
    )
    assert interpreted(labels).problems
    assert interpreted(labels).questions
    assert interpreted(labels, accepting).problems


def test_a_loss_that_cannot_be_told_hinders_no_question_about_the_data() -> None:
    custom = '"categorical_crossentropy"', "lambda a, b: (a - b) ** 2"
    assert not interpreted(WRONG_TARGETS.replace(*custom)).questions
    (asked,) = filter(of_the_model_itself, interpreted(INSIDE.replace(*custom)).questions)
    assert asked.call.function == Name("keras.Model.predict")
    assert not interpreted(INSIDE.replace(*custom), accepting).problems


# Which Keras is meant


@pytest.mark.parametrize(
    ("source", "family"),
    [
        ("", 3),
        ("import tf_keras as keras\n", 2),
        ("from tf_keras import layers\n", 2),
        ("import os\nos.environ['TF_USE_LEGACY_KERAS'] = '1'\n", 2),
        ("import os\nos.environ['TF_USE_LEGACY_KERAS'] = '0'\n", 3),
        ("import os\nos.environ.setdefault('TF_USE_LEGACY_KERAS', 'True')\n", 2),
        ("import os\nos.environ['CUDA_VISIBLE_DEVICES'] = '1'\n", 3),
    ],
)
def test_a_program_says_which_keras_it_means(source: str, family: int) -> None:
    versions = interpreted(source).state[VERSIONS]
    assert isinstance(versions, Versions)
    assert versions.family == family
