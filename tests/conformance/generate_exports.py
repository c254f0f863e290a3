"""Writes `names/exports.json`: the public names of library modules, as the installed ones have them.

Run with an interpreter that has Keras and TensorFlow: ``python -m tests.conformance.generate_exports``.
"""

from __future__ import annotations

import importlib
import json
from pathlib import Path

TARGET = Path(__file__).parents[2] / "server" / "shapelens" / "names" / "exports.json"
MODULES = (
    "keras",
    "keras.activations",
    "keras.applications",
    "keras.callbacks",
    "keras.constraints",
    "keras.datasets",
    "keras.initializers",
    "keras.layers",
    "keras.losses",
    "keras.metrics",
    "keras.models",
    "keras.ops",
    "keras.optimizers",
    "keras.preprocessing",
    "keras.random",
    "keras.regularizers",
    "keras.utils",
    "numpy",
    "numpy.random",
    "tensorflow",
)


def exports() -> dict[str, list[str]]:
    """Public names by module."""
    found = {}
    for name in MODULES:
        module = importlib.import_module(name)
        found[name] = sorted(n for n in dir(module) if not n.startswith("_"))
    return found


if __name__ == "__main__":
    TARGET.write_text(json.dumps(exports(), indent=1, sort_keys=True) + "\n", encoding="utf-8")
