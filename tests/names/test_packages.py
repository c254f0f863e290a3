"""Packages with models: which are followed, and that a module is loaded once, when somebody needs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from shapelens.cli.api import analyze_text
from shapelens.engine.analyze import MODULE
from shapelens.interp.control import FUEL
from shapelens.interp.result import Deferred
from shapelens.names import resolve
from shapelens.values.value import Unknown

from .test_modules import BLOCKS, shape_of, write


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder where packages are installed."""
    folder = tmp_path / "site"
    (folder / "something-1.0.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(str(folder))
    resolve._is_about_keras.cache_clear()
    resolve.holds_packages.cache_clear()
    return folder


def program(tmp_path: Path, text: str) -> Path:
    return write(tmp_path / "app" / "main.py", text)


def test_a_package_is_followed_although_its_init_says_nothing_of_keras(tmp_path: Path, site: Path) -> None:
    write(site / "acme_models" / "__init__.py", "from .parts import block\n")
    write(site / "acme_models" / "parts.py", BLOCKS)
    text = "import keras\nfrom acme_models import block\nx = block(keras.Input((8,)), 5)\n"
    assert shape_of(program(tmp_path, text), "x") == [None, 5]


def test_a_package_with_one_module_for_keras_among_many_is_not_followed(tmp_path: Path, site: Path) -> None:
    write(site / "acme_tools" / "__init__.py", "width = 3\n")
    write(site / "acme_tools" / "for_keras.py", BLOCKS)
    for number in range(12):
        write(site / "acme_tools" / f"part{number}.py", "x = 1\n")
    path = program(tmp_path, "import keras\nimport acme_tools\nn = acme_tools.width\n")
    value = analyze_text(path.read_text(), str(path)).state[(MODULE, "n")]
    assert "acme_tools" in str(value)


def test_an_installed_package_is_not_looked_for_beside_another(tmp_path: Path, site: Path) -> None:
    write(site / "acme_images" / "__init__.py", "def size():\n    return 4\n")
    write(site / "acme_nets" / "__init__.py", "import acme_images\nfrom keras import layers\nn = acme_images.size()\n")
    path = program(tmp_path, "from acme_nets import n\n")
    assert isinstance(analyze_text(path.read_text(), str(path)).state[(MODULE, "n")], Unknown)


def test_modules_of_the_same_name_in_two_packages_are_told_apart(tmp_path: Path, site: Path) -> None:
    for name, width in (("acme_a", 3), ("acme_b", 4)):
        write(site / name / "__init__.py", "# keras\nfrom .models import block\n")
        write(site / name / "models" / "__init__.py", "from .net import block\n")
        write(
            site / name / "models" / "net.py",
            f"from keras import layers\n\ndef block(x):\n    return layers.Dense({width})(x)\n",
        )
    text = (
        "import keras\nfrom acme_a import block as a\nfrom acme_b import block as b\n"
        "x = a(keras.Input((8,)))\ny = b(keras.Input((8,)))\n"
    )
    assert shape_of(program(tmp_path, text), "x") == [None, 3]
    assert shape_of(program(tmp_path, text), "y") == [None, 4]


def test_what_nobody_needs_of_a_package_is_not_loaded(tmp_path: Path, site: Path) -> None:
    write(site / "acme_zoo" / "__init__.py", "# keras\nfrom .one import block\nfrom .two import other\n")
    write(site / "acme_zoo" / "one.py", BLOCKS)
    write(site / "acme_zoo" / "two.py", "from keras import layers\nother = 3\n")
    path = program(tmp_path, "import keras\nimport acme_zoo\nx = acme_zoo.block(keras.Input((8,)), 5)\n")
    state = analyze_text(path.read_text(), str(path)).state
    assert shape_of(path, "x") == [None, 5]
    assert isinstance(state[("acme_zoo", "other")], Deferred)
    assert ("acme_zoo.two", "other") not in state


def test_a_module_that_both_branches_need_is_one_module(tmp_path: Path, site: Path) -> None:
    write(site / "acme_late" / "__init__.py", "# keras\nfrom .parts import Head\n")
    write(site / "acme_late" / "parts.py", BLOCKS)
    text = """
        import sys
        import keras
        import acme_late

        inputs = keras.Input((8,))
        if len(sys.argv) > 3:
            head = acme_late.Head(5)
        else:
            head = acme_late.Head(5)
        x = head(inputs)
        kind = acme_late.Head
    """
    path = program(tmp_path, text)
    state = analyze_text(path.read_text(), str(path)).state
    assert state[(MODULE, "kind")] == state[("acme_late.parts", "Head")]
    assert shape_of(path, "x") == [None, 5]


def test_a_package_whose_submodule_has_the_name_of_what_it_imports(tmp_path: Path, site: Path) -> None:
    write(site / "acme_deep" / "__init__.py", "# keras\nfrom . import layers\n")
    write(site / "acme_deep" / "layers" / "__init__.py", "from .own import block\n")
    write(site / "acme_deep" / "layers" / "own.py", BLOCKS)
    text = "import keras\nimport acme_deep\nx = acme_deep.layers.block(keras.Input((8,)), 5)\n"
    assert shape_of(program(tmp_path, text), "x") == [None, 5]


def test_an_import_in_a_function_is_relative_to_the_function_s_module(tmp_path: Path, site: Path) -> None:
    write(site / "acme_inner" / "__init__.py", "# keras\nfrom .nets import make\n")
    write(site / "acme_inner" / "sizes.py", "width = 6\n")
    write(
        site / "acme_inner" / "nets.py",
        "from keras import layers\n\ndef make(x):\n    from . import sizes\n    return layers.Dense(sizes.width)(x)\n",
    )
    text = "import keras\nfrom acme_inner import make\nx = make(keras.Input((8,)))\n"
    assert shape_of(program(tmp_path, text), "x") == [None, 6]


def test_each_module_has_fuel_of_its_own(tmp_path: Path, site: Path) -> None:
    """Two modules that together cost more than a statement may."""
    steps = "\n".join(f"a = {number} + 1" for number in range(FUEL // 6))
    write(site / "acme_long" / "__init__.py", f"# keras\nfrom .more import width\n{steps}\nsize = width\n")
    write(site / "acme_long" / "more.py", f"{steps}\nwidth = 7\n")
    text = "import keras\nfrom acme_long import size\nx = keras.layers.Dense(size)(keras.Input((8,)))\n"
    assert shape_of(program(tmp_path, text), "x") == [None, 7]
