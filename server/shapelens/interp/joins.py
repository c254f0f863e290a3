"""Joining what two paths of a program know."""

from __future__ import annotations

from dataclasses import replace

from shapelens.interp.result import Content, Deferred
from shapelens.library.keras.models.ends import LENT
from shapelens.shapes.dims import join
from shapelens.shapes.question import NEWEST, Answer, Versions
from shapelens.shapes.shape import join_specs
from shapelens.values.objects import (
    HEAP_OBJECTS,
    DictObject,
    InstanceObject,
    LayerObject,
    LibInstance,
    ListObject,
    SequentialObject,
)
from shapelens.values.value import (
    Const,
    DatasetValue,
    OneOf,
    Opaque,
    SizeValue,
    TensorValue,
    TupleValue,
    Unknown,
    Value,
)

# Alternatives kept apart before they become unknown.
MAX_ALTERNATIVES = 4


def join_values(left: Value, right: Value, *, widen: bool = False) -> Value:
    """The most precise value that stands for both. ``widen`` forbids to add alternatives (loops)."""
    if left is right or left == right:
        return left
    if isinstance(left, TensorValue) and isinstance(right, TensorValue):
        return _join_tensors(left, right)
    if isinstance(left, TupleValue) and isinstance(right, TupleValue) and len(left.items) == len(right.items):
        items = (join_values(a, b, widen=widen) for a, b in zip(left.items, right.items, strict=True))
        return TupleValue(tuple(items), left.fields if left.fields == right.fields else ())
    if isinstance(left, DatasetValue) and isinstance(right, DatasetValue):
        return DatasetValue(
            join_values(left.element, right.element, widen=widen),
            left.cardinality if left.cardinality == right.cardinality else None,
            left.batched if left.batched == right.batched else 0,
            left.kind,
            left.origin,
        )
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return left if isinstance(left, Unknown) else right
    if widen:
        return _widened(left, right)
    return one_of((*alternatives(left), *alternatives(right)))


def alternatives(value: Value) -> tuple[Value, ...]:
    """The values that ``value`` may be."""
    return value.values if isinstance(value, OneOf) else (value,)


def one_of(values: tuple[Value, ...]) -> Value:
    """One of ``values``: flat, without repetition, bounded."""
    distinct: list[Value] = []
    for value in values:
        for alternative in alternatives(value):
            if isinstance(alternative, Unknown):
                return alternative
            if alternative not in distinct:
                distinct.append(alternative)
    tensors = [value for value in distinct if isinstance(value, TensorValue)]
    if len(tensors) > 1:
        joined = tensors[0]
        for tensor in tensors[1:]:
            joined = _join_tensors(joined, tensor)
        distinct = [*(value for value in distinct if not isinstance(value, TensorValue)), joined]
    if len(distinct) == 1:
        return distinct[0]
    if len(distinct) > MAX_ALTERNATIVES:
        return Unknown("it has too many possible values here")
    return OneOf(tuple(distinct))


def join_content(left: Content | None, right: Content | None, *, widen: bool = False) -> Content | None:
    """Join the contents of a cell; what only one path assigned is kept (the other would be an error)."""
    if left is None or right is None:
        return right if left is None else left
    if left == right:
        return left
    if isinstance(left, Deferred) or isinstance(right, Deferred):
        # It stands for what the other path has looked up.
        return left if isinstance(right, Deferred) else right
    if isinstance(left, Versions | Answer) or isinstance(right, Versions | Answer):
        # Two paths mean two Keras: nothing that holds of one only may be said.
        return NEWEST
    if isinstance(left, ListObject) and isinstance(right, ListObject):
        return _join_lists(left, right, widen)
    if isinstance(left, DictObject) and isinstance(right, DictObject):
        return _join_dicts(left, right, widen)
    if isinstance(left, InstanceObject) and isinstance(right, InstanceObject) and left.cls == right.cls:
        merged = _join_pairs(left.attributes, right.attributes, widen)
        state = left.layer if left.layer == right.layer else (left.layer or right.layer)
        names = {name for name, _ in left.attributes} ^ {name for name, _ in right.attributes}
        perhaps = tuple(name for name, _ in merged if name in {*names, *left.perhaps, *right.perhaps})
        return replace(left, attributes=merged, layer=state, open=left.open or right.open, perhaps=perhaps)
    if isinstance(left, LibInstance) and isinstance(right, LibInstance):
        return replace(left, attributes=_join_pairs(left.attributes, right.attributes, widen))
    if isinstance(left, LayerObject) and isinstance(right, LayerObject) and left.class_name == right.class_name:
        config = _join_pairs(left.config, right.config, widen)
        if left.state == right.state:
            return replace(left, config=config)
        # Built on one path only, or on two different inputs: later calls cannot be checked.
        built = left.state if left.state.built else right.state
        return replace(left, config=config, state=replace(built, params=None, input_specs=(), built_on=None))
    if isinstance(left, SequentialObject) and isinstance(right, SequentialObject):
        if left.layers == right.layers:
            model = left if left.inputs is not None else right
            if left.state.output_value == right.state.output_value:
                return model
            # Called on symbolic tensors on one path only, or on different ones.
            return replace(model, state=replace(model.state, input_value=LENT, output_value=LENT))
        return SequentialObject(lost="its layers differ between paths of the program")
    if isinstance(left, HEAP_OBJECTS) or isinstance(right, HEAP_OBJECTS):
        return Unknown("it differs between paths of the program")
    return join_values(left, right, widen=widen)


def _join_tensors(left: TensorValue, right: TensorValue) -> TensorValue:
    return TensorValue(
        join_specs(left.spec, right.spec),
        left.kind if left.kind == right.kind else "keras" if "keras" in (left.kind, right.kind) else "tensor",
        left.data if left.data == right.data else None,
        left.node if left.node == right.node else None,
        left.index if left.index == right.index else 0,
        left.labels if left.labels == right.labels else None,
        left.origin or right.origin,
    )


def _widened(left: Value, right: Value) -> Value:
    kinds = {_python_type(left), _python_type(right)}
    if len(kinds) == 1:
        (name,) = kinds
        if name is not None:
            return Opaque(name)
    return Unknown("it changes in a loop")


def _python_type(value: Value) -> str | None:
    if isinstance(value, Const):
        return type(value.value).__name__
    if isinstance(value, SizeValue):
        return "int"
    return value.type_name if isinstance(value, Opaque) else None


def _join_lists(left: ListObject, right: ListObject, widen: bool) -> ListObject:
    if len(left.items) == len(right.items) and not left.open and not right.open:
        items = tuple(join_values(a, b, widen=widen) for a, b in zip(left.items, right.items, strict=True))
        return ListObject(items, type_name=left.type_name)
    rest: Value | None = None
    # Of an open list without a `rest` nothing is known.
    if not any(side.open and side.rest is None for side in (left, right)):
        for side in (left, right):
            for value in side.items if not side.open else (*side.items, side.rest):
                assert value is not None
                rest = value if rest is None else join_values(rest, value, widen=True)
    return ListObject((), open=True, rest=rest, type_name=left.type_name, count=join(left.length, right.length))


def _join_dicts(left: DictObject, right: DictObject, widen: bool) -> DictObject:
    keys = [key for key, _ in left.entries]
    keys += [key for key, _ in right.entries if key not in keys]
    entries: list[tuple[Value, Value]] = []
    surplus = left.open or right.open
    perhaps = [*left.perhaps, *(key for key in right.perhaps if key not in left.perhaps)]
    for key in keys:
        a, b = left.get(key), right.get(key)
        if a is None or b is None:
            surplus = True
            perhaps += [] if key in perhaps else [key]
        value = a if b is None else b if a is None else join_values(a, b, widen=widen)
        if value is not None:
            entries.append((key, value))
    factory = left.factory if left.factory == right.factory else None
    return DictObject(tuple(entries), surplus, factory, left.owner, tuple(perhaps))


def _join_pairs(
    left: tuple[tuple[str, Value], ...], right: tuple[tuple[str, Value], ...], widen: bool
) -> tuple[tuple[str, Value], ...]:
    merged = dict(left)
    for name, value in right:
        merged[name] = join_values(merged[name], value, widen=widen) if name in merged else value
    return tuple(merged.items())
