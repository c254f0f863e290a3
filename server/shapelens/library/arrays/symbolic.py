"""Keras's symbolic tensors given to functions that only take arrays.

In Keras 3.15 a ``KerasTensor`` can be an argument of no TensorFlow function, and of next to no NumPy
function, outside of a layer's call, and so of none of the old ``keras.backend``; Keras 2.15 makes a layer of the
function instead. Which functions look at an argument without converting it was found by calling all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shapelens.library.arrays.failures import refusal
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, FunctionRule
from shapelens.values.failure import ShapeFailure
from shapelens.values.objects import INPUT_LAYER, LayerObject, ListObject, NodeObject
from shapelens.values.value import Ref, TensorValue, TupleValue, Value

TENSORFLOW_WORDS = "A KerasTensor cannot be used as input to a TensorFlow function."
NUMPY_WORDS = "A KerasTensor is symbolic: it's a placeholder for a shape an a dtype."
# Of `keras.backend` some functions stumble over the shape first, in words of their own.
_LIBRARIES = {"tensorflow.": TENSORFLOW_WORDS, "numpy.": NUMPY_WORDS, "keras.backend.": None}
# Deeper graphs than this are not searched for their inputs.
MAX_NODES = 4096
# They only ask an argument for its shape or class, print it, or call its method of the same name.
_HARMLESS = frozenset(
    (
        "tensorflow.print", "tensorflow.Assert", "tensorflow.TensorShape", "tensorflow.TensorSpec",
        "tensorflow.TensorSpec.from_tensor", "tensorflow.as_dtype", "tensorflow.is_tensor",
        "tensorflow.is_symbolic_tensor", "tensorflow.debugging.assert_equal", "tensorflow.nest.flatten",
        "tensorflow.nest.map_structure", "tensorflow.function", "numpy.shape", "numpy.ndim", "numpy.size",
        "numpy.squeeze", "numpy.flip", "numpy.fliplr", "numpy.flipud", "numpy.array_equal",
        "numpy.array_equiv", "numpy.save", "numpy.copyto", "numpy.put", "keras.backend.int_shape",
        # Not tried.
        "keras.backend.eval", "keras.backend.function", "keras.backend.get_value", "keras.backend.gradients",
        "keras.backend.map_fn", "keras.backend.rnn", "keras.backend.set_value",
    )
)  # fmt: skip
_TYPES = (
    "tensorflow.Tensor.", "tensorflow.Variable.", "tensorflow.TensorShape.", "tensorflow.Dataset.",
    "tensorflow.GradientTape.", "numpy.ndarray.", "numpy.random.",
)  # fmt: skip


def eager_only(name: str, rule: FunctionRule) -> FunctionRule:
    """``rule``, refusing symbolic arguments where the function called ``name`` does."""
    library = next((prefix for prefix in _LIBRARIES if name.startswith(prefix)), None)
    if library is None or name in _HARMLESS or name.startswith(_TYPES):
        return rule
    words = _LIBRARIES[library]

    def guarded(machine: Machine, args: Arguments) -> Value:
        for values in (args.values.values(), args.rest, args.extra.values()):
            if any(is_symbolic(machine, value) for value in _tensors(machine, values)):
                raise symbolic_refusal(name, words)
        return rule(machine, args)

    return guarded


def is_symbolic(machine: Machine, value: Value | None) -> bool:
    """Whether this is surely a symbolic tensor of Keras 3.

    What a layer gives on an input of which nothing is known counts as symbolic elsewhere, and is perhaps
    an array: only what comes from a `keras.Input` is sure.
    """
    if not isinstance(value, TensorValue) or value.kind != "keras" or machine.versions.family != 3:
        return False
    waiting, seen = [value], {value.node}
    while waiting and len(seen) < MAX_NODES:
        tensor = waiting.pop()
        node = None if tensor.node is None else machine.read(Ref(tensor.node))
        if not isinstance(node, NodeObject):
            continue
        layer = machine.read(node.layer) if isinstance(node.layer, Ref) else None
        if isinstance(layer, LayerObject) and layer.class_name == INPUT_LAYER:
            return True
        for source in node.inputs:
            if isinstance(source, TensorValue) and source.node not in seen:
                seen.add(source.node)
                waiting.append(source)
    return False


def symbolic_refusal(name: str, words: str | None) -> ShapeFailure:
    """What a symbolic argument raises."""
    library, _, short = name.partition(".")
    spelled = {"tensorflow": "tf", "numpy": "np"}.get(library, library)
    shown = f"`{spelled}.{short}`"
    if name == "numpy.ndarray":
        shown = "a NumPy array on the left side"
    return refusal(
        "invalid-argument",
        f"{shown} cannot take a symbolic tensor of Keras; keras.ops can, or a layer's call around it",
        words,
        function=name,
    )


def _tensors(machine: Machine, values: Iterable[Value]) -> Iterator[TensorValue]:
    for value in values:
        if isinstance(value, TensorValue):
            if value.kind == "keras":
                yield value
        elif isinstance(value, TupleValue):
            yield from _tensors(machine, value.items)
        elif isinstance(value, Ref):
            obj = machine.read(value)
            if isinstance(obj, ListObject):
                yield from _tensors(machine, obj.items)
