"""The shapes that Keras 3 gives to ``build`` and ``compute_output_shape`` of a layer of the user's (Keras 3.15.1).

A method with one argument gets the shape of the first tensor that ``call`` takes, one with several those that
their names ask for: ``memory_shape`` is that of ``call``'s argument ``memory``.
"""

from __future__ import annotations

from collections.abc import Mapping

from shapelens.library.keras.layers.apply import spec_nest
from shapelens.library.keras.models.nests import shape_value, tensors_in
from shapelens.library.machine import Machine
from shapelens.values.value import BoundMethod, FunctionValue, Ref, Value, parameters_of

# What comes along with a call and is no input.
NO_INPUTS = ("mask", "training")


def shapes_for(
    m: Machine, ref: Ref, method: BoundMethod, args: tuple[Value, ...], kwargs: Mapping[str, Value]
) -> Mapping[str, Value] | None:
    """The arguments of ``method`` for a call of the layer ``ref``; `None` where they cannot be told."""
    wanted, given = _parameters(method), _parameters(m.attribute(ref, "call"))
    if not wanted or not given or len(args) > len(given):
        return None
    values = {**dict(zip(given, args, strict=False)), **kwargs}
    shapes: dict[str, Value] = {}
    for name in sorted(values, key=lambda name: given.index(name) if name in given else len(given)):
        nest = None if name in NO_INPUTS or not tensors_in(m, values[name]) else spec_nest(m, values[name])
        if nest is not None:
            shapes[f"{name}_shape"] = shape_value(nest, m)
    if len(wanted) == 1:
        return {wanted[0]: next(iter(shapes.values()))} if shapes else None
    return {name: shapes[name] for name in wanted if name in shapes}


def _parameters(method: Value) -> tuple[str, ...]:
    """The names of a method's own arguments."""
    function = method.function if isinstance(method, BoundMethod) else None
    return parameters_of(function)[1:] if isinstance(function, FunctionValue) else ()
