"""What a conformance case is: a layer, its arguments, and the inputs that it is called on; or an expression.

The interpreter of Keras 2.15 reads this module too: it needs nothing but Python 3.9.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TypeAlias


@dataclass(frozen=True)
class Tensor:
    """A symbolic tensor; None in ``shape`` is Keras's dynamic size."""

    shape: tuple[int | None, ...]
    dtype: str = "float32"


@dataclass(frozen=True)
class Inner:
    """A layer given as an argument to another."""

    name: str
    args: tuple[object, ...] = ()
    kwargs: dict[str, object] = field(default_factory=dict)


if TYPE_CHECKING:
    Nest: TypeAlias = "Tensor | list[Nest] | tuple[Nest, ...] | dict[str, Nest]"


@dataclass(frozen=True)
class Case:
    """``keras.layers.<name>(*args, **kwargs)(inputs, **call)``."""

    name: str
    args: tuple[object, ...] = ()
    kwargs: dict[str, object] = field(default_factory=dict)
    inputs: Nest | None = None
    call: dict[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        given = [*map(repr, self.args), *(f"{key}={value!r}" for key, value in self.kwargs.items())]
        called = [repr(self.inputs), *(f"{key}={value!r}" for key, value in self.call.items())]
        return f"{self.name}({', '.join(given)})({', '.join(called)})"


@dataclass(frozen=True)
class Outcome:
    """What came of a case: an error (``stage`` says where), or shapes, dtypes and weights.

    ``shapes`` and ``dtypes`` are nested as the output is. A ``params`` of None is not known.
    ``exact``: the error is in Keras's own words.
    """

    error: str | None = None
    stage: str | None = None
    shapes: object = None
    dtypes: object = None
    params: int | None = None
    exact: bool = True


@dataclass(frozen=True)
class Input:
    """An array that an expression takes; ``kind`` is ``numpy``, ``tensor``, ``keras`` (symbolic) or ``variable``."""

    kind: str
    shape: tuple[int | None, ...]
    dtype: str


@dataclass(frozen=True)
class Expression:
    """Python text over names of ``inputs``, whose contents are drawn from ``seed``."""

    source: str
    inputs: dict[str, Input]
    seed: int = 0


@dataclass(frozen=True)
class Array:
    """An array or tensor that an expression gave, or a part of it; a ``shape`` of None is of unknown rank.

    ``number``: the content of an array without axes.
    """

    shape: tuple[int | None, ...] | None
    dtype: str
    symbolic: bool = False
    number: complex | None = None

    def __complex__(self) -> complex:
        if self.number is None:
            raise TypeError("no number")
        return self.number


@dataclass(frozen=True)
class Evaluated:
    """What came of an expression: an error, or its value as plain data."""

    error: str | None = None
    value: object = None
