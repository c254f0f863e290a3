"""What Keras refuses when a layer is made. From runs of Keras 3.15.1."""

from __future__ import annotations

from shapelens.library.keras.layers.config import Config
from shapelens.library.machine import Machine
from shapelens.values.failure import Failure


def check_constructor(machine: Machine, class_name: str, config: Config) -> Failure | None:
    """The failure that Keras raises for these arguments, or `None`."""
    return None
