"""What units found out, at places of the document: sorted, each once."""

from __future__ import annotations

from collections.abc import Iterable

from shapelens.engine.analysis import ProblemAt, Range, SiteAt, SyntaxErrorAt, place_of
from shapelens.shapes.precision import covers
from shapelens.shapes.shape import SpecNest
from shapelens.shapes.span import Span
from shapelens.text.split import Layout
from shapelens.values.facts import ProblemFact, Site


def sites_at(sites: Iterable[Site], layout: Layout) -> tuple[SiteAt, ...]:
    """The sites that are in the document; the same place with different shapes is several sites.

    What is only a vaguer description of another site at the same place (a loop followed in general
    after it was followed in particular) is left out.
    """
    found: dict[object, SiteAt] = {}
    for site in sites:
        place = place_of(site.span, layout)
        if place is not None:
            made = place_of(site.made, layout)
            key = (place, site.kind, site.name, site.layer, made, _frozen(site.input), _frozen(site.output))
            found.setdefault((*key, site.params, site.reason), SiteAt(place, site, made))
    return tuple(sorted(_most_precise(found.values()), key=lambda at: at.range))


def _most_precise(sites: Iterable[SiteAt]) -> Iterable[SiteAt]:
    places: dict[object, list[SiteAt]] = {}
    for at in sites:
        places.setdefault((at.range, at.site.kind, at.site.name, at.site.layer), []).append(at)
    for group in places.values():
        for at in group:
            vaguer = (
                other is not at
                and covers(at.site.output, other.site.output)
                and not covers(other.site.output, at.site.output)
                for other in group
            )
            if len(group) == 1 or not any(vaguer):
                yield at


def problems_at(problems: Iterable[ProblemFact], layout: Layout) -> tuple[ProblemAt, ...]:
    """The problems that are in the document, or at a call in the document.

    Where a place fails in the same way at several calls, the first one tells it.
    """
    found: dict[object, ProblemAt] = {}
    for problem in problems:
        place = _place_here([problem.span, *reversed(problem.trail)], layout)
        if place is not None:
            found.setdefault((place, problem.failure.code), ProblemAt(place, problem))
    return tuple(sorted(found.values(), key=lambda at: at.range))


def _place_here(spans: list[Span], layout: Layout) -> Range | None:
    return next((place for span in spans if (place := place_of(span, layout)) is not None), None)


def _frozen(nest: SpecNest | None) -> object:
    if isinstance(nest, dict):
        return tuple((key, _frozen(item)) for key, item in nest.items())
    if isinstance(nest, tuple):
        return tuple(_frozen(item) for item in nest)
    return nest


def syntax_errors_at(layout: Layout) -> tuple[SyntaxErrorAt, ...]:
    """The statements that do not parse."""
    found = []
    for unit, start in zip(layout.units, layout.starts, strict=True):
        if unit.error is not None:
            message, offset = unit.error
            line_end = min(
                (end for end in (unit.text.find("\n", offset), unit.text.find("\r", offset)) if end >= 0),
                default=len(unit.text),
            )
            found.append(SyntaxErrorAt(Range(start + offset, start + max(line_end, offset)), message))
    return tuple(found)
