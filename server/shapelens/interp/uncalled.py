"""Functions and classes that a program defines but never calls: followed with unknown arguments.

People write the model before they call it, and modules hold models that other files call.
"""

from __future__ import annotations

import ast
from collections.abc import Set
from typing import TYPE_CHECKING

from shapelens.interp import classes, scopes
from shapelens.interp.control import ProgramRaised
from shapelens.interp.functions import ANY_SURPLUS, INCOMPLETE
from shapelens.interp.subscripts import havoc
from shapelens.text.unit import Unit
from shapelens.values.facts import ProblemFact
from shapelens.values.objects import ClassObject, DictObject, InstanceObject, ListObject
from shapelens.values.value import NONE, BoundMethod, FunctionValue, Ref, Unknown, Value

if TYPE_CHECKING:
    from shapelens.interp.machine import Interpreter

NOT_CALLED = "the function is not called in this file"


def explore(m: Interpreter, unit: Unit, entered: Set[tuple[int | str, int]]) -> None:
    """Follow what ``unit`` defines and no call has entered."""
    for statement in unit.statements:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            value = scopes.variable(m, (m.frame.module, statement.name))
            if isinstance(value, FunctionValue):
                _follow(m, value, entered)
            elif isinstance(value, Ref) and isinstance(statement, ast.ClassDef):
                _explore_class(m, statement, value, entered)


def _explore_class(m: Interpreter, node: ast.ClassDef, ref: Ref, entered: Set[tuple[int | str, int]]) -> None:
    obj = m.read(ref)
    if not isinstance(obj, ClassObject) or obj.code.unit != m.root.uid:
        return
    methods = [v for _, v in obj.attributes if isinstance(v, FunctionValue) and v.owner == ref]
    left = [f for f in methods if _is_new(m, f, entered)]
    if not left:
        return
    # What an object lacks, its methods lack as well.
    with m.at(ast.copy_location(ast.Name(node.name, ast.Load()), node), ()), m.supposing(_may_lack(m, ref)):
        init = classes.find_in_class(m, ref, "__init__")
        instance = _made(m, ref, init)
        if instance is None:
            return
        for function in left:
            if _is_new(m, function, entered) and not function.name.startswith("__"):
                told = dict(m.problems)
                _guarded(m, BoundMethod(instance, function), _unknowns(function)[1:])
                if len(m.problems) > len(told):
                    _keep_what_holds_of_any(m, ref, function, told)


def _made(m: Interpreter, ref: Ref, init: Value | None) -> Ref | None:
    if isinstance(init, FunctionValue):
        made = _guarded(m, ref, _unknowns(init)[1:])
    else:
        # Nothing is known of what a library's class would be given.
        made = _guarded(m, ref, (), INCOMPLETE)
    return made if isinstance(made, Ref) and isinstance(m.read(made), InstanceObject) else None


def _keep_what_holds_of_any(
    m: Interpreter, ref: Ref, function: FunctionValue, told: dict[tuple[object, ...], ProblemFact]
) -> None:
    """Forget the problems of a method, beyond ``told``, that come of what its object happens to be.

    The method may be for those objects only that were made with other arguments than the defaults, or to whose
    lists other methods have added.
    """
    found, sites, entered = m.problems, m.sites, m.entered
    m.problems, m.sites, m.entered = {}, dict(sites), set(entered)
    kept: dict[tuple[object, ...], ProblemFact] = {}
    try:
        with m.forgetting():
            instance = _guarded(m, ref, (), INCOMPLETE)
            if isinstance(instance, Ref):
                _fill(m, instance)
                _guarded(m, BoundMethod(instance, function), _unknowns(function)[1:])
        kept = {key: problem for key, problem in found.items() if key in m.problems}
    finally:
        m.problems, m.sites, m.entered = told | kept, sites, entered


def _fill(m: Interpreter, instance: Ref) -> None:
    """Put something unknown into the lists and dicts of an object that were made empty."""
    obj = m.read(instance)
    for _, value in obj.attributes if isinstance(obj, InstanceObject) else ():
        held = m.read(value) if isinstance(value, Ref) else None
        if held in (ListObject(), DictObject()):
            havoc(m, value)


def _follow(m: Interpreter, function: FunctionValue, entered: Set[tuple[int | str, int]]) -> None:
    if function.code.unit == m.root.uid and _is_new(m, function, entered):
        with m.at(function.code.node, ()):
            _guarded(m, function, _unknowns(function))


def _is_new(m: Interpreter, function: FunctionValue, entered: Set[tuple[int | str, int]]) -> bool:
    key = (function.code.unit, function.code.start)
    return key not in entered and key not in m.entered


def _guarded(m: Interpreter, function: Value, args: tuple[Value, ...], further: str = ANY_SURPLUS) -> Value:
    before = m.state
    try:
        with m.supposing(_may_lack(m, function)):
            return m.call(function, args, {further: NONE})
    except ProgramRaised:
        return Unknown("this raises an error")
    finally:
        if m.store is None:
            m.store = before


def _may_lack(m: Interpreter, function: Value) -> bool:
    """Whether a parameter is ``None`` unless it is given: what then goes wrong need not happen in any call."""
    if isinstance(function, Ref):
        function = classes.find_in_class(m, function, "__init__") or function
    if isinstance(function, BoundMethod):
        function = function.function
    if not isinstance(function, FunctionValue):
        return False
    return NONE in function.defaults or NONE in dict(function.kw_defaults).values()


def _unknowns(function: FunctionValue) -> tuple[Value, ...]:
    """Unknown values for the parameters that have no default."""
    node = function.code.node
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    required = len(node.args.posonlyargs) + len(node.args.args) - len(function.defaults)
    return tuple(Unknown(NOT_CALLED) for _ in range(required))
