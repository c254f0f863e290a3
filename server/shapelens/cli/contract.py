"""The JSON contract of the command line: 1-based lines and columns (in characters), ends exclusive."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from shapelens.engine.analysis import Analysis, Range, SiteAt
from shapelens.ide.diagnostics import Diagnostic
from shapelens.problems.fixes import Fix
from shapelens.shapes.dims import Dim
from shapelens.shapes.shape import SpecNest, TensorSpec
from shapelens.text.document import Document

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"


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


def sites_json(analysis: Analysis) -> list[Json]:
    """The items of ``sites``."""
    return [_site_json(at, analysis.document) for at in analysis.sites]


def shape_json(nest: SpecNest | None) -> Json:
    """A shape as a list of sizes; nested for several tensors; `None` when nothing is known."""
    if nest is None:
        return None
    if isinstance(nest, TensorSpec):
        return None if nest.shape.open else [dim_json(size) for size in nest.shape.dims]
    if isinstance(nest, dict):
        return {str(key): shape_json(item) for key, item in nest.items()}
    return [shape_json(item) for item in nest]


def dim_json(size: Dim) -> Json:
    """A size: an int, a string for a symbolic one, `None` for one that is dynamic or not known."""
    if size is None or isinstance(size, int):
        return size
    return str(size) if size.terms else None


def dtype_of(nest: SpecNest | None) -> str | None:
    """The dtype that all tensors of a nest share."""
    found = set(_dtypes(nest))
    return found.pop() if len(found) == 1 else None


def _dtypes(nest: SpecNest | None) -> list[str | None]:
    if nest is None:
        return []
    if isinstance(nest, TensorSpec):
        return [nest.dtype]
    items = nest.values() if isinstance(nest, dict) else nest
    return [dtype for item in items for dtype in _dtypes(item)]


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
    start = document.position(place.start)
    return {"line": start.line + 1, "column": start.column + 1}


def _range_json(place: Range, document: Document) -> dict[str, Json]:
    end = document.position(place.end)
    return {**_start_json(place, document), "end_line": end.line + 1, "end_column": end.column + 1}
