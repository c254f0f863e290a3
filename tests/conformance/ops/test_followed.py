"""Functions of Keras that call functions of the program, or take structures: short programs, run and followed."""

from __future__ import annotations

import pytest

from tests.support.programs import disagreements

PRELUDE = """
import numpy as np
import tensorflow as tf
import keras
from keras import ops
x, y = tf.ones((5, 3)), tf.ones((3,))
"""
PROGRAMS = {
    "scan": "a, b = ops.scan(lambda c, r: (c + r, r * 2), y, x)\n"
    "c, d = ops.scan(lambda c, r: (c + 1, c), y, None, length=7)\n"
    "h, i = ops.scan(lambda c, r: (c + ops.sum(r), ops.sum(r)), tf.constant(0.0), x)\n",
    "scan of a symbolic tensor": "k, c = keras.Input((3,)), keras.Input(batch_shape=(3,))\n"
    "a, b = ops.scan(lambda c, r: (c + r, r), c, k)\n",
    "associative_scan": "a = ops.associative_scan(lambda p, q: p + q, x)\n"
    "b, c = ops.associative_scan(lambda p, q: [p[0] + q[0], p[1] * q[1]], [x, x])\n",
    "jvp": "a, b = ops.jvp(lambda p, q: ops.matmul(p, q), (x, tf.ones((3, 2))), (x, tf.ones((3, 2))))\n",
    "tree": "a = keras.tree.map_structure(lambda t: t[0], {'p': x, 'q': [y, x]})\nb = a['p']\nc = a['q'][1]\n"
    "d = keras.tree.flatten({'p': x, 'q': [y, x]})\ne = d[1]\nn = len(d)\n"
    "f = keras.tree.map_structure(lambda s, t: s + t, {'p': x, 'q': [y, x]}, {'p': x, 'q': [y, y]})\ng = f['q'][1]\n"
    "h = keras.tree.pack_sequence_as({'q': 0, 'p': (1, [2])}, [x, y, y[:2]])\ni = h['q']\nj = h['p'][0]\n"
    "k = h['p'][1][0]\nl = keras.tree.lists_to_tuples([x, [y]])\nm = l[1][0]\no = tf.nest.is_nested(l)\n"
    "p = tf.nest.map_structure(lambda s, t: tf.stack([s, t]), (x, y), (x, y))[1]\n",
    "batches": "a, b, c = keras.utils.unpack_x_y_sample_weight((x, y))\n"
    "d = keras.utils.pack_x_y_sample_weight(x)\ne = keras.utils.pack_x_y_sample_weight(x, y)[1]\n"
    "f, g, h = keras.utils.unpack_x_y_sample_weight(x)\ni = keras.utils.pack_x_y_sample_weight([x])[0]\n",
    "a batch of four": "error = keras.utils.unpack_x_y_sample_weight((x, y, y, y))\n",
    "names of dtypes": "a = keras.utils.standardize_dtype(tf.float16)\nb = keras.utils.standardize_dtype('int')\n",
}


@pytest.mark.keras
@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_programs(name: str) -> None:
    assert disagreements(PROGRAMS[name], prelude=PRELUDE) == []
