"""Write ``signatures.json`` from the installed Keras: constructor and call signatures, and aliases.

Run ``python tests/conformance/generate_signatures.py`` in an environment with Keras to renew it; with Keras 2.15
(Python 3.9-3.11) it writes ``signatures_keras2.json``. With ``-`` it prints the file instead.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import sys
import textwrap
from pathlib import Path
from typing import Any, Callable

FOLDER = Path(__file__).parents[2] / "server/shapelens/library/keras"
TARGETS = {3: FOLDER / "signatures.json", 2: FOLDER / "signatures_keras2.json"}
# What ``Layer.__init__`` takes beside its named parameters.
LAYER_EXTRAS = {
    3: {"input_shape", "input_dim"},
    2: {
        "input_dim",
        "input_shape",
        "batch_input_shape",
        "batch_size",
        "weights",
        "activity_regularizer",
        "autocast",
        "implementation",
    },
}


def family() -> int:
    """2 or 3: the installed Keras."""
    import keras

    return 2 if keras.__version__.startswith("2.") else 3


def generate() -> dict[str, Any]:
    """Signatures of every public layer class, ``Model``, ``Sequential`` and ``Input``."""
    import keras

    public = {f"keras.layers.{name}": thing for name, thing in sorted(_layers().items())}
    public |= {"keras.Model": keras.Model, "keras.Sequential": keras.Sequential, "keras.Input": keras.Input}
    canonical: dict[object, str] = {}
    for name, thing in public.items():
        preferred = canonical.get(thing)
        if preferred is None or name.endswith(f".{thing.__name__}"):
            canonical[thing] = name
    signatures: dict[str, Any] = {}
    aliases: dict[str, str] = {"keras.layers.Input": "keras.Input"}
    for name, thing in public.items():
        if name in aliases or not callable(thing):
            continue
        if canonical[thing] != name:
            aliases[name] = canonical[thing]
        elif inspect.isclass(thing) and thing is not keras.layers.InputSpec:
            signatures[name] = _class_entry(thing)
        elif thing is keras.Input:
            signatures[name] = {"init": _parameters(thing), "extra": None}
    names = {"activation": _activations(), "regularizer": _regularizers()}
    return {"keras": keras.__version__, "aliases": aliases, "names": names, "signatures": signatures}


def _layers() -> dict[str, Any]:
    """What ``keras.layers`` has, and what programs find under it by other paths, by its canonical name."""
    import keras

    modules = [keras.layers]
    if family() == 2:
        modules += [keras.layers.experimental, keras.layers.experimental.preprocessing]
    else:
        import tensorflow as tf

        # ``tf.keras.layers`` still has a few old layers that ``keras.layers`` has not.
        modules.append(tf.keras.layers)
    found: dict[str, Any] = {}
    for module in modules:
        for name in dir(module):
            if not name.startswith("_") and not inspect.ismodule(getattr(module, name)):
                found.setdefault(name, getattr(module, name))
    return found


def _activations() -> list[str]:
    import keras

    if family() == 3:
        return sorted(keras.src.activations.ALL_OBJECTS_DICT)
    # Whatever `get` finds by name: functions, and layers too.
    candidates = {*dir(keras.activations), *dir(keras.layers), *dir(keras.src.activations)}
    return sorted(filter(lambda name: _found(keras.activations.get, name), candidates))


def _regularizers() -> list[str]:
    import keras

    if family() == 3:
        return sorted(keras.src.regularizers.ALL_OBJECTS_DICT)
    candidates = {*dir(keras.regularizers), *dir(keras.src.regularizers)}
    return sorted(filter(lambda name: _found(keras.regularizers.get, name), candidates))


def _found(get: Callable[[str], object], name: str) -> bool:
    try:
        return callable(get(name))
    except Exception:
        return False


def _class_entry(cls: type) -> dict[str, Any]:
    import keras

    entry: dict[str, Any] = {"init": _parameters(cls.__init__)[1:], "extra": _extra_keywords(cls)}
    if issubclass(cls, keras.layers.Layer) and cls.call is not keras.layers.Layer.call:
        entry["call"] = _call_parameters(cls)
    return entry


def _call_parameters(cls: Any) -> list[list[object]]:
    """What a call takes: by position what the class's own ``__call__`` names (RNNs of Keras 2); ``call``'s by name."""
    others = _parameters(cls.call)[1:]
    own = [row for row in _parameters(cls.__call__)[1:] if row[1] == "any"]
    if len(own) < 2:
        return others
    names = [row[0] for row in own]
    return [*own, *([row[0], "keyword", *row[2:]] for row in others if row[0] not in names)]


def _parameters(function: Callable[..., object]) -> list[list[object]]:
    kinds = {
        inspect.Parameter.POSITIONAL_ONLY: "positional",
        inspect.Parameter.POSITIONAL_OR_KEYWORD: "any",
        inspect.Parameter.KEYWORD_ONLY: "keyword",
        inspect.Parameter.VAR_POSITIONAL: "args",
        inspect.Parameter.VAR_KEYWORD: "kwargs",
    }
    result: list[list[object]] = []
    for parameter in inspect.signature(function).parameters.values():
        row: list[object] = [parameter.name, kinds[parameter.kind]]
        if parameter.default is not inspect.Parameter.empty:
            row.append(_literal(parameter.default))
        result.append(row)
    return result


def _literal(value: object) -> object:
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, tuple):
        return [_literal(item) for item in value]
    return {"repr": repr(value)}


def _extra_keywords(cls: type) -> list[str] | None:
    """The keywords that ``**kwargs`` may carry up the classes.

    `None`: there is no ``**kwargs``. ``"*"``: anything is taken (and ignored).
    """
    found: set[str] = set()
    passed: set[str] = {"self"}
    constructors = [c for c in cls.__mro__ if "__init__" in vars(c) and c.__module__.startswith("keras")]
    for position, owner in enumerate(constructors):
        parameters = inspect.signature(owner.__init__).parameters.values()
        named = [p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
        if not any(p.kind is p.VAR_KEYWORD for p in parameters):
            return None if position == 0 else sorted(found | {*named} - passed)
        if position:
            found |= {*named} - passed
        if owner.__name__ == "Layer":
            return sorted((found | LAYER_EXTRAS[family()]) - {*inspect.signature(cls.__init__).parameters})
        source = inspect.getsource(owner.__init__)
        found |= set(re.findall(r"kwargs\.pop\(\s*[\"'](\w+)[\"']", source)) - passed
        call = _super_call(ast.parse(textwrap.dedent(source)))
        if call is None or not any(keyword.arg is None for keyword in call.keywords):
            break
        passed |= {keyword.arg for keyword in call.keywords if keyword.arg}
        above = [*inspect.signature(constructors[position + 1].__init__).parameters][1:]
        passed |= {*above[: len(call.args)]}
    return ["*"]


def _super_call(tree: ast.AST) -> ast.Call | None:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "__init__"
            and isinstance(node.func.value, ast.Call)
        ):
            return node
    return None


def main(arguments: list[str]) -> None:
    """Write the file, or print it."""
    text = render(generate())
    if arguments == ["-"]:
        sys.stdout.write(text)
    else:
        TARGETS[family()].write_text(text, encoding="utf-8")


def render(data: dict[str, Any]) -> str:
    """The file's text: one signature a line."""
    lines = [f"{json.dumps(name)}: {json.dumps(entry)}" for name, entry in data["signatures"].items()]
    body = ",\n".join(lines)
    head = "".join(f"{json.dumps(key)}: {json.dumps(data[key])},\n" for key in ("keras", "aliases", "names"))
    return "{\n" + head + '"signatures": {\n' + body + "\n}\n}\n"


if __name__ == "__main__":
    main(sys.argv[1:])
