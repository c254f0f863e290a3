"""Calls of ``keras.ops`` on symbolic and eager tensors, and of the old ``keras.backend``."""

from __future__ import annotations

import random
from collections.abc import Callable

TABLE = """
ops.shape($kNx3)
ops.shape($t2x3)
~ops.ndim($kNx3)
ops.ndim($t2x3)
ops.size($k2x3)
ops.reshape($kNx6, (-1, 2, 3))
ops.reshape($kNx6, (-1, 4))
ops.reshape($k2x6, (4, 2))
ops.reshape($k2x6, (4, -1))
ops.reshape($k2x6, (5, -1))
ops.reshape($kNx4x6, (-1, 24))
ops.reshape($kNx4x6, (ops.shape($kNx4x6)[0], 24))
ops.reshape($kNx4x6, (ops.shape($kNx4x6)[0], -1))
ops.reshape($kNx4x6, (ops.shape($kNx4x6)[0], 4, -1))
ops.reshape($kNxNx6, (-1, 6))
ops.reshape($kNxNx6, (-1, 7))
ops.reshape($t2x6, (3, 4))
ops.reshape($t2x6, (3, 5))
ops.ravel($k2x3)
ops.ravel($kNx3)
ops.expand_dims($kNx3, -1)
ops.expand_dims($kNx3, axis=1)
ops.expand_dims($kNx3, 5)
ops.squeeze($kNx1x3, axis=1)
ops.squeeze($kNx1x3)
ops.squeeze($kNx2x3, 1)
ops.transpose($kNx2x3)
ops.transpose($kNx2x3, (0, 2, 1))
ops.transpose($kNx2x3, (0, 1))
ops.swapaxes($kNx2x3, 1, 2)
ops.moveaxis($kNx2x3, 1, -1)
ops.concatenate([$kNx3, $kNx4], axis=-1)
ops.concatenate([$kNx3, $kNx4], axis=0)
ops.concatenate([$kNx3, $kNx3], axis=1)
ops.concatenate([$kNx3, $k3])
ops.concatenate([$kNx3, $kNx3], axis=4)
ops.concatenate([$t2x3, $t4x3])
ops.concatenate([$t2x3, $t4x4])
ops.stack([$kNx3, $kNx3])
ops.stack([$kNx3, $kNx3], axis=1)
ops.stack([$kNx3, $kNx4])
ops.vstack([$k2x3, $k4x3])
ops.hstack([$k2x3, $k2x4])
ops.append($k2x3, $k4x3, axis=0)
ops.split($kNx6, 3, axis=1)
ops.split($kNx6, 4, axis=1)
ops.split($kNx6, [2, 3], axis=1)
ops.split($k6x2, 2)
ops.tile($kNx3, (1, 2))
ops.tile($k2x3, 2)
ops.pad($kNx3, ((0, 0), (1, 2)))
ops.pad($kNx3, 1)
ops.repeat($k2x3, 2, axis=1)
ops.repeat($k2x3, 2)
ops.where($kNx3 > 0, $kNx3, 0.0)
ops.where($kNx3:bool, 1.0, 0.0)
ops.take($kNx3, [0, 1], axis=1)
ops.take($k5x3, $kNx4:int32, axis=0)
ops.take_along_axis($kNx3, $kNx1:int32, axis=1)
ops.unstack($k2x3)
ops.slice($k4x4, (0, 0), (2, 3))
ops.flip($kNx3)
ops.roll($kNx3, 1)
ops.sort($kNx3)
ops.argsort($kNx3)
ops.cast($kNx3, "int32")
ops.convert_to_tensor([1, 2, 3])
ops.convert_to_tensor([1.0, 2.0])
ops.convert_to_tensor($2x3)
ops.convert_to_tensor($2x3:float32)
ops.array([[1, 2]])
ops.convert_to_numpy($t2x3)
ops.zeros((2, 3))
ops.ones((2, 3), dtype="int32")
ops.full((2, 3), 1.5)
ops.zeros_like($kNx3)
ops.arange(5)
ops.arange(2, 10, 3)
ops.arange(0, 1, 0.25)
ops.arange(5, dtype="float32")
ops.linspace(0.0, 1.0, 5)
ops.eye(3)
ops.identity(3)
ops.one_hot($kN:int32, 5)
ops.one_hot([1, 2], 3)
ops.one_hot($kNx2:int32, 5, axis=1)
ops.multi_hot($kNx2:int32, 5)
ops.matmul($kNx3, $k3x4)
ops.matmul($kNx3, $k4x4)
ops.matmul($k3, $k3)
ops.matmul($kNx2x3, $kNx3x4)
ops.matmul($k2x2x3, $k3x3x5)
ops.matmul($t2x3, $t3x4)
ops.matmul($t2x3, $t4x4)
ops.dot($kNx3, $k3x4)
ops.dot($k2x3, $k4x4)
ops.tensordot($kNx3, $k3x4, axes=1)
ops.einsum("bij,bjk->bik", $kNx2x3, $kNx3x4)
ops.einsum("ij,jk->ik", $k2x3, $k4x5)
ops.outer($k2, $k3)
ops.inner($k2x3, $k4x3)
ops.clip($kNx3, 0.0, 1.0)
ops.cumsum($kNx3, axis=1)
ops.softmax($kNx3)
ops.log_softmax($kNx3, axis=-1)
ops.normalize($kNx3)
ops.relu($kNx3)
ops.exp($kNx3)
ops.exp($kNx3:int32)
ops.add($kNx3, $k3)
ops.add($kNx3, $kNx4)
ops.add($kNx3, 1)
ops.add($kNx3:int32, 1.5)
ops.maximum($kNx3, 0.0)
ops.divide($kNx3:int32, 2)
ops.square($kNx3)
ops.logical_and($kNx3:bool, $kNx3:bool)
ops.equal($kNx3, $kNx3)
ops.isnan($kNx3)
ops.meshgrid($k3, $k4)
ops.categorical_crossentropy($kNx3, $kNx3)
ops.sparse_categorical_crossentropy($kN:int32, $kNx3)
ops.binary_crossentropy($kNx3, $kNx3)
ops.binary_crossentropy($kNx1, $kNx3)
ops.top_k($kNx5, 2)
ops.moments($kNx3, axes=[1])
ops.stop_gradient($kNx3)
ops.conv($kNx8x8x3, $k3x3x3x4)
ops.conv($kNx8x8x3, $k3x3x3x4, strides=2, padding="same")
ops.depthwise_conv($kNx8x8x3, $k3x3x3x2)
ops.max_pool($kNx8x8x3, 2)
ops.max_pool($kNx9x9x3, 2, strides=2, padding="same")
ops.average_pool($kNx8x8x3, 3, strides=1)
ops.image.resize($kNx8x8x3, (4, 5))
ops.image.resize($k8x8x3, (4, 5))
ops.nan_to_num($kNx3)
ops.tril($kNx3x3)
ops.broadcast_to($k3, (2, 3))
ops.dtype($kNx3)
$kNx3 + $kNx3
$kNx3 + $kNx4
$kNx3 + $k3
$kNx1x3 + $kNx4x1
$kNx3 * 2
$kNx3:int32 * 2
$kNx3:int32 / 2
$kNx3:int32 + 1.5
$kNx3 - $t3
$kNx3 @ $k3x4
$kNx3 @ $k4x4
$kNx3 > 0.5
-$kNx3
$kNx3[0]
$kNx3[:, 0]
$kNx3[:, 3]
$kNx3[:, :2]
$kNx3[:, -1:]
$kNx3[:, None]
$kNx3[..., 0]
$kNx3[..., None]
$kNx4x3[:, 1]
$kNx4x3[:, -1, :]
$kNx4x3[:, ::2]
$kNx3[0, 0, 0]
$k2x3[5]
$kNx3.shape
$kNx3.shape[1]
$kNx3.ndim
$kNx3.dtype
$kNx6.reshape((-1, 2, 3))
$kNx1x3.squeeze(1)
keras.random.normal((2, 3))
keras.random.uniform((2, 3), minval=0, maxval=1)
keras.random.randint((2, 3), 0, 5)
keras.random.shuffle($t5x3)
keras.random.categorical($t2x3, 4)
K.int_shape($kNx3)
K.mean($t2x3x4, axis=1)
K.mean($t2x3x4, axis=[1, 2], keepdims=True)
K.sum($t2x3)
K.max($t2x3, axis=-1)
K.square($t2x3)
K.sqrt($t2x3)
K.exp($t2x3)
K.argmax($t2x3)
K.argmax($t2x3, axis=0)
K.concatenate([$t2x3, $t2x4])
K.concatenate([$t2x3, $t3x4])
K.stack([$t2x3, $t2x3], axis=1)
K.expand_dims($t2x3)
K.expand_dims($t2x3, 0)
K.squeeze($t2x1x3, 1)
K.reshape($t2x6, (3, 4))
K.reshape($t2x6, (5, 4))
K.flatten($t2x3)
K.batch_flatten($t2x3x4)
K.permute_dimensions($t2x3x4, (0, 2, 1))
K.transpose($t2x3)
K.tile($t2x3, (1, 2))
K.repeat($t2x3, 4)
K.repeat_elements($t2x3, 2, axis=1)
K.dot($t2x3, $t3x4)
K.cast($t2x3, "int32")
K.zeros((2, 3))
K.ones_like($t2x3)
K.random_normal(shape=(2, 3))
K.random_uniform((2, 3))
K.arange(5)
K.one_hot($t5:int32, 4)
K.clip($t2x3, 0.0, 1.0)
K.shape($t2x3)[0]
K.ndim($t2x3)
K.softmax($t2x3)
K.maximum($t2x3, 0.0)
K.equal($t2x3, $t2x3)
K.binary_crossentropy($t2x3, $t2x3)
K.categorical_crossentropy($t2x3, $t2x3)
K.gather($t5x3, [0, 1])
K.abs($t2x3)
K.epsilon()
K.floatx()
K.image_data_format()
keras.activations.relu($kNx3)
keras.activations.softmax($kNx3)
keras.activations.sigmoid($t2x3)
keras.activations.linear($kNx3)
keras.activations.gelu($kNx3)
"""


def reductions(chooser: random.Random) -> list[str]:
    """Symbolic reductions over random axes."""
    names = ["sum", "mean", "std", "var", "max", "min", "any", "all", "argmax", "argmin", "prod", "logsumexp"]
    made = []
    for _ in range(80):
        shape = ["N", *(str(chooser.randint(1, 4)) for _ in range(chooser.randint(1, 3)))]
        axis = chooser.choice(["", *(f", axis={a}" for a in range(-len(shape) - 1, len(shape) + 1))])
        name = chooser.choice(names)
        dtype = chooser.choice(["", ":int32", ":bool", ":uint8"]) if name != "logsumexp" else ""
        keep = chooser.choice(["", "", ", keepdims=True"])
        made.append(f"ops.{name}($k{'x'.join(shape)}{dtype}{axis}{keep})")
    return made


def arithmetic(chooser: random.Random) -> list[str]:
    """Symbolic operators on shapes that sometimes broadcast."""
    made = []
    for _ in range(80):
        shape = ["N", *(str(chooser.randint(1, 4)) for _ in range(chooser.randint(1, 3)))]
        other = [size if chooser.random() < 0.7 else chooser.choice(["1", "2"]) for size in shape]
        other = other[chooser.randint(0, len(other) - 1) :]
        dtypes = ["", "", ":int32", ":float16", ":int64", ":bool"]
        a, b = (f"$k{'x'.join(part)}{chooser.choice(dtypes)}" for part in (shape, other))
        operator = chooser.choice(["+", "*", "/", "<", ">="])
        made.append(f"{a} {operator} {b}")
    return made


FAMILIES: dict[str, Callable[[random.Random], list[str]]] = {
    "reductions": reductions,
    "arithmetic": arithmetic,
}
