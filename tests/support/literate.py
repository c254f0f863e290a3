"""Reads the literate fixtures: Markdown whose `## heading` + one Python block is one program.

Expectations are comments. One that trails code speaks of that line, one on a line of its own speaks of the
next line of code, and a line may carry several (`# error: ... # keras: ...`):

    # shape: (None, 10)                the shape that the statement's value, or the layer made here, has
    # shape: x (60, 4), y (60,)        the shapes of the variables that the statement binds
    # shape: (8, 3) | (8, 5)           a place that is reached with several shapes
    # shape: [(None, 1), (None, 3)]    a place that gives several tensors
    # error: [code] "part of our message"      real Keras raises here
    # warning: [code] "part of our message"    real Keras runs here, though nobody means it
    # keras: "part of the sentence"            what the real run says at the error here

What the program itself states of a shape is written `# given: (n, 28)`: ShapeLens, which must not read the
expectations, gets it as `# shape: (n, 28)`.

Anything that begins like an expectation and cannot be read is an error of the fixture.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"

# A shape is a list of ints and None; several tensors are a list of shapes.
Shape = list["int | Shape | None"]

CODES = frozenset(
    {
        "rank-mismatch",
        "channel-mismatch",
        "input-mismatch",
        "missing-batch-axis",
        "target-mismatch",
        "sample-count",
        "reshape-size",
        "broadcast-mismatch",
        "matmul-mismatch",
        "concat-mismatch",
        "merge-mismatch",
        "negative-dimension",
        "undefined-dimension",
        "unknown-layer",
        "never-called",
        "graph-disconnected",
        "weights-mismatch",
        "axis-out-of-range",
        "invalid-argument",
    }
)
WARNING_CODES = frozenset({"declared-shape-ignored", "loss-broadcast", "softmax-one-unit", "stated-shape-mismatch"})


class FixtureError(Exception):
    """A fixture file that cannot be read, with its place."""


@dataclass(frozen=True)
class ShapeExpectation:
    """`# shape:`; `name` is None where the value of the whole statement is meant."""

    line: int
    name: str | None
    alternatives: list[Shape]


@dataclass(frozen=True)
class ProblemExpectation:
    """`# error:` or `# warning:`."""

    line: int
    severity: str
    code: str
    message: str
    keras: str


@dataclass(frozen=True)
class Program:
    """One program of a file. Lines count from 1 in `text`; `line` is where the text starts in the file."""

    id: str
    file: Path
    line: int
    text: str
    shapes: tuple[ShapeExpectation, ...]
    problems: tuple[ProblemExpectation, ...]

    @property
    def errors(self) -> list[ProblemExpectation]:
        """The problems that real Keras has to confirm by raising."""
        return [problem for problem in self.problems if problem.severity == "error"]

    @property
    def warnings(self) -> list[ProblemExpectation]:
        """The problems of which real Keras says nothing."""
        return [problem for problem in self.problems if problem.severity == "warning"]

    def place(self, line: int) -> str:
        """`file:line` of a line of the program."""
        return f"{self.file.name}:{self.line + line - 1}"


def load_programs(folder: Path = FIXTURES) -> list[Program]:
    """Every program of every fixture file, in order."""
    programs = [program for file in sorted(folder.glob("*.md")) for program in read_file(file)]
    ids = [program.id for program in programs]
    twice = sorted({id for id in ids if ids.count(id) > 1})
    if twice:
        raise FixtureError(f"two programs of the same name: {', '.join(twice)}")
    return programs


def read_file(file: Path) -> Iterator[Program]:
    """The programs of one Markdown file."""
    heading = ""
    used = True
    block: list[str] | None = None
    start = 0
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if block is not None:
            if line.rstrip() == "```":
                yield read_program(file, heading, start, "\n".join(block) + "\n")
                block, used = None, True
            else:
                block.append(line)
        elif line.startswith("## "):
            if not used:
                raise FixtureError(f"{file.name}: no program under {heading!r}")
            heading, used = line[3:].strip(), False
        elif line.startswith("```"):
            if line.rstrip() != "```python" or used:
                raise FixtureError(f"{file.name}:{number}: one ```python block under each ## heading, please")
            block, start = [], number + 1
    if block is not None or not used:
        raise FixtureError(f"{file.name}: the last program is not closed")


def read_program(file: Path, heading: str, start: int, text: str) -> Program:
    """One program, with its expectations read and checked."""
    try:
        return _read_program(file, heading, start, text)
    except FixtureError as error:
        line = int(str(error).partition(":")[0])
        raise FixtureError(f"{file.name}:{start + line - 1}: {str(error).partition(': ')[2]}") from None


def slug(heading: str) -> str:
    """A heading as part of a test's id."""
    return re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")


_EXPECTATION = re.compile(r"#\s*(shape|error|warning|keras):\s*")
_EXPECTED_SHAPE = re.compile(r"(#\s*)shape:")
_STATED = re.compile(r"(#\s*)given:")
_PROBLEM = re.compile(r"\[([a-z-]+)\](?:\s+\"(.*)\")?$")
_QUOTED = re.compile(r"\"(.+)\"$")


def _read_program(file: Path, heading: str, start: int, text: str) -> Program:
    shapes: list[ShapeExpectation] = []
    problems: list[tuple[int, str, str, str]] = []
    sentences: dict[int, str] = {}
    for line, kind, body in _expectations(text):
        if kind == "shape":
            shapes.extend(_read_shapes(line, body))
        elif kind == "keras":
            if not (quoted := _QUOTED.match(body)):
                raise FixtureError(f'{line}: write # keras: "words", not {body!r}')
            sentences[line] = quoted[1]
        else:
            found = _PROBLEM.match(body)
            if not found:
                raise FixtureError(f'{line}: write # {kind}: [code] "words", not {body!r}')
            if found[1] not in (CODES if kind == "error" else WARNING_CODES):
                raise FixtureError(f"{line}: no {kind} is called {found[1]!r}")
            problems.append((line, kind, found[1], found[2] or ""))
    stray = set(sentences) - {line for line, kind, _, _ in problems if kind == "error"}
    if stray:
        raise FixtureError(f"{min(stray)}: # keras: without an # error: on the same line")
    return Program(
        f"{file.stem}/{slug(heading)}",
        file,
        start,
        _without_expectations(text),
        tuple(shapes),
        tuple(ProblemExpectation(*problem, sentences.get(problem[0], "")) for problem in problems),
    )


def _without_expectations(text: str) -> str:
    """The program: its lines as they are, without expectations of shapes, and with what it states itself."""
    lines = text.splitlines(keepends=True)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            comment = _STATED.sub(r"\1shape:", _EXPECTED_SHAPE.sub(r"\1expected:", token.string))
            lines[row - 1] = lines[row - 1][:column] + comment + lines[row - 1][column + len(token.string) :]
    return "".join(lines)


def _expectations(text: str) -> Iterator[tuple[int, str, str]]:
    """(line spoken of, kind, body) of every expectation comment."""
    pending: list[tuple[str, str]] = []
    code_line = 0
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (SyntaxError, tokenize.TokenError) as error:
        raise FixtureError(f"1: not Python: {error}") from None
    for token in tokens:
        if token.type == tokenize.COMMENT:
            pieces = list(_split(token.string))
            if token.start[0] == code_line:
                for kind, body in pieces:
                    yield code_line, kind, body
            else:
                pending.extend(pieces)
        elif token.type not in (tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT):
            code_line = token.end[0]
            if token.type != tokenize.ENDMARKER:
                for kind, body in pending:
                    yield token.start[0], kind, body
                pending.clear()
    if pending:
        raise FixtureError(f"{len(text.splitlines())}: an expectation at the end, with no code after it")


def _split(comment: str) -> Iterator[tuple[str, str]]:
    found = list(_EXPECTATION.finditer(comment))
    # A remark may stand before the first expectation, never inside one.
    for here, after in zip(found, [*found[1:], None], strict=False):
        yield here[1], comment[here.end() : after.start() if after else None].strip()


_TOKEN = re.compile(r"\s*(?:([A-Za-z_][\w.]*)(?!\w)|(-?\d+)|([()\[\],|]))")


def _read_shapes(line: int, body: str) -> Iterator[ShapeExpectation]:
    tokens: list[str] = []
    position = 0
    while position < len(body):
        found = _TOKEN.match(body, position)
        if not found:
            raise FixtureError(f"{line}: cannot read the shape {body!r}")
        tokens.append(found[0].strip())
        position = found.end()
    reader = _ShapeReader(line, body, tokens)
    named = False
    while True:
        name = reader.take() if reader.peek()[:1].isidentifier() else None
        named = named or name is not None
        alternatives = [reader.shape()]
        while reader.peek() == "|":
            reader.take()
            alternatives.append(reader.shape())
        yield ShapeExpectation(line, name, alternatives)
        if not reader.peek():
            return
        reader.expect(",")
        if not named or not reader.peek():
            raise reader.wrong()


class _ShapeReader:
    def __init__(self, line: int, body: str, tokens: list[str]) -> None:
        self.line, self.body, self.tokens = line, body, tokens

    def wrong(self) -> FixtureError:
        return FixtureError(f"{self.line}: cannot read the shape {self.body!r}")

    def peek(self) -> str:
        return self.tokens[0] if self.tokens else ""

    def take(self) -> str:
        if not self.tokens:
            raise self.wrong()
        return self.tokens.pop(0)

    def expect(self, token: str) -> None:
        if self.take() != token:
            raise self.wrong()

    def shape(self) -> Shape:
        opening = self.take()
        if opening not in ("(", "["):
            raise self.wrong()
        closing = ")" if opening == "(" else "]"
        items: Shape = []
        while self.peek() != closing:
            items.append(self.shape() if opening == "[" else self._dim())
            if self.peek() != closing:
                self.expect(",")
        self.expect(closing)
        return items

    def _dim(self) -> int | None:
        token = self.take()
        if token == "None":
            return None
        if not token.isdigit():
            raise self.wrong()
        return int(token)
