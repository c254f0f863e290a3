"""Watches a program run: what each expression's shape is, and where what is raised.

The program's tree is rewritten so that every call and every bound value passes through a recorder; positions
stay as written, so tracebacks point into the fixture's own lines.
"""

from __future__ import annotations

import ast
import re
import sys
from types import TracebackType
from typing import Any

from .literate import Shape
from .targets import Places, Span

FILE_NAME = "<fixture>"
MOST_SHAPES = 16
# Programs use these for control flow; they say nothing of shapes.
QUIET = (ImportError, StopIteration, KeyboardInterrupt)


class Rewriter(ast.NodeTransformer):
    """Puts the recorder's calls into a tree."""

    def __init__(self, places: Places) -> None:
        self._places = places

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Every call's result is seen."""
        self.generic_visit(node)
        return self._seen(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        """Positions inside an f-string are wrong before Python 3.12."""
        return node

    def visit_Assign(self, node: ast.Assign) -> list[ast.stmt]:
        """The value, and each name that it is bound to."""
        self.generic_visit(node)
        if not isinstance(node.value, ast.Call):
            node.value = self._seen(node.value)
        return [node, *self._names(node, node.targets)]

    def visit_AugAssign(self, node: ast.AugAssign) -> list[ast.stmt]:
        """`x += y`: the name, afterwards."""
        self.generic_visit(node)
        return [node, *self._names(node, [node.target])]

    def visit_Return(self, node: ast.Return) -> ast.stmt:
        """The value that a function gives back."""
        self.generic_visit(node)
        if node.value is not None and not isinstance(node.value, ast.Call):
            node.value = self._seen(node.value)
        return node

    def visit_For(self, node: ast.For) -> ast.stmt:
        """The loop variables, in each round."""
        self.generic_visit(node)
        node.body[:0] = self._names(node, [node.target])
        return node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.ExceptHandler:
        """An error that the program itself catches is an error all the same."""
        self.generic_visit(node)
        node.body.insert(0, self._statement(node, "__caught__", []))
        return node

    def _seen(self, node: ast.expr) -> ast.expr:
        span = ast.Constant(self._places.span(node))
        call = ast.Call(ast.Name("__seen__", ast.Load()), [span, node], [])
        return ast.copy_location(call, node)

    def _names(self, node: ast.stmt, targets: list[ast.expr]) -> list[ast.stmt]:
        names = [n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)]
        stores = [n for n in names if any(_binds(target, n) for target in targets)]
        return [
            self._statement(node, "__bound__", [ast.Constant((node.lineno, name)), ast.Name(name, ast.Load())])
            for name in stores
        ]

    def _statement(self, node: ast.AST, function: str, arguments: list[ast.expr]) -> ast.stmt:
        call = ast.Expr(ast.Call(ast.Name(function, ast.Load()), arguments, []))
        return ast.copy_location(call, node)


def _binds(target: ast.expr, name: str) -> bool:
    return any(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store) for node in ast.walk(target)
    )


class Recorder:
    """Collects what the rewritten program reports."""

    def __init__(self) -> None:
        self.values: dict[Span, list[Shape]] = {}
        self.names: dict[tuple[int, str], list[Shape]] = {}
        self.errors: list[dict[str, Any]] = []
        self._layers: list[tuple[Span, Any]] = []
        self._outputs: dict[int, list[tuple[bool, Shape]]] = {}

    def seen(self, span: Span, value: Any) -> Any:
        """`__seen__`: note an expression's shape, or the layer that it is."""
        if _is_layer(value):
            self._layers.append((span, value))
        elif (shape := shape_of(value)) is not None:
            _note(self.values.setdefault(span, []), shape)
        return value

    def bound(self, place: tuple[int, str], value: Any) -> None:
        """`__bound__`: note a variable's shape."""
        if (shape := shape_of(value)) is not None:
            _note(self.names.setdefault(place, []), shape)

    def caught(self) -> None:
        """`__caught__`: note the exception that is being handled."""
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, QUIET):
            self.raised(error, caught=True)

    def called(self, layer: Any, output: Any) -> None:
        """Note what a layer gave."""
        shape = shape_of(output)
        if shape is not None:
            symbolic = "KerasTensor" in type(_first(output)).__name__
            self._outputs.setdefault(id(layer), []).append((symbolic, shape))

    def raised(self, error: BaseException, caught: bool) -> None:
        """Note an exception at the innermost of the program's own expressions."""
        span = innermost(error.__traceback__)
        entry = {
            "line": span[0] if span else 0,
            "end_line": span[2] if span else 0,
            "type": type(error).__name__,
            "message": re.sub(r"\x1b\[[0-9;]*m", "", str(error)),
            "caught": caught,
        }
        if entry not in self.errors:
            self.errors.append(entry)

    def finish(self) -> dict[str, Any]:
        """Everything seen, as plain data. A layer's shape is what it gave when it was built."""
        for span, layer in self._layers:
            outputs = self._outputs.get(id(layer), [])
            symbolic = [shape for is_symbolic, shape in outputs if is_symbolic]
            if not outputs and (built := _output_of(layer)) is not None:
                symbolic = [built]
            for shape in symbolic or [shape for _, shape in outputs]:
                _note(self.values.setdefault(span, []), shape)
        return {
            "values": [[list(span), shapes] for span, shapes in self.values.items()],
            "names": [[line, name, shapes] for (line, name), shapes in self.names.items()],
            "layers": [list(span) for span, _ in self._layers],
            "errors": self.errors,
        }


def innermost(traceback: TracebackType | None) -> Span | None:
    """The innermost of the program's expressions in a traceback."""
    found: Span | None = None
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code.co_filename == FILE_NAME:
            line = traceback.tb_lineno
            positions = list(code.co_positions())[traceback.tb_lasti // 2]
            start, end, column, end_column = positions
            found = (start or line, (column or 0) + 1, end or line, (end_column or 0) + 1)
        traceback = traceback.tb_next
    return found


def shape_of(value: Any) -> Shape | None:
    """The shape of a tensor-like value, or the shapes in a short list of them; None for all else."""
    if isinstance(value, list | tuple) and 0 < len(value) <= 8 and not hasattr(value, "_fields"):
        shapes = [shape_of(item) for item in value]
        return None if any(shape is None for shape in shapes) else list(shapes)
    # numpy's scalars have a shape too, but nobody calls them tensors.
    if isinstance(value, type) or not hasattr(value, "shape") or not hasattr(value, "dtype"):
        return None
    if type(value).__module__ == "numpy" and type(value).__name__ != "ndarray":
        return None
    try:
        return [None if dim is None else int(dim) for dim in value.shape]
    except (TypeError, ValueError):
        return None


def _note(shapes: list[Shape], shape: Shape) -> None:
    if shape not in shapes and len(shapes) < MOST_SHAPES:
        shapes.append(shape)


def _first(value: Any) -> Any:
    while isinstance(value, list | tuple):
        value = value[0]
    return value


def _is_layer(value: Any) -> bool:
    keras = sys.modules.get("keras")
    return keras is not None and isinstance(value, keras.layers.Layer)


def _output_of(model: Any) -> Shape | None:
    """The declared output of a model that nobody called."""
    try:
        return shape_of(model.outputs if len(model.outputs) > 1 else model.outputs[0])
    except (AttributeError, TypeError, ValueError, IndexError):
        return None
