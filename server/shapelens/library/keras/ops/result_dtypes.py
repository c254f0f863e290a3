"""Which dtype ``keras.ops`` and ``keras.activations`` give: a table that was found by calling them.

``dtypes.json`` is written by ``tests/conformance/ops/probe_dtypes.py``. Symbolic and eager tensors differ: a
symbolic call hardly looks at dtypes, and the backend refuses some and rounds others.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from shapelens.library.arrays.dtypes import DTypeLike
from shapelens.library.arrays.failures import refusal

_DTYPES = {
    "?": "bool", "B": "uint8", "H": "uint16", "I": "uint32", "L": "uint64", "b": "int8", "h": "int16", "i": "int32",
    "l": "int64", "E": "bfloat16", "e": "float16", "f": "float32", "d": "float64", "F": "complex64",
    "D": "complex128",
}  # fmt: skip
# In the order of the table's letters; Python scalars come after the dtypes.
_OPERANDS: tuple[DTypeLike, ...] = (*_DTYPES.values(), bool, int, float)
_PLACES = {operand: place for place, operand in enumerate(_OPERANDS)}
_UNKNOWN, _REFUSED = "-", "!"


@dataclass(frozen=True, slots=True)
class _Table:
    single: Mapping[str, tuple[Sequence[str], Sequence[str]]]
    pair: Mapping[str, Sequence[int]]
    matrices: Sequence[Sequence[str]]


def result_dtypes(name: str, operands: Sequence[DTypeLike], *, symbolic: bool) -> tuple[str | None, ...]:
    """The dtypes of the outputs of ``name`` (canonical) for operands of these dtypes; `None`: not known.

    One or two operands, as the table has it. Raises `ShapeFailure` where the library refuses these dtypes.
    """
    codes = _codes(name, operands, symbolic)
    if codes is None or len(set(codes)) != 1:
        return tuple(_common([code[place] for code in codes]) for place in range(_shortest(codes))) if codes else ()
    code = codes[0]
    if code == _REFUSED:
        shown = " and ".join(dtype.__name__ if isinstance(dtype, type) else str(dtype) for dtype in operands)
        short = name.removeprefix("keras.ops.").removeprefix("keras.")
        raise refusal("invalid-argument", f"`{short}` does not take {shown}", None, subject=0)
    return tuple(_DTYPES.get(letter) for letter in code)


def result_dtype(name: str, operands: Sequence[DTypeLike], *, symbolic: bool) -> str | None:
    """The dtype of the only (or first) output; see `result_dtypes`."""
    found = result_dtypes(name, operands, symbolic=symbolic)
    return found[0] if found else None


def _codes(name: str, operands: Sequence[DTypeLike], symbolic: bool) -> list[str] | None:
    """What the table says for every dtype that the operands may have."""
    if None in operands and not symbolic:
        # What is not known at all may be symbolic.
        both = [_of_side(name, operands, side) for side in (0, 1)]
        return [code for codes in both for code in codes or ()] if None not in both else None
    return _of_side(name, operands, 0 if symbolic else 1)


def _of_side(name: str, operands: Sequence[DTypeLike], side: int) -> list[str] | None:
    table = _table()
    if len(operands) == 1:
        row = table.single.get(name)
        return None if row is None else _chosen(row[side], operands[0])
    numbers = table.pair.get(name)
    if numbers is None or len(operands) != 2:
        return None
    rows = _chosen(table.matrices[numbers[side]], operands[0])
    cells = [_chosen(row, operands[1]) for row in rows or ()]
    return [code for row in cells for code in row or ()] if None not in cells else None


def _chosen(codes: Sequence[str], operand: DTypeLike) -> list[str] | None:
    if operand is None:
        return list(codes[: len(_DTYPES)])
    place = _PLACES.get(operand)
    return None if place is None else [codes[place]]


def _common(letters: Sequence[str]) -> str | None:
    # A dtype that is refused is not the one that is there.
    kinds = set(letters) - {_REFUSED}
    return _DTYPES.get(kinds.pop()) if len(kinds) == 1 else None


def _shortest(codes: Sequence[str]) -> int:
    return min(len(code) for code in codes)


@cache
def _table() -> _Table:
    text = resources.files(__package__).joinpath("dtypes.json").read_text(encoding="utf-8")
    found = json.loads(text)
    single = {name: (_split(symbolic), _split(eager)) for name, (symbolic, eager) in found["single"].items()}
    return _Table(single, found["pair"], found["matrices"])


def _split(codes: str) -> Sequence[str]:
    return codes.split() if " " in codes else codes
