"""Registration of ``keras.ops`` rules.

The wordings are those of symbolic calls: with eager tensors the backend raises in its own words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from shapelens.library.arrays.convert import items_of
from shapelens.library.arrays.rules import array_rule
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, FunctionRule
from shapelens.values.failure import ShapeFailure
from shapelens.values.value import TensorValue, Value


def keras_rule(*names: str, params: str) -> Callable[[FunctionRule], FunctionRule]:
    """Register a rule for ``keras.ops.<name>`` (a name with a dot is taken as it is)."""

    def register(rule: FunctionRule) -> FunctionRule:
        def tried(machine: Machine, args: Arguments) -> Value:
            try:
                return rule(machine, args)
            except ShapeFailure as failure:
                if _is_symbolic(machine, args):
                    raise
                raise ShapeFailure(replace(failure.failure, keras=None)) from None

        full = (name if "." in name else f"keras.ops.{name}" for name in names)
        array_rule(*full, params=params)(tried)
        return rule

    return register


def _is_symbolic(machine: Machine, args: Arguments) -> bool:
    for value in (*args.values.values(), *args.rest):
        if any(
            isinstance(item, TensorValue) and item.kind == "keras"
            for item in (value, *(items_of(machine, value) or ()))
        ):
            return True
    return False
