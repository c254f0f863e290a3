"""What library code does besides layers: names as text, named tuples, versions, dicts that make what is missing."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from shapelens.cli.api import check_text
from shapelens.interp.result import VERSIONS
from shapelens.shapes.question import FAMILIES
from tests.support.interpreting import NotPlain, interpret


def value(program: str, name: str = "x", family: int = 3) -> object:
    known = {VERSIONS: FAMILIES[2]} if family == 2 else {}
    return interpret(textwrap.dedent(program), known=known).plain(name)  # type: ignore[arg-type]


def errors(program: str) -> list[str]:
    found = check_text(textwrap.dedent(program), "program.py")["diagnostics"]
    assert isinstance(found, list)
    return [d["code"] for d in found if isinstance(d, dict) and d["severity"] == "error"]  # type: ignore[misc]


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("n = 3\nx = eval('n + 1')\n", 4),
        ("def f(a, b=2):\n    return locals()\nx = f(1)['b']\n", 2),
        ("import importlib\nx = importlib.import_module('math').floor(2.5)\n", 2),
        ("from packaging import version\nx = version.parse('2.15.1').major >= 2\n", True),
        (
            "from collections import defaultdict\nd = defaultdict(list)\nd[0].append(1)\nd[0].append(2)\nx = d[0]\n",
            [1, 2],
        ),
        ("from itertools import chain\nx = list(chain.from_iterable([[1], [2, 3]]))\n", [1, 2, 3]),
        ("import os\nx = os.environ.get('BACKEND', 'tensorflow')\n", "tensorflow"),
        ("import os\nos.environ['BACKEND'] = 'jax'\nx = os.getenv('BACKEND', 'tensorflow')\n", "jax"),
        ("x = sum([[1], [2]], [])\n", [1, 2]),
        ("d = {'a': 1}\nx = d.popitem()\n", ("a", 1)),
        ("x = '{a}.{b}'.format(a=1, b=2)\n", "1.2"),
        ("import keras\nx = isinstance(keras.layers.Dense(2), keras.layers.Conv2D)\n", False),
        ("import keras\nx = isinstance(keras.layers.LSTM(2), keras.layers.RNN)\n", True),
        ("import loader\nmask = None if loader.flag else 'm'\nx = isinstance(mask, list)\n", False),
        ("class A: pass\nclass B(A): pass\nx = isinstance(B(), A), isinstance(A(), B)\n", (True, False)),
        ("import numpy as np\na = np.zeros(100)\na.shape = 10, 10\nx = a.shape\n", (10, 10)),
        ("import keras\nx = keras.layers.Conv2D(4, 3).compute_output_shape((None, 8, 8, 3))\n", (None, 6, 6, 4)),
    ],
)
def test_what_python_gives(program: str, expected: object) -> None:
    assert value(program) == expected


@pytest.mark.parametrize(
    ("name", "there"),
    [("GroupNormalization", (True, True)), ("RMSNormalization", (False, True)), ("LocallyConnected2D", (True, False))],
)
def test_which_layers_a_keras_has_is_known(name: str, there: tuple[bool, bool]) -> None:
    program = f"from tensorflow.keras import layers\nx = hasattr(layers, '{name}')\n"
    assert (value(program, family=2), value(program, family=3)) == there


def test_whether_a_library_has_any_other_name_is_not_known() -> None:
    with pytest.raises(NotPlain):
        value("from tensorflow.keras import layers\nx = hasattr(layers, 'SomethingOfOld')\n")


def test_a_class_of_named_tuples_with_defaults_of_its_own() -> None:
    program = """
        from collections import namedtuple

        class Column(namedtuple("Column", ["name", "size", "width"])):
            def __new__(cls, name, size, width=4):
                return super(Column, cls).__new__(cls, name, size, width)

        column = Column("user", 10)
        x = column.width, column._replace(width=1).width, column.name
    """
    assert value(program) == (4, 1, "user")


def test_the_version_is_that_of_the_keras_that_is_meant() -> None:
    assert value("import keras\nx = keras.__version__\n", family=2) == "2.15.0"


def test_the_filters_of_keras_2_may_be_a_float() -> None:
    program = "import keras\nx = keras.layers.Conv2D(32.0, 3)(keras.Input((8, 8, 3))).shape\n"
    assert value(program, family=2) == (None, 6, 6, 32)


def test_any_list_of_a_dict_may_grow_under_a_key_that_is_not_known() -> None:
    program = """
        import sys
        d = {"a": [], "b": []}
        d[sys.argv[1]].append(1)
        x = len(d["a"])
    """
    with pytest.raises(NotPlain):
        value(program)


def test_the_layers_of_a_graph_with_a_gap_are_not_all_known() -> None:
    program = """
        import keras, somewhere
        i = keras.Input((8,))
        a = keras.layers.Dense(2, name="a")(i)
        b = somewhere.layer(keras.layers.Dense(2, name="b")(i))
        model = keras.Model(i, [a, b])
        model.get_layer("b")
    """
    assert errors(program) == []


def test_what_a_function_makes_that_nobody_calls_is_not_what_its_defaults_are() -> None:
    program = """
        import keras

        def net(x, widths=[4, [3, 5]]):
            made = [[0, 1], [0, 2], [0, 3], [0, 4], [0, 5], [0, 6]]
            return keras.layers.Dense(widths[0])(x)
    """
    assert errors(program) == []


def test_an_error_that_is_expected_is_none() -> None:
    program = """
        import keras, pytest
        with pytest.raises(ValueError):
            keras.layers.Conv2D(4, 3)(keras.Input((8,)))
    """
    assert errors(program) == []


def test_a_name_of_ones_own_may_stand_for_an_activation() -> None:
    program = """
        import keras
        keras.utils.get_custom_objects()["mine"] = lambda x: x
        keras.layers.Activation("mine")
    """
    assert errors(program) == []
    assert errors('import keras\nkeras.layers.Activation("mine")\n') == ["invalid-argument"]


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("class A: pass\na = A()\nsetattr(a, 'w', 3)\nx = a.w\n", 3),
        ("class A:\n    def __init__(self, d):\n        for k, v in d.items():\n            setattr(self, k, v)\n"
         "x = A({'n': 4}).n\n", 4),
        ("class A:\n    def __init__(self, **kw):\n        self.n = 4\n        self.__dict__.update(kw)\n"
         "x = A(n=6).n, A(m=6).n\n", (6, 4)),
        ("class A: pass\na = A()\nvars(a)['z'] = 9\nx = a.z, vars(a)\n", (9, {"z": 9})),
        ("class A:\n    k = 2\nx = getattr(A(), 'k', 5), getattr(A(), 'q', 5), hasattr(A(), 'q')\n", (2, 5, False)),
        ("x = getattr((1, 2), 'q', 5), hasattr([], 'append'), getattr('a', 'q', None)\n", (5, True, None)),
        ("d = {}\nd.setdefault('k', []).append(5)\nx = d\n", {"k": [5]}),
        ("d = {'n': 3}\nd.update([('m', 2)], k=1)\nx = d\n", {"n": 3, "m": 2, "k": 1}),
    ],
)  # fmt: skip
def test_attributes_and_entries_by_names_that_are_values(program: str, expected: object) -> None:
    assert value(program) == expected


@pytest.mark.parametrize(
    "program",
    [
        "class A: pass\na = A()\na.n = 3\nsetattr(a, unknown.name, 7)\nx = a.n\n",
        "class A: pass\na = A()\nsetattr(a, unknown.name, 7)\nx = getattr(a, 'n', 5)\n",
        "x = getattr(unknown.args, 'n', 5)\n",
        "class A(unknown.Base): pass\nx = getattr(A(), 'n', 5)\n",
        "class A:\n    def __getattr__(self, name):\n        return unknown.get(name)\nx = getattr(A(), 'n', 5)\n",
        "class A:\n    def __init__(self, **kw):\n        self.n = 4\n        self.__dict__.update(kw)\n"
        "x = A(**unknown.kw).n\n",
        "d = {'n': 3}\nd.update(unknown.kw)\nx = d['n']\n",
        "x = {**{'n': 3}, **unknown.kw}['n']\n",
        "d = {'n': 3}\nd[input()] = 4\nx = d['n']\n",
    ],
)
def test_a_name_that_is_not_known_may_be_any(program: str) -> None:
    with pytest.raises(NotPlain):
        value(f"import unknown\n{program}")


def test_a_module_of_ones_own_lacks_what_it_does_not_define(tmp_path: Path) -> None:
    (tmp_path / "blocks.py").write_text("def plain(x):\n    return x\n")
    (tmp_path / "starred.py").write_text("from unknown import *\n")
    program = "import blocks\nimport starred\nx = getattr(blocks, 'halo', None), hasattr(blocks, 'plain')\n"
    assert interpret(program, str(tmp_path / "program.py")).plain("x") == (None, True)
    with pytest.raises(NotPlain):
        interpret(program + "y = getattr(starred, 'halo', None)\n", str(tmp_path / "program.py")).plain("y")
