"""Questions as keys: two that mean the same are equal, two that do not are not."""

from __future__ import annotations

from itertools import combinations

from shapelens.shapes.question import Call, Constant, Mapping, Name, Question, Sequence, Tensor

DENSE = Name("keras.layers.Dense")


def dense(units: object) -> Question:
    assert isinstance(units, int | float | str)
    made = Call(DENSE, (Constant(units),))
    return Question(Call(made, (Tensor((None, 3), "float32"),)))


def test_scalars_that_python_calls_equal_are_different_questions() -> None:
    questions = [dense(units) for units in (1, True, 1.0, 0, False, 0.0, -0.0, "1")]
    assert all(a != b for a, b in combinations(questions, 2))
    assert len(set(questions)) == len(questions)


def test_the_same_question_is_the_same_key() -> None:
    assert {dense(1): "answer"}[dense(1)] == "answer"
    assert dense(float("nan")) == dense(float("nan"))


def test_ints_of_any_length_are_keys() -> None:
    # Python writes out no int of more than 4,300 digits.
    assert dense(10**5000) == dense(10**5000)
    assert len({dense(10**5000), dense(10**5000 + 1)}) == 2


def test_lists_and_tuples_are_different_arguments() -> None:
    items = (Constant(1), Constant(2))
    assert Sequence(items, "list") != Sequence(items, "tuple")
    assert Mapping(((Constant("a"), Constant(1)),)) != Mapping(((Constant("a"), Constant(True)),))
