"""What follows from asking the installed library: a value, a failure, or nothing."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from shapelens.library.keras.models.nests import map_tensors, to_tensors
from shapelens.library.machine import Machine
from shapelens.shapes.dims import ANY, Dim
from shapelens.shapes.question import Answer, Constant, Term
from shapelens.shapes.question import Sequence as SequenceTerm
from shapelens.shapes.shape import Shape, SpecNest, TensorSpec
from shapelens.values.failure import Failure, NotKnown, ShapeFailure
from shapelens.values.objects import ListObject
from shapelens.values.value import Const, Ref, TensorKind, TensorValue, TupleValue, Value

log = logging.getLogger(__name__)

PENDING = "the installed Keras is being asked"

# What a call raises because of its arguments; other exceptions speak of the machine that it ran on.
CERTAIN = ("ValueError", "TypeError", "InvalidArgumentError", "IndexError", "AxisError", "KeyError")

# The errors that Keras did not make, as they were logged: each is told once.
_withdrawn: set[tuple[str, str]] = set()


@dataclass(frozen=True, slots=True)
class Reply:
    """What the library gave: it did not raise."""

    answer: Answer
    exact: bool
    dynamic: bool

    def specs(self, kind: TensorKind) -> SpecNest | None:
        """The tensors that came out, of this kind; `None` when something else did."""
        if self.answer.outputs is None:
            return None
        # A size that was not told either may be any; one that Keras knows only when it runs is its own `None`.
        stays = self.exact and (self.dynamic or kind == "keras")
        return _sized(self.answer.outputs, None if stays else ANY)


def instead(m: Machine, function: Value, args: Sequence[Value], kwargs: Mapping[str, Value], reason: str) -> Reply:
    """What a call gives that no rule can tell, for ``reason``.

    Raises `NotKnown` where the library cannot be asked or has not answered yet, and `ShapeFailure` where it
    raises for certain.
    """
    asked = m.ask(function, args, kwargs)
    if asked is None:
        raise NotKnown(reason)
    answer = asked.answer
    if answer is None:
        raise NotKnown(PENDING)
    if answer.error is not None and asked.exact and not asked.loose and answer.error_type in CERTAIN:
        raise ShapeFailure(_refusal(answer.error, answer.version))
    if answer.error is not None or answer.refused is not None:
        raise NotKnown(reason)
    return Reply(answer, asked.exact, asked.dynamic)


def confirm(m: Machine, function: Value, args: Sequence[Value], kwargs: Mapping[str, Value], failure: Failure) -> Reply:
    """What a call gives in which a rule found an error, if the library accepts it: then the rule is wrong.

    Raises `ShapeFailure` otherwise: with the library's own sentence if it refuses, as it is while there is
    no answer. Only the same call proves something.
    """
    # What a layer inside a model said is not yet the model's own sentence.
    asked = None if failure.confirmed and not isinstance(function, Ref) else m.ask(function, args, kwargs)
    if asked is None or asked.answer is None or not asked.exact or asked.answer.refused is not None:
        raise ShapeFailure(failure)
    answer = asked.answer
    if answer.error is not None:
        raise ShapeFailure(confirmed(failure, answer))
    if not asked.tried or failure.confirmed:
        raise ShapeFailure(failure)
    log_withdrawn(failure, answer)
    return Reply(answer, asked.exact, asked.dynamic)


def value_of(m: Machine, reply: Reply, kind: TensorKind) -> Value:
    """What came out of a function, as a value of the program. Raises `NotKnown` for what is not followed."""
    answer = reply.answer
    outputs = reply.specs(kind)
    if outputs is None:
        return _plain(m, answer.value)
    if answer.params is not None:
        raise NotKnown("the model that this function makes is not followed")
    made = to_tensors(m, outputs, kind)
    return map_tensors(m, made, lambda tensor: _marked(tensor, answer.version, m))


def _refusal(error: str, version: str) -> Failure:
    first, _, rest = error.strip().partition("\n")
    who = version or "The installed Keras"
    return Failure(
        "keras-refuses", f"{who} refuses this: {first}", keras=rest.strip() or None, confirmed=version or None
    )


def _marked(tensor: TensorValue, version: str, m: Machine) -> TensorValue:
    return replace(tensor, origin=m.site, answered_by=version or None)


def _plain(m: Machine, term: Term | None) -> Value:
    if isinstance(term, Constant):
        return Const(term.value)
    if isinstance(term, SequenceTerm):
        items = tuple(_plain(m, item) for item in term.items)
        return TupleValue(items) if term.type_name == "tuple" else m.alloc(ListObject(items))
    raise NotKnown("what this function gives is not followed")


def _sized(nest: SpecNest, unknown: Dim) -> SpecNest:
    if isinstance(nest, TensorSpec):
        if nest.shape.open or unknown is None:
            return nest
        return replace(nest, shape=Shape(tuple(unknown if size is None else size for size in nest.shape.dims)))
    if isinstance(nest, dict):
        return {key: _sized(item, unknown) for key, item in nest.items()}
    return tuple(_sized(item, unknown) for item in nest)


def confirmed(failure: Failure, answer: Answer) -> Failure:
    """``failure`` with the library's own sentence and version."""
    return replace(failure, keras=answer.error, confirmed=answer.version or None)


def log_withdrawn(failure: Failure, answer: Answer) -> None:
    """Say once that a rule is wrong."""
    key = (failure.code, failure.sentence)
    if key not in _withdrawn and len(_withdrawn) < 1000:
        _withdrawn.add(key)
        log.warning("a rule is wrong: %s accepts what was held for %s: %s", answer.version, *key)
