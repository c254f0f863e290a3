"""Questions to the installed library: calls of the program, written as plain data.

A call becomes a `Question` only when everything in it is plain: numbers and texts, public names of the
library, objects made of those (layers, initializers, losses), and tensors of known rank and dtype.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shapelens.interp.result import REFEREE
from shapelens.interp.truth import is_class_like
from shapelens.library.keras.signatures import without_defaults
from shapelens.library.machine import Asked
from shapelens.shapes.question import (
    NEWEST,
    Answer,
    Call,
    Constant,
    Name,
    Question,
    Slice,
    Tensor,
    TensorHow,
    Term,
    Versions,
)
from shapelens.shapes.question import Mapping as MappingTerm
from shapelens.shapes.question import Sequence as SequenceTerm
from shapelens.shapes.shape import SpecNest, TensorSpec
from shapelens.values.objects import MODEL_BASE, DictObject, LayerObject, ListObject, SequentialObject
from shapelens.values.value import (
    Address,
    Const,
    Lib,
    LibObject,
    Ref,
    SliceValue,
    TensorValue,
    TupleValue,
    Value,
)

if TYPE_CHECKING:
    from shapelens.interp.machine import Interpreter

# The libraries that the referee runs.
ASKABLE = ("keras", "tensorflow", "numpy")
# A longer question costs more than its answer is worth.
MAX_TERMS = 400
# Of one unit: a loop that is followed one by one may ask another one each time.
MAX_QUESTIONS = 200


def is_askable(name: str) -> bool:
    """Whether a library name belongs to what the referee runs."""
    return name.partition(".")[0] in ASKABLE


def ask(m: Interpreter, function: Value, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Asked | None:
    """As `Machine.ask`. The answer is a cell of the state: a unit that reads it is run again when it comes."""
    draft = _Draft(m)
    try:
        question = _question(draft, function, args, kwargs)
    except _NotPlainError:
        return None
    # Only now: what never reads this cell does not need to know what is installed.
    referee = m.state.get(REFEREE)
    if not isinstance(referee, Versions) or not referee.keras or referee.family != m.versions.family:
        return None
    if question not in m.asked:
        if len(m.asked) >= MAX_QUESTIONS:
            return None
        m.asked.add(question)
    content = m.state.get(question)
    answer = content if isinstance(content, Answer) else None
    tried = not draft.loose and ("keras" not in draft.hows or draft.hows == {"keras"})
    return Asked(answer, draft.exact, draft.dynamic, draft.loose, tried)


def heed_import(m: Interpreter, name: str) -> None:
    """What the import of a library's module says of the libraries that the program means."""
    if name == "tf_keras" or name.startswith("tf_keras."):
        m.use_keras(2)
    elif name.startswith("tensorflow.compat.v1"):
        # Here its functions have the names of today's, which are others.
        m.state.set(REFEREE, NEWEST)


class _NotPlainError(Exception):
    """Something in the call is not plain data."""


@dataclass(slots=True)
class _Draft:
    """A question that is being written."""

    m: Interpreter
    exact: bool = True
    dynamic: bool = False
    loose: bool = False
    hows: set[TensorHow] = field(default_factory=set)
    contents: bool = True
    # Whether there is a size in it, of which a shape can come: a tensor, a number, a layer.
    sized: bool = False
    terms: int = 0
    objects: set[Address] = field(default_factory=set)


def _question(draft: _Draft, function: Value, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Question:
    if any(name.startswith("\0") for name in kwargs) or function == MODEL_BASE:
        # A model of inputs and outputs is what lies between them, which a question does not tell.
        raise _NotPlainError
    before: tuple[SpecNest, ...] = ()
    obj = draft.m.read(function) if isinstance(function, Ref) else None
    # What a layer or model gives depends on the form of its input alone.
    draft.contents = obj is None
    if isinstance(obj, LayerObject):
        called: Term = _constructor(draft, obj)
        before = _built_on(obj)
    elif isinstance(obj, SequentialObject) or isinstance(function, Lib | LibObject):
        called = _term(draft, function)
    else:
        raise _NotPlainError
    call = Call(called, _terms(draft, args), _keywords(draft, kwargs.items()))
    if not draft.sized and isinstance(function, Lib) and not is_class_like(function):
        raise _NotPlainError
    how: TensorHow = "keras" if not draft.hows or "keras" in draft.hows else "tensor"
    return Question(call, tuple(Call(called, (_nest(draft, nest, how),)) for nest in before))


def _built_on(obj: LayerObject) -> tuple[SpecNest, ...]:
    if not obj.state.built:
        return ()
    if obj.state.built_on is None:
        raise _NotPlainError
    return (obj.state.built_on,)


def _terms(draft: _Draft, values: Iterable[Value]) -> tuple[Term, ...]:
    return tuple(_term(draft, value) for value in values)


def _keywords(draft: _Draft, items: Iterable[tuple[str, Value]]) -> tuple[tuple[str, Term], ...]:
    return tuple((name, _term(draft, value)) for name, value in items)


def _term(draft: _Draft, value: Value) -> Term:
    draft.terms += 1
    if draft.terms > MAX_TERMS:
        raise _NotPlainError
    if isinstance(value, Const):
        if value.value is Ellipsis:
            raise _NotPlainError
        draft.sized |= isinstance(value.value, int | float) and not isinstance(value.value, bool)
        constant = Constant(value.value)
        return Call(Name("numpy.int64"), (constant,)) if value.numpy and isinstance(value.value, int) else constant
    if isinstance(value, TensorValue):
        draft.sized = True
        return _array(draft, value)
    if isinstance(value, TupleValue) and not value.fields:
        return SequenceTerm(_terms(draft, value.items), "tuple")
    if isinstance(value, Lib):
        return _name(value.name)
    if isinstance(value, LibObject):
        # Its configuration is the call's arguments: those by position have their number for a name.
        args = [item for key, item in value.config if key.isdecimal()]
        named = [(key, item) for key, item in value.config if not key.isdecimal()]
        return Call(_name(value.class_name), _terms(draft, args), _keywords(draft, named))
    if isinstance(value, SliceValue):
        return Slice(_term(draft, value.start), _term(draft, value.stop), _term(draft, value.step))
    if isinstance(value, Ref):
        return _object(draft, value)
    raise _NotPlainError


def _object(draft: _Draft, ref: Ref) -> Term:
    obj = draft.m.read(ref)
    if isinstance(obj, ListObject) and not obj.open and obj.type_name == "list":
        return SequenceTerm(_terms(draft, obj.items))
    if isinstance(obj, DictObject) and not obj.open:
        return MappingTerm(tuple((_term(draft, key), _term(draft, item)) for key, item in obj.entries))
    if ref.address in draft.objects:
        # One object in two places would become two.
        raise _NotPlainError
    draft.objects.add(ref.address)
    if isinstance(obj, LayerObject) and not obj.state.built:
        return _constructor(draft, obj)
    if isinstance(obj, SequentialObject):
        return _sequential(draft, obj)
    raise _NotPlainError


def _constructor(draft: _Draft, layer: LayerObject) -> Call:
    draft.sized = True
    given = without_defaults(layer.class_name, layer.config, draft.m.versions.family)
    return Call(_name(layer.class_name), (), _keywords(draft, given))


def _sequential(draft: _Draft, model: SequentialObject) -> Call:
    """A model of layers that nothing but the model itself has built."""
    layers: list[Term] = []
    if model.lost is not None or len(model.outputs) != (len(model.layers) if model.inputs is not None else 0):
        raise _NotPlainError
    given: Value | None = model.inputs
    if isinstance(given, TensorValue):
        tensor = _tensor(draft, given)
        sizes = tuple(Constant(size) for size in tensor.sizes)
        keywords = (("batch_shape", SequenceTerm(sizes, "tuple")), ("dtype", Constant(tensor.dtype)))
        layers.append(Call(Name("keras.Input"), (), keywords))
    elif given is not None:
        raise _NotPlainError
    for layer, output in zip(model.layers, model.outputs or (None,) * len(model.layers), strict=True):
        obj = draft.m.read(layer) if isinstance(layer, Ref) else None
        built_on = obj.state.built_on if isinstance(obj, LayerObject) else None
        if not isinstance(layer, Ref) or not isinstance(obj, LayerObject) or layer.address in draft.objects:
            raise _NotPlainError
        if obj.state.built and not (isinstance(given, TensorValue) and built_on == given.spec):
            raise _NotPlainError
        draft.objects.add(layer.address)
        layers.append(_constructor(draft, obj))
        given = output
    return Call(Name("keras.Sequential"), (SequenceTerm(tuple(layers)),))


def _name(name: str) -> Name:
    if not is_askable(name):
        raise _NotPlainError
    return Name(name)


def _array(draft: _Draft, value: TensorValue) -> Term:
    """An array, with its contents where they are known and may matter."""
    content = None
    if draft.contents and value.data is not None and value.kind in ("numpy", "tensor"):
        content = _content(draft, value.data)
    if content is not None and value.spec.dtype is not None and value.spec.shape.size() != 0:
        maker = "numpy.array" if value.kind == "numpy" else "tensorflow.constant"
        return Call(Name(maker), (content,), (("dtype", Constant(value.spec.dtype)),))
    if draft.contents and (value.data is not None or value.labels is not None):
        # What is known of its content is not told, and may be why a rule fails.
        draft.exact = False
    return _tensor(draft, value)


def _content(draft: _Draft, data: object) -> Term | None:
    if isinstance(data, tuple):
        items = [_content(draft, item) for item in data]
        return None if None in items else SequenceTerm(tuple(item for item in items if item is not None))
    draft.terms += 1
    if data is None or isinstance(data, int | float | complex | str | bytes):
        return Constant(data)
    return None


def _tensor(draft: _Draft, value: TensorValue) -> Tensor:
    if value.kind == "frame" or value.kind == "series":
        raise _NotPlainError
    return _spec(draft, value.spec, value.kind)


def _nest(draft: _Draft, nest: SpecNest, how: TensorHow) -> Term:
    if isinstance(nest, TensorSpec):
        return _spec(draft, nest, how)
    if isinstance(nest, dict):
        return MappingTerm(tuple((Constant(key), _nest(draft, item, how)) for key, item in nest.items()))
    return SequenceTerm(tuple(_nest(draft, item, how) for item in nest))


def _spec(draft: _Draft, spec: TensorSpec, how: TensorHow) -> Tensor:
    if spec.shape.open or spec.dtype is None:
        raise _NotPlainError
    draft.hows.add(how)
    sizes: list[int | None] = []
    for size in spec.shape.dims:
        if size is None:
            draft.dynamic = True
            draft.loose |= how != "keras"
        elif not isinstance(size, int):
            draft.exact = False
        sizes.append(size if isinstance(size, int) else None)
    return Tensor(tuple(sizes), spec.dtype, how)
