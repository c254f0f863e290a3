"""Immutable abstract values.

A name of the program stands for one of these. Python objects that can change (lists,
instances, layers) are a `Ref` to a heap object (`objects.py`), so that a state of the
interpreter is a plain mapping of immutable things and can be compared and re-used.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from types import EllipsisType
from typing import Literal, NamedTuple, TypeAlias

from shapelens.shapes.dims import SymDim
from shapelens.shapes.shape import TensorSpec
from shapelens.shapes.span import Span

Scalar: TypeAlias = int | float | complex | str | bytes | bool | EllipsisType | None


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that is not known; ``reason`` completes "not known: ..." for the user.

    The reason does not take part in equality: joining two paths must not depend on it.
    """

    reason: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Const:
    """A Python scalar; equal to another of the same type only (in Python ``1 == True == 1.0``).

    ``numpy``: it is a NumPy integer (``np.prod(shape)``), which Keras does not take everywhere. It
    makes no difference to equality.
    """

    value: Scalar
    numpy: bool = field(default=False, compare=False)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Const)
            and type(self.value) is type(other.value)
            and (self.value == other.value or (self.value != self.value and other.value != other.value))
        )

    def __hash__(self) -> int:
        return hash((type(self.value), self.value))


@dataclass(frozen=True, slots=True)
class SizeValue:
    """A Python int whose value is a symbolic size (``x.shape[0]`` of an array of unknown length)."""

    dim: SymDim


@dataclass(frozen=True, slots=True)
class Opaque:
    """A value of a known Python type (``"int"``, ``"str"``, ``"bool"`` ...) but unknown content."""

    type_name: str


@dataclass(frozen=True, slots=True)
class TupleValue:
    """A Python tuple; ``fields`` are the names when it is a named tuple."""

    items: tuple[Value, ...]
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SliceValue:
    """A ``slice``."""

    start: Value
    stop: Value
    step: Value


class Address(NamedTuple):
    """Identity of a heap object: the statement that made it and its count therein.

    A tuple, because the interpreter hashes millions of them.
    """

    unit: int | str
    number: int


# Objects that one unit makes have numbers below this; above it are parts of one of them.
PART = 1 << 32


def part_address(owner: Address, serial: int) -> Address:
    """The identity of a part (1 ...) of the object at ``owner``, which comes into being when it is looked at."""
    return Address(owner.unit, owner.number + serial * PART)


def owner_of(address: Address) -> tuple[Address, int] | None:
    """The object that ``address`` is a part of, and which; `None` for an object of its own."""
    serial, number = divmod(address.number, PART)
    return (Address(address.unit, number), serial) if serial else None


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference to the heap object at ``address``."""

    address: Address


TensorKind: TypeAlias = Literal["numpy", "tensor", "keras", "variable", "frame", "series"]


@dataclass(frozen=True, slots=True)
class TensorValue:
    """An array or tensor.

    ``kind``: a NumPy array, an eager/graph TensorFlow tensor (also what ``keras.ops`` gives on
    eager input), a symbolic ``KerasTensor``, a ``tf.Variable``/Keras weight, or a pandas frame.
    ``data`` holds small constant contents as nested tuples (shape arguments are often computed
    with arrays). ``node`` is the heap address of the `NodeObject` that made a symbolic tensor and
    ``index`` its number among that node's outputs: the tensor's identity.
    ``labels``: the number of classes when the content is integer labels ``0 .. labels-1``.
    ``origin``: where it was made. ``answered_by``: the installed library that told its shape, if no rule did.
    """

    spec: TensorSpec
    kind: TensorKind = "tensor"
    data: object = None
    node: Address | None = None
    index: int = 0
    labels: int | None = None
    origin: Span | None = None
    answered_by: str | None = None


@dataclass(frozen=True, slots=True)
class DatasetValue:
    """A ``tf.data.Dataset`` (or a generator of batches): the structure of one element.

    ``element`` is a nest (`TupleValue`, dict `Ref`, tensors) of what iteration yields;
    ``cardinality`` the number of elements (`None` unknown, -1 infinite).
    ``batched`` says how many times it was batched. ``batch_size`` is the size of the elements' dynamic
    first axis when it is iterated over (every batch is full but perhaps the last).
    """

    element: Value
    cardinality: int | SymDim | None = None
    batched: int = 0
    kind: Literal["dataset", "generator", "iterator", "sequence"] = "dataset"
    origin: Span | None = None
    batch_size: int | None = None


@dataclass(frozen=True, slots=True)
class Lib:
    """A function, class or module of a known library, by canonical name (``keras.layers.Dense``)."""

    name: str


@dataclass(frozen=True, slots=True)
class LibObject:
    """An instance of a library class that has no state worth following (a loss, an optimizer).

    ``config`` holds the constructor's bound arguments.
    """

    class_name: str
    config: tuple[tuple[str, Value], ...] = ()
    origin: Span | None = None

    def get(self, name: str) -> Value | None:
        """The constructor argument ``name``, if it is there."""
        return dict(self.config).get(name)


@dataclass(frozen=True, slots=True)
class LibMethod:
    """A method of a library value, bound: ``x.reshape``, ``dataset.batch``, ``model.fit``."""

    name: str
    self_value: Value


@dataclass(frozen=True, slots=True)
class Code:
    """The code of a function, lambda or class: equal when its text and place in its unit are."""

    unit: int | str
    start: int
    source: str
    node: ast.AST = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class FunctionValue:
    """A user's function: its code, the scopes it closes over, and evaluated defaults."""

    code: Code
    name: str
    module: str
    scopes: tuple[Address, ...] = ()
    defaults: tuple[Value, ...] = ()
    kw_defaults: tuple[tuple[str, Value], ...] = ()
    decorators: tuple[Value, ...] = ()
    owner: Ref | None = None  # the class in whose body it was defined


def parameters_of(function: FunctionValue) -> tuple[str, ...]:
    """The names of a function's parameters that have one, in order."""
    node = function.code.node
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return ()
    return tuple(a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs))


@dataclass(frozen=True, slots=True)
class BoundMethod:
    """A user's function bound to an instance or class."""

    self_value: Value
    function: Value


@dataclass(frozen=True, slots=True)
class PartialValue:
    """``functools.partial``, and other callables with arguments stored beside them."""

    function: Value
    args: tuple[Value, ...] = ()
    kwargs: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class SuperValue:
    """``super()`` inside ``cls`` for the instance ``self_value``."""

    cls: Ref
    self_value: Value


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few values, because paths of the program joined; never nested, at least two."""

    values: tuple[Value, ...]


Value: TypeAlias = (
    "Unknown | Const | SizeValue | Opaque | TupleValue | SliceValue | Ref | TensorValue | DatasetValue"
    " | Lib | LibObject | LibMethod | FunctionValue | BoundMethod | PartialValue | SuperValue | OneOf"
)

NONE = Const(None)
TRUE = Const(True)
FALSE = Const(False)
