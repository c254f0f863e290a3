"""The harness itself: a fixture that lies, or cannot be read, is found out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.keras_run import KerasProcess, disagreements, why_not
from tests.support.literate import (
    CODES,
    WARNING_CODES,
    FixtureError,
    Program,
    load_programs,
    read_file,
    read_program,
)
from tests.support.shapelens_run import Diagnostic, apply_fix, moved_line, wrong_problems, wrong_shapes


def program(text: str) -> Program:
    return read_program(Path("made-up.md"), "made up", 1, text)


def test_every_code_has_a_fixture() -> None:
    used = {problem.code for one in load_programs() for problem in one.problems}
    assert used == CODES | WARNING_CODES


@pytest.mark.parametrize(
    "text",
    [
        "x = 1  # error: no brackets\n",
        "x = 1  # error: [no-such-code]\n",
        "x = 1  # warning: [rank-mismatch]\n",
        "x = 1  # error: [rank-mismatch] words without quotes\n",
        'x = 1  # keras: "a sentence without an error"\n',
        "x = 1  # shape: (3, four)\n",
        "x = 1  # shape: 3, 4\n",
        "x = 1  # shape: (3, 4\n",
        "x = 1  # shape: (3,) (4,)\n",
        "x = 1\n# shape: (3,)\n",
        "x = (\n",
    ],
)
def test_ill_formed_expectations_are_errors(text: str) -> None:
    with pytest.raises(FixtureError):
        program(text)


@pytest.mark.parametrize(
    "markdown",
    [
        "## nothing under this\n\n## and this\n```python\nx = 1\n```\n",
        "## two\n```python\nx = 1\n```\n```python\ny = 1\n```\n",
        "## another language\n```\nx = 1\n```\n",
        "## never closed\n```python\nx = 1\n",
    ],
)
def test_ill_formed_files_are_errors(tmp_path: Path, markdown: str) -> None:
    file = tmp_path / "bad.md"
    file.write_text(markdown)
    with pytest.raises(FixtureError):
        list(read_file(file))


def test_comments_above_speak_of_the_next_line_of_code() -> None:
    read = program('# error: [reshape-size] "x"\n# keras: "y"\n\nf(\n    1,  # shape: (2,) | (3, None)\n)\n')
    assert [(p.line, p.code, p.message, p.keras) for p in read.problems] == [(4, "reshape-size", "x", "y")]
    assert [(s.line, s.name, s.alternatives) for s in read.shapes] == [(5, None, [[2], [3, None]])]


@pytest.mark.keras
@pytest.mark.skipif(bool(why_not()), reason=why_not() or "Keras is here")
def test_lies_about_keras_are_found() -> None:
    lies = program(
        "import numpy as np\n"
        "a = np.zeros((2, 3))  # shape: (None, 3)\n"
        "b = a.T  # error: [axis-out-of-range]\n"
        "c = a + np.zeros(2)\n"
        'd = a @ a  # error: [matmul-mismatch] # keras: "something else"\n'
        "e = d + 1  # shape: (2, 2)\n"
        "try:\n"
        "    f = a.reshape(7)\n"
        "except ValueError:\n"
        "    f = a  # shape: (2, 3) | (7,)\n"
    )
    keras = KerasProcess()
    found = disagreements(lies, keras.run(lies.text))
    keras.close()
    assert sorted(line.split(": ")[0] for line in found) == [f"made-up.md:{n}" for n in (10, 2, 3, 4, 5, 6, 8)]


def test_lies_about_shapelens_are_found() -> None:
    said = Diagnostic(2, "error", "reshape-size", "6 elements", [])
    expected = program('import numpy as np\nx = np.zeros(6).reshape(4)  # error: [reshape-size] "6 elements"\n')
    assert wrong_problems(expected, [said]) == []
    assert len(wrong_problems(expected, [])) == 1
    assert len(wrong_problems(expected, [said, said])) == 1
    assert len(wrong_problems(program("x = 1\ny = 2\n"), [said])) == 1
    site = {"line": 1, "column": 1, "end_line": 1, "end_column": 2, "kind": "variable", "name": "x"}
    known = program("x = make()  # shape: (None, 4)\n")
    assert wrong_shapes(known, [{**site, "output_shape": ["batch", 4]}]) == []
    assert wrong_shapes(known, [{**site, "output_shape": [None, 4]}]) == []
    for shape in ([8, 4], [None, None], [None, 4, 1], None):
        assert len(wrong_shapes(known, [{**site, "output_shape": shape}])) == 2
    assert len(wrong_shapes(known, [])) == 1


def test_fixes_are_applied_where_they_say() -> None:
    def edit(line: int, column: int, end_column: int, text: str) -> dict[str, object]:
        return {"line": line, "column": column, "end_line": line, "end_column": end_column, "new_text": text}

    fix = {
        "title": "t",
        "edits": [edit(2, 5, 6, "np.expand_dims(x, 0)"), edit(1, 1, 1, "import numpy as np\n")],
    }
    assert apply_fix("x = 1\ny = x\n", fix) == "import numpy as np\nx = 1\ny = np.expand_dims(x, 0)\n"
    assert moved_line(2, fix) == 3
