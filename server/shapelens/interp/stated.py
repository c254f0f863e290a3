"""Shapes that the program states: trailing comments (``# shape: (n, 28)``) and annotations.

They are taken as given where nothing is known, and held against what is known.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from shapelens.interp.control import Frame, Given
from shapelens.interp.joins import join_values
from shapelens.shapes.dims import ANY, Dim, SymDim, local, symbol
from shapelens.shapes.shape import Shape, TensorSpec
from shapelens.shapes.stated import (
    BY_COMMENT,
    Stated,
    aligned,
    comment_shapes,
    jaxtyping_shape,
    leaves_out_batch,
    met,
    tuple_shape,
)
from shapelens.text.comments import Comment
from shapelens.values.failure import Failure
from shapelens.values.value import (
    Const,
    DatasetValue,
    Lib,
    LibObject,
    OneOf,
    Ref,
    SizeValue,
    TensorKind,
    TensorValue,
    TupleValue,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from shapelens.interp.machine import Interpreter

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
# What an array is when only a comment speaks of it: most come from files.
UNSAID: TensorKind = "numpy"
# The array types of annotations, by the first part of their canonical names.
_KINDS: Mapping[str, TensorKind] = {"numpy": "numpy", "jax": "numpy", "tensorflow": "tensor", "keras": "tensor"}
# Between the end of a statement, or of the head of a compound one, and its comment.
_NOTHING = re.compile(r"[\s:;]*")
# Statements whose comment stands behind their head.
_WITH_HEAD = (ast.For, ast.AsyncFor, ast.With, ast.AsyncWith)
_NOTHING_STATED: Mapping[ast.AST, Given] = {}


# Comments


def told(m: Interpreter, node: ast.AST, value: Value) -> Value:
    """``value`` as the comment of the present statement has it, which binds it to (or returns it at) ``node``."""
    given = m.frame.stated.get(node)
    return value if given is None else given_shape(m, value, given, node)


def of_statement(frame: Frame, statement: ast.stmt) -> Mapping[ast.AST, Given]:
    """What the comment of a statement states of the variables that it binds."""
    if statement.end_lineno not in frame.unit.shape_comments and not isinstance(statement, _WITH_HEAD):
        return _NOTHING_STATED
    head, targets = _head(statement)
    line = getattr(head, "end_lineno", None)
    comment = frame.unit.shape_comments.get(line) if line is not None else None
    if comment is None or not _follows(frame, comment, head):
        return _NOTHING_STATED
    return _assigned(comment, targets)


def _head(statement: ast.stmt) -> tuple[ast.AST, Sequence[ast.expr | ast.stmt]]:
    """What a comment must follow to speak of a statement, and what it can speak of."""
    match statement:
        case ast.Assign(targets=targets):
            return statement, targets
        case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
            return statement, [target]
        case ast.Return() | ast.Expr():
            return statement, [statement]
        case ast.For(target=target, iter=head) | ast.AsyncFor(target=target, iter=head):
            return head, [target]
        case ast.With(items=items) | ast.AsyncWith(items=items):
            bound = [item.optional_vars for item in items if item.optional_vars is not None]
            last = items[-1]
            return last.optional_vars or last.context_expr, bound
    return statement, []


def _follows(frame: Frame, comment: Comment, head: ast.AST) -> bool:
    unit = frame.unit
    line = unit.text.splitlines(keepends=True)[comment.line - 1]
    start = unit.offset(comment.line, len(line[: comment.column].encode("utf-8", "surrogatepass")))
    return _NOTHING.fullmatch(unit.text[unit.range_of(head)[1] : start].lstrip(")")) is not None


def _assigned(comment: Comment, targets: Sequence[ast.expr | ast.stmt]) -> dict[ast.AST, Given]:
    """Which of ``targets`` each stated shape is of: by name, or, without names, by position."""
    stated = comment_shapes(comment.text)
    leaves = [leaf for target in targets for leaf in _leaves(target)]
    place = _place(comment)
    if stated and all(one.name is None for one in stated):
        if len(stated) == len(leaves):
            return {leaf: _given(one, place) for leaf, one in zip(leaves, stated, strict=True)}
        return {}
    named = {one.name: one for one in stated}
    return {leaf: _given(named[name], place) for leaf in leaves if (name := ast.unparse(leaf)) in named}


def _leaves(target: ast.expr | ast.stmt) -> Iterator[ast.expr | ast.stmt]:
    if isinstance(target, ast.Tuple | ast.List):
        for item in target.elts:
            yield from _leaves(item)
    else:
        yield target


def _given(stated: Stated, place: ast.AST) -> Given:
    return Given(TensorSpec(stated.shape), UNSAID, place, BY_COMMENT)


def _place(comment: Comment) -> ast.AST:
    """A node where the comment is. Where bytes are no characters, a little off is near enough."""
    end = comment.column + len(comment.text)
    return ast.Constant(
        None, lineno=comment.line, col_offset=comment.column, end_lineno=comment.line, end_col_offset=end
    )


# Annotations


def parameters(m: Interpreter, node: Function, bound: dict[str, Value]) -> dict[str, Value]:
    """The arguments of a call as the function's comments and annotations have them, in the function's frame."""
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    commented = _parameter_comments(m.frame, node, arguments)
    # Twice: what a later argument says of a name holds for the earlier ones, too.
    for argument in arguments:
        value = bound.get(argument.arg)
        if isinstance(value, TensorValue) and argument.annotation is not None:
            _annotated(m, argument.annotation, value)
    found = dict(bound)
    for argument in arguments:
        value = bound.get(argument.arg)
        given = commented.get(argument)
        if value is not None and argument.annotation is not None:
            given = given or _annotated(m, argument.annotation, value)
        if value is not None and given is not None:
            found[argument.arg] = given_shape(m, value, given, _name_of(argument))
    return found


def _name_of(argument: ast.arg) -> ast.Name:
    """A parameter without its annotation."""
    name = ast.copy_location(ast.Name(argument.arg), argument)
    name.end_lineno = argument.lineno
    name.end_col_offset = argument.col_offset + len(argument.arg.encode())
    return name


def _parameter_comments(frame: Frame, node: Function, arguments: Sequence[ast.arg]) -> dict[ast.arg, Given]:
    """What the comments in the head of a function say of its parameters: by name, or of the only one on a line."""
    comments = frame.unit.shape_comments
    if not comments or isinstance(node, ast.Lambda):
        return {}
    found = {}
    for line in range(node.lineno, node.body[0].lineno):
        for stated in comment_shapes(comments[line].text) if line in comments else ():
            here = [a for a in arguments if (a.end_lineno == line if stated.name is None else a.arg == stated.name)]
            if len(here) == 1:
                found[here[0]] = _given(stated, _place(comments[line]))
    return found


def annotated(m: Interpreter, annotation: ast.expr | None, value: Value, node: ast.AST) -> Value:
    """``value``, bound or returned at ``node``, as an annotation has it."""
    given = None if annotation is None else _annotated(m, annotation, value)
    return value if given is None else given_shape(m, value, given, node)


def returned(m: Interpreter, node: ast.Return, value: Value) -> Value:
    """What a ``return`` gives, as its comment and the function's annotation have it."""
    value = told(m, node, value)
    function = m.frame.function.code.node if m.frame.function is not None else None
    if isinstance(function, ast.FunctionDef) and function.returns is not None:
        value = annotated(m, function.returns, value, node)
    return value


def _annotated(m: Interpreter, annotation: ast.expr, value: Value) -> Given | None:
    """What an annotation says of an array; the sizes that it names are learnt from ``value``."""
    meaning = _meaning(m, annotation)
    if meaning is None:
        return None
    of, dtype, shape = meaning
    kind = _KINDS.get(of.name.partition(".")[0] if isinstance(of, Lib) else "")
    if isinstance(of, Lib) and of.name.startswith("jaxtyping."):
        kind = "numpy"
    if kind is None:
        return None
    if isinstance(value, TensorValue):
        sizes = m.frame.sizes
        for name, size in tuple(sizes.items()):
            for said, known in aligned(shape, value.spec.shape):
                if said == size and known != ANY and isinstance(known, int | SymDim) and not isinstance(size, int):
                    sizes[name] = known
    return Given(TensorSpec(shape, dtype), kind, annotation, "the annotation")


def _meaning(m: Interpreter, annotation: ast.expr) -> tuple[Value, str | None, Shape] | None:
    """The array type, dtype and shape of ``Float32[np.ndarray, "n 28"]`` or ``Annotated[np.ndarray, (None, 28)]``."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            annotation = ast.copy_location(ast.parse(annotation.value.strip(), mode="eval").body, annotation)
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            return None
    if not isinstance(annotation, ast.Subscript | ast.Name | ast.Attribute):
        return None
    with m.quiet():
        value = m.evaluate(annotation)
    if not isinstance(value, LibObject):
        return None
    of, said = value.get("of"), value.get("metadata")
    if of is None or not isinstance(said, TupleValue):
        return None
    module, _, name = value.class_name.rpartition(".")
    for item in said.items:
        shape = _stated_by(m, item, strings=module == "jaxtyping")
        if shape is not None:
            exact = name.lower() == "bool" or any(character.isdigit() for character in name)
            return of, name.lower() if module == "jaxtyping" and exact else None, shape
    return None


def _stated_by(m: Interpreter, value: Value, *, strings: bool) -> Shape | None:
    """The shape that the metadata of an annotation are. Of other strings than jaxtyping's, only what is a tuple."""

    def size(name: str) -> Dim:
        if m.frame.is_module:
            return symbol(name)
        return m.frame.sizes.setdefault(name, local(name, m.frame.scope))

    if isinstance(value, Const) and isinstance(value.value, str):
        text = value.value.strip()
        if strings:
            return jaxtyping_shape(text, size)
        text = text.removeprefix("shape:").strip()
        return tuple_shape(text, size) if text.startswith(("(", "[")) else None
    if not isinstance(value, TupleValue):
        return None
    dims: list[Dim] = []
    is_open = False
    for item in value.items:
        match item:
            case Const(value=None):
                dims.append(ANY)
            case Const(value=str(name)) if name.isidentifier():
                dims.append(size(name))
            case Const(value=int(number)) if not isinstance(number, bool):
                dims.append(number if number >= 0 else ANY)
            case Const(value=other) if other is Ellipsis:
                is_open = True
                dims.clear()
            case SizeValue(dim):
                dims.append(dim)
            case _:
                return None
    return Shape(tuple(dims), is_open)


# What becomes of the value


def given_shape(m: Interpreter, value: Value, given: Given, target: ast.AST) -> Value:
    """``value`` with what is stated of it; where it is known to be otherwise, that is noted and it stays."""
    # What a module that is not known has is a `Lib`, too.
    if isinstance(value, Unknown | Lib):
        return TensorValue(given.spec, given.kind, origin=m.span(given.node), answered_by=given.said_by)
    if isinstance(value, OneOf):
        return _fitting(m, value, given, target)
    if isinstance(value, DatasetValue) and isinstance(value.element, Unknown):
        return replace(value, element=given_shape(m, value.element, given, target))
    spec = value.spec if isinstance(value, TensorValue) else m.spec(value) if isinstance(value, Ref) else None
    if spec is None:
        return value
    said = given.spec.shape
    if isinstance(value, TensorValue) and value.kind == "keras" and leaves_out_batch(said, spec.shape):
        said = Shape((ANY, *said.dims), spec.shape.open)
    shape = met(spec.shape, said)
    if shape is None:
        _contradict(m, value, spec.shape, given, target)
        return value
    if not isinstance(value, TensorValue) or shape == spec.shape:
        return value
    return replace(value, spec=TensorSpec(shape, spec.dtype or given.spec.dtype))


def _fitting(m: Interpreter, value: OneOf, given: Given, target: ast.AST) -> Value:
    """Of what a value may be, only that which is as stated."""
    possible = [v for v in value.values if not isinstance(v, TensorValue) or met(v.spec.shape, given.spec.shape)]
    found = [given_shape(m, v, given, target) for v in possible or value.values]
    joined = found[0]
    for other in found[1:]:
        joined = join_values(joined, other)
    return joined


def _contradict(m: Interpreter, value: Value, found: Shape, given: Given, target: ast.AST) -> None:
    failure = Failure(
        "stated-shape-mismatch",
        f"{given.said_by} says {given.spec.shape}, but {{subject}} has shape {found}",
        subject=0,
        expected=given.spec.shape,
        found=found,
    )
    with m.at(given.node, ((target, "0", value),)):
        m.warn(failure)
