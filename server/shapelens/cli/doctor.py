"""``shapelens doctor``: whether the installed Keras can be asked, in plain sentences."""

from __future__ import annotations

import json
import sys

from shapelens import __version__
from shapelens.cli.main import CLEAN, ERRORS_FOUND
from shapelens.engine.consultant import Opener, open_referee, status_json
from shapelens.engine.examine import Examination, examine
from shapelens.ide.plain import Json


def doctor(python: str | None, output_format: str, opener: Opener = open_referee) -> int:
    """Try it and print what was found; the exit code is 1 when something is broken."""
    referee = opener((python or sys.executable,), lambda answers: None)
    try:
        found = examine(referee)
    finally:
        referee.close()
    if output_format == "json":
        print(json.dumps(_json(found)))
    else:
        print("\n".join(_sentences(found, python or sys.executable)))
    return ERRORS_FOUND if found.trouble else CLEAN


def _json(found: Examination) -> dict[str, Json]:
    status = status_json(found.status)
    return {
        "shapelens": __version__,
        "interpreter": status["interpreter"],
        "python": status["python"],
        "keras": status["keras"],
        "tensorflow": status["tensorflow"],
        "numpy": status["numpy"],
        "state": status["state"],
        "message": status["message"],
        "worker_starts": found.starts,
        "first_answer_seconds": None if found.seconds is None else round(found.seconds, 3),
        "memo": status["memo"],
        "memo_bytes": found.memo_bytes,
        "trouble": list(found.trouble),
    }


def _sentences(found: Examination, python: str) -> list[str]:
    status, versions = found.status, found.status.versions
    lines = [f"ShapeLens {__version__}, run by Python {sys.version.split()[0]}."]
    about = f"The interpreter is {status.interpreter or python}"
    lines.append(f"{about}, Python {versions.python}." if versions.python else f"{about}.")
    installed = [
        f"{name} {version}"
        for name, version in (("Keras", versions.keras), ("TensorFlow", versions.tensorflow), ("NumPy", versions.numpy))
        if version
    ]
    lines.append(f"It has {', '.join(installed)}." if installed else "Nothing of Keras is found in it.")
    if found.starts is None:
        lines.append("Nothing is asked: what ShapeLens says comes from its own rules, those of Keras 3.15.")
    elif found.starts and found.seconds is not None:
        lines.append(f"Keras can be asked: the first answer came after {found.seconds:.1f} seconds.")
    if status.memo:
        size = "" if found.memo_bytes is None else f" ({found.memo_bytes:,} bytes)"
        lines.append(f"Answers are kept: {status.memo}{size}.")
    lines += [f"Broken: {trouble.rstrip('.')}." for trouble in found.trouble]
    return lines
