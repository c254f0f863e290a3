"""Models that functions of the packages build: every layer's shape as ShapeLens tells it beside the real one."""

from __future__ import annotations

import hashlib
import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .compare import Comparison, compared
from .packages import BUILD, ROOT, Family, Package, folder_of
from .told import Told, told_of

BUILDERS = Path(__file__).with_name("builders.json")
# For one model, of a process that has the machine to itself.
SECONDS = 300
BYTES = 12 << 30
NOWHERE = "/nowhere/driver.py"


@dataclass(frozen=True, slots=True)
class Builder:
    """A program whose variable ``model`` is what a function of a package builds; ``path`` is where it lies.

    That is nowhere in particular for one that imports the function, and the function's own file where the
    program is that file and a call below: the text of Keras itself is followed only so.
    """

    package: Package
    call: str
    code: str
    path: str


@dataclass(frozen=True, slots=True)
class Beside:
    """A builder with what ShapeLens tells and, unless the model could not be built, how that compares."""

    builder: Builder
    real: dict[str, Any]
    told: Told
    comparison: Comparison | None


def builders(packages: Sequence[Package]) -> Iterator[Builder]:
    """The committed list of programs."""
    by_name = {package.name: package for package in packages}
    for group in json.loads(BUILDERS.read_text(encoding="utf-8")):
        for call in group["calls"]:
            package = by_name[group["package"]]
            path = str(package.folder / group["file"]) if "file" in group else NOWHERE
            begin = Path(path).read_text(encoding="utf-8") if "file" in group else group["prelude"]
            yield Builder(package, call, f"{begin}\nmodel = {call}\n", path)


def beside(chosen: Sequence[Builder], processes: int) -> Iterator[Beside]:
    """Each builder's model as ShapeLens sees it, beside the real one."""
    real = _truths(chosen)
    for family in (2, 3):
        own = [builder for builder in chosen if builder.package.family == family]
        with ProcessPoolExecutor(processes, initializer=sys.path.append, initargs=(str(folder_of(family)),)) as pool:
            for builder, told in zip(own, pool.map(_told, own), strict=True):
                found = real[builder.code]
                yield Beside(builder, found, told, None if "error" in found else compared(found, told))


def _told(builder: Builder) -> Told:
    return told_of(builder.code, builder.path, builder.package.family)


def _truths(chosen: Sequence[Builder]) -> dict[str, dict[str, Any]]:
    """The real models, by program; each is built once for a version of its package."""
    found: dict[str, dict[str, Any]] = {}
    workers: dict[Family, _Worker] = {}
    for builder in chosen:
        package = builder.package
        key = hashlib.sha256(f"{package.family} {package.version} {builder.code}".encode()).hexdigest()[:20]
        file = BUILD / "truth" / f"{key}.json"
        if not file.exists():
            worker = workers.setdefault(package.family, _Worker(package.family))
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(worker.ask(builder.code)), encoding="utf-8")
        found[builder.code] = json.loads(file.read_text(encoding="utf-8"))
    for worker in workers.values():
        worker.end()
    return found


class _Worker:
    """A process with a real Keras, started anew when a model was too much for it."""

    def __init__(self, family: Family) -> None:
        keras2 = os.environ.get("SHAPELENS_KERAS2_PYTHON", str(ROOT / ".build" / "keras2" / "bin" / "python"))
        python = keras2 if family == 2 else sys.executable
        self._command = [python, str(Path(__file__).with_name("real.py")), str(BUILD / f"keras{family}"), str(BYTES)]
        self._process: subprocess.Popen[str] | None = None

    def ask(self, code: str) -> dict[str, Any]:
        """The model that a program builds; an ``error`` where it builds none."""
        process = self._process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps({"code": code}) + "\n")
            process.stdin.flush()
            ready, _, _ = select.select([process.stdout], [], [], SECONDS)
            line = process.stdout.readline() if ready else ""
        except BrokenPipeError:
            line = ""
        if line:
            answer: dict[str, Any] = json.loads(line)
            return answer
        self.end()
        return {"error": "it takes too long, or too much memory"}

    def _start(self) -> subprocess.Popen[str]:
        quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "MPLBACKEND": "agg"}
        return subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, env={**os.environ, **quiet}, cwd=BUILD,
        )  # fmt: skip

    def end(self) -> None:
        """Kill the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
