"""Cases of what makes tensors: ``ops.zeros``, ``ops.arange``, ``keras.random``, ``keras.initializers``."""

from __future__ import annotations

from tests.conformance.ops.draw import Draw, Maker

INITIALIZERS = (
    "Constant", "GlorotNormal", "GlorotUniform", "HeNormal", "HeUniform", "Identity", "LecunNormal", "LecunUniform",
    "Ones", "Orthogonal", "RandomNormal", "RandomUniform", "TruncatedNormal", "VarianceScaling", "Zeros",
)  # fmt: skip


def _shape(draw: Draw, low: int = 0) -> tuple[int, ...]:
    return tuple(draw.number(1, 5) for _ in range(draw.number(low, 4)))


def _filled(name: str) -> Maker:
    def made(draw: Draw) -> str:
        value = f", {draw.one(1, 1.5, True)}" if name == "full" else ""
        return f"ops.{name}({_shape(draw)}{value}{draw.options(dtype=('int32', 'float16', None, 'bool'))})"

    return made


def _arange(draw: Draw) -> str:
    bounds = draw.one("5", "2, 10", "0, 10, 3", "0, 1, 0.25", "5.0", "10, 0, -2", "3, stop=7", "2, 8, step=2")
    return f"ops.arange({bounds}{draw.options(dtype=('float32', 'int32', None))})"


def _spaced(name: str) -> Maker:
    def made(draw: Draw) -> str:
        ends = "1.0, 4.0" if draw.chance(0.5) else f"{draw.tensor((2, 3), 'float32')}, {draw.tensor((3,), 'float32')}"
        choices: dict[str, tuple[object, ...]] = {"num": (5, 7), "endpoint": (True, False), "axis": (0, -1, 1)}
        if name == "linspace":
            choices["retstep"] = (True, False)
        return f"ops.{name}({ends}{draw.options(**choices, dtype=('float32', None))})"

    return made


def _eye(name: str) -> Maker:
    def made(draw: Draw) -> str:
        columns = f", {draw.number(1, 4)}" if draw.chance(0.5) else ""
        return f"ops.{name}({draw.number(1, 4)}{columns}{draw.options(k=(-1, 0, 1), dtype=('int32', None))})"

    return made


def _identity(draw: Draw) -> str:
    return f"ops.identity({draw.number(1, 5)}{draw.options(dtype=('int32',))})"


def _window(name: str) -> Maker:
    def made(draw: Draw) -> str:
        beta = ", 2.0" if name == "kaiser" else ""
        return f"~ops.{name}({draw.number(1, 7)}{beta})"

    return made


def _random(name: str) -> Maker:
    def made(draw: Draw) -> str:
        shape = _shape(draw)
        between = {"randint": ", 0, 5", "beta": ", 1.0, 2.0", "gamma": ", 1.0", "binomial": ", 3.0, 0.5"}.get(name, "")
        dtypes = ("int32", "uint8") if name == "randint" else ("float16", "float32", None)
        return f"keras.random.{name}({shape}{between}{draw.options(dtype=dtypes, seed=(1,))})"

    return made


def _categorical(draw: Draw) -> str:
    return f"keras.random.categorical({draw.tensor((draw.batch(), draw.number(1, 4)), 'float32')}, {draw.number(1, 4)})"


def _kept(name: str) -> Maker:
    def made(draw: Draw) -> str:
        rate = ", 0.5" if name == "dropout" else ""
        return f"keras.random.{name}({draw.tensor(draw.sizes(1), draw.floating())}{rate})"

    return made


def _initializer(name: str) -> Maker:
    def made(draw: Draw) -> str:
        shape = _shape(draw, 2)
        if name == "Identity" and draw.chance(0.7):
            shape = shape[:2]
        if name == "Constant":
            return f"keras.initializers.Constant({draw.one(0, 0.5)})({shape}{draw.options(dtype=('float16',))})"
        return f"keras.initializers.{name}()({shape}{draw.options(dtype=('float16', 'float32'))})"

    return made


MAKERS: dict[str, Maker] = {
    **{f"keras.ops.{name}": _filled(name) for name in ("zeros", "ones", "empty", "full")},
    "keras.ops.arange": _arange,
    **{f"keras.ops.{name}": _spaced(name) for name in ("linspace", "logspace", "geomspace")},
    **{f"keras.ops.{name}": _eye(name) for name in ("eye", "tri")},
    "keras.ops.identity": _identity,
    **{f"keras.ops.{name}": _window(name) for name in ("bartlett", "blackman", "hamming", "hanning", "kaiser")},
    **{
        f"keras.random.{name}": _random(name)
        for name in ("normal", "uniform", "truncated_normal", "randint", "beta", "gamma", "binomial")
    },
    "keras.random.categorical": _categorical,
    **{f"keras.random.{name}": _kept(name) for name in ("dropout", "shuffle")},
    **{f"keras.initializers.{name}": _initializer(name) for name in (*INITIALIZERS, "he_normal", "orthogonal")},
}
