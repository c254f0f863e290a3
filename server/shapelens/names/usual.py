"""Public names of library modules, and what the usual names mean where their import is missing."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files

from shapelens.names.canonical import canonical

# The spellings that nearly every program uses for these modules.
MODULE_NAMES = {
    "np": "numpy",
    "numpy": "numpy",
    "tf": "tensorflow",
    "tensorflow": "tensorflow",
    "keras": "keras",
    "layers": "keras.layers",
    "models": "keras.models",
    "pd": "pandas",
}
# Builtins of Python 2 that Python 3 has under another name.
PYTHON_2 = {
    "xrange": "builtins.range",
    "raw_input": "builtins.input",
    "unicode": "builtins.str",
    "basestring": "builtins.str",
    "long": "builtins.int",
}
# Where a bare class or function name is looked for, in this order.
HOMES = ("keras.layers", "keras.models", "keras", "keras.utils", "keras.losses", "keras.optimizers")
# A class of these means something else than one of the same name above (`Identity`). A loss and a metric do not.
RIVALS = ("keras.initializers", "keras.regularizers", "keras.constraints", "keras.callbacks")


@lru_cache(maxsize=1)
def exports() -> dict[str, frozenset[str]]:
    """Public names by module (Keras 3.15.1, TensorFlow 2.21, NumPy 2; generated)."""
    text = files("shapelens.names").joinpath("exports.json").read_text(encoding="utf-8")
    return {module: frozenset(names) for module, names in json.loads(text).items()}


def exported(module: str, name: str) -> bool | None:
    """Whether ``from module import *`` brings ``name``: `None` for no."""
    known = exports().get(module)
    if known is None:
        return None
    return True if name in known else None


@lru_cache(maxsize=2048)
def meaning(name: str) -> str | None:
    """What a name that is not defined most likely means, as a canonical name."""
    if name in MODULE_NAMES:
        return MODULE_NAMES[name]
    if name in PYTHON_2:
        return PYTHON_2[name]
    if not name[:1].isupper() and name not in ("to_categorical", "pad_sequences"):
        return None
    for home in HOMES:
        if name in exports().get(home, ()):
            return None if _has_rival(name) else canonical(f"{home}.{name}")
    return None


def _has_rival(name: str) -> bool:
    # What Keras hands out by itself (`keras.Initializer`) is the one that has this name.
    return name not in exports()["keras"] and any(name in exports()[module] for module in RIVALS)
