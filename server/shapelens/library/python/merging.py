"""Dicts put into one another."""

from __future__ import annotations

from dataclasses import replace

from shapelens.values.objects import DictObject
from shapelens.values.value import Unknown

REPLACED = Unknown("another value may have taken its place")


def merged(left: DictObject, right: DictObject | None) -> DictObject:
    """``left`` after ``left.update(right)``; ``right`` is `None` where it is not known at all."""
    entries = dict(left.entries)
    if right is None or right.open:
        entries = dict.fromkeys(entries, REPLACED)
    if right is not None:
        entries.update(right.entries)
    return replace(left, entries=tuple(entries.items()), open=left.open or right is None or right.open)
