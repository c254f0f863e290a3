"""Calls of the user's functions: binding arguments, running the body, joining what it returns."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from shapelens.interp import naming, scopes, stated
from shapelens.interp.control import (
    MAX_CALL_DEPTH,
    MAX_SAME_FUNCTION_DEPTH,
    Frame,
    ProgramRaised,
)
from shapelens.interp.joins import join_values
from shapelens.interp.store import join_stores
from shapelens.names import modules
from shapelens.shapes.span import Span
from shapelens.values.objects import DictObject, ModuleObject
from shapelens.values.value import (
    NONE,
    Const,
    DatasetValue,
    FunctionValue,
    Ref,
    TensorValue,
    TupleValue,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from shapelens.interp.machine import Interpreter

INCOMPLETE = "\0incomplete"
# Key of the arguments that says nothing is known of the surplus ones, positional and named.
ANY_SURPLUS = "\0surplus"

NOT_ALL_KNOWN = "the arguments of this call are not all known"


def call_function(m: Interpreter, function: FunctionValue, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    """What the function returns; its body is followed with these very arguments."""
    code = function.code
    running = [frame.function.code for frame in m.frames if frame.function is not None]
    depth, same = len(running), running.count(code)
    if depth >= MAX_CALL_DEPTH or same >= MAX_SAME_FUNCTION_DEPTH:
        naming.lose(m)
        return Unknown("the recursion is too deep to follow")
    unit = m.units.get(code.unit) or modules.unit_of(code.unit)
    if unit is None:
        naming.lose(m)
        return Unknown("the function's text is not at hand")
    node = code.node
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    bound = _bind(m, function, node.args, args, kwargs)
    if bound is None:
        return Unknown("the arguments do not fit the function")
    frame = Frame(
        function.module,
        m.new_address(),
        unit,
        function.scopes,
        function=function,
        self_value=args[0] if args and node.args.args else None,
        owner=function.owner,
        path=path_of(m, function.module),
    )
    m.entered.add((code.unit, code.start))
    m.trail.append(m.site)
    try:
        with m.in_frame(frame):
            bound = stated.parameters(m, node, bound)
            for name, value in bound.items():
                scopes.bind(m, name, value)
            _note_parameters(m, node, bound)
            if isinstance(node, ast.Lambda):
                return m.evaluate(node.body)
            m.execute(node.body)
            return _result(m, frame)
    finally:
        m.trail.pop()
        if not frame.captured and m.store is not None:
            forget_variables(m, frame)


def path_of(m: Interpreter, module: str) -> str | None:
    """The file of a module, to which the imports in its functions are relative."""
    if module == m.frame.module:
        return m.frame.path
    if module == m.frames[0].module:
        return m.frames[0].path
    ref = scopes.variable(m, (module, scopes.MODULE_CELL))
    obj = m.read(ref) if isinstance(ref, Ref) else None
    return obj.path if isinstance(obj, ModuleObject) else None


def _result(m: Interpreter, frame: Frame) -> Value:
    """Join the ways in which the body ended."""
    ends = list(frame.returns)
    if m.store is not None:
        ends.append((m.store, NONE))
    if frame.yields:
        m.store = join_stores(store for store, _ in ends)
        if m.store is None:
            raise ProgramRaised
        element = frame.yields[0]
        for value in frame.yields[1:]:
            element = join_values(element, value)
        return DatasetValue(element, None, 0, "generator", m.site)
    if not ends:
        # Every path raises.
        raise ProgramRaised
    m.store = join_stores(store for store, _ in ends)
    value = ends[0][1]
    for _, other in ends[1:]:
        value = join_values(value, other)
    return value


def forget_variables(m: Interpreter, frame: Frame) -> None:
    """Drop the variables of a call that nothing captured."""
    for name in frame.names:
        m.state.drop((frame.scope, name))


def _note_parameters(
    m: Interpreter, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, bound: dict[str, Value]
) -> None:
    for arg in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]:
        value = bound.get(arg.arg)
        if isinstance(value, TensorValue | DatasetValue):
            start, _ = m.frame.unit.range_of(arg)
            span = Span(m.frame.unit.uid, start, start + len(arg.arg))
            scopes.note_variable_at(m, span, arg.arg, value)


def _bind(
    m: Interpreter,
    function: FunctionValue,
    parameters: ast.arguments,
    args: tuple[Value, ...],
    kwargs: dict[str, Value],
) -> dict[str, Value] | None:
    """Parameters to values, or `None` when the call raises a ``TypeError``."""
    incomplete = INCOMPLETE in kwargs
    given = {name: value for name, value in kwargs.items() if name not in (INCOMPLETE, ANY_SURPLUS)}
    positional = [*parameters.posonlyargs, *parameters.args]
    bound: dict[str, Value] = {}
    for parameter, value in zip(positional, args, strict=False):
        bound[parameter.arg] = value
    if len(args) > len(positional) and parameters.vararg is None:
        return None
    if parameters.vararg is not None:
        certain = not incomplete and ANY_SURPLUS not in kwargs
        bound[parameters.vararg.arg] = TupleValue(args[len(positional) :]) if certain else Unknown(NOT_ALL_KNOWN)
    names = {p.arg for p in [*parameters.args, *parameters.kwonlyargs]}
    surplus: dict[Value, Value] = {}
    for name, value in given.items():
        if name in names and name not in bound:
            bound[name] = value
        elif parameters.kwarg is not None:
            surplus[Const(name)] = value
        else:
            return None
    if parameters.kwarg is not None:
        open_ended = incomplete or ANY_SURPLUS in kwargs
        bound[parameters.kwarg.arg] = m.alloc(DictObject(tuple(surplus.items()), open_ended))
    defaults: dict[str, Value] = dict(function.kw_defaults)
    with_default = positional[len(positional) - len(function.defaults) :]
    defaults.update((p.arg, value) for p, value in zip(with_default, function.defaults, strict=True))
    for parameter in [*positional, *parameters.kwonlyargs]:
        if parameter.arg in bound:
            continue
        if incomplete:
            bound[parameter.arg] = Unknown(NOT_ALL_KNOWN)
        elif parameter.arg in defaults:
            bound[parameter.arg] = defaults[parameter.arg]
        else:
            return None
    return bound
