"""The tables of ``keras.applications``: every layer of every network, as Keras 3.15.1 makes them.

``tests/conformance/applications/generate_tables.py`` writes them, and tells their format.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from shapelens.library.keras.models.variants import FAMILIES

# Layers that a network's module defines for itself.
OWN_CLASSES = {
    "LayerScale": "keras.applications.convnext.LayerScale",
    "CustomScaleLayer": "keras.applications.inception_resnet_v2.CustomScaleLayer",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A layer of a network, or an operation (``keras.ops.*``).

    ``name`` is a number for an automatic name: the how-manieth of its kind in the network. ``inputs``
    are the rows that it is called on, 0 being the network's input. ``inner`` are the layers of a Sequential.
    """

    class_name: str
    name: str | int
    inputs: tuple[int, ...]
    arguments: Mapping[str, Any]
    inner: tuple[Row, ...] = ()

    @property
    def is_operation(self) -> bool:
        """Whether it is no layer."""
        return self.class_name.startswith("keras.ops.")


@dataclass(frozen=True, slots=True)
class Blueprint:
    """A network: its layers in the order of ``model.layers``, row 1 first.

    ``name`` is the model's, where it is always the same.
    """

    name: str | None
    rows: tuple[Row, ...]


@cache
def blueprint(network: str, variant: str, head: str) -> Blueprint | None:
    """The table of a network, or `None` when there is none."""
    line = lines(FAMILIES[network]).get((network, variant))
    if line is None:
        return None
    entry = json.loads(line)
    if head not in entry["heads"]:
        return None
    listed = [*entry["body"], *entry["heads"][head][0]]
    return Blueprint(entry["name"], tuple(_row(row, number) for number, row in enumerate(listed, 1)))


def _row(row: list[Any], number: int) -> Row:
    class_name, name, inputs, arguments = row
    sources = tuple(number - back for back in inputs)
    if class_name.startswith("ops."):
        return Row(f"keras.ops.{class_name[4:].lower()}", name, sources, arguments)
    if class_name == "Sequential":
        return Row("keras.Sequential", name, sources, {}, tuple(_row(inner, 1) for inner in arguments["layers"]))
    return Row(OWN_CLASSES.get(class_name, f"keras.layers.{class_name}"), name, sources, arguments)


@cache
def draws(network: str, variant: str, head: str) -> Mapping[str, int]:
    """How many names of each kind the making of a network takes (without its input's)."""
    packed = resources.files("shapelens.library.keras.models").joinpath("tables/draws.json").read_text("utf-8")
    found: Mapping[str, int] = _draws(packed).get(f"{network}/{variant}/{head}", {})
    return found


@cache
def _draws(text: str) -> Mapping[str, Mapping[str, int]]:
    loaded: Mapping[str, Mapping[str, int]] = json.loads(text)
    return loaded


@cache
def lines(family: str) -> Mapping[tuple[str, str], str]:
    """The lines of a family's table by network and variant, not parsed yet."""
    packed = resources.files("shapelens.library.keras.models").joinpath(f"tables/{family}.json.z").read_bytes()
    found = {}
    for line in zlib.decompress(packed).decode().splitlines():
        # The line starts with both, in this order.
        start = json.loads(line[: line.index(',"name"')] + "}")
        found[start["network"], start["variant"]] = line
    return found
