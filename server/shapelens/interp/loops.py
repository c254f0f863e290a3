"""Loops: followed iteration by iteration while bounded, else in general."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from shapelens.interp import scopes, unpacking
from shapelens.interp.control import (
    IDLE_LOOP_FUEL,
    LOOP_FUEL,
    MAX_ITERATIONS,
    STEPS_PER_LAYER,
    LoopContext,
    ProgramRaised,
)
from shapelens.interp.convert import any_item, one_of_each, some_number
from shapelens.interp.store import Store, changed_cells, join_stores
from shapelens.library.python.sequences import count_of
from shapelens.shapes.dims import ANY, Dim, add, mul, sub, symbol
from shapelens.values.objects import ListObject
from shapelens.values.value import Address, OneOf, Ref, Value

if TYPE_CHECKING:
    from shapelens.interp.machine import Interpreter

# Passes over a body that is followed in general, until the state no longer changes.
GENERAL_PASSES = 3


def execute_for(m: Interpreter, node: ast.For | ast.AsyncFor) -> None:
    """``for target in iterable``."""
    iterable = m.evaluate(node.iter)
    items = m.items(iterable)
    context = LoopContext()
    m.frame.loops.append(context)
    try:
        if items is not None and len(items) <= MAX_ITERATIONS:
            _each(m, node, items, context)
        else:
            some = any_item(m, iterable)
            # What stands for each of several objects may not fit where each of them does.
            with m.supposing(isinstance(some, Ref | OneOf)):
                _in_general(m, context, lambda: _body(m, node, some, context), count_of(m, iterable))
    finally:
        m.frame.loops.pop()
    if m.store is not None and node.orelse:
        m.execute(node.orelse)
    m.store = join_stores((*context.breaks, m.store))


def _body(m: Interpreter, node: ast.For | ast.AsyncFor, item: Value, context: LoopContext) -> None:
    """One iteration; ends with the state from which the next one starts."""
    scopes.assign(m, node.target, unpacking.checked(m, node.iter, one_of_each(m, item), node.target, each=True))
    _run(m, node.body, context)


def _run(m: Interpreter, body: list[ast.stmt], context: LoopContext) -> None:
    context.continues.clear()
    m.execute(body)
    m.store = join_stores((m.store, *context.continues))
    context.continues.clear()


def _each(m: Interpreter, node: ast.For | ast.AsyncFor, items: tuple[Value, ...], context: LoopContext) -> None:
    same = 0
    # Different objects may do different things, whatever those before them did.
    decisive = _decides(node) or any(isinstance(item, Ref) for item in items)
    built = -1
    spent, before_all = m.spent, m.built
    for index, item in enumerate(items):
        if m.store is None:
            return
        fuel = LOOP_FUEL + STEPS_PER_LAYER * (m.built - before_all)
        if m.spent - spent > (fuel if m.built > built else IDLE_LOOP_FUEL):
            some = some_number(m, items[index:])
            # What is wrong in every iteration was so in those before.
            with m.supposing(True):
                _in_general(m, context, partial(_body, m, node, some, context), len(items) - index)
            return
        m.pay_for_copy()
        built = m.built
        before = m.store.fork()
        facts = len(m.sites) + len(m.problems)
        _body(m, node, item, context)
        after: Store | None = m.store
        if after is None:
            return
        unchanged = (
            not decisive and facts == len(m.sites) + len(m.problems) and _same_but_targets(m, node, before, after)
        )
        same = same + 1 if unchanged else 0
        if same >= 2 and index < len(items) - 2:
            # Nothing changes any more, and nothing is decided by the loop's variable.
            scopes.assign(m, node.target, items[-1])
            _run(m, node.body, context)
            return


def _targets(node: ast.For | ast.AsyncFor) -> set[str]:
    return {n.id for n in ast.walk(node.target) if isinstance(n, ast.Name)}


def _same_but_targets(m: Interpreter, node: ast.For | ast.AsyncFor, before: Store, after: Store) -> bool:
    names = _targets(node)
    cells = {scopes.cell_for(m.frame, m, name) for name in names}
    for cell in changed_cells(before, after):
        if cell in cells:
            continue
        if cell not in before.overlay:
            # New objects that no variable refers to are of no consequence.
            if not isinstance(cell, Address) or after.reads.get(cell) is not None:
                return False
        elif before.overlay[cell] != after.get(cell):
            return False
    return True


def _decides(node: ast.For | ast.AsyncFor) -> bool:
    """Whether the body compares the loop's variable, and so may do something else in a later iteration."""
    targets = _targets(node)
    compared = (n for s in node.body for n in ast.walk(s) if isinstance(n, ast.Compare))
    return any(isinstance(n, ast.Name) and n.id in targets for c in compared for n in ast.walk(c))


def _in_general(m: Interpreter, context: LoopContext, run: Callable[[], None], iterations: Dim = ANY) -> None:
    """Follow the body with what is known of every iteration at once; ``iterations`` is their number."""
    before = m.state
    growing: dict[Address, _Growing] = {}
    for number in range(GENERAL_PASSES):
        m.pay_for_copy()
        m.store = before.fork()
        run()
        growing = _growing(m, before, growing) if number else _first_growth(m, before)
        joined = join_stores((before, m.store), widen=True)
        assert joined is not None
        for address, growth in growing.items():
            _set_length(joined, address, growth.length)
        if joined.same_as(before):
            break
        before = joined
    if m.store is None and not context.breaks:
        m.store = before
    elif m.store is not None:
        m.store = join_stores((m.store, before), widen=True)
    if m.store is not None:
        for address, growth in growing.items():
            whole = ANY if context.breaks else add(growth.start, mul(growth.step, iterations))
            _set_length(m.store, address, whole)


@dataclass(frozen=True, slots=True)
class _Growing:
    """A list to which each iteration adds ``step`` items; it has ``start`` before, ``length`` meanwhile."""

    start: Dim
    step: Dim
    length: Dim


def _first_growth(m: Interpreter, before: Store) -> dict[Address, _Growing]:
    """The lists that the first pass has made longer."""
    found: dict[Address, _Growing] = {}
    for cell in () if m.store is None else changed_cells(before, m.store):
        content = m.state.overlay.get(cell)
        if type(content) is not ListObject or not isinstance(cell, Address):
            continue
        old = before.get(cell)
        if isinstance(old, ListObject):
            step = sub(content.length, old.length)
            if isinstance(step, int) and step > 0:
                number = m.new_address().number
                found[cell] = _Growing(old.length, step, symbol(f"items{number}"))
    return found


def _growing(m: Interpreter, before: Store, known: dict[Address, _Growing]) -> dict[Address, _Growing]:
    """Those of ``known`` that a further pass, from lists of any length, has made longer by as much."""
    if m.store is None:
        return {}
    kept: dict[Address, _Growing] = {}
    for address, growth in known.items():
        content = m.store.get(address)
        if isinstance(content, ListObject) and content.open and content.count == add(growth.length, growth.step):
            kept[address] = growth
        else:
            _set_length(before, address, ANY)
    return kept


def _set_length(store: Store, address: Address, length: Dim) -> None:
    content = store.get(address)
    if isinstance(content, ListObject) and content.open:
        store.set(address, replace(content, count=length))


def execute_while(m: Interpreter, node: ast.While) -> None:
    """``while test``."""
    context = LoopContext()
    m.frame.loops.append(context)
    try:
        _while(m, node, context)
    finally:
        m.frame.loops.pop()
    m.store = join_stores((*context.breaks, m.store))


def _while(m: Interpreter, node: ast.While, context: LoopContext) -> None:
    spent = m.spent
    built = -1
    for _ in range(MAX_ITERATIONS):
        answer = m.truth(m.evaluate(node.test))
        if answer is None:
            break
        if not answer:
            m.execute(node.orelse)
            return
        if m.spent - spent > (LOOP_FUEL if m.built > built else IDLE_LOOP_FUEL):
            break
        m.pay_for_copy()
        built = m.built
        before = m.state.fork()
        _run(m, node.body, context)
        if m.store is None:
            return
        if m.store.same_as(before):
            # It goes on like this for ever, or something that is not followed ends it.
            m.store = None if context.breaks else before
            return
    _in_general(m, context, lambda: _while_pass(m, node, context))


def _while_pass(m: Interpreter, node: ast.While, context: LoopContext) -> None:
    m.evaluate(node.test)
    try:
        _run(m, node.body, context)
    except ProgramRaised:
        if m.tries and m.store is not None:
            m.tries[-1].raised.append(m.store)
        m.store = None


def execute_break(m: Interpreter, node: ast.Break) -> None:
    """``break``."""
    if m.frame.loops:
        m.frame.loops[-1].breaks.append(m.state)
    m.store = None


def execute_continue(m: Interpreter, node: ast.Continue) -> None:
    """``continue``."""
    if m.frame.loops:
        m.frame.loops[-1].continues.append(m.state)
    m.store = None
