"""The layers around a layer, as the program writes them: a list, ``model.add`` calls, or calls on tensors."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Literal, TypeAlias

from shapelens.problems.context import Edit, FixContext
from shapelens.shapes.span import Span

Style: TypeAlias = Literal["list", "add", "call"]

# A functional chain is followed back through this many assignments.
LONGEST_CHAIN = 50


@dataclass(frozen=True, slots=True)
class LayerNode:
    """A layer's constructor in the text. ``whole`` is the item, ``add`` call or layer call around it."""

    unit: int | str
    made: ast.Call
    whole: ast.AST
    style: Style
    statement: ast.stmt

    @property
    def class_name(self) -> str:
        """The last part of the constructor's name."""
        return last_name(self.made.func)


def last_name(node: ast.AST) -> str:
    """``Dense`` of ``layers.Dense``; empty for anything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def layer_at(context: FixContext, span: Span | None) -> LayerNode | None:
    """The layer whose constructor, ``add`` call or call on a tensor is at ``span``."""
    path = context.path(span)
    if span is None or not path or not isinstance(path[-1], ast.Call):
        return None
    statement = next((node for node in reversed(path) if isinstance(node, ast.stmt)), None)
    if statement is None:
        return None
    node, parent = path[-1], path[-2]
    if isinstance(node.func, ast.Call):
        return LayerNode(span.unit, node.func, node, "call", statement)
    if _is_add(node) and isinstance(node.args[0], ast.Call):
        return LayerNode(span.unit, node.args[0], node, "add", statement)
    if isinstance(parent, ast.List | ast.Tuple):
        return LayerNode(span.unit, node, node, "list", statement)
    if isinstance(parent, ast.Call) and _is_add(parent) and parent.args[0] is node:
        return LayerNode(span.unit, node, parent, "add", statement)
    if isinstance(parent, ast.Call) and parent.func is node:
        return LayerNode(span.unit, node, parent, "call", statement)
    return None


def layers_before(context: FixContext, layer: LayerNode) -> list[LayerNode]:
    """The layers before ``layer``, the nearest first, as far as the text shows them."""
    if layer.style == "list":
        return _before_in_list(context, layer)
    if layer.style == "add":
        return _before_in_adds(context, layer)
    return _before_in_calls(context, layer)


def insert_before(context: FixContext, layer: LayerNode, text: str) -> tuple[Edit, ...]:
    """Put the layer written as ``text`` before ``layer``."""
    if layer.style == "call":
        assert isinstance(layer.whole, ast.Call)
        if not layer.whole.args:
            return ()
        start, end = context.range_of(layer.unit, layer.whole.args[0])
        return (Edit(start, start, f"{text}("), Edit(end, end, ")"))
    if layer.style == "add":
        assert isinstance(layer.whole, ast.Call)
        assert isinstance(layer.whole.func, ast.Attribute)
        start, _ = context.range_of(layer.unit, layer.statement)
        receiver = context.source(layer.unit, layer.whole.func.value)
        after = _separator(context, start, "; ")
        return (Edit(start, start, f"{receiver}.add({text}){after}"),)
    start, _ = context.range_of(layer.unit, layer.made)
    between = _separator(context, start, " ")
    return (Edit(start, start, f"{text},{between}"),)


def remove(context: FixContext, layer: LayerNode) -> tuple[Edit, ...]:
    """Take ``layer`` out of its list or sequence of ``add`` calls."""
    if layer.style == "call":
        assert isinstance(layer.whole, ast.Call)
        if not layer.whole.args:
            return ()
        start, end = context.range_of(layer.unit, layer.whole)
        return (Edit(start, end, context.source(layer.unit, layer.whole.args[0])),)
    node = layer.statement if layer.style == "add" else layer.made
    start, end = context.range_of(layer.unit, node)
    text = context.text
    if layer.style == "list":
        while end < len(text) and text[end] in " \t":
            end += 1
        if text[end : end + 1] != ",":
            return ()
        end += 1
    line = text.rfind("\n", 0, start) + 1
    rest = end
    while rest < len(text) and text[rest] in " \t":
        rest += 1
    if not text[line:start].strip() and text[rest : rest + 1] in ("\n", ""):
        return (Edit(line, rest + 1 if rest < len(text) else rest, ""),)
    return (Edit(start, rest, ""),)


def set_keyword(context: FixContext, unit: int | str, call: ast.Call, name: str, value: str) -> Edit:
    """Give ``call`` the keyword ``name=value``, in place of the one that it has."""
    for keyword in call.keywords:
        if keyword.arg == name:
            start, end = context.range_of(unit, keyword.value)
            return Edit(start, end, value)
    _, end = context.range_of(unit, call)
    inside = end - 1
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    if not arguments:
        return Edit(inside, inside, f"{name}={value}")
    last = max(context.range_of(unit, argument)[1] for argument in arguments)
    return Edit(last, last, f", {name}={value}")


def argument(call: ast.Call, name: str, position: int | None = None) -> ast.expr | None:
    """The argument ``name`` of ``call``, given by keyword or at ``position``."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    if position is not None and position < len(call.args):
        return call.args[position]
    return None


def assigned(context: FixContext, name: str, before: int) -> tuple[int | str, ast.Assign] | None:
    """The last assignment to ``name`` that starts before the character ``before``."""
    found: tuple[int, int | str, ast.Assign] | None = None
    for uid, node in context.walk():
        if not isinstance(node, ast.Assign) or _target(node) != name:
            continue
        start = context.range_of(uid, node)[0]
        if start < before and (found is None or start > found[0]):
            found = (start, uid, node)
    return None if found is None else found[1:]


def _is_add(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr == "add" and len(call.args) == 1


def _separator(context: FixContext, start: int, inline: str) -> str:
    """A new line indented as the one of ``start``, or ``inline`` when something stands before it."""
    line = context.text.rfind("\n", 0, start) + 1
    indent = context.text[line:start]
    return inline if indent.strip() else f"\n{indent}"


def _before_in_list(context: FixContext, layer: LayerNode) -> list[LayerNode]:
    for node in ast.walk(layer.statement):
        if isinstance(node, ast.List | ast.Tuple) and layer.made in node.elts:
            before = node.elts[: node.elts.index(layer.made)]
            return [
                LayerNode(layer.unit, item, item, "list", layer.statement)
                for item in reversed(before)
                if isinstance(item, ast.Call)
            ]
    return []


def _before_in_adds(context: FixContext, layer: LayerNode) -> list[LayerNode]:
    assert isinstance(layer.whole, ast.Call)
    assert isinstance(layer.whole.func, ast.Attribute)
    receiver = ast.dump(layer.whole.func.value)
    found: list[LayerNode] = []
    for uid, node in context.walk():
        if node is layer.statement:
            break
        call = node.value if isinstance(node, ast.Expr) else None
        if isinstance(call, ast.Call) and _is_add(call) and isinstance(node, ast.stmt):
            assert isinstance(call.func, ast.Attribute)
            made = call.args[0]
            if ast.dump(call.func.value) == receiver and isinstance(made, ast.Call):
                found.append(LayerNode(uid, made, call, "add", node))
    return found[::-1]


def _before_in_calls(context: FixContext, layer: LayerNode) -> list[LayerNode]:
    """Follow ``x = Layer(...)(x)`` back; in ``Second(...)(First(...)(x))`` the inner call comes first."""
    found: list[LayerNode] = []
    call: ast.AST = layer.whole
    unit, statement = layer.unit, layer.statement
    while isinstance(call, ast.Call) and call.args and len(found) < LONGEST_CHAIN:
        given = call.args[0]
        if isinstance(given, ast.Name):
            earlier = assigned(context, given.id, context.range_of(unit, statement)[0])
            if earlier is None:
                break
            unit, statement = earlier
            given = earlier[1].value
        if not isinstance(given, ast.Call) or not isinstance(given.func, ast.Call):
            if isinstance(given, ast.Call):
                # `keras.Input(...)` ends the chain and may declare the shape.
                found.append(LayerNode(unit, given, given, "call", statement))
            break
        found.append(LayerNode(unit, given.func, given, "call", statement))
        call = given
    return found


def _target(node: ast.Assign) -> str:
    target = node.targets[0]
    return target.id if isinstance(target, ast.Name) and len(node.targets) == 1 else ""
