"""Evaluating expressions."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shapelens.interp import calls, comprehensions, operators, scopes, subscripts
from shapelens.interp.control import MAX_STRING, ProgramRaised
from shapelens.interp.joins import alternatives, join_values, one_of
from shapelens.interp.narrowing import narrow
from shapelens.interp.store import Store, join_stores
from shapelens.library.python.merging import merged
from shapelens.values.failure import ShapeFailure
from shapelens.values.objects import DictObject, ListObject
from shapelens.values.value import (
    NONE,
    Const,
    OneOf,
    Opaque,
    Ref,
    SliceValue,
    TupleValue,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from shapelens.interp.machine import Interpreter


def _constant(m: Interpreter, node: ast.Constant) -> Value:
    # People post code with parts left out; a program that really runs has `...` in indices only.
    return Unknown("it is left out here (`...`)") if node.value is Ellipsis else Const(node.value)


def _name(m: Interpreter, node: ast.Name) -> Value:
    return scopes.load(m, node.id)


def _attribute(m: Interpreter, node: ast.Attribute) -> Value:
    value = m.evaluate(node.value)
    try:
        return m.attribute(value, node.attr)
    except ShapeFailure as failure:
        return m.failed_at(node, failure.failure, ((node.value, "self", value),))


def _elements(m: Interpreter, nodes: list[ast.expr]) -> tuple[Value, ...] | None:
    """Values of the items of a display; `None` when a starred one is not known."""
    items: list[Value] = []
    complete = True
    for node in nodes:
        if isinstance(node, ast.Starred):
            inner = m.items(m.evaluate(node.value))
            if inner is None:
                complete = False
            else:
                items.extend(inner)
        else:
            items.append(m.evaluate(node))
    return tuple(items) if complete else None


def _tuple(m: Interpreter, node: ast.Tuple) -> Value:
    items = _elements(m, node.elts)
    return Unknown("an item is unpacked from something unknown") if items is None else TupleValue(items)


def _list(m: Interpreter, node: ast.List) -> Value:
    items = _elements(m, node.elts)
    return m.alloc(ListObject((), open=True) if items is None else ListObject(items))


def _set(m: Interpreter, node: ast.Set) -> Value:
    items = _elements(m, node.elts)
    if items is None:
        return m.alloc(ListObject((), open=True, type_name="set"))
    distinct = tuple(dict.fromkeys(items))
    return m.alloc(ListObject(distinct, type_name="set"))


def _dict(m: Interpreter, node: ast.Dict) -> Value:
    whole = DictObject()
    # Since the last `**`: taken over together, since each time costs as much as the whole dict is long.
    entries: dict[Value, Value] = {}
    for key_node, value_node in zip(node.keys, node.values, strict=True):
        other: DictObject | None = None
        if key_node is None:
            inner = m.evaluate(value_node)
            obj = m.read(inner) if isinstance(inner, Ref) else None
            other = obj if isinstance(obj, DictObject) else None
        else:
            key, value = m.evaluate(key_node), m.evaluate(value_node)
            if not isinstance(key, Unknown | Opaque | OneOf):
                entries[key] = value
                continue
        whole = merged(merged(whole, DictObject(tuple(entries.items()))), other)
        entries = {}
    return m.alloc(merged(whole, DictObject(tuple(entries.items()))))


def _bool_op(m: Interpreter, node: ast.BoolOp) -> Value:
    stop_on = isinstance(node.op, ast.Or)
    results: list[Value] = []
    for index, operand in enumerate(node.values):
        value = m.evaluate(operand)
        results.append(value)
        answer = m.truth(value)
        if answer is stop_on:
            break
        if index < len(node.values) - 1:
            # Only what does not decide by itself is left to the next operand.
            kept = tuple(v for v in alternatives(results.pop()) if m.truth(v) is not (not stop_on))
            if kept:
                results.append(one_of(kept))
    return results[-1] if len(results) == 1 else one_of(tuple(results))


def _unary_op(m: Interpreter, node: ast.UnaryOp) -> Value:
    value = m.evaluate(node.operand)
    if isinstance(node.op, ast.Not):
        answer = m.truth(value)
        return Opaque("bool") if answer is None else Const(not answer)
    return operators.unary(m, type(node.op), value)


def _bin_op(m: Interpreter, node: ast.BinOp) -> Value:
    left = m.evaluate(node.left)
    right = m.evaluate(node.right)
    return operators.binary(m, node, type(node.op), left, right, (node.left, node.right))


def _compare(m: Interpreter, node: ast.Compare) -> Value:
    left = m.evaluate(node.left)
    answers: list[Value] = []
    for op, right_node in zip(node.ops, node.comparators, strict=True):
        right = m.evaluate(right_node)
        answers.append(operators.compare(m, node, type(op), left, right))
        left = right
    if len(answers) == 1:
        return answers[0]
    truths = [m.truth(answer) for answer in answers]
    return Const(False) if False in truths else Opaque("bool") if None in truths else Const(True)


def _if_exp(m: Interpreter, node: ast.IfExp) -> Value:
    answer = m.truth(m.evaluate(node.test))
    if answer is not None:
        return m.evaluate(node.body if answer else node.orelse)

    def branch(taken: ast.expr, holds: bool) -> Value:
        narrow(m, node.test, holds)
        return m.evaluate(taken)

    return either(m, lambda: branch(node.body, True), lambda: branch(node.orelse, False))


def either(m: Interpreter, *branches: Callable[[], Value]) -> Value:
    """Evaluate each branch in a copy of the state and join states and values."""
    before = m.state
    values: list[Value] = []
    states: list[Store | None] = []
    for branch in branches:
        m.store = before.fork()
        try:
            values.append(branch())
            states.append(m.store)
        except ProgramRaised:
            if m.tries and m.store is not None:
                m.tries[-1].raised.append(m.store)
    m.store = join_stores(states)
    if m.store is None:
        m.store = before
        raise ProgramRaised
    result = values[0]
    for value in values[1:]:
        result = join_values(result, value)
    return result


def _joined_str(m: Interpreter, node: ast.JoinedStr) -> Value:
    parts: list[str] = []
    known = True
    for part in node.values:
        if isinstance(part, ast.Constant):
            parts.append(str(part.value))
            continue
        assert isinstance(part, ast.FormattedValue)
        text = _format(m.evaluate(part.value), part, m)
        if text is None:
            known = False
        else:
            parts.append(text)
    return Const("".join(parts)) if known and sum(map(len, parts)) < MAX_STRING else Opaque("str")


def _format(value: Value, part: ast.FormattedValue, m: Interpreter) -> str | None:
    spec: Value = Const("") if part.format_spec is None else m.evaluate(part.format_spec)
    if not isinstance(value, Const) or not isinstance(spec, Const) or value.value is Ellipsis:
        return None
    text_spec = str(spec.value)
    # A width is a size too: "%1000000000d" must not be computed.
    if any(run.isdigit() and int(run) > MAX_STRING for run in text_spec.replace(".", " ").split()):
        return None
    digits = "".join(c if c.isdigit() else " " for c in text_spec).split()
    if any(len(run) > 4 for run in digits):
        return None
    try:
        shown: Any = value.value
        if part.conversion == 114:
            shown = repr(shown)
        elif part.conversion == 115:
            shown = str(shown)
        return format(shown, text_spec)
    except (ValueError, TypeError):
        return None


def _subscript(m: Interpreter, node: ast.Subscript) -> Value:
    value = m.evaluate(node.value)
    index = subscripts.evaluate_index(m, node.slice)
    return subscripts.load(m, node, value, index)


def _slice(m: Interpreter, node: ast.Slice) -> Value:
    parts = [NONE if part is None else m.evaluate(part) for part in (node.lower, node.upper, node.step)]
    return SliceValue(parts[0], parts[1], parts[2])


def _lambda(m: Interpreter, node: ast.Lambda) -> Value:
    return scopes.make_function(m, node, "<lambda>")


def _starred(m: Interpreter, node: ast.Starred) -> Value:
    return m.evaluate(node.value)


def _named(m: Interpreter, node: ast.NamedExpr) -> Value:
    value = m.evaluate(node.value)
    scopes.assign(m, node.target, value)
    return value


def _await(m: Interpreter, node: ast.Await) -> Value:
    return m.evaluate(node.value)


def _yield(m: Interpreter, node: ast.Yield) -> Value:
    m.frame.yields.append(NONE if node.value is None else m.evaluate(node.value))
    return Unknown("what is sent into a generator is not followed")


def _yield_from(m: Interpreter, node: ast.YieldFrom) -> Value:
    from shapelens.interp.convert import any_item

    m.frame.yields.append(any_item(m, m.evaluate(node.value)))
    return NONE


EXPRESSIONS: dict[type[ast.expr], Callable[[Any, Any], Value]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Tuple: _tuple,
    ast.List: _list,
    ast.Set: _set,
    ast.Dict: _dict,
    ast.BoolOp: _bool_op,
    ast.UnaryOp: _unary_op,
    ast.BinOp: _bin_op,
    ast.Compare: _compare,
    ast.IfExp: _if_exp,
    ast.JoinedStr: _joined_str,
    ast.Subscript: _subscript,
    ast.Slice: _slice,
    ast.Lambda: _lambda,
    ast.Starred: _starred,
    ast.NamedExpr: _named,
    ast.Await: _await,
    ast.Yield: _yield,
    ast.YieldFrom: _yield_from,
    ast.Call: calls.evaluate_call,
    ast.ListComp: comprehensions.evaluate,
    ast.SetComp: comprehensions.evaluate,
    ast.GeneratorExp: comprehensions.evaluate,
    ast.DictComp: comprehensions.evaluate,
}
