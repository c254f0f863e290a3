"""``keras.ops`` that call the user's functions: ``cond``, ``map``, ``while_loop`` ... (Keras 3.15)."""

from __future__ import annotations

from dataclasses import replace

from shapelens.library.arrays.alternatives import join
from shapelens.library.arrays.convert import as_dim, is_none, items_of, operand
from shapelens.library.keras.ops.rules import keras_rule
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.failure import NotKnown
from shapelens.values.value import NONE, Const, Lib, PartialValue, TensorKind, TensorValue, TupleValue, Unknown, Value


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


@keras_rule("scan", params="f, init, xs=None, length=None, reverse=False, unroll=1")
def scan(machine: Machine, args: Arguments) -> Value:
    """What is carried, as it began, and what the function gives beside it, a row for each step."""
    xs, init = args.get("xs"), args.values["init"]
    if items_of(machine, init) is not None and not isinstance(init, TensorValue):
        raise NotKnown("what TensorFlow makes of several carried tensors is not followed")
    rows, length = None if is_none(xs) else xs, args.get("length")
    count = _rows_of(machine, rows) if rows is not None else ANY if length is None else as_dim(length)
    given = NONE if rows is None else _row(machine, rows)
    found = items_of(machine, machine.call(args.values["f"], (init, given), {}))
    if found is None or len(found) != 2:
        raise NotKnown("what the function gives for one step is not known")
    return TupleValue((_carried(machine, init), _with_rows(machine, found[1], count)))


@keras_rule("associative_scan", params="f, elems, reverse=False, axis=0")
def associative_scan(machine: Machine, args: Arguments) -> Value:
    """Results of the function over ever more elements: the shapes of the elements."""
    return _carried(machine, args.values["elems"])


@keras_rule("jvp", params="fun, primals, tangents, has_aux=False")
def jvp(machine: Machine, args: Arguments) -> Value:
    """What the function gives, and its derivative, which has the same shape."""
    given = items_of(machine, args.get("primals"))
    if given is None or args.get("has_aux") not in (None, Const(False)):
        raise NotKnown("what the function is given, or gives beside its result, is not known")
    found = machine.call(args.values["fun"], given, {})
    return TupleValue((found, found))


@keras_rule("vectorize", params="pyfunc, excluded=None, signature=None")
def vectorize(machine: Machine, args: Arguments) -> Value:
    """A function, which TensorFlow then refuses to call."""
    return Unknown("what `keras.ops.vectorize` makes cannot be called with TensorFlow")


@keras_rule("custom_gradient", params="f")
def custom_gradient(machine: Machine, args: Arguments) -> Value:
    """A function whose own results are a value and its gradient; TensorFlow's is what it calls (Keras 3.15.1)."""
    return PartialValue(Lib("tensorflow.custom_gradient.value"), (args.values["f"],))


def _rows_of(machine: Machine, value: Value) -> Dim:
    """The number of rows of a tensor, or of the first in a structure."""
    items = items_of(machine, value)
    if items:
        return _rows_of(machine, items[0])
    shape = operand(machine, value, "keras").spec.shape
    return shape.dims[0] if not shape.open and shape.dims else ANY


def _row(machine: Machine, value: Value) -> Value:
    """One row of each tensor of a structure."""
    items = items_of(machine, value)
    if items is not None and not isinstance(value, TensorValue):
        return TupleValue(tuple(_row(machine, item) for item in items))
    rows = operand(machine, value, "keras")
    shape = rows.spec.shape
    row = UNKNOWN_SHAPE if shape.open or not shape.dims else Shape(shape.dims[1:])
    return replace(rows, spec=replace(rows.spec, shape=row), data=None, node=None)


def _carried(machine: Machine, value: Value) -> Value:
    """A structure of tensors as it is."""
    items = items_of(machine, value)
    if items is not None and not isinstance(value, TensorValue):
        return TupleValue(tuple(_carried(machine, item) for item in items))
    if not isinstance(value, TensorValue) and items is None and operand(machine, value, "keras").spec.shape.open:
        raise NotKnown("the structure that is carried is not known")
    return _tensor(machine, value)


def _tensor(machine: Machine, value: Value) -> Value:
    found = operand(machine, value, "keras")
    kind: TensorKind = "keras" if found.kind == "keras" else "tensor"
    return TensorValue(found.spec, kind, origin=machine.site)


def _with_rows(machine: Machine, value: Value, count: Dim) -> Value:
    if value == NONE:
        return value
    if isinstance(value, TupleValue):
        return TupleValue(tuple(_with_rows(machine, item, count) for item in value.items))
    found = operand(machine, value, "keras")
    shape = found.spec.shape
    rows = UNKNOWN_SHAPE if shape.open else Shape((count, *shape.dims))
    return TensorValue(replace(found.spec, shape=rows), found.kind, origin=machine.site)
