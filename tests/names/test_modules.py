"""Programs of several files: the user's own modules, packages elsewhere, re-exports."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shapelens.cli.api import check_text, shapes_text
from shapelens.engine.analysis import Analysis
from shapelens.engine.analyze import Interpreter, analyze, default_interpreter
from shapelens.ide.plain import shape_json
from shapelens.interp.result import UnitResult
from shapelens.text import Unit, document, sources

BLOCKS = """
    from keras import layers

    def block(x, width):
        x = layers.Dense(width)(x)
        return layers.Dropout(0.1)(x)

    class Head(layers.Layer):
        def __init__(self, classes):
            super().__init__()
            self.out = layers.Dense(classes)

        def call(self, x):
            return self.out(x)
"""


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return path


def shape_of(program: Path, name: str) -> object:
    sites = shapes_text(program.read_text(encoding="utf-8"), str(program))["sites"]
    return next(s["output_shape"] for s in sites if s["kind"] == "variable" and s["name"] == name)


def test_a_module_beside_the_program(tmp_path: Path) -> None:
    write(tmp_path / "blocks.py", BLOCKS)
    program = write(
        tmp_path / "main.py",
        """
        import keras
        import blocks
        from blocks import Head as Top

        x = blocks.block(keras.Input((8,)), 5)
        y = Top(3)(x)
        """,
    )
    assert shape_of(program, "x") == [None, 5]
    assert shape_of(program, "y") == [None, 3]


def test_a_package_with_relative_imports(tmp_path: Path) -> None:
    write(tmp_path / "nets" / "__init__.py", "from .parts import block\n")
    write(tmp_path / "nets" / "parts.py", BLOCKS)
    program = write(tmp_path / "main.py", "import keras\nfrom nets import block\nx = block(keras.Input((8,)), 5)\n")
    assert shape_of(program, "x") == [None, 5]


def test_an_installed_package_that_holds_layers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "site" / "acme_nets" / "__init__.py", "# keras models\nfrom acme_nets.parts import block\n")
    write(tmp_path / "site" / "acme_nets" / "parts.py", BLOCKS)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    program = write(
        tmp_path / "app" / "main.py",
        "import keras\nfrom acme_nets import block\nx = block(keras.Input((8,)), 5)\n",
    )
    assert shape_of(program, "x") == [None, 5]


def test_names_that_a_package_hands_out_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stub says what the package's ``__getattr__`` does: jedi follows it to the definition."""
    write(tmp_path / "site" / "lazy_nets" / "__init__.py", "# keras\ndef __getattr__(name): ...\n")
    write(tmp_path / "site" / "lazy_nets" / "__init__.pyi", "from lazy_nets.parts import block as block\n")
    write(tmp_path / "site" / "lazy_nets" / "parts.py", BLOCKS)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    program = write(
        tmp_path / "app" / "main.py",
        "import keras\nfrom lazy_nets import block\nx = block(keras.Input((8,)), 5)\n",
    )
    assert shape_of(program, "x") == [None, 5]


def test_a_mistake_in_a_module_is_shown_at_the_call_that_leads_there(tmp_path: Path) -> None:
    write(tmp_path / "blocks.py", "from keras import layers\n\ndef pool(x):\n    return layers.MaxPooling2D()(x)\n")
    program = write(tmp_path / "main.py", "import keras\nimport blocks\n\ny = blocks.pool(keras.Input((8,)))\n")
    found = check_text(program.read_text(encoding="utf-8"), str(program))["diagnostics"]
    assert [(d["line"], d["code"]) for d in found] == [(4, "rank-mismatch")]


def test_modules_that_import_each_other_or_are_missing(tmp_path: Path) -> None:
    write(tmp_path / "a.py", "import b\nimport a\nn = 3\n")
    write(tmp_path / "b.py", "import a\nfrom a import n\n")
    program = write(tmp_path / "main.py", "import keras\nimport a, no_such_module\nx = keras.Input((a.n,))\n")
    assert shape_of(program, "x") == [None, 3]


def test_what_a_package_hands_on(tmp_path: Path) -> None:
    write(tmp_path / "nets" / "__init__.py", "from .parts import *\nfrom .parts import block as tower\n")
    write(tmp_path / "nets" / "parts.py", BLOCKS)
    program = write(
        tmp_path / "main.py",
        "import keras\nimport nets\nx = nets.tower(keras.Input((8,)), 5)\ny = nets.Head(3)(x)\n",
    )
    assert shape_of(program, "x") == [None, 5]
    assert shape_of(program, "y") == [None, 3]


def test_modules_that_import_each_other_for_what_is_defined_before(tmp_path: Path) -> None:
    write(tmp_path / "a.py", "width = 7\nimport b\ndef block(x):\n    return b.dense(x)\n")
    write(
        tmp_path / "b.py",
        "from keras import layers\nfrom a import width\ndef dense(x):\n    return layers.Dense(width)(x)\n",
    )
    program = write(tmp_path / "main.py", "import keras\nimport a\nx = a.block(keras.Input((8,)))\n")
    assert shape_of(program, "x") == [None, 7]


def test_a_module_with_a_syntax_error_costs_that_statement(tmp_path: Path) -> None:
    write(tmp_path / "blocks.py", BLOCKS + "\n    def half_typed(x):\n        return (\n\n    def other(x): return x\n")
    program = write(
        tmp_path / "main.py",
        "import keras\nimport blocks\nx = blocks.block(keras.Input((8,)), 5)\ny = blocks.Head(3)(blocks.other(x))\n",
    )
    assert shape_of(program, "x") == [None, 5]
    assert shape_of(program, "y") == [None, 3]


def test_a_module_in_another_encoding(tmp_path: Path) -> None:
    path = write(tmp_path / "sizes.py", "")
    path.write_bytes("# -*- coding: latin-1 -*-\n# größe\nwidth = 6\n".encode("latin-1"))
    program = write(tmp_path / "main.py", "import keras\nfrom sizes import width\nx = keras.Input((width,))\n")
    assert shape_of(program, "x") == [None, 6]


class Session:
    """A program whose modules change while it stays as it is."""

    def __init__(self, folder: Path, text: str) -> None:
        self.path = str(write(folder / "main.py", text))
        self.ran: list[str] = []
        self.analysis: Analysis | None = None
        self.document = document(Path(self.path).as_uri(), textwrap.dedent(text))

    def shape(self, name: str) -> object:
        """The shape of a variable now."""
        real = default_interpreter()
        self.ran.clear()

        def run(unit: Unit, *arguments: Any) -> UnitResult:
            self.ran.append(unit.text)
            return real.run_unit(unit, *arguments)

        self.analysis = analyze(self.document, self.analysis, path=self.path, interpreter=Interpreter(run))
        found = (at.site.output for at in self.analysis.sites if at.site.name == name)
        return next((shape_json(output) for output in found), None)


MAIN = "import keras\nfrom nets import size\nx = keras.Input((4,))\ny = keras.layers.Dense(size.width)(x)\n"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    write(tmp_path / "nets" / "__init__.py", "")
    write(tmp_path / "nets" / "size.py", "from nets.more import width\n")
    write(tmp_path / "nets" / "more.py", "width = 5\n")
    yield Session(tmp_path, MAIN)
    for path in tmp_path.rglob("*.py"):
        sources.close(str(path))


def test_an_edit_in_the_editor_reaches_those_that_import_it(session: Session, tmp_path: Path) -> None:
    assert session.shape("y") == [None, 5]
    assert session.shape("y") == [None, 5]
    assert session.ran == []
    sources.edit(str(tmp_path / "nets" / "more.py"), "width = 6\n")
    assert session.shape("y") == [None, 6]
    assert session.ran == ["from nets import size", "y = keras.layers.Dense(size.width)(x)"]
    sources.edit(str(tmp_path / "nets" / "more.py"), "width = (\nother = 3\n")
    assert session.shape("y") == [None, None]
    sources.close(str(tmp_path / "nets" / "more.py"))
    assert session.shape("y") == [None, 5]


def test_changes_on_disk_are_noticed(session: Session, tmp_path: Path) -> None:
    assert session.shape("y") == [None, 5]
    more = tmp_path / "nets" / "more.py"
    write(more, "width = 16\n")
    assert session.shape("y") == [None, 16]
    more.unlink()
    sources.disk_changed()
    assert session.shape("y") == [None, None]
    write(more, "width = 8\n")
    sources.disk_changed()
    assert session.shape("y") == [None, 8]


def test_the_files_that_a_program_depends_on(session: Session, tmp_path: Path) -> None:
    session.shape("y")
    assert session.analysis is not None
    assert session.analysis.imported == {
        str(tmp_path / "nets" / name) for name in ("__init__.py", "size.py", "more.py")
    }
