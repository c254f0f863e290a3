"""Where tracking was lost: the first statement that made something unknown out of what was known."""

from __future__ import annotations

from collections.abc import Mapping

from shapelens.engine.analysis import Analysis, Content, Range
from shapelens.engine.analyze import MODULE
from shapelens.interp.result import Cell
from shapelens.values.value import Unknown


def lost_at(name: str, reason: str, offset: int, analysis: Analysis) -> Range | None:
    """The statement where what the global ``name`` holds at ``offset`` became unknown for ``reason``.

    That is its own assignment, or the one of a value that went into it; `None` where none is seen.
    Reasons are handed on unchanged, so that they can be followed back.
    """
    layout = analysis.layout
    here = layout.unit_at(offset)
    cell: Cell | None = (MODULE, name)
    found: Range | None = None
    for unit in reversed(layout.units[: layout.units.index(here) + 1] if here is not None else ()):
        known = analysis.memo.units.get(unit.uid)
        if cell is None or known is None or not _is_lost(known[1].writes.get(cell), reason):
            continue
        start = layout.start_by_uid[unit.uid]
        found = Range(start, start + len(unit.text))
        cell = _cause(known[1].reads, reason)
    return found


def _cause(reads: Mapping[Cell, Content | None], reason: str) -> Cell | None:
    return next((cell for cell, content in reads.items() if _is_lost(content, reason)), None)


def _is_lost(content: Content | None, reason: str) -> bool:
    return isinstance(content, Unknown) and content.reason == reason
