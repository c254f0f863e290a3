"""What a rule may ask of the interpreter that calls it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

from shapelens.shapes.question import Answer, Versions
from shapelens.shapes.shape import TensorSpec
from shapelens.shapes.span import Span
from shapelens.values.facts import Site
from shapelens.values.failure import Failure
from shapelens.values.names import AutoName
from shapelens.values.objects import HeapObject
from shapelens.values.value import Ref, TensorValue, Value


@dataclass(frozen=True, slots=True)
class Asked:
    """A call that was put to the installed library.

    ``answer`` is `None` as long as there is none. ``exact``: the question says all that the program knows
    of the call, so that an error of the one is an error of the other; it does not when a size is not
    known to us, which Keras was told as its own dynamic size. ``dynamic``: a tensor in it has such a size
    of Keras's own; ``loose``: one that is no symbolic tensor has, so that it may be any when the program
    runs. ``tried``: the question has Keras do what the program does, so that what it accepts is accepted;
    arrays of which a size is not known, or together with symbolic tensors, are tried as symbolic tensors
    only, which are checked less.
    """

    answer: Answer | None
    exact: bool = True
    dynamic: bool = False
    loose: bool = False
    tried: bool = True


class Machine(Protocol):
    """The running interpreter, as rules see it."""

    @property
    def versions(self) -> Versions:
        """The libraries that the program means here; ``.family`` is Keras 2 or 3."""
        ...

    def use_keras(self, family: Literal[2, 3]) -> None:
        """The program says that it means this family of Keras from here on."""
        ...

    def ask(self, function: Value, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Asked | None:
        """Put a call to the installed library; `None` when there is none, or it cannot be asked that.

        The library's function or class (or an object made of one), and plain data and tensors of known
        rank only. Never waits: the statement is interpreted again when the answer comes.
        """
        ...

    @property
    def site(self) -> Span:
        """The call expression that is being evaluated."""
        ...

    def read(self, ref: Ref) -> HeapObject:
        """The object that ``ref`` refers to now."""
        ...

    def write(self, ref: Ref, obj: HeapObject) -> None:
        """Replace the object at ``ref``."""
        ...

    def alloc(self, obj: HeapObject) -> Ref:
        """Put a new object on the heap."""
        ...

    def setting(self, name: str) -> Value | None:
        """What the program set a global setting of Keras to (``image_data_format``), if it did."""
        ...

    def set_setting(self, name: str, value: Value) -> None:
        """Remember a global setting of Keras."""
        ...

    def call(self, function: Value, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        """Call any callable value as the program would (a user's function, a layer, a rule)."""
        ...

    def attribute(self, value: Value, name: str) -> Value:
        """``value.name``, as the program would evaluate it."""
        ...

    def items(self, value: Value) -> tuple[Value, ...] | None:
        """The items of an iterable, if every one is known; `None` otherwise."""
        ...

    def spec(self, value: Value) -> TensorSpec | None:
        """The array or tensor that ``value`` is or converts to (numbers and nested lists included)."""
        ...

    def truth(self, value: Value) -> bool | None:
        """``bool(value)``, or `None` when it cannot be told."""
        ...

    def tensor(self, value: Value) -> TensorValue | None:
        """As `spec`, but the array itself, with its content where that is small and constant."""
        ...

    def warn(self, failure: Failure, at: Span | None = None) -> None:
        """Note a problem that does not raise; ``at`` as in `fail`."""
        ...

    def fail(self, failure: Failure, at: Span | None = None) -> None:
        """Note an error and go on.

        It is shown at the present site, or at ``at`` when that lies inside the present site (one
        layer in the list that is given to a model).
        """
        ...

    def note_site(self, site: Site) -> None:
        """Note a place that has a shape."""
        ...

    def quiet(self) -> AbstractContextManager[None]:
        """Note no sites and no problems meanwhile (a known graph is replayed on other inputs)."""
        ...

    def forgetting(self) -> AbstractContextManager[None]:
        """Undo afterwards what is written meanwhile; sites stay (what would come if the call did not fail)."""
        ...

    def take_name(self, kind: str, count: int = 1) -> AutoName:
        """The next ``count`` names that Keras makes up for this kind of layer (``conv2d``); the first is given."""
        ...

    def skip_name(self, kind: str) -> None:
        """One more name of ``kind`` may have been made up, or not."""
        ...

    def lose_names(self) -> None:
        """Layers may have been made that are not known: no name is, until `begin_names`."""
        ...

    def begin_names(self) -> None:
        """``clear_session``: names are counted from the start again."""
        ...

    def name_of(self, auto: AutoName) -> str | None:
        """A made-up name (``conv2d_3``), or `None` when it cannot be told."""
        ...

    def attach(self, result: Value, inputs: tuple[Value, ...], operation: Value, /) -> Value:
        """Give new symbolic tensors their node: the operation and the tensors that they came from."""
        ...
