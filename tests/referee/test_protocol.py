"""What goes through the pipe comes out as it was, and what is malformed is said to be."""

from __future__ import annotations

import ast
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from shapelens.referee import wire
from shapelens.referee.protocol import (
    MAX_LINE,
    ProtocolError,
    check_term,
    decode_message,
    decode_scalar,
    encode_message,
    encode_scalar,
)
from shapelens.shapes.dims import ANY
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
    Versions,
)
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, TensorSpec

SERVER = Path(wire.__file__).parent
SCALARS = (
    some.none()
    | some.booleans()
    | some.integers()
    | some.floats()
    | some.complex_numbers()
    | some.binary(max_size=8)
    | some.text(some.characters(), max_size=8)
    | some.just(...)
)
TENSORS = some.builds(
    Tensor,
    some.lists(some.none() | some.integers(0, 10**20), max_size=4).map(tuple),
    some.sampled_from(["float32", "int64", "string"]),
    some.sampled_from(["keras", "tensor", "numpy", "variable"]),
)
NAMES = some.builds(Name, some.sampled_from(["keras.layers.Dense", "tensorflow.float32"]))


def _calls(terms: some.SearchStrategy[object]) -> some.SearchStrategy[Call]:
    pairs = some.lists(some.tuples(some.sampled_from(["units", "axis"]), terms), max_size=2)
    return some.builds(Call, NAMES, some.lists(terms, max_size=3).map(tuple), pairs.map(tuple))


TERMS = some.recursive(
    some.builds(Constant, SCALARS) | TENSORS | NAMES | some.builds(Given, some.integers(0, 9)),
    lambda terms: (
        some.builds(Sequence, some.lists(terms, max_size=3).map(tuple), some.sampled_from(["list", "tuple"]))
        | some.builds(Mapping, some.lists(some.tuples(terms, terms), max_size=3).map(tuple))
        | some.builds(Slice, terms, terms, terms)
        | _calls(terms)
    ),
    max_leaves=8,
)
QUESTIONS = some.builds(
    Question,
    _calls(TERMS),
    some.lists(_calls(TERMS), max_size=2).map(tuple),
    some.lists(TERMS, max_size=2).map(tuple),
)


@settings(max_examples=100, derandomize=True)
@given(QUESTIONS)
def test_questions_come_out_as_they_were(question: Question) -> None:
    line = encode_message(wire.question_to_wire(question))
    assert line.endswith(b"\n")
    assert b"\n" not in line[:-1]
    back = wire.question_from_wire(decode_message(line))
    assert back == question
    assert hash(back) == hash(question)


@pytest.mark.parametrize(
    "value",
    [
        *(0, -1, 2**53, 2**53 + 1, -(10**30), 10**5000, True, False, None, ...),
        *(0.1, -0.0, 5e-324, math.inf, -math.inf, math.nan, 1e308),
        *(1j, complex(-0.0, math.nan), b"", b"\x00\xff\n", "", "a\nb\u2028\x00", "\ud800"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_scalars_are_exact(value: object) -> None:
    back = decode_scalar(decode_message(encode_message({"x": encode_scalar(value)}))["x"])
    assert type(back) is type(value)
    assert back == value or (value != value and back != back)
    if isinstance(value, float):
        assert math.copysign(1, back) == math.copysign(1, value)


class _OddInt(int):
    pass


@pytest.mark.parametrize("value", [_OddInt(3), object(), [1], (1,)])
def test_other_things_are_no_scalars(value: object) -> None:
    with pytest.raises(ProtocolError):
        encode_scalar(value)


@pytest.mark.parametrize(
    "line",
    [b"", b"\n", b"hello\n", b"[1]\n", b"3\n", b"\xff\xfe\n", b'{"a": ', b"[" * 200_000, b'{"a":NaN'],
)
def test_lines_that_are_no_messages(line: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode_message(line)


@pytest.mark.parametrize(
    "term",
    [
        *([], ["x"], ["n"], ["n", 3], ["n", "a", "b"], ["l"], ["l", 3], ["l", [["?"]]], ["i", "0xg"], ["i", 3]),
        *(["f", "x"], ["f"], ["c", "0x1p0"], ["b", "0"], {}, {"a": 1}, 1.5, ["s", 1, 2], ["m", [[1]]], ["m", 3]),
        *(["T", [1], "float32"], ["T", [-1], "float32", "keras"], ["T", [True], "float32", "keras"]),
        *(["g"], ["g", -1], ["g", True], ["g", "0"], ["g", 1, 2], ["e", 1]),
        *(["T", 3, "float32", "keras"], ["T", [1], 3, "keras"], ["T", [1], "float32", "torch"]),
        *(["C", ["n", "a"], []], ["C", ["n", "a"], [], [["x"]]], ["C", ["n", "a"], [], [[1, 2]]], [["n", "a"]]),
    ],
)
def test_what_is_no_term(term: object) -> None:
    with pytest.raises(ProtocolError):
        check_term(term)


ANSWERS = [
    Answer(outputs=TensorSpec(Shape((None, 3)), "float32"), params=10**20, version="Keras 3.15.1"),
    Answer(outputs=(TensorSpec(UNKNOWN_SHAPE, None), {"a": TensorSpec(Shape(()), "int32")})),
    Answer(value=Constant(None)),
    Answer(value=Sequence((Tensor((3, None), "float32", "tensor"), Constant(1)), "tuple")),
    Answer(error="no", error_type="ValueError"),
    Answer(refused="not public"),
]


@pytest.mark.parametrize("answer", ANSWERS)
def test_answers_come_out_as_they_were(answer: Answer) -> None:
    line = encode_message({"answer": wire.answer_to_wire(answer)})
    assert wire.answer_from_wire(decode_message(line)["answer"]) == answer


def test_a_size_that_this_analysis_does_not_know_is_none() -> None:
    answer = Answer(outputs=TensorSpec(Shape((ANY, 3)), "float32"))
    assert wire.answer_from_wire(wire.answer_to_wire(answer)).outputs == TensorSpec(Shape((None, 3)), "float32")


@pytest.mark.parametrize(
    "answer",
    [
        *(None, 3, [], {}, {"outputs": 3}, {"outputs": ["T", [1]]}, {"outputs": ["T", [-1], "float32"]}),
        *({"error": 3}, {"error": "a", "refused": "b"}, {"error": "a", "more": 1}, {"value": 3}, {"value": [["?"]]}),
        *({"error": "a", "params": "x"}, {"error": "a", "version": 3}, {"outputs": ["m", [[1, 2]]]}),
    ],
)
def test_what_is_no_answer(answer: object) -> None:
    with pytest.raises(ProtocolError):
        wire.answer_from_wire(answer)


def test_what_is_no_question() -> None:
    for message in ({}, {"call": 3, "before": []}, {"call": ["n", "a"], "before": []}, {"call": None}):
        with pytest.raises(ProtocolError):
            wire.question_from_wire(message)


def test_versions() -> None:
    assert wire.versions_from_wire({"keras": "3.15.1", "more": "x"}) == Versions(keras="3.15.1")
    for message in (None, [], {"keras": 3}):
        with pytest.raises(ProtocolError):
            wire.versions_from_wire(message)


def test_what_is_too_long_is_not_sent() -> None:
    with pytest.raises(ProtocolError):
        encode_message({"x": "y" * MAX_LINE})


@pytest.mark.parametrize(
    "file", [*sorted((SERVER / "worker").glob("*.py")), SERVER / "protocol.py"], ids=lambda p: p.name
)
def test_the_worker_s_side_is_python_3_9(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"), feature_version=(3, 9))
    futures = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    annotated = any(isinstance(node, (ast.AnnAssign, ast.FunctionDef)) for node in ast.walk(tree))
    assert futures or not annotated, "annotations of 3.10 would be evaluated"
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            assert "strict" not in [word.arg for word in node.keywords], "zip(strict=) is of 3.10"
            assert "slots" not in [word.arg for word in node.keywords], "dataclass(slots=) is of 3.10"
