"""Analyses as plain data that can be compared."""

from __future__ import annotations

from shapelens.engine.analysis import Analysis
from shapelens.shapes.shape import SpecNest, TensorSpec


def plain(analysis: Analysis) -> list[object]:
    """What users see, without identities that differ between analyses."""
    sites = [
        (
            *(at.range, at.made, at.site.kind, at.site.name, at.site.layer),
            *(_told(at.site.input), _told(at.site.output)),
            *(at.site.params, at.site.steps, at.site.reason),
        )
        for at in analysis.sites
    ]
    problems = [
        (
            at.range,
            at.problem.failure.code,
            at.problem.failure.sentence,
            at.problem.failure.keras,
            [(analysis.range_of(place.span), place.message) for place in at.problem.failure.places],
            [(o.text, o.role, analysis.range_of(o.span), analysis.range_of(o.made)) for o in at.problem.operands],
            [analysis.range_of(span) for span in at.problem.trail],
        )
        for at in analysis.problems
    ]
    return [sites, problems, analysis.syntax_errors, analysis.stopped]


def _told(nest: SpecNest | None) -> object:
    """Sizes by their names: an unknown one belongs to a call, which is another one in each analysis."""
    if isinstance(nest, TensorSpec):
        return str(nest.shape), nest.dtype
    if isinstance(nest, dict):
        return {key: _told(inner) for key, inner in nest.items()}
    return None if nest is None else [_told(inner) for inner in nest]
