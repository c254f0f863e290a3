"""``python -m tests.wild [--only REGEX]``: the proof in the wild."""

from __future__ import annotations

import argparse
import json
import re
import sys
from dataclasses import asdict

from .alarms import Task, analysed, tasks_of
from .packages import BUILD, packages
from .report import print_alarms, print_shapes
from .shapes import beside, builders


def _sample(tasks: list[Task], size: int | None) -> list[Task]:
    return tasks if size is None else tasks[:: max(1, len(tasks) // size)]


def main() -> int:
    """Print the reports; 1 where something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.wild")
    parser.add_argument("--only", default="", help="packages and files whose `name/file` matches this")
    parser.add_argument("--sample", type=int, help="so many files of each package, evenly drawn")
    parser.add_argument("--part", choices=("alarms", "shapes"), help="only one of the two proofs")
    parser.add_argument("--details", action="store_true", help="what is missing of each model, too")
    parser.add_argument("--processes", type=int, default=2)
    arguments = parser.parse_args()
    wanted = re.compile(arguments.only)
    good = True
    if arguments.part != "shapes":
        good = _alarms(wanted, arguments.sample, arguments.processes)
    if arguments.part != "alarms":
        chosen = [b for b in builders(packages()) if wanted.search(f"{b.package.name}/{b.call}")]
        print_shapes(list(beside(chosen, arguments.processes)), arguments.details)
    return 0 if good else 1


def _alarms(wanted: re.Pattern[str], sample: int | None, processes: int) -> bool:
    tasks = [
        task
        for package in packages()
        for task in _sample(list(tasks_of(package)), sample)
        if wanted.search(f"{task.package}/{task.name}")
    ]
    outcomes = []
    with open(BUILD / "alarms.jsonl", "w", encoding="utf-8") as file:
        for outcome in analysed(tasks, processes):
            outcomes.append(outcome)
            print(json.dumps(asdict(outcome)), file=file, flush=True)
    return print_alarms(outcomes)


if __name__ == "__main__":
    sys.exit(main())
