"""``keras.activations.get`` and its kin: from a name, or whatever else a layer is given, to the thing itself."""

from __future__ import annotations

from shapelens.library import registry
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.values.failure import NotKnown
from shapelens.values.value import NONE, Const, Lib, LibObject, Opaque, Value


@function("keras.activations.get", params="identifier")
def activation(m: Machine, a: Arguments) -> Value:
    """A function: the linear one for ``None``, one of Keras's for a name (run: Keras 2.15 and 3.15)."""
    given = a.values["identifier"]
    if given == NONE:
        return Lib("keras.activations.linear")
    if not isinstance(given, Const):
        return given
    name = f"keras.activations.{given.value!s}"
    if name not in registry.FUNCTIONS:
        raise NotKnown("this activation is not known")
    return Lib(name)


def _register(family: str, base: str) -> None:
    @function(f"keras.{family}.get", params="identifier")
    def get(m: Machine, a: Arguments) -> Value:
        given = a.values["identifier"]
        if isinstance(given, Opaque):
            raise NotKnown("which one is asked for is not known")
        return LibObject(f"keras.{family}.{base}", (), m.site) if _is_described(given) else given


def _is_described(given: Value) -> bool:
    """Whether it is told by its name."""
    return isinstance(given, Const) and isinstance(given.value, str)


for _family, _base in (
    ("initializers", "Initializer"),
    ("regularizers", "Regularizer"),
    ("constraints", "Constraint"),
):
    _register(_family, _base)


@function("keras.regularizers.l1", "keras.regularizers.l2", "keras.regularizers.l1_l2", params="*args, **kwargs")
def regularizer(m: Machine, a: Arguments) -> Value:
    """The old names of the classes."""
    return LibObject("keras.regularizers.Regularizer", (), m.site)


@function("keras.backend.backend", "keras.config.backend", params="")
def backend(m: Machine, a: Arguments) -> Value:
    """TensorFlow: the back end that is supposed everywhere."""
    return Const("tensorflow")
