"""What every benchmark needs: programs, times, memory, and a way to print them."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = Path(__file__).with_name("compare_models.py")

# For what the tests have already: programs, and an editor.
sys.path[:0] = [str(ROOT)]


def long_program(lines: int) -> str:
    """At least so many lines: the programs of the fixtures, one after the other."""
    from tests.support.literate import load_programs

    text = ""
    for program in load_programs():
        if text.count("\n") >= lines:
            break
        text += f"# {program.id}\n{program.text}\n\n"
    return text


def seconds(action: Callable[[], object], times: int) -> float:
    """The median time that ``action`` takes, after once for warming up."""
    action()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def memory(process: int) -> tuple[float, float]:
    """The resident and the proportional memory of a process, in MB (Linux)."""
    found: dict[str, float] = {}
    for line in Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]:
        name, size, *_ = line.split()
        found[name] = int(size) / 1000
    return found["Rss:"], found["Pss:"]


def report(what: str, ours: str, other: str, ratio: float, goal: str) -> None:
    """One line of results."""
    print(f"{what:<44} {ours:>12} {other:>26} {ratio:>8.1f}x   {goal}", flush=True)
