"""`make mutants`: typical mistakes in valid programs, what real Keras does with them, and what ShapeLens says.

`python -m tests.mutants.report [--seed N] [--most N] [--keras2 PYTHON] [--list] [--operator NAME] [--json FILE]`
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from .judge import Judgement, Said, judge, speaks_of_shapes
from .mutate import Mutant, mutants_of
from .programs import Base, valid_programs
from .truth import RealKeras, Truth

MOST = 1200
# Of one operator and of one program: so that no kind of mistake, and no long program, stands for all.
MOST_OF_OPERATOR = 60
MOST_OF_PROGRAM = 12


@dataclass(frozen=True)
class Judged:
    """One mutant with its truth and what came of it."""

    mutant: Mutant
    truth: Truth
    said: tuple[Said, ...]
    judgement: Judgement


def choose(mutants: Iterable[Mutant], seed: int, most: int) -> list[Mutant]:
    """Some of the mutants, the same for the same seed, spread over operators and programs."""

    def draw(mutant: Mutant) -> str:
        return hashlib.sha256(f"{seed} {mutant.operator} {mutant.text}".encode()).hexdigest()

    operators: Counter[str] = Counter()
    programs: Counter[str] = Counter()
    chosen: list[Mutant] = []
    for mutant in sorted(mutants, key=draw):
        free = operators[mutant.operator] < MOST_OF_OPERATOR and programs[mutant.program] < MOST_OF_PROGRAM
        if free and len(chosen) < most:
            operators[mutant.operator] += 1
            programs[mutant.program] += 1
            chosen.append(mutant)
    return chosen


def errors_said(text: str, name: str, family: int) -> tuple[Said, ...]:
    """ShapeLens's errors, by rules and interpreter alone. Warnings and hints are none."""
    from shapelens.cli.api import analyze_text
    from shapelens.cli.asking import Asking
    from shapelens.cli.contract import diagnostic_json
    from shapelens.ide.diagnostics import diagnostics

    analysis = analyze_text(text, f"{name.replace('/', '_')}.py", Asking(python=None, family=2 if family == 2 else 3))
    found: list[Said] = []
    for diagnostic in diagnostics(analysis):
        if diagnostic.severity == "error":
            item = diagnostic_json(diagnostic, (), analysis.document)
            line, end_line = item["line"], item["end_line"]
            assert isinstance(line, int)
            assert isinstance(end_line, int)
            found.append(Said((line, end_line), diagnostic.code, diagnostic.message.split("\n")[0]))
    return tuple(found)


def _judged(work: tuple[Mutant, Truth, int]) -> Judged:
    mutant, truth, family = work
    said = errors_said(mutant.text, mutant.program, family)
    return Judged(mutant, truth, said, judge(mutant.text, truth, said))


def judge_all(mutants: Sequence[Mutant], keras: RealKeras, family: int, processes: int = 2) -> list[Judged]:
    """Every mutant that has a truth which speaks of shapes, or runs."""
    truths = keras.run(mutant.text for mutant in mutants)
    work = [(mutant, truths[mutant.text], family) for mutant in mutants if tells(truths[mutant.text])]
    with ProcessPoolExecutor(processes) as pool:
        return list(pool.map(_judged, work, chunksize=8))


def tells(truth: Truth) -> bool:
    """Whether the run tells something: it ended, and not for another reason than shapes."""
    return not truth.failure and all(speaks_of_shapes(error) for error in truth.errors[:1])


def report(judged: Sequence[Judged], show: bool) -> None:
    """Print the figures, and with `show` every miss and every false error."""
    rows: dict[str, Counter[str]] = defaultdict(Counter)
    for item in judged:
        for row in ("all", item.mutant.operator):
            rows[row][item.judgement.verdict or "runs"] += 1
            rows[row]["false"] += bool(item.judgement.false)
            rows[row]["false in what runs"] += bool(item.judgement.false) and item.judgement.verdict is None
    if show:
        for item in judged:
            if item.judgement.false:
                _show("FALSE", item, [str(said) for said in item.judgement.false])
        for item in judged:
            if item.judgement.verdict == "missed":
                _show("MISS", item, [f"says {said}" for said in item.said])
    print(f"{'':24}{'mutants':>8}{'raise':>8}{'on line':>9}{'call':>6}{'cause':>7}{'missed':>8}{'runs':>7}{'false':>7}")
    for name in [*sorted(set(rows) - {"all"}), "all"]:
        row = rows[name]
        raising = row["line"] + row["chain"] + row["cause"] + row["missed"]
        print(
            f"{name:24}{raising + row['runs']:8}{raising:8}{row['line']:9}{row['chain']:6}{row['cause']:7}"
            f"{row['missed']:8}{row['runs']:7}{row['false']:7}"
        )
    row = rows["all"]
    flagged = row["line"] + row["chain"] + row["cause"]
    print(
        f"{flagged} of {flagged + row['missed']} mutants that raise are told"
        f" ({100 * flagged / max(1, flagged + row['missed']):.1f} %), {row['line']} of them on the line;"
        f" errors in {row['false in what runs']} of {row['runs']} mutants that run"
        f" ({row['false']} with an error where nothing is wrong)"
    )


def _show(kind: str, item: Judged, said: list[str]) -> None:
    mutant = item.mutant
    print(f"{kind} {mutant.program}:{mutant.line} {mutant.operator}: {mutant.change}")
    for error in item.truth.errors[:1]:
        print(f"    line {error.chain[-1][0] if error.chain else 0}: {error}")
    for line in said:
        print(f"    {line}")


def main() -> None:
    """Run, judge, print."""
    parser = argparse.ArgumentParser(prog="make mutants")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--most", type=int, default=MOST)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--keras2", metavar="PYTHON", help="an interpreter with Keras 2.15, to be the truth")
    parser.add_argument("--operator", help="this operator alone")
    parser.add_argument("--program", default="", help="programs whose id has this")
    parser.add_argument("--list", action="store_true", help="print every miss and every false error")
    parser.add_argument("--json", type=Path, help="write the judgements there")
    options = parser.parse_args()
    os.environ.setdefault("SHAPELENS_STRICT", "1")
    keras = RealKeras(options.keras2, options.processes) if options.keras2 else RealKeras(processes=options.processes)
    bases = [base for base in valid_programs(keras) if options.program in base.id]
    mutants = choose(_mutants(bases, options.operator), options.seed, options.most)
    judged = judge_all(mutants, keras, 2 if options.keras2 else 3, options.processes)
    versions = ", ".join(f"{name} {version}" for name, version in keras.version().items())
    print(
        f"{len(bases)} programs, {len(mutants)} mutants (seed {options.seed}), {len(judged)} with a truth; {versions}"
    )
    report(judged, options.list)
    if options.json:
        options.json.write_text(json.dumps([_plain(item) for item in judged], indent=1), encoding="utf-8")


def _mutants(bases: Iterable[Base], operator: str | None) -> list[Mutant]:
    found = [mutant for base in bases for mutant in mutants_of(base.id, base.text)]
    return [mutant for mutant in found if operator in (None, mutant.operator)]


def _plain(item: Judged) -> dict[str, object]:
    return {
        "program": item.mutant.program,
        "operator": item.mutant.operator,
        "line": item.mutant.line,
        "change": item.mutant.change,
        "text": item.mutant.text,
        "verdict": item.judgement.verdict,
        "errors": [{"at": error.chain[-1:], "said": str(error)} for error in item.truth.errors],
        "false": [str(said) for said in item.judgement.false],
        "said": [str(said) for said in item.said],
    }


if __name__ == "__main__":
    main()
