"""Write the layers of ``keras.applications`` from the networks that the installed Keras builds.

Run ``python -m tests.conformance.applications.generate_tables [FAMILY ...]`` to renew
``library/keras/models/tables/*.json.z``. Every line of a table is one network in one variant:
``{"network", "variant", "name", "body", "heads"}``; a head is what follows the body with
``include_top`` (``top``) or ``pooling`` (``avg``, ``max``).

A row is ``[class, name, inputs, arguments]``: the class's short name (``ops.Add`` for an operation
that is no layer), the name (a number for one that Keras makes up: the how-manieth of its kind in this
network), the rows that it is called on, counted backwards, and the constructor's arguments that matter
to a shape and are not their defaults.
"""

from __future__ import annotations

import json
import re
import sys
import zlib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from shapelens.library.keras.layers.naming import snake_case
from shapelens.library.keras.models.networks import NETWORKS
from shapelens.library.keras.models.variants import FAMILIES, Variant, variants

TARGET = Path(__file__).parents[3] / "server/shapelens/library/keras/models/tables"
# What stands for the arguments `classes` and `classifier_activation`: nothing else in a network is like it.
CLASSES, ACTIVATION = 1013, "tanh"
# The same where Keras loads weights for them.
LOADED_CLASSES, LOADED_ACTIVATION = 1000, "softmax"
FIRST = 1000
HEADS: dict[str, dict[str, Any]] = {
    "top": {"include_top": True, "classes": CLASSES, "classifier_activation": ACTIVATION},
    "avg": {"include_top": False, "pooling": "avg"},
    "max": {"include_top": False, "pooling": "max"},
}
# Arguments that decide a shape, a number of weights, or what a user reads of a layer.
ARGUMENTS = (
    "filters", "units", "kernel_size", "pool_size", "strides", "padding", "activation", "use_bias", "axis", "scale",
    "center", "groups", "dilation_rate", "depth_multiplier", "target_shape", "cropping", "keepdims", "max_value",
    "rate", "projection_dim", "mean", "variance",
)  # fmt: skip


class _Names(defaultdict[str, int]):
    """Counters that start high, so that a name which Keras made up is recognised by its number."""

    def __init__(self) -> None:
        super().__init__(lambda: FIRST)

    def __contains__(self, key: object) -> bool:
        return True


class _Corrected(tuple[Any, ...]):
    """A padding that depends on the size of the map."""


@contextmanager
def prepared() -> Iterator[None]:
    """Let ``weights="imagenet"`` build the network without weights, and mark layers that pad by the map's size."""
    import keras

    utils = keras.src.applications.imagenet_utils
    correct_pad, init = utils.correct_pad, keras.layers.ZeroPadding2D.__init__

    def noted(self: Any, padding: Any = (1, 1), **kwargs: Any) -> None:
        init(self, padding, **kwargs)
        self.corrected = isinstance(padding, _Corrected)

    with (
        mock.patch.object(utils, "correct_pad", lambda *given: _Corrected(correct_pad(*given))),
        mock.patch.object(keras.layers.ZeroPadding2D, "__init__", noted),
        mock.patch.object(keras.src.utils.file_utils, "get_file", return_value="weights.h5"),
        mock.patch.object(keras.Model, "load_weights", return_value=None),
    ):
        yield


def build(network: str, arguments: dict[str, Any], names: defaultdict[str, int]) -> Any:
    """The model, no weight allocated; ``names`` count the names that Keras makes up."""
    import keras
    from keras.src.backend.common import global_state
    from keras.src.backend.common.stateless_scope import StatelessScope

    global_state.set_global_attribute("object_name_uids", names)
    try:
        with StatelessScope(initialize_variables=False), prepared():
            return getattr(keras.applications, network)(**arguments)
    finally:
        global_state.set_global_attribute("object_name_uids", defaultdict(int))
        # The next scope that initializes variables would allocate these, too.
        global_state.set_global_attribute("uninitialized_variables", [])


def numbered(network: str, arguments: dict[str, Any]) -> tuple[Any, dict[str, int]]:
    """The model with its automatic names numbered from `FIRST`, and how many of each kind there are."""
    names = _Names()
    model = build(network, arguments, names)
    return model, {kind: count - FIRST for kind, count in names.items() if count > FIRST}


def table(network: str, variant: Variant) -> dict[str, Any]:
    """One network in one variant."""
    plain, draws = numbered(network, {**variant.arguments, "include_top": False})
    made = {"": (_rows(plain), draws)}
    for head, arguments in HEADS.items():
        if head == "top" and variant.topless:
            continue
        if variant.arguments["weights"] == "imagenet":
            arguments = {"include_top": True} if head == "top" else arguments
        model, draws = numbered(network, {**variant.arguments, **arguments})
        made[head] = (_rows(model), draws)
    columns = zip(*(rows for rows, _ in made.values()), strict=False)
    shared = next((n for n, column in enumerate(columns) if any(row != column[0] for row in column)), None)
    body = made[""][0][:shared]
    heads = {head: [rows[len(body) :], _kinds(draws)] for head, (rows, draws) in made.items()}
    name = None if re.search(r"_\d\.\d\d_", plain.name) else plain.name
    return {"network": network, "variant": variant.key, "name": name, "body": body, "heads": heads}


def _kinds(draws: dict[str, int]) -> dict[str, int]:
    return {kind: draws[kind] for kind in sorted(draws) if kind not in ("keras_tensor", "seed_generator", "variable")}


def _rows(model: Any) -> list[list[Any]]:
    layers = json.loads(json.dumps(model.get_config()["layers"]))
    index = {layer["name"]: number for number, layer in enumerate(layers)}
    rows = [_row(layer, number, index) for number, layer in enumerate(layers)]
    assert rows[0][0] == "InputLayer"
    corrected = {layer.name for layer in model.layers if getattr(layer, "corrected", False)}
    for layer, row in zip(layers, rows, strict=True):
        if layer["name"] in corrected:
            # The half of the window is what comes behind.
            row[3]["padding"] = ["$correct", row[3]["padding"][0][1]]
    return rows[1:]


def _row(layer: dict[str, Any], number: int, index: dict[str, int]) -> list[Any]:
    cls = layer["class_name"] if "keras.src.ops" not in layer["module"] else f"ops.{layer['class_name']}"
    inputs = [number - index[name] for name in _sources(layer["inbound_nodes"])]
    if cls == "Sequential":
        inner = [row for row in layer["config"]["layers"] if row["class_name"] != "InputLayer"]
        arguments: dict[str, Any] = {"layers": [[r["class_name"], _name(r), [1], _arguments(r)] for r in inner]}
    else:
        arguments = _arguments(layer)
    return [cls, _name(layer), inputs, arguments]


def _sources(value: Any) -> list[str]:
    if isinstance(value, dict):
        history = (
            value.get("config", {}).get("keras_history") if value.get("class_name") == "__keras_tensor__" else None
        )
        if history is not None:
            return [history[0]]
        return [name for item in value.values() for name in _sources(item)]
    return [name for item in value for name in _sources(item)] if isinstance(value, list) else []


def _name(layer: dict[str, Any]) -> str | int:
    name = str(layer.get("name") or layer["config"]["name"])
    kind, _, number = name.rpartition("_")
    if kind == snake_case(layer["class_name"]) and number.isdigit() and int(number) >= FIRST:
        return int(number) - FIRST
    return name


def _arguments(layer: dict[str, Any]) -> dict[str, Any]:
    import keras

    cls = getattr(keras.layers, layer["class_name"], None)
    defaults = {} if cls is None else _defaults(cls)
    given = {}
    for name in ARGUMENTS:
        value = layer["config"].get(name)
        if name in ("mean", "variance") and value is not None:
            value = [0.0] * len(value)
        if name == "rate" and value is not None:
            value = round(value, 4)
        if name in layer["config"] and value != defaults.get(name, ...):
            given[name] = _marked(name, value)
    return given


def _defaults(cls: type) -> dict[str, Any]:
    import inspect

    found = {}
    for name, parameter in inspect.signature(cls.__init__).parameters.items():
        default = parameter.default
        if default is not inspect.Parameter.empty:
            # The configuration has lists, and the name of an activation that was left out.
            found[name] = "linear" if name == "activation" and default is None else default
            if isinstance(default, tuple):
                found[name] = list(default)
    return found


def _marked(name: str, value: Any) -> Any:
    if name in ("filters", "units") and value in (CLASSES, LOADED_CLASSES):
        return "$classes"
    if name == "target_shape" and value == [CLASSES]:
        return ["$classes"]
    return "$activation" if name == "activation" and value in (ACTIVATION, LOADED_ACTIVATION) else value


def write(family: str) -> None:
    """The table of a family."""
    lines = [render(table(network.name, v)) for network in NETWORKS if FAMILIES[network.name] == family
             for v in variants(network.name)]  # fmt: skip
    text = "\n".join(lines)
    packed = zlib.compress(text.encode(), 9)
    (TARGET / f"{family}.json.z").write_bytes(packed)
    print(f"{family}: {len(lines)} lines, {len(text)} bytes, {len(packed)} packed", flush=True)


def write_draws() -> None:
    """How many names of each kind the networks take, from all tables: it is needed without their layers."""
    found: dict[str, dict[str, int]] = {}
    for family in sorted(set(FAMILIES.values())):
        for line in zlib.decompress((TARGET / f"{family}.json.z").read_bytes()).decode().splitlines():
            entry = json.loads(line)
            for head, (_, draws) in entry["heads"].items():
                kinds = {kind: count for kind, count in draws.items() if kind != "input_layer"}
                if kinds:
                    found[f"{entry['network']}/{entry['variant']}/{head}"] = kinds
    rows = ",\n".join(f"{json.dumps(key)}:{json.dumps(value, separators=(',', ':'))}" for key, value in found.items())
    (TARGET / "draws.json").write_text(f"{{\n{rows}\n}}\n", encoding="utf-8")


def render(entry: dict[str, Any]) -> str:
    """One line of a table."""
    return json.dumps(entry, separators=(",", ":"))


if __name__ == "__main__":
    for wanted in sys.argv[1:] or sorted(set(FAMILIES.values())):
        write(wanted)
    write_draws()
