"""How a document calls library names, and the import that is missing."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from shapelens.problems.context import Edit, FixContext

# What people write when they import a module for the first time.
_USUAL_IMPORTS = {
    "numpy": ("np", "import numpy as np"),
    "tensorflow": ("tf", "import tensorflow as tf"),
    "keras": ("keras", "import keras"),
}


@dataclass(frozen=True, slots=True)
class Spelling:
    """The text that means a library name here, and the edits that make it so."""

    text: str
    edits: tuple[Edit, ...] = ()


def spelled(context: FixContext, canonical: str) -> Spelling:
    """How to write the library name ``canonical`` (``keras.layers.Flatten``) in this document."""
    parent, _, name = canonical.rpartition(".")
    for known in (canonical, parent):
        if known in context.aliases:
            return Spelling(_joined(context.aliases[known], canonical, known))
    beside = _import_beside(context, parent, name)
    if beside is not None:
        return beside
    root = canonical.split(".")[0]
    pieces = canonical.split(".")
    for count in range(len(pieces) - 1, 0, -1):
        known = ".".join(pieces[:count])
        if known in context.aliases:
            return Spelling(_joined(context.aliases[known], canonical, known))
    if root == "keras" and "tensorflow" in context.aliases:
        return Spelling(f"{context.aliases['tensorflow']}.{canonical}")
    alias, line = _USUAL_IMPORTS[root]
    return Spelling(_joined(alias, canonical, root), (_import_edit(context, line),))


def imported(context: FixContext, module: str) -> bool:
    """Whether the document has a name for ``module``."""
    return module in context.aliases


def _joined(alias: str, canonical: str, known: str) -> str:
    return alias + canonical[len(known) :]


def _import_beside(context: FixContext, parent: str, name: str) -> Spelling | None:
    """``name`` added to a ``from ... import`` of its siblings (``from keras.layers import Dense``)."""
    siblings = {spelling for known, spelling in context.aliases.items() if known.rpartition(".")[0] == parent}
    for uid, node in context.walk():
        if not isinstance(node, ast.ImportFrom) or node.module is None or node.level:
            continue
        if node.module.split(".")[-1] != parent.split(".")[-1]:
            continue
        if node.names[0].name == "*":
            return Spelling(name)
        if any((alias.asname or alias.name) in siblings for alias in node.names):
            _, end = context.range_of(uid, node.names[-1])
            return Spelling(name, (Edit(end, end, f", {name}"),))
    return None


def _import_edit(context: FixContext, line: str) -> Edit:
    """``line`` before the first import, or before the first statement that is no docstring."""
    first: int | None = None
    for uid, unit in context.units.items():
        for statement in unit.statements:
            start, _ = context.range_of(uid, statement)
            if isinstance(statement, ast.Import) or (
                isinstance(statement, ast.ImportFrom) and statement.module != "__future__"
            ):
                return Edit(start, start, line + "\n")
            docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
            if first is None and not docstring and not isinstance(statement, ast.ImportFrom):
                first = start
    place = first or 0
    return Edit(place, place, line + "\n")
