"""``shapelens shapes``: a table of the layers and tensors of each file, like ``model.summary()``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from shapelens.cli.api import analyze_document
from shapelens.cli.asking import Asking
from shapelens.cli.contract import sites_json
from shapelens.cli.files import complain, python_files, read_or_complain
from shapelens.cli.main import CLEAN, USAGE
from shapelens.engine.analysis import Analysis, SiteAt
from shapelens.ide.plain import Json, dtype_of
from shapelens.ide.words import nest_text

_HEADINGS = ("line", "name", "layer", "input", "output", "params")


def shapes(paths: Sequence[str], output_format: str, asking: Asking) -> int:
    """Print the sites of files and directories; the exit code."""
    unreadable = False
    several = len(paths) > 1 or Path(paths[0]).is_dir()
    items: list[Json] = []
    for path in (file for argument in paths for file in python_files(Path(argument))):
        document = read_or_complain(path)
        if document is None:
            unreadable = True
            continue
        analysis = analyze_document(document, str(path), asking)
        if analysis.stopped:
            complain(f"{path}: not analysed to its end: {analysis.stopped}")
        if output_format == "json":
            items += [{"path": str(path), **item} if several else item for item in sites_json(analysis)]
        else:
            print(f"{path}\n{_table(analysis)}\n" if several else _table(analysis))
    if output_format == "json":
        print(json.dumps({"sites": items}))
    return USAGE if unreadable else CLEAN


def _table(analysis: Analysis) -> str:
    rows = [_row(at, analysis) for at in analysis.sites]
    if not rows:
        return "No layers or tensors found."
    widths = [max(len(row[column]) for row in [_HEADINGS, *rows]) for column in range(len(_HEADINGS))]
    lines = [_line(_HEADINGS, widths), "  ".join("-" * width for width in widths)]
    return "\n".join([*lines, *(_line(row, widths) for row in rows)])


def _row(at: SiteAt, analysis: Analysis) -> tuple[str, ...]:
    site = at.site
    part = analysis.document.part_at(at.range.start)
    line = part.document.position(at.range.start - part.start).line + 1
    dtype = dtype_of(site.output)
    output = "?" if site.output is None else nest_text(site.output)
    return (
        f"{part.cell}:{line}" if analysis.document.cells else str(line),
        site.name or "",
        site.layer or site.kind,
        "" if site.input is None else nest_text(site.input),
        output if site.kind == "layer" or dtype is None else f"{output} {dtype}",
        "" if site.params is None else f"{site.params:,}",
    )


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
    cells[0], cells[-1] = row[0].rjust(widths[0]), row[-1].rjust(widths[-1])
    return "  ".join(cells).rstrip()
