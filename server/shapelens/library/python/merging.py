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
    perhaps = dict.fromkeys(left.perhaps)
    for key, value in () if right is None else right.entries:
        if right is not None and key in right.perhaps:
            if key not in entries:
                entries[key], perhaps[key] = value, None
            continue
        entries[key] = value
        perhaps.pop(key, None)
    return replace(
        left,
        entries=tuple(entries.items()),
        open=left.open or right is None or right.open,
        perhaps=tuple(perhaps),
    )
