"""The state that a unit reads and writes: an overlay of changes over the recorded previous state."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import compress
from operator import is_not
from typing import Protocol

from shapelens.interp.joins import join_content
from shapelens.interp.naming import join_counts
from shapelens.interp.result import Cell, Content


class Base(Protocol):
    """What a state is laid upon: the previous statements' state, or another one of the same unit."""

    def get(self, cell: Cell, /) -> Content | None:
        """The content of a cell, or `None` when there is nothing."""
        ...


class _Point:
    """A moment at which a state was forked: the cells written from the fork before until then."""

    __slots__ = ("before", "cells", "depth")

    def __init__(self, before: _Point | None, cells: dict[Cell, None]) -> None:
        self.before = before
        self.cells = cells
        self.depth: int = 0 if before is None else before.depth + 1


class Store:
    """A state: the previous statements' state (``base``), and what was written since.

    Reads that reach the base are recorded in ``reads``, which all forks of a unit share.
    A fork copies the overlay: a unit writes little, and no fork has to be kept alive.
    ``loaded`` is what the modules hold that were first needed in this unit. All forks share it, too: a module
    is loaded once, whichever path needs it first.
    Each state knows which cells were written since its forks, so that two of them are compared by what was
    written since they parted. So ``overlay`` is changed by `set` and `drop` alone.
    """

    __slots__ = ("_base", "_forked", "_written", "loaded", "overlay", "reads")

    def __init__(
        self,
        base: Base,
        reads: dict[Cell, Content | None],
        overlay: dict[Cell, Content | None] | None = None,
        loaded: dict[Cell, Content | None] | None = None,
        forked: _Point | None = None,
    ) -> None:
        self._base = base
        self.reads = reads
        self.loaded: dict[Cell, Content | None] = {} if loaded is None else loaded
        self.overlay: dict[Cell, Content | None] = {} if overlay is None else overlay
        self._forked = forked or _Point(None, {})
        # In order, so that the outcome does not depend on how cells hash.
        self._written: dict[Cell, None] = {}

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
        self._written[cell] = None

    def drop(self, cell: Cell) -> None:
        """Forget what this unit wrote into a cell, if anything."""
        if cell in self.overlay:
            del self.overlay[cell]
            self._written[cell] = None

    def load(self, cell: Cell, content: Content | None) -> None:
        """Write a cell of a module that is being loaded, for all forks."""
        if cell in self.overlay:
            self.set(cell, content)
        else:
            self.loaded[cell] = content

    def fork(self) -> Store:
        """An independent copy of this state."""
        if self._written:
            self._forked = _Point(self._forked, self._written)
            self._written = {}
        return Store(self._base, self.reads, dict(self.overlay), self.loaded, self._forked)

    def same_as(self, other: Store) -> bool:
        """Whether both states hold the same."""
        mine, theirs = self.overlay, other.overlay
        return all(
            cell in mine and cell in theirs and mine[cell] == theirs[cell] for cell in changed_cells(self, other)
        )

    def written_apart(self, other: Store) -> dict[Cell, None] | None:
        """The cells that either state wrote since they parted; `None` where looking at all is no more work."""
        cells = {**self._written, **other._written}
        mine, theirs = self._forked, other._forked
        patience = len(self.overlay) + len(other.overlay)
        while mine is not theirs:
            later = mine if mine.depth >= theirs.depth else theirs
            patience -= len(later.cells) + 1
            if patience < 0 or later.before is None:
                return None
            cells.update(later.cells)
            if later is mine:
                mine = later.before
            else:
                theirs = later.before
        return cells


_NOTHING = object()


def changed_cells(left: Store, right: Store) -> list[Cell]:
    """The cells that two states do not have in common, or in which they hold different objects."""
    mine, theirs = left.overlay, right.overlay
    written = left.written_apart(right)
    if written is not None:
        return [cell for cell in written if mine.get(cell, _NOTHING) is not theirs.get(cell, _NOTHING)]
    # Of all of a large state this is asked in C.
    common = list(compress(theirs, map(is_not, theirs.values(), map(mine.get, theirs))))
    if mine.keys() == theirs.keys():
        return common
    return list({*common, *(mine.keys() ^ theirs.keys())})


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
        for cell in changed_cells(result, other):
            counted = join_counts(mine.get(cell), theirs.get(cell))
            result.set(cell, counted or join_content(result.get(cell), other.get(cell), widen=widen))
    return result
