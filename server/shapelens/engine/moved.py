"""Places of an older analysis in the text as it is now."""

from __future__ import annotations

from dataclasses import dataclass

from shapelens.engine.analysis import Range


@dataclass(frozen=True, slots=True)
class Move:
    """What is equal in two texts: ``head`` characters at the start, ``tail`` at the end."""

    head: int
    tail: int
    old_length: int
    new_length: int

    def forward(self, place: Range) -> Range | None:
        """Where an old place is now; `None` when it was edited."""
        if place.end <= self.head:
            return place
        if place.start >= self.old_length - self.tail:
            shift = self.new_length - self.old_length
            return Range(place.start + shift, place.end + shift)
        return None

    def back(self, offset: int) -> int | None:
        """Where a present offset was; `None` when it is in what was edited."""
        if offset <= self.head:
            return offset
        if offset >= self.new_length - self.tail:
            return offset - self.new_length + self.old_length
        return None


def moved(old: str, new: str) -> Move:
    """How the places of ``old`` moved, if it became ``new`` by edits close to one another."""
    limit = min(len(old), len(new))
    head = _equal_length(old, new, limit)
    tail = _equal_length(old[::-1], new[::-1], limit - head) if head < limit else 0
    return Move(head, tail, len(old), len(new))


def _equal_length(a: str, b: str, limit: int) -> int:
    """How long the common beginning is, at most ``limit``; by bisection, because slices compare quickly."""
    low = 0
    while low < limit:
        middle = (low + limit + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            limit = middle - 1
    return low
