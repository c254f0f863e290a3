"""Puts cases to the real Keras 2.15. Runs as a process of its own, in that Keras's interpreter (Python 3.9-3.11).

``python -m tests.conformance.real_keras2``: reads pickled lists of cases (layers or expressions) from standard
input and writes the pickled list of their outcomes to standard output, each with its length before it, until there
are no more.
"""

from __future__ import annotations

import os
import pickle
import struct
import sys
import warnings
from typing import Any, BinaryIO

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy
import tensorflow as tf

from tests.conformance.cases import Case, Evaluated, Expression, Input, Outcome, Tensor
from tests.conformance.realize import drawn, mapped, plain, realized
from tests.conformance.training.models import Training, refusal

tf.get_logger().setLevel("ERROR")
tf.debugging.disable_traceback_filtering()
# What expressions call things.
NAMES = {"np": numpy, "tf": tf, "keras": keras, "K": keras.backend}


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
            shapes=mapped(outputs, lambda tensor: None if tensor.shape.rank is None else tuple(tensor.shape)),
            dtypes=mapped(outputs, lambda tensor: tensor.dtype.name),
            params=layer.count_params(),
        )
    except Exception as error:
        return Outcome(str(error), "call")


def _class(name: str) -> Any:
    found = getattr(keras.layers, name, None)
    return getattr(keras.layers.experimental, name) if found is None else found


def _tensor(tensor: Tensor) -> Any:
    return keras.Input(type_spec=tf.TensorSpec(tensor.shape, tensor.dtype))


def _real(value: Any) -> Any:
    return realized(value, _tensor, _class)


def evaluate(expression: Expression) -> Evaluated:
    """What the library makes of an expression."""
    generator = numpy.random.default_rng(expression.seed)
    names = {name: _input(item, generator) for name, item in expression.inputs.items()}
    try:
        return Evaluated(value=plain(eval(expression.source, {**NAMES, **names})))
    except Exception as error:
        return Evaluated(f"{type(error).__name__}: {error}")


def _input(item: Input, generator: numpy.random.Generator) -> Any:
    if item.kind == "keras":
        return _tensor(Tensor(item.shape, item.dtype))
    array = drawn(item, generator)
    if item.kind == "numpy":
        return array
    return tf.Variable(array) if item.kind == "variable" else tf.constant(array)


def _answer(case: Any) -> object:
    if isinstance(case, Training):
        return Evaluated(refusal(case))
    return run(case) if isinstance(case, Case) else evaluate(case)


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
            reply = pickle.dumps([_answer(case) for case in cases], protocol=4)
        replies.write(struct.pack("<I", len(reply)) + reply)
        replies.flush()


if __name__ == "__main__":
    # What libraries print must not get into the replies.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _serve(sys.stdin.buffer, answers)
