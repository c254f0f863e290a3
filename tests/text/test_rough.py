"""What is around Python in cells, posts and sessions: each text is cut like its clean twin."""

from __future__ import annotations

import ast
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shapelens.text import split
from shapelens.text.ipython import cell_as_python
from shapelens.text.rough import plain


def statements(text: str, cells: tuple[int, ...] = ()) -> list[str]:
    layout = split(text, cells=cells)
    return [ast.unparse(statement) for unit in layout.units for statement in unit.statements]


def cell(source: str) -> list[str]:
    return statements(textwrap.dedent(source), (0,))


def errors(text: str, cells: tuple[int, ...] = ()) -> list[str]:
    return [unit.text for unit in split(text, cells=cells).units if unit.error]


# IPython

LINES = {
    "%matplotlib inline\nx = 1": ["x = 1"],
    "!pip install -q keras \\\n  numpy\nx = 1": ["x = 1"],
    "!echo \"it's (\nx = 1": ["x = 1"],
    "?keras\nkeras?\nkeras.layers.Dense??  # help\nx = 1": ["x = 1"],
    "if y:\n    !ls\n    %cd ..\nx = 1": ["if y:\n    0\n    0", "x = 1"],
    "files = !ls *.png\nx = 1": ["files = _________", "x = 1"],
    "t = %timeit -o f(x)\nx = 1": ["t = _______________", "x = 1"],
    "%time h = model.fit(x)": ["0", "h = model.fit(x)"],
    "h = %time model.fit(x)": ["h = model.fit(x)"],
    "for i in r:\n    %time f(i)": ["for i in r:\n    0\n    f(i)"],
    "%timeit -n 10 -r3 f(x)": ["0", "f(x)"],
    "%timeit y = f(x)\nx = 1": ["x = 1"],
    "model.summary();": ["model.summary()"],
    "await f()": ["await f()"],
    "x = (a\n  % b)\ny = a % \\\n  b": ["x = a % b", "y = a % b"],
    "x = '''\n%time y\n!ls\n'''": ["x = '\\n%time y\\n!ls\\n'"],
    ",f a b\n/f 1\n;f a\nx = 1": ["x = 1"],
    "x != 3\nx == 5 % 2": ["x != 3", "x == 5 % 2"],
}


@pytest.mark.parametrize("text", LINES)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_lines_of_ipython_are_no_errors(text: str, line_end: str) -> None:
    text, expected = text.replace("\n", line_end), LINES[text]
    assert statements(text) == expected
    assert statements(text, (0,)) == expected
    assert errors(text) == []


@pytest.mark.parametrize(
    "magic", ["%%time", "%%capture out", "%%prun -s cumulative", "\n\n%%time", "%%capture\n%%time"]
)
def test_cell_magics_that_run_their_cell_are_followed(magic: str) -> None:
    assert statements(f"{magic}\nx = 1\n%cd ..\ny = 2", (0,)) == ["x = 1", "y = 2"]


@pytest.mark.parametrize(
    "magic", ["%%bash", "%%writefile net.py", "%%html", "%%javascript", "%%!", "%%script node", "%%python2"]
)
def test_cells_in_other_languages_are_skipped(magic: str) -> None:
    assert statements(f"{magic}\nx = 1", (0,)) == []


def test_what_a_timed_cell_binds_stays_in_it() -> None:
    assert cell("%%timeit\nmodel.predict(x)") == ["model.predict(x)"]
    assert cell("%%timeit\nx = x[0]\nmodel.predict(x)") == []


def test_after_a_cell_of_an_unknown_magic_its_names_are_not_known() -> None:
    body = "%%wandb\nimport numpy as np\nx, y = 1, 2\nfor i in range(3):\n    z = i\nmodel.fit(x)\n"
    assert cell(body) == ["import numpy as np", "x = y = __", "i = z = __"]
    assert cell("%%mystery\nno Python (") == []


def test_a_cell_magic_in_a_script_costs_its_line() -> None:
    assert statements("%%time\nx = 1\n") == ["x = 1"]


# Cells


def test_cells_do_not_reach_into_one_another() -> None:
    sources = ["x = (1,", 's = """', "@decorator", "y = 2\\", "  z = 3\n  w = 4", "print 1"]
    text = "\n".join(sources)
    starts = tuple(sum(len(source) + 1 for source in sources[:index]) for index in range(len(sources)))
    assert statements(text, starts) == [
        "x = __broken__",
        "s = __broken__",
        "y = __broken__",
        "z = 3",
        "w = 4",
        "0",
        "1",
    ]
    assert errors(text, starts) == ["x = (1,", 's = """', "@decorator", "y = 2\\", "0;    1"]


# Sessions, Markdown, indentation


def test_prompts_and_what_was_printed() -> None:
    session = """\
        >>> import numpy as np
        >>> def f(x):
        ...     return x
        ...
        >>> np.zeros((2,
        ...           3))
        array([[0., 0., 0.],
               [0., 0., 0.]])
        >>> x = f(1)

        y = 3
        """
    clean = ["import numpy as np", "def f(x):\n    return x", "np.zeros((2, 3))", "x = f(1)", "y = 3"]
    assert statements(textwrap.dedent(session)) == clean
    assert statements(session) == clean


def test_prompts_of_ipython() -> None:
    session = (
        "In [9]: for i in x:\n   ...:     y = i\n   ...: \nIn [10]: x.shape\nOut[10]: (3, 4)\n\nIn [11]: %time z = 1\n"
    )
    assert statements(session) == ["for i in x:\n    y = i", "x.shape", "0", "z = 1"]


def test_prompts_in_strings_stay() -> None:
    text = 'def f():\n    """\n    >>> f()\n    1\n    """\n    return 1\n'
    assert plain(text)[0] == text


def test_markdown_around_code() -> None:
    text = "Here's what I tried (see below:\n\n```python\nx = 1\n```\nIt fails.\n~~~\ny = 2\n~~~\n"
    assert statements(text) == ["x = 1", "y = 2"]
    assert errors(text) == []
    assert statements("```\nx = 1\n```") == ["x = 1"]
    text = 's = """\n```\nx\n```\n"""\ny = 1'
    assert plain(text)[0] == text


def test_a_program_may_be_indented_as_a_whole() -> None:
    assert statements("    x = 1\n    if x:\n        y = 2\n\n    z = 3\nw = 4\n") == [
        "x = 1",
        "if x:\n    y = 2",
        "z = 3",
        "w = 4",
    ]
    assert errors("    x = 1\n    y = '''\nz\n'''\n    z = 3\n") == []
    assert statements(" @a(\n 1)\n @b\n def f():\n   return 1\n") == ["@a(1)\n@b\ndef f():\n    return 1"]
    text = "  x = (\n  y = 2\n"
    assert statements(text) == ["x = __broken__", "y = 2"]


# Python 2, typography, tabs

REPAIRED = {
    'print "a", x': ["0", "('a', x)"],
    "def f(x):\n    print 'a %s' % x\n    return x": ["def f(x):\n    0\n    'a %s' % x\n    return x"],
    "if x: print x": ["if x:\n    0\n    x"],
    "try:\n    x = 1\nexcept (A, B), e:\n    raise E, 'no'": ["try:\n    x = 1\nexcept (A, B):\n    raise E"],
    "x = f(\u201ca\u201d, \u2018b\u2019)": ["x = f('a', 'b')"],
    "x = f(\u201cit's\u201d)": ['x = f("it\'s")'],
    "x =\u00a01 \u2013 2": ["x = 1 - 2"],
    "x = f('it\u2019s', \u201ca\u201d)": ["x = f('it\u2019s', 'a')"],
    "if x:\n\ty = 1\n        z = 2": ["if x:\n    y = 1\n    z = 2"],
    "if x:\n\ty = 1\n    z = 2": ["if x:\n    y = 1\n    z = 2"],
    "class A:\n\tdef f(self):\n\t    return 1\n\n        def g(self):\n            return 2": [
        "class A:\n\n    def f(self):\n        return 1\n\n    def g(self):\n        return 2"
    ],
}


@pytest.mark.parametrize("text", REPAIRED)
def test_what_everybody_understands_is_followed_and_still_an_error(text: str) -> None:
    assert statements(text) == REPAIRED[text]
    assert len(errors(text)) == 1


def test_places_in_repaired_statements() -> None:
    text = "if x:\n\ty = \u201ca\u201d\n        z = 2"
    unit = split(text).units[0]
    (loop,) = unit.statements
    assert isinstance(loop, ast.If)
    assert [text[slice(*unit.range_of(node))] for node in loop.body] == ["y = \u201ca\u201d", "z = 2"]


FRAGMENTS = [
    *LINES,
    *REPAIRED,
    ">>> x = 1\n1\n",
    "In [3]: x",
    "```",
    "%%bash\n",
    '"""',
    "    x = 1",
    "\t",
    "(",
    "...",
    "\r\n",
    "\n",
    "%%x\ny=1",
]


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=6), st.booleans())
@settings(max_examples=200)
def test_nothing_moves(pieces: list[str], in_cell: bool) -> None:
    text = "\n".join(pieces)
    whole, sections = plain(text, (0,) if in_cell else ())
    assert [c for c in whole if c in "\r\n"] == [c for c in text if c in "\r\n"]
    assert len(whole) == len(text)
    assert [section.start for section in sections[1:]] == [section.end for section in sections[:-1]]
    assert (sections[0].start, sections[-1].end) == (0, len(text)) if sections else not text
    layout = split(text, cells=(0,) if in_cell else ())
    for unit, start in zip(layout.units, layout.starts, strict=True):
        assert start + len(unit.text) <= len(text)


@given(st.text(alphabet="%!x =1()'\"\n?`>. \t"))
@settings(max_examples=200)
def test_any_cell_keeps_its_length(text: str) -> None:
    assert len(cell_as_python(text)) == len(text)
