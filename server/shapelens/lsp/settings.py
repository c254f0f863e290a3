"""What the user can set. Unknown keys and values of a wrong type are ignored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SECTION = "shapelens"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings with their defaults; delays are in milliseconds.

    ``keras``: ask the installed Keras. ``keras_interpreter`` is the Python whose Keras that is, as a command;
    the one that runs the server where it is empty.
    """

    layer_hints: bool = True
    tensor_hints: bool = True
    diagnostics: bool = True
    warnings: bool = True
    delay: int = 200
    max_delay: int = 1000
    keras: bool = True
    keras_interpreter: tuple[str, ...] = ()


def settings_from(content: object) -> Settings:
    """Settings as an editor sends them: ``{"inlayHints": {"layers": true}}``, with or without the section."""
    tree = _tree(content)
    tree = _tree(tree.get(SECTION)) or tree
    hints = _tree(tree.get("inlayHints"))
    diagnostics = _tree(tree.get("diagnostics"))
    keras = _tree(tree.get("keras"))
    default = Settings()
    return Settings(
        layer_hints=_flag(hints.get("layers"), default.layer_hints),
        tensor_hints=_flag(hints.get("tensors"), default.tensor_hints),
        diagnostics=_flag(diagnostics.get("enabled"), default.diagnostics),
        warnings=_flag(diagnostics.get("warnings"), default.warnings),
        delay=_milliseconds(diagnostics.get("delay"), default.delay),
        max_delay=_milliseconds(diagnostics.get("maxDelay"), default.max_delay),
        keras=_flag(keras.get("enabled"), default.keras),
        keras_interpreter=_command(keras.get("interpreter")),
    )


def _tree(content: object) -> Mapping[str, object]:
    return content if isinstance(content, Mapping) else {}


def _flag(value: object, default: bool) -> bool:
    return value if isinstance(value, bool) else default


def _command(value: object) -> tuple[str, ...]:
    """A program, or a list of it and its arguments."""
    parts = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return tuple(parts) if all(isinstance(part, str) and part for part in parts) else ()


def _milliseconds(value: object, default: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        return default
    return int(min(value, 60_000))
