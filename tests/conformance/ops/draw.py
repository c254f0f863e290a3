"""Random arguments for conformance cases, written as the text of an expression."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

Sizes: TypeAlias = "tuple[int | None, ...]"

FLOATS = ("float16", "float32", "float64")
DTYPES = (
    "bool", "uint8", "uint16", "uint32", "int8", "int16", "int32", "int64", "bfloat16", *FLOATS,
)  # fmt: skip
COMPLEX = ("complex64", "complex128")


class Draw:
    """One case's choices: its tensors are all symbolic (``k``), all eager (``t``) or all arrays."""

    def __init__(self, chooser: random.Random) -> None:
        self.chooser = chooser
        self.kind = chooser.choices(("k", "t", ""), (6, 3, 1))[0]

    def chance(self, probability: float) -> bool:
        """True this often."""
        return self.chooser.random() < probability

    def one(self, *choices: object) -> object:
        """One of these."""
        return self.chooser.choice(choices)

    def number(self, low: int, high: int) -> int:
        """An int, both ends included."""
        return self.chooser.randint(low, high)

    def sizes(self, low: int = 0, high: int = 4, largest: int = 5) -> Sizes:
        """A shape of ``low`` to ``high`` axes; symbolic ones are dynamic in places, mostly in the first."""
        found: list[int | None] = [self.number(1, largest) for _ in range(self.number(low, high))]
        if self.kind == "k" and found:
            if self.chance(0.5):
                found[0] = None
            if self.chance(0.1):
                found[self.number(0, len(found) - 1)] = None
        return tuple(found)

    def size(self, largest: int = 5) -> int | None:
        """One size."""
        return self.sizes(1, 1, largest)[0]

    def batch(self) -> int | None:
        """The size of a batch axis."""
        return None if self.kind == "k" and self.chance(0.8) else self.number(1, 3)

    def dtype(self, *others: str) -> str:
        """Mostly float32."""
        return "float32" if self.chance(0.65) else self.chooser.choice((*DTYPES, *others))

    def floating(self) -> str:
        """A floating dtype."""
        return "float32" if self.chance(0.8) else self.chooser.choice(FLOATS)

    def tensor(self, sizes: Sequence[int | None], dtype: str | None = None) -> str:
        """A tensor of these sizes, as a case writes it."""
        chosen = dtype or self.dtype()
        if not self.kind and chosen == "bfloat16":
            chosen = "float32"
        text = "x".join("N" if size is None else str(size) for size in sizes)
        if self.kind != "k":
            text = text.replace("N", "3")
        return f"${self.kind}{text}:{chosen}"

    def any(self, low: int = 0, high: int = 4) -> str:
        """A tensor of any shape and dtype."""
        return self.tensor(self.sizes(low, high))

    def axis(self, rank: int, bad: float = 0.1) -> int:
        """An axis of a shape of ``rank``, now and then one that it does not have."""
        if self.chance(bad) or rank == 0:
            return self.chooser.choice((rank, -rank - 1, rank + 2))
        return self.number(-rank, rank - 1)

    def axes(self, rank: int) -> object:
        """What is given as ``axis``: ``None``, one or several."""
        if self.chance(0.2):
            return None
        if rank >= 2 and self.chance(0.35):
            return tuple(self.chooser.sample(range(rank), self.number(1, rank)))
        return self.axis(rank)

    def options(self, **choices: Sequence[object]) -> str:
        """Some of these keyword arguments, each with one of its values."""
        parts = [
            f"{name}={self.chooser.choice(list(values))!r}" for name, values in choices.items() if self.chance(0.5)
        ]
        return "".join(f", {part}" for part in parts)

    def broadcastable(self, sizes: Sizes) -> Sizes:
        """A shape that mostly broadcasts with ``sizes``."""
        kept = sizes[self.number(0, len(sizes)) :] if self.chance(0.4) else sizes
        return tuple(1 if self.chance(0.15) else self.number(1, 5) if self.chance(0.06) else size for size in kept)


# A case of one operation.
Maker: TypeAlias = Callable[[Draw], str]
Makers: TypeAlias = Mapping[str, Maker]


def case(maker: Maker, chooser: random.Random) -> str:
    """The text of a new case."""
    return maker(Draw(chooser))
