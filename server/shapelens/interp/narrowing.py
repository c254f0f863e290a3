"""What a condition says of a variable that may be one of several values: ``if mask is not None``."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from shapelens.interp import scopes
from shapelens.interp.control import ProgramRaised
from shapelens.interp.joins import one_of
from shapelens.values.failure import ShapeFailure
from shapelens.values.value import OneOf, Value

if TYPE_CHECKING:
    from shapelens.interp.machine import Interpreter


def narrow(m: Interpreter, test: ast.expr, holds: bool) -> None:
    """Where ``test`` holds (or does not), forget the alternatives of its subject for which that cannot be."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        narrow(m, test.operand, not holds)
    elif isinstance(test, ast.BoolOp):
        if isinstance(test.op, ast.And) is holds:
            for part in test.values:
                narrow(m, part, holds)
    else:
        subject = _subject(test)
        value = None if subject is None else _value(m, subject)
        if subject is not None and isinstance(value, OneOf):
            kept = tuple(v for v in value.values if _may_be(m, test, subject, v, holds))
            if kept and len(kept) < len(value.values):
                _set(m, subject, one_of(kept))


def _subject(test: ast.expr) -> ast.Name | ast.Attribute | None:
    """The variable that a condition is about."""
    if isinstance(test, ast.Compare):
        test = test.left
    elif isinstance(test, ast.Call) and isinstance(test.func, ast.Name) and test.func.id == "isinstance" and test.args:
        test = test.args[0]
    if isinstance(test, ast.Name):
        return test
    return test if isinstance(test, ast.Attribute) and isinstance(test.value, ast.Name) else None


def _value(m: Interpreter, subject: ast.Name | ast.Attribute) -> Value:
    with m.quiet():
        return m.evaluate(subject)


def _may_be(m: Interpreter, test: ast.expr, subject: ast.expr, value: Value, holds: bool) -> bool:
    before = m.state
    m.store = before.fork()
    try:
        with m.quiet():
            _set(m, subject, value)
            return m.truth(m.evaluate(test)) is not (not holds)
    except (ProgramRaised, ShapeFailure):
        return True
    finally:
        m.store = before


def _set(m: Interpreter, subject: ast.expr, value: Value) -> None:
    with m.quiet():
        scopes.assign(m, subject, value)
