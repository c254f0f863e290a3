"""Operators, methods and models of a program, written as questions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shapelens.referee.wire import question_from_wire, question_to_wire
from shapelens.shapes.question import (
    Answer,
    Call,
    Constant,
    Given,
    Mapping,
    Name,
    Question,
    Sequence,
    Slice,
    Tensor,
    Term,
)
from shapelens.values.value import TensorValue
from tests.interp.test_consult import WHO, accepting, giving, interpreted, raising, spec
from tests.support.literate import Program, load_programs

NONE = Constant(None)
ALL = Slice(NONE, NONE, NONE)


def array(*sizes: int, dtype: str = "float64") -> Tensor:
    return Tensor(sizes, dtype, "numpy")


@pytest.mark.parametrize(
    ("expression", "name", "arguments"),
    [
        ("a + b", "operator.add", (array(3, 4), array(3, 5))),
        ("a @ b", "operator.matmul", (array(3, 4), array(3, 5))),
        ("a < b", "operator.lt", (array(3, 4), array(3, 5))),
        ("a[0, 4]", "operator.getitem", (array(3, 4), Sequence((Constant(0), Constant(4)), "tuple"))),
        (
            "a[..., None, :, 7]",
            "operator.getitem",
            (array(3, 4), Sequence((Constant(...), NONE, ALL, Constant(7)), "tuple")),
        ),
        ("a.reshape(5, -1)", "numpy.ndarray.reshape", (array(3, 4), Constant(5), Constant(-1))),
        ("a.dot(a)", "numpy.ndarray.dot", (array(3, 4), array(3, 4))),
    ],
)
def test_operators_and_methods_that_fail(expression: str, name: str, arguments: tuple[object, ...]) -> None:
    source = f"a, b = np.ones((3, 4)), np.ones((3, 5))\ny = {expression}\n"
    (asked,) = interpreted(source).questions
    assert asked == Question(Call(Name(name), arguments))  # type: ignore[arg-type]
    (confirmed,) = interpreted(source, raising("No.")).problems
    assert confirmed.failure.confirmed == WHO
    withdrawn = interpreted(source, giving(spec(7, 8)))
    assert not withdrawn.problems
    value = withdrawn.value("y")
    assert isinstance(value, TensorValue)
    assert value.spec == spec(7, 8)


def test_an_operator_in_place_is_another_one() -> None:
    (asked,) = interpreted("a = np.ones((3, 1))\na += np.ones((3, 4))\n").questions
    assert asked.call.function == Name("operator.iadd")


SHARED = """\
x = keras.Input((4,))
body = layers.Dense(6)
y = layers.Dense(3)(body(x) * 2)
z = layers.Dense(2)(body(x))
model = keras.Model(x, [y, z])
"""


def test_a_functional_model_is_told_by_its_steps() -> None:
    (asked,) = interpreted(SHARED + "model(np.ones((7, 5)))\n").questions[-1:]
    assert asked.call == Call(Given(len(asked.steps) - 1), (array(7, 5),))
    made = [step.function for step in asked.steps if isinstance(step, Call)]
    assert len(made) == len(asked.steps)
    # The layer that is called twice is made once.
    assert made.count(Name("keras.layers.Dense")) == 3
    assert made.count(Name("keras.Input")) == 1
    assert Name("keras.ops.multiply") in made
    assert made[-1] == Name("keras.Model")
    earlier = [given.step for step in asked.steps for given in _given(step)]
    assert earlier
    assert all(given.step < index for index, step in enumerate(asked.steps) for given in _given(step))


def _given(term: object) -> list[Given]:
    if isinstance(term, Given):
        return [term]
    if isinstance(term, Call):
        parts = (term.function, *term.args, *(value for _, value in term.kwargs))
    elif isinstance(term, Sequence):
        parts = term.items
    else:
        parts = ()
    return [given for part in parts for given in _given(part)]


def test_a_subscript_in_a_model_is_one_of_its_steps() -> None:
    source = "x = keras.Input((4, 5))\nmodel = keras.Model(x, layers.Dense(3)(x[:, -1]))\nmodel(np.ones((7, 9, 9)))\n"
    asked = interpreted(source).questions[-1]
    assert Call(Name("operator.getitem"), (Given(0), Sequence((ALL, Constant(-1)), "tuple"))) in asked.steps


def test_an_operator_in_place_on_a_symbolic_tensor_is_a_step_like_any_other() -> None:
    source = (
        "x = keras.Input((4,))\ny = layers.Dense(3)(x)\ny *= 2\nmodel = keras.Model(x, y)\nmodel(np.ones((7, 5)))\n"
    )
    asked = interpreted(source).questions[-1]
    assert Name("keras.ops.multiply") in [step.function for step in asked.steps if isinstance(step, Call)]


def test_a_list_that_was_changed_since_is_not_told() -> None:
    source = (
        "x = keras.Input((4,))\nparts = [x, x]\ny = keras.ops.concatenate(parts)\n{}"
        "model = keras.Model(x, y)\nmodel(np.ones((7, 5)))\n"
    )
    assert [q for q in interpreted(source.format("")).questions if q.steps]
    assert not [q for q in interpreted(source.format("parts.append(y)\n")).questions if q.steps]


def test_a_missing_layer_is_asked_with_the_names_of_the_program() -> None:
    source = SHARED.replace("layers.Dense(6)", "layers.Dense(6, name='body')") + "model.get_layer('dense_7')\n"
    asked = interpreted(source).questions[-1]
    assert asked.call == Call(Name("keras.Model.get_layer"), (Given(len(asked.steps) - 1), Constant("dense_7")))
    names = [dict(step.kwargs).get("name") for step in asked.steps if isinstance(step, Call)]
    known = [name.value for name in names if isinstance(name, Constant)]
    assert known == ["input_layer", "body", "dense", "dense_1", "functional"]


def test_weights_are_asked_of_a_layer_that_was_built() -> None:
    source = "d = layers.Dense(3)\nd(keras.Input((4,)))\nd.set_weights([np.ones((4, 3))])\n"
    (asked,) = interpreted(source).questions
    dense = Call(Name("keras.layers.Dense"), (), (("units", Constant(3)),))
    assert asked.steps == (dense, Call(Given(0), (Tensor((None, 4), "float32"),)))
    assert asked.call == Call(Name("keras.layers.Layer.set_weights"), (Given(0), Sequence((array(4, 3),))))
    assert not interpreted(source, accepting).problems


def test_the_inside_of_a_network_is_asked_of_the_network() -> None:
    source = (
        "from keras import applications\n"
        "net = applications.VGG16(include_top=False, weights=None, input_shape=(64, 64, 3))\n"
        "other = keras.Input((64, 64, 3))\n"
        "model = keras.Model(other, net.get_layer('block1_conv2').output)\n"
    )
    asked = interpreted(source).questions[-1]
    network = Call(
        Name("keras.applications.VGG16"),
        (),
        (
            ("include_top", Constant(False)),
            ("weights", NONE),
            ("input_shape", Sequence((Constant(64), Constant(64), Constant(3)), "tuple")),
        ),
    )
    at = asked.steps.index(network)
    layer = Call(Name("keras.Model.get_layer"), (Given(at),), (("index", Constant(2)),))
    assert layer in asked.steps
    assert Call(Name("keras.layers.Layer.output"), (Given(asked.steps.index(layer)),)) in asked.steps


def test_what_is_no_layer_is_asked_alone() -> None:
    (asked,) = interpreted("model = keras.Sequential([layers.Dense(3), layers.Dense])\n").questions
    assert asked.call == Call(
        Name("keras.Sequential.add"), (Call(Name("keras.Sequential")), Name("keras.layers.Dense"))
    )


@pytest.mark.parametrize("model", ["keras.Model(x, layers.Lambda(lambda t: t)(x))", "keras.Model(x, Own()(x))"])
def test_a_model_with_code_of_the_user_s_in_it_is_not_told(model: str) -> None:
    own = "class Own(layers.Layer):\n    def call(self, inputs):\n        return layers.Dense(3)(inputs)\n"
    source = f"{own}x = keras.Input((4,))\nmodel = {model}\nmodel(np.ones((7, 5)))\n"
    assert not [question for question in interpreted(source).questions if question.steps]


@pytest.mark.parametrize(("layers", "told"), [(50, True), (1000, False)])
def test_a_model_of_too_many_parts_is_not_told(layers: int, told: bool) -> None:
    source = (
        "def ten(y):\n    for number in range(10):\n        y = layers.Dense(4)(y)\n    return y\n"
        f"x = y = keras.Input((4,))\nfor number in range({layers // 10}):\n    y = ten(y)\n"
        "model = keras.Model(x, y)\nmodel(np.ones((7, 5)))\n"
    )
    outcome = interpreted(source)
    assert len(outcome.problems) == 1
    assert bool([question for question in outcome.questions if question.steps]) == told


def names_in(term: Term) -> Iterator[str]:
    """The names in a term; all else in it must be plain."""
    if isinstance(term, Name):
        yield term.name
    elif isinstance(term, Call):
        for part in (term.function, *term.args, *(value for _, value in term.kwargs)):
            yield from names_in(part)
    elif isinstance(term, Sequence):
        for part in term.items:
            yield from names_in(part)
    elif isinstance(term, Mapping):
        for part in (part for entry in term.entries for part in entry):
            yield from names_in(part)
    elif isinstance(term, Slice):
        for part in (term.start, term.stop, term.step):
            yield from names_in(part)
    elif isinstance(term, Constant):
        assert term.value in (None, ...) or isinstance(term.value, int | float | complex | str | bytes)
    else:
        assert isinstance(term, Tensor | Given)


@pytest.mark.parametrize("program", load_programs(), ids=lambda program: program.id)
def test_nothing_of_the_user_s_is_in_a_question(program: Program) -> None:
    """Only names of the libraries and plain data leave the server, whatever the program is."""
    if "import" not in program.text:
        return
    for asked in interpreted(program.text, lambda question: Answer(refused="no")).questions:
        assert question_from_wire(question_to_wire(asked)) == asked
        for term in (asked.call, *asked.before, *asked.steps):
            assert {name.split(".")[0] for name in names_in(term)} <= {"keras", "tensorflow", "numpy", "operator"}
