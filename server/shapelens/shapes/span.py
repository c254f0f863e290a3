"""Places in a program that stay valid when other statements move."""

from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """A half-open range of characters inside one top-level statement (a *unit*).

    ``unit`` is the identity of the statement, not its position: when lines are inserted
    above, the span does not change, so that values which remember their origin stay equal.
    """

    unit: int | str
    start: int
    end: int

    def inside(self, other: Span) -> bool:
        """Whether this place lies in ``other``, or is the same."""
        return self.unit == other.unit and other.start <= self.start and self.end <= other.end
