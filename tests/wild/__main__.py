"""``python -m tests.wild [--only REGEX]``: the proof in the wild."""

from __future__ import annotations

import argparse
import json
import re
import sys
from dataclasses import asdict

from .alarms import Task, analysed, tasks_of
from .packages import BUILD, packages
from .report import print_alarms


def _sample(tasks: list[Task], size: int | None) -> list[Task]:
    return tasks if size is None else tasks[:: max(1, len(tasks) // size)]


def main() -> int:
    """Print the reports; 1 where something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.wild")
    parser.add_argument("--only", default="", help="packages and files whose `name/file` matches this")
    parser.add_argument("--sample", type=int, help="so many files of each package, evenly drawn")
    parser.add_argument("--processes", type=int, default=2)
    arguments = parser.parse_args()
    wanted = re.compile(arguments.only)
    tasks = [
        task
        for package in packages()
        for task in _sample(list(tasks_of(package)), arguments.sample)
        if wanted.search(f"{task.package}/{task.name}")
    ]
    outcomes = []
    with open(BUILD / "alarms.jsonl", "w", encoding="utf-8") as file:
        for outcome in analysed(tasks, arguments.processes):
            outcomes.append(outcome)
            print(json.dumps(asdict(outcome)), file=file, flush=True)
    return 0 if print_alarms(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
