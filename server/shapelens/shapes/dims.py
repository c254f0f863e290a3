"""Dimensions: known, dynamic, or symbolic with a canonical form.

A dimension is one of

* an ``int``: known;
* ``None``: Keras itself does not know it while it builds the model (the batch axis);
* a `SymDim`: a size that exists but that this analysis does not know. Two equal named
  expressions are equal sizes; `ANY` is the anonymous one, equal to nothing for certain.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

Atom: TypeAlias = "str | Local | Counter | tuple[str, SymDim, int]"
Monomial: TypeAlias = "tuple[Atom, ...]"

# A polynomial with more terms than this says nothing to a reader and costs time.
MAX_TERMS = 8


@dataclass(frozen=True, slots=True)
class SymDim:
    """A polynomial over named unknowns: sorted ``(monomial, coefficient)`` pairs, no zero terms.

    The empty polynomial is reserved for `ANY`. An atom is a name, one that is `Local` to a call, the
    `Counter` of a loop, or ``("//", dividend, divisor)``.
    """

    terms: tuple[tuple[Monomial, int], ...]

    def __str__(self) -> str:
        return "?" if not self.terms else "+".join(map(_term_text, self.terms)).replace("+-", "-")


@dataclass(frozen=True, slots=True)
class Local:
    """An unknown size that is called ``name`` in one place, ``owner``: another elsewhere, whatever its name."""

    name: str
    owner: Hashable

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Counter:
    """A number that takes every value from ``low`` to ``high``, one at a time: a loop's variable.

    ``number`` tells the counters of two loops, and of two passes over one loop, apart.
    """

    number: int
    low: Dim
    high: Dim

    def __str__(self) -> str:
        return "i"


Dim: TypeAlias = int | SymDim | None
ANY = SymDim(())


def symbol(name: str) -> SymDim:
    """The unknown size called ``name``."""
    return SymDim((((name,), 1),))


def local(name: str, owner: Hashable) -> SymDim:
    """The unknown size that is called ``name`` in ``owner``."""
    return SymDim((((Local(name, owner),), 1),))


def counter(number: int, low: Dim, high: Dim) -> SymDim:
    """A counter as a size."""
    return SymDim((((Counter(number, low, high),), 1),))


def renumbered(dim: Dim, old: int, new: int) -> Dim:
    """``dim`` with ``new`` for the number of its counters numbered ``old``."""
    if not isinstance(dim, SymDim) or old not in counters(dim):
        return dim
    terms: dict[Monomial, int] = {}
    for monomial, coefficient in dim.terms:
        atoms = (
            replace(atom, number=new) if isinstance(atom, Counter) and atom.number == old else atom for atom in monomial
        )
        terms[tuple(sorted(atoms, key=repr))] = coefficient
    return _canonical(terms)


def counters(dim: Dim) -> Iterator[int]:
    """The numbers of the counters that are part of ``dim``."""
    for monomial, _ in dim.terms if isinstance(dim, SymDim) else ():
        for atom in monomial:
            if isinstance(atom, Counter):
                yield atom.number
            elif isinstance(atom, tuple):
                yield from counters(atom[1])


def never_below(a: Dim, b: Dim) -> bool:
    """Whether ``a >= b`` for certain, whatever the counters in them count."""
    difference = _least(sub(a, b), 0)
    return isinstance(difference, int) and difference >= 0


def _least(dim: Dim, depth: int) -> Dim:
    """The least value of ``dim``, `ANY` where that cannot be told."""
    if not isinstance(dim, SymDim) or depth > _MAX_NESTING or _anonymous(dim):
        return ANY if depth > _MAX_NESTING else dim
    total: Dim = 0
    counted = False
    for monomial, coefficient in dim.terms:
        term: Dim = _canonical({monomial: coefficient})
        if any(isinstance(atom, Counter) for atom in monomial):
            (atom, *others) = monomial
            if others or not isinstance(atom, Counter):
                return ANY
            term = mul(atom.low if coefficient > 0 else atom.high, coefficient)
            counted = True
        total = add(total, term)
    return _least(total, depth + 1) if counted else total


_MAX_NESTING = 4


def same(a: Dim, b: Dim) -> bool | None:
    """Whether two sizes are equal: yes, no, or (`None`) cannot tell."""
    if isinstance(a, int) and isinstance(b, int):
        return a == b
    if isinstance(a, SymDim) and a is not ANY and a.terms and a == b:
        return True
    difference = sub(a, b)
    if isinstance(difference, int):
        return difference == 0
    return None


def add(a: Dim, b: Dim) -> Dim:
    """``a + b``; dynamic or anonymous operands give a dynamic or anonymous sum."""
    if isinstance(a, int) and isinstance(b, int):
        return a + b
    if a is None or b is None:
        return None
    return _combine(a, b, 1)


def sub(a: Dim, b: Dim) -> Dim:
    """``a - b``."""
    if isinstance(a, int) and isinstance(b, int):
        return a - b
    if a is None or b is None:
        return None
    return _combine(a, b, -1)


def mul(a: Dim, b: Dim) -> Dim:
    """``a * b``."""
    if isinstance(a, int) and isinstance(b, int):
        return a * b
    if a == 0 or b == 0:
        return 0
    if a is None or b is None:
        return None
    if _anonymous(a) or _anonymous(b):
        return ANY
    product: dict[Monomial, int] = {}
    for left, m in _terms(a).items():
        for right, n in _terms(b).items():
            key = tuple(sorted(left + right, key=repr))
            product[key] = product.get(key, 0) + m * n
    return _canonical(product)


def floordiv(a: Dim, b: Dim) -> Dim:
    """``a // b``; `ANY` when ``b`` is not a positive known int."""
    if isinstance(a, int) and isinstance(b, int) and b != 0:
        return a // b
    if a is None or b is None:
        return None
    if _anonymous(a) or not isinstance(b, int) or b <= 0:
        return 1 if not _anonymous(a) and a == b else ANY
    if b == 1:
        return a
    terms = _terms(a)
    if all(coefficient % b == 0 for coefficient in terms.values()):
        return _canonical({m: c // b for m, c in terms.items()})
    assert isinstance(a, SymDim)
    return SymDim(((((("//", a, b)),), 1),))


def ceildiv(a: Dim, b: Dim) -> Dim:
    """``-(-a // b)``: the number of strides ``b`` that cover ``a``."""
    if isinstance(b, int) and b > 0:
        return floordiv(add(a, b - 1), b)
    return None if a is None or b is None else ANY


def product(dims: tuple[Dim, ...]) -> Dim:
    """The number of elements of a shape; 1 for no dimensions."""
    result: Dim = 1
    for dim in dims:
        result = mul(result, dim)
    return result


def join(a: Dim, b: Dim) -> Dim:
    """The size that stands for both: itself when equal, else `ANY`: a layer that refuses `None` may take the other."""
    return a if a == b else ANY


def _anonymous(dim: Dim) -> bool:
    return isinstance(dim, SymDim) and not dim.terms


def _terms(dim: int | SymDim) -> dict[Monomial, int]:
    return {(): dim} if isinstance(dim, int) else dict(dim.terms)


def _combine(a: int | SymDim, b: int | SymDim, sign: int) -> Dim:
    if _anonymous(a) or _anonymous(b):
        return ANY
    total = _terms(a)
    for monomial, coefficient in _terms(b).items():
        total[monomial] = total.get(monomial, 0) + sign * coefficient
    return _canonical(total)


def _canonical(terms: dict[Monomial, int]) -> Dim:
    kept = {m: c for m, c in terms.items() if c != 0}
    if not kept:
        return 0
    if set(kept) == {()}:
        return kept[()]
    if len(kept) > MAX_TERMS:
        return ANY
    # Names before the constant, so that a size reads "n-1".
    return SymDim(tuple(sorted(kept.items(), key=lambda item: (item[0] == (), repr(item[0])))))


def _term_text(term: tuple[Monomial, int]) -> str:
    monomial, coefficient = term
    if not monomial:
        return str(coefficient)
    names = "*".join(f"({atom[1]})//{atom[2]}" if isinstance(atom, tuple) else str(atom) for atom in monomial)
    return names if coefficient == 1 else f"{coefficient}*{names}"
