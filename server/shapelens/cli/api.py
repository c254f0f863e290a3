"""The command line's answers as plain data, for other programs and for tests."""

from __future__ import annotations

import time
from pathlib import Path

from shapelens.cli.asking import Asking
from shapelens.cli.contract import diagnostic_json, sites_json
from shapelens.engine.analysis import Analysis
from shapelens.engine.analyze import analyze
from shapelens.engine.fixes import Fix, verified_fixes
from shapelens.ide import pages
from shapelens.ide.diagnostics import Diagnostic, diagnostics
from shapelens.ide.plain import Json
from shapelens.text.document import Document, document

# For the quick fixes of one file; problems after that are shown without.
FIX_SECONDS = 10.0
NOBODY = Asking(python=None)


def check_text(text: str, path: str, asking: Asking = NOBODY) -> dict[str, Json]:
    """What ``shapelens check FILE --output-format json`` prints for a file of this text.

    Without ``asking``, as with ``--no-keras``.
    """
    analysis = analyze_text(text, path, asking)
    found: list[Json] = [
        diagnostic_json(diagnostic, fixes, analysis.document) for diagnostic, fixes in with_fixes(analysis, path)
    ]
    return {"diagnostics": found}


def shapes_text(text: str, path: str, asking: Asking = NOBODY) -> dict[str, Json]:
    """What ``shapelens shapes FILE --output-format json`` prints for a file of this text."""
    sites: list[Json] = [*sites_json(analyze_text(text, path, asking))]
    return {"sites": sites}


def analyze_text(text: str, path: str, asking: Asking = NOBODY) -> Analysis:
    """The analysis of a file of this text."""
    return analyze_document(document(Path(path).absolute().as_uri(), text), path, asking)


def analyze_document(program: Document, path: str, asking: Asking = NOBODY) -> Analysis:
    """The analysis of a program that was read from the file ``path``."""
    absolute = str(Path(path).absolute())
    return asking.settle(analyze(program, path=absolute, installed=asking.installed()), absolute)


def with_fixes(analysis: Analysis, path: str) -> list[tuple[Diagnostic, tuple[Fix, ...]]]:
    """The diagnostics of a file in order of place, each with its fixes.

    Statements that do not parse are among them, because nothing is said about what is not analysed.
    """
    deadline = time.thread_time() + FIX_SECONDS
    found: list[tuple[Diagnostic, tuple[Fix, ...]]] = [
        (
            Diagnostic(
                error.range,
                pages.SYNTAX_ERROR,
                "information",
                f"This is not valid Python ({error.message}): only what is understood of it is analysed.",
            ),
            (),
        )
        for error in analysis.syntax_errors
    ]
    for diagnostic in diagnostics(analysis):
        seconds = deadline - time.thread_time()
        fixes: tuple[Fix, ...] = ()
        if diagnostic.problem is not None and seconds > 0:
            absolute = str(Path(path).absolute())
            fixes = verified_fixes(analysis, diagnostic.problem, path=absolute, seconds=seconds)
        found.append((diagnostic, fixes))
    return sorted(found, key=lambda item: item[0].range)
