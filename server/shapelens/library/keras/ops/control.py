"""``keras.ops`` that call the user's functions: ``cond``, ``map``, ``while_loop`` ... (Keras 3.15)."""

from __future__ import annotations

from dataclasses import replace

from shapelens.library.arrays.alternatives import join
from shapelens.library.arrays.convert import items_of, operand
from shapelens.library.keras.ops.rules import keras_rule
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.dims import Dim
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.failure import NotKnown
from shapelens.values.value import TensorKind, TensorValue, TupleValue, Value


@keras_rule("cond", params="pred, true_fn, false_fn")
def cond(machine: Machine, args: Arguments) -> Value:
    """What either function gives."""
    first, second = (machine.call(args.values[name], (), {}) for name in ("true_fn", "false_fn"))
    return join(first, second)


@keras_rule("switch", params="index, branches, *operands")
def switch(machine: Machine, args: Arguments) -> Value:
    """What one of the functions gives."""
    branches = items_of(machine, args.get("branches"))
    if not branches:
        raise NotKnown("the branches are not known")
    results = [machine.call(branch, args.rest, {}) for branch in branches]
    found = results[0]
    for result in results[1:]:
        found = join(found, result)
    return found


@keras_rule("map", params="f, xs")
@keras_rule("vectorized_map", params="function, elements")
def mapped(machine: Machine, args: Arguments) -> Value:
    """The function's result for one row, with the rows' axis in front."""
    function = args.get("f") or args.get("function")
    rows = args.get("xs") or args.get("elements")
    if function is None or not isinstance(rows, TensorValue) or not rows.spec.shape.rank:
        raise NotKnown("what is mapped over is no tensor of known shape")
    count = rows.spec.shape.dims[0]
    row = replace(rows, spec=replace(rows.spec, shape=Shape(rows.spec.shape.dims[1:])), data=None, node=None)
    return _with_rows(machine, machine.call(function, (row,), {}), count)


@keras_rule("while_loop", params="cond, body, loop_vars, maximum_iterations=None")
def while_loop(machine: Machine, args: Arguments) -> Value:
    """The loop's variables; every round keeps their shapes."""
    items = items_of(machine, args.get("loop_vars"))
    if items is None:
        return _tensor(machine, args.values["loop_vars"])
    return TupleValue(tuple(_tensor(machine, item) for item in items))


@keras_rule("fori_loop", params="lower, upper, body_fun, init_val")
def fori_loop(machine: Machine, args: Arguments) -> Value:
    """The carried value; every round keeps its shape."""
    return _tensor(machine, args.values["init_val"])


def _tensor(machine: Machine, value: Value) -> Value:
    found = operand(machine, value, "keras")
    kind: TensorKind = "keras" if found.kind == "keras" else "tensor"
    return TensorValue(found.spec, kind, origin=machine.site)


def _with_rows(machine: Machine, value: Value, count: Dim) -> Value:
    if isinstance(value, TupleValue):
        return TupleValue(tuple(_with_rows(machine, item, count) for item in value.items))
    found = operand(machine, value, "keras")
    shape = found.spec.shape
    rows = UNKNOWN_SHAPE if shape.open else Shape((count, *shape.dims))
    return TensorValue(replace(found.spec, shape=rows), found.kind, origin=machine.site)
