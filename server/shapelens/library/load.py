"""Loading every family of rules, so that they register themselves."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from shapelens import library


def load_rules() -> None:
    """Import every module of this room; cheap when it was done before."""
    for module in pkgutil.walk_packages(library.__path__, f"{library.__name__}."):
        import_module(module.name)
