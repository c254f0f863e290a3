"""Control flow of the interpreted program, and the limits of the interpretation."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from shapelens.interp.store import Store
from shapelens.shapes.dims import Dim
from shapelens.shapes.shape import TensorSpec
from shapelens.shapes.span import Span
from shapelens.text.unit import Unit
from shapelens.values.value import Address, FunctionValue, Ref, TensorKind, Value

# Steps (statements and expressions) that one unit may cost; about a second.
FUEL = 80_000
MAX_CALL_DEPTH = 48
MAX_SAME_FUNCTION_DEPTH = 6
# Loops with more iterations, or that cost more steps, are followed in general, not one by one.
MAX_ITERATIONS = 128
LOOP_FUEL = 20_000
# What a loop may cost beside that for each layer, and each call of one, that it makes.
STEPS_PER_LAYER = 60
# The same for a loop that makes no layers: it trains, plots or searches, and its end is all that counts.
IDLE_LOOP_FUEL = 3_000
# Cells of a state whose copying costs as much as one step.
CELLS_PER_STEP = 40
MAX_COLLECTION = 4_096
MAX_INT_BITS = 256
MAX_STRING = 10_000

Item = TypeVar("Item")


class OutOfFuel(Exception):
    """The unit costs too much; what it assigns is unknown."""


class ProgramRaised(Exception):
    """Thrown inside a ``try`` (or where nothing after can run) to reach the handler."""


class Pushed(Generic[Item]):
    """A context in which ``item`` is on top of a stack. A class, because every call of a program enters one."""

    __slots__ = ("_item", "_stack")

    def __init__(self, stack: list[Item], item: Item) -> None:
        self._stack = stack
        self._item = item

    def __enter__(self) -> Item:
        self._stack.append(self._item)
        return self._item

    def __exit__(self, *raised: object) -> None:
        self._stack.pop()


@dataclass(slots=True)
class TryContext:
    """States from which the handlers of a ``try`` may be entered."""

    raised: list[Store] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Given:
    """What the program states of an array, in a comment or annotation, and the node that stands for that place.

    ``kind`` is what the array is taken for where nothing else is known of it.
    """

    spec: TensorSpec
    kind: TensorKind
    node: ast.AST
    said_by: str


@dataclass(slots=True)
class LoopContext:
    """States in which ``break`` and ``continue`` left the body."""

    breaks: list[Store] = field(default_factory=list)
    continues: list[Store] = field(default_factory=list)


@dataclass(slots=True)
class Frame:
    """A running module body, class body or function call.

    ``scope`` keys the frame's variables in the store; ``enclosing`` are the scopes of closures,
    innermost first. ``captured``: a function was made here, so the variables outlive the call.
    """

    module: str
    scope: str | Address
    unit: Unit
    enclosing: tuple[Address, ...] = ()
    function: FunctionValue | None = None
    self_value: Value | None = None
    class_body: bool = False
    global_names: set[str] = field(default_factory=set)
    nonlocal_names: set[str] = field(default_factory=set)
    returns: list[tuple[Store, Value]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)  # variables of its own that were assigned
    yields: list[Value] = field(default_factory=list)
    loops: list[LoopContext] = field(default_factory=list)
    captured: bool = False
    owner: Ref | None = None
    path: str | None = None
    # What the comment of the statement that is being run says of its targets (and of a `return`).
    stated: Mapping[ast.AST, Given] = field(default_factory=dict)
    # The sizes that the annotations of the function name.
    sizes: dict[str, Dim] = field(default_factory=dict)

    @property
    def is_module(self) -> bool:
        """Whether this is a module's body."""
        return isinstance(self.scope, str)


@dataclass(slots=True)
class CallContext:
    """A call that is being evaluated: where its problems are shown.

    ``shown`` are its operands: node, role, value. Places are worked out only when somebody asks.
    """

    unit: Unit
    node: ast.AST
    shown: Sequence[tuple[ast.AST, str, Value]] = ()
    failed: bool = False
    _span: Span | None = None

    @property
    def span(self) -> Span:
        """The place of the call."""
        if self._span is None:
            self._span = Span(self.unit.uid, *self.unit.range_of(self.node))
        return self._span

    def operands(self) -> tuple[tuple[str, Span, str, Value], ...]:
        """The operands: text, place, role, value."""
        found = []
        for node, role, value in self.shown:
            start, end = self.unit.range_of(node)
            found.append((self.unit.text[start:end], Span(self.unit.uid, start, end), role, value))
        return tuple(found)
