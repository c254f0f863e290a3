"""Every file of the packages, analysed in process: what is shown, what fails, how long it takes."""

from __future__ import annotations

import logging
import os
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from .docstrings import programs
from .packages import Family, Package, folder_of

# By the clock, which runs on while other processes have the machine; what counts is the time of the processor.
PATIENCE = 600.0


@dataclass(frozen=True, slots=True)
class Task:
    """A text to analyse as the file ``path``, whose analysis begins with ``text`` where it is not the file's own."""

    package: str
    name: str
    path: str
    family: Family
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """An error or a warning; ``line`` counts from 1, ``source`` is that line."""

    line: int
    severity: str
    code: str
    message: str
    source: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a task: ``seconds`` of CPU, ``stopped`` why it was not followed to its end, ``crash`` a trace."""

    task: Task
    seconds: float = 0.0
    shown: tuple[Shown, ...] = ()
    stopped: str | None = None
    crash: str | None = None
    logged: tuple[str, ...] = field(default=())


def tasks_of(package: Package) -> Iterator[Task]:
    """The files of a package; of Keras itself also the examples in its docstrings."""
    for file in package.files:
        path = str(package.folder / file)
        if package.name != "keras" or "/applications/" in file:
            yield Task(package.name, file, path, package.family)
        if package.name == "keras" and file.startswith("keras/src/"):
            for number, text in enumerate(programs(path)):
                name = f"{file}>{number}"
                yield Task("keras (docstrings)", name, f"/nowhere/{name}.py", package.family, text)


def analysed(tasks: Sequence[Task], processes: int) -> Iterator[Outcome]:
    """The outcomes, family by family in the order of ``tasks``."""
    for family in (2, 3):
        own = [task for task in tasks if task.family == family]
        with ProcessPoolExecutor(processes, initializer=_warm, initargs=(str(folder_of(family)),)) as pool:
            yield from pool.map(analyse, own, chunksize=4)


def _warm(folder: str) -> None:
    """Begin a process that finds the packages in ``folder``, as one in their environment would."""
    from shapelens.cli.api import analyze_text

    sys.path.append(folder)
    logging.disable(logging.NOTSET)
    analyze_text("import numpy as np\nimport keras\nx = keras.layers.Dense(3)(keras.Input((4,)))\n", "warm.py")


class _Listener(logging.Handler):
    """Keeps what the server logs: its own defects."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        trace = "".join(traceback.format_exception(*record.exc_info)) if record.exc_info else ""
        self.heard.append(f"{record.getMessage()}\n{trace}")


def analyse(task: Task) -> Outcome:
    """What ShapeLens makes of a task, in this process."""
    from shapelens.cli.asking import Asking
    from shapelens.engine.analyze import analyze
    from shapelens.ide.diagnostics import diagnostics
    from shapelens.text.document import document
    from shapelens.text.reading import read_source

    os.environ.pop("SHAPELENS_STRICT", None)
    listener = _Listener()
    logging.getLogger("shapelens").addHandler(listener)
    started = time.process_time()
    try:
        text = read_source(Path(task.path)) if task.text is None else task.text
        program = document(f"file://{task.path}", text)
        installed = Asking(python=None, family=task.family).installed()
        analysis = analyze(program, path=task.path, installed=installed, seconds=PATIENCE)
        seconds = time.process_time() - started
        lines = text.splitlines()
        shown = []
        for diagnostic in diagnostics(analysis):
            line = program.position(diagnostic.range.start).line
            source = lines[line].strip() if line < len(lines) else ""
            shown.append(Shown(line + 1, diagnostic.severity, diagnostic.code, diagnostic.message, source))
        return Outcome(task, seconds, tuple(shown), analysis.stopped, None, tuple(listener.heard))
    except Exception:
        return Outcome(task, time.process_time() - started, crash=traceback.format_exc())
    finally:
        logging.getLogger("shapelens").removeHandler(listener)
