"""Registration of ``keras.ops`` rules, and what they end with.

The wordings are those of symbolic calls: with eager tensors the backend raises in its own words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import items_of, kind_of
from shapelens.library.arrays.dtypes import DTypeLike
from shapelens.library.arrays.rules import array_rule
from shapelens.library.keras.ops.result_dtypes import result_dtype, result_dtypes
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, FunctionRule
from shapelens.shapes.shape import Shape
from shapelens.values.failure import ShapeFailure
from shapelens.values.value import TensorValue, Value

# A rule for several operations, told which one is called.
NamedRule = Callable[[str, Machine, Arguments], Value]


def keras_rule(*names: str, params: str) -> Callable[[FunctionRule], FunctionRule]:
    """Register a rule for ``keras.ops.<name>`` (a name that begins with ``keras.`` is taken as it is)."""

    def register(rule: FunctionRule) -> FunctionRule:
        def tried(machine: Machine, args: Arguments) -> Value:
            try:
                return rule(machine, args)
            except ShapeFailure as failure:
                if is_symbolic(machine, args):
                    raise
                raise ShapeFailure(replace(failure.failure, keras=None)) from None

        array_rule(*map(full_name, names), params=params)(tried)
        return rule

    return register


def keras_rules(*names: str, params: str) -> Callable[[NamedRule], NamedRule]:
    """As `keras_rule`, for a rule whose first argument is the canonical name that was called."""

    def register(rule: NamedRule) -> NamedRule:
        for name in names:
            keras_rule(name, params=params)(_named(rule, full_name(name)))
        return rule

    return register


def full_name(name: str) -> str:
    """The canonical name of an operation."""
    return name if name.startswith("keras.") else f"keras.ops.{name}"


def made(machine: Machine, name: str, shape: Shape, *sources: TensorValue, data: object = None) -> TensorValue:
    """A result of this shape; what dtype ``name`` gives for ``sources`` (one or two) is looked up."""
    return made_like(machine, name, shape, sources, [source.spec.dtype for source in sources], data=data)


def made_like(
    machine: Machine,
    name: str,
    shape: Shape,
    sources: Sequence[TensorValue],
    likes: Sequence[DTypeLike],
    *,
    data: object = None,
) -> TensorValue:
    """As `made`, for operands that may be Python scalars (``likes``)."""
    kind = kind_of(list(sources), "keras")
    dtype = result_dtype(full_name(name), likes, symbolic=kind == "keras")
    return tensor(machine, shape, dtype, kind, data)


def made_all(machine: Machine, name: str, shapes: Sequence[Shape], *sources: TensorValue) -> tuple[TensorValue, ...]:
    """The results of an operation that gives several tensors."""
    kind = kind_of(list(sources), "keras")
    dtypes = result_dtypes(full_name(name), [source.spec.dtype for source in sources], symbolic=kind == "keras")
    known = dtypes if len(dtypes) >= len(shapes) else (None,) * len(shapes)
    return tuple(tensor(machine, shape, dtype, kind) for shape, dtype in zip(shapes, known, strict=False))


def is_symbolic(machine: Machine, args: Arguments) -> bool:
    """Whether a `KerasTensor` is among the arguments."""
    for value in (*args.values.values(), *args.rest):
        if any(
            isinstance(item, TensorValue) and item.kind == "keras"
            for item in (value, *(items_of(machine, value) or ()))
        ):
            return True
    return False


def _named(rule: NamedRule, name: str) -> FunctionRule:
    def called(machine: Machine, args: Arguments) -> Value:
        return rule(name, machine, args)

    return called
