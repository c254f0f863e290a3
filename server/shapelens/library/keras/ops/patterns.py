"""``keras.ops.rearrange``: axes named in a pattern, as einops writes it (Keras 3.15)."""

from __future__ import annotations

import re

from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import as_dim, kind_of
from shapelens.library.arrays.failures import refusal
from shapelens.library.arrays.rules import source_of
from shapelens.library.keras.ops.rules import keras_rule
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.dims import ANY, Dim, floordiv, mul, product, same
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.value import Const, Value

_TERM = re.compile(r"\(([^()]*)\)|(\S+)")


@keras_rule("rearrange", params="tensor, pattern, **axes_lengths")
def rearrange(machine: Machine, args: Arguments) -> Value:
    """Axes in another order, joined and split as the pattern says."""
    source, pattern = source_of(machine, args, "tensor", "keras"), args.get("pattern")
    shape, kind = source.spec.shape, kind_of([source], "keras")
    terms = _terms(pattern.value) if isinstance(pattern, Const) and isinstance(pattern.value, str) else None
    if terms is None or shape.open:
        return tensor(machine, UNKNOWN_SHAPE, source.spec.dtype, kind)
    left, right = terms
    # A symbolic call does not look at axes that the pattern does not name.
    if len(left) > len(shape.dims) or (kind != "keras" and len(left) != len(shape.dims)):
        raise refusal(
            "rank-mismatch",
            f"the pattern names {len(left)} axes, but {{subject}} has the shape {shape}",
            None,
            found=shape,
        )
    sizes: dict[str, Dim] = {name: as_dim(value) for name, value in args.extra.items()}
    for names, size in zip(left, shape.dims, strict=False):
        _note(names, size, sizes, shape)
    if kind == "keras" and None in shape.dims:
        raise refusal(
            "undefined-dimension",
            f"a symbolic tensor must have known sizes to be rearranged, the batch too; {{subject}} is {shape}",
            "unsupported operand type(s) for *=: 'int' and 'NoneType'",
            found=shape,
        )
    dims = tuple(product(tuple(sizes.get(name, ANY) for name in names)) for names in right)
    return tensor(machine, Shape(dims), source.spec.dtype, kind)


def _terms(pattern: str) -> tuple[list[list[str]], list[list[str]]] | None:
    before, arrow, after = pattern.partition("->")
    if not arrow or "..." in pattern or any(part.isdigit() for part in re.findall(r"\w+", pattern)):
        return None
    first, second = (
        [joined.split() if single == "" else [single] for joined, single in _TERM.findall(side)]
        for side in (before, after)
    )
    return first, second


def _note(names: list[str], size: Dim, sizes: dict[str, Dim], shape: Shape) -> None:
    unknown = [name for name in names if name not in sizes]
    known = product(tuple(sizes[name] for name in names if name in sizes))
    if len(unknown) == 1:
        if len(names) == 1:
            sizes[unknown[0]] = size
            return
        if isinstance(size, int) and isinstance(known, int) and (known == 0 or size % known):
            raise _refusal(shape, size, known)
        sizes[unknown[0]] = floordiv(size, known)
    elif unknown:
        sizes.update(dict.fromkeys(unknown, ANY))
    elif same(mul(known, 1), size) is False:
        raise _refusal(shape, size, known)


def _refusal(shape: Shape, size: Dim, known: Dim) -> Exception:
    return refusal(
        "reshape-size", f"an axis of {size} entries of {{subject}}, {shape}, is no {known}", None, found=shape
    )
