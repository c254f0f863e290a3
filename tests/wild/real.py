"""A process with the real Keras: builds models and tells their layers. Run as a script, by Python 3.9 or later.

``python real.py FOLDER BYTES`` puts the folder behind what is installed, and answers each line of JSON on its
standard input, ``{"code": PROGRAM}``, with the model of the program's variable ``model``. BYTES is all the memory
that it may take.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import sys
import traceback
from collections.abc import Iterator
from typing import Any

# Shapes of one call of a layer, flattened.
Shapes = list[list[int | None] | None]


def main() -> None:
    """Answer until the input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # What the packages print goes nowhere.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.path.append(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]),) * 2)
    for line in sys.stdin:
        answers.write(json.dumps(_answer(json.loads(line)["code"])) + "\n")
        answers.flush()


def _answer(code: str) -> dict[str, Any]:
    try:
        return described(built(code))
    except (KeyboardInterrupt, SystemExit, Exception) as error:
        trace = traceback.format_exc().splitlines()
        return {"error": f"{type(error).__name__}: {error}"[:500], "trace": trace[-6:]}


def built(code: str) -> Any:
    """What the variable ``model`` is after the program, run in a process where no layer has been made."""
    if "tf_keras" in sys.modules:
        sys.modules["tf_keras"].backend.clear_session()
    if "keras" in sys.modules:
        sys.modules["keras"].backend.clear_session()
    names: dict[str, Any] = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(code, "driver.py", "exec"), names)
    return names["model"]


def described(model: Any) -> dict[str, Any]:
    """The layers of a model with what comes out of each, and the number of its weights."""
    if not any(cls.__name__ == "Model" for cls in type(model).__mro__):
        return {"error": f"no model but {type(model).__name__}"}
    layers = list(_layers(model, "", set()))
    return {
        "layers": layers,
        "outputs": _shapes(getattr(model, "outputs", None)),
        "params": int(model.count_params()) if model.built else None,
    }


def _layers(model: Any, prefix: str, seen: set) -> Iterator[dict[str, Any]]:
    if id(model) in seen:
        return
    seen.add(id(model))
    graph = getattr(model, "_functional", None) or model
    nodes: dict[int, tuple[Any, list[Shapes]]] = {}
    for layer in model.layers:
        nodes[id(layer)] = (layer, [])
    by_depth = getattr(graph, "_nodes_by_depth", None) or {}
    for depth in sorted(by_depth, reverse=True):
        for node in by_depth[depth]:
            layer = getattr(node, "operation", None) or getattr(node, "layer", None)
            outputs = node.output_tensors if hasattr(node, "output_tensors") else node.outputs
            if id(layer) in nodes:
                nodes[id(layer)][1].append(_shapes(outputs))
    for layer, shapes in nodes.values():
        yield {
            "name": prefix + layer.name,
            "class": type(layer).__name__,
            "shapes": shapes,
            "params": int(layer.count_params()) if layer.built else None,
        }
        if hasattr(layer, "layers") and any(cls.__name__ == "Model" for cls in type(layer).__mro__):
            yield from _layers(layer, prefix + layer.name + "/", seen)


def _shapes(nest: Any) -> Shapes:
    """The shapes in a structure of tensors, dicts in the order of their keys."""
    if isinstance(nest, dict):
        return [shape for key in sorted(nest) for shape in _shapes(nest[key])]
    if isinstance(nest, (list, tuple)):
        return [shape for item in nest for shape in _shapes(item)]
    shape = getattr(nest, "shape", None)
    if shape is None:
        return []
    try:
        return [[None if size is None else int(size) for size in shape]]
    except ValueError:  # of unknown rank
        return [None]


if __name__ == "__main__":
    main()
