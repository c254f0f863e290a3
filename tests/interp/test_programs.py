"""Plain Python, program by program (``programs.txt``): what is known must be what Python computes.

Each is run by Python too. What `# unknown` names may be unknown; everything else that is plain data must be known.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.interpreting import NotPlain, interpret, is_plain, programs_of

PROGRAMS = programs_of(Path(__file__).with_name("programs.txt"))


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_is_known_is_what_python_computes(name: str) -> None:
    source = PROGRAMS[name]
    first = source.split("\n", 1)[0]
    unknown = set(first.removeprefix("# unknown: ").split()) if first.startswith("# unknown: ") else set()
    real: dict[str, object] = {"__name__": "__main__"}
    exec(source, real)
    outcome = interpret(source)
    assert not outcome.problems
    for variable, expected in real.items():
        if variable.startswith("__") or not is_plain(expected) or variable in unknown:
            continue
        try:
            actual = outcome.plain(variable)
        except (NotPlain, KeyError):
            pytest.fail(f"{variable} should be known: {expected!r}")
        assert (actual, type(actual)) == (expected, type(expected)), variable


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_may_be_unknown_is_never_wrong(name: str) -> None:
    source = PROGRAMS[name]
    real: dict[str, object] = {"__name__": "__main__"}
    exec(source, real)
    outcome = interpret(source)
    for variable, expected in real.items():
        try:
            actual = outcome.plain(variable)
        except (NotPlain, KeyError):
            continue
        # A named tuple is its items here, and a counter its counts.
        assert not is_plain(expected) or actual == expected, variable
