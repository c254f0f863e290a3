"""What the user's interpreter has, and what it already answered: an analysis reads it and never waits for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Literal, TypeAlias

from shapelens.interp.result import REFEREE, VERSIONS, Cell, Content
from shapelens.referee.api import Referee
from shapelens.shapes.question import FAMILIES, NEWEST, Answer, Question, Versions

__all__ = ["FAMILIES", "NOBODY", "Cells", "Family", "Installed", "installed_by", "installed_here"]

Family: TypeAlias = Literal[2, 3]


@dataclass(frozen=True, slots=True)
class Installed:
    """The libraries that programs mean, and the answers that are known.

    ``known`` is `None` where nobody can be asked.
    """

    versions: Versions = NEWEST
    known: Callable[[Question], Answer | None] | None = field(default=None, compare=False)


NOBODY = Installed()


def installed_by(referee: Referee, family: Family | None = None, seconds: float = 0.0) -> Installed:
    """What the interpreter of ``referee`` has, as far as that is known after ``seconds`` at most.

    ``family`` is the Keras that programs mean, where the user says so: another one is not asked.
    """
    versions = referee.versions(seconds)
    if family is not None and (versions.family != family or not versions.keras):
        return Installed(FAMILIES[family])
    if not versions.keras:
        return Installed(versions)
    return Installed(versions, lambda question: referee.answers((question,)).get(question))


@cache
def installed_here() -> Installed:
    """What the Python that runs ShapeLens has, found in its folders; nobody is asked and nothing imported."""
    from shapelens.referee.wire import versions_from_wire
    from shapelens.referee.worker import probe

    return Installed(versions_from_wire(dict(probe.versions())))


class Cells(dict[Cell, Content]):
    """The state of a program. A question is looked up when it is first read, and then stays as it was found.

    ``open`` are those that have no answer yet, in the order in which the program asks them.
    """

    __slots__ = ("_known", "open")

    def __init__(self, installed: Installed = NOBODY) -> None:
        super().__init__()
        self._known = installed.known
        self.open: dict[Question, None] = {}
        self[VERSIONS] = installed.versions
        if installed.known is not None:
            self[REFEREE] = installed.versions

    def get(self, cell: Cell, default: Content | None = None) -> Content | None:  # type: ignore[override]
        """The content of a cell; the answer to a question, if it is known."""
        found = dict.get(self, cell, default)
        if found is None and isinstance(cell, Question) and self._known is not None and cell not in self.open:
            found = self._known(cell)
            if found is None:
                self.open[cell] = None
            else:
                self[cell] = found
        return found
