"""Calls everything that a question may name, and says what changed how the process works.

Started by its path in any interpreter with Keras. Every function and class that `names` lets pass is called with a few
sets of arguments, in the way of a question, and after each call the settings of the libraries are compared with those
before. Writes a JSON list of pairs: the name, and what it changed.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import types
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parents[2] / "server" / "shapelens" / "referee"
# One call.
SECONDS = 5


class TooLong(BaseException):
    """A call that does not come to an end."""


def reachable(names: Any, libraries: Any) -> Iterator[tuple[str, Any]]:
    """Every name in the namespaces that may be asked, with what it stands for."""
    for root, spaces in names.NAMESPACES.items():
        # Making whole networks takes long, and is nothing else.
        for space in sorted(spaces - {"applications"}):
            home = f"{root}.{space}".rstrip(".")
            try:
                module = importlib.import_module(home)
            except ImportError:
                module = getattr(getattr(libraries, root), space, None)
            if isinstance(module, types.ModuleType):
                yield from ((f"{home}.{name}", module) for name in sorted(dir(module)) if not name.startswith("_"))


def settings(libraries: Any) -> dict[str, str]:
    """How the libraries work just now."""
    keras, numpy, tensorflow = libraries.keras, libraries.numpy, libraries.tensorflow
    return {
        "folder": os.getcwd(),
        "environment": repr(sorted(os.environ.items())),
        "warnings": repr(len(warnings.filters)),
        "floatx": keras.backend.floatx() + repr(keras.backend.epsilon()) + keras.backend.image_data_format(),
        "custom objects": repr(sorted(keras.utils.get_custom_objects())),
        "policy": repr(keras.mixed_precision.dtype_policy() if hasattr(keras.mixed_precision, "dtype_policy") else ""),
        "numpy": repr(numpy.geterr()) + repr(numpy.get_printoptions()) + repr(numpy.getbufsize()),
        "eager": repr(tensorflow.executing_eagerly()) + repr(tensorflow.config.functions_run_eagerly()),
        "devices": repr(tensorflow.config.get_visible_devices()),
        "signals": repr([signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]),
    }


# What may fit a setting: numbers, flags, and names of dtypes and of formats.
ARGUMENTS: list[tuple[Any, ...]] = [(), (7,), (True,), ("float16",), ("channels_first",)]


def main() -> list[list[str]]:
    """What changed something."""
    package = types.ModuleType("shapelens_referee")
    package.__path__ = [str(PACKAGE)]
    sys.modules[package.__name__] = package
    worker = f"{package.__name__}.worker"
    libraries_module, names, guard = (importlib.import_module(f"{worker}.{n}") for n in ("libraries", "names", "guard"))
    libraries_module.prepare_environment()
    libraries = libraries_module.import_libraries()
    finder = names.Names(libraries)
    guard.install()

    def ring(*args: object) -> None:
        raise TooLong

    signal.signal(signal.SIGALRM, ring)
    changed: list[list[str]] = []
    before = settings(libraries)
    for name, _ in reachable(names, libraries):
        try:
            function = finder.find(name)
        except Exception:
            continue
        if not callable(function):
            continue
        for arguments in ARGUMENTS:
            signal.alarm(SECONDS)
            try:
                with warnings.catch_warnings(), guard.asking():
                    warnings.simplefilter("ignore")
                    function(*arguments)
            except (Exception, TooLong):
                pass
            finally:
                signal.alarm(0)
        after = settings(libraries)
        changed += [[name, key] for key in before if after[key] != before[key]]
        before = after
    return changed


if __name__ == "__main__":
    answers = sys.stdout
    sys.stdout = sys.stderr
    json.dump(main(), answers)
