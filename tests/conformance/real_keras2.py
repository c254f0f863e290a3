"""Puts cases to the real Keras 2.15. Runs as a process of its own, in that Keras's interpreter (Python 3.9-3.11).

``python -m tests.conformance.real_keras2``: reads pickled lists of cases from standard input and writes the
pickled list of their outcomes to standard output, each with its length before it, until there are no more.
"""

from __future__ import annotations

import os
import pickle
import struct
import sys
import warnings
from typing import Any, BinaryIO, Callable

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import tensorflow as tf

from tests.conformance.cases import Case, Inner, Outcome, Tensor

tf.get_logger().setLevel("ERROR")
tf.debugging.disable_traceback_filtering()


def run(case: Case) -> Outcome:
    """What Keras does with ``case``."""
    try:
        layer = _class(case.name)(*_real(case.args), **_real(case.kwargs))
    except Exception as error:
        return Outcome(str(error), "init")
    if case.inputs is None:
        return Outcome()
    try:
        outputs = layer(_real(case.inputs), **_real(case.call))
        return Outcome(
            shapes=_map(outputs, lambda tensor: None if tensor.shape.rank is None else tuple(tensor.shape)),
            dtypes=_map(outputs, lambda tensor: tensor.dtype.name),
            params=layer.count_params(),
        )
    except Exception as error:
        return Outcome(str(error), "call")


def _class(name: str) -> Any:
    found = getattr(keras.layers, name, None)
    return getattr(keras.layers.experimental, name) if found is None else found


def _real(value: Any) -> Any:
    if isinstance(value, Tensor):
        return keras.Input(type_spec=tf.TensorSpec(value.shape, value.dtype))
    if isinstance(value, Inner):
        return _class(value.name)(*_real(value.args), **_real(value.kwargs))
    if isinstance(value, dict):
        return {key: _real(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_real(item) for item in value)
    return value


def _map(nest: object, function: Callable[[Any], object]) -> object:
    if isinstance(nest, dict):
        return {key: _map(item, function) for key, item in nest.items()}
    if isinstance(nest, (list, tuple)):
        return tuple(_map(item, function) for item in nest)
    return function(nest)


def _serve(requests: BinaryIO, replies: BinaryIO) -> None:
    while True:
        head = requests.read(4)
        if len(head) < 4:
            return
        cases = pickle.loads(requests.read(struct.unpack("<I", head)[0]))
        # One graph holds every symbolic layer; it would grow for ever.
        keras.backend.clear_session()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reply = pickle.dumps([run(case) for case in cases], protocol=4)
        replies.write(struct.pack("<I", len(reply)) + reply)
        replies.flush()


if __name__ == "__main__":
    # What libraries print must not get into the replies.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _serve(sys.stdin.buffer, answers)
