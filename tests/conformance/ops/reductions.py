"""Cases of reductions and of what runs along an axis: ``ops.sum(x, axis=1)``, ``ops.cumsum``, ``ops.sort``."""

from __future__ import annotations

from tests.conformance.ops.draw import Draw, Maker

SEVERAL = (
    "all", "any", "amax", "amin", "max", "mean", "min", "nanmax", "nanmean", "nanmin", "nanprod", "nanstd",
    "nansum", "nanvar", "prod", "ptp", "std", "sum", "var", "logsumexp", "median", "nanmedian",
)  # fmt: skip
SINGLE = ("argmax", "argmin", "nanargmax", "nanargmin")
RUNNING = ("cumsum", "cumprod", "nancumsum", "nancumprod")
QUANTILES = ("quantile", "nanquantile", "percentile", "nanpercentile")


def _several(name: str) -> Maker:
    def made(draw: Draw) -> str:
        sizes = draw.sizes()
        axis = f", axis={draw.axes(len(sizes))}" if draw.chance(0.8) else ""
        dtype = draw.floating() if name in ("logsumexp", "nanmedian") else draw.dtype("complex64")
        return f"ops.{name}({draw.tensor(sizes, dtype)}{axis}{draw.options(keepdims=(True, False))})"

    return made


def _single(name: str) -> Maker:
    def made(draw: Draw) -> str:
        sizes = draw.sizes()
        axis = f", axis={draw.axis(len(sizes))}" if draw.chance(0.8) else ""
        return f"ops.{name}({draw.tensor(sizes)}{axis}{draw.options(keepdims=(True, False))})"

    return made


def _running(name: str) -> Maker:
    def made(draw: Draw) -> str:
        sizes = draw.sizes()
        axis = f", axis={draw.axis(len(sizes))}" if draw.chance(0.8) else ""
        return f"ops.{name}({draw.tensor(sizes)}{axis}{draw.options(dtype=('float32', 'int32'))})"

    return made


def _quantile(name: str) -> Maker:
    def made(draw: Draw) -> str:
        sizes = draw.sizes(1)
        q = draw.one("0.5", "[0.25, 0.5]", "[0.1, 0.5, 0.9]")
        axis = f", axis={draw.axes(len(sizes))}" if draw.chance(0.8) else ""
        dtype = draw.floating() if draw.chance(0.8) or name.startswith("nan") else "int32"
        return f"ops.{name}({draw.tensor(sizes, dtype)}, {q}{axis}{draw.options(keepdims=(True, False))})"

    return made


def _count_nonzero(draw: Draw) -> str:
    sizes = draw.sizes()
    return f"ops.count_nonzero({draw.tensor(sizes)}, axis={draw.axes(len(sizes))})"


def _average(draw: Draw) -> str:
    sizes = draw.sizes(1)
    if draw.chance(0.5):
        return f"ops.average({draw.tensor(sizes)}, axis={draw.axes(len(sizes))})"
    if draw.chance(0.5):
        return f"ops.average({draw.tensor(sizes, 'float32')}, weights={draw.tensor(sizes, 'float32')})"
    axis = draw.number(-len(sizes), len(sizes) - 1)
    return f"ops.average({draw.tensor(sizes)}, axis={axis}, weights={draw.tensor((sizes[axis],), 'float32')})"


def _norm(draw: Draw) -> str:
    sizes = draw.sizes(1)
    axis = draw.axes(len(sizes))
    if isinstance(axis, tuple):
        axis = axis[:2]
    ords = (None, 1, 2, "inf") if isinstance(axis, int) else (None,)
    order = draw.one(*ords)
    word = "float('inf')" if order == "inf" else repr(order)
    return f"ops.norm({draw.tensor(sizes)}, ord={word}, axis={axis}{draw.options(keepdims=(True, False))})"


def _moments(draw: Draw) -> str:
    sizes = draw.sizes(1)
    axes = draw.axes(len(sizes))
    axes = 0 if axes is None else axes
    return f"ops.moments({draw.tensor(sizes, draw.floating())}, {axes}{draw.options(keepdims=(True, False))})"


def _sorted(name: str) -> Maker:
    def made(draw: Draw) -> str:
        sizes = draw.sizes(1)
        axis = f", axis={draw.axis(len(sizes))}" if draw.chance(0.7) else ""
        middle = ", 0" if name == "argpartition" else ""
        # Under TensorFlow `argpartition` fails for some tensors of three axes and more.
        loose = "~" if name == "argpartition" and draw.kind != "k" and len(sizes) > 2 else ""
        return f"{loose}ops.{name}({draw.tensor(sizes)}{middle}{axis})"

    return made


def _top_k(draw: Draw) -> str:
    sizes = draw.sizes(1)
    return f"ops.top_k({draw.tensor(sizes)}, {draw.number(1, 4)}{draw.options(sorted=(True, False))})"


def _in_top_k(draw: Draw) -> str:
    batch = draw.batch()
    other = batch if draw.chance(0.8) else 4
    return f"ops.in_top_k({draw.tensor((other,), 'int32')}, {draw.tensor((batch, 5), 'float32')}, {draw.number(1, 3)})"


def _trapezoid(draw: Draw) -> str:
    sizes = draw.sizes(1)
    return f"ops.trapezoid({draw.tensor(sizes)}, axis={draw.axis(len(sizes))})"


def _diff(draw: Draw) -> str:
    sizes = draw.sizes(1)
    return f"ops.diff({draw.tensor(sizes)}, n={draw.number(0, 3)}, axis={draw.axis(len(sizes))})"


def _segment(name: str) -> Maker:
    def made(draw: Draw) -> str:
        sizes = draw.sizes(1)
        count = "3" if draw.chance(0.7) else "None"
        length = sizes[0] if draw.chance(0.8) else 4
        ids = draw.tensor((length,), "int32")
        # How many segments there are is in the contents.
        loose = "~" if count == "None" and draw.kind != "k" else ""
        return f"{loose}ops.{name}({draw.tensor(sizes, draw.floating())}, {ids}, num_segments={count})"

    return made


MAKERS: dict[str, Maker] = {
    **{f"keras.ops.{name}": _several(name) for name in SEVERAL},
    **{f"keras.ops.{name}": _single(name) for name in SINGLE},
    **{f"keras.ops.{name}": _running(name) for name in RUNNING},
    **{f"keras.ops.{name}": _quantile(name) for name in QUANTILES},
    **{f"keras.ops.{name}": _sorted(name) for name in ("sort", "argsort", "argpartition")},
    **{f"keras.ops.{n}": _segment(n) for n in ("segment_max", "segment_min", "segment_prod", "segment_sum")},
    "keras.ops.count_nonzero": _count_nonzero,
    "keras.ops.average": _average,
    "keras.ops.norm": _norm,
    "keras.ops.moments": _moments,
    "keras.ops.top_k": _top_k,
    "keras.ops.in_top_k": _in_top_k,
    "keras.ops.trapezoid": _trapezoid,
    "keras.ops.diff": _diff,
}
