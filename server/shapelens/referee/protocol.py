"""What goes through the pipe between ShapeLens and the worker: lines of JSON.

The worker runs in the user's interpreter, where ShapeLens is not installed and Python may be 3.9, so this
module knows nothing else of ours. A question travels as a *wire term*, a nest of lists that begin with
their tag; scalars that JSON cannot hold exactly have a tag of their own.

========================================  =====================================================
``null``, ``true``, ``"text"``, ``12``    themselves (ints up to 2**53)
``["i", hex]``                            a larger int
``["f", hex]``                            a float, bit for bit (``float.hex``)
``["c", real, imaginary]``                a complex number, of two floats' hex
``["b", hex]``                            bytes
``["e"]``                                 ``...``
``["n", name]``                           a public object
``["l", items]``, ``["t", items]``        a list, a tuple
``["m", [[key, value], ...]]``            a dict
``["s", start, stop, step]``              a slice
``["T", sizes, dtype, how]``              a tensor
``["g", number]``                         what a step of the question made
``["C", function, args, kwargs]``         a call; ``kwargs`` are pairs of a name and a term
========================================  =====================================================

ShapeLens sends ``{"id": n, "call": term, "before": [term, ...], "steps": [term, ...]}``. The worker sends
``{"alive": true}`` when its Python runs, ``{"ready": {"keras": version, ...}}`` when its libraries are imported, or
``{"broken": sentence}``; and for every question, in order, ``{"id": n, "answer": {...}, "keep": true,
"memory": bytes}``, where ``keep`` says that the answer is the same another time.
"""

from __future__ import annotations

import json
from typing import Any

# A line that is longer belongs to no question of ours.
MAX_LINE = 8_000_000
_EXACT = 2**53

# Wire terms are what `json` gives: the type checker cannot say more.
Wire = Any


class ProtocolError(ValueError):
    """What came is not of this protocol, or what shall go cannot be put into it."""


def encode_message(message: dict[str, Wire]) -> bytes:
    """One line, ending in a newline."""
    try:
        line = json.dumps(message, separators=(",", ":"), allow_nan=False).encode("ascii") + b"\n"
    except (TypeError, ValueError, RecursionError) as error:
        raise ProtocolError(f"cannot be sent: {error}") from None
    if len(line) > MAX_LINE:
        raise ProtocolError(f"too long to be sent: {len(line):,} bytes")
    return line


def decode_message(line: bytes) -> dict[str, Wire]:
    """The message of one line."""
    try:
        message = json.loads(line.decode("ascii"))
    except (ValueError, RecursionError) as error:
        raise ProtocolError(f"not a message: {error}: {line[:80]!r}") from None
    if not isinstance(message, dict):
        raise ProtocolError(f"not a message: {line[:80]!r}")
    return message


def encode_scalar(value: object) -> Wire:
    """A Python scalar, exactly; numbers of other libraries are none."""
    kind = type(value)
    if value is None or kind is bool or kind is str:
        return value
    if value is Ellipsis:
        return ["e"]
    if isinstance(value, int) and kind is int:
        return value if abs(value) <= _EXACT else ["i", hex(value)]
    if isinstance(value, float) and kind is float:
        return ["f", value.hex()]
    if isinstance(value, complex) and kind is complex:
        return ["c", value.real.hex(), value.imag.hex()]
    if isinstance(value, bytes) and kind is bytes:
        return ["b", value.hex()]
    raise ProtocolError(f"not a scalar: {kind.__name__}")


def is_scalar(wire: Wire) -> bool:
    """Whether a wire term is a scalar."""
    return not isinstance(wire, list) or (len(wire) > 0 and wire[0] in ("i", "f", "c", "b", "e"))


def decode_scalar(wire: Wire) -> Any:
    """The scalar that `encode_scalar` put there."""
    if wire is None or type(wire) in (bool, str, int):
        return wire
    if wire == ["e"]:
        return Ellipsis
    try:
        tag, first = wire[0], wire[1]
        if tag == "i" and len(wire) == 2:
            return int(first, 16)
        if tag == "f" and len(wire) == 2:
            return float.fromhex(first)
        if tag == "c" and len(wire) == 3:
            return complex(float.fromhex(first), float.fromhex(wire[2]))
        if tag == "b" and len(wire) == 2:
            return bytes.fromhex(first)
    except (TypeError, ValueError, LookupError, OverflowError):
        pass
    raise ProtocolError(f"not a scalar: {str(wire)[:80]}")


def check_term(wire: Wire) -> None:
    """Raise `ProtocolError` unless this is a wire term through and through."""
    pending = [wire]
    while pending:
        term = pending.pop()
        if is_scalar(term):
            decode_scalar(term)
            continue
        parts = _parts(term)
        if parts is None:
            raise ProtocolError(f"not a term: {str(term)[:80]}")
        pending += parts


def _parts(term: list[Wire]) -> list[Wire] | None:
    """The terms inside of a term that is not a scalar; `None` when it is malformed."""
    tag, rest = (term[0], term[1:]) if term else (None, [])
    if tag == "n":
        return [] if len(rest) == 1 and isinstance(rest[0], str) else None
    if tag == "g":
        return [] if len(rest) == 1 and type(rest[0]) is int and rest[0] >= 0 else None
    if tag in ("l", "t"):
        return rest[0] if len(rest) == 1 and isinstance(rest[0], list) else None
    if tag == "s":
        return rest if len(rest) == 3 else None
    if tag == "T":
        return [] if _is_tensor(rest) else None
    if tag == "m":
        pairs = _pairs(rest[0]) if len(rest) == 1 else None
        return None if pairs is None else [part for pair in pairs for part in pair]
    if tag == "C" and len(rest) == 3 and isinstance(rest[1], list):
        pairs = _pairs(rest[2])
        if pairs is not None and all(isinstance(name, str) for name, _ in pairs):
            return [rest[0], *rest[1], *(value for _, value in pairs)]
    return None


def _pairs(wire: Wire) -> list[list[Wire]] | None:
    if isinstance(wire, list) and all(isinstance(pair, list) and len(pair) == 2 for pair in wire):
        return wire
    return None


def _is_tensor(rest: list[Wire]) -> bool:
    known_how = len(rest) == 3 and rest[2] in ("keras", "tensor", "numpy", "variable")
    if not known_how or not isinstance(rest[0], list) or not isinstance(rest[1], str):
        return False
    decode_sizes(rest[0])
    return True


def decode_sizes(wire: Wire) -> tuple[int | None, ...]:
    """The sizes of a tensor, none of them negative."""
    sizes = tuple(map(decode_scalar, wire)) if isinstance(wire, list) else (-1,)
    if all(size is None or (type(size) is int and size >= 0) for size in sizes):
        return sizes
    raise ProtocolError(f"not sizes: {str(wire)[:80]}")
