"""What a rule says when a call cannot work: plain data that `problems/` turns into words and fixes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from shapelens.shapes.shape import Shape
from shapelens.shapes.span import Span

# One file of `problems/` each; the codes are stable and documented in docs/problems/.
Code: TypeAlias = Literal[
    "rank-mismatch",
    "channel-mismatch",
    "input-mismatch",
    "missing-batch-axis",
    "target-mismatch",
    "sample-count",
    "reshape-size",
    "broadcast-mismatch",
    "matmul-mismatch",
    "concat-mismatch",
    "merge-mismatch",
    "negative-dimension",
    "undefined-dimension",
    "unknown-layer",
    "never-called",
    "graph-disconnected",
    "weights-mismatch",
    "axis-out-of-range",
    "invalid-argument",
    "declared-shape-ignored",
    "loss-broadcast",
    "stated-shape-mismatch",
    "softmax-one-unit",
    "keras-refuses",
]


@dataclass(frozen=True, slots=True)
class Place:
    """A place that helps to understand a failure, with the sentence shown there."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A call that raises for certain (or, with a warning code, runs but cannot be meant).

    ``sentence`` says in one line what disagrees; ``{subject}`` in it stands for the user's name of
    the offending value and is filled in by the interpreter. ``keras`` is the library's own wording,
    from a run; ``confirmed`` says by which installed version ("Keras 3.15.1"), if it was put to that.
    ``subject`` is the index of the offending argument of the call (0 is the first input),
    ``expected``/``found`` the two shapes, ``axis`` the axis that disagrees.
    ``details`` carries what fixes need (plain ints, strings, shapes).
    """

    code: Code
    sentence: str
    keras: str | None = None
    subject: int | str | None = None
    expected: Shape | None = None
    found: Shape | None = None
    axis: int | None = None
    places: tuple[Place, ...] = ()
    details: Mapping[str, object] = field(default_factory=dict)
    confirmed: str | None = None

    def __hash__(self) -> int:
        return hash((self.code, self.sentence, self.keras, self.confirmed))


class ShapeFailure(Exception):
    """Raised by rules: real Keras, TensorFlow or NumPy raises here for certain."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.sentence)
        self.failure = failure


class NotKnown(Exception):
    """Raised by rules that cannot answer; becomes an `Unknown` with this reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
