"""List, set and dict comprehensions and generator expressions."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Literal

from shapelens.interp import scopes
from shapelens.interp.control import MAX_COLLECTION, Frame
from shapelens.interp.convert import any_item, of_any_count, one_of_each
from shapelens.interp.functions import forget_variables
from shapelens.library.python.sequences import count_of
from shapelens.shapes.dims import ANY, Dim
from shapelens.values.objects import DictObject, ListObject
from shapelens.values.value import Address, Value

if TYPE_CHECKING:
    from shapelens.interp.machine import Interpreter

Comprehension = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp


class _Collected:
    """What the innermost part yields; ``whole`` is false when some items are not known."""

    def __init__(self) -> None:
        self.items: list[tuple[Value | None, Value]] = []
        self.whole = True
        # How many there are where they are not all known: as many as the only iterable has.
        self.count: Dim = ANY


def evaluate(m: Interpreter, node: Comprehension) -> Value:
    """The new list, set, dict or (taken as a list) generator."""
    outer = m.frame
    scope = m.new_address()
    enclosing = outer.enclosing if outer.is_module else (outer.scope, *outer.enclosing)
    frame = Frame(
        outer.module,
        scope,
        outer.unit,
        tuple(s for s in enclosing if isinstance(s, Address)),
        function=outer.function,
        self_value=outer.self_value,
        owner=outer.owner,
        path=outer.path,
    )
    collected = _Collected()
    with m.in_frame(frame):
        _generate(m, node, 0, collected)
    if not frame.captured:
        forget_variables(m, frame)
    if isinstance(node, ast.DictComp):
        entries = {key: value for key, value in collected.items if key is not None}
        return m.alloc(DictObject(tuple(entries.items()), not collected.whole))
    values = tuple(value for _, value in collected.items)
    kind: Literal["set", "list"] = "set" if isinstance(node, ast.SetComp) else "list"
    if not collected.whole:
        from shapelens.interp.joins import join_values

        rest: Value | None = None
        for value in values:
            rest = value if rest is None else join_values(rest, value, widen=True)
        if rest is not None:
            rest = of_any_count(rest, scope.number)
        count = ANY if kind == "set" else collected.count
        return m.alloc(ListObject((), open=True, rest=rest, type_name=kind, count=count))
    if kind == "set":
        values = tuple(dict.fromkeys(values))
    return m.alloc(ListObject(values, type_name=kind))


def _generate(m: Interpreter, node: Comprehension, depth: int, collected: _Collected) -> None:
    if depth == len(node.generators):
        if isinstance(node, ast.DictComp):
            collected.items.append((m.evaluate(node.key), m.evaluate(node.value)))
        else:
            collected.items.append((None, m.evaluate(node.elt)))
        return
    generator = node.generators[depth]
    iterable = m.evaluate(generator.iter)
    items = m.items(iterable)
    if items is None or len(items) > MAX_COLLECTION:
        collected.whole = False
        if len(node.generators) == 1 and not generator.ifs:
            collected.count = count_of(m, iterable)
        items = (one_of_each(m, any_item(m, iterable)),)
    for item in items:
        scopes.assign(m, generator.target, item)
        answers = [m.truth(m.evaluate(condition)) for condition in generator.ifs]
        if False in answers:
            continue
        if None in answers:
            collected.whole = False
        _generate(m, node, depth + 1, collected)
