"""``numpy.random``: the legacy functions, ``RandomState`` and ``default_rng`` (NumPy 2.4).

Integers drawn from ``0 .. k-1`` are taken for labels of ``k`` classes when there are so many
that the last class is surely among them.
"""

from __future__ import annotations

from shapelens.library.arrays.constants import tensor
from shapelens.library.arrays.convert import (
    as_int,
    as_shape,
    is_none,
    operand,
    shape_argument,
    sizes_or_shape,
)
from shapelens.library.arrays.creating import filled
from shapelens.library.arrays.dtypes import dtype_given
from shapelens.library.arrays.index import SURE_PER_CLASS
from shapelens.library.arrays.rules import array_rule, source_of
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments
from shapelens.shapes.broadcast import Clash, broadcast
from shapelens.shapes.dims import ANY
from shapelens.shapes.shape import UNKNOWN_SHAPE, Shape
from shapelens.values.value import NONE, Const, LibObject, Opaque, TensorValue, TupleValue, Value

LEGACY = ("numpy.random", "numpy.random.RandomState")
GENERATOR = ("numpy.random.Generator",)
EVERY = (*LEGACY, *GENERATOR)

# Distributions: their parameters, and whether they give integers.
_DISTRIBUTIONS = {
    "beta": "a, b", "binomial": "n, p", "chisquare": "df", "exponential": "scale=1.0", "f": "dfnum, dfden",
    "gamma": "shape, scale=1.0", "geometric": "p", "gumbel": "loc=0.0, scale=1.0",
    "hypergeometric": "ngood, nbad, nsample", "laplace": "loc=0.0, scale=1.0",
    "logistic": "loc=0.0, scale=1.0", "lognormal": "mean=0.0, sigma=1.0", "logseries": "p",
    "negative_binomial": "n, p", "noncentral_chisquare": "df, nonc", "normal": "loc=0.0, scale=1.0",
    "pareto": "a", "poisson": "lam=1.0", "power": "a", "rayleigh": "scale=1.0", "standard_cauchy": "",
    "standard_exponential": "", "standard_gamma": "shape", "standard_normal": "", "standard_t": "df",
    "triangular": "left, mode, right", "uniform": "low=0.0, high=1.0", "vonmises": "mu, kappa",
    "wald": "mean, scale", "weibull": "a", "zipf": "a",
}  # fmt: skip
_INTEGERS = ("binomial", "geometric", "hypergeometric", "logseries", "negative_binomial", "poisson", "zipf")


def _names(owners: tuple[str, ...], *names: str) -> tuple[str, ...]:
    return tuple(f"{owner}.{name}" for owner in owners for name in names)


def _register(owners: tuple[str, ...], name: str, params: str, tail: str) -> None:
    integers = name in _INTEGERS

    def draw(machine: Machine, args: Arguments) -> Value:
        return _drawn(machine, args, "int64" if integers else "float64")

    for owner in owners:
        first = "" if owner == "numpy.random" else "self, "
        signature = ", ".join(part for part in (params, f"size=None{tail}") if part)
        array_rule(f"{owner}.{name}", params=first + signature)(draw)


for _name, _params in _DISTRIBUTIONS.items():
    _register(LEGACY, _name, _params, "")
    # Some of the generator's take a dtype, a method and an output array as well.
    _register(GENERATOR, _name, _params, ", dtype=None, method=None, out=None")
for _name in ("random", "random_sample", "ranf", "sample"):
    _register(("numpy.random",), _name, "", "")
_register(("numpy.random.RandomState",), "random_sample", "", "")
_register(("numpy.random.RandomState",), "random", "", "")
_register(GENERATOR, "random", "", ", dtype=None, out=None")


@array_rule("numpy.random.rand", "numpy.random.randn", params="*sizes")
def rand(machine: Machine, args: Arguments) -> Value:
    """``np.random.rand(2, 3)``."""
    return _sized(machine, args.rest)


@array_rule("numpy.random.RandomState.rand", "numpy.random.RandomState.randn", params="self, *sizes")
def state_rand(machine: Machine, args: Arguments) -> Value:
    """``RandomState.rand(2, 3)``."""
    return _sized(machine, args.rest)


@array_rule("numpy.random.randint", params="low, high=None, size=None, dtype=int")
@array_rule("numpy.random.RandomState.randint", params="self, low, high=None, size=None, dtype=int")
@array_rule("numpy.random.Generator.integers", params="self, low, high=None, size=None, dtype=int, endpoint=False")
@array_rule("numpy.random.random_integers", params="low, high=None, size=None")
def randint(machine: Machine, args: Arguments) -> Value:
    """Random integers below ``high``."""
    dtype = dtype_given(args, "int64")
    drawn = _drawn(machine, args, dtype)
    if not isinstance(drawn, TensorValue):
        return drawn
    low, high = as_int(args.get("low")), as_int(args.get("high"))
    if is_none(args.get("high")):
        low, high = 0, low
    if args.get("endpoint") is not None:
        high = None
    return _labelled(machine, drawn, low, high)


@array_rule("numpy.random.choice", params="a, size=None, replace=True, p=None")
@array_rule("numpy.random.RandomState.choice", params="self, a, size=None, replace=True, p=None")
def choice(machine: Machine, args: Arguments) -> Value:
    """Random picks from a range or a vector."""
    return _picked(machine, args, Shape(()))


@array_rule("numpy.random.Generator.choice", params="self, a, size=None, replace=True, p=None, axis=0, shuffle=True")
def generator_choice(machine: Machine, args: Arguments) -> Value:
    """Random picks from a range or an array of any rank."""
    return _picked(machine, args, UNKNOWN_SHAPE)


@array_rule("numpy.random.permutation", params="x")
@array_rule("numpy.random.RandomState.permutation", params="self, x")
@array_rule(
    "numpy.random.Generator.permutation",
    "numpy.random.Generator.permuted",
    params="self, x, axis=0, out=None",
)
def permutation(machine: Machine, args: Arguments) -> Value:
    """A shuffled range or array."""
    source = source_of(machine, args, "x", "numpy")
    if source.spec.shape.rank == 0:
        value = args.get("x")
        shape = Shape((ANY,)) if value is None else as_shape(machine, value)
        return tensor(machine, shape, "int64")
    return tensor(machine, source.spec.shape, source.spec.dtype, labels=source.labels)


@array_rule("numpy.random.multivariate_normal", params="mean, cov, size=None, *args, **kwargs")
@array_rule(
    "numpy.random.RandomState.multivariate_normal",
    "numpy.random.Generator.multivariate_normal",
    params="self, mean, cov, size=None, *args, **kwargs",
)
def multivariate_normal(machine: Machine, args: Arguments) -> Value:
    """Vectors as long as the mean."""
    mean = source_of(machine, args, "mean", "numpy").spec.shape
    count = Shape(()) if is_none(args.get("size")) else shape_argument(machine, args.get("size"))
    shape = UNKNOWN_SHAPE if count.open or mean.open else Shape((*count.dims, *mean.dims))
    return tensor(machine, shape, "float64")


@array_rule("numpy.random.multinomial", params="n, pvals, size=None")
@array_rule("numpy.random.dirichlet", params="alpha, size=None", renamed={"alpha": "pvals"})
@array_rule(
    "numpy.random.Generator.multinomial",
    "numpy.random.RandomState.multinomial",
    params="self, n, pvals, size=None",
)
@array_rule(
    "numpy.random.Generator.dirichlet",
    "numpy.random.RandomState.dirichlet",
    params="self, alpha, size=None",
    renamed={"alpha": "pvals"},
)
def multinomial(machine: Machine, args: Arguments) -> Value:
    """Vectors as long as the probabilities."""
    classes = source_of(machine, args, "pvals", "numpy").spec.shape
    count = Shape(()) if is_none(args.get("size")) else shape_argument(machine, args.get("size"))
    shape = UNKNOWN_SHAPE if count.open or classes.open else Shape((*count.dims, *classes.dims[-1:]))
    return tensor(machine, shape, "int64" if args.get("n") is not None else "float64")


@array_rule("numpy.random.shuffle", "numpy.random.seed", params="*args, **kwargs")
@array_rule(
    "numpy.random.RandomState.shuffle",
    "numpy.random.RandomState.seed",
    "numpy.random.Generator.shuffle",
    params="self, *args, **kwargs",
)
def shuffle(machine: Machine, args: Arguments) -> Value:
    """In place: gives ``None``."""
    return NONE


@array_rule("numpy.random.default_rng", params="seed=None")
def default_rng(machine: Machine, args: Arguments) -> Value:
    """A generator."""
    return LibObject("numpy.random.Generator", origin=machine.site)


@array_rule("numpy.random.RandomState", params="seed=None")
def random_state(machine: Machine, args: Arguments) -> Value:
    """A legacy generator."""
    return LibObject("numpy.random.RandomState", origin=machine.site)


def _sized(machine: Machine, sizes: tuple[Value, ...]) -> Value:
    if not sizes:
        return Opaque("float")
    return filled(machine, sizes_or_shape(machine, (TupleValue(sizes),)), "float64", "numpy")


def _drawn(machine: Machine, args: Arguments, dtype: str | None) -> Value:
    wanted = dtype_given(args, dtype)
    if not is_none(args.get("size")):
        return filled(machine, shape_argument(machine, args.get("size")), wanted, "numpy")
    skipped = ("size", "dtype", "self", "method", "out", "endpoint")
    shape = Shape(())
    for name, value in args.values.items():
        if name in skipped or is_none(value):
            continue
        met = broadcast(shape, operand(machine, value).spec.shape)
        shape = UNKNOWN_SHAPE if isinstance(met, Clash) else met
    if shape.rank == 0:
        return Opaque("int" if dtype == "int64" else "float")
    return tensor(machine, shape, wanted)


def _labelled(machine: Machine, drawn: TensorValue, low: int | None, high: int | None) -> TensorValue:
    size = drawn.spec.shape.size()
    sure = low == 0 and high is not None and isinstance(size, int) and size >= SURE_PER_CLASS * high > 0
    return tensor(machine, drawn.spec.shape, drawn.spec.dtype, labels=high if sure else None)


def _one_pick(machine: Machine, source: TensorValue, row: Shape) -> Value:
    if row.rank != 0:
        return tensor(machine, row, source.spec.dtype)
    if source.spec.dtype == "str":
        return Opaque("str")
    return Opaque("int") if source.spec.dtype == "int64" else tensor(machine, row, source.spec.dtype)


def _picked(machine: Machine, args: Arguments, unknown_row: Shape) -> Value:
    pool = args.get("a")
    source = operand(machine, pool)
    rank = source.spec.shape.rank
    size = args.get("size")
    dtype = source.spec.dtype
    row = Shape(source.spec.shape.dims[1:]) if rank else Shape(())
    if rank is None:
        row = unknown_row
    if is_none(size):
        return _one_pick(machine, source, row)
    wanted = shape_argument(machine, size)
    shape = UNKNOWN_SHAPE if row.open else Shape((*wanted.dims, *row.dims), wanted.open)
    made = tensor(machine, shape, dtype)
    if args.get("p") is not None:
        return made
    if isinstance(pool, Const) and isinstance(pool.value, int):
        return _labelled(machine, made, 0, pool.value)
    if isinstance(source.data, tuple) and sorted(map(repr, source.data)) == sorted(map(repr, range(len(source.data)))):
        return _labelled(machine, made, 0, len(source.data))
    return made
