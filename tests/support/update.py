"""Writes into a fixture file what real Keras shows: `python -m tests.support.update tests/fixtures/cnn.md`.

Each `?` of a `# shape: ?` becomes the observed shape, and disagreements are printed. With `--show`, every
error of a run is printed too, to be copied by hand: which of them a program is meant to show is the author's
to say.
"""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path

from .keras_run import KerasProcess, disagreements, observed, show
from .literate import Program, ShapeExpectation, read_file

UNKNOWN = re.compile(r"# shape: [^#]*\?")
# Stands in while the real shape is not known yet: no tensor has such a shape.
PLACEHOLDER = "(987654321,)"


def main(arguments: list[str]) -> None:
    """Update each file that is named, and say in what it still disagrees with Keras."""
    keras = KerasProcess()
    for argument in arguments:
        if argument.startswith("--"):
            continue
        file = Path(argument)
        original = file.read_text(encoding="utf-8")
        marked = UNKNOWN.sub(lambda found: found[0].replace("?", PLACEHOLDER), original)
        file.write_text(marked, encoding="utf-8")
        try:
            programs = list(read_file(file))
            lines = file.read_text(encoding="utf-8").splitlines()
            for program in programs:
                _update(program, keras, lines, "--show" in arguments)
            file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        except BaseException:
            file.write_text(original, encoding="utf-8")
            raise
    keras.close()


def _update(program: Program, keras: KerasProcess, lines: list[str], show_errors: bool) -> None:
    run = keras.run(program.text)
    known: list[ShapeExpectation] = []
    for expectation in program.shapes:
        if expectation.alternatives != [[987654321]]:
            known.append(expectation)
            continue
        seen, loose = observed(program, run, expectation.line, expectation.name)
        if loose and len(seen) > 1 and len({tuple(map(str, shape[1:])) for shape in seen}) == 1:
            seen = [[None, *seen[0][1:]]]
        number = _comment_line(lines, program.line + expectation.line - 2)
        text = " | ".join(map(show, seen)) if seen else "?"
        lines[number] = lines[number].replace(PLACEHOLDER, text, 1)
    for problem in disagreements(replace(program, shapes=tuple(known)), run):
        print(f"{program.id}: {problem}")
    if show_errors:
        for error in run.errors:
            print(f"{program.id}: {program.place(error.line)}: {error}")


def _comment_line(lines: list[str], number: int) -> int:
    """The line of the placeholder that speaks of a line: the line itself, or a comment above it."""
    while PLACEHOLDER not in lines[number]:
        number -= 1
    return number


if __name__ == "__main__":
    main(sys.argv[1:])
