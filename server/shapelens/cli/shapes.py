"""``shapelens shapes``: a table of the layers and tensors of a file, like ``model.summary()``."""

from __future__ import annotations

import json
from pathlib import Path

from shapelens.cli.api import analyze_text
from shapelens.cli.asking import Asking
from shapelens.cli.contract import sites_json
from shapelens.cli.files import complain, read_or_complain
from shapelens.cli.main import CLEAN, USAGE
from shapelens.engine.analysis import Analysis, SiteAt
from shapelens.ide.plain import dtype_of
from shapelens.ide.words import nest_text

_HEADINGS = ("line", "name", "layer", "input", "output", "params")


def shapes(file: str, output_format: str, asking: Asking) -> int:
    """Print the sites of a file; the exit code."""
    text = read_or_complain(Path(file))
    if text is None:
        return USAGE
    analysis = analyze_text(text, file, asking)
    if analysis.stopped:
        complain(f"{file}: not analysed to its end: {analysis.stopped}")
    if output_format == "json":
        print(json.dumps({"sites": sites_json(analysis)}))
    else:
        print(_table(analysis))
    return CLEAN


def _table(analysis: Analysis) -> str:
    rows = [_row(at, analysis) for at in analysis.sites]
    if not rows:
        return "No layers or tensors found."
    widths = [max(len(row[column]) for row in [_HEADINGS, *rows]) for column in range(len(_HEADINGS))]
    lines = [_line(_HEADINGS, widths), "  ".join("-" * width for width in widths)]
    return "\n".join([*lines, *(_line(row, widths) for row in rows)])


def _row(at: SiteAt, analysis: Analysis) -> tuple[str, ...]:
    site = at.site
    line = analysis.document.position(at.range.start).line + 1
    dtype = dtype_of(site.output)
    output = "?" if site.output is None else nest_text(site.output)
    return (
        str(line),
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
