"""Calls of NumPy, valid and invalid: a table, and families of seeded random ones."""

from __future__ import annotations

import random
from collections.abc import Callable

TABLE = """
np.zeros((2, 3))
np.zeros(5)
np.zeros([2, 3], dtype="int32")
np.zeros(shape=(4,), dtype=np.uint8)
np.zeros((0, 3))
np.zeros(())
np.zeros((-1, 3))
np.ones((2, 3), dtype=int)
np.ones((2, 3), float)
np.ones((2, 3), dtype=bool)
np.empty((2,), dtype=np.float32)
np.full((2, 3), 7)
np.full((2, 3), 7.0)
np.full((2,), True)
np.full(3, 1, dtype="float32")
np.zeros_like($2x3:int32)
np.ones_like($2x3, dtype="int8")
np.full_like($2x3, 3)
np.empty_like($2x3, shape=(4,))
np.array([1, 2, 3])
np.array([1.0, 2])
np.array([[1, 2], [3, 4]], dtype="float32")
np.array([True, False])
np.array([[1, 2, 3]])
np.array(5)
np.array([])
np.array([[]])
np.array([[[]]])
np.array([$2x3, $2x3])
np.array([$2x3:int32, $2x3])
np.array([1, 2], ndmin=3)
np.array(["a", "b"])
~np.array([[1, 2], [3]])
np.array((1, 2, 3)).shape
np.array([[1], [2]]).ndim
np.array([[1], [2]]).size
np.asarray($2x3)
np.asarray($2x3, dtype=np.float32)
np.asarray($2x3:float32, dtype="int64")
np.array([1.5, 2.5]).astype(int)
np.array([3, 4]).astype("float32")
np.copy($2x3)
np.arange(5)
np.arange(2, 10)
np.arange(0, 10, 3)
np.arange(10, 0, -3)
np.arange(5, 2)
np.arange(0, 1, 0.1)
np.arange(3.0)
np.arange(5, dtype="float32")
np.arange(100000)
np.arange(12).reshape(3, 4)
np.arange(12).reshape(3, 4)[1]
np.arange(12).reshape(3, 4)[:, 1:3]
np.arange(12).reshape((3, 4)).sum(axis=0)
np.arange(6) * 2 + 1
np.arange(6).reshape(2, 3).T
np.linspace(0, 1, 11)
np.linspace(0, 1)
np.linspace(0, 10, num=5, dtype=int)
np.linspace($3, $3, 4)
np.linspace(0, 1, 5, retstep=True)
np.logspace(0, 2, 10)
np.geomspace(1, 100, 10)
np.eye(3)
np.eye(3, 4)
np.eye(3, dtype="int8")
np.identity(4)
np.diag($3)
np.diag($3x4)
np.diag($3x4, k=1)
np.diag($3, k=1)
np.tri(3, 4)
np.tril($3x4)
np.meshgrid($3, $4)
np.meshgrid($3, $4, indexing="ij")
np.meshgrid($3, $4, $5)
np.indices((3, 4))
np.pi
np.expand_dims($2x3, 0)
np.expand_dims($2x3, -1)
np.expand_dims($2x3, (0, -1))
np.expand_dims($2x3, axis=3)
np.expand_dims($, 0)
np.expand_dims([1, 2, 3], 1)
np.squeeze($1x2x1)
np.squeeze($1x2x1, 0)
np.squeeze($1x2x1, axis=(0, 2))
np.squeeze($2x3, 0)
np.squeeze($2x3, 2)
$1x3.squeeze()
$1x3.squeeze(0)
np.transpose($2x3x4)
np.transpose($2x3x4, (2, 0, 1))
np.transpose($2x3x4, (0, -1, 1))
np.transpose($2x3, (0, 1, 2))
np.transpose($2x3, (0, 0))
$2x3x4.transpose(1, 0, 2)
$2x3x4.transpose((1, 0, 2))
$2x3x4.transpose()
$2x3x4.T
$2x3.swapaxes(0, 1)
np.swapaxes($2x3x4, 0, -1)
np.swapaxes($2x3, 0, 2)
np.moveaxis($2x3x4, 0, -1)
np.moveaxis($2x3x4, (0, 1), (-1, 0))
np.rollaxis($2x3x4, 2)
np.rollaxis($2x3x4, 0, 3)
$2x3.flatten()
$2x3.ravel()
np.ravel($2x3)
np.reshape($2000, (20, 5, 4))
$2x3.reshape(-1)
$2x3.reshape(-1, 4)
$2x3.reshape(3, -1)
$2x3.reshape([3, 2])
$2x3.reshape(-1, -1)
$2x3.reshape(7)
$0x3.reshape(-1, 3)
$0x3.reshape(0, -1)
$0x3.reshape(3, 0)
np.reshape($6, (2, 3), order="F")
$2x3.reshape((len($2x3), -1))
$10x4x5.reshape($10x4x5.shape[0], -1)
$10x4x5.reshape($10x4x5.shape[0], np.prod($10x4x5.shape[1:]))
np.resize($2x3, (4, 4))
np.tile($3, 2)
np.tile($2x3, (2, 2))
np.tile($2x3, (2, 1, 1))
np.tile($2x3, 3)
np.repeat($2x3, 2)
np.repeat($2x3, 2, axis=0)
np.repeat($2x3, [1, 2], axis=0)
np.repeat($2x3, [1, 2, 3], axis=0)
np.repeat($3, [1, 0, 2])
np.repeat($2x3, 2, axis=2)
np.pad($2x3, 1)
np.pad($2x3, (1, 2))
np.pad($2x3, ((1, 1), (0, 2)))
np.pad($2x3, ((1, 1), (0, 2)), mode="edge")
np.pad($2x3, ((1, 1), (0, 2), (0, 0)))
np.pad($2x3, [(0, 0), (1, 1)], "constant", constant_values=0)
np.roll($2x3, 1)
np.flip($2x3, 0)
np.fliplr($2x3)
np.rot90($2x3)
np.rot90($2x3, 2)
np.broadcast_to($3, (2, 3))
np.broadcast_to($2, (2, 3))
np.broadcast_to($2x3, (3,))
np.atleast_1d($)
np.atleast_2d($3)
np.concatenate([$2x3, $4x3])
np.concatenate(($2x3, $2x4), axis=1)
np.concatenate([$2x3, $2x3], axis=-1)
np.concatenate([$2x3, $3x4])
np.concatenate([$2x3, $3])
np.concatenate([$2x3, $2x3], axis=2)
np.concatenate([$2x3, $2x3], axis=None)
np.concatenate([])
np.concatenate([$, $])
np.concatenate([$3:int32, $3])
np.concatenate([[1, 2], [3]])
np.concatenate([np.zeros((2, 2)), np.ones((2, 3))], 1)
np.concatenate($4x2x3)
np.stack([$2x3, $2x3])
np.stack([$2x3, $2x3], axis=-1)
np.stack([$2x3, $2x3], axis=1)
np.stack([$2x3, $3x3])
np.stack([$2x3, $2x3], axis=3)
np.stack([1, 2, 3])
np.vstack([$2x3, $4x3])
np.vstack([$3, $3])
np.vstack(($3, $2x3))
np.vstack([$2x3, $3x4])
np.hstack([$3, $4])
np.hstack([$2x3, $2x4])
np.hstack([$2x3, $3x4])
np.dstack([$2x3, $2x3])
np.dstack([$3, $3])
np.column_stack([$3, $3])
np.column_stack(($3, $3x2))
np.append($2x3, $4x3, axis=0)
np.append($2x3, 5)
np.append([], 3)
np.append($2x3, $3x4, axis=0)
np.split($6x3, 2)
np.split($5x3, 2)
np.split($6x3, [2, 4])
np.split($6x3, [2, 10])
np.split($6x4, 2, axis=1)
np.array_split($5x3, 2)
np.array_split($5, 3)
np.hsplit($4x4, 2)
np.vsplit($4x4, 2)
np.delete($5x3, 1, axis=0)
np.delete($5x3, [0, 1], axis=0)
np.delete($5x3, [0, 0], axis=0)
np.delete($5, 2)
np.insert($5, 0, 1)
np.insert($5x3, 1, 0, axis=1)
np.where($2x3 > 0, 1, 0)
np.where($2x3 > 0, $2x3, 0.0)
np.where($2x3:bool, $3, $2x1)
np.where($2x3:bool, $4, $2x1)
~np.where($3:bool)
np.take($5x3, [0, 1], axis=0)
np.take($5x3, 1, axis=1)
np.take($5x3, [[0, 1]])
np.take_along_axis($5x3, $5x1:int64, axis=1)
np.unique(np.array([3, 1, 3]))
~np.unique($5)
~np.unique($5, return_counts=True)
~np.argwhere($3x4:bool)
~np.nonzero($3x4:bool)
np.isin($3x4, [1, 2])
np.argsort($3x4)
np.argsort($3x4, axis=0)
np.argsort($3x4, axis=None)
np.argsort($3x4, axis=2)
np.sort($3x4, axis=-1)
np.argsort($5)[::-1]
np.argsort($5)[-3:]
np.clip($2x3, 0, 1)
np.clip($2x3, $3, 1.0)
$2x3:float32.clip(0, 1)
np.clip($2x3, $4, None)
np.isclose($2x3, $3)
np.cumsum($2x3)
np.cumsum($2x3, axis=1)
np.cumsum($2x3:int32)
np.diff($5)
np.diff($2x5)
np.diff($2x5, axis=0)
np.diff($2x5, n=2)
np.gradient($5)
np.average($2x3, axis=0)
np.percentile($2x3, 50)
np.percentile($2x3, [25, 75])
np.percentile($2x3, [25, 75], axis=0)
np.interp($4, $3, $3)
np.round($2x3, 2)
np.around($2x3)
$2x3.round(2)
np.dot($2x3, $3x4)
np.dot($2x3, $3)
np.dot($3, $3)
np.dot($3, $3x4)
np.dot($2x3, $4x5)
np.dot($2x3x4, $5x4x6)
np.dot($2x3, 2.0)
$2x3.dot($3x4)
np.matmul($2x3, $3x4)
np.matmul($2x2x3, $3x3x5)
np.matmul($5x2x3, $3x4)
np.matmul($3, $5x3x4)
np.matmul($2x3, $2x3)
np.matmul($, $3)
np.inner($2x3, $4x3)
np.inner($2x3, $4x5)
np.outer($3, $4)
np.outer($2x3, $4)
np.vdot($3, $3)
np.tensordot($2x3x4, $3x4x5)
np.tensordot($2x3x4, $4x3, axes=1)
np.tensordot($2x3x4, $4x3, axes=([2], [0]))
np.tensordot($2x3x4, $4x3, axes=([2, 1], [0, 1]))
np.tensordot($2x3x4, $4x3, axes=([0], [0]))
np.einsum("ij,jk->ik", $2x3, $3x4)
np.einsum("ij,jk", $2x3, $3x4)
np.einsum("bij,bjk->bik", $5x2x3, $5x3x4)
np.einsum("...ij,...jk->...ik", $5x2x3, $3x4)
np.einsum("ii->i", $3x3)
np.einsum("ij->", $2x3)
np.einsum("ij,jk->ik", $2x3, $4x5)
np.einsum("ij->ji", $2x3x4)
np.einsum("i,j->ij", $2, $3)
np.linalg.norm($2x3)
np.linalg.norm($2x3, axis=1)
np.linalg.norm($2x3, axis=1, keepdims=True)
np.linalg.inv($3x3)
np.linalg.inv($2x3)
np.linalg.det($5x3x3)
np.linalg.solve($3x3, $3)
np.linalg.eig($3x3)
np.linalg.svd($2x3)
np.linalg.svd($2x3, full_matrices=False)
np.trace($3x3)
np.random.rand(2, 3)
np.random.rand()
np.random.randn(5)
np.random.random((2, 3))
np.random.random(4)
np.random.random()
np.random.random_sample((2, 2))
np.random.normal(size=(2, 3))
np.random.normal(0, 1, (2, 3))
np.random.normal(0, 1, 5)
np.random.normal()
np.random.normal($3, 1.0)
np.random.uniform(-1, 1, size=(2, 3))
np.random.uniform(-1, 1, [2, 3])
np.random.randint(0, 10, (2, 3))
np.random.randint(10, size=5)
np.random.randint(0, 2, size=(3, 1), dtype="int32")
np.random.randint(5)
np.random.choice(10, 5)
np.random.choice([1, 2, 3], size=(2, 2))
np.random.choice($5, 3, replace=False)
np.random.choice(5)
np.random.permutation(10)
np.random.permutation($5x3)
np.random.shuffle($5)
np.random.standard_normal((2, 3))
np.random.poisson(3.0, (2,))
np.random.binomial(1, 0.5, size=(4, 4))
np.random.multivariate_normal($3, np.eye(3), 10)
np.random.multinomial(1, [0.5, 0.5], size=3)
np.random.dirichlet([0.5, 0.5], size=3)
np.random.default_rng(0).normal(size=(2, 3))
np.random.default_rng().random((2, 3))
np.random.default_rng(1).random((2, 3), dtype=np.float32)
np.random.default_rng(1).integers(0, 5, size=(2, 3))
np.random.default_rng(1).choice($5x3, 2)
np.random.default_rng(1).permutation($5x3)
np.random.RandomState(0).rand(2, 3)
np.random.RandomState(0).normal(size=5)
np.random.RandomState(0).randint(0, 5, (2, 2))
np.random.RandomState(0).permutation(5)
np.prod((2, 3, 4))
np.prod([2, 3])
np.sum([1, 2, 3])
np.max([1, 5, 2])
np.mean([1, 2, 3])
np.sqrt(16)
np.sqrt($2x3)
np.log($2x3:float32)
np.exp($3:int32)
np.add($2x3, $3)
np.add($2x3, $4)
np.maximum($2x3, 0)
np.maximum($2x1, $3)
np.divmod($3:int64, 2)
np.isnan($2x3)
np.logical_and($2x3:bool, $3:bool)
np.logical_not($2x3)
np.sign($2x3)
np.square($2x3:int32)
np.abs($2x3)
np.abs(-3)
np.floor($2x3)
np.modf($2x3)
np.shape($2x3)
np.shape([[1, 2], [3, 4]])
np.ndim($2x3)
np.size($2x3)
np.size($2x3, 1)
np.float32($3)
np.float32(1.5)
np.int64(3)
np.uint8($3)
$2x3.astype("float32")
$2x3.astype(np.float32)
$2x3.astype(int)
$2x3:int32.astype(bool)
$2x3.copy()
$2x3.tolist()
np.array([1, 2]).tolist()
np.array([5]).item()
$2x3.T.shape
len($5x3)
len($)
~$2x3.nonzero()
np.histogram($5)
np.histogram($5, bins=4)
$2x3 + 1
$2x3:float32 + 1.5
$2x3:float32 / 255
$2x3:uint8 / 255
$2x3:uint8 / 255.0
$2x3:int32 // 2
1 - $2x3
$2x3:int32 * $2x3:float32
$2x3 + $4
$2x3 == $2x3
$2x3 == $4
$2x3 > 0.5
-$2x3
~np.invert($3:bool)
$2x3 @ $3x4
$2x3 @ $2x3
$3 @ $3
$2x3 ** 2
$5x1 * $4
$2x3:bool & $2x3:bool
$2x3[0]
$2x3[-1]
$2x3[2]
$2x3[-3]
$2x3[0, 0]
$2x3[0, 0, 0]
$2x3[:, 0]
$2x3[:, 3]
$2x3[...]
$2x3[..., 0]
$2x3[None]
$2x3[:, None]
$2x3[:, np.newaxis, :]
$2x3[..., None]
$2x3[0:1]
$10x3[2:8:2]
$10x3[::-1]
$10x3[-3:]
$10x3[:-3]
$10x3[20:]
$10x3[5:2]
$10x3[::3]
$10x3[-3:-1, 1:]
$10x3[[0, 1, 5]]
$10x3[[0, 10]]
$10x3[np.array([0, 1])]
$10x3[$4:int64]
$10x3[$4x2:int64]
$10x3[$4:int64, $4:int64]
$10x3[$4:int64, $5:int64]
$10x3[$4:int64, 0]
$10x3x4[0, $4:int64]
$10x3x4[$5:int64, :, $5:int64]
$10x3x4[:, $5:int64, $5:int64]
$10x3x4[:, $5:int64]
$10x3x4[0, :, $5:int64]
$10x3x4[$5x1:int64, $6:int64]
$10x3x4[None, $5:int64]
$10x3x4[$5:int64, None, $5:int64]
~$10x3[$10:bool]
~$10x3[$10x3:bool]
$10x3[$3:bool]
$10x3[$10x4:bool]
~$10x3[$10x3 > 0.5]
~$10x3[$10:bool, 0]
$3x4[np.array([True, False, True])]
$[()]
$[0]
$2x3[[]]
np.max($10x3[:, 0])
np.array([[1, 2, 3], [4, 5, 6]])[:, 1]
np.array([10, 20, 30])[1]
np.array([10, 20, 30])[[0, 2]]
np.broadcast_shapes((2, 1), (3,))
np.allclose($3, $3)
"""


def reductions(chooser: random.Random) -> list[str]:
    """Reductions over random axes, some of them out of range."""
    names = [
        "sum",
        "prod",
        "mean",
        "std",
        "var",
        "max",
        "min",
        "any",
        "all",
        "argmax",
        "argmin",
        "ptp",
        "median",
        "nansum",
        "count_nonzero",
        "amax",
    ]
    made = []
    for _ in range(220):
        name, shape = chooser.choice(names), _shape(chooser, 0, 4)
        rank = len(shape)
        single = name in ("argmax", "argmin")
        axis = chooser.choice(["", "None", *(str(a) for a in range(-rank - 1, rank + 1))])
        if not single and rank > 1 and chooser.random() < 0.3:
            axis = str(tuple(chooser.sample(range(rank), 2)))
        options = f", axis={axis}" if axis else ""
        options += chooser.choice(["", "", ", keepdims=True", ", keepdims=False"])
        dtype = chooser.choice(["", ":float32", ":int32", ":uint8", ":bool"])
        if name == "ptp" and dtype == ":bool":
            dtype = ""
        method = name in ("sum", "prod", "mean", "std", "max", "min", "argmax") and chooser.random() < 0.3
        made.append(
            f"{_input(shape)}{dtype}.{name}({options[2:]})" if method else f"np.{name}({_input(shape)}{dtype}{options})"
        )
    return made


def arithmetic(chooser: random.Random) -> list[str]:
    """Operators and ufuncs on shapes that sometimes broadcast."""
    made = []
    operators = ["+", "-", "*", "/", "//", "%", "**", "<", ">=", "==", "!="]
    functions = [
        "add",
        "subtract",
        "multiply",
        "divide",
        "maximum",
        "minimum",
        "power",
        "hypot",
        "arctan2",
        "logical_or",
        "fmod",
    ]
    dtypes = ["", ":float32", ":int32", ":int64", ":uint8", ":float16"]
    for _ in range(200):
        left = _shape(chooser, 0, 4)
        right = [size if chooser.random() < 0.6 else chooser.choice([1, 1, 2, 3]) for size in left]
        right = right[chooser.randint(0, len(right)) :]
        a = _input(left) + chooser.choice(dtypes)
        b = _input(right) + chooser.choice(dtypes)
        if chooser.random() < 0.3:
            b = chooser.choice(["2", "0.5", "True", "[1, 2, 3]", "(1.0, 2.0)"])
        if chooser.random() < 0.3:
            a, b = b, a
        if chooser.random() < 0.6 and "$" in a:
            made.append(f"{a} {chooser.choice(operators)} {b}")
        else:
            made.append(f"np.{chooser.choice(functions)}({a}, {b})")
    return made


def products(chooser: random.Random) -> list[str]:
    """Matrix products, half of them of matrices that do not fit."""
    made = []
    for _ in range(120):
        inner = chooser.choice([2, 3, 4])
        other = inner if chooser.random() < 0.6 else chooser.choice([2, 3, 5])
        batch = _shape(chooser, 0, 2)
        left = [*batch, chooser.randint(1, 4), inner][-chooser.randint(1, 4) :]
        right = [*(batch if chooser.random() < 0.7 else _shape(chooser, 0, 2)), other, chooser.randint(1, 4)]
        if chooser.random() < 0.2:
            right = [other]
        call = chooser.choice(["{a} @ {b}", "np.matmul({a}, {b})", "np.dot({a}, {b})"])
        made.append(call.format(a=_input(left), b=_input(right)))
    return made


def reshapes(chooser: random.Random) -> list[str]:
    """Reshapes to factors of the size, and to what does not fit."""
    made = []
    for _ in range(150):
        shape = _shape(chooser, 1, 4)
        target = list(shape)
        chooser.shuffle(target)
        if chooser.random() < 0.5 and len(target) > 1:
            target[0:2] = [target[0] * target[1]]
        if chooser.random() < 0.5:
            target[chooser.randrange(len(target))] = -1
        if chooser.random() < 0.3:
            target[chooser.randrange(len(target))] = chooser.choice([2, 3, 7, -1])
        sizes = ", ".join(map(str, target))
        form = chooser.choice(["np.reshape({a}, ({s},))", "{a}.reshape({s})", "{a}.reshape([{s}])"])
        made.append(form.format(a=_input(shape), s=sizes))
    return made


def joins(chooser: random.Random) -> list[str]:
    """Concatenations and stacks of two or three arrays, sometimes unequal."""
    made = []
    for _ in range(150):
        shape = _shape(chooser, 1, 3)
        parts = []
        axis = chooser.randrange(-len(shape), len(shape) + (chooser.random() < 0.1))
        for _ in range(chooser.randint(1, 3)):
            part = list(shape)
            if axis < len(part):
                part[axis] = chooser.choice([1, 2, shape[axis]])
            if chooser.random() < 0.15:
                part[chooser.randrange(len(part))] += 1
            if chooser.random() < 0.05:
                part.append(1)
            parts.append(_input(part) + chooser.choice(["", "", ":float32", ":int32"]))
        name = chooser.choice(["concatenate", "concatenate", "stack", "vstack", "hstack", "dstack", "column_stack"])
        option = f", axis={axis}" if name in ("concatenate", "stack") else ""
        made.append(f"np.{name}([{', '.join(parts)}]{option})")
    return made


def subscripts(chooser: random.Random) -> list[str]:
    """Random subscripts of slices, ints, new axes, ellipses, index arrays and masks."""
    made = []
    for _ in range(300):
        shape = _shape(chooser, 1, 4)
        parts: list[str] = []
        used = 0
        for size in shape[: chooser.randint(1, len(shape))]:
            choice = chooser.random()
            bounds = ["", *map(str, range(-size - 1, size + 2))]
            if choice < 0.35:
                step = chooser.choice(["", "", ":2", ":-1", ":3"])
                parts.append(f"{chooser.choice(bounds)}:{chooser.choice(bounds)}{step}")
            elif choice < 0.65:
                parts.append(str(chooser.randint(-size, size - (chooser.random() < 0.8))))
            elif choice < 0.75:
                parts.append("None")
                continue
            elif choice < 0.9:
                indices = [chooser.randrange(size) for _ in range(2)]
                spread = ["$2:int64", "$2x1:int64"] if size > 1 else []
                parts.append(chooser.choice([str(indices), f"[{indices}]", *spread]))
            else:
                parts.append(f"${size}:bool" if chooser.random() < 0.8 else f"${size + 1}:bool")
            used += 1
        if chooser.random() < 0.2:
            parts.insert(chooser.randint(0, len(parts)), "...")
        masked = any("bool" in part for part in parts)
        made.append(f"{'~' if masked else ''}{_input(shape)}[{', '.join(parts)}]")
    return made


def rearrangements(chooser: random.Random) -> list[str]:
    """Functions of axes, some out of range."""
    made = []
    for _ in range(200):
        shape = _shape(chooser, 1, 4)
        rank = len(shape)
        axis = chooser.randint(-rank - 1, rank)
        other = chooser.randint(-rank, rank - 1)
        perm = list(range(rank))
        chooser.shuffle(perm)
        if chooser.random() < 0.1:
            perm.append(0)
        a = _input(shape)
        made.append(
            chooser.choice(
                [
                    f"np.expand_dims({a}, {axis})",
                    f"np.squeeze({a}, {axis})",
                    f"np.squeeze({a})",
                    f"np.transpose({a}, {tuple(perm)})",
                    f"np.swapaxes({a}, {axis}, {other})",
                    f"np.moveaxis({a}, {axis}, {other})",
                    f"np.repeat({a}, 2, axis={axis})",
                    f"np.flip({a}, {other})",
                    f"np.tile({a}, {tuple(chooser.randint(1, 3) for _ in range(chooser.randint(1, 4)))})",
                    f"np.cumsum({a}, axis={axis})",
                    f"np.linalg.norm({a}, axis={other})",
                    f"np.pad({a}, {chooser.randint(0, 2)})",
                    f"np.array_split({a}, 2, axis={other})",
                    f"np.take({a}, [0, 0], axis={axis})",
                    f"np.delete({a}, 0, axis={other})",
                ]
            )
        )
    return made


FAMILIES: dict[str, Callable[[random.Random], list[str]]] = {
    "reductions": reductions,
    "arithmetic": arithmetic,
    "products": products,
    "reshapes": reshapes,
    "joins": joins,
    "subscripts": subscripts,
    "rearrangements": rearrangements,
}


def _shape(chooser: random.Random, least: int, most: int) -> list[int]:
    return [chooser.choice([1, 2, 3, 4]) for _ in range(chooser.randint(least, most))]


def _input(shape: list[int]) -> str:
    return "$" + "x".join(map(str, shape))
