"""The names that Keras makes up for layers: counted by kind, from the start of the program (Keras 3.15.1).

A unit does not know how many layers the units before it made, and need not: it counts its own
(`NameCount`), and only who asks for a name reads what came before (`NameTotal`). So a layer that is
added to a file renames the layers below it without anything being interpreted again for it.
"""

from __future__ import annotations

from dataclasses import dataclass

# The scope of the cells below: ``(NAMES, kind)`` counts, ``(NAMES, EPOCH)`` says when counting began anew.
NAMES = "\0names"
EPOCH = ""


@dataclass(frozen=True, slots=True)
class AutoName:
    """A made-up name: ``unit`` made ``ordinal`` others of this ``kind`` before (`None`: not known).

    ``afresh``: the count starts at a ``clear_session`` in this unit.
    """

    kind: str
    unit: int | str
    ordinal: int | None
    afresh: bool = False


@dataclass(frozen=True, slots=True)
class NameCount:
    """How many names of a kind a unit took (`None`: not known), while it runs and in what it writes."""

    taken: int | None


@dataclass(frozen=True, slots=True)
class NameEpoch:
    """Since when names are counted: the unit of the last ``clear_session``; ``lost``: the count is not known."""

    unit: int | str | None = None
    lost: bool = False


@dataclass(frozen=True, slots=True)
class NameTotal:
    """How many names of a kind there are after a unit, counted in an epoch."""

    epoch: NameEpoch
    taken: int | None


@dataclass(frozen=True, slots=True)
class NameBase:
    """How many names of a kind there were before a unit, by the epoch before it."""

    taken: int | None


def base_cell(kind: str, unit: int | str) -> tuple[str, str]:
    """The cell of a unit's `NameBase`."""
    return NAMES, f"{kind}@{unit}"


def count_in(total: object, epoch: NameEpoch) -> int | None:
    """The count that ``total`` tells in ``epoch``; nothing counted in it yet is 0."""
    if epoch.lost:
        return None
    return total.taken if isinstance(total, NameTotal) and total.epoch == epoch else 0
