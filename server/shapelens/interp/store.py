"""The state that a unit reads and writes: an overlay of changes over the recorded previous state."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import compress
from operator import is_not
from typing import Protocol, TypeAlias

from shapelens.interp.joins import join_content
from shapelens.interp.naming import join_counts
from shapelens.interp.result import Cell, Content

Overlay: TypeAlias = "dict[Cell, Content | None]"


class Base(Protocol):
    """What a state is laid upon: the previous statements' state, or another one of the same unit."""

    def get(self, cell: Cell, /) -> Content | None:
        """The content of a cell, or `None` when there is nothing."""
        ...


class Store:
    """A state: the previous statements' state (``base``), and what was written since.

    Reads that reach the base are recorded in ``reads``, which all forks of a unit share.
    A fork copies the overlay: a unit writes little, and no fork has to be kept alive.
    ``loaded`` is what the modules hold that were first needed in this unit. All forks share it, too: a module
    is loaded once, whichever path needs it first.
    """

    __slots__ = ("_base", "loaded", "overlay", "reads")

    def __init__(
        self,
        base: Base,
        reads: dict[Cell, Content | None],
        overlay: dict[Cell, Content | None] | None = None,
        loaded: dict[Cell, Content | None] | None = None,
    ) -> None:
        self._base = base
        self.reads = reads
        self.loaded: dict[Cell, Content | None] = {} if loaded is None else loaded
        self.overlay: dict[Cell, Content | None] = {} if overlay is None else overlay

    def get(self, cell: Cell) -> Content | None:
        """The content of a cell, or `None` when there is nothing."""
        if cell in self.overlay:
            return self.overlay[cell]
        if cell in self.loaded:
            return self.loaded[cell]
        if cell in self.reads:
            return self.reads[cell]
        content = self._base.get(cell)
        self.reads[cell] = content
        return content

    def before(self, cell: Cell) -> Content | None:
        """The content of a cell before this unit."""
        if cell not in self.reads:
            self.reads[cell] = self._base.get(cell)
        return self.reads[cell]

    def set(self, cell: Cell, content: Content | None) -> None:
        """Write a cell; `None` deletes it."""
        self.overlay[cell] = content

    def load(self, cell: Cell, content: Content | None) -> None:
        """Write a cell of a module that is being loaded, for all forks."""
        (self.overlay if cell in self.overlay else self.loaded)[cell] = content

    def fork(self) -> Store:
        """An independent copy of this state."""
        return Store(self._base, self.reads, dict(self.overlay), self.loaded)

    def same_as(self, other: Store) -> bool:
        """Whether both states hold the same."""
        mine, theirs = self.overlay, other.overlay
        return mine.keys() == theirs.keys() and all(mine[cell] == theirs[cell] for cell in changed_cells(mine, theirs))


def changed_cells(left: Overlay, right: Overlay) -> list[Cell]:
    """The cells that two overlays do not have in common, or in which they hold different objects.

    Loops ask this of large states again and again, so it is left to C.
    """
    common = list(compress(right, map(is_not, right.values(), map(left.get, right))))
    if left.keys() == right.keys():
        return common
    return list({*common, *(left.keys() ^ right.keys())})


def join_stores(stores: Iterable[Store | None], *, widen: bool = False) -> Store | None:
    """The state that stands for all of them; `None` (no path gets here) when there is none."""
    alive = [store for store in stores if store is not None]
    if not alive:
        return None
    first, *others = alive
    if not others:
        return first
    result = first.fork()
    mine = result.overlay
    for other in others:
        theirs = other.overlay
        for cell in changed_cells(mine, theirs):
            counted = join_counts(mine.get(cell), theirs.get(cell))
            result.set(cell, counted or join_content(result.get(cell), other.get(cell), widen=widen))
    return result
