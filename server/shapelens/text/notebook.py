"""A notebook as one program: its code cells in order, and where each place of the program is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from shapelens.text.document import Document, Part, document

# Between two cells; it is no cell's.
_BETWEEN = "\n"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a notebook; only code in Python is part of the program."""

    document: Document
    is_code: bool = True
    language: str = "python"

    @property
    def is_program(self) -> bool:
        """Whether it is code in Python (``ipython``, ``python3`` and so on are names of it, too)."""
        return self.is_code and self.language.lower().startswith(("python", "ipython"))


@dataclass(frozen=True)
class Notebook:
    """One revision of a notebook, with all its cells."""

    uri: str
    version: int
    cells: tuple[Cell, ...]

    @cached_property
    def program(self) -> Document:
        """The code cells as one document, under the URI and version of the notebook."""
        parts, end = [], 0
        for index, cell in enumerate(self.cells):
            if cell.is_program:
                parts.append(Part(end, index, cell.document))
                end += len(cell.document.text) + len(_BETWEEN)
        text = _BETWEEN.join(part.document.text for part in parts)
        return replace(document(self.uri, text, self.version), cells=tuple(parts))


def spliced(cells: Sequence[Cell], start: int, removed: int, added: Sequence[Cell]) -> tuple[Cell, ...]:
    """The cells after ``removed`` ones at ``start`` were replaced by ``added``."""
    return (*cells[:start], *added, *cells[start + removed :])
