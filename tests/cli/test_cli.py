"""The command line: its contract, its exit codes, and any input at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from shapelens import __version__
from shapelens.cli.api import check_text, shapes_text
from shapelens.cli.excerpt import Style, describe, excerpt
from shapelens.cli.main import main
from shapelens.engine.analysis import Range
from shapelens.ide.diagnostics import Diagnostic
from shapelens.text import document

WRONG = "import numpy as np\nfrom keras import layers\n\nx = np.zeros((2, 28, 28))\ny = layers.Conv2D(8, 3)(x)\n"
RIGHT = "from keras import Input, layers\n\ny = layers.Dense(4)(Input((3,)))\n"


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    path = tmp_path / "wrong.py"
    path.write_text(WRONG)
    return path


@pytest.fixture
def right(tmp_path: Path) -> Path:
    path = tmp_path / "right.py"
    path.write_text(RIGHT)
    return path


def run(*arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    server = Path(__file__).parents[2] / "server"
    return subprocess.run(
        [sys.executable, "-m", "shapelens", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(server), **(environment or {})},
    )


def test_check_shows_the_place_and_exits_with_1(wrong: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(wrong)]) == 1
    out = capsys.readouterr().out
    assert out.startswith(f"{wrong}:5:5: error[rank-mismatch]: ")
    assert "5 | y = layers.Conv2D(8, 3)(x)\n  |     ^^^^^^^^^^^^^^^^^^^^^^\n" in out
    assert "line 4:" in out
    assert out.endswith("Found 1 error in 1 file.\n")
    assert "\x1b" not in out


def test_check_of_a_clean_file_exits_with_0(right: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(right)]) == 0
    assert capsys.readouterr().out == "No problems in 1 file.\n"


def test_check_json_is_the_contract(wrong: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(wrong), "--output-format", "json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert list(answer) == ["diagnostics"]
    (found,) = answer["diagnostics"]
    assert {key: found[key] for key in ("line", "column", "end_line", "end_column")} == {
        "line": 5,
        "column": 5,
        "end_line": 5,
        "end_column": 27,
    }
    assert (found["code"], found["severity"]) == ("rank-mismatch", "error")
    assert set(found) == {
        *("line", "column", "end_line", "end_column", "code", "severity", "message", "related", "fixes")
    }
    assert {"line", "column", "message"} == set(found["related"][0])
    for fix in found["fixes"]:
        assert set(fix) == {"title", "edits"}
        for edit in fix["edits"]:
            assert set(edit) == {"line", "column", "end_line", "end_column", "new_text"}
    assert answer == check_text(WRONG, str(wrong))


def test_shapes_json_is_the_contract(right: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["shapes", str(right), "--output-format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    layer = next(site for site in answer["sites"] if site["layer"] == "Dense")
    assert layer == {
        "line": 3,
        "column": 5,
        "end_line": 3,
        "end_column": 33,
        "kind": "layer",
        "name": None,
        "layer": "Dense",
        "input_shape": [None, 3],
        "output_shape": [None, 4],
        "dtype": "float32",
        "params": 16,
    }
    assert answer == shapes_text(RIGHT, str(right))


def test_shapes_is_a_table(right: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["shapes", str(right)]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[0].split() == ["line", "name", "layer", "input", "output", "params"]
    assert any(line.split()[:2] == ["3", "Dense"] and line.endswith("16") for line in out.splitlines())


def test_directories_are_searched(wrong: Path, right: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for folder in (".venv", "env", "__pycache__", "package"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "also.py").write_text(WRONG)
    (tmp_path / "env" / "pyvenv.cfg").touch()
    (tmp_path / "notes.txt").write_text("x = (")
    assert main(["check", str(tmp_path), "--output-format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    assert [item["path"] for item in found] == [str(wrong), str(tmp_path / "package" / "also.py")]
    assert main(["check", str(tmp_path / ".venv" / "also.py")]) == 1
    empty = tmp_path / "empty"
    empty.mkdir()
    assert main(["check", str(empty)]) == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("encoding.py", "x = 'é'".encode("latin-1")),
        ("null.py", b"x = 1\0"),
        ("utf16.py", "x = 1".encode("utf-16")),
        ("unknown.py", b"# coding: klingon"),
        ("note.ipynb", b"{}"),
        ("missing.py", None),
    ],
)
def test_unreadable_files_are_one_line_and_exit_2(
    name: str, content: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    for command in ("check", "shapes"):
        assert main([command, str(path), "--output-format", "json"]) == 2
        error = capsys.readouterr().err
        assert error.startswith(f"shapelens: {path}: ")
        assert error.count("\n") == 1


def test_an_unreadable_file_does_not_hide_the_others(
    wrong: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(tmp_path / "missing.py"), str(wrong), "--output-format", "json"]) == 2
    assert json.loads(capsys.readouterr().out)["diagnostics"]


HOSTILE = {
    "empty": "",
    "blank": "\n\n  \n",
    "syntax error": "def f(:\n  pass\nx = = 1\n",
    "python 2": 'print "x"\nexec "y"\nraise E, "z"\n',
    "endless loop": "x = 0\nwhile True:\n    x += 1\n",
    "endless growth": "x = [0]\nwhile True:\n    x.append(x)\n    x = x + x\n",
    "large power": "x = 10**10**10\ny = 2 ** 10**9\nz = 1 << 10**12\n",
    "large list": "x = [0] * 10**12\ny = 'a' * 10**15\nz = (1,) * 10**9\n",
    "texts that double": "x = y = 'a'\nfor i in range(100):\n    x += x\n    y = '%s%s' % (y, y)\n",
    "large range": "x = list(range(10**12))\nfor i in range(10**15):\n    y = i\n",
    "large array": "import numpy as np\nx = np.zeros((10**6, 10**6, 10**6))\ny = x @ x\n",
    "recursion": "def f(x):\n    return f(x + 1)\nf(0)\n",
    "mutual recursion": "def f():\n    return g()\ndef g():\n    return f()\nf()\n",
    "deep nesting": "x = " + "(" * 5000 + ")" * 5000,
    "long sum": "x = " + " + ".join(["1"] * 20_000),
    "deep data": "x = []\nfor i in range(10**6):\n    x = [x]\ny = x == x\n",
    "imports itself": "import hostile\nfrom hostile import *\nx = hostile.x\n",
    "runs commands": "import os\nos.system('touch RAN')\nopen('RAN', 'w').write('x')\n__import__('os').mkdir('RAN')\n",
    "exits": "import sys\nsys.exit(3)\nquit()\n",
    "strange names": "é = 1\nℌ = 2\n\u202ex = 3\n",
    "magics": "%matplotlib inline\n!rm -rf /\nx = 1\n",
    "carriage returns": "x = 1\ry = 2\r",
    "form feeds": "x = 1\n\fy = 2\n\v\n",
    "class cycle": "class A(A): pass\nclass B(C): pass\nclass C(B): pass\nB()\n",
    "exponential calls": "\n".join(
        ["def f0(x): return x", *(f"def f{i}(x): return f{i - 1}(f{i - 1}(x))" for i in range(1, 60)), "f59(1)"]
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_programs_are_answered_and_never_run(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "hostile.py"
    path.write_text(HOSTILE[name], encoding="utf-8")
    start = time.monotonic()
    assert main(["check", str(path), "--output-format", "json"]) == 0
    assert time.monotonic() - start < 10
    assert all(item["severity"] == "information" for item in json.loads(capsys.readouterr().out)["diagnostics"])
    assert main(["shapes", str(path)]) == 0
    assert not (tmp_path / "RAN").exists()


@pytest.mark.parametrize("line", ["x{i} = f(x{i})", "def f{i}(a):\n    return a + {i}\n", "x{i} = ("])
def test_fifty_thousand_lines(line: str, tmp_path: Path) -> None:
    path = tmp_path / "long.py"
    path.write_text("\n".join("\n".join(line.format(i=i) for i in range(50_000)).split("\n")[:50_000]))
    result = run("check", str(path), "--output-format", "json")
    assert result.returncode == 0
    assert "diagnostics" in json.loads(result.stdout)


@pytest.mark.parametrize(
    "arguments", [[], ["nonsense"], ["check"], ["shapes"], ["check", "x", "--output-format", "xml"]]
)
def test_wrong_use_exits_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: shapelens" in capsys.readouterr().err


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out == f"shapelens {__version__}\n"


def test_explain(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain"]) == 0
    codes = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert "rank-mismatch" in codes
    for code in [*codes, "syntax-error"]:
        assert main(["explain", code]) == 0
        assert code in capsys.readouterr().out
    assert main(["explain", "rank-missmatch"]) == 2
    assert "did you mean rank-mismatch?" in capsys.readouterr().err


def test_a_reader_that_goes_away_is_no_error(wrong: Path) -> None:
    server = Path(__file__).parents[2] / "server"
    command = f"{sys.executable} -m shapelens check {wrong} | true"
    result = subprocess.run(
        command, shell=True, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(server)}
    )
    assert "Traceback" not in result.stderr
    assert "BrokenPipe" not in result.stderr


def test_a_terminal_that_cannot_show_a_character_shows_another(tmp_path: Path) -> None:
    path = tmp_path / "é.py"
    path.write_text("x = 'é😀' = = 1\n", encoding="utf-8")
    result = run("check", str(path), environment={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert result.returncode == 0
    assert "x = '??'" in result.stdout


def test_starting_imports_no_server(right: Path) -> None:
    server = Path(__file__).parents[2] / "server"
    result = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "shapelens", "check", str(right)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(server)},
    )
    imported = {line.rpartition("|")[2].strip() for line in result.stderr.splitlines()}
    assert not imported & {"pygls", "lsprotocol", "jedi", "parso", "asyncio", "keras", "tensorflow"}


def test_excerpts_fit_the_terminal() -> None:
    doc = document("u", "\tx = 'é漢字' + f(1)\x1b[31m\n" + "a" * 500 + "b")
    line, carets = excerpt(doc, Range(13, 17))
    assert line == "    x = 'é漢字' + f(1)\ufffd[31m"
    assert line[carets.index("^") - 2 :].startswith("f(1)")  # two wide characters come before
    line, carets = excerpt(doc, Range(len(doc.text) - 1, len(doc.text)))
    assert len(line) <= 160
    assert line[carets.index("^")] == "b"
    assert excerpt(document("u", ""), Range(0, 0)) == ("", "^")


def test_colours_only_where_they_are_wanted() -> None:
    doc = document("u", "x = 1")
    found = Diagnostic(Range(0, 1), "rank-mismatch", "error", "Wrong.")
    assert "\x1b[1;31m" in describe(found, (), doc, "p", Style(True))
    assert "\x1b" not in describe(found, (), doc, "p", Style(False))


CELLS: list[dict[str, object]] = [
    {"cell_type": "markdown", "source": "# Photos"},
    {"cell_type": "code", "source": ["%matplotlib inline\n", "import numpy as np\n", "from keras import layers\n"]},
    {"cell_type": "code", "source": "x = np.zeros((2, 28, 28)); \nprint(", "outputs": [{"data": {"text/plain": "("}}]},
    {"cell_type": "code", "source": "%%time\n!ls\n\ny = layers.Conv2D(8, 3)(x)"},
]


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    path = tmp_path / "photos.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "metadata": {}, "cells": CELLS}))
    return path


def test_notebooks_are_checked_cell_by_cell(notebook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(notebook), "--output-format", "json"]) == 1
    broken, found = json.loads(capsys.readouterr().out)["diagnostics"]
    assert (broken["cell"], broken["line"], broken["code"]) == (2, 2, "syntax-error")
    place = {key: found[key] for key in ("cell", "line", "column", "end_line", "end_column")}
    assert place == {"cell": 3, "line": 4, "column": 5, "end_line": 4, "end_column": 27}
    assert [(item["cell"], item["line"]) for item in found["related"]] == [(2, 1)]
    edits = [edit for fix in found["fixes"] for edit in fix["edits"]]
    assert edits
    for edit in edits:
        cell = CELLS[edit["cell"]]["source"]
        lines = "".join(cell if isinstance(cell, list) else str(cell)).split("\n")
        assert edit["line"] <= len(lines)
        assert edit["column"] <= len(lines[edit["line"] - 1]) + 1


def test_places_in_notebooks_for_people(notebook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(notebook)]) == 1
    out = capsys.readouterr().out
    assert f"{notebook}:cell 3:4:5: error[rank-mismatch]: " in out
    assert "4 | y = layers.Conv2D(8, 3)(x)\n  |     ^^^^^^^^^^^^^^^^^^^^^^\n" in out
    assert "= cell 2, line 1: " in out
    assert main(["shapes", str(notebook)]) == 0
    assert capsys.readouterr().out.splitlines()[2].split()[:2] == ["2:1", "x"]


def test_shapes_of_several_files(right: Path, notebook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["shapes", str(notebook), str(right), "--output-format", "json"]) == 0
    sites = json.loads(capsys.readouterr().out)["sites"]
    assert [(site["path"], site.get("cell"), site["line"]) for site in sites if site["layer"] == "Dense"] == [
        (str(right), None, 3)
    ]
    assert {site.get("cell") for site in sites if site["path"] == str(notebook)} == {2}
    assert main(["shapes", str(right.parent)]) == 0
    out = capsys.readouterr().out
    assert out.index(str(notebook)) < out.index(str(right))


def test_directories_have_notebooks(notebook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(notebook.parent), "--output-format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    assert {item["path"] for item in found} == {str(notebook)}


def test_a_broken_notebook_is_one_line_and_exits_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "broken.ipynb"
    broken.write_text('{"cells": [')
    for command in ("check", "shapes"):
        assert main([command, str(broken)]) == 2
        error = capsys.readouterr().err
        assert error.startswith(f"shapelens: {broken}: is not a notebook: expecting value: line 1")
        assert error.count("\n") == 1
