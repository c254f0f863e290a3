"""What came of the analysis of the packages, in words and numbers."""

from __future__ import annotations

import json
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from .alarms import Outcome, Shown
from .shapes import Beside

# Errors that real Keras raises, too; each with how that was seen.
EXAMINED = Path(__file__).with_name("examined.json")


def examined() -> dict[tuple[str, str, str], str]:
    """The reasons why errors are true, by file, code and the text of the line."""
    entries = json.loads(EXAMINED.read_text(encoding="utf-8"))
    return {(entry["file"], entry["code"], entry["source"]): entry["reason"] for entry in entries}


def print_alarms(outcomes: Sequence[Outcome]) -> bool:
    """Print the report; whether nothing in it is a defect."""
    known = examined()
    alarms = []
    for outcome in outcomes:
        for shown in outcome.shown:
            if shown.severity == "error":
                reason = known.get((outcome.task.name, shown.code, shown.source))
                if reason is None:
                    alarms.append((outcome, shown))
                print(f"{'ERROR' if reason is None else 'true error'}: {_told(outcome, shown)}")
                if reason:
                    print(f"    {reason}")
            elif shown.severity == "warning":
                print(f"warning: {_told(outcome, shown)}")
    crashed = [outcome for outcome in outcomes if outcome.crash or outcome.logged]
    for outcome in crashed:
        print(f"CRASH: {outcome.task.package}: {outcome.task.name}")
        print(outcome.crash or "\n".join(outcome.logged))
    stopped = [outcome for outcome in outcomes if outcome.stopped]
    for outcome in stopped:
        print(f"STOPPED: {outcome.task.package}: {outcome.task.name}: {outcome.stopped}")
    slow = sorted((o for o in outcomes if o.seconds > 1), key=lambda o: -o.seconds)
    for outcome in slow[:30]:
        print(f"slow: {outcome.seconds:.1f} s: {outcome.task.package}: {outcome.task.name}")
    print()
    print(
        f"{'package':<44} {'files':>6} {'errors':>6} {'known':>6} {'warn.':>6} "
        f"{'median ms':>9} {'99 % ms':>8} {'max. s':>7}"
    )
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[outcome.task.package].append(outcome)
    for name, group in [*groups.items(), ("all", list(outcomes))]:
        errors = [(o, s) for o in group for s in o.shown if s.severity == "error"]
        true = [1 for o, s in errors if (o.task.name, s.code, s.source) in known]
        warnings = sum(s.severity == "warning" for o in group for s in o.shown)
        times = [o.seconds for o in group]
        print(
            f"{name:<44} {len(group):>6} {len(errors):>6} {len(true):>6} {warnings:>6} "
            f"{statistics.median(times) * 1000:>9.1f} {percentile(times, 99) * 1000:>8.0f} {max(times):>7.2f}"
        )
    print(f"\n{len(alarms)} errors to examine, {len(crashed)} crashes, {len(stopped)} not followed to their end")
    return not (alarms or crashed or stopped)


def print_shapes(found: Sequence[Beside], details: bool) -> None:
    """Print the report of the models."""
    groups: dict[str, list[Beside]] = defaultdict(list)
    for item in found:
        groups[item.builder.package.name].append(item)
        for line in _lines(item, details):
            print(line)
    print()
    print(
        f"{'package':<28} {'models':>6} {'layers':>7} {'exact':>7} {'partly':>7} {'missing':>7} "
        f"{'wrong':>6} {'weights':>9}"
    )
    for name, group in [*groups.items(), ("all", list(found))]:
        compared = [item.comparison for item in group if item.comparison is not None]
        counts: Counter[str] = Counter()
        for comparison in compared:
            counts.update(comparison.count())
        layers = sum(counts.values())
        weights = Counter(comparison.params.verdict for comparison in compared)
        shares = [f"{100 * counts[verdict] / max(layers, 1):.1f} %" for verdict in ("exact", "partly", "missing")]
        print(
            f"{name:<28} {len(compared):>6} {layers:>7} {shares[0]:>7} {shares[1]:>7} {shares[2]:>7} "
            f"{counts['wrong']:>6} {weights['exact']:>4}/{weights['wrong']:>2}/{weights['missing']:>2}"
        )


def _lines(item: Beside, details: bool) -> Iterator[str]:
    told, comparison = item.told, item.comparison
    head = f"{item.builder.package.name}: {item.builder.call}"
    if comparison is None:
        yield f"NOT BUILT: {head}: {item.real['error'][:200]}"
        return
    counts = comparison.count()
    counted = ", ".join(f"{counts[v]} {v}" for v in ("exact", "partly", "missing", "wrong") if counts[v])
    params = comparison.params
    weights = "" if params.verdict == "exact" else f"; weights {params.told} for {params.real}"
    yield f"{head}: {counted}{weights} ({told.seconds:.1f} s){' ' + told.reason if told.reason else ''}"
    for error in told.errors:
        yield f"    ERROR {error}"
    worst = [judged for judged in comparison.layers if judged.verdict == "wrong" or details]
    for judged in [j for j in worst if j.verdict != "exact"][:12]:
        yield f"    {judged.verdict}: {judged.class_name} {judged.name}: told {judged.told}, real {judged.real}"


def _told(outcome: Outcome, shown: Shown) -> str:
    first = shown.message.splitlines()[0]
    return f"{outcome.task.package}: {outcome.task.name}:{shown.line}: [{shown.code}] {first}\n    {shown.source}"


def percentile(numbers: Iterable[float], share: float) -> float:
    """The smallest number that ``share`` percent of them do not exceed."""
    ordered = sorted(numbers)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share / 100))]
