"""Plain Python, interpreted: what is known must be what Python computes; unknown is allowed only where said."""

from __future__ import annotations

import pytest

from shapelens.values.value import TensorValue
from tests.support.interpreting import NotPlain, interpret, is_plain

# Each program is run by Python too. Names in `unknown` may be unknown, all others must be right.
PROGRAMS: dict[str, tuple[str, set[str]]] = {
    "arithmetic": ("a = 7 // 2\nb = 7 % 3 + 2 ** 5\nc = -a * (b - 1.5)\nd = 'x' * 3 + str(b)\ne = not a\n", set()),
    "unpacking": ("a, (b, *c), d = 1, (2, 3, 4), 5\nx, y = y0, x0 = (8, 9)\n[p, q] = 'uv'\n", set()),
    "loop and list": (
        "xs = []\nfor i in range(5):\n    if i % 2:\n        continue\n    xs.append(i * i)\nlast = i\n",
        set(),
    ),
    "break and else": (
        "for i in range(10):\n    if i == 4:\n        break\nelse:\n    i = -1\n"
        "for j in range(3):\n    pass\nelse:\n    done = True\n",
        set(),
    ),
    "while": ("n = 100\nsteps = 0\nwhile n > 1:\n    n //= 3\n    steps += 1\n", set()),
    "comprehensions": (
        "squares = [i * i for i in range(6) if i % 2 == 0]\npairs = [(i, j) for i in range(2) for j in 'ab']\n"
        "table = {k: len(k) for k in ['a', 'bb']}\nunique = {x % 3 for x in range(9)}\n",
        set(),
    ),
    "functions": (
        "def f(a, b=2, *args, c, d=4, **kw):\n    return a + b + sum(args) + c + d + len(kw)\n"
        "r = f(1, c=3)\ns = f(1, 2, 3, 4, c=5, z=1)\nt = f(*[1, 2], **{'c': 1})\n",
        set(),
    ),
    "closures": (
        "def counter():\n    n = 0\n    def step(by=1):\n        nonlocal n\n        n += by\n        return n\n"
        "    return step\nnext_ = counter()\na = next_()\nb = next_(5)\nother = counter()\nc = other()\n",
        {"next_", "other"},
    ),
    "globals": ("total = 1\ndef grow():\n    global total\n    total *= 3\ngrow()\ngrow()\n", set()),
    "recursion": ("def fact(n):\n    return 1 if n < 2 else n * fact(n - 1)\nsmall = fact(5)\n", set()),
    "classes": (
        "class A:\n    kind = 'a'\n    def __init__(self, n):\n        self.n = n\n    def twice(self):\n"
        "        return self.n * 2\n    @property\n    def half(self):\n        return self.n // 2\n"
        "    @staticmethod\n    def one():\n        return 1\n    @classmethod\n    def make(cls, n):\n"
        "        return cls(n + 1)\nclass B(A):\n    kind = 'b'\n    def twice(self):\n"
        "        return super().twice() + 1\na = A(3).twice()\nb = B(3).twice()\nc = B(7).half\nd = A.one()\n"
        "e = B.make(4).n\nf = B.kind + A.kind\n",
        set(),
    ),
    "inheritance of constructors": (
        "class Base:\n    def __init__(self, size, name='base'):\n        self.size = size\n        self.name = name\n"
        "class Child(Base):\n    def __init__(self, *args, extra=1, **kwargs):\n"
        "        super().__init__(*args, **kwargs)\n        self.extra = extra\n"
        "c = Child(4, name='c', extra=9)\nresult = (c.size, c.name, c.extra)\n",
        {"c"},
    ),
    "dataclass": (
        "from dataclasses import dataclass, field\n@dataclass\nclass Config:\n    width: int = 8\n    depth: int = 2\n"
        "    names: list = field(default_factory=list)\nc = Config(depth=5)\nsize = c.width * c.depth\n"
        "names = c.names\n",
        {"c"},
    ),
    "copies": (
        "import copy\na = [[1, 2], {'k': [3]}, (4, [5])]\nb = copy.deepcopy(a)\nb[0].append(9)\nb[1]['k'].append(4)\n"
        "b[2][1].append(6)\nc = copy.copy(a)\nc[0].append(7)\nc.append(1)\nshared = [0]\n"
        "d = copy.deepcopy([shared, shared])\nd[0].append(5)\nclass Config:\n    def __init__(self):\n"
        "        self.sizes = [1]\ne = Config()\nf = copy.deepcopy(e)\nf.sizes.append(2)\ng = (e.sizes, f.sizes)\n"
        "h = copy.copy(e)\nh.sizes.append(3)\ni = (e.sizes, h.sizes)\nj = copy.deepcopy(Config)().sizes\n",
        set(),
    ),
    "raised errors": (
        "def f(n):\n    if n < 0:\n        raise ValueError('negative')\n    return n\n"
        "try:\n    f(-1)\n    a = 'no'\nexcept ValueError as error:\n    a = 'yes'\nfinally:\n    b = 'always'\n",
        {"error", "a"},
    ),
    "early return": (
        "def sign(x):\n    if x > 0:\n        return 1\n    elif x < 0:\n        return -1\n    return 0\n"
        "signs = [sign(x) for x in (-5, 0, 7)]\n",
        set(),
    ),
    "dict work": (
        "d = {'a': 1}\nd['b'] = 2\nd.update(c=3)\nd['a'] += 10\nkeys = list(d.keys())\nhas = 'b' in d\n"
        "got = d.get('zz', 0)\ngone = d.pop('b')\nitems = sorted(d.items())\nmerged = {**d, 'z': 1}\n",
        {"items"},
    ),
    "list work": (
        "a = [3, 1, 2]\nb = a\nb.append(4)\nc = a[1:3] + [0] * 2\nd = sorted(a)\ne = a[-1]\na[0] = 9\n"
        "f = max(a), min(a), sum(a), len(a)\ng = list(reversed(a))\nh = a.pop()\n",
        set(),
    ),
    "zip, enumerate, map": (
        "z = list(zip([1, 2], 'ab'))\ne = [i + x for i, x in enumerate([10, 20])]\n"
        "m = list(map(lambda v: v + 1, [1, 2]))\nf = list(filter(lambda v: v > 1, [1, 2]))\n",
        set(),
    ),
    "f-strings": (
        "n = 3\na = f'block{n}_{n + 1:03d}_{\"x\"!r}'\nb = 'layer_%d' % n\nc = 'l{}-{k}'.format(n, k=1)\n"
        "d = 'block_%d_%s' % (n, 'a')\ne = '%0.2f%%' % (n / 2,)\n",
        set(),
    ),
    "conditional expressions": (
        "a = 1\nb = 'big' if a > 0 else 'small'\nc = a or 5\nd = None or 0 or 'z'\ne = a and 7\n",
        set(),
    ),
    "walrus and chains": ("b = (n := 5) + n\nc = 1 < n <= 5 < 9\nd = n is not None\n", set()),
    "generators": (
        "def gen():\n    for i in range(3):\n        yield i\n"
        "xs = [x * 0 for x in gen()]\nys = list(i for i in range(3))\n",
        {"xs"},
    ),
    "decorators": (
        "import functools\ndef twice(f):\n    @functools.wraps(f)\n    def inner(*args):\n        return f(*args) * 2\n"
        "    return inner\n@twice\ndef add(a, b):\n    return a + b\nr = add(1, 2)\n",
        set(),
    ),
    "math": (
        "import math\na = math.ceil(7 / 2)\nb = int(math.sqrt(49))\nc = round(2.5)\nd = divmod(17, 5)\ne = abs(-3)\n",
        set(),
    ),
    "lambda defaults": ("fs = [lambda x, k=k: x + k for k in range(3)]\nr = [f(10) for f in fs]\n", {"fs"}),
    "mutual aliasing": (
        "class Node:\n    def __init__(self):\n        self.items = []\na = Node()\nb = a\nb.items.append(1)\n"
        "n = len(a.items)\nshared = [a.items] * 2\nshared[0].append(2)\nm = len(shared[1])\n",
        {"a", "b"},
    ),
    "command line": (
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--batch-size', '-b', type=int, default='32')\n"
        "p.add_argument('--deep', action='store_true')\np.add_argument('--name', default='net')\n"
        "a = p.parse_args([])\nsize = a.batch_size + 1\ndeep = a.deep\nname = vars(a)['name']\n",
        set(),
    ),
    "named tuples": (
        "from collections import namedtuple\nBlock = namedtuple('Block', 'size kernel', defaults=[3])\n"
        "size, kernel = Block(8)\ntotal = Block(8).size * Block(2, kernel=4).kernel\n"
        "other = Block(size=4, kernel=5).kernel\n",
        set(),
    ),
    "lists in long loops": (
        "xs = list(range(3000))\nys = []\nfor x in xs:\n    ys.append(x)\nn = len(ys)\nm = len(ys[10:])\n"
        "k = len(list(enumerate(xs)))\nj = len([x for x in xs])\ni = len(sorted(xs)) - len(list(reversed(xs)))\n"
        "zs = []\nfor x in range(0, 5000, 2):\n    zs.append(x)\n    zs.append(-x)\nh = len(zs)\n",
        {"xs", "ys", "x", "zs"},
    ),
    "lists that grow sometimes": (
        "xs = []\nfor x in range(1000):\n    if x % 7:\n        xs.append(x)\nn = len(xs)\nys = []\n"
        "for x in range(1000):\n    if x == 500:\n        break\n    ys.append(x)\nm = len(ys)\nsure = 1\n",
        {"xs", "x", "n", "ys", "m"},
    ),
    "iterating over objects": (
        "class Bag:\n    def __init__(self):\n        self.things = [1, 1]\n    def __iter__(self):\n"
        "        return iter(self.things)\n    def __call__(self, n):\n        return n + len(self.things)\n"
        "bag = Bag()\nseen = [thing for thing in bag]\ncalled = bag(3)\n",
        {"seen"},
    ),
    "match": (
        "def f(x):\n    match x:\n        case 1 | 2:\n            return 'low'\n"
        "        case _:\n            return 'high'\n"
        "r = [f(1), f(5)]\n",
        set(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_is_known_is_what_python_computes(name: str) -> None:
    source, unknown = PROGRAMS[name]
    real: dict[str, object] = {}
    exec(source, real)
    outcome = interpret(source)
    compared = 0
    for variable, expected in real.items():
        if variable.startswith("__") or not is_plain(expected):
            continue
        try:
            actual = outcome.plain(variable)
        except (NotPlain, KeyError):
            assert variable in unknown, f"{variable} should be known: {expected!r}"
            continue
        assert (actual, type(actual)) == (expected, type(expected)), variable
        compared += 1
    assert compared > 0


@pytest.mark.parametrize(
    "source",
    [
        "x = 10 ** 10 ** 10",
        "x = [0] * 10 ** 12",
        "x = 'a' * 10 ** 12",
        "x = '%1000000000d' % 1",
        "x = '%*d' % (10**9, 1)",
        "x = f'{1:1000000000}'",
        "while True:\n    pass\nx = 1",
        "def f():\n    return f()\nx = f()",
        "x = 1\nfor i in range(10 ** 9):\n    x = x * 3 + i",
        "x = [[i, j] for i in range(10 ** 5) for j in range(10 ** 5)]",
        "def f(n):\n    return f(n - 1) + f(n - 2)\nx = f(100)",
        "x = []\nx.append(x)\ny = x == x",
        "x = {}\nwhile len(x) < 10 ** 9:\n    x[len(x)] = x",
        "x = 1 << 10 ** 9",
        "x = '{:1000000000d}'.format(1)",
        "x = range(10 ** 18)[5:]",
        "class A(A): pass\nx = A()",
        "x = int('9' * 10000)",
    ],
)
def test_hostile_programs_end(source: str) -> None:
    interpret(source)


def test_branches_that_cannot_be_decided_join() -> None:
    outcome = interpret("import os\nif os.environ['A']:\n    n = 3\n    same = 1\nelse:\n    n = 4\n    same = 1\n")
    assert outcome.plain("same") == 1
    with pytest.raises(NotPlain):
        outcome.plain("n")


def test_a_condition_says_which_of_several_values_a_variable_has() -> None:
    outcome = interpret(
        "import os\nif os.environ['A']:\n    n = None\nelse:\n    n = 4\n"
        "if n is not None:\n    a = n\nelse:\n    a = 4\nb = 4 if not n else n\nc = n or 4\n"
        "def f(n):\n    assert n is not None\n    return n\nd = f(n)\n"
    )
    assert [outcome.plain(name) for name in "abcd"] == [4, 4, 4, 4]


def test_a_loop_over_something_unknown_forgets_what_it_changes() -> None:
    outcome = interpret(
        "import os\nn = 0\nkeep = 5\nxs = []\nfor f in os.listdir('.'):\n    n += 1\n    xs.append(f)\n"
    )
    assert outcome.plain("keep") == 5
    for name in ("n", "xs"):
        with pytest.raises(NotPlain):
            outcome.plain(name)


def test_what_an_unknown_function_gets_may_change() -> None:
    outcome = interpret("from somewhere import change\nxs = [1]\nchange(xs)\n")
    with pytest.raises(NotPlain):
        outcome.plain("xs")


@pytest.mark.parametrize("call", ["abs(unknown.x)", "round(unknown.x)", "pow(unknown.x, 2)", "divmod(unknown.x, 2)[0]"])
def test_what_is_not_known_to_be_a_number_may_be_an_array(call: str) -> None:
    outcome = interpret(f"import numpy as np\nimport unknown\nx = {call} + np.zeros(())\n")
    value = outcome.value("x")
    assert not isinstance(value, TensorValue) or value.spec.shape.open


def test_abs_is_that_of_the_array() -> None:
    assert interpret("import numpy as np\nx = abs(np.array([-1, 2])).tolist()\n").plain("x") == [1, 2]
