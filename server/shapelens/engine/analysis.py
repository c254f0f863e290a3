"""What is known of one revision of a document. Immutable; places are character ranges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, TypeAlias

from shapelens.engine.installed import NOBODY, Installed
from shapelens.interp.result import NO_VALUES, Cell, Content, UnitResult
from shapelens.shapes.question import Question
from shapelens.shapes.span import Span
from shapelens.text.document import Document
from shapelens.text.split import Layout
from shapelens.text.unit import Unit
from shapelens.values.facts import ProblemFact, Site

# What the cells of a program contain at some point.
State: TypeAlias = Mapping[Cell, Content]

__all__ = [
    "NO_VALUES",
    "Analysis",
    "Content",
    "Memo",
    "ProblemAt",
    "Range",
    "SiteAt",
    "State",
    "SyntaxErrorAt",
    "place_of",
]


class Range(NamedTuple):
    """A half-open range of characters in a document."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SiteAt:
    """A site and its place in the document; ``made``: where the layer was constructed, if here."""

    range: Range
    site: Site
    made: Range | None = None


@dataclass(frozen=True, slots=True)
class ProblemAt:
    """A problem and its place in the document.

    That is where it arises, or, when that is in another module, the call in this document that led there.
    """

    range: Range
    problem: ProblemFact


@dataclass(frozen=True, slots=True)
class SyntaxErrorAt:
    """A statement that does not parse: its place, and the parser's message."""

    range: Range
    message: str


@dataclass(frozen=True, slots=True)
class Memo:
    """What each unit did, and the unit as it was then: for re-use by the next revision.

    ``units`` by uid; ``uncalled`` by uid and those of its functions that the program enters.
    """

    units: dict[int | str, tuple[Unit, UnitResult]] = field(default_factory=dict)
    uncalled: dict[tuple[int | str, frozenset[tuple[int | str, int]]], tuple[Unit, UnitResult]] = field(
        default_factory=dict
    )


@dataclass(frozen=True)
class Analysis:
    """``sites`` and ``problems`` are in order of place, without duplicates.

    ``state`` is what the program's cells contain at its end. ``stopped`` says why statements were
    left out, if any were. ``installed`` is whom it asked, ``questions`` are those that have no answer yet.
    ``asks``: it has questions, or would have some if anybody could be asked; ``minds_versions``: it depends
    on which libraries the program means.
    """

    document: Document
    layout: Layout
    sites: tuple[SiteAt, ...] = ()
    problems: tuple[ProblemAt, ...] = ()
    syntax_errors: tuple[SyntaxErrorAt, ...] = ()
    state: State = field(default_factory=dict, repr=False)
    stopped: str | None = None
    memo: Memo = field(default_factory=Memo, repr=False)
    installed: Installed = NOBODY
    questions: tuple[Question, ...] = field(default=(), repr=False)
    asks: bool = False
    minds_versions: bool = False

    @cached_property
    def imported(self) -> frozenset[str]:
        """The files of the modules that the program imports, and those that these import."""
        results = (result for _, result in (*self.memo.units.values(), *self.memo.uncalled.values()))
        found = (place for result in results for place in result.imports.values())
        return frozenset(place.path for place in found if place is not None and place.path is not None)

    def range_of(self, span: Span | None) -> Range | None:
        """The place of a span; `None` when it is in another module, or in a statement that is gone."""
        return place_of(span, self.layout)


def place_of(span: Span | None, layout: Layout) -> Range | None:
    """The place of a span in the text of a layout."""
    if span is None or span.unit not in layout.start_by_uid:
        return None
    start = layout.start_by_uid[span.unit]
    # A stand-in for a broken statement may reach beyond what the user typed.
    length = len(layout.by_uid[span.unit].text)
    return Range(start + min(span.start, length), start + min(span.end, length))
