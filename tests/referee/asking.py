"""Short ways to write questions, and a referee that a test can look into."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Answers
from collections.abc import Sequence as Argv
from contextlib import contextmanager
from pathlib import Path

from shapelens.referee.live import LiveReferee
from shapelens.referee.settings import Settings
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
    TensorHow,
    Term,
)

LAYERS = "keras.layers."


def term(value: object) -> Term:
    """A term of a Python value; terms stay what they are."""
    if isinstance(value, (Constant, Name, Tensor, Call, Slice, Sequence, Mapping, Given)):
        return value
    if isinstance(value, tuple):
        return Sequence(tuple(map(term, value)), "tuple")
    if isinstance(value, list):
        return Sequence(tuple(map(term, value)))
    if isinstance(value, dict):
        return Mapping(tuple((term(key), term(item)) for key, item in value.items()))
    assert value is None or isinstance(value, (int, float, complex, str, bytes, bool))
    return Constant(value)


def call(function: str | Term, /, *args: object, **kwargs: object) -> Call:
    """``function(*args, **kwargs)``."""
    called = Name(function) if isinstance(function, str) else function
    return Call(called, tuple(map(term, args)), tuple((name, term(value)) for name, value in kwargs.items()))


def layer(name: str, /, *args: object, **kwargs: object) -> Call:
    """``keras.layers.NAME(*args, **kwargs)``."""
    return call(LAYERS + name, *args, **kwargs)


def tensor(*sizes: int | None, dtype: str = "float32", how: TensorHow = "keras") -> Tensor:
    """A tensor; a ``KerasTensor`` unless said otherwise."""
    return Tensor(sizes, dtype, how)


def array(*sizes: int, dtype: str = "float32") -> Tensor:
    """An array of NumPy's."""
    return Tensor(sizes, dtype, "numpy")


def question(asked: Call, *before: Call) -> Question:
    """The question about ``asked``."""
    return Question(asked, before)


@contextmanager
def referee(argv: Argv[str], settings: Settings) -> Iterator[tuple[LiveReferee, dict[Question, Answer]]]:
    """A referee, and the answers that it tells."""
    told: dict[Question, Answer] = {}

    def on_answers(answers: Answers[Question, Answer]) -> None:
        told.update(answers)

    live = LiveReferee(argv, on_answers, settings)
    try:
        yield live, told
    finally:
        live.close()


def quick(folder: Path) -> Settings:
    """Settings for tests that wait for what goes wrong."""
    return Settings(
        start=2.0,
        alive=5.0,
        probe=5.0,
        answer=0.5,
        waits=(0.0, 0.2, 0.4),
        patience=0.1,
        absent=0.2,
        tell=0.05,
        memo=folder / "memo" / "answers.sqlite3",
    )
