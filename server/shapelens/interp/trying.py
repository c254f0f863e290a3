"""``try`` and what leads into its handlers."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from shapelens.interp import scopes
from shapelens.interp.control import ProgramRaised, TryContext
from shapelens.interp.store import Store, join_stores
from shapelens.values.value import LibObject, TensorValue

if TYPE_CHECKING:
    from shapelens.interp.machine import Interpreter


def execute_try(m: Interpreter, node: ast.Try) -> None:
    """``try``: its handlers may be entered from each state in which something in it may raise."""
    before = m.state.fork()
    context = TryContext()
    m.tries.append(context)
    certain, returned = False, len(m.frame.returns)
    try:
        m.execute(node.body)
    except ProgramRaised:
        certain = True
        if m.store is not None:
            context.raised.append(m.store)
            m.store = None
    finally:
        m.tries.pop()
    ends: list[Store | None] = []
    imports_only = all(isinstance(s, ast.Import | ast.ImportFrom) for s in node.body)
    if not certain and m.store is not None:
        m.execute(node.orelse)
        ends.append(m.store)
    entry = join_stores(context.raised)
    if not certain and entry is None and not imports_only and not _is_one_symbolic_call(m, node.body, returned):
        # It may raise in a way that is not modelled, before it did anything.
        entry = before
    if entry is not None:
        for handler in node.handlers:
            m.store = entry.fork()
            if handler.name is not None:
                scopes.bind(m, handler.name, LibObject("builtins.Exception"))
            if handler.type is not None:
                m.evaluate(handler.type)
            guarded(m, handler.body)
            ends.append(m.store)
    if not node.handlers and certain:
        m.store = entry
        m.execute(node.finalbody)
        leave_by_raising(m)
        _finish_returns(m, node, returned)
        return
    m.store = join_stores(ends)
    if m.store is not None:
        m.execute(node.finalbody)
    _finish_returns(m, node, returned)


def _finish_returns(m: Interpreter, node: ast.Try, since: int) -> None:
    """Run ``finally`` on the paths that left the ``try`` by ``return``, too."""
    if not node.finalbody or len(m.frame.returns) == since:
        return
    after, left = m.store, m.frame.returns[since:]
    del m.frame.returns[since:]
    for store, value in left:
        m.store = store
        try:
            m.execute(node.finalbody)
        except ProgramRaised:
            leave_by_raising(m)
        if m.store is not None:
            m.frame.returns.append((m.store, value))
    m.store = after


def _is_one_symbolic_call(m: Interpreter, body: Sequence[ast.stmt], returned: int) -> bool:
    """Whether all that a ``try`` did was to make a symbolic tensor of known shape.

    Shapes alone decide whether Keras makes one, and a rule has said that it does: nothing is left that may raise.
    ``returned`` is how often the function had returned before.
    """
    if len(body) != 1:
        return False
    (statement,) = body
    value = None
    if isinstance(statement, ast.Return) and len(m.frame.returns) == returned + 1:
        value = m.frame.returns[-1][1]
    elif isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name) and m.store is not None:
        value = scopes.variable(m, scopes.cell_for(m.frame, m, statement.targets[0].id))
    if not isinstance(value, TensorValue) or value.kind != "keras" or value.node is None:
        return False
    shape = value.spec.shape
    return not shape.open and all(size is None or isinstance(size, int) for size in shape.dims)


def guarded(m: Interpreter, body: Sequence[ast.stmt]) -> None:
    """Run a branch; when it raises for certain, the path ends in the handler around it."""
    try:
        m.execute(body)
    except ProgramRaised:
        leave_by_raising(m)


def leave_by_raising(m: Interpreter) -> None:
    """This path ends here, in the handler of the ``try`` around it if there is one."""
    if m.tries and m.store is not None:
        m.tries[-1].raised.append(m.store)
    m.store = None
