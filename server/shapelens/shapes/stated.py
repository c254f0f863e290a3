"""Shapes that a person states: in a comment, as a tuple; in an annotation, as jaxtyping writes them."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from shapelens.shapes import dims as dim
from shapelens.shapes.dims import ANY, Dim, symbol
from shapelens.shapes.shape import Shape

# What a size that has a name is, for instance `symbol`.
Sizes: TypeAlias = Callable[[str], Dim]

# Who says so.
BY_COMMENT = "the comment"
_WORD = re.compile(r"shape\s*:\s*")
_NAME = re.compile(r"([A-Za-z_][\w.]*)\s*[:=]?\s*")
# A question mark is no Python.
_QUESTION = re.compile(r"(?<![\w?])\?(?![\w?])")
_ARITHMETIC: dict[type[ast.operator], Callable[[Dim, Dim], Dim]] = {
    ast.Add: dim.add,
    ast.Sub: dim.sub,
    ast.Mult: dim.mul,
    ast.FloorDiv: dim.floordiv,
}


@dataclass(frozen=True, slots=True)
class Stated:
    """One shape of a comment, and the name of the variable that it is of, if it says so."""

    name: str | None
    shape: Shape


def comment_shapes(comment: str) -> tuple[Stated, ...]:
    """What a comment states: ``# shape: (n, 28)``, ``# shape: x (60, 4), y (60,)``.

    Empty where it is not about shapes, or has anything else in it: then it is prose.
    """
    word = _WORD.match(comment.lstrip("# \t"))
    if word is None:
        return ()
    text = comment.lstrip("# \t")[word.end() :].rstrip()
    found = []
    while text:
        name = _NAME.match(text)
        text = text[name.end() :] if name else text
        end = _closing(text)
        shape = None if end is None else tuple_shape(text[:end], symbol)
        if shape is None or end is None:
            return ()
        found.append(Stated(name[1] if name else None, shape))
        rest = text[end:].lstrip()
        text = rest.removeprefix(",").lstrip()
        if rest and (not rest.startswith(",") or not text):
            return ()
    return tuple(found)


def _closing(text: str) -> int | None:
    """Where the bracket that ``text`` begins with is closed: the index behind it."""
    depth = 0
    for index, character in enumerate(text):
        depth += (character in "([") - (character in ")]")
        if depth == 0:
            return index + 1 if index else None
    return None


def tuple_shape(text: str, sizes: Sizes) -> Shape | None:
    """The shape that a tuple or list of Python stands for: ``(n, 28, None)``, ``[..., 2 * c]``."""
    tree = _parsed(_QUESTION.sub("_", text))
    if tree is None:
        return None
    # `(28)` is meant as a shape, though it is no tuple.
    items = tree.elts if isinstance(tree, ast.Tuple | ast.List) else [tree]
    return _shape_of([_ANY_NUMBER if _is_ellipsis(item) else _size(item, sizes) for item in items])


def _parsed(text: str) -> ast.expr | None:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None


def jaxtyping_shape(text: str, sizes: Sizes) -> Shape | None:
    """The shape that a string of jaxtyping stands for: ``"batch 28 28 c"``, ``"*batch n+1"``, ``"..."``.

    A size of 1 may stand where the name has a ``#``, so nothing is known of it.
    """
    found: list[Dim | _AnyNumber | None] = []
    for token in text.split():
        if token == "..." or token.startswith(("*", "#*", "*#")):
            found.append(_ANY_NUMBER)
            continue
        token = token.rpartition("=")[2]
        if token.startswith(("#", "_", "?")) or "{" in token:
            found.append(ANY)
            continue
        tree = _parsed(token)
        found.append(None if tree is None else _size(tree, sizes))
    return _shape_of(found)


@dataclass(frozen=True, slots=True)
class _AnyNumber:
    """Any number of axes."""


_ANY_NUMBER = _AnyNumber()


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is Ellipsis


def _shape_of(sizes: list[Dim | _AnyNumber | None]) -> Shape | None:
    known: list[Dim] = []
    is_open = False
    for size in sizes:
        if isinstance(size, _AnyNumber):
            # Axes before it cannot be counted from the end.
            is_open = True
            known.clear()
        elif size is None:
            return None
        else:
            known.append(size)
    return Shape(tuple(known), is_open)


def _size(node: ast.expr, sizes: Sizes) -> Dim:
    """A size, `ANY` where nothing is said of it; `None` where it is not understood."""
    if isinstance(node, ast.Constant):
        match node.value:
            case None:
                return ANY
            case int(number) if not isinstance(number, bool) and number < 1 << 63:
                return number
        return None
    if isinstance(node, ast.Name):
        return ANY if not node.id.strip("_") else sizes(node.id)
    if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
        left, right = _size(node.left, sizes), _size(node.right, sizes)
        return None if left is None or right is None else _ARITHMETIC[type(node.op)](left, right)
    # What `reshape` takes for "any".
    return ANY if ast.unparse(node) == "-1" else None


def leaves_out_batch(said: Shape, known: Shape) -> bool:
    """Whether what is said of a symbolic tensor can be meant of one sample: its batch axis has no number."""
    if said.open or not said.dims or not isinstance(said.dims[0], int):
        return False
    return known.open or len(known.dims) == len(said.dims) + 1


def met(inferred: Shape, stated: Shape) -> Shape | None:
    """What is known of a shape when both hold; `None` where they contradict each other.

    A size that Keras does not know while it builds a model stays what it is. Of a name nothing is known
    but itself, so it contradicts no number.
    """
    if inferred.open and stated.open:
        longer = max(inferred.dims, stated.dims, key=len)
        both = tuple(aligned(inferred, stated))
        last = _met_sizes(tuple(known for known, _ in both), tuple(said for _, said in both))
        return None if last is None else Shape(longer[: len(longer) - len(both)] + last, open=True)
    if inferred.open:
        return _met_end(stated.dims, inferred.dims, lambda whole, end: _met_sizes(end, whole))
    if stated.open:
        return _met_end(inferred.dims, stated.dims, _met_sizes)
    sizes = _met_sizes(inferred.dims, stated.dims)
    return None if sizes is None else Shape(sizes)


def _met_end(
    whole: tuple[Dim, ...],
    end: tuple[Dim, ...],
    combine: Callable[[tuple[Dim, ...], tuple[Dim, ...]], tuple[Dim, ...] | None],
) -> Shape | None:
    if len(end) > len(whole):
        return None
    cut = len(whole) - len(end)
    sizes = combine(whole[cut:], end)
    return None if sizes is None else Shape(whole[:cut] + sizes)


def _met_sizes(inferred: tuple[Dim, ...], stated: tuple[Dim, ...]) -> tuple[Dim, ...] | None:
    if len(inferred) != len(stated):
        return None
    found = []
    for known, said in zip(inferred, stated, strict=True):
        if isinstance(known, int) and isinstance(said, int) and known != said:
            return None
        # A named size is related to others by its name; a number says more.
        less = known == ANY or (not isinstance(known, int | None) and isinstance(said, int))
        found.append(said if less else known)
    return tuple(found)


def aligned(stated: Shape, found: Shape) -> Iterator[tuple[Dim, Dim]]:
    """The sizes of two shapes of one array, side by side from the last axis."""
    count = min(len(stated.dims), len(found.dims))
    return zip(stated.dims[len(stated.dims) - count :], found.dims[len(found.dims) - count :], strict=True)
