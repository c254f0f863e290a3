"""Calls of NumPy by family: corners, and seeded random ones."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.conformance.arrays.tensorflow_families import any_axis, sizes, written

GRIDS = """
np.c_[$3, $3]
np.c_[$3x4, $3x4]
np.c_[$3, $3x4]
np.c_[$3x4, $3]
np.c_[$3, 1]
np.c_[0:5]
np.c_[np.ones((3, 1)), $3x4]
np.c_[$3x4, $4x4]
np.r_[$3, $3]
np.r_[$3, 1, 2]
np.r_[0:5]
np.r_[0:5, 10]
np.r_[1:10:2]
np.r_[0:1:5j]
np.r_[$3x4, $3x4]
np.r_[$3x4, $3]
~np.r_["1,2,0", $3, $3]
np.mgrid[0:3, 0:4]
np.mgrid[0:5]
np.mgrid[0:1:5j, 0:1:3j]
np.ogrid[0:3, 0:4]
np.ogrid[0:5]
np.ix_([0, 1], [1, 2, 3])
np.ix_([True, False, True], [0])
np.ix_($2x2, [0])
$3x4[np.ix_([0, 1], [1, 2, 3])]
$5x3[np.s_[1:3]]
np.indices((2, 3))
np.unravel_index(5, (2, 3))
np.unravel_index([1, 2], (2, 3))
np.tril_indices(3)
~np.triu_indices(4, k=1)
np.diagflat($3)
np.diagflat($3x4, 1)
np.vander($3)
np.vander($3, 5)
np.fromfunction(lambda i, j: i + j, (3, 4))
np.hanning(10)
np.kaiser(10, 14)
np.block([[$3x4, $3x4], [$3x4, $3x4]])
np.block([$3x4, $3x4])
np.block([[$3x4], [$2x4]])
np.block([[$3x4], [$2x3]])
np.meshgrid($3, $4, indexing="xy")
np.meshgrid(np.arange(3), np.arange(5))
"""

LINALG = """
np.linalg.lstsq($5x2, $5, rcond=None)[0]
np.linalg.lstsq($5x2, $5x3, rcond=None)[0]
np.linalg.lstsq($5x2, $4, rcond=None)
np.linalg.pinv($3x4)
np.linalg.pinv($3x4:float32)
np.linalg.pinv($2x3x4)
np.linalg.pinv($3)
np.linalg.qr($3x4)
np.linalg.qr($4x3, mode="complete")
np.linalg.qr($3x4, "r")
np.linalg.slogdet($3x3)
np.linalg.eigvals($3x3)
np.linalg.eigvalsh($3x3)
np.linalg.eigh($3x3)
np.linalg.eig($3x3)
np.linalg.eig($2x3)
np.linalg.svd($3x4)
np.linalg.svd($3x4, compute_uv=False)
np.linalg.svd($2x3x4)
np.linalg.svd($2x3x4, full_matrices=False)
np.linalg.cond($3x4)
np.linalg.matrix_rank($5x3x4)
np.linalg.multi_dot([$3x4, $4x2, $2x5])
np.linalg.multi_dot([$3x4, $3x2])
np.linalg.det($5x3x3)
np.linalg.det($3x4)
np.linalg.norm($2x3x4, axis=(1, 2))
np.linalg.norm($3x4, 2, 1)
np.linalg.norm($3x4:float32)
np.linalg.norm($3x4, ord="fro")
np.linalg.solve($3x3, $4)
np.linalg.solve($3x3, $3x2)
np.linalg.solve($2x3, $3)
np.linalg.matrix_power($3x3, 2)
np.linalg.inv($3x3:float32)
np.linalg.inv($3)
np.linalg.cholesky(np.eye(3))
np.trace($2x3x4)
np.trace($3x3:int32)
np.trace($3)
$3x3.trace()
np.diagonal($3x4)
np.diagonal($3x4, 1)
np.diagonal($2x3x4)
$3x4.diagonal()
np.matrix_transpose($2x3x4)
np.cross($5x3, $5x3)
np.kron($3x4, $2x2)
np.kron($3, $2x2)
np.einsum("bi,bj->bij", $5x3, $5x4)
np.einsum("ij,j", $3x4, $4)
"""

FOURIER = """
np.fft.fft($8)
np.fft.fft($3x4:float32)
np.fft.fft($3x4, n=8)
np.fft.fft($3x4, 8, 0)
np.fft.fft($3x4, axis=2)
np.fft.ifft($3x4)
np.fft.rfft($3x4)
np.fft.rfft($3x5:float32)
np.fft.rfft($3, 8)
np.fft.irfft(np.fft.rfft($3x4))
np.fft.irfft($3x5)
np.fft.irfft($3, n=9)
np.fft.fft2($3x4)
np.fft.rfft2($3x4)
np.fft.irfft2(np.fft.rfft2($3x4))
np.fft.rfft2($3x4, s=(8, 8))
np.fft.fftn($2x3x4)
np.fft.rfftn($2x3x4)
np.fft.fftfreq(10)
np.fft.rfftfreq(10, 0.1)
np.fft.fftshift($3x4)
np.abs(np.fft.rfft($3x4))
np.lib.stride_tricks.sliding_window_view($10, 3)
np.lib.stride_tricks.sliding_window_view($3x4, (2, 2))
np.lib.stride_tricks.sliding_window_view($10x4, 3, axis=0)
np.lib.stride_tricks.sliding_window_view($3, 5)
np.lib.stride_tricks.sliding_window_view($3x4, 2)
np.lib.stride_tricks.sliding_window_view($10, window_shape=3)[::2]
np.unwrap($3x4)
np.ediff1d($5)
~np.trim_zeros($5)
"""

STATISTICS = """
np.cov($3x4)
np.cov($3x4, rowvar=False)
np.cov($4)
np.cov($4, $4)
np.cov($3x4, $2x4)
np.cov($2x3x4)
np.corrcoef($3x4)
np.corrcoef($4, $4)
np.corrcoef($3x4, rowvar=False)
np.corrcoef($3x4:float32)
np.convolve($5, $2)
np.convolve($5, $2, mode="same")
np.convolve($5, $2, "valid")
np.convolve($3, $7, "valid")
np.convolve($3x4, $3)
np.correlate($5, $2)
np.correlate($5, $2, "full")
np.digitize($3x4, [0.1, 0.5])
np.digitize(x=$3, bins=[0, 1, 2])
np.searchsorted([1, 2, 3], $3x4)
np.searchsorted([1, 2, 3], 1)
np.array([1, 2, 3]).searchsorted([1, 2])
np.bincount([1, 2, 3])
np.bincount([1, 2], minlength=10)
np.bincount([1, 2], weights=[0.5, 1.5])
~np.bincount($5:int64)
np.histogram($5)
np.histogram($5, bins=4)
np.histogram($5, bins=[0, 1, 2])
np.histogram($5, density=True)
~np.histogram($5, bins="auto")
np.histogram2d($5, $5)
np.histogram2d($5, $5, bins=(4, 5))
np.histogram2d($5, $5, bins=4)
np.percentile($3x4:float32, 50)
np.percentile($3x4, [5, 95], axis=1)
np.percentile($3x4:float32, [5, 95], axis=1)
np.percentile($3x4:int32, 50, axis=0)
np.quantile($3x4, 0.5, axis=0, keepdims=True)
np.nanquantile($3x4, 0.5)
np.percentile($3x4, 50, axis=2)
np.median($3x4:float32, axis=0)
np.median($3:int32)
np.average($3x4, axis=0, weights=[1, 2, 3])
np.average($3x4, axis=0, returned=True)
np.ptp($3x4, axis=0)
np.trapezoid($3x4)
np.trapezoid($5)
np.polyfit($5, $5, 1)
np.polyfit($5, $5x2, deg=2)
np.polyval([1, 2], $3)
np.lexsort(($3, $3))
np.gradient($3x4)
np.gradient($3x4, axis=0)
np.gradient($5, 0.1)
np.nancumsum($3x4)
np.nancumsum($3x4, axis=1)
np.select([$3 > 0, $3 > 1], [$3, $3])
np.piecewise($3, [$3 < 1, $3 >= 1], [0, 1])
np.choose([0, 1], [$2, $2])
np.unique($3x4:int64, axis=0)[0]
np.compress([True, False, True], $3x4, axis=0)
~np.extract($3x4 > 0.5, $3x4)
np.union1d([1, 2], [2, 3])[0:0]
np.isin(element=$3x4, test_elements=[1])
np.count_nonzero($3x4, axis=0)
np.nan_to_num(x=$3x4:float32)
np.around($3:int64)
np.round($3:float16, 2)
np.real($3:float32)
np.iscomplex($3)
np.angle(z=$3)
np.flip(m=$3x4, axis=1)
np.rot90(m=$3x4)
np.atleast_3d($3x4)
np.atleast_3d($3)
np.atleast_2d($3, $3x4)
np.broadcast_arrays($3, $4x3)
np.broadcast_arrays($3, $4x2)
np.unstack($2x3)
np.dsplit($2x3x4, 2)
"""

UFUNCS = """
np.add.reduce($3x4)
np.add.reduce($3x4:int32, axis=1)
np.add.reduce($3x4, axis=None)
np.add.reduce($3x4, axis=1, keepdims=True)
np.add.reduce($3x4, axis=3)
np.maximum.reduce([$3, $3])
np.maximum.reduce($3x4:uint8)
np.logical_and.reduce($3x4, axis=0)
np.logical_or.reduce([$3:bool, $3:bool])
np.multiply.reduce([2, 3, 4])
np.add.accumulate($3x4)
np.maximum.accumulate($3, axis=0)
np.multiply.outer($3, $3x4)
np.subtract.outer($3, $4:int32)
np.add.outer([1, 2], [3, 4])
np.add.at($3, 0, 1)
np.apply_along_axis(lambda row: row.sum(), 1, $3x4)
np.apply_along_axis(lambda row: row[:2], 1, $3x4)
np.apply_along_axis(lambda row: row * 2, 0, $3x4)
np.apply_along_axis(np.mean, 0, $3x4)
np.apply_along_axis(lambda row: row, 2, $3x4)
np.apply_over_axes(np.sum, $3x4, [0])
~np.vectorize(lambda x: x + 1)($3x4)
$3x4.cumsum(0)
$3x4.cumprod(axis=1)
$3x4.argpartition(1)
$3x4.compress([1, 0, 1], axis=0)
$3x4.take([0, 1], axis=1)
$3x4.conjugate()
$3x4.nbytes
$3x4:float32.itemsize
"""

ARRAYS = """
np.array([[1, 2], [3]])
np.array([$3x4, $4])
np.array([$2x3, $2x4])
np.array([$3x4, $4x3])
np.array([[1, 2], [3, 4]], dtype=object)
np.array([1, 2.5, True])
np.asarray(a=$3, dtype="float32")
np.asarray([[1, 2], [3]])
np.ascontiguousarray($3x4)
np.identity(n=3)
np.insert($3, 1, [5, 6])
np.insert($3, [0, 1], 9)
np.insert($3x4, 1, [1, 2, 3, 4], axis=0)
np.insert($3x4, 1, 0, axis=1)
np.delete($3x4, np.s_[0:2], axis=0)
np.delete($3, [-1])
np.delete($3, 5)
np.delete($3x4, [0, 5], axis=1)
np.append($3x4, np.ones((1, 4)), axis=0)
np.resize($3, (2, 5))
np.cumsum((1, 2, 3))
np.cumprod([2, 3, 4])
np.cumsum([1, 2, 3])[-1]
np.argmax([1, 5, 2])
np.argmin([1, 5, 2])
np.argsort([3, 1, 2])
np.sort([3, 1, 2])
np.flip([1, 2, 3])
np.diff([1, 4, 9])
np.where(np.array([1, 5, 2]) > 1, 1, 0)
np.unique([3, 1, 3])
np.minimum([1, 5], [3, 2])
np.repeat([1, 2], 2)
np.tile([1, 2], 2)
np.append([1, 2], 3)
np.linspace(0, 10, 5, dtype=int)
np.zeros(3, dtype=int)
np.ones((2, 2), dtype="int32")
np.full(3, 7)
np.eye(2, dtype=int)
np.ceil(10 / 4)
int(np.ceil(10 / 4))
np.floor_divide(10, 4)
np.log2(8)
np.sqrt(64).astype(int)
np.finfo(np.float32).eps
np.finfo(float).max
np.iinfo(np.int32).max
np.iinfo("uint8").max
np.isscalar(3)
np.isscalar([3])
np.issubdtype(np.float32, np.floating)
np.split($16x2, np.cumsum([10, 4, 2])[:-1])
np.zeros(np.cumprod([2, 3]))
np.zeros(np.sort([3, 2]))
np.zeros(np.flip([3, 2]))
np.zeros(np.diff([1, 4, 9]))
np.zeros(np.tile([2, 3], 2))
np.zeros(np.repeat(2, 3))
np.zeros(np.where(np.array([3, 4]) > 3, 1, 2))
np.zeros(np.take([5, 6, 7], [0, 2]))
np.zeros(np.array([5, 6, 7])[np.argsort([3, 1, 2])])
np.flip($3x4, axis=2)
np.prod($3x4.shape)
np.array($3x4.shape)[1:]
np.max($3x4.shape)
$12.reshape(np.array([3, 4]))
"""

TABLES = {
    "grids": GRIDS,
    "linalg": LINALG,
    "fourier": FOURIER,
    "statistics": STATISTICS,
    "ufuncs": UFUNCS,
    "arrays": ARRAYS,
}
_DTYPES = ("", "", "float32", "int32", "uint8", "bool", "int64", "float16")


def manipulating(chooser: random.Random) -> str:
    """Changes of shape."""
    shape = sizes(chooser, 1, 4)
    x, rank = written("", shape), len(shape)
    kind = chooser.randint(0, 9)
    if kind == 0:
        parts = shape[:]
        chooser.shuffle(parts)
        if chooser.random() < 0.5:
            parts[chooser.randrange(rank)] = -1
        elif chooser.random() < 0.3:
            parts.append(2)
        return f"{x}.reshape({chooser.choice([str(parts), ', '.join(map(str, parts))])})"
    if kind == 1:
        return f"np.expand_dims({x}, {any_axis(chooser, rank + 1)})"
    if kind == 2:
        return f"np.squeeze({x}{chooser.choice(['', f', axis={any_axis(chooser, rank)}'])})"
    if kind == 3:
        order = list(range(rank if chooser.random() < 0.9 else rank + 1))
        chooser.shuffle(order)
        return f"np.transpose({x}, {order})"
    if kind == 4:
        return f"np.tile({x}, {[chooser.randint(1, 3) for _ in range(chooser.randint(1, 3))]})"
    if kind == 5:
        widths = [[chooser.randint(0, 2), chooser.randint(0, 2)] for _ in range(rank)]
        return f"np.pad({x}, {chooser.choice([widths, 1, (1, 2)])})"
    if kind == 6:
        return f"np.repeat({x}, {chooser.randint(1, 3)}{chooser.choice(['', f', axis={any_axis(chooser, rank)}'])})"
    if kind == 7:
        return f"np.moveaxis({x}, {any_axis(chooser, rank)}, {any_axis(chooser, rank)})"
    if kind == 8:
        return f"np.swapaxes({x}, {any_axis(chooser, rank)}, {any_axis(chooser, rank)})"
    return f"np.rollaxis({x}, {any_axis(chooser, rank)})"


def joining(chooser: random.Random) -> str:
    """Concatenation, stacks, splits."""
    shape = sizes(chooser, 1, 3)
    rank, axis = len(shape), any_axis(chooser, len(shape))
    if chooser.random() < 0.3:
        count = chooser.randint(1, 3)
        if chooser.random() < 0.4:
            return f"np.split({written('', shape)}, {sorted(chooser.randint(0, 5) for _ in range(count))}, axis={axis})"
        return f"np.{chooser.choice(['split', 'array_split'])}({written('', shape)}, {count}, axis={axis})"
    other = list(shape)
    if chooser.random() < 0.6:
        other[chooser.randrange(rank)] = chooser.randint(1, 5)
    elif chooser.random() < 0.2:
        other.append(2)
    a, b = written("", shape, chooser.choice(_DTYPES)), written("", other, chooser.choice(_DTYPES))
    name = chooser.choice(["concatenate", "concatenate", "stack", "vstack", "hstack", "dstack", "column_stack"])
    extra = f", axis={axis}" if name in ("concatenate", "stack") else ""
    return f"np.{name}([{a}, {b}]{extra})"


def statistics(chooser: random.Random) -> str:
    """Reductions with axes, ``keepdims`` and dtypes."""
    shape = sizes(chooser, 1, 4)
    rank, x = len(shape), written("", shape, chooser.choice(_DTYPES[:5]))
    axes = f"({any_axis(chooser, rank)}, {any_axis(chooser, rank)})"
    axis = chooser.choice(["", f", axis={any_axis(chooser, rank)}", f", axis={axes}"])
    keep = chooser.choice(["", ", keepdims=True"])
    name = chooser.choice(["sum", "mean", "std", "var", "max", "min", "median", "prod", "any", "all", "ptp"])
    if name == "median" and "float16" in x:
        name = "max"
    return f"np.{name}({x}{axis}{keep})"


def elementwise(chooser: random.Random) -> str:
    """Ufuncs and operators: broadcasting and promotion."""
    shape = sizes(chooser, 0, 4)
    other = [size if chooser.random() < 0.75 else chooser.choice([1, 2]) for size in shape]
    other = other[chooser.randint(0, len(other)) :]
    a, b = written("", shape, chooser.choice(_DTYPES)), written("", other, chooser.choice(_DTYPES))
    if chooser.random() < 0.2:
        b = chooser.choice(["2", "2.5", "True"])
    form = chooser.choice(
        ["{0} + {1}", "{0} * {1}", "{0} / {1}", "{0} > {1}", "np.maximum({0}, {1})", "np.hypot({0}, {1})"]
    )
    return form.format(a, b)


def indexing(chooser: random.Random) -> str:
    """Basic and advanced subscripts."""
    shape = sizes(chooser, 1, 4)
    items = []
    for size in shape[: chooser.randint(1, len(shape))]:
        inside = chooser.randint(-size, size - 1) if chooser.random() < 0.93 else size
        items.append(
            chooser.choice(
                [
                    ":", "0", "1:", ":-1", "::2", "::-1", str(inside), "None", f"[{inside}, 0]", "[[0], [0]]",
                    f"{chooser.randint(0, 3)}:{chooser.randint(1, 6)}",
                    str([chooser.random() < 0.5 for _ in range(size)]),
                ]
            )
        )  # fmt: skip
    if chooser.random() < 0.3:
        items.insert(chooser.randint(0, len(items)), "...")
    return f"{written('', shape)}[{', '.join(items)}]"


def products(chooser: random.Random) -> str:
    """Matrix products."""
    batch = sizes(chooser, 0, 2, 3)
    rows, inner, columns = (chooser.randint(1, 5) for _ in range(3))
    left = [*batch, rows, inner]
    right = [inner if chooser.random() < 0.8 else chooser.randint(1, 5), columns]
    if chooser.random() < 0.25:
        right = right[:1]
    elif chooser.random() < 0.3:
        right = [*(size if chooser.random() < 0.8 else 1 for size in batch), *right]
    if chooser.random() < 0.15:
        left = left[-1:]
    a, b = written("", left, chooser.choice(_DTYPES)), written("", right, chooser.choice(_DTYPES))
    form = chooser.choice(["{0} @ {1}", "np.dot({0}, {1})", "np.matmul({0}, {1})", "np.tensordot({0}, {1}, axes=1)"])
    return form.format(a, b)


FAMILIES: dict[str, Callable[[random.Random], str]] = {
    "manipulating": manipulating,
    "joining": joining,
    "statistics": statistics,
    "elementwise": elementwise,
    "indexing": indexing,
    "products": products,
}
