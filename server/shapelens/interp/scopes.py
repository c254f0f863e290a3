"""Names: loading and assigning variables, unpacking targets, making function values."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from shapelens.interp import attributes, stated, subscripts
from shapelens.interp.control import Frame
from shapelens.interp.filling import check_filled
from shapelens.interp.result import NO_VALUES, Cell, Deferred
from shapelens.library import registry
from shapelens.library.keras.layers.apply import spec_nest
from shapelens.names import usual
from shapelens.shapes.span import Span
from shapelens.text.heal import BROKEN
from shapelens.values.facts import Site
from shapelens.values.objects import ListObject
from shapelens.values.value import (
    Address,
    Code,
    Const,
    DatasetValue,
    FunctionValue,
    Lib,
    OneOf,
    Opaque,
    Ref,
    TensorValue,
    TupleValue,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from shapelens.interp.machine import Interpreter

# The variable under which a module keeps the library modules that it star-imported.
STAR_IMPORTS = "*"
# The variable of a module in which it is itself.
MODULE_CELL = "__module__"
# Longer sequences of tensors are not shown.
MAX_SHOWN = 8


def load(m: Interpreter, name: str) -> Value:
    """The value of the variable ``name`` as the present frame sees it."""
    frame = m.frame
    if not frame.is_module and name not in frame.global_names:
        for scope in ((frame.scope,) if name not in frame.nonlocal_names else ()) + frame.enclosing:
            value = variable(m, (scope, name))
            if value is not None:
                return value
    value = variable(m, (frame.module, name))
    if value is not None:
        return value
    if name == "__name__":
        return Const(frame.module)
    if name == "__file__":
        return Opaque("str")
    found = star_imported(m, frame.module, name)
    if found is not None:
        return found
    if hasattr(builtins, name):
        return Const(Ellipsis) if name == "Ellipsis" else Lib(f"builtins.{name}")
    if name == BROKEN:
        return Unknown("it comes from a statement that is not valid Python")
    if not name.strip("_"):
        return Unknown("it comes from a command of IPython or an earlier output")
    meant = supposed(name)
    return Unknown(f"`{name}` is not defined") if meant is None else Lib(meant)


def star_imported(m: Interpreter, module: str, name: str) -> Value | None:
    """What a module has of this name from a library that it imported with a star."""
    starred = variable(m, (module, STAR_IMPORTS))
    for library in reversed(starred.items) if isinstance(starred, TupleValue) else ():
        # Where paths joined, there may be something else.
        if isinstance(library, Lib) and (
            usual.exported(library.name, name) is not None or f"{library.name}.{name}" in registry.FUNCTIONS
        ):
            return attributes.library_attribute(library.name, name)
    return None


def supposed(name: str) -> str | None:
    """What a name that nothing defines is taken for, as a canonical name.

    People post and type code without its imports: the usual names mean the usual things.
    """
    return usual.meaning(name)


def variable(m: Interpreter, cell: Cell) -> Value | None:
    """The value in a variable's cell."""
    content = m.state.get(cell)
    if isinstance(content, Deferred):
        from shapelens.interp.imports import needed

        return needed(m, cell, content)
    assert not isinstance(content, NO_VALUES)
    return content


def cell_for(frame: Frame, m: Interpreter, name: str) -> Cell:
    """The cell that an assignment to ``name`` writes."""
    if frame.is_module or name in frame.global_names:
        return (frame.module, name)
    if name in frame.nonlocal_names:
        for scope in frame.enclosing:
            if m.state.get((scope, name)) is not None:
                return (scope, name)
    frame.names.add(name)
    return (frame.scope, name)


def bind(m: Interpreter, name: str, value: Value) -> None:
    """Assign a variable of the present frame."""
    m.state.set(cell_for(m.frame, m, name), value)


def assign(m: Interpreter, target: ast.expr, value: Value, later: frozenset[str] = frozenset()) -> None:
    """Assign ``value`` to a target: a name, an attribute, an item, or a pattern of them.

    What a name that is assigned once more ``later`` in the same pattern (``_, _``) got is not shown.
    """
    if m.frame.stated:
        value = stated.told(m, target, value)
    if isinstance(target, ast.Name):
        bind(m, target.id, value)
        if target.id not in later:
            note_variable(m, target, value)
    elif isinstance(target, ast.Attribute):
        owner = m.evaluate(target.value)
        if target.attr == "shape" and isinstance(owner, TensorValue) and isinstance(target.value, ast.Name):
            # `array.shape = 10, 10` changes the array itself.
            bind(m, target.value.id, m.call_method(owner, "reshape", (value,)))
            return
        attributes.set_attribute(m, owner, target.attr, value)
        if isinstance(target.value, ast.Name) and isinstance(value, TensorValue | DatasetValue):
            note_variable(m, target, value)
    elif isinstance(target, ast.Subscript):
        owner, index = m.evaluate(target.value), subscripts.evaluate_index(m, target.slice)
        if isinstance(owner, TensorValue):
            check_filled(m, target, owner, index, value)
        else:
            subscripts.store(m, owner, index, value)
    elif isinstance(target, ast.Starred):
        assign(m, target.value, value, later)
    elif isinstance(target, ast.Tuple | ast.List):
        for part, item in _unpacked(m, target.elts, value):
            assign(m, part, item, later | _names(target.elts[target.elts.index(part) + 1 :]))


def _names(targets: Sequence[ast.expr]) -> frozenset[str]:
    return frozenset(n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name))


def _unpacked(m: Interpreter, targets: list[ast.expr], value: Value) -> Iterator[tuple[ast.expr, Value]]:
    """The targets, each with what it gets."""
    items = m.items(value)
    starred = [index for index, target in enumerate(targets) if isinstance(target, ast.Starred)]
    if items is not None and len(starred) == 1 and len(items) >= len(targets) - 1:
        first = starred[0]
        after = len(targets) - first - 1
        middle = items[first : len(items) - after]
        parts: list[Value] = [*items[:first], m.alloc(ListObject(middle)), *items[len(items) - after :]]
        yield from zip(targets, parts, strict=True)
        return
    if items is not None and len(items) == len(targets) and not starred:
        yield from zip(targets, items, strict=True)
        return
    if isinstance(value, OneOf):
        # The alternatives that have as many items as there are targets are the possible ones.
        fitting = [i for i in map(m.items, value.values) if i is not None and len(i) == len(targets)]
        if fitting and not starred:
            from shapelens.interp.joins import join_values

            for index, target in enumerate(targets):
                joined = fitting[0][index]
                for other in fitting[1:]:
                    joined = join_values(joined, other[index])
                yield target, joined
            return
    from shapelens.interp.convert import row

    for target in targets:
        if isinstance(target, ast.Starred):
            yield target, m.alloc(ListObject((), open=True))
        elif isinstance(value, TensorValue):
            yield target, row(value, None)
        else:
            reason = value.reason if isinstance(value, Unknown) else "what is unpacked here is not known"
            yield target, Unknown(reason)


def note_variable(m: Interpreter, node: ast.expr, value: Value) -> None:
    """Note that a name got a tensor or dataset."""
    if not m.is_quiet and isinstance(value, TensorValue | DatasetValue | OneOf | TupleValue | Ref):
        note_variable_at(m, m.span(node), m.source(node), value)


def note_variable_at(m: Interpreter, span: Span, name: str, value: Value) -> None:
    """Note a site for the tensor, dataset or short sequence of tensors that a name stands for."""
    if isinstance(value, OneOf):
        tensors = [v for v in value.values if isinstance(v, TensorValue)]
        if len(tensors) != 1:
            return
        value = tensors[0]
    if isinstance(value, DatasetValue):
        m.note_site(Site(span, "dataset", name, output=spec_nest(m, value.element), value=value))
        return
    if isinstance(value, TensorValue):
        m.note_site(Site(span, "variable", name, output=value.spec, value=value))
        return
    items = m.items(value) if isinstance(value, TupleValue | Ref) else None
    if items and len(items) <= MAX_SHOWN and all(isinstance(item, TensorValue) for item in items):
        specs = tuple(item.spec for item in items if isinstance(item, TensorValue))
        m.note_site(Site(span, "variable", name, output=specs, value=value))


def delete(m: Interpreter, target: ast.expr) -> None:
    """``del target``."""
    if isinstance(target, ast.Name):
        m.state.set(cell_for(m.frame, m, target.id), None)
    elif isinstance(target, ast.Tuple | ast.List):
        for element in target.elts:
            delete(m, element)
    elif isinstance(target, ast.Subscript):
        subscripts.delete(m, m.evaluate(target.value), subscripts.evaluate_index(m, target.slice))
    elif isinstance(target, ast.Attribute):
        attributes.delete_attribute(m, m.evaluate(target.value), target.attr)


def make_function(
    m: Interpreter, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, name: str
) -> FunctionValue:
    """The function value of a definition; defaults are evaluated now, as Python does."""
    frame = m.frame
    frame.captured = True
    args = node.args
    kw_defaults = tuple(
        (arg.arg, m.evaluate(default))
        for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True)
        if default is not None
    )
    own: tuple[Address, ...] = ()
    if isinstance(frame.scope, Address) and not frame.class_body:
        own = (frame.scope,)
    return FunctionValue(
        code=code_of(m, node),
        name=name,
        module=frame.module,
        scopes=own + frame.enclosing,
        defaults=tuple(m.evaluate(default) for default in args.defaults),
        kw_defaults=kw_defaults,
        owner=frame.owner if frame.class_body else None,
    )


def code_of(m: Interpreter, node: ast.AST) -> Code:
    """The code of a function or class definition."""
    span: Span = m.span(node)
    unit = m.frame.unit
    # A comment behind its last line may state what it gives.
    end = unit.end_of_line(span.end) if unit.shape_comments else span.end
    return Code(span.unit, span.start, unit.text[span.start : end], node)
