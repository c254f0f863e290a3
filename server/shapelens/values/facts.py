"""What interpreting a statement found out, as plain data: sites with shapes, and problems."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from shapelens.shapes.shape import SpecNest
from shapelens.shapes.span import Span
from shapelens.values.failure import Failure
from shapelens.values.value import Value

SiteKind: TypeAlias = Literal["layer", "tensor", "variable", "dataset"]


@dataclass(frozen=True, slots=True)
class Site:
    """A place of the program that has a shape.

    * ``layer``: a call of a layer or model (the call expression), or the constructor of a layer
      that only a container calls. ``layer`` is the class's name, ``made`` the constructor's place.
    * ``tensor``: an expression that makes a tensor and is not bound to a name.
    * ``variable``: the name at an assignment (or loop target, parameter) of a tensor.
    * ``dataset``: the name at an assignment of a dataset; the output is one element.

    ``steps`` explain the arithmetic, ``reason`` says why a shape is not known, ``answered_by`` which
    installed library told it where no rule does. ``supposed``: the program does not get here, because
    something before it raises.
    """

    span: Span
    kind: SiteKind
    name: str | None = None
    layer: str | None = None
    input: SpecNest | None = None
    output: SpecNest | None = None
    params: int | None = None
    steps: tuple[str, ...] = ()
    made: Span | None = None
    value: Value | None = None
    reason: str = ""
    supposed: bool = False
    answered_by: str | None = None


@dataclass(frozen=True, slots=True)
class Operand:
    """An argument of the failing call: its source text and place, its value, and where that was made."""

    text: str
    span: Span
    value: Value
    role: str = ""  # parameter name, or "0", "1" ... for positional arguments; "function" for the callee
    made: Span | None = None


@dataclass(frozen=True, slots=True)
class ProblemFact:
    """A failure at a place. ``trail``: the calls that led there, outermost first, when inside a function."""

    span: Span
    failure: Failure
    operands: tuple[Operand, ...] = ()
    trail: tuple[Span, ...] = ()
