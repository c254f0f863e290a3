"""Graphs of symbolic calls: walked for their layers, and run again on other inputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from shapelens.library.keras.models import parts
from shapelens.library.keras.models.nests import map_tensors, tensors_in
from shapelens.library.machine import Machine
from shapelens.values.objects import DictObject, FunctionalObject, ListObject, NodeObject
from shapelens.values.value import Address, Lib, OneOf, Ref, TensorValue, TupleValue, Unknown, Value, owner_of

# Nodes of a graph that is run again; of a larger one nothing is said.
MAX_REPLAY = 600
# Keras counts no further: nothing of this size is written by hand.
MAX_NODES = 20_000
# Where names are known not to be tensors.
KNOWN = ("keras.", "tensorflow.", "numpy.", "builtins.")
# Structures of arguments are no deeper.
MAX_NESTED = 4


class Replay:
    """A graph run again on other inputs: tensors by their identity in the first run."""

    def __init__(self, m: Machine, known: Mapping[tuple[Address | None, int], TensorValue]) -> None:
        self._machine = m
        self._known: dict[tuple[Address | None, int], Value] = dict(known)
        self._budget = MAX_REPLAY

    def tensor(self, tensor: TensorValue) -> Value:
        """What ``tensor`` is on the new inputs."""
        if tensor.node is None:
            return tensor
        found = self._known.get((tensor.node, tensor.index))
        if found is not None:
            return found
        self._budget -= 1
        if self._budget < 0:
            return Unknown("the graph is too large to run again")
        inner = self._in_network(tensor.node)
        if inner is not None:
            self._known[(tensor.node, tensor.index)] = inner
            return inner
        node = self._machine.read(Ref(tensor.node))
        if not isinstance(node, NodeObject) or (not node.inputs and not node.args):
            return tensor
        value = self._call(node)
        outputs = [value] if isinstance(value, TensorValue) else list(self._machine.items(value) or ())
        for index, output in enumerate(outputs):
            self._known[(tensor.node, index)] = output
        return self._known.get((tensor.node, tensor.index), Unknown("the graph is not known"))

    def _in_network(self, node: Address) -> Value | None:
        """The output of a layer within a network, unless the program enters the network in its middle."""
        owned = owner_of(node)
        network = None if owned is None else self._machine.read(Ref(owned[0]))
        if owned is None or not isinstance(network, FunctionalObject) or network.network is None:
            return None
        if any(known is not None and _same_owner(known, owned[0]) for known, _ in self._known):
            return None
        source = self.tensor(network.network.source)
        row = parts.row_of(network.network, owned[1])
        if row is None or not isinstance(source, TensorValue):
            return source if isinstance(source, Unknown) else None
        return TensorValue(parts.outputs_on(self._machine, network.network, source.spec)[row], source.kind)

    def _call(self, node: NodeObject) -> Value:
        m = self._machine
        args = tuple(map_tensors(m, value, self.tensor) for value in node.args)
        kwargs = {name: map_tensors(m, value, self.tensor) for name, value in node.kwargs}
        called = self._called(node)
        return m.call(called, args, kwargs) if isinstance(called, Ref | Lib) else node.outputs

    def _called(self, node: NodeObject) -> Value:
        """What is called in place of the node's own callee."""
        return node.layer


def _same_owner(address: Address, owner: Address) -> bool:
    owned = owner_of(address)
    return owned is not None and owned[0] == owner


Whole: TypeAlias = Literal["no", "outputs", "parts"]


@dataclass(frozen=True, slots=True)
class Graph:
    """What lies between a model's inputs and outputs.

    ``operations``: layers (`Ref`) and the addresses of calls that are no layer's, in Keras's order.
    ``loose``: an input layer that the outputs need but that is none of the model's inputs.
    ``complete``: it can be followed from all outputs to the inputs.
    """

    operations: tuple[Ref | Address, ...]
    loose: tuple[TensorValue, ...] = ()
    complete: bool = True


def map_graph(
    m: Machine, inputs: Iterable[TensorValue], outputs: Iterable[TensorValue], *, whole: Whole = "no"
) -> Graph:
    """The operations of a functional model, as ``keras.src.ops.function.map_graph`` orders them (Keras 3.15.1).

    Those furthest from an output come first; among equals, in the order in which a walk from the
    outputs meets them. ``whole``: a network of `keras.applications` that is left by its output counts as one
    operation, the network (``outputs``); or however it is left, as its address (``parts``).
    """
    walk = _Walk(m, tuple(inputs), whole)
    for tensor in outputs:
        walk.visit(tensor)
    return walk.graph()


def graph_layers(m: Machine, inputs: Value, outputs: Value) -> tuple[Value, ...] | None:
    """``model.layers`` of a functional model; `None` where some may be missing."""
    graph = map_graph(m, tensors_in(m, inputs), tensors_in(m, outputs))
    if not graph.complete or not is_whole(m, inputs) or not leads_back(m, outputs):
        return None
    return tuple(operation for operation in graph.operations if isinstance(operation, Ref))


def leads_back(m: Machine, outputs: Value) -> bool:
    """Whether each output of a model is a symbolic tensor of which it is known how it came about."""
    tensors = tensors_in(m, outputs)
    return is_whole(m, outputs) and all(tensor.kind == "keras" and tensor.node is not None for tensor in tensors)


def is_whole(m: Machine, value: Value, depth: int = 0) -> bool:
    """Whether nothing in a structure is unknown that may be a tensor which came out of a layer."""
    if isinstance(value, Unknown | OneOf):
        return False
    if isinstance(value, Lib):
        # What a module that is not known has may be anything.
        return value.name.startswith(KNOWN)
    if isinstance(value, TensorValue):
        return value.kind != "keras" or value.node is not None
    items: Iterable[Value] = value.items if isinstance(value, TupleValue) else ()
    obj = m.read(value) if isinstance(value, Ref) else None
    if isinstance(obj, ListObject | DictObject):
        if obj.open:
            return False
        items = obj.items if isinstance(obj, ListObject) else [item for _, item in obj.entries]
    return depth > MAX_NESTED or all(is_whole(m, item, depth + 1) for item in items)


def _given_to(node: NodeObject) -> Iterable[Value]:
    """The arguments of a call that may be tensors."""
    return (*node.args, *(value for name, value in node.kwargs if name != "training"))


class _Walk:
    def __init__(self, m: Machine, inputs: tuple[TensorValue, ...], whole: Whole) -> None:
        self._machine = m
        self._inputs = inputs
        self._given = {(tensor.node, tensor.index) for tensor in inputs}
        self._whole = whole
        self._first: dict[Ref | Address, int] = {}
        self._done: dict[Address, Ref | Address] = {}
        self._parents: dict[Address, tuple[Address, ...]] = {}
        self._entered: set[Address] = set()
        self._operations: dict[Address, Ref | Address] = {}
        self._loose: list[TensorValue] = []
        self._complete = True

    def visit(self, tensor: TensorValue) -> None:
        """Walk up from an output, depth first, as Keras does."""
        stack: list[tuple[TensorValue, bool]] = [(tensor, False)]
        while stack and len(self._entered) < MAX_NODES:
            current, left = stack.pop()
            address = current.node
            if address is None or (address in self._entered and not left):
                continue
            if left:
                self._done[address] = self._operations[address]
                continue
            operation, above = self._node(address)
            if operation is None:
                self._complete = False
                continue
            self._operations[address] = operation
            is_given = (address, current.index) in self._given
            if is_given and above:
                self._entered.add(address)
                continue
            if not above and not is_given:
                self._loose.append(current)
            self._entered.add(address)
            self._first.setdefault(operation, len(self._first))
            self._parents[address] = tuple(t.node for t in above if t.node is not None)
            stack.append((current, True))
            stack.extend((parent, False) for parent in reversed(above))

    def _node(self, address: Address) -> tuple[Ref | Address | None, tuple[TensorValue, ...]]:
        m = self._machine
        owned = owner_of(address)
        if owned is not None and (self._whole == "parts" or (self._whole == "outputs" and owned[1] == parts.OUTPUT)):
            network = m.read(Ref(owned[0]))
            if isinstance(network, FunctionalObject) and network.network is not None:
                return owned[0] if self._whole == "parts" else Ref(owned[0]), (network.network.source,)
        node = m.read(Ref(address))
        if not isinstance(node, NodeObject):
            return None, ()
        if not all(is_whole(m, value) for value in _given_to(node)):
            self._complete = False
        above = tuple(t for value in node.inputs for t in tensors_in(m, value))
        return (node.layer if isinstance(node.layer, Ref) else address), above

    def graph(self) -> Graph:
        """Sort what was met."""
        depths: dict[Address, int] = {}
        of_operation: dict[Ref | Address, int] = {}
        for address, operation in reversed(self._done.items()):
            depth = max(depths.setdefault(address, 0), of_operation.get(operation, 0))
            depths[address] = of_operation[operation] = depth
            for parent in self._parents[address]:
                if parent in self._done:
                    depths[parent] = max(depth + 1, depths.get(parent, 0))
        for tensor in self._inputs:
            if tensor.node is not None:
                unused, above = self._node(tensor.node)
                if unused is not None and not above and unused not in of_operation:
                    of_operation[unused] = 0
                    self._first[unused] = -1
        order = sorted(of_operation, key=lambda operation: (-of_operation[operation], self._first[operation]))
        return Graph(tuple(order), tuple(self._loose), self._complete and len(self._entered) < MAX_NODES)
