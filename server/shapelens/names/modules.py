"""Where a module's code is: a known library, a file of the user's, or nowhere."""

from __future__ import annotations

import ast
import os
import time
from dataclasses import dataclass
from functools import lru_cache

from shapelens.names import resolve
from shapelens.names.canonical import KNOWN_ROOTS, canonical
from shapelens.text.parse import PARSE_ERRORS, bulk_parsing, parse
from shapelens.text.sources import Source, generation, source
from shapelens.text.split import split
from shapelens.text.unit import Unit

# Modules whose text is kept at hand, the oldest given up first.
MAX_UNITS = 1024
# Seconds after which folders are looked into again: at each keystroke it would cost more than all else.
LOOK_AGAIN = 3.0
# Of packages within packages.
MAX_DEPTH = 12
_units: dict[str, Unit] = {}


@dataclass(frozen=True, slots=True)
class Import:
    """What ``import name`` means in the file ``importer``; with a ``level``, ``from .name import``.

    With a ``package``: what ``name`` is in the package whose ``__init__`` is the importer.
    """

    name: str
    level: int = 0
    importer: str | None = None
    package: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A module: a library's by its dotted name, of which canonical names are made; or a file, and what it contains."""

    module: str
    path: str | None = None
    digest: str | None = None


def find(question: Import) -> Found | None:
    """Where the module is that an import means, as the files are now; `None` when there is no such thing.

    Files are looked for again after `disk_changed`, and at the latest after some seconds.
    """
    found = _locate(question, generation(), int(time.monotonic() / LOOK_AGAIN))
    if found is None or isinstance(found, str):
        return None if found is None else Found(found)
    module, path = found
    text = source(path)
    return Found(module, path, None if text is None else text.digest)


@lru_cache(maxsize=4096)
def _locate(question: Import, files: int, moment: int) -> str | tuple[str, str] | None:
    del files, moment  # part of the key only
    name, importer = question.name, question.importer
    if question.package is not None:
        return _submodule(question.package, importer or "", name)
    if question.level > 0:
        return _relative(name, question.level, importer)
    if name.partition(".")[0] in KNOWN_ROOTS:
        return name
    path = _beside(name, importer) or resolve.module_file(name, importer)
    return name if path is None else (dotted_name(path), path)


def _submodule(package: str, path: str, name: str) -> str | tuple[str, str] | None:
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
    return None if path is None else (dotted_name(path), path)


def dotted_name(path: str) -> str:
    """The name of a file's module, as an import from outside of its packages has it."""
    stem = os.path.splitext(path)[0]
    folder, name = os.path.split(stem)
    parts = [] if name == "__init__" else [name]
    while os.path.isfile(os.path.join(folder, "__init__.py")) or not parts:
        folder, name = os.path.split(folder)
        parts.insert(0, name)
    return ".".join(parts)


def keras_package(folder: str) -> str | None:
    """The dotted name of ``folder`` if it lies inside a copy of Keras itself."""
    parts = os.path.normpath(folder).split(os.sep)
    for index in range(len(parts) - 1, 0, -1):
        if parts[index] == "src" and parts[index - 1] == "keras":
            return canonical(".".join(["keras", "src", *parts[index + 1 :]]))
    return None


def keras_init(package: str) -> str | None:
    """The ``__init__`` of a package within the installed Keras, if that is Keras 3."""
    for folder in resolve.installed("keras") or ():
        source_folder = os.path.join(folder, "src")
        if os.path.isdir(os.path.join(source_folder, "ops")):
            return _file(os.path.join(source_folder, package))
    return None


def _beside(name: str, importer: str | None) -> str | None:
    """The file of a module that lies in the importer's folder, or in one above that its packages lie in."""
    if importer is None:
        return None
    folder = os.path.dirname(os.path.abspath(importer))
    for _ in range(MAX_DEPTH):
        # Where packages are installed, another one is no part of the program for lying there.
        if resolve.holds_packages(folder) and name.partition(".")[0] != _package_in(folder, importer):
            return None
        found = _file(os.path.join(folder, *name.split(".")))
        if found is not None and os.path.abspath(found) != os.path.abspath(importer):
            return found
        parent = os.path.dirname(folder)
        if parent == folder or not os.path.exists(os.path.join(folder, "__init__.py")):
            break
        folder = parent
    return None


def _package_in(folder: str, path: str) -> str:
    """The package or module right in ``folder`` that the file belongs to."""
    return os.path.relpath(os.path.abspath(path), folder).partition(os.sep)[0].removesuffix(".py")


def _file(stem: str) -> str | None:
    for candidate in (f"{stem}.py", os.path.join(stem, "__init__.py")):
        if os.path.isfile(candidate):
            return candidate
    return None


def units_of(name: str, path: str) -> tuple[Unit, ...] | None:
    """The statements of a file as units; `None` when it cannot be read."""
    text = source(path)
    if text is None:
        return None
    units = _parsed(name, text)
    _units.update((str(unit.uid), unit) for unit in units)
    while len(_units) > MAX_UNITS:
        del _units[next(iter(_units))]
    return units


@lru_cache(maxsize=128)
def _parsed(name: str, text: Source) -> tuple[Unit, ...]:
    # One unit is enough where all is healthy. Its identity says what the file contains, so that
    # functions of an older version of the file are told apart.
    uid = f"{name}:{text.digest}"
    with bulk_parsing():
        try:
            return (Unit(uid, text.text, tuple(parse(text.text))),)
        except PARSE_ERRORS:
            pieces = split(text.text).units
    return tuple(Unit(f"{uid}:{index}", u.text, u.statements, u.error) for index, u in enumerate(pieces))


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
