"""What people type, paste and post around their Python, taken away without moving a character."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from shapelens.text.ipython import as_python, cell_as_python
from shapelens.text.parse import parses
from shapelens.text.prompts import Section, without_prompts
from shapelens.text.scan import blank, closed_at, in_triple_quotes

__all__ = ["Section", "plain"]

_FENCES = ("```", "~~~")
_FENCE = re.compile(r"(?:\A|(?<=[\r\n]))[ \t]*(?:```|~~~)[^`\r\n]*(?=[\r\n]|\Z)")
_FIRST_STATEMENT = re.compile(r"\ufeff?(?:[ \t\f]*(?:#[^\r\n]*)?(?:\r\n?|\n))*(?P<indent>[ \t]*)(?=[^\s#])")
_NOT_BLANK = r"[ \t]*[^ \t\f\r\n#]"


def plain(text: str, cells: Sequence[int] = ()) -> tuple[str, list[Section]]:
    """A text of the same length that is Python as far as possible, and how to cut it.

    ``cells`` are where the cells of a notebook start; none in a script.
    """
    texts, sections = [], []
    starts = list(cells) or [0]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        part = text[start:end]
        part, cuts = without_prompts(part if cells else _without_fences(part))
        part = cell_as_python(part) if cells else as_python(part)
        texts.append(part)
        for cut in cuts:
            for section in [cut] if cut.indent else _by_indentation(part, cut):
                sections.append(Section(start + section.start, start + section.end, section.indent))
    return "".join(texts), sections


def _without_fences(text: str) -> str:
    """A pasted Markdown text without its fences, and without the prose around them."""
    if not any(mark in text for mark in _FENCES) or not _FENCE.search(text):
        return text
    strings = in_triple_quotes(text)
    fences = [m for m in _FENCE.finditer(text) if not any(start <= m.start() < end for start, end in strings)]
    parts, end, outside = [], 0, True
    for fence in fences:
        parts += [_prose(text[end : fence.start()]) if outside else text[end : fence.start()], blank(fence.group())]
        end, outside = fence.end(), not outside
    rest = text[end:]
    return "".join([*parts, _prose(rest) if fences and outside else rest])


def _prose(text: str) -> str:
    return text if parses(text) else blank(text)


def _by_indentation(text: str, section: Section) -> Iterator[Section]:
    """The section, cut where its outermost indentation changes: people paste the inside of something."""
    start, end = section.start, section.end
    while start < end:
        first = _FIRST_STATEMENT.match(text, start, end)
        indent = first["indent"] if first else ""
        if not indent:
            yield Section(start, end)
            return
        assert first is not None
        shallower = re.compile(rf"(?<=[\r\n])(?!{re.escape(indent)}){_NOT_BLANK}")
        leaving = [match.start() for match in shallower.finditer(text, first.end(), end)]
        reach = closed_at(text, first.end(), leaving, end)
        if reach is None:
            reach = leaving[0] if leaving else end
        yield Section(start, reach, indent)
        start = reach
