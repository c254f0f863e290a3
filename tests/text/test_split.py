"""Cutting texts into units: where, what survives broken statements, and what stays the same."""

from __future__ import annotations

import ast
import textwrap
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shapelens.text import Layout, split
from shapelens.text.rough import plain

PIECES = [
    "x = 1",
    "model = Sequential([\nDense(1),\n])",
    "def f(a):\n    '''doc\ntext\n    '''\n    return a",
    "@deco(\n1)\n@other\nclass A:\n    b = 2\n\n    def m(self): pass",
    "if x:\n    y = 2\n# comment\nelse:\n    y = 3",
    "try:\n    z()\nexcept E:\n    pass\nfinally:\n    pass",
    's = """\n# not a comment """',
    "s = '''\nx = 1\n'''  # end",
    "long = 1 + \\\n2",
    "a = 1; b = 2",
    "é = 'ü\u2028'",
    "# only a comment",
    "",
    "\fx = 2",
]
BROKEN = [
    "x = foo(",
    "def f(",
    'print "x"',
    '"""',
    "class A",
    "    y = 1",
    ")",
    "x = ]",
    "%matplotlib inline",
    "'",
]


def texts(layout: Layout) -> list[str]:
    return [unit.text for unit in layout.units]


def body(source: str) -> str:
    """The first unit's statements, as the parser gives them back."""
    unit = split(textwrap.dedent(source)).units[0]
    assert unit.error
    return "\n".join(ast.unparse(statement) for statement in unit.statements)


@given(st.lists(st.sampled_from(PIECES)), st.sampled_from(["\n", "\r\n", "\r"]))
def test_healthy_text_is_cut_where_python_sees_statements(pieces: list[str], line_end: str) -> None:
    text = "\n".join(pieces).replace("\n", line_end)
    layout = split(text)
    assert not any(unit.error for unit in layout.units)
    whole = [ast.dump(statement) for statement in ast.parse(text).body]
    assert whole == [ast.dump(statement) for unit in layout.units for statement in unit.statements]
    for unit, start in zip(layout.units, layout.starts, strict=True):
        assert text.startswith(unit.text, start)


@given(st.lists(st.sampled_from(PIECES + BROKEN)), st.lists(st.sampled_from(PIECES + BROKEN)))
def test_a_split_depends_on_the_text_alone(before: list[str], after: list[str]) -> None:
    previous = split("\n".join(before))
    text = "\n".join(after)
    fresh, kept = split(text), split(text, previous)
    assert texts(fresh) == texts(kept)
    assert fresh.starts == kept.starts
    for a, b in zip(fresh.units, kept.units, strict=True):
        assert [ast.dump(s, include_attributes=True) for s in a.statements] == [
            ast.dump(s, include_attributes=True) for s in b.statements
        ]
        assert a.error == b.error
    assert len({unit.uid for unit in kept.units}) == len(kept.units)


@given(st.text(alphabet="ab =()[]{}'\"\\\n\r\t\f#:%\0\ufeff\ud800\u2028é"))
@settings(max_examples=300)
def test_any_text_is_cut(text: str) -> None:
    layout = split(text)
    ends = [start + len(unit.text) for unit, start in zip(layout.units, layout.starts, strict=True)]
    assert all(end <= start for end, start in zip(ends, [*layout.starts[1:], len(text)], strict=False))
    whole, _ = plain(text)
    assert len(whole) == len(text)
    for unit, start in zip(layout.units, layout.starts, strict=True):
        assert unit.error or whole.startswith(unit.text, start)


def test_an_edited_unit_keeps_its_identity_and_the_others_keep_all() -> None:
    old = split("a = 1\nb = 2\nc = 3\n")
    new = split("# new\na = 1\nb = 20\nd = 4\nc = 3\n", old)
    assert new.units[0] is old.units[0]
    assert new.units[1].uid == old.units[1].uid
    assert new.units[1].text == "b = 20"
    assert new.units[3] is old.units[2]
    assert len(new.by_uid) == 4


def test_a_moved_unit_keeps_all() -> None:
    old = split("a = 1\nb = 2\nc = 3\nd = 4\n")
    new = split("c = 3\nd = 4\na = 1\nx = 1\nb = 2\n", old)
    assert [new.units[index] for index in (0, 1, 2, 4)] == [old.units[index] for index in (2, 3, 0, 1)]
    assert len(new.by_uid) == 5


@pytest.mark.parametrize(
    "half",
    [
        "x = foo(",
        "x = [1, (2",
        'x = """',
        "x = 'abc",
        "def f(",
        "for",
        "model.add(Dense(",
        "import",
        "x = {1: (2]",
    ],
)
def test_a_half_typed_statement_costs_itself_only(half: str) -> None:
    after = 'y = 2\n\ndef g():\n    """Doc."""\n    return (1)\n\nz = g()'
    layout = split(f"a = 1\n{half}\n{after}\n")
    assert texts(layout)[0] == "a = 1"
    assert texts(layout)[1] == half
    assert texts(layout)[2:] == [after[:5], after[7:-9], "z = g()"]
    assert [bool(unit.error) for unit in layout.units] == [False, True, False, False, False]


def test_a_broken_statement_inside_a_function_leaves_the_rest() -> None:
    source = """\
    class Net(Model):
        def __init__(self):
            self.a = Dense(1)
            self.b = Dense(
            self.c = Dense(3)

        def call(self, x):
            if x:
            y = self.a(x)
            return self.b(
    """
    assert body(source) == textwrap.dedent(
        """\
        class Net(Model):

            def __init__(self):
                self.a = Dense(1)
                self.b = __broken__
                self.c = Dense(3)

            def call(self, x):
                pass
                y = self.a(x)
                return __broken__"""
    )


def test_decorated_methods_of_a_broken_class_are_kept() -> None:
    source = "class A:\n    x = (\n\n    @property\n    def b(self):\n        return 1"
    assert body(source) == "class A:\n    x = __broken__\n\n    @property\n    def b(self):\n        return 1"


def test_positions_of_healthy_parts_stay() -> None:
    text = "for i in range(3):\n    x = (\n    y = 2\n    !ls\n    z = 3"
    unit = split(text).units[0]
    loop = unit.statements[0]
    assert isinstance(loop, ast.For)
    assert [text[slice(*unit.range_of(node))] for node in (loop.body[1], loop.body[3])] == ["y = 2", "z = 3"]


def test_broken_headers_keep_their_bodies() -> None:
    assert body("try:\n    x = 1\n    y = 2") == "if True:\n    x = 1\n    y = 2"
    assert body("try:\n    x = 1\nexcept E as 3:\n    y = 2").count("if __broken__:") == 1
    assert body("for i in range(:\n    x = 1") == "if __broken__:\n    x = 1"
    assert body("with open(x as f:\n    x = 1") == "if True:\n    x = 1"


def test_broken_statements_make_their_names_unknown() -> None:
    assert body("x = np.zeros((2,") == "x = __broken__"
    assert body("x += np.zeros((2,") == "x = __broken__"
    # Python 3.10 writes the tuple in parentheses.
    assert body("a, self.b = f(").replace("(", "").replace(")", "") == "a, self.b = __broken__"
    assert body("model.add(Dense(") == "model.add(__broken__)"
    assert body("def f(x:\n    return x") == "f = __broken__"


def test_magics_are_ignored_lines() -> None:
    assert texts(split("%matplotlib inline\n!pip install keras\nx = 1\n?x\n")) == ["x = 1"]


def test_a_byte_order_mark_and_null_bytes_do_no_harm() -> None:
    layout = split("\ufeffx = 1\ny = '\0'\n")
    assert layout.starts == (1, 7)
    assert not any(unit.error for unit in layout.units)


def test_syntax_errors_say_where() -> None:
    unit = split("x = 1\n\ny = (1,\n     2 3)\n").units[1]
    assert unit.error is not None
    assert unit.text[unit.error[1]] == "2"


@pytest.mark.parametrize(
    "line",
    [
        "x{i} = f({i})",
        "x{i} = f(",
        'x{i} = """',
        "    x{i} = 1",
        ")",
        "def f{i}(a):\n    return (a",
        "'{i}",
        "x = [{i},",
    ],
)
def test_time_grows_with_the_text_only(line: str) -> None:
    def seconds(count: int) -> float:
        text = "\n".join(line.format(i=i) for i in range(count))
        start = time.process_time()
        split(text)
        return time.process_time() - start

    seconds(100)
    assert seconds(8000) < 10 * seconds(2000) + 0.2


def test_deep_nesting_is_answered() -> None:
    nested = "\n".join(" " * depth + "if x:" for depth in range(300))
    for text in (nested, "(" * 10_000, "x = " + "-" * 50_000 + "1", "x = " + "[" * 300 + "]" * 300):
        assert split(text).units[0].error
