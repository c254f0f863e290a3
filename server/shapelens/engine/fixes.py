"""Quick fixes that are known to work: each was tried on a copy of the document and analysed again."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

from shapelens.engine.analysis import Analysis, ProblemAt
from shapelens.engine.analyze import MODULE, Interpreter, analyze
from shapelens.problems.fixes import Edit, Fix, FixContext, propose
from shapelens.shapes.question import Question
from shapelens.text.document import Document, replace_range
from shapelens.values.value import Address, Lib

__all__ = ["Edit", "Fix", "aliases", "apply_edits", "is_sound", "verified_fixes"]

# Of one problem; a list longer than a few is no help, and each costs an analysis.
MAX_TRIED = 8
MAX_OFFERED = 4


def verified_fixes(
    analysis: Analysis,
    problem: ProblemAt,
    *,
    path: str | None = None,
    interpreter: Interpreter | None = None,
    proposals: Callable[[ProblemAt, Analysis], Sequence[Fix]] | None = None,
    seconds: float = 2.0,
) -> tuple[Fix, ...]:
    """The fixes of ``problem`` after which it is gone and no new problem came, best first.

    A trial re-uses ``analysis``, so that it costs the edited statements and what depends on them.
    """
    deadline = time.thread_time() + seconds
    kept: list[Fix] = []
    for fix in (proposals or _proposals)(problem, analysis)[:MAX_TRIED]:
        remaining = deadline - time.thread_time()
        if remaining <= 0 or len(kept) == MAX_OFFERED:
            break
        changed = apply_edits(analysis.document, fix.edits)
        after = analyze(
            changed, analysis, path=path, interpreter=interpreter, seconds=remaining, installed=analysis.installed
        )
        if not after.stopped and _brings_nothing_new(fix.edits, (problem,), analysis, after):
            kept.append(fix)
    return tuple(kept)


def is_sound(
    analysis: Analysis,
    edits: Sequence[Edit],
    *,
    path: str | None = None,
    interpreter: Interpreter | None = None,
    seconds: float = 5.0,
) -> bool:
    """Whether no new problem comes with the edits."""
    changed = apply_edits(analysis.document, edits)
    after = analyze(
        changed, analysis, path=path, interpreter=interpreter, seconds=seconds, installed=analysis.installed
    )
    return not after.stopped and _brings_nothing_new(edits, (), analysis, after)


def apply_edits(document: Document, edits: Sequence[Edit]) -> Document:
    """The document with all edits, whose places are those of the given document."""
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end), reverse=True):
        document = replace_range(document, edit.start, edit.end, edit.new_text)
    return document


def _proposals(problem: ProblemAt, analysis: Analysis) -> list[Fix]:
    layout = analysis.layout
    context = FixContext(analysis.document.text, layout.by_uid, layout.start_by_uid, aliases(analysis))
    return propose(problem.problem, context)


def aliases(analysis: Analysis) -> Mapping[str, str]:
    """How the program calls each library name that it imported: ``{"numpy": "np"}``."""
    found: dict[str, str] = {}
    for cell, content in analysis.state.items():
        if isinstance(content, Lib) and not isinstance(cell, Address | Question) and cell[0] == MODULE:
            found.setdefault(content.name, cell[1])
    return found


def _brings_nothing_new(edits: Sequence[Edit], gone: Sequence[ProblemAt], before: Analysis, after: Analysis) -> bool:
    """Whether what is left are old problems at their moved places, and none of ``gone`` is one of them."""
    if len(after.syntax_errors) > len(before.syntax_errors):
        return False
    old = {_key(at, edits) for at in before.problems} - {_key(problem, edits) for problem in gone}
    return {_key(at, ()) for at in after.problems} <= old


def _key(at: ProblemAt, edits: Sequence[Edit]) -> tuple[int, str]:
    return _moved(at.range.start, edits), at.problem.failure.code


def _moved(offset: int, edits: Sequence[Edit]) -> int:
    """Where the character at ``offset`` is after the edits."""
    shift = 0
    for edit in edits:
        if edit.end <= offset:
            shift += len(edit.new_text) - (edit.end - edit.start)
        elif edit.start < offset:
            return edit.start + shift
    return offset + shift
