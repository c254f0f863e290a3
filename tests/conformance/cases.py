"""What a conformance case is: a layer, its arguments, and the inputs that it is called on.

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
