"""A notebook's cells as one program: places there and back, edits, and files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shapelens.text import document, replace_range, split
from shapelens.text.ipynb import parse_notebook, read_notebook
from shapelens.text.notebook import Cell, Notebook, spliced
from shapelens.text.reading import SourceError


def code(uri: str, text: str) -> Cell:
    return Cell(document(uri, text))


BOOK = Notebook(
    "file:///a.ipynb",
    3,
    (
        Cell(document("#m", "# Title"), is_code=False),
        code("#a", "x = 1\n"),
        code("#empty", ""),
        code("#b", "%%time\nyé = '😀'\nz = 3"),
    ),
)


def test_code_cells_are_one_program() -> None:
    program = BOOK.program
    assert (program.uri, program.version) == (BOOK.uri, 3)
    assert program.text == "x = 1\n\n\n%%time\nyé = '😀'\nz = 3"
    units = split(program.text, cells=program.cell_starts).units
    assert [unit.text for unit in units] == ["x = 1", "yé = '😀'", "z = 3"]


def test_places_there_and_back() -> None:
    program = BOOK.program
    for cell, text in [("#a", "x"), ("#b", "z = 3"), ("#b", "%%time")]:
        offset = program.text.index(text)
        part = program.part_at(offset)
        assert part.document.uri == cell
        assert part.document.text.startswith(text, offset - part.start)
        assert program.part_of(cell) == part
    assert program.part_at(len("x = 1\n")).document.uri == "#a"
    assert program.part_at(len("x = 1\n") + 1).document.uri == "#empty"
    assert program.part_at(10_000).document.uri == "#b"
    assert program.part_of("#m") is None
    assert [program.part_at(program.text.index(c)).cell for c in "xz"] == [1, 3]


def test_a_script_is_its_only_part() -> None:
    script = document("file:///a.py", "x = 1\n")
    assert script.part_at(3) == (0, 0, script)
    assert script.part_of("file:///a.py") == (0, 0, script)
    assert script.part_of("file:///b.py") is None
    assert script.cell_starts == ()


def test_a_notebook_without_code() -> None:
    program = Notebook("a", 0, (Cell(document("#m", "text"), is_code=False),)).program
    assert program.text == ""
    assert program.part_of("#m") is None


def test_edits_move_the_cells_behind() -> None:
    program = BOOK.program
    first, empty, last = program.cell_starts
    assert replace_range(program, 0, 1, "longer").cell_starts == (first, empty + 5, last + 5)
    assert replace_range(program, last, last, "import y\n").cell_starts == (first, empty, last)
    assert replace_range(program, last - 1, last - 1, "ab").cell_starts == (first, empty, last + 2)


def test_units_of_moved_and_inserted_cells_stay() -> None:
    a, b, c = code("#1", "a = 1\nb = 2"), code("#2", "c = 3\nd = 4"), code("#3", "e = (")
    before = Notebook("n", 0, (a, b, c)).program
    layout = split(before.text, cells=before.cell_starts)
    known = {unit.text: unit for unit in layout.units}
    for cells in [(b, a, c), (a, code("#4", "new = 0"), b, c), (c, b, a), (b, c), (a, a, b)]:
        after = Notebook("n", 1, cells).program
        units = split(after.text, layout, after.cell_starts).units
        kept = {unit.text for unit in units if unit is known.get(unit.text)}
        assert kept == {unit.text for unit in units} & set(known)
        assert len({unit.uid for unit in units}) == len(units)


def test_splicing_cells() -> None:
    a, b, c = code("#a", ""), code("#b", ""), code("#c", "")
    assert spliced((a, b), 1, 1, [c, b]) == (a, c, b)


# Files

V4 = {
    "nbformat": 4,
    "metadata": {"language_info": {"name": "python"}},
    "cells": [
        {"cell_type": "markdown", "source": ["# T\n", "x"]},
        {"cell_type": "code", "source": ["x = 1\n", "y = 2"], "outputs": [{"text": "x = ("}]},
        {"cell_type": "raw", "source": "raw"},
        {"cell_type": "code", "source": "z = 3"},
    ],
}
V3 = {
    "nbformat": 3,
    "worksheets": [
        {
            "cells": [
                {"cell_type": "heading", "source": "T"},
                {"cell_type": "code", "input": ["x = 1\n", "y = 2"], "language": "python"},
                {"cell_type": "code", "input": "puts 1", "language": "ruby"},
            ]
        },
        {"cells": [{"cell_type": "code", "input": "z = 3"}]},
    ],
}


@pytest.mark.parametrize("content", [V4, V3])
def test_both_formats_are_read(content: object, tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps(content), encoding="utf-8")
    program = read_notebook(path, "uri").program
    assert program.text == "x = 1\ny = 2\nz = 3"
    assert [part.cell for part in program.cells] == [1, 3]


def test_cells_in_another_language_are_no_program() -> None:
    content = {**V4, "metadata": {"kernelspec": {"language": "R"}}}
    assert parse_notebook(json.dumps(content).encode(), "").program.text == ""


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "is not a notebook: expecting property name"),
        (b"", "is not a notebook: expecting value"),
        (b"[]", "it has no cells"),
        (b'{"cells": 3}', "it has no cells"),
        (b"\xff\xfe\x00", "is not a notebook"),
        (b"[" * 100_000, "is not a notebook"),
    ],
)
def test_what_is_no_notebook_is_explained(content: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message) as caught:
        parse_notebook(content, "")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("cell", [None, 3, {}, {"cell_type": "code"}, {"cell_type": "code", "source": [1, None]}])
def test_strange_cells_are_empty(cell: object) -> None:
    assert parse_notebook(json.dumps({"cells": [cell]}).encode(), "").program.text == ""
