"""Runs one expression by the rules and by the real library, and says where they disagree.

A case is Python text in which ``$2x3`` stands for a NumPy array of shape (2, 3), ``$t2x3`` for a
TensorFlow tensor, ``$kNx3`` for a symbolic ``KerasTensor`` (``N``: ``None``), ``$gNx3`` for a tensor of
a graph that ``tf.function`` traces, ``$2x3:int32`` for another dtype, ``$`` and ``$t`` for scalars. A
leading ``~`` allows the rule to know less than the library.
"""

from __future__ import annotations

import ast
import random
import re
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy

from shapelens.library.arrays.constants import DYNAMIC, array_of
from shapelens.shapes.dims import ANY, SymDim
from shapelens.shapes.question import NEWEST, Versions
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, TensorSpec
from shapelens.values.failure import NotKnown, ShapeFailure
from shapelens.values.objects import DictObject, LayerObject, ListObject, NodeObject
from shapelens.values.value import (
    Const,
    DatasetValue,
    Lib,
    LibObject,
    OneOf,
    Opaque,
    Ref,
    SizeValue,
    TensorValue,
    TupleValue,
    Unknown,
    Value,
)
from tests.conformance import report
from tests.conformance.cases import Input
from tests.conformance.realize import drawn
from tests.support.array_machine import FakeMachine

INPUT = re.compile(r"\$([tkvg]?)((?:[0-9]+|N)(?:x(?:[0-9]+|N))*)?(?::(\w+))?")
# An object of the real library.
Real: TypeAlias = Any
KINDS = {"": "numpy", "t": "tensor", "k": "keras", "v": "variable", "g": "graph"}


@dataclass(frozen=True)
class Case:
    """A parsed case: the expression over ``x0``, ``x1`` ... and what these are."""

    text: str
    source: str
    inputs: Mapping[str, Input]
    loose: bool

    @property
    def traced(self) -> bool:
        """Whether it stands in a graph; TensorFlow has other words there."""
        return any(item.kind == "graph" for item in self.inputs.values())


def parse(text: str) -> Case:
    """The case that ``text`` describes."""
    inputs: dict[str, Input] = {}

    def name(match: re.Match[str]) -> str:
        kind, sizes, dtype = match.groups()
        dims = tuple(None if size == "N" else int(size) for size in (sizes or "").split("x") if size)
        default = "float64" if not kind else "float32"
        inputs[f"x{len(inputs)}"] = Input(KINDS[kind], dims, dtype or default)
        return f"x{len(inputs) - 1}"

    source = INPUT.sub(name, text.removeprefix("~").strip())
    return Case(text, source, inputs, text.startswith("~"))


def disagreements(texts: Iterable[str], namespace: Mapping[str, Any], seed: int = 0) -> list[str]:
    """Everything that rule and library do not agree on, for exact and for blurred inputs."""
    found: list[str] = []
    for number, text in enumerate(texts):
        case = parse(text)
        real, error = run_real(case, namespace, seed + number)
        problem = compare_exact(case, real, error)
        if problem and problem.startswith("the rule fails") and fails_when_run(case, namespace, seed + number):
            continue
        if problem:
            found.append(f"{text}: {problem}")
            continue
        if error is None:
            chooser = random.Random(f"{seed} {text}")
            for _ in range(3):
                problem = compare_blurred(case, real, chooser)
                if problem:
                    found.append(f"{text}: {problem}")
    return found


def run_real(case: Case, namespace: Mapping[str, Any], seed: int) -> tuple[Real, Exception | None]:
    """What the library gives, or the exception that it raises."""
    generator = numpy.random.default_rng(seed)
    graph = {name: item for name, item in case.inputs.items() if item.kind == "graph"}
    eager = {name: item for name, item in case.inputs.items() if item.kind != "graph"}
    names = {**namespace, **{name: make(item, generator, namespace) for name, item in eager.items()}}
    try:
        with warnings.catch_warnings(), numpy.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            if graph:
                return _trace(case.source, names, graph), None
            return eval(case.source, dict(names)), None
    except Exception as error:
        return None, error


def fails_when_run(case: Case, namespace: Mapping[str, Any], seed: int) -> bool:
    """Whether a graph that can be traced raises whatever the sizes that were left open turn out to be."""
    if not case.traced:
        return False
    chooser = random.Random(seed)
    for _ in range(8):
        size = chooser.randint(1, 8)
        inputs = {
            name: Input("tensor", tuple(size if d is None else d for d in item.shape), item.dtype)
            if item.kind == "graph"
            else item
            for name, item in case.inputs.items()
        }
        if run_real(Case(case.text, case.source, inputs, case.loose), namespace, seed)[1] is None:
            return False
    return True


def _trace(source: str, names: Mapping[str, Any], inputs: Mapping[str, Input]) -> Real:
    """What the expression is while ``tf.function`` traces it."""
    tf = names["tf"]
    results: list[Real] = []

    def function(*tensors: Real) -> None:
        results.append(eval(source, {**names, **dict(zip(inputs, tensors, strict=True))}))

    signature = [tf.TensorSpec(item.shape, item.dtype) for item in inputs.values()]
    tf.function(function, signature, autograph=False).get_concrete_function()
    return results[0]


def make(item: Input, generator: numpy.random.Generator, namespace: Mapping[str, Any]) -> Real:
    """A real array for an input."""
    if item.kind == "keras":
        return namespace["keras"].KerasTensor(item.shape, dtype=item.dtype)
    array = drawn(item, generator)
    if item.kind == "numpy":
        return array
    tensor = namespace["tf"].constant(array)
    return namespace["tf"].Variable(tensor) if item.kind == "variable" else tensor


def lift(item: Input) -> TensorValue:
    """The abstract value of an input."""
    kind: Any = "tensor" if item.kind == "graph" else item.kind
    return TensorValue(TensorSpec(Shape(item.shape), item.dtype), kind)


def run_rule(
    case: Case, names: Mapping[str, Value], tree: ast.AST | None = None, versions: Versions = NEWEST
) -> tuple[Value, FakeMachine]:
    """What the rules give."""
    machine = FakeMachine(versions)
    machine.locals = {name: _made_by_input(machine, value) for name, value in names.items()}
    return machine.evaluate(tree or ast.parse(case.source, mode="eval")), machine


def _made_by_input(machine: FakeMachine, value: Value) -> Value:
    """A symbolic tensor as ``keras.Input`` makes it."""
    if not isinstance(value, TensorValue) or value.kind != "keras":
        return value
    layer = machine.alloc(LayerObject("keras.layers.InputLayer", ()))
    return replace(value, node=machine.alloc(NodeObject(layer, (), (), (), value)).address)


def compare_exact(case: Case, real: Real, error: Exception | str | None, versions: Versions = NEWEST) -> str | None:
    """Why the rules do not say what the library does, or `None`."""
    try:
        value, machine = run_rule(case, {name: lift(item) for name, item in case.inputs.items()}, versions=versions)
    except ShapeFailure as failure:
        if error is None:
            return f"the rule fails ({failure.failure.sentence}), the library gives {describe(real)}"
        words = failure.failure.keras
        if words is not None and words.strip() not in str(error) and not case.traced:
            return f"other words: {words!r}, really {str(error)!r}"
        return None
    except NotKnown as unknown:
        really = describe(real) if error is None else repr(error)
        return None if case.loose else f"not known ({unknown.reason}), really {really}"
    except Exception as crash:
        return f"the rule crashes: {crash!r}"
    if error is not None:
        return None if case.loose else f"the rule gives {value}, the library raises {error!r:.300}"
    return mismatch(value, real, machine, exact=not case.loose)


def compare_blurred(case: Case, real: Real, chooser: random.Random, versions: Versions = NEWEST) -> str | None:
    """Why an answer from partly known input contradicts the library, or `None`."""
    names: dict[str, Value] = {name: blur(lift(item), chooser) for name, item in case.inputs.items()}
    tree = ast.parse(case.source, mode="eval")
    constants = [
        node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, int | str | None)
    ]
    if constants and chooser.random() < 0.4:
        node = chooser.choice(constants)
        names["hidden"] = hide(node.value, chooser)
        tree = Replace(node).visit(tree)
    shown = {name: describe_value(value) for name, value in names.items()}
    try:
        value, machine = run_rule(case, names, tree, versions)
    except ShapeFailure as failure:
        return f"fails on {shown}: {failure.failure.sentence}"
    except NotKnown:
        return None
    except (Exception, AssertionError) as crash:
        return f"the rule crashes on {shown}: {crash!r}"
    problem = mismatch(value, real, machine, exact=False)
    return f"{problem} from {shown}" if problem else None


class Replace(ast.NodeTransformer):
    """Replaces one constant by the name ``hidden``."""

    def __init__(self, node: ast.Constant) -> None:
        self.node = node

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return ast.Name("hidden", ast.Load()) if node is self.node else node


def hide(value: object, chooser: random.Random) -> Value:
    """Less than the constant ``value``."""
    if chooser.random() < 0.4 or value is None:
        return Unknown("hidden")
    known: Any = value
    if chooser.random() < 0.5:
        return Opaque(type(value).__name__)
    other = known + 1 if isinstance(known, int) and not isinstance(known, bool) else None
    return OneOf((Const(known), Const(other)))


def blur(value: TensorValue, chooser: random.Random) -> Value:
    """Less than ``value``."""
    shape, choice = value.spec.shape, chooser.random()
    if choice < 0.15:
        return Unknown("blurred")
    if choice < 0.3:
        return TensorValue(TensorSpec(UNKNOWN_SHAPE, value.spec.dtype), value.kind)
    if choice < 0.5:
        keep = chooser.randint(0, len(shape.dims))
        tail = shape.dims[len(shape.dims) - keep :]
        return TensorValue(TensorSpec(Shape(tail, open=True), None), value.kind)
    dims = tuple(ANY if chooser.random() < 0.5 else size for size in shape.dims)
    dtype = value.spec.dtype if chooser.random() < 0.5 else None
    return TensorValue(TensorSpec(Shape(dims), dtype), value.kind)


def mismatch(value: Value, real: Real, machine: FakeMachine, *, exact: bool) -> str | None:
    """How ``value`` contradicts ``real`` (or, if ``exact``, says less)."""
    if isinstance(value, Unknown):
        return f"unknown, really {describe(real)}" if exact else None
    if isinstance(value, OneOf):
        problems = [mismatch(item, real, machine, exact=exact) for item in value.values]
        return None if None in problems else problems[0]
    if isinstance(value, Lib | LibObject):
        return None
    if type(real).__name__ == "TensorShape":
        real = tuple(real)
    if isinstance(real, tuple | list):
        return _sequence_mismatch(value, list(real), machine, exact)
    if isinstance(real, dict):
        return _dict_mismatch(value, real, machine, exact)
    if real is None and isinstance(value, TensorValue) and value.data is DYNAMIC:
        # Outside of a layer's call, Keras gives `None` for a dynamic size.
        return None
    if real is None or isinstance(real, str | type):
        good = value == Const(real) or (isinstance(value, Opaque) and not exact)
        return None if good or isinstance(value, SizeValue) else f"{value}, really {real!r}"
    if hasattr(real, "element_spec"):
        return _dataset_mismatch(value, real, machine, exact)
    if not hasattr(real, "shape"):
        return _scalar_mismatch(value, real)
    return _array_mismatch(value, real, exact)


def _array_mismatch(value: Value, real: Real, exact: bool) -> str | None:
    symbolic = is_symbolic(real)
    if real.shape is None or (symbolic and getattr(real.shape, "rank", 0) is None):
        known = isinstance(value, TensorValue) and not value.spec.shape.open and exact
        return f"shape {value.spec.shape}, really unknown" if known and isinstance(value, TensorValue) else None
    shape = tuple(real.shape)
    if isinstance(value, Const | SizeValue | Opaque):
        if symbolic:
            return f"a scalar {value}, really {describe(real)}" if shape else None
        if shape:
            return f"a scalar {value}, really {describe(real)}"
        return _scalar_mismatch(value, real)
    if not isinstance(value, TensorValue):
        return f"{value}, really {describe(real)}"
    same = value.spec.shape == Shape(shape)
    if symbolic and not value.spec.shape.open:
        # A rule may know more than the graph does; it may not say that the graph leaves a size open.
        same = len(shape) == len(value.spec.shape.dims) and all(
            size is None or isinstance(a, SymDim) or a == size
            for size, a in zip(shape, value.spec.shape.dims, strict=True)
        )
    if not fits(value.spec.shape, shape, loosely=symbolic) or (exact and not same):
        return f"shape {value.spec.shape}, really {describe(real)}"
    dtype = dtype_name(real)
    if value.spec.dtype is not None and dtype is not None and value.spec.dtype != dtype:
        return f"dtype {value.spec.dtype}, really {dtype}"
    array = None if symbolic else array_of(value)
    if array is not None and array.dtype != object and hasattr(real, "__array__") and value.kind != "keras":
        actual = numpy.asarray(real)
        numeric = actual.dtype.kind in "biufc" and array.dtype.kind in "biufc"
        if numeric and not numpy.allclose(actual, array, equal_nan=True):
            return f"contents {value.data}, really {actual.tolist()}"
    return None


def _scalar_mismatch(value: Value, real: Real) -> str | None:
    if isinstance(value, Const):
        try:
            same = bool(numpy.isclose(complex(value.value), complex(real), equal_nan=True))  # type: ignore[arg-type]
        except (TypeError, ValueError):
            same = value.value == real
        return None if same else f"{value}, really {real!r}"
    if isinstance(value, TensorValue):
        return None if value.spec.shape.open or value.spec.shape.rank == 0 else f"{value}, really {real!r}"
    return None if isinstance(value, SizeValue | Opaque) else f"{value}, really {real!r}"


def _sequence_mismatch(value: Value, real: list[Any], machine: FakeMachine, exact: bool) -> str | None:
    if isinstance(value, Opaque):
        return None if not exact else f"{value}, really {real!r:.80}"
    items: tuple[Value, ...] | None = None
    if isinstance(value, TupleValue):
        items = value.items
    elif isinstance(value, Ref):
        obj = machine.read(value)
        if isinstance(obj, ListObject):
            items = None if obj.open else obj.items
            if obj.open:
                if exact:
                    return "an open list"
                candidates = obj.items + ((obj.rest,) if obj.rest is not None else ())
                items = (candidates[-1],) * len(real) if candidates else None
                if items is None:
                    return None
    if items is None or len(items) != len(real):
        return f"{value}, really {len(real)} items"
    for item, part in zip(items, real, strict=True):
        problem = mismatch(item, part, machine, exact=exact)
        if problem:
            return problem
    return None


def _dict_mismatch(value: Value, real: dict[Any, Any], machine: FakeMachine, exact: bool) -> str | None:
    obj = machine.read(value) if isinstance(value, Ref) else None
    if not isinstance(obj, DictObject):
        return f"{value}, really a dict"
    for key, part in real.items():
        item = obj.get(Const(key))
        if item is None:
            return f"no entry {key!r}" if exact else None
        problem = mismatch(item, part, machine, exact=exact)
        if problem:
            return problem
    return None


def _dataset_mismatch(value: Value, real: Real, machine: FakeMachine, exact: bool) -> str | None:
    if not isinstance(value, DatasetValue):
        return f"{value}, really {describe(real)}"
    problem = mismatch(value.element, real.element_spec, machine, exact=exact)
    if problem:
        return f"element: {problem}"
    count = int(real.cardinality())
    if value.cardinality is None and count in (-2, -1):
        return "infinite" if exact and count == -1 else None
    if isinstance(value.cardinality, int) and value.cardinality != count:
        return f"{value.cardinality} elements, really {count}"
    return f"{value.cardinality} elements, really {count}" if exact and value.cardinality != count else None


def is_symbolic(real: Real) -> bool:
    """Whether this is a tensor of a graph."""
    return type(real).__name__ == "SymbolicTensor" or getattr(real, "symbolic", False) is True


def traced(texts: Iterable[str], chooser: random.Random) -> list[str]:
    """The cases on TensorFlow tensors again, inside ``tf.function`` and with sizes that are not known."""
    made: list[str] = []

    def open_sizes(match: re.Match[str]) -> str:
        kind, sizes, dtype = match.groups()
        dims = [("N" if chooser.random() < 0.4 else size) for size in (sizes or "").split("x") if size]
        return f"${'g' if kind == 't' else kind}{'x'.join(dims) if kind == 't' else sizes or ''}" + (
            f":{dtype}" if dtype else ""
        )

    for text in texts:
        if "$t" in text and not any(
            word in text
            for word in ("numpy", "np.", "len(", "as_list", "$v", "==", "switch_case", "tf.Variable(", "k=1")
        ):
            made.append(INPUT.sub(open_sizes, text))
    return made


def fits(shape: Shape, real: tuple[int | None, ...], *, loosely: bool = False) -> bool:
    """Whether ``real`` is one of the shapes that ``shape`` stands for; ``loosely``: a size may be left open."""
    if shape.open:
        if len(real) < len(shape.dims):
            return False
        real = real[len(real) - len(shape.dims) :]
    if len(shape.dims) != len(real):
        return False
    return all(
        isinstance(a, SymDim) or a == b or (loosely and None in (a, b)) for a, b in zip(shape.dims, real, strict=True)
    )


def dtype_name(real: Real) -> str | None:
    """The dtype of a real array, by NumPy's name."""
    dtype = getattr(real, "dtype", None)
    if dtype is None:
        return None
    name = getattr(dtype, "name", None) or str(dtype)
    return "str" if name.startswith("str") and name != "string" else str(name)


def describe(real: Real) -> str:
    """A real result in a few words."""
    if isinstance(real, tuple | list):
        return f"[{', '.join(map(describe, real))}]"
    shape = getattr(real, "shape", None)
    if hasattr(real, "dtype") and (shape is None or getattr(shape, "rank", 0) is None):
        return f"unknown rank {dtype_name(real)}"
    return repr(real)[:80] if shape is None else f"{tuple(shape)} {dtype_name(real)}"


def describe_value(value: Value) -> str:
    """An abstract value in a few words."""
    if isinstance(value, TensorValue):
        return f"{value.spec.shape} {value.spec.dtype}"
    return str(value)


Family: TypeAlias = Callable[[random.Random], list[str]]


FUNCTION = re.compile(r"\b(tf|np|ops|K|keras)\.([a-zA-Z_][\w.]*)")
LIBRARIES = {"tf": "tensorflow", "np": "numpy", "ops": "keras.ops", "K": "keras.backend", "keras": "keras"}


def operation(text: str) -> tuple[str, str]:
    """The library and the function that a case is about: the first one that it names."""
    found = FUNCTION.search(text)
    if found is not None:
        return LIBRARIES[found[1]], found[2]
    return ("tensorflow" if "$t" in text or "$g" in text or "$v" in text or "D." in text else "numpy"), "operators"


def note(cases: Iterable[str], found: Iterable[str]) -> None:
    """Count the cases and what disagrees in the conformance report."""
    counted = Counter(map(operation, cases))
    wrong: dict[tuple[str, str], list[str]] = defaultdict(list)
    for text in found:
        wrong[operation(text)].append(text)
    for (library, name), count in counted.items():
        report.record(3, library, name, cases=count, disagreements=wrong[library, name])


def check(texts: Iterable[str], namespace: Mapping[str, Any], seed: int = 0) -> int:
    """Assert that rule and library agree on every case; the number of cases."""
    cases = list(texts)
    found = disagreements(cases, namespace, seed)
    note(cases, found)
    assert not found, f"{len(found)} of {len(cases)} disagree:\n" + "\n".join(found[:40])
    return len(cases)
