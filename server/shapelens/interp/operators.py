"""Operators on scalars, sizes, sequences and tensors."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from shapelens.interp import truth
from shapelens.interp.control import MAX_COLLECTION, MAX_INT_BITS, MAX_STRING
from shapelens.library import consult
from shapelens.library.arrays.elementwise import binary as tensor_binary
from shapelens.library.arrays.elementwise import unary as tensor_unary
from shapelens.library.python.merging import merged
from shapelens.library.python.operators import OF_SIZES
from shapelens.library.python.sets import BY_SYMBOL, combined
from shapelens.shapes import dims
from shapelens.values.failure import NotKnown, ShapeFailure
from shapelens.values.objects import DictObject, LibInstance, ListObject
from shapelens.values.value import (
    NONE,
    Const,
    DatasetValue,
    Lib,
    OneOf,
    Opaque,
    Ref,
    SizeValue,
    TensorKind,
    TensorValue,
    TupleValue,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from shapelens.interp.machine import Interpreter

SYMBOLS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%",
    ast.Pow: "**", ast.MatMult: "@", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^",
    ast.LShift: "<<", ast.RShift: ">>", ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=",
    ast.Gt: ">", ast.GtE: ">=", ast.USub: "-", ast.UAdd: "+", ast.Invert: "~",
}  # fmt: skip
SCALAR: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
    "//": operator.floordiv, "%": operator.mod, "**": operator.pow, "&": operator.and_,
    "|": operator.or_, "^": operator.xor, "<<": operator.lshift, ">>": operator.rshift,
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le,
    ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
# A width that is one of the values (``"%*d" % (10**9, n)``).
STARRED = re.compile(r"%[^a-zA-Z%]*\*")
DUNDERS = {
    "+": "__add__", "-": "__sub__", "*": "__mul__", "/": "__truediv__", "//": "__floordiv__",
    "%": "__mod__", "**": "__pow__", "@": "__matmul__", "==": "__eq__", "<": "__lt__", ">": "__gt__",
}  # fmt: skip


def binary(
    m: Interpreter,
    node: ast.expr,
    op: type[ast.operator],
    left: Value,
    right: Value,
    operands: tuple[ast.expr, ast.expr],
    in_place: bool = False,
) -> Value:
    """``left op right``, or (``in_place``) what ``left op= right`` makes of ``left``."""
    symbol = SYMBOLS[op]
    if isinstance(left, OneOf):
        return m.each(left, lambda v: binary(m, node, op, v, right, operands, in_place))
    if isinstance(right, OneOf):
        return m.each(right, lambda v: binary(m, node, op, left, v, operands, in_place))
    if symbol in DUNDERS and _is_library_object(m, left):
        return m.call_method(left, DUNDERS[symbol], (right,))
    if symbol in DUNDERS and _is_library_object(m, right):
        return m.call_method(right, DUNDERS[symbol].replace("__", "__r", 1), (left,))
    if isinstance(left, TensorValue) or isinstance(right, TensorValue):
        # In place, an array keeps its shape and dtype.
        return _tensor_op(m, node, symbol + "=" if in_place else symbol, left, right, operands)
    if isinstance(left, Const) and isinstance(right, Const):
        result = _scalar_op(symbol, left.value, right.value)
        if (left.numpy or right.numpy) and isinstance(result, Const) and isinstance(result.value, int):
            return Const(result.value, numpy=True)
        return result
    if isinstance(left, Const | SizeValue | Opaque) and isinstance(right, Const | SizeValue | Opaque):
        return _size_op(symbol, left, right)
    if symbol == "%" and isinstance(left, Const) and isinstance(left.value, str) and isinstance(right, TupleValue):
        return _formatted(left.value, right.items)
    sequence = _sequence_op(m, symbol, left, right)
    if sequence is not None:
        return sequence
    if isinstance(left, Ref) and symbol in DUNDERS:
        return m.call_method(left, DUNDERS[symbol], (right,))
    if isinstance(right, Ref) and symbol in DUNDERS:
        return m.call_method(right, DUNDERS[symbol].replace("__", "__r", 1), (left,))
    unknown = left if isinstance(left, Unknown) else right
    return unknown if isinstance(unknown, Unknown) else Unknown("the result of this operator is not known")


def _is_library_object(m: Interpreter, value: Value) -> bool:
    """Whether ``value`` is an object with operators of its own, a data frame say."""
    return isinstance(value, Ref) and isinstance(m.read(value), LibInstance)


# What an operator on a symbolic tensor is called in Keras.
OPERATIONS = {
    "+": "add", "-": "subtract", "*": "multiply", "/": "true_divide", "//": "floor_divide", "%": "mod",
    "**": "power", "@": "matmul",
}  # fmt: skip


def _operation(symbol: str) -> Value:
    # A symbolic tensor has no operators in place: `x *= 2` is `x = x * 2`.
    name = OPERATIONS.get(symbol.removesuffix("="))
    return NONE if name is None else Lib(f"keras.ops.{name}")


def _function(symbol: str) -> Lib:
    """Python's own name of an operator: ``operator.add``, and ``operator.iadd`` where it is done in place."""
    in_place = symbol.endswith("=") and symbol not in SCALAR
    plain = symbol[:-1] if in_place else symbol
    name = "matmul" if plain == "@" else SCALAR[plain].__name__
    return Lib(f"operator.i{name.rstrip('_')}" if in_place else f"operator.{name}")


def _kind(*operands: TensorValue) -> TensorKind:
    kinds = {operand.kind for operand in operands}
    return "keras" if "keras" in kinds else "tensor" if kinds & {"tensor", "variable"} else "numpy"


def _tensor_op(
    m: Interpreter,
    node: ast.expr,
    symbol: str,
    left: Value,
    right: Value,
    operands: tuple[ast.expr, ast.expr],
) -> Value:
    shown = ((operands[0], "left", left), (operands[1], "right", right))
    a, b = m.tensor(left), m.tensor(right)
    if a is None or b is None:
        known = a or b
        if known is not None and symbol != "@":
            return m.attach(tensor_binary(symbol, known, None, m), (left, right), _operation(symbol))
        return Unknown("one operand is not known")
    try:
        with m.at(node, shown):
            try:
                # The values themselves: a Python number does not decide the dtype, an array does.
                value = tensor_binary(symbol, left, right, m)
            except ShapeFailure as failure:
                reply = consult.confirm(m, _function(symbol), (left, right), {}, failure.failure)
                value = consult.value_of(m, reply, _kind(a, b))
            return m.attach(value, (left, right), _operation(symbol))
    except ShapeFailure as failure:
        return m.failed_at(node, failure.failure, shown)
    except NotKnown as reason:
        return Unknown(reason.reason)


def _formatted(text: str, items: Sequence[Value]) -> Value:
    """``"block_%d_%s" % (number, name)``."""
    known = tuple(item.value for item in items if isinstance(item, Const))
    if len(known) < len(items) or STARRED.search(text):
        return Opaque("str")
    return _scalar_op("%", text, known)


def _scalar_op(symbol: str, left: Any, right: Any) -> Value:
    if symbol not in SCALAR or _too_large(symbol, left, right):
        return Unknown("the result is too large to compute")
    try:
        result = SCALAR[symbol](left, right)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return Unknown("this operator raises an error")
    if isinstance(result, int | float | complex | str | bytes | bool):
        return Const(result)
    return Opaque("str") if isinstance(left, str) else Unknown("the result of this operator is not known")


def _too_large(symbol: str, left: Any, right: Any) -> bool:
    """Whether computing would take long or much memory (``10**10**10``, ``"a" * 10**12``, ``s += s`` in a loop)."""
    texts = [v for v in (left, *(right if isinstance(right, tuple) else (right,))) if isinstance(v, str | bytes)]
    if symbol in ("+", "%") and sum(map(len, texts)) > MAX_STRING:
        return True
    ints = [v for v in (left, right) if isinstance(v, int)]
    bits = [abs(v).bit_length() for v in ints]
    if symbol == "**":
        return len(ints) == 2 and bits[0] * abs(right) > MAX_INT_BITS
    if symbol == "<<":
        return isinstance(right, int) and right > MAX_INT_BITS
    if symbol == "*" and len(ints) == 1:
        other = right if left is ints[0] else left
        return isinstance(other, str | bytes) and ints[0] * len(other) > MAX_STRING
    if symbol == "%" and isinstance(left, str | bytes):
        # A width in a format is a size.
        return any(len(run) > 4 for run in _digits(left))
    return any(b > MAX_INT_BITS for b in bits)


def _digits(text: str | bytes) -> list[str]:
    shown = text if isinstance(text, str) else text.decode("latin-1")
    return "".join(c if c.isdigit() else " " for c in shown).split()


def _size_op(symbol: str, left: Value, right: Value) -> Value:
    a, b = _as_dim(left), _as_dim(right)
    if a is not None and b is not None and symbol in OF_SIZES:
        return dim_value(OF_SIZES[symbol](a, b))
    if symbol in ("==", "!=") and a is not None and b is not None:
        answer = dims.same(a, b)
        return Opaque("bool") if answer is None else Const(answer is (symbol == "=="))
    names = {_type_name(left), _type_name(right)}
    if symbol == "/":
        return Opaque("float")
    if symbol == "%" and _type_name(left) == "str":
        return Opaque("str")
    if names == {"int"}:
        return Opaque("int")
    if names <= {"int", "float"}:
        return Opaque("float")
    if names == {"str"} or (names == {"str", "int"} and symbol == "*"):
        return Opaque("str")
    return Unknown("the result of this operator is not known")


def _as_dim(value: Value) -> dims.Dim:
    if isinstance(value, SizeValue):
        return value.dim
    if isinstance(value, Const) and isinstance(value.value, int):
        return int(value.value)
    if isinstance(value, Opaque) and value.type_name == "int":
        return dims.ANY
    return None


def _type_name(value: Value) -> str:
    if isinstance(value, Const):
        return type(value.value).__name__
    return value.type_name if isinstance(value, Opaque) else "int"


def dim_value(dim: dims.Dim) -> Value:
    """A computed size as a value."""
    if isinstance(dim, int):
        return Const(dim)
    return SizeValue(dim) if dim is not None and dim.terms else Opaque("int")


def _sequence_op(m: Interpreter, symbol: str, left: Value, right: Value) -> Value | None:
    if symbol == "*":
        if isinstance(left, Const | SizeValue | Opaque):
            left, right = right, left
        return _repeat(m, left, right)
    if symbol == "+":
        if isinstance(left, TupleValue) and isinstance(right, TupleValue):
            return TupleValue(left.items + right.items)
        if isinstance(left, Ref) and isinstance(right, Ref):
            a, b = m.read(left), m.read(right)
            if isinstance(a, ListObject) and isinstance(b, ListObject):
                if a.open or b.open:
                    return m.alloc(ListObject((), open=True, rest=a.rest))
                return m.alloc(ListObject(a.items + b.items))
    if symbol == "|" and isinstance(left, Ref) and isinstance(right, Ref):
        first, second = m.read(left), m.read(right)
        if isinstance(first, DictObject) and isinstance(second, DictObject):
            return m.alloc(merged(first, second))
    return combined(m, symbol, left, right) if symbol in BY_SYMBOL else None


def _repeat(m: Interpreter, sequence: Value, times: Value) -> Value | None:
    count = times.value if isinstance(times, Const) and isinstance(times.value, int) else None
    if isinstance(sequence, TupleValue):
        if count is None or count * len(sequence.items) > MAX_COLLECTION:
            return Unknown("the length of this tuple is not known")
        return TupleValue(sequence.items * count)
    if isinstance(sequence, Ref):
        obj = m.read(sequence)
        if isinstance(obj, ListObject):
            if count is None or obj.open or count * len(obj.items) > MAX_COLLECTION:
                rest = obj.items[0] if obj.items else obj.rest
                return m.alloc(ListObject((), open=True, rest=rest))
            return m.alloc(ListObject(obj.items * count))
    return None


def unary(m: Interpreter, op: type[ast.unaryop], value: Value) -> Value:
    """``op value``, except ``not``."""
    symbol = SYMBOLS[op]
    if isinstance(value, OneOf):
        return m.each(value, lambda v: unary(m, op, v))
    if isinstance(value, TensorValue):
        return m.attach(tensor_unary(symbol, value, m), (value,))
    if isinstance(value, Const) and isinstance(value.value, int | float | complex):
        if symbol == "~":
            return Const(~value.value) if isinstance(value.value, int) else Unknown("this operator raises an error")
        return Const(-value.value if symbol == "-" else +value.value)
    if isinstance(value, SizeValue) and symbol == "-":
        return dim_value(dims.mul(value.dim, -1))
    if isinstance(value, Opaque):
        return value
    return value if isinstance(value, Unknown) else Unknown("the result of this operator is not known")


def compare(m: Interpreter, node: ast.Compare, op: type[ast.cmpop], left: Value, right: Value) -> Value:
    """One comparison."""
    answer: bool | None
    if op in (ast.Is, ast.IsNot):
        answer = truth.identical(left, right)
        return _bool(answer, op is ast.IsNot)
    if op in (ast.In, ast.NotIn):
        return _bool(_contains(m, left, right), op is ast.NotIn)
    if (isinstance(left, TensorValue) and left.spec.shape.rank != 0) or (
        isinstance(right, TensorValue) and right.spec.shape.rank != 0
    ):
        return _tensor_op(m, node, SYMBOLS[op], left, right, (node.left, node.comparators[0]))
    left, right = _scalar(left), _scalar(right)
    unknown = next((v for v in (left, right) if isinstance(v, Unknown | OneOf | TensorValue)), None)
    if unknown is not None:
        # It may be an array, and then so is the answer.
        return unknown if isinstance(unknown, Unknown) else Unknown("what is compared here is not known")
    if op in (ast.Eq, ast.NotEq):
        return _bool(truth.equal(m, left, right), op is ast.NotEq)
    if isinstance(left, Const) and isinstance(right, Const):
        result = _scalar_op(SYMBOLS[op], left.value, right.value)
        return result if isinstance(result, Const) else Opaque("bool")
    if isinstance(left, TupleValue) and isinstance(right, TupleValue):
        values = [tuple(i.value for i in side.items if isinstance(i, Const)) for side in (left, right)]
        if len(values[0]) == len(left.items) and len(values[1]) == len(right.items):
            result = _scalar_op(SYMBOLS[op], values[0], values[1])
            return result if isinstance(result, Const) else Opaque("bool")
    return Opaque("bool")


def _scalar(value: Value) -> Value:
    if isinstance(value, TensorValue) and isinstance(value.data, int | float):
        return Const(value.data)
    return value


def _bool(answer: bool | None, negated: bool) -> Value:
    return Opaque("bool") if answer is None else Const(answer is not negated)


def _contains(m: Interpreter, item: Value, container: Value) -> bool | None:
    if isinstance(container, Const) and isinstance(item, Const):
        if isinstance(container.value, str) and isinstance(item.value, str):
            return item.value in container.value
        return None
    if isinstance(container, Ref):
        obj = m.read(container)
        if isinstance(obj, DictObject):
            if obj.get(item) is not None:
                return None if item in obj.perhaps else True
            return None if obj.open or not isinstance(item, Const) else False
    items = None if isinstance(container, DatasetValue | TensorValue) else m.items(container)
    if items is None:
        return None
    answers = [truth.equal(m, item, other) for other in items]
    return True if True in answers else None if None in answers else False
