"""The JSON contract of the command line: 1-based lines and columns (in characters), ends exclusive.

In a notebook an item has its ``cell``, the 0-based index among all cells, and lines count therein.
"""

from __future__ import annotations

from collections.abc import Sequence

from shapelens.engine.analysis import Analysis, Range, SiteAt
from shapelens.engine.fixes import Fix
from shapelens.ide.diagnostics import Diagnostic
from shapelens.ide.plain import Json, dtype_of, shape_json
from shapelens.text.document import Document


def diagnostic_json(diagnostic: Diagnostic, fixes: Sequence[Fix], document: Document) -> dict[str, Json]:
    """One item of ``diagnostics``."""
    return {
        **_range_json(diagnostic.range, document),
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "related": [
            {**_start_json(related.range, document), "message": related.message} for related in diagnostic.related
        ],
        "fixes": [
            {
                "title": fix.title,
                "edits": [
                    {**_range_json(Range(edit.start, edit.end), document), "new_text": edit.new_text}
                    for edit in fix.edits
                ],
            }
            for fix in fixes
        ],
    }


def sites_json(analysis: Analysis) -> list[dict[str, Json]]:
    """The items of ``sites``."""
    return [_site_json(at, analysis.document) for at in analysis.sites]


def _site_json(at: SiteAt, document: Document) -> dict[str, Json]:
    site = at.site
    return {
        **_range_json(at.range, document),
        "kind": site.kind,
        "name": site.name,
        "layer": site.layer,
        "input_shape": shape_json(site.input),
        "output_shape": shape_json(site.output),
        "dtype": dtype_of(site.output),
        "params": site.params,
    }


def _start_json(place: Range, document: Document) -> dict[str, Json]:
    part = document.part_at(place.start)
    start = part.document.position(place.start - part.start)
    found: dict[str, Json] = {"line": start.line + 1, "column": start.column + 1}
    return {"cell": part.cell, **found} if document.cells else found


def _range_json(place: Range, document: Document) -> dict[str, Json]:
    part = document.part_at(place.start)
    end = part.document.position(place.end - part.start)
    return {**_start_json(place, document), "end_line": end.line + 1, "end_column": end.column + 1}
