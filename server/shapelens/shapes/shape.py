"""Shapes with known, partly known or unknown rank, and tensor specifications."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from shapelens.shapes import dims as dim
from shapelens.shapes.dims import ANY, Dim, SymDim, counters


@dataclass(frozen=True, slots=True)
class Shape:
    """``dims`` are all dimensions, or, when ``open``, the last ones of a shape of unknown rank."""

    dims: tuple[Dim, ...] = ()
    open: bool = False

    @property
    def rank(self) -> int | None:
        """The number of axes, or `None` when it is unknown."""
        return None if self.open else len(self.dims)

    @property
    def known(self) -> bool:
        """Whether every dimension is a known int."""
        return not self.open and all(isinstance(d, int) for d in self.dims)

    def axis(self, index: int) -> Dim:
        """The size at ``index`` (negative counts from the end); `ANY` where it is not known."""
        if self.open and index >= 0:
            return ANY
        if -len(self.dims) <= index < len(self.dims):
            return self.dims[index]
        return ANY

    def replace(self, index: int, size: Dim) -> Shape:
        """This shape with another size at ``index``, which must exist."""
        position = index % len(self.dims)
        return Shape((*self.dims[:position], size, *self.dims[position + 1 :]), self.open)

    def size(self) -> Dim:
        """The number of elements."""
        return ANY if self.open else dim.product(self.dims)

    def __len__(self) -> int:
        return len(self.dims)

    def __iter__(self) -> Iterator[Dim]:
        return iter(self.dims)

    def __str__(self) -> str:
        parts = [*(["..."] if self.open else []), *map(str, self.dims)]
        return f"({parts[0]},)" if len(parts) == 1 else f"({', '.join(parts)})"


UNKNOWN_SHAPE = Shape((), open=True)


def shape(*sizes: Dim) -> Shape:
    """A shape of known rank."""
    return Shape(sizes)


def of_rank(rank: int) -> Shape:
    """A shape of known rank whose sizes are not known."""
    return Shape((ANY,) * rank)


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """What is known of a tensor: its shape and its dtype (numpy's name, `None` when unknown)."""

    shape: Shape = UNKNOWN_SHAPE
    dtype: str | None = None


UNKNOWN_SPEC = TensorSpec()

# Structures of specifications, as Keras nests its inputs and outputs.
SpecNest: TypeAlias = "TensorSpec | tuple[SpecNest, ...] | dict[str, SpecNest]"


def join(a: Shape, b: Shape) -> Shape:
    """The most precise shape that describes both."""
    if a == b:
        return a
    if a.open or b.open or len(a.dims) != len(b.dims):
        count = min(len(a.dims), len(b.dims))
        last = tuple(map(dim.join, a.dims[len(a.dims) - count :], b.dims[len(b.dims) - count :]))
        while last and isinstance(last[0], SymDim) and not last[0].terms:
            last = last[1:]
        return Shape(last, open=True)
    return Shape(tuple(map(dim.join, a.dims, b.dims)))


def without_counters(nest: SpecNest | None) -> SpecNest | None:
    """``nest`` as it is told: sizes that a loop counts through are anonymous."""
    if isinstance(nest, dict):
        return {key: item for key, inner in nest.items() if (item := without_counters(inner)) is not None}
    if isinstance(nest, tuple):
        return tuple(item for inner in nest if (item := without_counters(inner)) is not None)
    if nest is None or not any(isinstance(dim, SymDim) and any(counters(dim)) for dim in nest.shape.dims):
        return nest
    dims = tuple(ANY if any(counters(dim)) else dim for dim in nest.shape.dims)
    return TensorSpec(Shape(dims, nest.shape.open), nest.dtype)


def join_specs(a: TensorSpec, b: TensorSpec) -> TensorSpec:
    """The most precise specification that describes both."""
    return TensorSpec(join(a.shape, b.shape), a.dtype if a.dtype == b.dtype else None)
