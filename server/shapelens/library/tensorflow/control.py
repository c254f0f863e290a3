"""Functions that call the user's functions, and gradients (TensorFlow 2.21)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from shapelens.library.arrays.alternatives import join_all
from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import as_int, as_spec, is_none, items_of
from shapelens.library.arrays.dtypes import dtype_of
from shapelens.library.arrays.rules import array_rule
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.library.tensorflow.elements import from_signature
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, TensorSpec
from shapelens.values.failure import NotKnown, ShapeFailure
from shapelens.values.objects import DictObject, ListObject
from shapelens.values.value import (
    NONE,
    Const,
    FunctionValue,
    Lib,
    LibObject,
    OneOf,
    PartialValue,
    Ref,
    TensorValue,
    TupleValue,
    Unknown,
    Value,
)


def mapped_nest(machine: Machine, value: Value, change: Callable[[TensorValue], Value]) -> Value:
    """``value`` with each tensor in its tuples, lists and dicts changed; numbers count as tensors."""
    if isinstance(value, TensorValue):
        return change(value)
    if isinstance(value, TupleValue):
        return TupleValue(tuple(mapped_nest(machine, item, change) for item in value.items), value.fields)
    if isinstance(value, OneOf):
        return join_all([mapped_nest(machine, item, change) for item in value.values])
    if isinstance(value, Ref):
        obj = machine.read(value)
        if isinstance(obj, DictObject):
            entries = tuple((key, mapped_nest(machine, item, change)) for key, item in obj.entries)
            return machine.alloc(DictObject(entries, obj.open))
        if isinstance(obj, ListObject):
            items = tuple(mapped_nest(machine, item, change) for item in obj.items)
            rest = None if obj.rest is None else mapped_nest(machine, obj.rest, change)
            return machine.alloc(replace(obj, items=items, rest=rest))
    found = as_spec(value, machine, "tensorflow")
    return Unknown("its structure is not known") if found is None else change(found)


def _plain(machine: Machine, part: TensorValue) -> TensorValue:
    return tensor(machine, part.spec.shape, part.spec.dtype, "tensor")


def _row(machine: Machine, part: TensorValue) -> TensorValue:
    shape = part.spec.shape
    left = Shape(shape.dims[1:]) if shape.rank else UNKNOWN_SHAPE
    return tensor(machine, left, part.spec.dtype, "tensor")


def _count(machine: Machine, elems: Value) -> Dim:
    """The number of rows of the first tensor in ``elems``."""
    counts: list[Dim] = []

    def note(part: TensorValue) -> Value:
        counts.append(part.spec.shape.dims[0] if part.spec.shape.rank else ANY)
        return part

    mapped_nest(machine, elems, note)
    return next((count for count in counts if isinstance(count, int)), counts[0] if counts else ANY)


def _with_rows(machine: Machine, count: Dim, result: Value, dtype: str | None = None) -> Value:
    def grown(part: TensorValue) -> Value:
        shape = part.spec.shape
        full = UNKNOWN_SHAPE if shape.open else Shape((count, *shape.dims))
        return tensor(machine, full, dtype or part.spec.dtype, "tensor")

    return mapped_nest(machine, result, grown)


def _elems(args: Arguments) -> Value:
    elems = args.get("elems")
    if elems is None or isinstance(elems, Unknown):
        raise NotKnown("what it maps over is not known")
    return elems


@array_rule(
    "tensorflow.map_fn",
    params="fn, elems, dtype=None, parallel_iterations=None, back_prop=True, swap_memory=False, infer_shape=True, "
    "name=None, fn_output_signature=None",
)
@array_rule("tensorflow.vectorized_map", params="fn, elems, fallback_to_while_loop=True, warn=True")
def map_fn(machine: Machine, args: Arguments) -> Value:
    """The function's result for one row, and a first axis of rows."""
    elems = _elems(args)
    row = mapped_nest(machine, elems, lambda part: _row(machine, part))
    result = machine.call(args.values["fn"], (row,), {})
    wanted = args.get("fn_output_signature") or args.get("dtype")
    if isinstance(result, Unknown) and isinstance(wanted, LibObject):
        result = from_signature(machine, wanted)
    return _with_rows(machine, _count(machine, elems), result, dtype_of(wanted, "tensorflow"))


@array_rule(
    "tensorflow.scan",
    params="fn, elems, initializer=None, parallel_iterations=10, back_prop=True, swap_memory=False, "
    "infer_shape=True, reverse=False, name=None",
)
def scan(machine: Machine, args: Arguments) -> Value:
    """Every intermediate result of a fold, along a first axis."""
    return _with_rows(machine, _count(machine, _elems(args)), _folded(machine, args))


@array_rule(
    "tensorflow.foldl",
    "tensorflow.foldr",
    params="fn, elems, initializer=None, parallel_iterations=10, back_prop=True, swap_memory=False, name=None",
)
def fold(machine: Machine, args: Arguments) -> Value:
    """The last result of a fold."""
    return _folded(machine, args)


def _folded(machine: Machine, args: Arguments) -> Value:
    row = mapped_nest(machine, _elems(args), lambda part: _row(machine, part))
    start = row if is_none(args.get("initializer")) else args.values["initializer"]
    state = mapped_nest(machine, start, lambda part: _plain(machine, part))
    result = machine.call(args.values["fn"], (state, row), {})
    return mapped_nest(machine, result, lambda part: _plain(machine, part))


@array_rule(
    "tensorflow.while_loop",
    params="cond, body, loop_vars, shape_invariants=None, parallel_iterations=10, back_prop=True, "
    "swap_memory=False, maximum_iterations=None, name=None",
)
def while_loop(machine: Machine, args: Arguments) -> Value:
    """The loop's variables after any number of rounds: what a round changes is not known."""
    start = args.values["loop_vars"]
    items = start.items if isinstance(start, TupleValue) else items_of(machine, start)
    if items is None:
        raise NotKnown("the loop's variables are not known")
    before = tuple(mapped_nest(machine, item, lambda part: _plain(machine, part)) for item in items)
    after = _items(machine, machine.call(args.values["body"], before, {}), len(before))
    joined = tuple(join_all([a, b]) for a, b in zip(before, after, strict=True))
    if joined != before:
        # A later round starts from what an earlier one gave.
        again = _items(machine, machine.call(args.values["body"], joined, {}), len(before))
        joined = tuple(
            a if a == b else Unknown("it changes its shape from round to round")
            for a, b in zip(joined, (join_all([a, b]) for a, b in zip(joined, again, strict=True)), strict=True)
        )
    return TupleValue(joined) if isinstance(start, TupleValue) else machine.alloc(ListObject(joined))


def _items(machine: Machine, result: Value, count: int) -> tuple[Value, ...]:
    items = result.items if isinstance(result, TupleValue) else items_of(machine, result)
    if items is None and count == 1:
        items = (result,)
    if items is None or len(items) != count:
        return (Unknown("what the loop's body gives is not known"),) * count
    return tuple(mapped_nest(machine, item, lambda part: _plain(machine, part)) for item in items)


@array_rule("tensorflow.cond", params="pred, true_fn=None, false_fn=None, name=None")
def cond(machine: Machine, args: Arguments) -> Value:
    """What the branch that is taken gives; what both may give when that is not known."""
    branches = [args.values[name] for name in ("true_fn", "false_fn") if name in args.values]
    if len(branches) != 2:
        raise NotKnown("the branches are not known")
    answer = machine.truth(args.values["pred"])
    if answer is not None:
        return _as_tensors(machine, machine.call(branches[0 if answer else 1], (), {}))
    return _either(machine, branches)


@array_rule("tensorflow.switch_case", params="branch_index, branch_fns, default=None, name='switch_case'")
def switch_case(machine: Machine, args: Arguments) -> Value:
    """What one of the branches gives."""
    branches = items_of(machine, args.get("branch_fns"))
    if not branches:
        raise NotKnown("the branches are not known")
    index = as_int(args.get("branch_index"))
    if index is not None and 0 <= index < len(branches):
        return _as_tensors(machine, machine.call(branches[index], (), {}))
    more = () if is_none(args.get("default")) else (args.values["default"],)
    return _either(machine, (*branches, *more))


def _either(machine: Machine, branches: Sequence[Value]) -> Value:
    results: list[Value] = []
    failure: ShapeFailure | None = None
    for branch in branches:
        try:
            with machine.quiet():
                results.append(_as_tensors(machine, machine.call(branch, (), {})))
        except ShapeFailure as error:
            failure = failure or error
    if not results and failure is not None:
        raise failure
    return join_all(results)


def _as_tensors(machine: Machine, value: Value) -> Value:
    if isinstance(value, Const) and value.value is None:
        return value
    return mapped_nest(machine, value, lambda part: _plain(machine, part))


@array_rule("tensorflow.py_function", params="func=None, inp=None, Tout=None, name=None")
@array_rule("tensorflow.numpy_function", params="func=None, inp=None, Tout=None, stateful=True, name=None")
def py_function(machine: Machine, args: Arguments) -> Value:
    """Tensors of the declared dtypes; TensorFlow knows nothing of their shapes."""
    declared = args.get("Tout")
    if declared is None:
        raise NotKnown("the declared dtypes are not known")
    items = items_of(machine, declared)
    if items is None:
        return tensor(machine, UNKNOWN_SHAPE, dtype_of(declared, "tensorflow"), "tensor")
    made = tuple(tensor(machine, UNKNOWN_SHAPE, dtype_of(item, "tensorflow"), "tensor") for item in items)
    return machine.alloc(ListObject(made))


@array_rule(
    "tensorflow.function",
    params="func=None, input_signature=None, autograph=True, jit_compile=None, reduce_retracing=False, **kwargs",
)
@array_rule("tensorflow.autograph.experimental.do_not_convert", params="func=None")
@array_rule("tensorflow.recompute_grad", params="f", renamed={"f": "func"})
def traced_function(machine: Machine, args: Arguments) -> Value:
    """The function itself; without one, what makes it so."""
    return args.get("func") or Lib("tensorflow.function")


@array_rule("tensorflow.custom_gradient", params="f=None")
def custom_gradient(machine: Machine, args: Arguments) -> Value:
    """A function whose own results are a value and its gradient."""
    return PartialValue(Lib("tensorflow.custom_gradient.value"), (args.get("f") or NONE,))


@array_rule("tensorflow.custom_gradient.value", params="f, *args, **kwargs")
def custom_value(machine: Machine, args: Arguments) -> Value:
    """The value that such a function gives."""
    result = machine.call(args.values["f"], args.rest, args.extra)
    items = result.items if isinstance(result, TupleValue) else ()
    return items[0] if len(items) == 2 and isinstance(items[1], FunctionValue) else Unknown("its result is not known")


@array_rule("tensorflow.GradientTape", params="persistent=False, watch_accessed_variables=True")
def gradient_tape(machine: Machine, args: Arguments) -> Value:
    """A tape."""
    return LibObject("tensorflow.GradientTape", tuple(args.values.items()), machine.site)


@array_rule(
    "tensorflow.GradientTape.gradient",
    params="self, target, sources, output_gradients=None, unconnected_gradients=None",
)
@array_rule("tensorflow.gradients", params="ys, xs, *args, **kwargs", renamed={"xs": "sources"})
def gradient(machine: Machine, args: Arguments) -> Value:
    """Gradients have the shapes of what they are taken for."""
    return mapped_nest(machine, args.values["sources"], lambda part: _plain(machine, part))


@array_rule(
    "tensorflow.GradientTape.jacobian",
    params="self, target, sources, unconnected_gradients=None, parallel_iterations=None, experimental_use_pfor=True",
)
def jacobian(machine: Machine, args: Arguments) -> Value:
    """The target's axes, then the source's."""
    return _derivative(machine, args.values["target"], args.values["sources"], 0)


@array_rule(
    "tensorflow.GradientTape.batch_jacobian",
    params="self, target, source, unconnected_gradients=None, parallel_iterations=None, experimental_use_pfor=True",
)
def batch_jacobian(machine: Machine, args: Arguments) -> Value:
    """The target's axes, then the source's without its batch axis."""
    return _derivative(machine, args.values["target"], args.values["source"], 1)


def _derivative(machine: Machine, target: Value, sources: Value, dropped: int) -> Value:
    found = as_spec(target, machine, "tensorflow")
    front = UNKNOWN_SHAPE if found is None else found.spec.shape

    def derived(part: TensorValue) -> Value:
        shape = part.spec.shape
        full = UNKNOWN_SHAPE if shape.open or front.open else Shape((*front.dims, *shape.dims[dropped:]))
        return TensorValue(TensorSpec(full, part.spec.dtype), "tensor", origin=machine.site)

    return mapped_nest(machine, sources, derived)


@array_rule("tensorflow.GradientTape.watch", params="self, tensor")
@array_rule("tensorflow.GradientTape.reset", "tensorflow.GradientTape.stop_recording", params="self")
def tape_nothing(machine: Machine, args: Arguments) -> Value:
    """Gives ``None``."""
    return NONE
