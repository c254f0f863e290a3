"""``input`` and ``output`` of layers and models: the symbolic tensors of a call, where there was one."""

from __future__ import annotations

from dataclasses import replace

from shapelens.library import consult
from shapelens.library.machine import Machine
from shapelens.values.failure import Failure
from shapelens.values.objects import (
    INPUT_LAYER,
    DictObject,
    FunctionalObject,
    HeapObject,
    InstanceObject,
    LayerObject,
    LayerState,
    ListObject,
    SequentialObject,
)
from shapelens.values.value import BoundMethod, Lib, LibMethod, Ref, TupleValue, Unknown, Value

# How deep models lie in what is handed on.
MAX_DEPTH = 3
LENT = Unknown("something that is not followed may have called it")


def state_of(obj: LayerObject | SequentialObject | FunctionalObject | InstanceObject) -> LayerState:
    """The layer side of an object."""
    if isinstance(obj, InstanceObject):
        return obj.layer or LayerState()
    return obj.state


def ends(obj: HeapObject, name: str) -> Value | None:
    """What goes into a layer or model or comes out of it (``name``: ``input`` or ``output``), if that is known."""
    if isinstance(obj, SequentialObject):
        if obj.inputs is None or obj.lost is not None:
            return None
        if name == "input":
            return obj.inputs
        return obj.outputs[-1] if len(obj.outputs) == len(obj.layers) and obj.outputs else None
    if isinstance(obj, FunctionalObject):
        return obj.inputs if name == "input" else obj.outputs
    if isinstance(obj, InstanceObject) and obj.model is not None and obj.model.outputs is not None:
        return obj.model.inputs if name == "input" else obj.model.outputs
    if isinstance(obj, LayerObject | InstanceObject):
        state = state_of(obj)
        return state.input_value if name == "input" else state.output_value
    return None


def end_attribute(m: Machine, ref: Ref, obj: HeapObject, name: str) -> Value | None:
    """``obj.input`` or ``obj.output``; `None` where there may be none.

    Keras 3 (3.15.1 was run) has them for a Sequential once that was called on symbolic tensors, as for any layer:
    neither building it nor calling it on data makes them. Keras 2 (2.15.0) has them once it is built.
    """
    if m.versions.family == 3 and isinstance(obj, SequentialObject):
        value = obj.state.input_value if name == "input" else obj.state.output_value
        if value is None and obj.lost is None:
            failure = Failure(
                "never-called",
                f"this model was never called on a symbolic tensor, so that it has no `{name}`: "
                f"its own tensors are in `{name}s`",
                keras=f"has never been called and thus has no defined {name}.",
                details={"attribute": name},
            )
            consult.confirm(m, Lib(f"keras.Sequential.{name}"), (ref,), {}, failure)
            return Unknown("the installed Keras has it, against the rule")
        return value
    if m.versions.family == 3 and isinstance(obj, LayerObject) and obj.class_name == INPUT_LAYER and name == "input":
        # Nothing comes into it; in Keras 2 its own tensor does.
        return m.alloc(ListObject(()))
    return ends(obj, name)


def note_call(m: Machine, ref: Ref, inputs: Value = LENT, outputs: Value = LENT, instead: Value | None = None) -> None:
    """A Sequential is called on symbolic tensors, or may be: the first such call counts, or one after ``instead``."""
    obj = m.read(ref)
    if isinstance(obj, SequentialObject) and obj.state.output_value == instead:
        m.write(ref, replace(obj, state=replace(obj.state, input_value=inputs, output_value=outputs)))


def lend(m: Machine, value: Value, depth: int = 0) -> None:
    """Hand ``value`` to something that is not followed, and that may call the models in it."""
    items: tuple[Value, ...] = ()
    if isinstance(value, TupleValue):
        items = value.items
    elif isinstance(value, BoundMethod | LibMethod):
        items = (value.self_value,)
    elif isinstance(value, Ref):
        obj = m.read(value)
        if isinstance(obj, SequentialObject):
            note_call(m, value)
        elif isinstance(obj, ListObject):
            items = obj.items
        elif isinstance(obj, DictObject):
            items = tuple(item for _, item in obj.entries)
        elif isinstance(obj, InstanceObject):
            items = tuple(item for _, item in obj.attributes)
    if depth < MAX_DEPTH:
        for item in items:
            if isinstance(item, Ref | TupleValue):
                lend(m, item, depth + 1)
