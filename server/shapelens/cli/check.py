"""``shapelens check``: problems with the source lines they are about."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from shapelens.cli.api import analyze_document, with_fixes
from shapelens.cli.asking import Asking
from shapelens.cli.contract import diagnostic_json
from shapelens.cli.excerpt import Style, describe
from shapelens.cli.files import complain, python_files, read_or_complain
from shapelens.cli.main import CLEAN, ERRORS_FOUND, USAGE
from shapelens.ide.plain import Json


def check(paths: Sequence[str], output_format: str, asking: Asking) -> int:
    """Check files and directories; print what was found; the exit code."""
    unreadable = False
    several = len(paths) > 1 or Path(paths[0]).is_dir()
    items: list[Json] = []
    counts = {"error": 0, "warning": 0}
    files = 0
    style = Style.of(sys.stdout)
    for path in (file for argument in paths for file in python_files(Path(argument))):
        document = read_or_complain(path)
        if document is None:
            unreadable = True
            continue
        files += 1
        analysis = analyze_document(document, str(path), asking)
        if analysis.stopped:
            complain(f"{path}: not analysed to its end: {analysis.stopped}")
        if analysis.questions:
            complain(f"{path}: Keras did not answer in time; this is what ShapeLens knows itself")
        for diagnostic, fixes in with_fixes(analysis, str(path)):
            if diagnostic.severity in counts:
                counts[diagnostic.severity] += 1
            if output_format == "json":
                item = diagnostic_json(diagnostic, fixes, document)
                items.append({"path": str(path), **item} if several else item)
            else:
                print(describe(diagnostic, fixes, document, str(path), style), end="\n\n")
    if output_format == "json":
        print(json.dumps({"diagnostics": items}))
    elif files:
        print(_summary(counts, files))
    if unreadable:
        return USAGE
    return ERRORS_FOUND if counts["error"] else CLEAN


def _summary(counts: dict[str, int], files: int) -> str:
    found = " and ".join(_count(number, word) for word, number in counts.items() if number)
    return f"{f'Found {found}' if found else 'No problems'} in {_count(files, 'file')}."


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
