"""Finding modules and definitions with jedi: what lies neither beside the importing file nor in a known library.

jedi reads source; it never imports what it finds. Only packages whose text speaks of Keras are worth
its time: the others cannot hold layers.
"""

from __future__ import annotations

import importlib.machinery
import os
import sys
from functools import lru_cache
from typing import Any

from shapelens.text.sources import generation

# What a module must mention to be interpreted at all.
TELLTALE = "keras"
MAX_BYTES = 400_000


def module_file(name: str, importer: str | None) -> str | None:
    """The source file of the module ``name`` as imported by the file ``importer``, if it speaks of Keras."""
    return _module_file(name, importer, generation())


@lru_cache(maxsize=512)
def _module_file(name: str, importer: str | None, files: int) -> str | None:
    root = name.partition(".")[0]
    if root in sys.stdlib_module_names:
        return None
    installed = _installed(root)
    if installed is not None and not _speaks_of_keras(_candidate(installed, name), files):
        return None
    if installed is None and importer is None:
        return None
    for found in _goto(f"import {name}", importer):
        path = str(found.module_path or "")
        if path.endswith(".py") and _speaks_of_keras(path, files):
            return path
    return None


def definition(module: str, name: str, importer: str | None) -> tuple[str, str, str] | None:
    """Where ``from module import name`` really leads: ``(module, file, name)`` of the definition."""
    return _definition(module, name, importer, generation())


@lru_cache(maxsize=512)
def _definition(module: str, name: str, importer: str | None, files: int) -> tuple[str, str, str] | None:
    del files  # part of the key only
    for found in _goto(f"from {module} import {name}", importer):
        path = str(found.module_path or "")
        if found.type in ("class", "function", "statement") and path.endswith(".py") and found.module_name:
            return str(found.module_name), path, str(found.name)
    return None


def _goto(statement: str, importer: str | None) -> list[Any]:
    """jedi's answer for the last name of an import statement; nothing when it fails."""
    import jedi

    folder = os.path.dirname(os.path.abspath(importer)) if importer else os.getcwd()
    try:
        project = jedi.get_default_project(folder)
        script = jedi.Script(statement, path=importer, project=project, environment=jedi.InterpreterEnvironment())
        return list(script.goto(1, len(statement), follow_imports=True))
    except Exception:  # jedi raises whatever its parsers and caches do; no answer is an answer
        return []


def _installed(root: str) -> list[str] | None:
    """The folders or the file of a top-level package; nothing is imported for that."""
    try:
        spec = importlib.machinery.PathFinder.find_spec(root)
    except (ImportError, ValueError, AttributeError):
        return None
    if spec is None:
        return None
    if spec.submodule_search_locations:
        return list(spec.submodule_search_locations)
    return [spec.origin] if spec.origin else None


def _candidate(places: list[str], name: str) -> str:
    parts = name.split(".")[1:]
    for place in places:
        stem = os.path.join(place, *parts) if os.path.isdir(place) else place
        for path in (f"{stem}.py", os.path.join(stem, "__init__.py"), stem):
            if os.path.isfile(path):
                return path
    return ""


@lru_cache(maxsize=512)
def _speaks_of_keras(path: str, files: int) -> bool:
    del files  # part of the key only
    try:
        if not path or os.path.getsize(path) > MAX_BYTES:
            return False
        with open(path, encoding="utf-8", errors="replace") as file:
            return TELLTALE in file.read()
    except OSError:
        return False
