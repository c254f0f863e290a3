"""Values of the program, written as the terms of a question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shapelens.library.keras.layers.naming import name_of
from shapelens.library.keras.signatures import without_defaults
from shapelens.shapes.question import Call, Constant, Given, Name, Slice, Tensor, TensorHow, Term
from shapelens.shapes.question import Mapping as MappingTerm
from shapelens.shapes.question import Sequence as SequenceTerm
from shapelens.shapes.shape import SpecNest, TensorSpec
from shapelens.values.objects import (
    DictObject,
    FunctionalObject,
    LayerObject,
    LayerState,
    ListObject,
    SequentialObject,
)
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

# The libraries that the referee runs, and Python's operators on their tensors.
ASKABLE = ("keras", "tensorflow", "numpy", "operator")
# A longer question costs more than its answer is worth.
MAX_TERMS = 400
# One that tells a whole model.
MAX_MODEL_TERMS = 4000


class NotPlainError(Exception):
    """Something in the call is not plain data."""


@dataclass(slots=True)
class Draft:
    """A question that is being written.

    ``linked``: symbolic tensors are told by what made them, and layers and models are steps, so that one
    object stays one; ``placed`` are their steps, by address, and those of tensors by node and number.
    ``untold``: a content that is known is not in the question.
    ``named``: layers have the names that Keras makes up for them in the program; else ones of their own.
    """

    m: Interpreter
    exact: bool = True
    dynamic: bool = False
    loose: bool = False
    hows: set[TensorHow] = field(default_factory=set)
    contents: bool = True
    untold: bool = False
    # Whether there is a size in it, of which a shape can come: a tensor, a number, a layer.
    sized: bool = False
    terms: int = 0
    objects: set[Address] = field(default_factory=set)
    linked: bool = False
    named: bool = False
    steps: list[Term] = field(default_factory=list)
    placed: dict[Address | tuple[Address, int], Given] = field(default_factory=dict)

    def step(self, term: Term) -> Given:
        """One more step."""
        self.terms += 1
        if self.terms > MAX_MODEL_TERMS:
            raise NotPlainError
        self.steps.append(term)
        return Given(len(self.steps) - 1)


def is_askable(name: str) -> bool:
    """Whether a library name belongs to what the referee runs."""
    return name.partition(".")[0] in ASKABLE


def terms_of(draft: Draft, values: Iterable[Value]) -> tuple[Term, ...]:
    """The terms of several values. Raises `NotPlainError`, as all of these."""
    return tuple(term_of(draft, value) for value in values)


def keywords_of(draft: Draft, items: Iterable[tuple[str, Value]]) -> tuple[tuple[str, Term], ...]:
    """The terms of keyword arguments."""
    return tuple((name, term_of(draft, value)) for name, value in items)


def term_of(draft: Draft, value: Value) -> Term:
    """The term of a value."""
    draft.terms += 1
    if draft.terms > (MAX_MODEL_TERMS if draft.linked or draft.steps else MAX_TERMS):
        raise NotPlainError
    if isinstance(value, Const):
        draft.sized |= isinstance(value.value, int | float) and not isinstance(value.value, bool)
        constant = Constant(value.value)
        return Call(Name("numpy.int64"), (constant,)) if value.numpy and isinstance(value.value, int) else constant
    if isinstance(value, TensorValue):
        draft.sized = True
        return _array(draft, value)
    if isinstance(value, TupleValue) and not value.fields:
        return SequenceTerm(terms_of(draft, value.items), "tuple")
    if isinstance(value, Lib):
        return library_name(value.name)
    if isinstance(value, LibObject):
        # Its configuration is the call's arguments: those by position have their number for a name.
        args = [item for key, item in value.config if key.isdecimal()]
        named = [(key, item) for key, item in value.config if not key.isdecimal()]
        return Call(library_name(value.class_name), terms_of(draft, args), keywords_of(draft, named))
    if isinstance(value, SliceValue):
        return Slice(term_of(draft, value.start), term_of(draft, value.stop), term_of(draft, value.step))
    if isinstance(value, Ref):
        return _object(draft, value)
    raise NotPlainError


def library_name(name: str) -> Name:
    """The name of something of a library that can be asked."""
    if not is_askable(name):
        raise NotPlainError
    return Name(name)


def _object(draft: Draft, ref: Ref) -> Term:
    obj = draft.m.read(ref)
    if isinstance(obj, ListObject) and not obj.open and obj.type_name == "list":
        return SequenceTerm(terms_of(draft, obj.items))
    if isinstance(obj, DictObject) and not obj.open:
        return MappingTerm(tuple((term_of(draft, key), term_of(draft, item)) for key, item in obj.entries))
    if isinstance(obj, FunctionalObject | SequentialObject) or (draft.linked and isinstance(obj, LayerObject)):
        from shapelens.interp.described import place

        return place(draft, ref)
    if ref.address in draft.objects:
        # One object in two places would become two.
        raise NotPlainError
    draft.objects.add(ref.address)
    if isinstance(obj, LayerObject) and not obj.state.built:
        return constructor(draft, obj)
    raise NotPlainError


def constructor(draft: Draft, layer: LayerObject) -> Call:
    """The call that makes a layer."""
    draft.sized = True
    given = without_defaults(layer.class_name, layer.config, draft.m.versions.family)
    linked, draft.linked = draft.linked, False
    try:
        keywords = keywords_of(draft, given)
    finally:
        draft.linked = linked
    if draft.named:
        keywords = (*((k, v) for k, v in keywords if k != "name"), *name_keyword(draft, layer.state))
    return Call(library_name(layer.class_name), (), keywords)


def name_keyword(draft: Draft, state: LayerState) -> tuple[tuple[str, Term], ...]:
    """The keyword ``name``, where the name is known and matters."""
    name = name_of(draft.m, state) if draft.named else state.name
    return () if name is None else (("name", Constant(name)),)


def declared(draft: Draft, spec: TensorSpec, named: tuple[tuple[str, Term], ...] = ()) -> Call:
    """The call of ``keras.Input`` that declares an input."""
    if spec.shape.open or spec.dtype is None:
        raise NotPlainError
    sizes = tuple(Constant(size if isinstance(size, int) else None) for size in spec.shape.dims)
    draft.exact &= all(size is None or isinstance(size, int) for size in spec.shape.dims)
    told: tuple[tuple[str, Term], ...] = (
        ("batch_shape", SequenceTerm(sizes, "tuple")),
        ("dtype", Constant(spec.dtype)),
    )
    return Call(Name("keras.Input"), (), (*told, *named))


def _array(draft: Draft, value: TensorValue) -> Term:
    """An array, with its contents where they are known and may matter."""
    if draft.linked and value.kind == "keras":
        from shapelens.interp.described import linked_tensor

        return linked_tensor(draft, value)
    content = None
    if (draft.contents or draft.linked) and value.data is not None and value.kind in ("numpy", "tensor"):
        content = _content(draft, value.data)
    if content is not None and value.spec.dtype is not None and value.spec.shape.size() != 0:
        maker = "numpy.array" if value.kind == "numpy" else "tensorflow.constant"
        return Call(Name(maker), (content,), (("dtype", Constant(value.spec.dtype)),))
    if draft.linked:
        # Steps have no arrays.
        raise NotPlainError
    if draft.contents and (value.data is not None or value.labels is not None):
        # What is known of its content is not told, and may be why a rule fails.
        draft.untold = True
    if value.kind == "frame" or value.kind == "series":
        raise NotPlainError
    return _spec(draft, value.spec, value.kind)


def _content(draft: Draft, data: object) -> Term | None:
    if isinstance(data, tuple):
        items = [_content(draft, item) for item in data]
        return None if None in items else SequenceTerm(tuple(item for item in items if item is not None))
    draft.terms += 1
    if data is None or isinstance(data, int | float | complex | str | bytes):
        return Constant(data)
    return None


def nest_of(draft: Draft, nest: SpecNest, how: TensorHow) -> Term:
    """A structure of tensors of one manner."""
    if isinstance(nest, TensorSpec):
        return _spec(draft, nest, how)
    if isinstance(nest, dict):
        return MappingTerm(tuple((Constant(key), nest_of(draft, item, how)) for key, item in nest.items()))
    return SequenceTerm(tuple(nest_of(draft, item, how) for item in nest))


def _spec(draft: Draft, spec: TensorSpec, how: TensorHow) -> Tensor:
    if spec.shape.open or spec.dtype is None:
        raise NotPlainError
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
