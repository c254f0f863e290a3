"""Questions and answers as the plain data of `protocol`, and back."""

from __future__ import annotations

from typing import get_args

from shapelens.referee.protocol import (
    ProtocolError,
    Wire,
    check_term,
    decode_scalar,
    decode_sizes,
    encode_scalar,
    is_scalar,
)
from shapelens.shapes.question import (
    Answer,
    Call,
    Constant,
    Given,
    Mapping,
    Name,
    Question,
    Sequence,
    Slice,
    Tensor,
    TensorHow,
    Term,
    Versions,
)
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape, SpecNest, TensorSpec

HOWS = {how: how for how in get_args(TensorHow)}
ANSWER_FIELDS = {"outputs", "value", "error", "refused", "error_type", "params", "version"}


def question_to_wire(question: Question) -> dict[str, Wire]:
    """A question without its number. Raises `ProtocolError` when it holds what is no term."""
    try:
        return {
            "call": term_to_wire(question.call),
            "before": [term_to_wire(call) for call in question.before],
            "steps": [term_to_wire(step) for step in question.steps],
        }
    except RecursionError:
        raise ProtocolError("the question is nested too deeply") from None


def question_from_wire(wire: dict[str, Wire]) -> Question:
    """The question that `question_to_wire` wrote."""
    calls, steps = [wire.get("call"), *_list(wire.get("before"))], _list(wire.get("steps"))
    for term in (*calls, *steps):
        check_term(term)
    call, *before = map(term_from_wire, calls)
    earlier = tuple(made for made in before if isinstance(made, Call))
    if not isinstance(call, Call) or len(earlier) != len(before):
        raise ProtocolError("a question is a call")
    return Question(call, earlier, tuple(map(term_from_wire, steps)))


def term_to_wire(term: Term) -> Wire:
    """A term as `protocol` writes it."""
    if isinstance(term, Constant):
        return encode_scalar(term.value)
    if isinstance(term, Name):
        return ["n", term.name]
    if isinstance(term, Sequence):
        return ["t" if term.type_name == "tuple" else "l", [term_to_wire(item) for item in term.items]]
    if isinstance(term, Mapping):
        return ["m", [[term_to_wire(key), term_to_wire(value)] for key, value in term.entries]]
    if isinstance(term, Slice):
        return ["s", term_to_wire(term.start), term_to_wire(term.stop), term_to_wire(term.step)]
    if isinstance(term, Tensor):
        return ["T", [encode_scalar(size) for size in term.sizes], term.dtype, term.how]
    if isinstance(term, Given):
        return ["g", term.step]
    if isinstance(term, Call):
        kwargs = [[name, term_to_wire(value)] for name, value in term.kwargs]
        return ["C", term_to_wire(term.function), [term_to_wire(item) for item in term.args], kwargs]
    raise ProtocolError(f"not a term: {type(term).__name__}")


def term_from_wire(wire: Wire) -> Term:
    """The term of what `check_term` accepts."""
    if is_scalar(wire):
        return Constant(decode_scalar(wire))
    tag, *rest = wire
    if tag == "n":
        return Name(rest[0])
    if tag == "l" or tag == "t":
        return Sequence(tuple(map(term_from_wire, rest[0])), "tuple" if tag == "t" else "list")
    if tag == "m":
        return Mapping(tuple((term_from_wire(key), term_from_wire(value)) for key, value in rest[0]))
    if tag == "s":
        return Slice(*map(term_from_wire, rest))
    if tag == "g":
        return Given(rest[0])
    if tag == "T":
        return Tensor(decode_sizes(rest[0]), rest[1], HOWS[rest[2]])
    kwargs = tuple((name, term_from_wire(value)) for name, value in rest[2])
    return Call(term_from_wire(rest[0]), tuple(map(term_from_wire, rest[1])), kwargs)


def answer_to_wire(answer: Answer) -> dict[str, Wire]:
    """An answer; what it does not give is left out."""
    wire: dict[str, Wire] = {
        "error": answer.error,
        "refused": answer.refused,
        "error_type": answer.error_type,
        "params": None if answer.params is None else encode_scalar(answer.params),
        "version": answer.version,
        "outputs": None if answer.outputs is None else _specs_to_wire(answer.outputs),
        "value": None if answer.value is None else [term_to_wire(answer.value)],
    }
    return {name: value for name, value in wire.items() if value is not None}


def answer_from_wire(wire: Wire) -> Answer:
    """The answer of a message; raises `ProtocolError` when it is none."""
    if not isinstance(wire, dict) or not set(wire) <= ANSWER_FIELDS:
        raise ProtocolError(f"not an answer: {str(wire)[:80]}")
    if sum(wire.get(name) is not None for name in ("outputs", "value", "error", "refused")) != 1:
        raise ProtocolError(f"not one answer: {str(wire)[:80]}")
    params = decode_scalar(wire.get("params"))
    if params is not None and type(params) is not int:
        raise ProtocolError(f"not a number of weights: {str(params)[:80]}")
    value = wire.get("value")
    if value is not None:
        if not isinstance(value, list) or len(value) != 1:
            raise ProtocolError(f"not a value: {str(value)[:80]}")
        check_term(value[0])
    return Answer(
        outputs=None if wire.get("outputs") is None else _specs_from_wire(wire["outputs"]),
        value=None if value is None else term_from_wire(value[0]),
        error=_text(wire.get("error")),
        refused=_text(wire.get("refused")),
        error_type=_text(wire.get("error_type")),
        params=params,
        version=_text(wire.get("version")) or "",
    )


def versions_from_wire(wire: Wire) -> Versions:
    """The libraries that a worker or a probe says it has."""
    if not isinstance(wire, dict):
        raise ProtocolError(f"not versions: {str(wire)[:80]}")
    return Versions(*(_text(wire.get(name)) or "" for name in ("python", "keras", "tensorflow", "numpy")))


def _specs_to_wire(nest: SpecNest) -> Wire:
    """A tensor is ``["T", sizes or null, dtype or null]``; a structure as terms write it."""
    if isinstance(nest, TensorSpec):
        sizes = None if nest.shape.rank is None else [_size_to_wire(size) for size in nest.shape.dims]
        return ["T", sizes, nest.dtype]
    if isinstance(nest, dict):
        return ["m", [[key, _specs_to_wire(value)] for key, value in nest.items()]]
    return ["t", [_specs_to_wire(item) for item in nest]]


def _size_to_wire(size: object) -> Wire:
    return encode_scalar(size if isinstance(size, int) else None)


def _specs_from_wire(wire: Wire) -> SpecNest:
    try:
        tag = wire[0]
        if tag == "T":
            _, sizes, dtype = wire
            shape = UNKNOWN_SHAPE if sizes is None else Shape(decode_sizes(sizes))
            return TensorSpec(shape, _text(dtype))
        if tag == "m":
            return {str(_text(key)): _specs_from_wire(value) for key, value in wire[1]}
        if tag == "t":
            return tuple(map(_specs_from_wire, wire[1]))
    except ProtocolError:
        raise
    except (TypeError, ValueError, LookupError, RecursionError):
        pass
    raise ProtocolError(f"not a structure of tensors: {str(wire)[:80]}")


def _text(wire: Wire) -> str | None:
    if wire is None or isinstance(wire, str):
        return wire
    raise ProtocolError(f"not a text: {str(wire)[:80]}")


def _list(wire: Wire) -> list[Wire]:
    if isinstance(wire, list):
        return wire
    raise ProtocolError(f"not a list: {str(wire)[:80]}")
