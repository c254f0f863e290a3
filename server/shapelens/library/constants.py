"""Library names that stand for plain values: ``np.newaxis``, ``np.pi``, dtypes."""

from __future__ import annotations

import math

from shapelens.values.value import NONE, Const, Value

CONSTANTS: dict[str, Value] = {
    "numpy.newaxis": NONE,
    "tensorflow.newaxis": NONE,
    "numpy.pi": Const(math.pi),
    "math.pi": Const(math.pi),
    "math.e": Const(math.e),
    "numpy.e": Const(math.e),
    "numpy.inf": Const(math.inf),
    "math.inf": Const(math.inf),
    "numpy.nan": Const(math.nan),
    "tensorflow.__version__": Const("2.21.0"),
    "keras.__version__": Const("3.15.1"),
    "numpy.__version__": Const("2.3.0"),
    # ``Reduction.NONE`` and so on of Keras 2, where they are these strings (run: Keras 2.15).
    "keras.losses.NONE": Const("none"),
    "keras.losses.SUM": Const("sum"),
    "keras.losses.SUM_OVER_BATCH_SIZE": Const("sum_over_batch_size"),
    "tensorflow.AUTOTUNE": Const(-1),
    "tensorflow.data.AUTOTUNE": Const(-1),
    "tensorflow.data.experimental.AUTOTUNE": Const(-1),
    "tensorflow.data.INFINITE_CARDINALITY": Const(-1),
    "tensorflow.data.UNKNOWN_CARDINALITY": Const(-2),
    "typing.TYPE_CHECKING": Const(False),
}


def constant(name: str) -> Value | None:
    """The value of the library constant ``name``, if it is one."""
    return CONSTANTS.get(name)
