"""Built-in functions that look at the running program: ``eval``, ``locals``, ``import_module``, ``__new__``."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from shapelens.interp import classes, imports, named_attributes
from shapelens.interp.scopes import variable
from shapelens.names.modules import Import
from shapelens.text.parse import PARSE_ERRORS
from shapelens.text.unit import Unit
from shapelens.values.failure import NotKnown
from shapelens.values.objects import DictObject
from shapelens.values.value import Const, Value

if TYPE_CHECKING:
    from shapelens.interp.machine import Interpreter

MAX_TEXT = 500


def call(m: Interpreter, name: str, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Value | None:
    """The result of the built-in function ``name``, if it is one of these and enough is known."""
    text = args[0].value if args and isinstance(args[0], Const) else None
    named = named_attributes.call(m, name, args, kwargs)
    if named is not None:
        return named
    if name == "builtins.eval" and len(args) == 1 and isinstance(text, str) and len(text) <= MAX_TEXT:
        return _evaluated(m, text)
    if name == "builtins.object.__new__" and args:
        return classes.new_instance(m, args[0], args[1:], dict(kwargs))
    if name == "builtins.locals" and not args and not m.frame.is_module:
        return _locals(m)
    if name == "importlib.import_module" and isinstance(text, str) and len(args) == 1 and not text.startswith("."):
        return imports.module(m, Import(text, 0, m.frame.path))
    return None


def _evaluated(m: Interpreter, text: str) -> Value:
    """An expression that is known as text, in the present frame."""
    try:
        node = ast.parse(text.strip(), mode="eval").body
    except PARSE_ERRORS:
        raise NotKnown("the text is no expression") from None
    unit = Unit(f"eval:{text}", text.strip(), (ast.copy_location(ast.Expr(node), node),))
    m.units[unit.uid] = unit
    inside = replace(m.frame, unit=unit)
    with m.in_frame(inside):
        value = m.evaluate(node)
    m.frame.captured = m.frame.captured or inside.captured
    return value


def _locals(m: Interpreter) -> Value:
    """The variables of the present call."""
    found = []
    for name in sorted(m.frame.names):
        value = variable(m, (m.frame.scope, name))
        if value is not None:
            found.append((Const(name), value))
    return m.alloc(DictObject(tuple(found)))
