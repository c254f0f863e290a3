"""Fills a folder with the Python packages that the extension carries, and checks that they suffice.

    python vendor.py TARGET

The folder must serve every operating system and every supported Python: only wheels that hold
nothing compiled are taken, and what any of them requires, on the oldest Python as on the newest,
must be in the folder or be numpy.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.metadata import distributions, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
BUNDLED = Path(__file__).with_name("bundled.txt")
PYTHONS = ("3.10", "3.13")
# Of the user's interpreter, not ours: compiled.
EXTERNAL = {"numpy"}


def install(target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "-qq", "--disable-pip-version-check"),
            *("--no-deps", "--no-compile", "--only-binary=:all:"),
            *("--platform=any", "--implementation=py", "--abi=none", f"--python-version={PYTHONS[0]}"),
            *("--target", str(target), "--requirement", str(BUNDLED)),
        ],
        check=True,
    )
    shutil.rmtree(target / "bin", ignore_errors=True)
    shutil.copytree(
        ROOT / "server" / "shapelens",
        target / "shapelens",
        ignore=shutil.ignore_patterns("__pycache__"),
    )


def missing(target: Path) -> set[str]:
    present = {canonicalize_name(found.name): found for found in distributions(path=[str(target)])}
    wanted = list(requires("shapelens") or ())
    for found in present.values():
        wanted += found.requires or ()
    lacking = set()
    for requirement in map(Requirement, wanted):
        name = canonicalize_name(requirement.name)
        if name in EXTERNAL or not needed_somewhere(requirement):
            continue
        found = present.get(name)
        if found is None or not requirement.specifier.contains(found.version, prereleases=True):
            lacking.add(str(requirement))
    return lacking


def needed_somewhere(requirement: Requirement) -> bool:
    if requirement.marker is None:
        return True
    return any(
        requirement.marker.evaluate({"python_version": python, "python_full_version": f"{python}.0", "extra": ""})
        for python in PYTHONS
    )


def compiled(target: Path) -> list[Path]:
    return [path for path in target.rglob("*") if path.suffix in {".so", ".pyd", ".dylib", ".dll"}]


def main() -> int:
    target = Path(sys.argv[1])
    install(target)
    problems = [f"bundled.txt lacks {name}" for name in sorted(missing(target))]
    problems += [f"compiled: {path}" for path in compiled(target)]
    for problem in problems:
        print(f"error: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
