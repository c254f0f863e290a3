"""Registration of array rules, and what most of them begin and end with."""

from __future__ import annotations

from collections.abc import Callable

import numpy

from shapelens.library.arrays.alternatives import each_alternative
from shapelens.library.arrays.constants import Array, array_of, contents, is_small, settled, tensor
from shapelens.library.arrays.convert import kind_of, operand
from shapelens.library.arrays.dtypes import Dialect
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, FunctionRule, function
from shapelens.shapes.shape import Shape
from shapelens.values.value import TensorValue, Value


def array_rule(*names: str, params: str) -> Callable[[FunctionRule], FunctionRule]:
    """Register a rule that is tried on every alternative of its arguments."""

    def register(rule: FunctionRule) -> FunctionRule:
        function(*names, params=params)(each_alternative(rule))
        return rule

    return register


def source_of(machine: Machine, args: Arguments, name: str, dialect: Dialect) -> TensorValue:
    """The array argument ``name``; one of unknown shape when it cannot be told."""
    return operand(machine, args.get(name), dialect)


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
