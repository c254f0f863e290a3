"""A machine for testing rules alone: a dict for a heap, and no program."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from shapelens.library.keras.layers.apply import apply_layer, spec_nest, to_value
from shapelens.shapes.question import NEWEST, Versions
from shapelens.shapes.shape import TensorSpec
from shapelens.shapes.span import Span
from shapelens.values.failure import Failure
from shapelens.values.names import AutoName
from shapelens.values.objects import DictObject, HeapObject, LayerObject, ListObject
from shapelens.values.value import Address, Const, Lib, Ref, TensorValue, TupleValue, Unknown, Value

PythonFunction = Callable[..., Value]
NOWHERE = Span(0, 0, 0)


@dataclass
class FakeMachine:
    """Implements `shapelens.library.machine.Machine`; ``functions`` are callable `Lib` values by name."""

    heap: dict[Address, HeapObject] = field(default_factory=dict)
    functions: dict[str, PythonFunction] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    settings: dict[str, Value] = field(default_factory=dict)
    site: Span = field(default=Span(0, 0, 0))
    versions: Versions = NEWEST

    def read(self, ref: Ref) -> HeapObject:
        """The object at ``ref``."""
        return self.heap[ref.address]

    def write(self, ref: Ref, obj: HeapObject) -> None:
        """Replace the object at ``ref``."""
        self.heap[ref.address] = obj

    def alloc(self, obj: HeapObject) -> Ref:
        """Put a new object on the heap."""
        address = Address("test", len(self.heap))
        self.heap[address] = obj
        return Ref(address)

    def setting(self, name: str) -> Value | None:
        """What `set_setting` was given."""
        return self.settings.get(name)

    def set_setting(self, name: str, value: Value) -> None:
        """Remember a setting."""
        self.settings[name] = value

    def call(self, function: Value, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        """Call a layer or one of ``functions``."""
        if isinstance(function, Lib) and function.name in self.functions:
            return self.functions[function.name](*args, **kwargs)
        if isinstance(function, Ref) and isinstance(self.read(function), LayerObject):
            inputs = spec_nest(self, args[0])
            assert inputs is not None
            return to_value(self, apply_layer(self, function, inputs, kwargs).outputs)
        return Unknown("not callable in this test")

    def ask(self, function: Value, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        """There is nobody to ask."""

    def attribute(self, value: Value, name: str) -> Value:
        """Nothing has attributes here."""
        return Unknown(f"no attribute {name} in this test")

    def items(self, value: Value) -> tuple[Value, ...] | None:
        """The items of a tuple or list."""
        if isinstance(value, TupleValue):
            return value.items
        if isinstance(value, Ref):
            target = self.read(value)
            if isinstance(target, ListObject) and not target.open:
                return target.items
        return None

    def spec(self, value: Value) -> TensorSpec | None:
        """The specification of a tensor; nothing else converts."""
        return value.spec if isinstance(value, TensorValue) else None

    def truth(self, value: Value) -> bool | None:
        """The truth of a constant."""
        return bool(value.value) if isinstance(value, Const) else None

    def take_name(self, kind: str, count: int = 1) -> AutoName:
        """Names are not counted here."""
        return AutoName(kind, "test", None)

    def skip_name(self, kind: str) -> None:
        """Names are not counted here."""

    def lose_names(self) -> None:
        """Names are not counted here."""

    def begin_names(self) -> None:
        """Names are not counted here."""

    def name_of(self, auto: AutoName) -> str | None:
        """No made-up name is known."""
        return None

    def warn(self, failure: Failure) -> None:
        """Keep the failure."""
        self.failures.append(failure)

    def fail(self, failure: Failure) -> None:
        """Keep the failure."""
        self.failures.append(failure)

    def value(self, literal: object) -> Value:
        """``literal`` as the value that the interpreter would make of it."""
        if isinstance(literal, tuple):
            return TupleValue(tuple(map(self.value, literal)))
        if isinstance(literal, list):
            return self.alloc(ListObject(tuple(map(self.value, literal))))
        if isinstance(literal, dict):
            return self.alloc(DictObject(tuple((Const(k), self.value(v)) for k, v in literal.items())))
        if literal is None or isinstance(literal, (bool, int, float, str)):
            return Const(literal)
        return literal  # type: ignore[return-value]
