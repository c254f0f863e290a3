"""Graphs of symbolic calls: walked for their layers, and run again on other inputs."""

from __future__ import annotations

from collections.abc import Mapping

from shapelens.library.keras.models.nests import map_tensors, tensors_in
from shapelens.library.machine import Machine
from shapelens.values.objects import NodeObject
from shapelens.values.value import Address, Lib, Ref, TensorValue, Unknown, Value

# Nodes of a graph that is run again; a larger one keeps the shapes of its first run.
MAX_REPLAY = 600


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
        node = self._machine.read(Ref(tensor.node))
        self._budget -= 1
        if not isinstance(node, NodeObject) or self._budget < 0 or (not node.inputs and not node.args):
            return tensor
        value = self._call(node)
        outputs = [value] if isinstance(value, TensorValue) else list(self._machine.items(value) or ())
        for index, output in enumerate(outputs):
            self._known[(tensor.node, index)] = output
        return self._known.get((tensor.node, tensor.index), Unknown("the graph is not known"))

    def _call(self, node: NodeObject) -> Value:
        m = self._machine
        args = tuple(map_tensors(m, value, self.tensor) for value in node.args)
        kwargs = {name: map_tensors(m, value, self.tensor) for name, value in node.kwargs}
        if isinstance(node.layer, Ref | Lib):
            return m.call(node.layer, args, kwargs)
        return node.outputs


def graph_layers(m: Machine, outputs: Value) -> tuple[Value, ...]:
    """The layers that a graph runs through, each once, inputs first."""
    found: dict[Value, None] = {}
    seen: set[Address] = set()
    stack: list[tuple[TensorValue, bool]] = [(t, False) for t in reversed(tensors_in(m, outputs))]
    while stack:
        tensor, done = stack.pop()
        if tensor.node is None:
            continue
        node = m.read(Ref(tensor.node))
        if not isinstance(node, NodeObject):
            continue
        if done:
            if isinstance(node.layer, Ref):
                found.setdefault(node.layer)
            continue
        if tensor.node in seen:
            continue
        seen.add(tensor.node)
        stack.append((tensor, True))
        stack.extend((t, False) for v in reversed(node.inputs) for t in tensors_in(m, v))
    return tuple(found)
