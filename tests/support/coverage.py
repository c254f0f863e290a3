"""Writes ``docs/coverage.md``: who answers for each public name of Keras, TensorFlow and NumPy.

``python -m tests.support.coverage`` writes the page from the rules' registry, from what the referee accepts, and
from two stored lists: ``public_names.json``, read from the installed libraries with ``--names``, and
``cases.json``, the cases of a long conformance run, read from its report with ``--report FILE``.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from shapelens.interp.consult import is_askable
from shapelens.library.keras.signatures import canonical as real_name
from shapelens.library.load import load_rules
from shapelens.library.registry import FUNCTIONS, LAYERS
from shapelens.names.canonical import canonical
from shapelens.referee.worker.names import check_name
from shapelens.referee.worker.refused import Refused

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "coverage.md"
HERE = ROOT / "tests" / "conformance"
NAMES, CASES = HERE / "public_names.json", HERE / "cases.json"
MODULES = (
    "keras.layers", "keras.ops", "keras.ops.image", "keras.random", "keras.activations", "keras.initializers",
    "keras.losses", "keras.metrics", "keras.applications", "keras.utils", "tensorflow", "tensorflow.math",
    "tensorflow.nn", "tensorflow.image", "tensorflow.linalg", "tensorflow.signal", "tensorflow.strings",
    "tensorflow.sparse", "tensorflow.random", "numpy", "numpy.linalg", "numpy.fft", "numpy.random",
)  # fmt: skip
# What takes functions of the program cannot be put to a process that never sees the program.
TAKES_FUNCTIONS = frozenset(("associative_scan", "custom_gradient", "jvp", "scan", "vectorize"))

SUBCLASSED = frozenset(("Initializer", "Layer", "Loss", "Metric", "PyDataset", "Sequence", "Wrapper"))


def installed() -> dict[str, list[str]]:
    """The public functions of the installed libraries, and Keras's classes, by module."""
    found = {}
    for module in MODULES:
        home = importlib.import_module(module)
        names = home.__all__ if module == "numpy" else vars(home)
        found[module] = sorted(name for name in names if _counts(module, name, getattr(home, name)))
    return found


def _counts(module: str, name: str, thing: object) -> bool:
    if name.startswith("_") or inspect.ismodule(thing) or not callable(thing):
        return False
    return module.startswith("keras.") or not inspect.isclass(thing)


def answered_by(name: str) -> tuple[str, str]:
    """Who answers for a canonical name (``rule``, ``referee``, ``unknown``), and for ``unknown`` the reason."""
    name = real_name(name)
    rules = (name, f"{name}.__call__")
    if name in LAYERS or any(rule in FUNCTIONS for rule in rules):
        return "rule", ""
    short = name.rpartition(".")[2]
    if short in SUBCLASSED:
        return "unknown", "to be subclassed; the program's own code is followed"
    if short in TAKES_FUNCTIONS:
        return "unknown", "takes functions of the program"
    try:
        check_name(name)
    except Refused as refused:
        return "unknown", str(refused)
    return ("referee", "") if is_askable(name) else ("unknown", "of no library that is asked")


def page(names: Mapping[str, list[str]], cases: Mapping[str, int]) -> str:
    """The page's text."""
    load_rules()
    summary, details = [], []
    for module, public in names.items():
        rows, counts, total = [], Counter[str](), 0
        for name in public:
            full = canonical(f"{module}.{name}")
            who, reason = answered_by(full)
            counts[who] += 1
            passed = cases.get(f"{module}.{name}") or cases.get(full) or 0
            total += passed
            rows.append(f"| `{name}` | {who}{': ' + reason if reason else ''} | {passed or ''} |")
        of = [str(counts[who] or "") for who in ("rule", "referee", "unknown")]
        anchor = module.replace(".", "")
        summary.append(f"| [{module}](#{anchor}) | {len(public)} | {' | '.join(of)} | {total or ''} |")
        details += ["", f"## {module}", "", "| name | answered by | cases passed |", "| --- | --- | --- |", *rows]
    return "\n".join([*_HEAD, *summary, *details]) + "\n"


_HEAD = (
    "# Who answers for what",
    "",
    "Every public function of the modules below, and every public class of Keras's. *rule*: ShapeLens answers by",
    "itself, in microseconds, and with partly known input. *referee*: no rule; the installed library is asked.",
    "*unknown*: neither, for the reason that is told. *cases passed*: generated calls, valid and not, in which rule",
    "and Keras 3 agreed in the last long conformance run. Written by `python -m tests.support.coverage`.",
    "",
    "| module | names | rule | referee | unknown | cases passed |",
    "| --- | --- | --- | --- | --- | --- |",
)


def stored() -> tuple[dict[str, list[str]], dict[str, int]]:
    """The stored lists that the page is written from."""
    return json.loads(NAMES.read_text(encoding="utf-8")), json.loads(CASES.read_text(encoding="utf-8"))


def counted(report: Path) -> dict[str, int]:
    """The cases in which rule and Keras 3 agreed, by name, from a conformance report."""
    found: Counter[str] = Counter()
    for line in report.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if entry["family"] == 3 and "cases" in entry:
            found[f"{entry['module']}.{entry['name']}"] += entry["cases"] - len(entry["disagreements"])
    return dict(sorted(found.items()))


def main() -> None:
    """Write the page, and before it the lists that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", action="store_true", help="read the names from the installed libraries")
    parser.add_argument("--report", type=Path, help="read the cases from this report of a conformance run")
    options = parser.parse_args()
    if options.names:
        NAMES.write_text(json.dumps(installed(), indent=0) + "\n", encoding="utf-8")
    if options.report:
        CASES.write_text(json.dumps(counted(options.report), indent=0) + "\n", encoding="utf-8")
    PAGE.write_text(page(*stored()), encoding="utf-8")


if __name__ == "__main__":
    main()
