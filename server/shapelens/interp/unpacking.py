"""``h, w, c = image.shape``: as many names as there are items, or Python raises."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from shapelens.values.failure import Failure
from shapelens.values.objects import ListObject
from shapelens.values.value import Ref, TensorValue, TupleValue, Value

if TYPE_CHECKING:
    from shapelens.interp.machine import Interpreter

# A longer expression would bury the sentence.
LONGEST = 40


def checked(m: Interpreter, node: ast.expr, value: Value, target: ast.expr, *, each: bool = False) -> Value:
    """``value``, which is assigned to ``target``; unknown where that raises, which is noted at ``node``.

    ``each``: it is an item of what stands there.
    """
    if not isinstance(target, ast.Tuple | ast.List):
        return value
    count = _count(m, value)
    if count is None:
        return value
    starred = any(isinstance(item, ast.Starred) for item in target.elts)
    wanted = len(target.elts) - starred
    if count == wanted or (starred and count > wanted):
        return value
    if count > wanted:
        words = f"too many values to unpack (expected {wanted})"
    else:
        words = f"not enough values to unpack (expected {'at least ' if starred else ''}{wanted}, got {count})"
    names = "1 name stands" if wanted == 1 else f"{wanted} names stand"
    items = "1 item" if count == 1 else f"{count} items"
    text = m.source(node)
    given = f"`{text}`" if len(text) <= LONGEST and "\n" not in text else "what is unpacked"
    if each:
        given = f"each item of {given}"
    return m.failed_at(node, Failure("invalid-argument", f"{given} has {items}, but {names} on the left", words), ())


def _count(m: Interpreter, value: Value) -> int | None:
    """How many items ``value`` surely has."""
    if isinstance(value, TupleValue):
        return len(value.items)
    if isinstance(value, Ref):
        found = m.read(value)
        closed = isinstance(found, ListObject) and not found.open and found.type_name == "list"
        return len(found.items) if isinstance(found, ListObject) and closed else None
    if (
        isinstance(value, TensorValue)
        and value.kind in ("numpy", "tensor")
        and not value.spec.shape.open
        and value.spec.shape.dims
    ):
        rows = value.spec.shape.dims[0]
        return rows if isinstance(rows, int) else None
    return None
