"""The libraries of the user's interpreter, imported once."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import json
import os
import platform
import sys
from dataclasses import dataclass
from typing import Any

from .refused import Refused


@dataclass(frozen=True)
class Libraries:
    """The modules; `None` for one that is not installed. ``keras`` is what ``tensorflow.keras`` means."""

    keras: Any
    tensorflow: Any
    numpy: Any

    @property
    def family(self) -> int:
        """2 or 3."""
        return 2 if self.keras.__version__.startswith("2.") else 3

    def roots(self, name: str) -> list[Any]:
        """The packages in which names that begin with ``name`` are looked for.

        ``tensorflow.keras`` has names that Keras 3 itself has dropped; they are the same ones here.
        """
        found = [getattr(self, name)]
        if name == "keras" and self.tensorflow is not None and self.family == 3:
            with contextlib.suppress(ImportError):
                found.append(importlib.import_module("keras._tf_keras.keras"))
        return [module for module in found if module is not None]

    def versions(self) -> dict[str, str]:
        """As `protocol` sends them."""
        found = {"python": platform.python_version()}
        for name in ("keras", "tensorflow", "numpy"):
            module = getattr(self, name)
            found[name] = "" if module is None else str(module.__version__)
        return found

    def tensor(self, array: Any) -> Any:
        """A tensor with the content of an array of NumPy's: TensorFlow's, or else that of Keras's back end."""
        return self.keras.ops.convert_to_tensor(array) if self.tensorflow is None else self.tensorflow.constant(array)

    def variable(self, array: Any) -> Any:
        """As `tensor`, but a variable."""
        return self.keras.Variable(array) if self.tensorflow is None else self.tensorflow.Variable(array)

    def version_of(self, root: str) -> str:
        """Who answers for names that begin with ``root``: ``"Keras 3.15.1"``."""
        title = {"keras": "Keras", "tensorflow": "TensorFlow", "numpy": "NumPy"}[root]
        if getattr(self, root) is None:
            raise Refused(f"{title} is not installed")
        return f"{title} {getattr(self, root).__version__}"


def prepare_environment() -> None:
    """What must be set before the first import."""
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
    if importlib.util.find_spec("tensorflow") is not None:
        os.environ["KERAS_BACKEND"] = "tensorflow"
    elif importlib.util.find_spec(_configured()) is None:
        # Keras takes TensorFlow where nothing else is said, and a program says it in its own text.
        others = (name for name in ("jax", "torch") if importlib.util.find_spec(name) is not None)
        os.environ["KERAS_BACKEND"] = next(others, "tensorflow")


def _configured() -> str:
    """The back end that Keras would take here."""
    home = os.environ.get("KERAS_HOME") or os.path.join(os.path.expanduser("~"), ".keras")
    try:
        with open(os.path.join(home, "keras.json"), encoding="utf-8") as file:
            written = json.load(file).get("backend")
    except (OSError, ValueError, AttributeError):
        written = None
    name = os.environ.get("KERAS_BACKEND") or written
    return name if isinstance(name, str) and name.isidentifier() else "tensorflow"


def import_libraries() -> Libraries:
    """Raises what the imports raise."""
    numpy = importlib.import_module("numpy")
    if importlib.util.find_spec("tensorflow") is None:
        return Libraries(importlib.import_module("keras"), None, numpy)
    tensorflow = importlib.import_module("tensorflow")
    # `tensorflow.keras` is loaded when it is looked at; its submodules say which package it really is.
    name = tensorflow.keras.layers.Layer.__module__.split(".")[0]
    keras = sys.modules[name] if name in ("keras", "tf_keras") else tensorflow.keras
    return Libraries(keras, tensorflow, numpy)
