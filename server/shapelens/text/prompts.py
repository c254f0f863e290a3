"""Pasted sessions: the prompts of Python (``>>>``) and of IPython (``In [3]:``), and what was printed between."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shapelens.text.lines import lines_of
from shapelens.text.scan import blank, statement_lines


@dataclass(frozen=True, slots=True)
class Section:
    """A part ``start:end`` of a text that is cut by itself into statements, all indented by ``indent``."""

    start: int
    end: int
    indent: str = ""


_PROMPT = re.compile(r"[ \t]*(?:>>>|In ?\[[\d ]*\]:)(?: |(?=[\r\n]|\Z))")
_MORE = re.compile(r"[ \t]*\.\.\.:?(?: |(?=[\r\n]|\Z))")
_RESULT = re.compile(r"[ \t]*Out ?\[[\d ]*\]:")
# An indented prompt further down is an example in a docstring: to look whether it is costs a scan of everything.
_SOME_PROMPT = re.compile(r"[\r\n](?:>>>|In ?\[)")


def without_prompts(text: str) -> tuple[str, list[Section]]:
    """``text`` with spaces for prompts and printed lines, and the sections that this makes.

    Code after a prompt is indented by the prompt's width, so each entry is a section. Printed lines
    end with the next prompt or blank line.
    """
    if not _PROMPT.match(text.lstrip("\r\n")) and not _SOME_PROMPT.search(text):
        return text, [Section(0, len(text))]
    begin = next((start for start in statement_lines(text) if _PROMPT.match(text, start)), None)
    if begin is None:
        return text, [Section(0, len(text))]
    cuts: list[tuple[int, str]] = [(0, "")] if begin else []
    parts = [text[:begin]]
    position = begin
    inside = ""  # "code" after a prompt, "output" after that, until a blank line
    for line in lines_of(text[begin:]):
        prompt, more = _PROMPT.match(line), _MORE.match(line)
        if prompt is not None:
            width = prompt.end()
            cuts.append((position, " " * width))
            parts.append(" " * width + line[width:])
            inside = "code"
        elif more is not None and inside == "code":
            parts.append(" " * more.end() + line[more.end() :])
        elif _RESULT.match(line) or (inside and line.strip()):
            parts.append(blank(line))
            inside = "output"
        else:
            if inside:
                cuts.append((position, ""))
            parts.append(line)
            inside = ""
        position += len(line)
    ends = [start for start, _ in cuts[1:]] + [len(text)]
    sections = [Section(start, end, indent) for (start, indent), end in zip(cuts, ends, strict=True)]
    return "".join(parts), sections
