"""Truth values and equality of abstract values: yes, no, or cannot tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shapelens.library import registry
from shapelens.shapes.dims import Dim, same
from shapelens.values.objects import ClassObject, DictObject, InstanceObject, ListObject
from shapelens.values.value import (
    Const,
    DatasetValue,
    FunctionValue,
    Lib,
    LibObject,
    OneOf,
    Ref,
    SizeValue,
    TensorValue,
    TupleValue,
    Value,
)

if TYPE_CHECKING:
    from shapelens.interp.machine import Interpreter


def truth_of(m: Interpreter, value: Value) -> bool | None:
    """``bool(value)``, or `None` when it cannot be told."""
    if isinstance(value, Const):
        return bool(value.value)
    if isinstance(value, TupleValue):
        return bool(value.items)
    if isinstance(value, Ref):
        obj = m.read(value)
        if isinstance(obj, ListObject):
            return True if obj.items else None if obj.open else False
        if isinstance(obj, DictObject):
            certain = len(obj.entries) > len(obj.perhaps)
            return True if certain else None if obj.open or obj.entries else False
        return None if _defines_truth(m, value) else True
    if isinstance(value, Lib):
        # A function, class or module is true; what else a library holds is not known.
        return True if value.name in registry.FUNCTIONS or is_class_like(value) else None
    if isinstance(value, LibObject | FunctionValue):
        return True
    if isinstance(value, DatasetValue):
        return None
    if isinstance(value, TensorValue) and value.spec.shape.rank == 0 and isinstance(value.data, int | float):
        return bool(value.data)
    if isinstance(value, OneOf):
        answers = {truth_of(m, alternative) for alternative in value.values}
        return answers.pop() if len(answers) == 1 else None
    return None


def is_class_like(value: Lib) -> bool:
    """Whether the name is spelled as a class, or is a library itself."""
    last = value.name.rpartition(".")[2]
    return "." not in value.name or (last[:1].isupper() and not last.isupper())


def _defines_truth(m: Interpreter, ref: Ref) -> bool:
    from shapelens.values.objects import InstanceObject, LibInstance

    obj = m.read(ref)
    if isinstance(obj, LibInstance):
        return True
    if isinstance(obj, InstanceObject):
        from shapelens.interp.classes import find_in_class

        return any(find_in_class(m, obj.cls, name) is not None for name in ("__bool__", "__len__"))
    return False


def equal(m: Interpreter, left: Value, right: Value) -> bool | None:
    """``left == right`` for scalars, tuples, lists and sizes, or `None`."""
    if isinstance(left, Const) and isinstance(right, Const):
        return left.value == right.value
    if isinstance(left, Const | SizeValue) and isinstance(right, Const | SizeValue):
        a, b = _dim(left), _dim(right)
        return None if a is None or b is None else same(a, b)
    left_items, right_items = _sequence(m, left), _sequence(m, right)
    if left_items is not None and right_items is not None:
        if type(left) is not type(right):
            return False
        if len(left_items) != len(right_items):
            return False
        answers = [equal(m, a, b) for a, b in zip(left_items, right_items, strict=True)]
        return False if False in answers else None if None in answers else True
    if isinstance(left, Const | TupleValue | FunctionValue | Lib) and left == right:
        return True
    if (is_no_constant(left) and is_no_constant(right)) or (
        isinstance(left, Const) ^ isinstance(right, Const) and (is_no_constant(left) or is_no_constant(right))
    ):
        return False
    if isinstance(left, Ref) and isinstance(right, Ref) and _compares_by_identity(m, left, right):
        return left == right
    return None


def _compares_by_identity(m: Interpreter, *refs: Ref) -> bool:
    """Whether these are objects of classes of the program's that do not say themselves what is equal."""
    from shapelens.interp.classes import find_in_class

    for ref in refs:
        obj = m.read(ref)
        cls = m.read(obj.cls) if isinstance(obj, InstanceObject) else None
        if not isinstance(obj, InstanceObject) or not isinstance(cls, ClassObject) or cls.keyword_fields:
            return False
        if find_in_class(m, obj.cls, "__eq__") is not None:
            return False
    return True


# Libraries of which what is no number or text is known.
_KNOWN = ("keras", "tensorflow", "numpy", "builtins")


def is_no_constant(value: Value) -> bool:
    """Whether this is certainly another thing than a number, a text or `None`; what a library has that is not
    known may be one.
    """
    if isinstance(value, Lib):
        known = value.name.partition(".")[0] in _KNOWN
        return known or value.name in registry.FUNCTIONS or is_class_like(value)
    return isinstance(value, TupleValue | FunctionValue)


def identical(left: Value, right: Value) -> bool | None:
    """``left is right``, mostly asked of ``None``."""
    none_like = (Const,)
    if isinstance(left, none_like) and isinstance(right, none_like):
        return left == right
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Const) and one.value is None:
            if isinstance(other, OneOf):
                return None if any(identical(one, v) is not False for v in other.values) else False
            known = isinstance(
                other,
                TupleValue | TensorValue | DatasetValue | LibObject | FunctionValue | Ref | SizeValue,
            )
            return False if known or is_no_constant(other) else None
    if isinstance(left, Ref) and isinstance(right, Ref):
        return left == right
    if isinstance(left, Lib) and isinstance(right, Lib):
        if left == right:
            return True
        return False if is_no_constant(left) and is_no_constant(right) else None
    return None


def _dim(value: Const | SizeValue) -> Dim:
    if isinstance(value, SizeValue):
        return value.dim
    return value.value if isinstance(value.value, int) else None


def _sequence(m: Interpreter, value: Value) -> tuple[Value, ...] | None:
    if isinstance(value, TupleValue):
        return value.items
    if isinstance(value, Ref):
        obj = m.read(value)
        if isinstance(obj, ListObject) and not obj.open:
            return obj.items
    return None
