"""Analyses as plain data that can be compared."""

from __future__ import annotations

from shapelens.engine.analysis import Analysis


def plain(analysis: Analysis) -> list[object]:
    """What users see, without identities that differ between analyses."""
    sites = [
        (
            *(at.range, at.made, at.site.kind, at.site.name, at.site.layer, at.site.input, at.site.output),
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
