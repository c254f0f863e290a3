"""Where a module's code is: a known library, a file of the user's, or nowhere."""

from __future__ import annotations

import ast
import hashlib
import os
from functools import lru_cache

from shapelens.names import resolve
from shapelens.names.canonical import KNOWN_ROOTS, canonical
from shapelens.text.unit import Unit

MAX_BYTES = 2_000_000
# Modules whose text is kept at hand, the oldest given up first.
MAX_UNITS = 256
_units: dict[str, Unit] = {}


def locate(name: str, level: int, importer: str | None) -> str | tuple[str, str] | None:
    """What ``import name`` means in the file ``importer``.

    A dotted name for a library (canonical names are made of it), ``(module name, path)`` for a
    file to be interpreted, `None` when there is no such thing.
    """
    if level > 0:
        return _relative(name, level, importer)
    root = name.partition(".")[0]
    if root in KNOWN_ROOTS:
        return name
    path = _beside(name, importer) or resolve.module_file(name, importer)
    return name if path is None else (name, path)


def submodule(package: str, path: str, name: str) -> tuple[str, str] | None:
    """``(module name, path)`` of ``package.name``, if ``path`` is a package's ``__init__``."""
    folder, file = os.path.split(path)
    if file != "__init__.py":
        return None
    found = _file(os.path.join(folder, name))
    return None if found is None else (f"{package}.{name}", found)


def _relative(name: str, level: int, importer: str | None) -> str | tuple[str, str] | None:
    if importer is None:
        return None
    folder = os.path.dirname(os.path.abspath(importer))
    for _ in range(level - 1):
        folder = os.path.dirname(folder)
    package = keras_package(folder)
    if package is not None:
        return f"{package}.{name}" if name else package
    path = _file(os.path.join(folder, *name.split("."))) if name else _file(folder)
    if path is None:
        return None
    return (f"{os.path.basename(folder)}.{name}" if name else os.path.basename(folder)), path


def keras_package(folder: str) -> str | None:
    """The dotted name of ``folder`` if it lies inside a copy of Keras itself."""
    parts = os.path.normpath(folder).split(os.sep)
    for index in range(len(parts) - 1, 0, -1):
        if parts[index] == "src" and parts[index - 1] == "keras":
            return canonical(".".join(["keras", "src", *parts[index + 1 :]]))
    return None


def _beside(name: str, importer: str | None) -> str | None:
    """The file of a module that lies in the importer's folder or one above."""
    if importer is None:
        return None
    folder = os.path.dirname(os.path.abspath(importer))
    for _ in range(3):
        found = _file(os.path.join(folder, *name.split(".")))
        if found is not None and os.path.abspath(found) != os.path.abspath(importer):
            return found
        parent = os.path.dirname(folder)
        if parent == folder or not os.path.exists(os.path.join(folder, "__init__.py")):
            break
        folder = parent
    return None


def _file(stem: str) -> str | None:
    for candidate in (f"{stem}.py", os.path.join(stem, "__init__.py")):
        if os.path.isfile(candidate):
            return candidate
    return None


def units_of(name: str, path: str) -> tuple[Unit, ...] | None:
    """The statements of a file, each a unit; `None` when it cannot be read or parsed."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return None if status.st_size > MAX_BYTES else _parsed(name, path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=64)
def _parsed(name: str, path: str, modified: int, size: int) -> tuple[Unit, ...] | None:
    del modified, size  # part of the key only
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        tree = ast.parse(text)
    except (OSError, ValueError, SyntaxError, RecursionError, MemoryError):
        return None
    # One unit is enough: a file on disk is interpreted as a whole or not at all. Its identity says
    # what it contains, so that functions of an older version of the file are told apart.
    digest = hashlib.sha1(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()[:12]
    unit = Unit(f"{name}:{digest}", text, tuple(tree.body))
    _units[str(unit.uid)] = unit
    while len(_units) > MAX_UNITS:
        del _units[next(iter(_units))]
    return (unit,)


def unit_of(uid: int | str) -> Unit | None:
    """The unit of a module's file that was read before, by its identity."""
    return _units.get(str(uid)) if isinstance(uid, str) else None


def public_names(path: str) -> tuple[str, ...]:
    """What ``from module import *`` brings."""
    units = units_of("", path) or ()
    names: list[str] = []
    for unit in units:
        for node in unit.statements:
            names.extend(_bound_names(node))
    return tuple(dict.fromkeys(n for n in names if not n.startswith("_")))


def _bound_names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [(alias.asname or alias.name).partition(".")[0] for alias in node.names]
    return [n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
