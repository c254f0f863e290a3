"""Registration of array rules, and what most of them begin and end with."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy

from shapelens.library.arrays.alternatives import each_alternative
from shapelens.library.arrays.constants import Array, array_of, contents, is_small, settled, tensor
from shapelens.library.arrays.convert import kind_of, operand
from shapelens.library.arrays.dtypes import Dialect
from shapelens.library.arrays.symbolic import eager_only
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, FunctionRule, function
from shapelens.shapes.shape import Shape
from shapelens.values.value import TensorValue, Value


def array_rule(
    *names: str, params: str, renamed: Mapping[str, str] | None = None
) -> Callable[[FunctionRule], FunctionRule]:
    """Register a rule that is tried on every alternative of its arguments.

    ``renamed``: what the rule calls a parameter, by the name that these functions have for it.
    """

    def register(rule: FunctionRule) -> FunctionRule:
        read = rule if not renamed else _with_names(rule, renamed)
        for name in names:
            function(name, params=params)(each_alternative(eager_only(name, read)))
        return rule

    return register


def _with_names(rule: FunctionRule, renamed: Mapping[str, str]) -> FunctionRule:
    def called(machine: Machine, args: Arguments) -> Value:
        values = {renamed.get(name, name): value for name, value in args.values.items()}
        return rule(machine, Arguments(values, args.rest, args.extra))

    return called


def source_of(machine: Machine, args: Arguments, name: str, dialect: Dialect) -> TensorValue:
    """The array argument ``name``; one of unknown shape when it cannot be told."""
    return operand(machine, args.get(name), dialect)


def same_spec(machine: Machine, args: Arguments, name: str) -> Value:
    """A new tensor of the shape and dtype of the tensor argument ``name``, with other contents."""
    source = source_of(machine, args, name, "tensorflow")
    return tensor(machine, source.spec.shape, source.spec.dtype, kind_of([source], "tensorflow"))


def like(
    machine: Machine,
    source: TensorValue,
    shape: Shape,
    dialect: Dialect,
    *,
    fold: Callable[[Array], Array] | None = None,
    keep_labels: bool = True,
) -> Value:
    """``source`` with another shape: same kind, dtype and (``fold``) contents."""
    data = None
    array = array_of(source) if fold is not None and is_small(shape) else None
    if array is not None and fold is not None:
        data = contents(numpy.asarray(fold(array)))
    labels = source.labels if keep_labels else None
    return settled(tensor(machine, shape, source.spec.dtype, kind_of([source], dialect), data, labels))


def computed(
    machine: Machine,
    shape: Shape,
    dtype: str | None,
    dialect: Dialect,
    function: Callable[..., object],
    *sources: TensorValue,
) -> Value:
    """A new array of ``shape``; its contents by ``function`` where those of all ``sources`` are small and known."""
    data = None
    arrays = [array_of(source) for source in sources] if is_small(shape) else [None]
    known = [array for array in arrays if array is not None and array.dtype.kind in "biuf"]
    if len(known) == len(arrays):
        try:
            with numpy.errstate(all="ignore"):
                found = numpy.asarray(function(*known))
        except (ValueError, TypeError, IndexError, OverflowError):
            found = None
        if found is not None and found.shape == shape.dims:
            data = contents(found if dtype is None else found.astype(dtype))
    return settled(tensor(machine, shape, dtype, kind_of(list(sources), dialect), data))
