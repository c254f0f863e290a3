"""What a rule may ask of the interpreter that calls it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from shapelens.shapes.shape import TensorSpec
from shapelens.shapes.span import Span
from shapelens.values.failure import Failure
from shapelens.values.objects import HeapObject
from shapelens.values.value import Ref, Value


class Machine(Protocol):
    """The running interpreter, as rules see it."""

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

    def warn(self, failure: Failure) -> None:
        """Note a problem at the present site without ending the call."""
        ...

    def fail(self, failure: Failure) -> None:
        """Note an error at the present site and go on (to report more than one)."""
        ...
