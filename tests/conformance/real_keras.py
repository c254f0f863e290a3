"""Puts a case to the real Keras, symbolically: no weight is ever allocated."""

from __future__ import annotations

import contextlib
import os

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import warnings
from collections import defaultdict
from typing import Any

import keras
from keras.src.backend.common import global_state
from keras.src.backend.common.stateless_scope import StatelessScope

from tests.conformance.cases import Case, Outcome, Tensor
from tests.conformance.realize import mapped, realized

keras.config.disable_traceback_filtering()
VERSION = f"Keras {keras.__version__}"


def run(case: Case) -> Outcome:
    """What Keras does with ``case``."""
    # Automatic names start anew; `clear_session` would also collect garbage, at half a second a case.
    global_state.set_global_attribute("object_name_uids", defaultdict(int))
    # What earlier cases left without a content would be allocated by the next scope that initializes.
    global_state.set_global_attribute("uninitialized_variables", [])
    # The states of stateful layers can only be made outside of the scope.
    stateful = case.kwargs.get("stateful") is True
    scope = contextlib.nullcontext() if stateful else StatelessScope(initialize_variables=False)
    with warnings.catch_warnings(), scope:
        warnings.simplefilter("ignore")
        try:
            layer = _class(case.name)(*_real(case.args), **_real(case.kwargs))
        except Exception as error:
            return Outcome(_message(error), "init")
        if case.inputs is None:
            return Outcome()
        try:
            outputs = layer(_real(case.inputs), **_real(case.call))
        except Exception as error:
            return Outcome(_message(error), "call")
        return Outcome(
            shapes=mapped(outputs, lambda tensor: tuple(tensor.shape)),
            dtypes=mapped(outputs, lambda tensor: keras.backend.standardize_dtype(tensor.dtype)),
            params=layer.count_params(),
        )


def _class(name: str) -> Any:
    found = getattr(keras.layers, name, None)
    if found is not None:
        return found
    import tensorflow as tf

    # A few old layers are there alone.
    return getattr(tf.keras.layers, name)


def _tensor(tensor: Tensor) -> Any:
    return keras.KerasTensor(tensor.shape, tensor.dtype)


def _real(value: Any) -> Any:
    return realized(value, _tensor, _class)


def _message(error: Exception) -> str:
    text = str(error)
    if "\x1b[1m" in text:  # the message that Keras wraps in a note about the call
        text = text.split("\x1b[1m")[1].split("\x1b[0m")[0]
    return text
