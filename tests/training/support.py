"""A heap for values, and tiny models both as facts and as real Keras models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from shapelens.library.keras.training.boundary import check_training_call
from shapelens.library.keras.training.facts import Method, ModelFacts, OutputLayer, TrainingOutcome
from shapelens.shapes.dims import Dim, product
from shapelens.shapes.question import NEWEST, Versions
from shapelens.shapes.shape import Shape, SpecNest, TensorSpec
from shapelens.shapes.span import Span
from shapelens.values.failure import Failure, ShapeFailure
from shapelens.values.objects import CompileState, DictObject, HeapObject, ListObject
from shapelens.values.value import NONE, Address, Const, LibObject, Ref, TensorValue, TupleValue, Value
from tests.conformance.training import models
from tests.conformance.training.models import Arr, Made, real, really

# Keras and NumPy objects, which the type checker does not see.
Real: TypeAlias = Any
__all__ = ["Arr", "Heap", "Made", "Net", "Real", "Verdict", "judge", "real", "really"]


@dataclass
class Heap:
    """A `Machine` that only stores things."""

    objects: dict[Address, HeapObject] = field(default_factory=dict)
    warnings: list[Failure] = field(default_factory=list)
    errors: list[Failure] = field(default_factory=list)
    versions: Versions = NEWEST

    @property
    def site(self) -> Span:
        return Span(0, 0, 0)

    def read(self, ref: Ref) -> HeapObject:
        return self.objects[ref.address]

    def write(self, ref: Ref, obj: HeapObject) -> None:
        self.objects[ref.address] = obj

    def alloc(self, obj: HeapObject) -> Ref:
        address = Address(0, len(self.objects))
        self.objects[address] = obj
        return Ref(address)

    def forgetting(self) -> AbstractContextManager[None]:
        return nullcontext()

    def call(self, function: Value, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        raise NotImplementedError

    def attribute(self, value: Value, name: str) -> Value:
        raise NotImplementedError

    def items(self, value: Value) -> tuple[Value, ...] | None:
        if isinstance(value, TupleValue):
            return value.items
        found = self.read(value) if isinstance(value, Ref) else None
        return found.items if isinstance(found, ListObject) and not found.open else None

    def spec(self, value: Value) -> TensorSpec | None:
        return value.spec if isinstance(value, TensorValue) else None

    def truth(self, value: Value) -> bool | None:
        return None

    def warn(self, failure: Failure) -> None:
        self.warnings.append(failure)

    def fail(self, failure: Failure) -> None:
        self.errors.append(failure)

    def value(self, data: object) -> Value:
        """A value from a shape (`Arr`), or a Python list, tuple, dict or scalar of them."""
        if isinstance(data, Arr):
            return TensorValue(TensorSpec(Shape(data.shape), "float32"), "numpy", labels=data.labels)
        if isinstance(data, Made):
            config = tuple((name, Const(value)) for name, value in data.config.items())
            return LibObject(data.name, config)
        if isinstance(data, tuple):
            return TupleValue(tuple(self.value(item) for item in data))
        if isinstance(data, list):
            return self.alloc(ListObject(tuple(self.value(item) for item in data)))
        if isinstance(data, dict):
            return self.alloc(DictObject(tuple((Const(k), self.value(v)) for k, v in data.items())))
        return Const(data)


@dataclass(frozen=True)
class Net(models.Net):
    """The same model as facts."""

    def output(self, shape: Shape) -> Shape:
        """The rules of these few layers, with the weights of the declared input."""
        built = Shape((None, *self.declared))
        for layer in self.layers:
            last = built.axis(-1)
            shape, built = _layer(layer, shape, last), _layer(layer, built, last)
        return shape

    def facts(self, compiled: CompileState | None) -> ModelFacts:
        declared = TensorSpec(Shape((None, *self.declared)), "float32")

        def run(nest: SpecNest) -> SpecNest:
            assert isinstance(nest, TensorSpec)
            return TensorSpec(self.output(nest.shape), "float32")

        return ModelFacts(
            kind="sequential" if self.kind == "sequential" else "functional",
            inputs=declared,
            outputs=run(declared),
            compiled=compiled,
            run=run,
            output_layers=(OutputLayer("Dense", self.activation),),
        )


def _layer(layer: tuple[Any, ...], shape: Shape, weights: Dim) -> Shape:
    failure = ShapeFailure(Failure("channel-mismatch", "{subject} does not fit", keras="inner"))
    if layer[0] == "flatten":
        return Shape((shape.dims[0], product(shape.dims[1:])))
    if layer[0] == "pool":
        if len(shape) != 4:
            raise failure
        return Shape((shape.dims[0], shape.dims[3]))
    if shape.axis(-1) != weights:
        raise failure
    if layer[0] == "dense":
        return shape.replace(-1, layer[1])
    if layer[0] == "lstm":
        if len(shape) != 3:
            raise failure
        return Shape((shape.dims[0], layer[1]))
    height, width = shape.dims[1], shape.dims[2]
    if len(shape) != 4 or not isinstance(height, int) or not isinstance(width, int):
        raise failure
    if min(height, width) < 3:
        raise failure
    return Shape((shape.dims[0], height - 2, width - 2, layer[1]))


@dataclass(frozen=True)
class Verdict:
    """What the rules say of a call."""

    error: Failure | None
    warnings: tuple[Failure, ...]
    outcome: TrainingOutcome | None


def judge(
    model: ModelFacts,
    method: Method,
    arguments: Mapping[str, Any],
    compile_arguments: Mapping[str, object] | None = None,
    versions: Versions = NEWEST,
) -> Verdict:
    """Put a call to the rules."""
    heap = Heap(versions=versions)
    if compile_arguments is not None:
        given = tuple((name, heap.value(value)) for name, value in compile_arguments.items())
        model = replace(model, compiled=CompileState(given))
    values = {name: NONE if value is None else heap.value(value) for name, value in arguments.items()}
    try:
        outcome = check_training_call(heap, method, model, values)
    except ShapeFailure as failure:
        return Verdict(failure.failure, tuple(heap.warnings), None)
    return Verdict(None, tuple(heap.warnings), outcome)
