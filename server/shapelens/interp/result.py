"""What interpreting one unit reads, writes and finds: the whole contract with `engine/`."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import TypeAlias

from shapelens.names.modules import Found, Import, find
from shapelens.shapes.question import Answer, Question, Versions
from shapelens.values.facts import ProblemFact, Site
from shapelens.values.names import EPOCH, NAMES, NameBase, NameCount, NameEpoch, NameTotal, base_cell, count_in
from shapelens.values.objects import HEAP_OBJECTS, HeapObject
from shapelens.values.value import Address, Value

# A cell of the store: a variable ``(module name or scope address, variable)``, a heap address, or a
# question to the installed library, whose content is the answer. No unit ever writes an answer.
Cell: TypeAlias = "tuple[str | Address, str] | Address | Question"
Content: TypeAlias = "Value | HeapObject | Answer | Versions | Deferred"


@dataclass(frozen=True, slots=True)
class Deferred:
    """What a variable of a module got from another module, which nobody has needed yet.

    ``attribute`` of the module that ``question`` means; `None` for the module itself.
    """

    question: Import
    attribute: str | None = None


# The contents that no name of the program can stand for.
NO_VALUES = (*HEAP_OBJECTS, Answer, Versions, Deferred)

# Which libraries the program means, and which of them can be asked (nothing there, or no Keras: none).
# Cells like any other, because an import may decide it: what follows is interpreted again when they change.
VERSIONS: Cell = ("\0", "versions")
REFEREE: Cell = ("\0", "referee")


@dataclass(frozen=True, slots=True)
class UnitResult:
    """Effects of a unit.

    ``reads`` maps every cell of the previous state that the unit looked at to what it found
    (`None`: nothing there). The unit need not be interpreted again while these are the same.
    ``writes`` maps every cell that it set to the new content (`None`: deleted).
    ``problems`` and ``sites`` are in order of interpretation, without duplicates.
    ``imports``: where each import led, and what was there: the other thing that has to be the same.
    ``spent``: fuel used, in steps. ``entered``: the functions whose bodies were followed, each as
    its unit and place therein: what no unit enters is worth a look of its own (`run_uncalled`).
    ``raised``: an error in it ends the program. ``loaded``: that part of ``writes`` that modules hold which
    were first needed in it.
    """

    reads: Mapping[Cell, Content | None]
    writes: Mapping[Cell, Content | None]
    sites: tuple[Site, ...] = ()
    problems: tuple[ProblemFact, ...] = ()
    spent: int = 0
    entered: frozenset[tuple[int | str, int]] = frozenset()
    imports: Mapping[Import, Found | None] = field(default_factory=dict)
    raised: bool = False
    loaded: Mapping[Cell, Content | None] = field(default_factory=dict)

    def imports_hold(self) -> bool:
        """Whether each import leads to the same file, with the same content, as it did then."""
        return all(find(question) == found for question, found in self.imports.items())


def apply_writes(state: MutableMapping[Cell, Content], unit: int | str, writes: Mapping[Cell, Content | None]) -> None:
    """Put what ``unit`` wrote into ``state``: names that Keras makes up are counted on, all else is replaced."""
    before = state.get((NAMES, EPOCH))
    old = before if isinstance(before, NameEpoch) else NameEpoch()
    after = writes.get((NAMES, EPOCH), old)
    new = after if isinstance(after, NameEpoch) else old
    for cell, content in writes.items():
        if content is None:
            state.pop(cell, None)
        elif isinstance(content, NameCount) and isinstance(cell, tuple) and not isinstance(cell, Address):
            total = state.get(cell)
            state[base_cell(cell[1], unit)] = NameBase(count_in(total, old))
            base = count_in(total, new)
            taken = None if base is None or content.taken is None else base + content.taken
            state[cell] = NameTotal(new, taken)
        else:
            state[cell] = content
