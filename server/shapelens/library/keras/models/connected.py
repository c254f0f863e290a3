"""Whether the inputs and outputs of a functional model belong together, as Keras checks when it is made (3.15.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shapelens.library.keras.models.graph import MAX_NESTED, Graph, is_whole, map_graph
from shapelens.library.keras.models.nests import tensors_in
from shapelens.library.machine import Machine
from shapelens.values.failure import Failure, Place, ShapeFailure
from shapelens.values.objects import (
    INPUT_LAYER,
    DictObject,
    FunctionalObject,
    LayerObject,
    ListObject,
    NodeObject,
    SequentialObject,
)
from shapelens.values.value import Ref, TensorValue, TupleValue, Value, owner_of


def check_graph(m: Machine, inputs: Value, outputs: Value) -> None:
    """Raise where an output needs an input that the model does not have, or two layers have one name."""
    given, wanted = tensors_in(m, inputs), tensors_in(m, outputs)
    if m.versions.family == 3:
        _check_some(m, "inputs", inputs)
        _check_some(m, "outputs", outputs)
    whole = bool(given) and is_whole(m, inputs)
    if not whole or any(t.node is None or t.kind != "keras" for t in (*given, *wanted)):
        return
    for index, output in enumerate(wanted):
        graph = map_graph(m, given, (output,), whole="parts" if _entered_whole(given) else "no")
        loose = [tensor for tensor in graph.loose if _is_input(m, tensor)]
        if loose:
            alone = isinstance(outputs, TensorValue)
            raise ShapeFailure(_disconnected(None if alone else index, given, loose))
        _check_names(m, graph)


def _check_some(m: Machine, name: str, structure: Value) -> None:
    """Keras 2 takes no inputs for a graph that is not connected, and makes a model without outputs."""
    if _is_empty(m, structure):
        # How people come by an empty list.
        why = " (in Keras 3, `input` of an input layer is an empty list)" if name == "inputs" else ""
        keras = f"`{name}` argument cannot be empty"
        raise ShapeFailure(Failure("invalid-argument", f"the model gets no {name}{why}", keras=keras))


def _is_empty(m: Machine, structure: Value, depth: int = 0) -> bool:
    """Whether there is nothing in lists, tuples and dicts."""
    obj = m.read(structure) if isinstance(structure, Ref) else None
    if isinstance(structure, TupleValue):
        items: Iterable[Value] = structure.items
    elif isinstance(obj, ListObject | DictObject) and not obj.open:
        items = obj.items if isinstance(obj, ListObject) else [item for _, item in obj.entries]
    else:
        return False
    return depth < MAX_NESTED and all(_is_empty(m, item, depth + 1) for item in items)


def _entered_whole(given: Sequence[TensorValue]) -> bool:
    """Whether no input is a tensor within a network."""
    return all(t.node is None or owner_of(t.node) is None for t in given)


def _is_input(m: Machine, tensor: TensorValue) -> bool:
    node = None if tensor.node is None else m.read(Ref(tensor.node))
    layer = m.read(node.layer) if isinstance(node, NodeObject) and isinstance(node.layer, Ref) else None
    return isinstance(layer, LayerObject) and layer.class_name == INPUT_LAYER


def _disconnected(index: int | None, given: Sequence[TensorValue], loose: Sequence[TensorValue]) -> Failure:
    which = "the output" if index is None else f"output {index}"
    needed = loose[0]
    places = () if needed.origin is None else (Place(needed.origin, "this input is needed, too"),)
    return Failure(
        "graph-disconnected",
        f"{which} does not come from the model's inputs alone: it needs another input, "
        f"of shape {needed.spec.shape}, that is none of them",
        keras=f"Output with path `{'' if index is None else index}` is not connected to `inputs`",
        subject="outputs",
        expected=given[0].spec.shape,
        found=needed.spec.shape,
        places=places,
    )


def _check_names(m: Machine, graph: Graph) -> None:
    """Names that Keras makes up differ by themselves."""
    seen: dict[str, Ref] = {}
    for operation in graph.operations:
        name = given_name(m, operation) if isinstance(operation, Ref) else None
        if name is None or not isinstance(operation, Ref):
            continue
        if name in seen and seen[name] != operation:
            count = sum(1 for other in graph.operations if isinstance(other, Ref) and given_name(m, other) == name)
            raise ShapeFailure(
                Failure(
                    "invalid-argument",
                    f"{count} layers of this model are named '{name}'",
                    keras=f'The name "{name}" is used {count} times in the model. '
                    "All operation names should be unique.",
                )
            )
        seen[name] = operation


def given_name(m: Machine, layer: Value) -> str | None:
    """The name that the program gave to a layer or model, if it did."""
    obj = m.read(layer) if isinstance(layer, Ref) else None
    return obj.state.name if isinstance(obj, LayerObject | SequentialObject | FunctionalObject) else None
