"""The state that a unit reads and writes: an overlay of changes over the recorded previous state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from shapelens.interp.joins import join_content
from shapelens.interp.naming import join_counts
from shapelens.interp.result import Cell, Content


class Store:
    """A state: the previous statements' state (``base``), and what was written since.

    Reads that reach the base are recorded in ``reads``, which all forks of a unit share.
    A fork copies the overlay: a unit writes little, and no fork has to be kept alive.
    """

    __slots__ = ("_base", "overlay", "reads")

    def __init__(
        self,
        base: Mapping[Cell, Content],
        reads: dict[Cell, Content | None],
        overlay: dict[Cell, Content | None] | None = None,
    ) -> None:
        self._base = base
        self.reads = reads
        self.overlay: dict[Cell, Content | None] = {} if overlay is None else overlay

    def get(self, cell: Cell) -> Content | None:
        """The content of a cell, or `None` when there is nothing."""
        if cell in self.overlay:
            return self.overlay[cell]
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

    def fork(self) -> Store:
        """An independent copy of this state."""
        return Store(self._base, self.reads, dict(self.overlay))

    def same_as(self, other: Store) -> bool:
        """Whether both states hold the same."""
        return self.overlay.keys() == other.overlay.keys() and all(
            content is other.overlay[cell] or content == other.overlay[cell] for cell, content in self.overlay.items()
        )


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
        differing = [cell for cell, content in theirs.items() if cell not in mine or mine[cell] is not content]
        differing += [cell for cell in mine if cell not in theirs]
        for cell in differing:
            counted = join_counts(mine.get(cell), theirs.get(cell))
            result.set(cell, counted or join_content(result.get(cell), other.get(cell), widen=widen))
    return result
