"""Recurrent cells: their states, their outputs and their weights. From runs of Keras 3.15.1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from shapelens.library.keras.layers import config as read
from shapelens.library.keras.layers.naming import short_name, snake_case
from shapelens.library.keras.layers.results import single, summed, tensor, weights
from shapelens.library.machine import Machine
from shapelens.library.registry import LayerCall, LayerResult, layer
from shapelens.shapes import dims as dim
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.shape import Shape, SpecNest, TensorSpec
from shapelens.values.objects import ClassObject, InstanceObject, LayerObject, ListObject
from shapelens.values.value import Ref, TensorValue, TupleValue, Value

# The sizes of a cell's states; those of a stack of cells are nested.
States: TypeAlias = "Dim | tuple[States, ...]"


@dataclass(frozen=True, slots=True)
class Cell:
    """What is known of a cell. ``states`` is `None` when even their number is not known.

    ``params`` counts the weights for inputs of a given last size; ``kernel`` and ``columns`` name
    the first weight and its second size, which Keras quotes.
    """

    states: tuple[States, ...] | None
    output: Dim
    params: int | None
    kernel: str | None = None
    columns: Dim = ANY


# How many matrices the gates of a cell need.
GATES = {"SimpleRNN": 1, "GRU": 3, "LSTM": 4}


def gated_cell(machine: Machine, kind: str, config: read.Config, features: Dim) -> Cell:
    """A SimpleRNN, GRU or LSTM cell (``kind``) with these arguments, on inputs of ``features``."""
    units = read.size(machine, config, "units")
    use_bias = read.flag(machine, config, "use_bias")
    gates = GATES[kind]
    columns = dim.mul(units, gates)
    params: int | None = None
    if use_bias is not None:
        rows = 1
        if kind == "GRU":
            reset_after = read.flag(machine, config, "reset_after")
            rows = 2 if reset_after or not use_bias else 1
            use_bias = use_bias if reset_after is not None else None
        if use_bias is not None:
            params = weights((features, columns), (units, columns), (rows if use_bias else 0, columns))
    states: tuple[States, ...] = (units, units) if kind == "LSTM" else (units,)
    return Cell(states, units, params, f"{snake_case(kind)}_cell/kernel", columns)


def read_cell(machine: Machine, value: Value | None, features: Dim) -> Cell:
    """The cell, or list of cells, that an RNN layer is given."""
    target = machine.read(value) if isinstance(value, Ref) else None
    if isinstance(target, LayerObject):
        name = short_name(target.class_name)
        config = dict(target.config)
        if name == "StackedRNNCells":
            return _stack(machine, config.get("cells"), features)
        if name.removesuffix("Cell") in GATES:
            return gated_cell(machine, name.removesuffix("Cell"), config, features)
    if isinstance(value, TupleValue) or isinstance(target, ListObject):
        return _stack(machine, value, features)
    if isinstance(target, InstanceObject) and value is not None:
        return _user_cell(machine, value, target)
    return Cell(None, ANY, None)


@layer("keras.layers.SimpleRNNCell", "keras.layers.GRUCell", "keras.layers.LSTMCell")
def cell_step(machine: Machine, call: LayerCall) -> LayerResult:
    """One step: the output, and the new states in the structure in which the old ones were given."""
    shape = single(call).shape
    kind = short_name(call.class_name).removesuffix("Cell")
    cell = gated_cell(machine, kind, call.config, shape.axis(-1))
    output = tensor(call, shape.replace(-1, cell.output) if shape.dims else Shape((cell.output,), open=True))
    given = call.arguments.get("states")
    nested = kind == "LSTM" or not isinstance(given, TensorValue)
    new_states: SpecNest = (output,) * len(cell.states or ()) if nested else output
    return LayerResult((output, new_states), cell.params)


@layer("keras.layers.StackedRNNCells")
def stacked_step(machine: Machine, call: LayerCall) -> LayerResult:
    """One step through every cell."""
    shape = single(call).shape
    cell = _stack(machine, call.config.get("cells"), shape.axis(-1))
    batch = Shape(shape.dims[:-1], shape.open)
    output = TensorSpec(Shape((*batch.dims, cell.output), batch.open), read.compute_dtype(call.config))
    states = tuple(_state_specs(state, batch, output.dtype) for state in cell.states or ())
    # A single state is given back in a list when the program gave it in one, as nearly all do.
    nested = tuple(state if isinstance(state, tuple) else (state,) for state in states)
    return LayerResult((output, nested[0] if len(nested) == 1 else nested), cell.params)


def states_of_stack(machine: Machine, call: LayerCall, output: TensorSpec) -> SpecNest:
    """The states of a stack of cells (of the layer ``call``), one entry for each cell."""
    cell = _stack(machine, call.config.get("cells"), ANY)
    batch = Shape(output.shape.dims[:-1], output.shape.open)
    return tuple(_state_specs(state, batch, output.dtype) for state in cell.states or ())


def _state_specs(states: States, batch: Shape, dtype: str | None) -> SpecNest:
    if isinstance(states, tuple):
        return tuple(_state_specs(state, batch, dtype) for state in states)
    return TensorSpec(Shape((*batch.dims, states), batch.open), dtype)


def _stack(machine: Machine, value: Value | None, features: Dim) -> Cell:
    items = read.items_of(machine, value)
    if not items:
        return Cell(None, ANY, None)
    cells: list[Cell] = []
    for item in items:
        cells.append(read_cell(machine, item, features))
        features = cells[-1].output
    states: tuple[States, ...] | None = None
    if all(cell.states is not None for cell in cells):
        # The state of a cell with one state is not nested.
        each = [cell.states or () for cell in cells]
        states = tuple(sizes[0] if len(sizes) == 1 else sizes for sizes in each)
    params = summed(*(cell.params for cell in cells))
    kernel = None if cells[0].kernel is None else f"stacked_rnn_cells/{cells[0].kernel}"
    return Cell(states, cells[-1].output, params, kernel, cells[0].columns)


def _user_cell(machine: Machine, value: Value, instance: InstanceObject) -> Cell:
    """A cell of the user's says what its states are in ``state_size``, and maybe in ``output_size``."""
    size = machine.attribute(value, "state_size")
    one = read.size_of(machine, size)
    many = (one,) if one is not ANY else read.dims_of(machine, size)
    states = tuple(ANY if state is None else state for state in many) if many is not None else None
    if _has(machine, instance, "output_size"):
        return Cell(states, read.size_of(machine, machine.attribute(value, "output_size")), None)
    return Cell(states, states[0] if states else ANY, None)


def _has(machine: Machine, instance: InstanceObject, name: str) -> bool:
    """Whether the instance or one of its classes defines it: to ask for a missing one is an error."""
    if any(known == name for known, _ in instance.attributes):
        return True
    pending: list[Value] = [instance.cls]
    while pending:
        cls = pending.pop()
        found = machine.read(cls) if isinstance(cls, Ref) else None
        if isinstance(found, ClassObject):
            if any(known == name for known, _ in found.attributes):
                return True
            pending.extend(found.bases)
    return False
