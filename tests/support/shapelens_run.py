"""Compares what ShapeLens says of a program with what the fixture expects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .literate import Program, Shape, ShapeExpectation
from .targets import Span, Target, find_target

SPOKEN = ("error", "warning")


@dataclass(frozen=True)
class Diagnostic:
    """An error or a warning of ShapeLens, as the JSON contract gives it."""

    line: int
    severity: str
    code: str
    message: str
    fixes: list[dict[str, Any]]

    def __str__(self) -> str:
        return f"{self.severity}: [{self.code}] {self.message}"


@dataclass(frozen=True)
class Said:
    """What ShapeLens says of one program."""

    diagnostics: list[Diagnostic]
    sites: list[dict[str, Any]]


def analyse(program: Program) -> Said:
    """ShapeLens's answer through the interface that the command line uses."""
    return Said(diagnose(program.text, program.id), _sites(program))


def diagnose(text: str, name: str) -> list[Diagnostic]:
    """The errors and warnings of a text, hints and information left out."""
    from shapelens.cli.api import check_text

    answer: Any = check_text(text, f"{name.replace('/', '_')}.py")
    return [
        Diagnostic(d["line"], d["severity"], d["code"], d["message"], d["fixes"])
        for d in answer["diagnostics"]
        if d["severity"] in SPOKEN
    ]


def _sites(program: Program) -> list[dict[str, Any]]:
    from shapelens.cli.api import shapes_text

    answer: Any = shapes_text(program.text, f"{program.id.replace('/', '_')}.py")
    sites: list[dict[str, Any]] = answer["sites"]
    return sites


def wrong_problems(program: Program, diagnostics: list[Diagnostic]) -> list[str]:
    """Expected problems that are not reported, and reported ones that are not expected."""
    found: list[str] = []
    unexpected = list(diagnostics)
    for expected in program.problems:
        there = [d for d in unexpected if (d.line, d.severity) == (expected.line, expected.severity)]
        fitting = [d for d in there if d.code == expected.code and expected.message in d.message]
        if fitting:
            unexpected.remove(fitting[0])
            continue
        instead = "; ".join(map(str, there)) or "nothing"
        found.append(
            f"{program.place(expected.line)}: expected {expected.severity} [{expected.code}]"
            f" {expected.message!r}, ShapeLens says {instead}"
        )
        unexpected = [d for d in unexpected if d not in there]
    return found + [f"{program.place(d.line)}: unexpected {d}" for d in unexpected]


def wrong_shapes(program: Program, sites: list[dict[str, Any]]) -> list[str]:
    """Expected shapes that ShapeLens does not show, or shows otherwise."""
    found: list[str] = []
    for expectation in program.shapes:
        given = shapes_at(find_target(program, expectation), expectation, sites)
        if not given:
            found.append(f"{program.place(expectation.line)}: no shape is shown here")
        else:
            found.extend(
                f"{program.place(expectation.line)}: expected {expectation.alternatives}, shown is {shape}"
                for shape in given
                if not any(_fits(wanted, shape) for wanted in expectation.alternatives)
            )
            found.extend(
                f"{program.place(expectation.line)}: expected {wanted} too, shown is only {given}"
                for wanted in expectation.alternatives
                if not any(_fits(wanted, shape) for shape in given)
            )
    return found


def shapes_at(target: Target, expectation: ShapeExpectation, sites: list[dict[str, Any]]) -> list[Any]:
    """The shapes that ShapeLens shows for an expression, or else for the variable that it is bound to."""
    exact = [s["output_shape"] for s in sites if target.span is not None and _span(s) == target.span]
    if exact:
        return exact
    first = target.span[0] if target.span is not None else expectation.line
    return [
        site["output_shape"]
        for site in sites
        if site["kind"] in ("variable", "tensor", "dataset")
        and site["name"] == target.name
        and first <= site["line"] <= expectation.line
    ]


def _span(site: dict[str, Any]) -> Span:
    return (site["line"], site["column"], site["end_line"], site["end_column"])


def _fits(expected: Shape, given: Any) -> bool:
    """An expected int must be given as this int; None matches what is unknown or symbolic."""
    if not isinstance(given, list) or len(given) != len(expected):
        return False
    for want, have in zip(expected, given, strict=True):
        if isinstance(want, list):
            if not _fits(want, have):
                return False
        elif want is None:
            if isinstance(have, int | list):
                return False
        elif have != want:
            return False
    return True


def apply_fix(text: str, fix: dict[str, Any]) -> str:
    """The text after a fix's edits."""
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    edits = [
        (
            starts[edit["line"] - 1] + edit["column"] - 1,
            starts[edit["end_line"] - 1] + edit["end_column"] - 1,
            edit["new_text"],
        )
        for edit in fix["edits"]
    ]
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def moved_line(line: int, fix: dict[str, Any]) -> int:
    """Where a line stands after a fix's edits."""
    above = [edit for edit in fix["edits"] if edit["line"] < line or (edit["line"], edit["column"]) == (line, 1)]
    return line + sum(e["new_text"].count("\n") - (e["end_line"] - e["line"]) for e in above)
