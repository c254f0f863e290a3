"""The running interpreter: state, frames, fuel, and the facts found. Implements `library.Machine`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Literal

from shapelens.interp import attributes, calls, consult, convert, expressions, naming, nodes, statements, truth
from shapelens.interp.control import (
    CELLS_PER_STEP,
    FUEL,
    CallContext,
    Frame,
    OutOfFuel,
    ProgramRaised,
    Pushed,
    TryContext,
)
from shapelens.interp.joins import join_values
from shapelens.interp.named_attributes import owned
from shapelens.interp.result import NO_VALUES, VERSIONS, Cell, Content
from shapelens.interp.store import Store
from shapelens.library.keras import models
from shapelens.library.machine import Asked
from shapelens.names.modules import Found, Import
from shapelens.shapes.question import FAMILIES, NEWEST, Question, Versions
from shapelens.shapes.shape import TensorSpec, without_counters
from shapelens.shapes.span import Span
from shapelens.text.unit import Unit
from shapelens.values.facts import Operand, ProblemFact, Site
from shapelens.values.failure import Failure, ShapeFailure
from shapelens.values.names import AutoName
from shapelens.values.objects import (
    HEAP_OBJECTS,
    DictObject,
    FunctionalObject,
    HeapObject,
    LayerObject,
    LibInstance,
    NodeObject,
    SequentialObject,
)
from shapelens.values.value import (
    NONE,
    PART,
    Address,
    DatasetValue,
    OneOf,
    Ref,
    TensorValue,
    Unknown,
    Value,
)

# The module whose variables are Keras's global settings.
SETTINGS = "keras.config"
BUILDING = LayerObject | NodeObject | SequentialObject | FunctionalObject


class Interpreter:
    """Interprets one unit. ``store`` is `None` where no path of the program gets to."""

    def __init__(
        self,
        unit: Unit,
        module: str,
        path: str | None,
        base: Mapping[Cell, Content],
        units: Mapping[int | str, Unit],
    ) -> None:
        self.units = dict(units)
        self.units[unit.uid] = unit
        self.root = unit
        self.reads: dict[Cell, Content | None] = {}
        self.imports: dict[Import, Found | None] = {}
        self.store: Store | None = Store(base, self.reads)
        # The state before the statement that is being run: what holds if that has to be given up.
        self.last = self.store
        self.frame = Frame(module, module, unit, path=path)
        self.frames: list[Frame] = [self.frame]
        self.calls: list[CallContext] = []
        self.trail: list[Span] = []
        self.tries: list[TryContext] = []
        self.sites: dict[tuple[object, ...], Site] = {}
        self.problems: dict[tuple[object, ...], ProblemFact] = {}
        self.spent = 0
        # Steps that modules cost beside: each has fuel of its own.
        self.spent_on_modules = 0
        # Layers and calls of layers on symbolic tensors so far: whether a loop builds something.
        self.built = 0
        self.entered: set[tuple[int | str, int]] = set()
        # Whether an error that nothing catches was noted: what follows is never run.
        self.raised = False
        # Whether what is followed is what nobody calls, with arguments that nobody gave.
        self.exploring = False
        self.asked: set[Question] = set()
        # Objects so far of the unit that makes them: of this one, or of a module that is loaded meanwhile.
        self.maker: int | str = unit.uid
        self.made: dict[int | str, int] = {unit.uid: 0}
        self._quiet = 0
        self._doubts = 0

    # State

    @property
    def state(self) -> Store:
        """The present state; only where some path gets to."""
        assert self.store is not None, "evaluating on a path that does not exist"
        return self.store

    def step(self) -> None:
        """Use up one step of fuel."""
        self.spent += 1
        if self.spent > FUEL:
            raise OutOfFuel

    def pay_for_copy(self) -> None:
        """Use up the fuel that a copy of the state costs."""
        self.spent += len(self.state.overlay) // CELLS_PER_STEP

    def joined(self, values: Sequence[Value]) -> Value:
        """What stands for each of ``values``."""
        result = values[0]
        for value in values[1:]:
            if isinstance(result, Unknown):
                break
            result = join_values(result, value, widen=True)
        return result

    def make_for(self, maker: int | str) -> None:
        """From here on objects are ``maker``'s: their identities begin anew."""
        self.maker = maker
        self.made[maker] = 0

    def new_address(self) -> Address:
        """The identity for a new object of this unit, or of the module that is being loaded."""
        self.made[self.maker] += 1
        return Address(self.maker, self.made[self.maker])

    def alloc(self, obj: HeapObject) -> Ref:
        """Put a new object on the heap."""
        address = self.new_address()
        self.state.set(address, obj)
        self.built += not self._quiet and isinstance(obj, BUILDING)
        return Ref(address)

    def read(self, ref: Ref) -> HeapObject:
        """The object at ``ref``; an unknown one where paths disagree on what it is."""
        content = self.state.get(ref.address)
        if content is None and ref.address.number >= PART:
            content = models.part(self, ref.address)
        return content if isinstance(content, HEAP_OBJECTS) else LibInstance("unknown")

    def write(self, ref: Ref, obj: HeapObject) -> None:
        """Replace the object at ``ref``."""
        self.state.set(ref.address, owned(self, ref, obj) if isinstance(obj, DictObject) else obj)

    @property
    def versions(self) -> Versions:
        """The libraries that the program means here; the newest where nothing says otherwise."""
        content = self.state.get(VERSIONS)
        return content if isinstance(content, Versions) else NEWEST

    def use_keras(self, family: Literal[2, 3]) -> None:
        """The program says which Keras it means from here on."""
        if self.versions.family != family:
            self.state.set(VERSIONS, FAMILIES[family])

    def ask(self, function: Value, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Asked | None:
        """Put a call to the installed library; `None` when it cannot be asked."""
        return consult.ask(self, function, args, kwargs)

    def setting(self, name: str) -> Value | None:
        """What a global setting of Keras was set to."""
        content = self.state.get((SETTINGS, name))
        return None if isinstance(content, NO_VALUES) else content

    def set_setting(self, name: str, value: Value) -> None:
        """Remember a global setting of Keras: a variable of a module of its own."""
        self.state.set((SETTINGS, name), value)

    # Names that Keras makes up

    def take_name(self, kind: str, count: int = 1) -> AutoName:
        """The next names of ``kind``; a graph that is only replayed takes none."""
        if self._quiet:
            return AutoName(kind, self.root.uid, None)
        return naming.take(self, kind, count)

    def skip_name(self, kind: str) -> None:
        """One more name of ``kind`` may have been made up, or not."""
        if not self._quiet:
            naming.skip(self, kind)

    def lose_names(self) -> None:
        """Layers may have been made that are not known."""
        naming.lose(self)

    def begin_names(self) -> None:
        """Count names from the start again."""
        naming.begin_anew(self)

    def name_of(self, auto: AutoName) -> str | None:
        """A made-up name, or `None` when it cannot be told."""
        # Keras 2 numbers from `input_1` on, and calls models otherwise.
        return naming.name_of(self, auto) if self.versions.family == 3 else None

    # Evaluation

    def evaluate(self, node: ast.expr) -> Value:
        """The value of an expression in the present frame and state."""
        self.step()
        handler = expressions.EXPRESSIONS.get(type(node))
        return Unknown("this expression is not followed") if handler is None else handler(self, node)

    def execute(self, body: Sequence[ast.stmt]) -> None:
        """Run statements until the end or until no path goes on."""
        statements.execute(self, body)

    def call(self, function: Value, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        """Call any callable value."""
        return calls.call_value(self, function, tuple(args), dict(kwargs))

    def attribute(self, value: Value, name: str) -> Value:
        """``value.name``."""
        return attributes.get_attribute(self, value, name)

    def items(self, value: Value) -> tuple[Value, ...] | None:
        """The items of an iterable whose every item is known."""
        return convert.known_items(self, value)

    def spec(self, value: Value) -> TensorSpec | None:
        """The array that ``value`` is or converts to."""
        tensor = convert.as_tensor(self, value)
        return None if tensor is None else tensor.spec

    def tensor(self, value: Value) -> TensorValue | None:
        """``value`` as an array, with the content where it is small and constant."""
        return convert.as_tensor(self, value)

    def truth(self, value: Value) -> bool | None:
        """``bool(value)``, if it can be told."""
        return truth.truth_of(self, value)

    @contextmanager
    def in_frame(self, frame: Frame) -> Iterator[Frame]:
        """Evaluate in another frame."""
        previous = self.frame
        self.frames.append(frame)
        self.frame = frame
        try:
            yield frame
        finally:
            self.frames.pop()
            self.frame = previous

    def each(self, value: OneOf, function: Callable[[Value], Value]) -> Value:
        """``function`` of every alternative, each in its own copy of the state, joined."""
        return expressions.either(
            self, *(lambda alternative=alternative: function(alternative) for alternative in value.values)
        )

    def call_method(self, value: Value, name: str, args: tuple[Value, ...]) -> Value:
        """``value.name(*args)``, unknown when there is no such method."""
        method = self.attribute(value, name)
        if isinstance(method, Unknown):
            return method
        return self.call(method, args, {})

    def attach(
        self,
        result: Value,
        inputs: tuple[Value, ...],
        operation: Value = NONE,
        args: tuple[Value, ...] | None = None,
        kwargs: Mapping[str, Value] | None = None,
    ) -> Value:
        """Give a new symbolic tensor its node: the operation and the symbolic inputs it came from.

        ``args`` and ``kwargs`` are the operation's arguments, where these are not the inputs themselves.
        """
        return nodes.attach(self, result, inputs, operation, args, kwargs)

    # Places and facts

    @property
    def site(self) -> Span:
        """The call that is being evaluated."""
        return self.calls[-1].span if self.calls else Span(self.root.uid, 0, len(self.root.text))

    def span(self, node: ast.AST) -> Span:
        """The place of a node of the present frame's code."""
        return Span(self.frame.unit.uid, *self.frame.unit.range_of(node))

    def source(self, node: ast.AST) -> str:
        """The text of a node of the present frame's code."""
        start, end = self.frame.unit.range_of(node)
        return self.frame.unit.text[start:end]

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Note no sites and no problems meanwhile (a graph is replayed, a value is tried)."""
        self._quiet += 1
        try:
            yield
        finally:
            self._quiet -= 1

    @contextmanager
    def forgetting(self) -> Iterator[None]:
        """Undo afterwards what is written meanwhile; sites stay."""
        before = self.state.fork()
        try:
            yield
        finally:
            self.store = before

    @contextmanager
    def supposing(self, doubtful: bool) -> Iterator[None]:
        """Follow a branch; note no problems in it when it is ``doubtful`` that it is ever taken like this."""
        self._doubts += doubtful
        try:
            yield
        finally:
            self._doubts -= doubtful

    @property
    def is_quiet(self) -> bool:
        """Whether facts are being dropped."""
        return self._quiet > 0

    def note_site(self, site: Site) -> None:
        """Note a site, once for each shape that it is reached with."""
        if self._quiet:
            return
        key = (site.span, site.kind, site.name, site.layer, repr(site.input), repr(site.output))
        known = self.sites.get(key)
        if known is None or (known.params is None and site.params is not None):
            self.sites[key] = replace(
                site,
                input=without_counters(site.input),
                output=without_counters(site.output),
                supposed=self.raised,
            )

    def warn(self, failure: Failure, at: Span | None = None) -> None:
        """Note a problem that does not raise."""
        self._note_problem(failure, at)

    def fail(self, failure: Failure, at: Span | None = None) -> None:
        """Note an error at the present call; inside a ``try`` the call then goes to the handler."""
        self._note_problem(failure, at)
        self._raise_unless_caught()
        if self.calls:
            self.calls[-1].failed = True

    def at(self, node: ast.AST, operands: Sequence[tuple[ast.AST, str, Value]]) -> Pushed[CallContext]:
        """Evaluate ``node``: problems are shown there, with these operands (node, role, value)."""
        return Pushed(self.calls, CallContext(self.frame.unit, node, operands))

    def failed_at(self, node: ast.expr, failure: Failure, operands: Sequence[tuple[ast.expr, str, Value]]) -> Value:
        """Note an error of ``node``; inside a ``try`` go to the handler, else the value is unknown."""
        if self._quiet:
            raise ShapeFailure(failure)
        with self.at(node, operands):
            self._note_problem(failure)
            self._raise_unless_caught()
        if self.tries:
            raise ProgramRaised
        return Unknown("this raises an error")

    def _raise_unless_caught(self) -> None:
        self.raised = self.raised or not (self._quiet or self._doubts or self.tries)

    def _note_problem(self, failure: Failure, at: Span | None = None) -> None:
        if self._quiet or self._doubts:
            return
        context = self.calls[-1] if self.calls else CallContext(self.root, ast.Module([], []))
        span = context.span
        if self.exploring and isinstance(span.unit, str):
            # What another module makes of arguments that nobody gave.
            return
        if failure.code == "unknown-layer" and self.tries:
            # So one finds out whether there is one.
            return
        if at is not None and at.unit == span.unit and span.start <= at.start and at.end <= span.end:
            span = at
        operands = tuple(
            Operand(text, span, value, role, made_at(value)) for text, span, role, value in context.operands()
        )
        self.problems.setdefault((span, failure.code), ProblemFact(span, failure, operands, tuple(self.trail)))


def made_at(value: Value) -> Span | None:
    """Where an array or dataset was made."""
    return value.origin if isinstance(value, TensorValue | DatasetValue) else None
