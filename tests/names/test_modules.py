"""Programs of several files: the user's own modules, packages elsewhere, re-exports."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from shapelens.cli.api import check_text, shapes_text

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
