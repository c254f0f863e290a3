"""Finding modules and definitions with jedi: what lies neither beside the importing file nor in a known library.

jedi reads source; it never imports what it finds. Only packages that are about Keras are worth its time: the
others cannot hold layers.
"""

from __future__ import annotations

import importlib.machinery
import os
import sys
from functools import lru_cache
from typing import Any

from shapelens.text.sources import generation

# What a package must mention to be interpreted at all: in a tenth of its files, for everybody's utilities
# have something for users of Keras, too.
TELLTALE = b"keras"
SHARE = 0.1
# How many files are looked into, of which size.
MAX_FILES = 400
ENOUGH_FILES = 60
MAX_BYTES = 400_000


def module_file(name: str, importer: str | None) -> str | None:
    """The source file of the module ``name`` as imported by the file ``importer``, if it speaks of Keras."""
    return _module_file(name, importer, generation())


@lru_cache(maxsize=512)
def _module_file(name: str, importer: str | None, files: int) -> str | None:
    del files  # part of the key only
    root = name.partition(".")[0]
    if root in sys.stdlib_module_names:
        return None
    places = installed(root)
    if places is not None:
        path = _candidate(places, name)
        about = any(map(_is_about_keras, places)) if os.path.isdir(places[0]) else _speaks_of_keras(path)
        return path if path.endswith(".py") and about else None
    if importer is None:
        return None
    for found in _goto(f"import {name}", importer):
        path = str(found.module_path or "")
        if path.endswith(".py") and _speaks_of_keras(path):
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


def installed(root: str) -> list[str] | None:
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
def _is_about_keras(folder: str) -> bool:
    """Whether a package is about Keras, as far as its files say. Packages do not change while one types."""
    files = speaking = 0
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if name.endswith(".py") and files < MAX_FILES:
                files += 1
                speaking += _speaks_of_keras(os.path.join(place, name))
                if files == ENOUGH_FILES and not speaking:
                    return False
    return speaking > SHARE * files


def _speaks_of_keras(path: str) -> bool:
    try:
        if not path or os.path.getsize(path) > MAX_BYTES:
            return False
        with open(path, "rb") as file:
            return TELLTALE in file.read()
    except OSError:
        return False


@lru_cache(maxsize=512)
def holds_packages(folder: str) -> bool:
    """Whether packages are installed in this folder."""
    try:
        return any(name.endswith((".dist-info", ".egg-info")) for name in os.listdir(folder))
    except OSError:
        return False
