"""Executing statements."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from shapelens.interp import classes, enums, imports, loops, operators, scopes, stated, trying, unpacking
from shapelens.interp.control import Frame
from shapelens.interp.matching import execute_match
from shapelens.interp.narrowing import narrow
from shapelens.interp.store import join_stores
from shapelens.interp.trying import guarded, leave_by_raising
from shapelens.shapes.question import Question
from shapelens.values.objects import ClassObject, ListObject
from shapelens.values.value import (
    NONE,
    Address,
    FunctionValue,
    Lib,
    LibObject,
    PartialValue,
    Ref,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from shapelens.interp.machine import Interpreter


def execute(m: Interpreter, body: Sequence[ast.stmt]) -> None:
    """Run statements in order until no path goes on."""
    for statement in body:
        if m.store is None:
            return
        m.step()
        handler = STATEMENTS.get(type(statement))
        if handler is None:
            continue
        frame = m.frame
        if not frame.unit.shape_comments:
            handler(m, statement)
            continue
        before = frame.stated
        frame.stated = stated.of_statement(frame, statement)
        try:
            handler(m, statement)
        finally:
            frame.stated = before


def _expr(m: Interpreter, node: ast.Expr) -> None:
    stated.told(m, node, m.evaluate(node.value))


def _assign(m: Interpreter, node: ast.Assign) -> None:
    value = m.evaluate(node.value)
    for target in node.targets:
        scopes.assign(m, target, unpacking.checked(m, node.value, value, target))


def _ann_assign(m: Interpreter, node: ast.AnnAssign) -> None:
    if node.value is not None:
        value = stated.annotated(m, node.annotation, m.evaluate(node.value), node.target)
        scopes.assign(m, node.target, value)


def _aug_assign(m: Interpreter, node: ast.AugAssign) -> None:
    target: ast.expr = node.target
    value = m.evaluate(_as_load(target))
    operand = m.evaluate(node.value)
    if isinstance(node.op, ast.Add) and isinstance(value, Ref):
        obj = m.read(value)
        if isinstance(obj, ListObject):
            items = m.items(operand)
            changed = (
                replace(obj, items=obj.items + items)
                if items is not None and not obj.open
                else ListObject((), open=True, rest=obj.rest)
            )
            m.write(value, changed)
            return
    # The expression as a whole is what fails: `x += y`.
    shown = ast.copy_location(ast.BinOp(_as_load(target), node.op, node.value), node)
    result = operators.binary(m, shown, type(node.op), value, operand, (target, node.value), in_place=True)
    scopes.assign(m, target, result)


def _as_load(target: ast.expr) -> ast.expr:
    """The target of ``target += x``, to be read."""
    if isinstance(target, ast.Name):
        return ast.copy_location(ast.Name(target.id, ast.Load()), target)
    if isinstance(target, ast.Attribute):
        return ast.copy_location(ast.Attribute(target.value, target.attr, ast.Load()), target)
    assert isinstance(target, ast.Subscript)
    return ast.copy_location(ast.Subscript(target.value, target.slice, ast.Load()), target)


def _delete(m: Interpreter, node: ast.Delete) -> None:
    for target in node.targets:
        scopes.delete(m, target)


def _return(m: Interpreter, node: ast.Return) -> None:
    value = NONE if node.value is None else stated.returned(m, node, m.evaluate(node.value))
    m.frame.returns.append((m.state, value))
    m.store = None


def _raise(m: Interpreter, node: ast.Raise) -> None:
    if node.exc is not None:
        m.evaluate(node.exc)
    leave_by_raising(m)


def _assert(m: Interpreter, node: ast.Assert) -> None:
    m.evaluate(node.test)
    narrow(m, node.test, True)


def _if(m: Interpreter, node: ast.If) -> None:
    answer = m.truth(m.evaluate(node.test))
    if answer is not None:
        m.execute(node.body if answer else node.orelse)
        return
    before = m.state
    m.store = before.fork()
    with m.supposing(_compares_sizes(node.test)):
        narrow(m, node.test, True)
        guarded(m, node.body)
        after_body = m.store
        m.store = before
        narrow(m, node.test, False)
        guarded(m, node.orelse)
    m.store = join_stores((after_body, m.store))


def _compares_sizes(test: ast.expr) -> bool:
    """Whether a condition that cannot be decided may be about the very sizes that its branches need.

    ``if x.shape[-1] == filters: x = add([x, shortcut])``: what does not fit in the branch is what the
    condition keeps out. Flags, strings and ``None`` say nothing of sizes.
    """
    for node in ast.walk(test):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if not any(
                isinstance(side, ast.Constant) and (side.value is None or isinstance(side.value, str)) for side in sides
            ):
                return True
    return False


# What they make of a function gives something else than the function.
WITH_GRADIENT = (Lib("tensorflow.custom_gradient"), Lib("keras.ops.custom_gradient"))
# What expects that its body raises, or does not mind: of unittest, pytest and contextlib.
_EXPECTING = ("assertRaises", "assertRaisesRegex", "raises", "suppress")


def _expects_error(item: ast.withitem) -> bool:
    call = item.context_expr
    function = call.func if isinstance(call, ast.Call) else None
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in _EXPECTING


def _with(m: Interpreter, node: ast.With | ast.AsyncWith) -> None:
    if any(map(_expects_error, node.items)):
        body = ast.With([item for item in node.items if not _expects_error(item)], node.body)
        inner = ast.copy_location(body, node) if body.items else None
        statements: list[ast.stmt] = [inner] if inner is not None else node.body
        handler = ast.ExceptHandler(None, None, [ast.copy_location(ast.Pass(), node)])
        with m.supposing(True):
            trying.execute_try(m, ast.copy_location(ast.Try(statements, [handler], [], []), node))
        return
    for item in node.items:
        context = m.evaluate(item.context_expr)
        entered = context
        if isinstance(context, Ref):
            result = m.call_method(context, "__enter__", ())
            entered = context if isinstance(result, Unknown) else result
        if item.optional_vars is not None:
            scopes.assign(m, item.optional_vars, entered)
    m.execute(node.body)


def _function(m: Interpreter, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    function: Value = scopes.make_function(m, node, node.name)
    decorators = [m.evaluate(decorator) for decorator in node.decorator_list]
    for decorator_node, decorator in reversed(list(zip(node.decorator_list, decorators, strict=True))):
        if isinstance(decorator_node, ast.Attribute) and decorator_node.attr in (
            "setter",
            "getter",
            "deleter",
        ):
            scopes.bind(m, f"{node.name}.{decorator_node.attr}", function)
            return
        function = _decorated(m, decorator_node, decorator, function)
    scopes.bind(m, node.name, function)


def _decorated(m: Interpreter, node: ast.expr, decorator: Value, function: Value) -> Value:
    """The user's decorators are followed; a library's are taken not to change shapes."""
    if isinstance(decorator, FunctionValue | PartialValue) or decorator in WITH_GRADIENT:
        with m.at(node, ()):
            result = m.call(decorator, (function,), {})
        return function if isinstance(result, Unknown) else result
    if isinstance(function, FunctionValue) and isinstance(decorator, Lib):
        return replace(function, decorators=(*function.decorators, decorator))
    return function


def _class(m: Interpreter, node: ast.ClassDef) -> None:
    bases = tuple(m.evaluate(base) for base in node.bases if not isinstance(base, ast.Starred))
    outer = m.frame
    cls = Ref(m.new_address())
    code = scopes.code_of(m, node)
    m.write(cls, ClassObject(node.name, code, bases))
    scope = m.new_address()
    outer.captured = True
    enclosing = outer.enclosing
    if isinstance(outer.scope, Address) and not outer.class_body:
        enclosing = (outer.scope, *enclosing)
    frame = Frame(
        outer.module,
        scope,
        outer.unit,
        enclosing,
        class_body=True,
        owner=cls,
        path=outer.path,
    )
    with m.in_frame(frame):
        m.execute(node.body)
        if m.store is None:
            return
        names = {
            cell[1]: content
            for cell, content in m.state.overlay.items()
            if not isinstance(cell, Address | Question) and cell[0] == scope and content is not None
        }
    for name in names:
        m.state.drop((scope, name))
    fields = tuple(s.target.id for s in node.body if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name))
    decorated = [m.evaluate(decorator) for decorator in node.decorator_list]
    inherited = _inherited_fields(m, bases)
    is_record = any(_is_dataclass(d) for d in decorated) or bool(inherited) or Lib("typing.NamedTuple") in bases
    obj = ClassObject(
        node.name,
        code,
        bases,
        tuple(names.items()),  # type: ignore[arg-type]
        tuple(dict.fromkeys(inherited + fields)) if is_record else (),
    )
    m.write(cls, obj)
    if enums.is_enum(m, cls):
        enums.make_members(m, cls)
    hook = classes.find_in_class(m, cls, "__init_subclass__", after=cls)
    if isinstance(hook, FunctionValue):
        m.call(hook, (cls,), {k.arg: m.evaluate(k.value) for k in node.keywords if k.arg is not None})
    scopes.bind(m, node.name, cls)


def _is_dataclass(decorator: Value) -> bool:
    name = decorator.name if isinstance(decorator, Lib) else ""
    if isinstance(decorator, LibObject):
        name = decorator.class_name
    return name in ("dataclasses.dataclass", "attr.s", "attrs.define", "attr.dataclass")


def _inherited_fields(m: Interpreter, bases: tuple[Value, ...]) -> tuple[str, ...]:
    fields: tuple[str, ...] = ()
    for base in bases:
        obj = m.read(base) if isinstance(base, Ref) else None
        if isinstance(obj, ClassObject):
            fields += obj.keyword_fields
    return fields


def _global(m: Interpreter, node: ast.Global) -> None:
    m.frame.global_names.update(node.names)


def _nonlocal(m: Interpreter, node: ast.Nonlocal) -> None:
    m.frame.nonlocal_names.update(node.names)


def _nothing(m: Interpreter, node: ast.stmt) -> None:
    """``pass``, and what has no effect on shapes."""


STATEMENTS: dict[type[ast.stmt], Callable[[Any, Any], None]] = {
    ast.Expr: _expr,
    ast.Assign: _assign,
    ast.AnnAssign: _ann_assign,
    ast.AugAssign: _aug_assign,
    ast.Delete: _delete,
    ast.Return: _return,
    ast.Raise: _raise,
    ast.Assert: _assert,
    ast.If: _if,
    ast.For: loops.execute_for,
    ast.AsyncFor: loops.execute_for,
    ast.While: loops.execute_while,
    ast.Break: loops.execute_break,
    ast.Continue: loops.execute_continue,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Try: trying.execute_try,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.Global: _global,
    ast.Nonlocal: _nonlocal,
    ast.Import: imports.execute_import,
    ast.ImportFrom: imports.execute_import_from,
    ast.Match: execute_match,
    ast.Pass: _nothing,
}
if hasattr(ast, "TryStar"):
    STATEMENTS[ast.TryStar] = trying.execute_try
