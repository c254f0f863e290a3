"""``keras.Input``: a symbolic tensor, and the node of its input layer."""

from __future__ import annotations

from shapelens.library.keras.models.nests import dim_of, refuse_no_shape, shape_of
from shapelens.library.keras.models.symbolic import symbolic_input
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.shapes.shape import Shape, TensorSpec
from shapelens.values.value import Const, Lib, LibObject, TensorValue, TupleValue, Value


def dtype_of(value: Value | None, default: str | None) -> str | None:
    """The dtype that the argument ``dtype=`` names."""
    if value is None or value == Const(None):
        return default
    if isinstance(value, Const) and isinstance(value.value, str):
        return value.value
    if isinstance(value, Lib | LibObject):
        name = (value.name if isinstance(value, Lib) else value.class_name).rpartition(".")[2]
        return {"float": "float32", "int": "int64", "bool_": "bool"}.get(name, name)
    return None


# Why nothing is known of a Sequential with an Input behind its first layer. Keras minds when it is built.
LATE_INPUT = "its input does not come first"


@function(
    "keras.Input",
    params="shape=None, batch_size=None, dtype=None, sparse=None, ragged=None, batch_shape=None, name=None, "
    "tensor=None, optional=False, type_spec=None, batch_input_shape=None",
)
def make_input(m: Machine, a: Arguments) -> Value:
    """``keras.Input(shape=(28, 28, 1))``."""
    given = a.get("tensor")
    if isinstance(given, TensorValue):
        return given
    whole = shape_of(m, a.get("batch_shape") or a.get("batch_input_shape"))
    if whole is None:
        given = a.get("shape")
        if m.versions.family == 2 and isinstance(given, Const) and isinstance(given.value, int):
            # Keras 2.15.0 takes one size alone.
            given = TupleValue((given,))
        refuse_no_shape(m, given, "shape")
        inner = shape_of(m, given)
        batch = dim_of(a.values["batch_size"]) if "batch_size" in a.values else None
        if inner is None:
            whole = Shape((), open=True)
        else:
            whole = Shape(inner.dims, open=True) if inner.open else Shape((batch, *inner.dims))
    name = a.get("name")
    label = name.value if isinstance(name, Const) and isinstance(name.value, str) else None
    return symbolic_input(m, TensorSpec(whole, dtype_of(a.get("dtype"), "float32")), label, m.site)
