"""The conformance report: what each module of the suite has put to the real libraries.

A module calls `public` once for each module of the library that it covers, and `record` for each operation
that it has put cases of to rule and library. Where ``SHAPELENS_CONFORMANCE_REPORT`` names a file, each call
appends one line of JSON to it (several test processes may share the file); otherwise nothing is written.
``python -m tests.conformance.report FILE`` adds the lines up and prints them.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Family = Literal[2, 3]
VARIABLE = "SHAPELENS_CONFORMANCE_REPORT"


def public(
    family: Family, module: str, names: Iterable[str], *, version: str, without: Mapping[str, str] | None = None
) -> None:
    """Say which public operations ``module`` (``"keras.layers"``) has in this family of Keras.

    ``version`` says which library was asked, ``"Keras 3.15.1"``. ``without`` are those of ``names`` that have
    no cases, with the reason.
    """
    _append(
        {
            "family": family,
            "module": module,
            "public": sorted(names),
            "version": version,
            "without": dict(without or {}),
        }
    )


def record(
    family: Family,
    module: str,
    name: str,
    *,
    cases: int,
    refused: int = 0,
    unknown: int = 0,
    disagreements: Sequence[str] = (),
) -> None:
    """Count the cases of one operation (``module + "." + name``).

    ``refused``: cases in which the real library raises; ``unknown``: those of which the rule said that it does
    not know; ``disagreements``: in words, those in which rule and library differ.
    """
    _append(
        {
            "family": family,
            "module": module,
            "name": name,
            "cases": cases,
            "refused": refused,
            "unknown": unknown,
            "disagreements": list(disagreements),
        }
    )


def _append(line: Mapping[str, Any]) -> None:
    target = os.environ.get(VARIABLE)
    if target:
        # One write of one line: lines of several processes do not mix.
        with open(target, "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


@dataclass
class Part:
    """What the report knows of one module of one family."""

    version: str = ""
    public: set[str] = field(default_factory=set)
    without: dict[str, str] = field(default_factory=dict)
    covered: set[str] = field(default_factory=set)
    cases: int = 0
    refused: int = 0
    unknown: int = 0
    disagreements: list[str] = field(default_factory=list)


def read(lines: Iterable[str]) -> dict[tuple[int, str], Part]:
    """The lines of a report, added up by family and module."""
    parts: dict[tuple[int, str], Part] = {}
    for line in lines:
        entry = json.loads(line)
        part = parts.setdefault((entry["family"], entry["module"]), Part())
        if "public" in entry:
            part.version = entry["version"]
            part.public |= set(entry["public"])
            part.without |= entry["without"]
            continue
        if entry["cases"] > 0:
            part.covered.add(entry["name"])
        part.cases += entry["cases"]
        part.refused += entry["refused"]
        part.unknown += entry["unknown"]
        part.disagreements += entry["disagreements"]
    return parts


def render(parts: Mapping[tuple[int, str], Part]) -> str:
    """The report as a table, the disagreements after it, then the operations without cases."""
    head = f"{'':28} {'operations':>12} {'cases':>9} {'refused':>9} {'unknown':>9} {'disagree':>9}"
    rows: list[str] = []
    notes: list[str] = []
    for family in sorted({family for family, _ in parts}):
        mine = [(module, part) for (known, module), part in sorted(parts.items()) if known == family]
        version = next((part.version for _, part in mine if part.version), f"Keras {family}")
        rows += ["", version, head]
        rows += [_row(module, part) for module, part in mine]
        rows.append(_row("in all", _sum(part for _, part in mine)))
        for module, part in mine:
            notes += [f"disagreement ({version}, {module}): {text}" for text in part.disagreements]
            open_ = sorted(part.public - part.covered)
            notes += [
                f"without cases ({version}): {module}.{name}: {part.without.get(name, 'NO REASON GIVEN')}"
                for name in open_
            ]
    return "\n".join([*rows, "", *notes])


def _row(label: str, part: Part) -> str:
    of = f"{len(part.covered)} / {len(part.public | part.covered)}"
    return f"{label:28} {of:>12} {part.cases:9} {part.refused:9} {part.unknown:9} {len(part.disagreements):9}"


def _sum(parts: Iterable[Part]) -> Part:
    total = Part()
    for index, part in enumerate(parts):
        # Names of different modules are different operations.
        total.public |= {f"{index}.{name}" for name in part.public}
        total.covered |= {f"{index}.{name}" for name in part.covered}
        total.cases += part.cases
        total.refused += part.refused
        total.unknown += part.unknown
        total.disagreements += part.disagreements
    return total


def main(path: str) -> int:
    """Print the report of a file; 1 when there are disagreements, or nothing was put to any library."""
    parts = read(Path(path).read_text(encoding="utf-8").splitlines())
    print(render(parts))
    failed = not parts or any(part.disagreements for part in parts.values())
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
