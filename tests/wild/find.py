"""Finds functions that build models: ``python find.py FOLDER MODULE...`` in a process with the real Keras.

Prints a line of JSON for each public function of these modules, and those below them, that gives a model when
it is called with its defaults and with ``ARGUMENTS``. ``builders.json`` was gathered with it.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import io
import json
import os
import pkgutil
import resource
import signal
import sys
from collections.abc import Iterator
from typing import Any

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from real import built, described

SECONDS = 90
# By the names of parameters: given wherever a function has them ...
ARGUMENTS: dict[str, str] = {
    "weights": "None",
    "pretrained": "None",
    "encoder_weights": "None",
    "pretrained_top": "False",
}
# ... or only where it has no default.
NEEDED: dict[str, str] = {
    "input_shape": "(64, 64, 3)",
    "input_size": "(128, 128, 3)",
    "image_size": "64",
    "img_input": "keras.layers.Input((64, 64, 3))",
    "inputs": "keras.layers.Input((64, 64, 3))",
    "classes": "10",
    "num_classes": "10",
    "n_classes": "10",
    "n_labels": "2",
    "filter_num": "[16, 32, 64, 128]",
    "token_num": "50",
    "nb_classes": "10",
    "include_top": "True",
}
LEFT_OUT = ("main", "test", "load", "save", "convert", "download", "train", "plot", "evaluate", "run", "show")


def main() -> None:
    """Try what there is."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.path.append(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (12 << 30, 12 << 30))
    signal.signal(signal.SIGALRM, _late)
    for root in sys.argv[2:]:
        for module in _modules(root):
            for name, function in list(vars(module).items()):
                call = _call(module.__name__, name, function)
                if call is not None:
                    answers.write(json.dumps(_tried(module.__name__, name, call)) + "\n")
                    answers.flush()


def _late(*_: Any) -> None:
    raise TimeoutError("too slow")


def _modules(root: str) -> Iterator[Any]:
    with contextlib.suppress(Exception), contextlib.redirect_stdout(io.StringIO()):
        module = importlib.import_module(root)
        yield module
        for found in pkgutil.walk_packages(getattr(module, "__path__", []), root + "."):
            if "test" in found.name or "_main_" in found.name:
                continue
            try:
                yield importlib.import_module(found.name)
            except BaseException as error:
                print(found.name, repr(error)[:200], file=sys.stderr)


def _call(module: str, name: str, function: Any) -> str | None:
    if name.startswith("_") or any(word in name.lower() for word in LEFT_OUT):
        return None
    if not inspect.isfunction(function) or function.__module__ != module:
        return None
    given: list[str] = []
    for parameter in inspect.signature(function).parameters.values():
        value = ARGUMENTS.get(parameter.name)
        if value is None and parameter.default is inspect.Parameter.empty and parameter.kind < 2:
            value = NEEDED.get(parameter.name)
            if value is None:
                return None
        if value is not None and parameter.kind in (1, 3):
            given.append(f"{parameter.name}={value}")
    return f"{name}({', '.join(given)})"


def _tried(module: str, name: str, call: str) -> dict[str, Any]:
    keras = "import keras\n" if "keras." in call else ""
    code = f"{keras}from {module} import {name}\nmodel = {call}\n"
    signal.alarm(SECONDS)
    try:
        told = described(built(code))
        return {
            "code": code,
            "layers": len(told.get("layers", ())),
            "params": told.get("params"),
            "error": told.get("error"),
        }
    except BaseException as error:
        return {"code": code, "error": repr(error)[:200]}
    finally:
        signal.alarm(0)


if __name__ == "__main__":
    main()
