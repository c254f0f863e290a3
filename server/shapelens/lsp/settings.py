"""What the user can set. Unknown keys and values of a wrong type are ignored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SECTION = "shapelens"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings with their defaults; delays are in milliseconds."""

    layer_hints: bool = True
    tensor_hints: bool = True
    diagnostics: bool = True
    warnings: bool = True
    delay: int = 200
    max_delay: int = 1000


def settings_from(content: object) -> Settings:
    """Settings as an editor sends them: ``{"inlayHints": {"layers": true}}``, with or without the section."""
    tree = _tree(content)
    tree = _tree(tree.get(SECTION)) or tree
    hints = _tree(tree.get("inlayHints"))
    diagnostics = _tree(tree.get("diagnostics"))
    default = Settings()
    return Settings(
        layer_hints=_flag(hints.get("layers"), default.layer_hints),
        tensor_hints=_flag(hints.get("tensors"), default.tensor_hints),
        diagnostics=_flag(diagnostics.get("enabled"), default.diagnostics),
        warnings=_flag(diagnostics.get("warnings"), default.warnings),
        delay=_milliseconds(diagnostics.get("delay"), default.delay),
        max_delay=_milliseconds(diagnostics.get("maxDelay"), default.max_delay),
    )


def _tree(content: object) -> Mapping[str, object]:
    return content if isinstance(content, Mapping) else {}


def _flag(value: object, default: bool) -> bool:
    return value if isinstance(value, bool) else default


def _milliseconds(value: object, default: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        return default
    return int(min(value, 60_000))
