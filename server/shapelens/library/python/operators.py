"""Functions of Python's module ``operator``, as far as tensors need them."""

from __future__ import annotations

from shapelens.library.arrays.index import subscript
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, function
from shapelens.values.failure import NotKnown
from shapelens.values.value import TensorValue, Value


@function("operator.getitem", params="a, b")
def getitem(m: Machine, a: Arguments) -> Value:
    """``operator.getitem(x, index)``, and what a subscript is in the graph of a model."""
    value = a.values["a"]
    if not isinstance(value, TensorValue):
        raise NotKnown("what is indexed here is not known")
    return subscript(value, a.values["b"], m)
