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
from typing import TypeAlias

from shapelens.interp.consult import is_askable
from shapelens.library.keras.signatures import canonical as real_name
from shapelens.library.load import load_rules
from shapelens.library.registry import FUNCTIONS, LAYERS
from shapelens.names.canonical import canonical
from shapelens.referee.worker.names import check_name
from shapelens.referee.worker.refused import Refused
from shapelens.values.objects import INPUT_LAYER

# Numbers of cases by family of Keras ("3", "2") and name.
Cases: TypeAlias = Mapping[str, Mapping[str, int]]
ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "coverage.md"
HERE = ROOT / "tests" / "conformance"
NAMES, CASES = HERE / "public_names.json", HERE / "cases.json"
MODULES = (
    "keras.layers", "keras.ops", "keras.ops.image", "keras.random", "keras.activations", "keras.initializers",
    "keras.losses", "keras.metrics", "keras.applications", "keras.utils", "keras.tree", "tensorflow", "tensorflow.math",
    "tensorflow.nn", "tensorflow.image", "tensorflow.linalg", "tensorflow.signal", "tensorflow.strings",
    "tensorflow.sparse", "tensorflow.random", "numpy", "numpy.linalg", "numpy.fft", "numpy.random",
)  # fmt: skip
# What takes functions of the program cannot be put to a process that never sees the program.
TAKES_FUNCTIONS = frozenset(("map_structure_up_to", "traverse"))
# Its rule says only that TensorFlow does not call what it makes.
MAKES_FUNCTIONS = frozenset(("keras.ops.vectorize",))

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
    if name in MAKES_FUNCTIONS:
        return "unknown", "makes a function of the program's function"
    rules = (name, f"{name}.__call__")
    if name == INPUT_LAYER or name in LAYERS or any(rule in FUNCTIONS for rule in rules):
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


def page(names: Mapping[str, list[str]], cases: Cases) -> str:
    """The page's text."""
    load_rules()
    summary, details = [], []
    for module, public in names.items():
        rows, counts, totals = [], Counter[str](), Counter[str]()
        for name in public:
            full = canonical(f"{module}.{name}")
            who, reason = answered_by(full)
            counts[who] += 1
            passed = []
            for family, found in cases.items():
                number = found.get(f"{module}.{name}") or found.get(full) or 0
                totals[family] += number
                passed.append(str(number or ""))
            rows.append(f"| `{name}` | {who}{': ' + reason if reason else ''} | {' | '.join(passed)} |")
        of = [str(counts[who] or "") for who in ("rule", "referee", "unknown")]
        sums = [str(totals[family] or "") for family in cases]
        anchor = module.replace(".", "")
        summary.append(f"| [{module}](#{anchor}) | {len(public)} | {' | '.join((*of, *sums))} |")
        details += ["", f"## {module}", "", *_TITLES, *rows]
    return "\n".join([*_HEAD, *summary, *_others(names, cases), *details]) + "\n"


def _others(names: Mapping[str, list[str]], cases: Cases) -> list[str]:
    """The cases of what is in no module above: methods of models, and what Keras 2 alone has."""
    listed = {f"{module}.{name}" for module, public in names.items() for name in public}
    listed |= {canonical(name) for name in listed}
    rows = []
    for module in ("keras.Model", "keras.backend"):
        own = [
            sum(count for name, count in found.items() if name.startswith(f"{module}.") and name not in listed)
            for found in cases.values()
        ]
        rows.append(f"| {module} | | | | | {' | '.join(str(count or '') for count in own)} |")
    return rows


_HEAD = (
    "# Who answers for what",
    "",
    "Every public function of the modules below, and every public class of Keras's. *rule*: ShapeLens answers by",
    "itself, in microseconds, and with partly known input. *referee*: no rule; the installed library is asked.",
    "*unknown*: neither, for the reason that is told. *cases passed*: generated calls, valid and not, in which rule",
    "and library agreed in the last long conformance run, of Keras 3 (with TensorFlow 2.21 and NumPy 2) and of Keras",
    "2.15. Written by `python -m tests.support.coverage`.",
    "",
    "| module | names | rule | referee | unknown | cases passed, Keras 3 | Keras 2.15 |",
    "| --- | --- | --- | --- | --- | --- | --- |",
)
_TITLES = (
    "| name | answered by | cases passed, Keras 3 | Keras 2.15 |",
    "| --- | --- | --- | --- |",
)


def stored() -> tuple[dict[str, list[str]], Cases]:
    """The stored lists that the page is written from."""
    return json.loads(NAMES.read_text(encoding="utf-8")), json.loads(CASES.read_text(encoding="utf-8"))


def counted(report: Path) -> dict[str, dict[str, int]]:
    """The cases in which rule and library agreed, by family and name, from a conformance report."""
    found: dict[str, Counter[str]] = {"3": Counter(), "2": Counter()}
    for line in report.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if "cases" in entry:
            name = f"{entry['module']}.{entry['name']}"
            found[str(entry["family"])][name] += entry["cases"] - len(entry["disagreements"])
    return {family: dict(sorted(names.items())) for family, names in found.items()}


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
