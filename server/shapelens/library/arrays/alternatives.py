"""Arguments that are one of several values: each is tried, and what they give is joined.

So that a rule reports a failure only when every possible value fails.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from shapelens.library.arrays.dtypes import scalar_type
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, FunctionRule
from shapelens.shapes.shape import join_specs
from shapelens.values.failure import NotKnown, ShapeFailure
from shapelens.values.value import OneOf, Opaque, TensorKind, TensorValue, TupleValue, Unknown, Value

MAX_COMBINATIONS = 8
MAX_ALTERNATIVES = 4


def each_alternative(rule: FunctionRule) -> FunctionRule:
    """``rule``, tried on every combination of alternatives among its direct arguments."""

    def tried(machine: Machine, args: Arguments) -> Value:
        values = [*args.values.values(), *args.rest, *args.extra.values()]
        if not any(isinstance(value, OneOf) for value in values):
            return rule(machine, args)
        choices = [value.values if isinstance(value, OneOf) else (value,) for value in values]
        count = 1
        for choice in choices:
            count *= len(choice)
        if count > MAX_COMBINATIONS:
            raise NotKnown("its arguments have too many possible values here")
        results: list[Value] = []
        failure: ShapeFailure | None = None
        for combination in product(*choices):
            try:
                results.append(rule(machine, _with_values(args, combination)))
            except ShapeFailure as error:
                failure = failure or error
            except NotKnown as error:
                results.append(Unknown(error.reason))
        if not results and failure is not None:
            raise failure
        return join_all(results)

    return tried


def join_all(values: Sequence[Value]) -> Value:
    """The most precise value that stands for all of ``values``."""
    joined = values[0]
    for value in values[1:]:
        joined = join(joined, value)
    return joined


def any_of(values: Sequence[Value]) -> Value:
    """What stands for any one of ``values``, which are many: of numbers and text only the type stays."""
    types = {scalar_type(value) for value in values}
    if len(values) > 1 and len(types) == 1:
        (python_type,) = types
        if python_type is not None and len(set(values)) > 1:
            return Opaque(python_type.__name__)
    return join_all(values)


def join(left: Value, right: Value) -> Value:
    """The most precise value that stands for both."""
    if left == right:
        return left
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return left if isinstance(left, Unknown) else right
    if isinstance(left, TensorValue) and isinstance(right, TensorValue):
        return TensorValue(
            join_specs(left.spec, right.spec),
            _join_kinds(left.kind, right.kind),
            left.data if left.data == right.data else None,
            labels=left.labels if left.labels == right.labels else None,
            origin=left.origin,
        )
    if isinstance(left, TupleValue) and isinstance(right, TupleValue) and len(left.items) == len(right.items):
        return TupleValue(tuple(map(join, left.items, right.items)), left.fields)
    found: list[Value] = []
    for value in (left, right):
        alternatives = value.values if isinstance(value, OneOf) else (value,)
        found += [item for item in alternatives if item not in found]
    if len(found) > MAX_ALTERNATIVES:
        return Unknown("it has too many possible values here")
    return OneOf(tuple(found))


def _join_kinds(left: TensorKind, right: TensorKind) -> TensorKind:
    if left == right:
        return left
    return "keras" if "keras" in (left, right) else "tensor"


def _with_values(args: Arguments, flat: tuple[Value, ...]) -> Arguments:
    named, rest = len(args.values), len(args.rest)
    return Arguments(
        dict(zip(args.values, flat[:named], strict=True)),
        flat[named : named + rest],
        dict(zip(args.extra, flat[named + rest :], strict=True)),
    )
