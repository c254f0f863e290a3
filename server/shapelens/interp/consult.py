"""Questions to the installed library: calls of the program, written as plain data.

A call becomes a `Question` only when everything in it is plain: numbers and texts, public names of the
library, objects made of those (layers, initializers, losses, models), and tensors of known rank and dtype.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from shapelens.interp.described import built, is_input
from shapelens.interp.drafts import (
    Draft,
    NotPlainError,
    constructor,
    is_askable,
    keywords_of,
    nest_of,
    term_of,
    terms_of,
)
from shapelens.interp.result import REFEREE
from shapelens.interp.truth import is_class_like
from shapelens.library.keras.training.facts import TRAINING_METHODS
from shapelens.library.machine import Asked
from shapelens.shapes.question import NEWEST, Answer, Call, Question, TensorHow, Term, Versions
from shapelens.shapes.shape import SpecNest
from shapelens.values.objects import MODEL_BASE, FunctionalObject, LayerObject, SequentialObject
from shapelens.values.value import Lib, LibObject, Ref, Value

if TYPE_CHECKING:
    from shapelens.interp.machine import Interpreter

__all__ = ["ask", "heed_import", "is_askable"]

# Of one unit: a loop that is followed one by one may ask another one each time.
MAX_QUESTIONS = 200
# The classes of tensors, and of layers and models, whose methods are asked.
LAYER_CLASSES = ("keras.layers.Layer", "keras.Model", "keras.Sequential")
TENSOR_CLASSES = ("numpy.ndarray", "tensorflow.Tensor", "tensorflow.Variable", "keras.KerasTensor")


def ask(m: Interpreter, function: Value, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Asked | None:
    """As `Machine.ask`. The answer is a cell of the state: a unit that reads it is run again when it comes."""
    draft = Draft(m)
    try:
        question = _question(draft, function, args, kwargs)
    except NotPlainError:
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
    together = "keras" in draft.hows and draft.hows != {"keras"}
    # These meet each as what it is.
    as_they_are = isinstance(function, Lib) and meets_operands_as_they_are(function.name)
    tried = not draft.loose and not draft.untold and (not together or as_they_are)
    return Asked(answer, draft.exact, draft.dynamic, draft.loose, tried)


def meets_operands_as_they_are(name: str) -> bool:
    """Whether this names an operator, a method of a tensor, a layer or a model, or a function of NumPy."""
    owner = name.rpartition(".")[0]
    return owner in ("operator", *TENSOR_CLASSES, *LAYER_CLASSES) or owner.partition(".")[0] == "numpy"


def heed_import(m: Interpreter, name: str) -> None:
    """What the import of a library's module says of the libraries that the program means."""
    if name == "tf_keras" or name.startswith("tf_keras."):
        m.use_keras(2)
    elif name.startswith("tensorflow.compat.v1"):
        # Here its functions have the names of today's, which are others.
        m.state.set(REFEREE, NEWEST)


def _question(draft: Draft, function: Value, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Question:
    if any(name.startswith("\0") for name in kwargs):
        raise NotPlainError
    before: tuple[SpecNest, ...] = ()
    obj = draft.m.read(function) if isinstance(function, Ref) else None
    owner, _, method = function.name.rpartition(".") if isinstance(function, Lib) else ("", "", "")
    # What a layer or model gives depends on the form of its input alone.
    draft.contents = obj is None
    if function == MODEL_BASE or (_holds_layers(function) and any(is_input(draft.m, value) for value in args)):
        # A model is what lies between its inputs and its outputs, or begins with what `Input` gave.
        draft.linked = True
        called: Term = term_of(draft, function)
    elif isinstance(obj, LayerObject):
        called = constructor(draft, obj)
        before = _built_on(obj)
    elif isinstance(obj, SequentialObject | FunctionalObject) or isinstance(function, Lib | LibObject):
        called = term_of(draft, function)
    else:
        raise NotPlainError
    call = Call(called, _arguments(draft, owner, method, args), _keywords(draft, owner, method, kwargs))
    if not draft.sized and isinstance(function, Lib) and not is_class_like(function) and owner not in LAYER_CLASSES:
        raise NotPlainError
    how: TensorHow = "keras" if not draft.hows or "keras" in draft.hows else "tensor"
    earlier = tuple(Call(called, (nest_of(draft, nest, how),)) for nest in before)
    return Question(call, earlier, tuple(draft.steps))


def _holds_layers(function: Value) -> bool:
    return isinstance(function, Lib) and function.name in ("keras.Sequential", "keras.Sequential.add")


def _arguments(draft: Draft, owner: str, method: str, args: Sequence[Value]) -> tuple[Term, ...]:
    if owner not in LAYER_CLASSES or not args or not isinstance(args[0], Ref):
        return terms_of(draft, args)
    if method in TRAINING_METHODS:
        # That is asked in other words.
        raise NotPlainError
    draft.named = method == "get_layer"
    return (built(draft, args[0]), *terms_of(draft, args[1:]))


def _keywords(draft: Draft, owner: str, method: str, kwargs: Mapping[str, Value]) -> tuple[tuple[str, Term], ...]:
    if owner not in LAYER_CLASSES or method not in TRAINING_METHODS:
        return keywords_of(draft, kwargs.items())
    draft.linked = draft.named = True
    model = [("model", term_of(draft, kwargs["model"]))] if "model" in kwargs else []
    draft.linked = draft.named = False
    return (*model, *keywords_of(draft, ((name, value) for name, value in kwargs.items() if name != "model")))


def _built_on(obj: LayerObject) -> tuple[SpecNest, ...]:
    if not obj.state.built:
        return ()
    if obj.state.built_on is None:
        raise NotPlainError
    return (obj.state.built_on,)
