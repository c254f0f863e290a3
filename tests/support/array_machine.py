"""A small evaluator of expressions over the rule registry, without the interpreter.

``evaluate("np.zeros((2, 3)).reshape(A, -1)", {"A": Const(6)})`` calls the rules that the
interpreter would call. Enough Python for tables of test cases: calls, attributes, operators,
subscripts, tuples, lists, dicts, slices, constants, lambdas.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any

from shapelens.library.arrays.alternatives import join_all
from shapelens.library.arrays.convert import as_spec
from shapelens.library.arrays.elementwise import binary, unary
from shapelens.library.arrays.index import subscript, type_name
from shapelens.library.load import load_rules
from shapelens.library.registry import ATTRIBUTES, FUNCTIONS, bind
from shapelens.shapes.question import NEWEST, Versions
from shapelens.shapes.shape import TensorSpec
from shapelens.shapes.span import Span
from shapelens.values.failure import Failure, NotKnown
from shapelens.values.objects import DictObject, HeapObject, LibInstance, ListObject
from shapelens.values.value import (
    Address,
    Code,
    Const,
    DatasetValue,
    FunctionValue,
    Lib,
    LibMethod,
    LibObject,
    OneOf,
    Opaque,
    Ref,
    SliceValue,
    TensorValue,
    TupleValue,
    Unknown,
    Value,
)

load_rules()

MODULES = {
    "np": "numpy",
    "D": "tensorflow.data.Dataset",
    "tf": "tensorflow",
    "pd": "pandas",
    "K": "keras.backend",
    "ops": "keras.ops",
}
SYMBOLS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%",
    ast.Pow: "**", ast.MatMult: "@", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^",
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.USub: "-", ast.UAdd: "+", ast.Invert: "~",
}  # fmt: skip


class FakeMachine:
    """`library.Machine`, as far as array rules need it."""

    def __init__(self, versions: Versions = NEWEST) -> None:
        self.heap: dict[Address, HeapObject] = {}
        self.warnings: list[Failure] = []
        self.errors: list[Failure] = []
        self.locals: dict[str, Value] = {}
        self.versions = versions
        self.settings: dict[str, Value] = {}

    def setting(self, name: str) -> Value | None:
        return self.settings.get(name)

    def set_setting(self, name: str, value: Value) -> None:
        self.settings[name] = value

    def ask(self, function: Value, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
        """There is nobody to ask."""

    @property
    def site(self) -> Span:
        return Span(0, 0, 1)

    def read(self, ref: Ref) -> HeapObject:
        return self.heap[ref.address]

    def write(self, ref: Ref, obj: HeapObject) -> None:
        self.heap[ref.address] = obj

    def alloc(self, obj: HeapObject) -> Ref:
        ref = Ref(Address(0, len(self.heap)))
        self.heap[ref.address] = obj
        return ref

    def call(self, function: Value, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        if isinstance(function, LibMethod):
            return self.call_name(function.name, (function.self_value, *args), kwargs)
        if isinstance(function, Lib):
            return self.call_name(function.name, args, kwargs)
        if isinstance(function, LibObject):
            return self.call_name(f"{function.class_name}.__call__", (function, *args), kwargs)
        if isinstance(function, FunctionValue):
            node = function.code.node
            assert isinstance(node, ast.Lambda)
            saved = dict(self.locals)
            self.locals.update(zip([a.arg for a in node.args.args], args, strict=True))
            result = self.evaluate(node.body)
            self.locals = saved
            return result
        return Unknown("it is not known what is called")

    def call_name(self, name: str, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        rule = FUNCTIONS.get(name)
        if rule is None and name.rpartition(".")[2][:1].isupper():
            config = (*((str(place), value) for place, value in enumerate(args)), *kwargs.items())
            return LibObject(name, config, self.site)
        if rule is None:
            if name.rpartition(".")[2][:1].isupper():
                # A class without a rule: an object of which nothing but its arguments is kept.
                return LibObject(name)
            raise LookupError(f"no rule for {name}")
        arguments = bind(rule.signature, args, kwargs)
        if isinstance(arguments, str):
            raise TypeError(f"{name}: {arguments}")
        return rule.rule(self, arguments)

    def attribute(self, value: Value, name: str) -> Value:
        if isinstance(value, Lib):
            full = f"{value.name}.{name}"
            return ATTRIBUTES[full](self, value) if full in ATTRIBUTES else Lib(full)
        if isinstance(value, Unknown | Opaque | OneOf):
            raise NotKnown("its owner is not known")
        owner = self.type_name(value)
        full = f"{owner}.{name}"
        if full in ATTRIBUTES:
            return ATTRIBUTES[full](self, value)
        if full in FUNCTIONS:
            return LibMethod(full, value)
        raise LookupError(f"no rule for {full}")

    def type_name(self, value: Value) -> str | None:
        if isinstance(value, DatasetValue):
            return "tensorflow.Dataset"
        if isinstance(value, TupleValue):
            return "tensorflow.TensorShape"
        if isinstance(value, Ref):
            obj = self.read(value)
            return obj.class_name if isinstance(obj, LibInstance) else type(obj).__name__
        return type_name(value)

    def items(self, value: Value) -> tuple[Value, ...] | None:
        if isinstance(value, TupleValue):
            return value.items
        if isinstance(value, Ref):
            obj = self.read(value)
            if isinstance(obj, ListObject):
                return None if obj.open else obj.items
            if isinstance(obj, DictObject):
                return None if obj.open else tuple(key for key, _ in obj.entries)
        return None

    def spec(self, value: Value) -> TensorSpec | None:
        found = as_spec(value, self)
        return None if found is None else found.spec

    def truth(self, value: Value) -> bool | None:
        return bool(value.value) if isinstance(value, Const) else None

    def quiet(self) -> AbstractContextManager[None]:
        return nullcontext()

    def tensor(self, value: Value) -> TensorValue | None:
        return as_spec(value, self)

    def attach(self, result: Value, inputs: tuple[Value, ...], operation: Value, /) -> Value:
        return result

    def warn(self, failure: Failure) -> None:
        self.warnings.append(failure)

    def fail(self, failure: Failure) -> None:
        self.errors.append(failure)

    # Expressions

    def evaluate(self, node: ast.AST) -> Value:
        """The value of an expression, by the rules."""
        method: Any = getattr(self, f"_{type(node).__name__.lower()}")
        result: Value = method(node)
        return result

    def _expression(self, node: ast.Expression) -> Value:
        return self.evaluate(node.body)

    def _constant(self, node: ast.Constant) -> Value:
        return Const(node.value)

    def _name(self, node: ast.Name) -> Value:
        if node.id in self.locals:
            return self.locals[node.id]
        return Lib(MODULES.get(node.id, f"builtins.{node.id}" if node.id in _BUILTINS else node.id))

    def _attribute(self, node: ast.Attribute) -> Value:
        return self.attribute(self.evaluate(node.value), node.attr)

    def _call(self, node: ast.Call) -> Value:
        args: list[Value] = []
        for arg in node.args:
            if isinstance(arg, ast.Starred):
                args += self.items(self.evaluate(arg.value)) or ()
            else:
                args.append(self.evaluate(arg))
        if isinstance(node.func, ast.Name) and node.func.id == "len":
            return self.call(self.attribute(args[0], "__len__"), (), {})
        kwargs = {keyword.arg: self.evaluate(keyword.value) for keyword in node.keywords if keyword.arg}
        return self.call(self.evaluate(node.func), args, kwargs)

    def _subscript(self, node: ast.Subscript) -> Value:
        value, index = self.evaluate(node.value), self.evaluate(node.slice)
        items = None if isinstance(value, TensorValue) else self.items(value)
        if isinstance(value, Ref) and isinstance(self.read(value), DictObject):
            obj = self.read(value)
            assert isinstance(obj, DictObject)
            found = obj.get(index)
            assert found is not None
            return found
        if items is not None and isinstance(index, Const) and isinstance(index.value, int):
            return items[index.value]
        if items is not None and isinstance(index, SliceValue):
            bounds = [b.value if isinstance(b, Const) else None for b in (index.start, index.stop, index.step)]
            return TupleValue(items[slice(*bounds)])
        return subscript(value, index, self)

    def _slice(self, node: ast.Slice) -> Value:
        parts = (node.lower, node.upper, node.step)
        return SliceValue(*(Const(None) if part is None else self.evaluate(part) for part in parts))

    def _tuple(self, node: ast.Tuple) -> Value:
        return TupleValue(tuple(map(self.evaluate, node.elts)))

    def _list(self, node: ast.List) -> Value:
        return self.alloc(ListObject(tuple(map(self.evaluate, node.elts))))

    def _dict(self, node: ast.Dict) -> Value:
        pairs = zip(node.keys, node.values, strict=True)
        return self.alloc(DictObject(tuple((self.evaluate(k), self.evaluate(v)) for k, v in pairs if k)))

    def _lambda(self, node: ast.Lambda) -> Value:
        return FunctionValue(Code(0, 0, ast.unparse(node), node), "<lambda>", "test")

    def _binop(self, node: ast.BinOp) -> Value:
        return self._operate(SYMBOLS[type(node.op)], self.evaluate(node.left), self.evaluate(node.right))

    def _compare(self, node: ast.Compare) -> Value:
        right = self.evaluate(node.comparators[0])
        return self._operate(SYMBOLS[type(node.ops[0])], self.evaluate(node.left), right)

    def _operate(self, op: str, left: Value, right: Value) -> Value:
        if isinstance(left, Const) and isinstance(right, Const):
            result = eval(f"a {op} b", {"a": left.value, "b": right.value})
            return Const(result)
        if isinstance(left, TupleValue) and isinstance(right, TupleValue) and op == "+":
            return TupleValue(left.items + right.items)
        for side in (left, right):
            if isinstance(side, OneOf):
                pairs = [(v, right) if side is left else (left, v) for v in side.values]
                return join_all([self._operate(op, a, b) for a, b in pairs])
        if not isinstance(left, TensorValue) and not isinstance(right, TensorValue):
            return Unknown("not known")
        return binary(op, left, right, self)

    def _unaryop(self, node: ast.UnaryOp) -> Value:
        value = self.evaluate(node.operand)
        if isinstance(value, Unknown | Opaque | OneOf):
            return Unknown("not known")
        if isinstance(value, Const):
            return Const(eval(f"{SYMBOLS[type(node.op)]} a", {"a": value.value}))
        assert isinstance(value, TensorValue)
        return unary(SYMBOLS[type(node.op)], value, self)


def evaluate(source: str, names: Mapping[str, Value] | None = None, machine: FakeMachine | None = None) -> Value:
    """The value of ``source`` by the rules."""
    machine = machine or FakeMachine()
    machine.locals = dict(names or {})
    return machine.evaluate(ast.parse(source, mode="eval"))


def without_origin(value: Value) -> Value:
    """``value`` without the place where it was made, for comparisons."""
    if isinstance(value, TensorValue | DatasetValue | LibObject):
        return replace(value, origin=None)
    return value


_BUILTINS = ("int", "float", "bool", "str", "complex")
