"""Programs of which something is not known (``branches.txt``): what is told of them holds, whatever that is.

Each is run by Python with every choice of what the module ``loader`` has: a flag, a number, things that depend on
them. A variable is unknown, or has the value that is told in every run that sets it.
"""

from __future__ import annotations

import itertools
import sys
import types
from pathlib import Path

import pytest

from tests.support.interpreting import NotPlain, interpret, is_plain, programs_of

PROGRAMS = programs_of(Path(__file__).with_name("branches.txt"))
UNSET = object()


def runs(source: str, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """What the program leaves behind, for each choice with which it comes to its end."""
    ends: list[dict[str, object]] = []
    for flag, number in itertools.product((True, False), (0, 1, 2, 5)):
        loader = types.ModuleType("loader")
        given = {"f": flag, "n": number, "xs": list(range(number)), "s": "ab"[:number], "maybe": None if flag else 3}
        vars(loader).update(given, g=lambda *arguments: None)
        monkeypatch.setitem(sys.modules, "loader", loader)
        left: dict[str, object] = {"__name__": "__main__"}
        try:
            exec(source, left)
        except Exception:  # a choice that the program does not take
            continue
        ends.append(left)
    return ends


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_is_told_holds_on_every_path(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    source = PROGRAMS[name]
    ends = runs(source, monkeypatch)
    assert ends
    outcome = interpret(source)
    for variable in set().union(*ends):
        try:
            told = outcome.plain(variable)
        except (NotPlain, KeyError):
            continue
        for end in ends:
            really = end.get(variable, UNSET)
            if really is UNSET or variable.startswith("__") or not is_plain(really):
                continue
            assert (told, type(told)) == (really, type(really)), variable


def test_something_is_told() -> None:
    outcome = interpret(PROGRAMS["a variable"])
    assert outcome.plain("y") == 5
